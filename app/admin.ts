import type { Actor } from '../commands/command.ts';
import type { Database } from '../db/client.ts';
import { loadPeople } from '../db/stores/people.ts';

/** Whom the command line acts as where nobody is named. */
export async function findAdmin({ database }: { readonly database: Database }): Promise<Actor> {
  const people = await loadPeople(database.query);
  const admin = [...people.values()].find(
    ({ roles, status }) => status === 'active' && roles.includes('data-admin'),
  );
  if (admin === undefined) {
    throw new Error('people.yaml has nobody with the role data-admin who works here.');
  }
  return { person: admin, through: 'cli' };
}
