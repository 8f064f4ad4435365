import type { HealthPart } from './health.ts';
import { namingFaults, type NamingPolicy } from './naming.ts';
import type { Person } from './person.ts';
import type { Tag } from './tag.ts';

/**
 * What a tag that can be trusted has. documented: a definition of some length that is not its name. owned: an owner who
 * works here. used: a customer who carries it. clean: the share of its customers without an open finding about it.
 * distinct: no other tag that may mean the same waits to be decided on. named: a name that keeps to the convention.
 * phased-out: no customer carries it any more, of a tag that is out of use.
 */
export const tagHealthKinds = [
  'documented',
  'owned',
  'used',
  'clean',
  'distinct',
  'named',
  'phased-out',
] as const;
export type TagHealthKind = (typeof tagHealthKinds)[number];

export interface TagHealthPart extends Omit<HealthPart, 'kind'> {
  readonly kind: TagHealthKind;
}

/** What is known of a tag beside what it says. */
export interface TagFacts {
  /** Who carry it; null: nobody has counted yet. */
  readonly customers: number | null;
  /** Of them, with an open finding about the tag. */
  readonly customersWithFinding: number;
  /** Candidates for synonyms that nobody has decided on. */
  readonly doubles: number;
}

/** Shorter definitions say no more than the name. */
const definitionCharsMin = 5;

/**
 * The parts of a tag's health, each good in `good` of `of`; the health is the mean of their shares, from 0 to 100
 * (`healthScore`). Archived tags have none; of a deprecated one only what still counts.
 */
export function tagHealth(
  tag: Tag,
  facts: TagFacts,
  known: { readonly people: ReadonlyMap<string, Person>; readonly naming: NamingPolicy | null },
): readonly TagHealthPart[] {
  if (tag.status === 'archived') return [];
  const { customers, customersWithFinding, doubles } = facts;
  const yes = (kind: TagHealthKind, isSo: boolean): TagHealthPart => ({
    kind,
    good: isSo ? 1 : 0,
    of: 1,
  });
  const owned = yes('owned', known.people.get(tag.ownerCode)?.status === 'active');
  if (tag.status === 'deprecated') {
    return [owned, ...(customers === null ? [] : [yes('phased-out', customers === 0)])];
  }
  const definition = tag.definition['zh-CN'].trim();
  const isDocumented =
    definition.length >= definitionCharsMin && definition !== tag.name['zh-CN'].trim();
  return [
    yes('documented', isDocumented),
    owned,
    ...(customers === null || tag.status === 'proposed' ? [] : [yes('used', customers > 0)]),
    ...(customers === null || customers === 0
      ? []
      : [
          {
            kind: 'clean',
            good: Math.max(0, customers - customersWithFinding),
            of: customers,
          } as const,
        ]),
    yes('distinct', doubles === 0),
    ...(known.naming === null ? [] : [yes('named', namingFaults(tag, known.naming).length === 0)]),
  ];
}
