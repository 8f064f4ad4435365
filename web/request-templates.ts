import { loadPolicy } from '../db/stores/dictionary.ts';
import type { Database } from '../db/client.ts';
import type { Person } from '../domain/person.ts';
import { templatesFor, type RequestTemplate } from '../domain/request-template.ts';
import type { ReadKnowledge } from './visibility.ts';

/** Templates of the policy that a person is offered, in its order. */
export async function readTemplates(
  database: Database,
  readKnowledge: ReadKnowledge,
  person: Person,
): Promise<readonly RequestTemplate[]> {
  const [{ requestTemplates }, { hidden }] = await Promise.all([
    loadPolicy(database.query),
    readKnowledge(person),
  ]);
  return templatesFor(requestTemplates, person, hidden.tagCodes);
}
