import type { Person } from './person.ts';

/** Why nobody answers for a tag: its owner is no person known, has left, or no longer has the role of an owner. */
export type OwnerFault = 'unknown' | 'left' | 'no-owner-role';

/** null: somebody answers for what this person owns. */
export function ownerFault(
  ownerCode: string,
  people: ReadonlyMap<string, Person>,
): OwnerFault | null {
  const owner = people.get(ownerCode);
  if (owner === undefined) return 'unknown';
  if (owner.status !== 'active') return 'left';
  return owner.roles.includes('owner') ? null : 'no-owner-role';
}
