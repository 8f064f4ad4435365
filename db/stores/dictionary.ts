import { eq } from 'drizzle-orm';
import type { SourceDefinition } from '../../domain/configuration.ts';
import { needsOfRules } from '../../domain/detect/needs.ts';
import type { Actor, Dictionary, Origins } from '../../domain/dictionary.ts';
import type { Person } from '../../domain/person.ts';
import { completePolicy, type Policy } from '../../domain/policy.ts';
import type { Rule } from '../../domain/rule.ts';
import { attributes, policies, relations, rules, sources, tags } from '../schema/dictionary.ts';
import { mirrorActors, mirrorTags } from '../schema/mirror.ts';
import { people } from '../schema/people.ts';
import type { Queryable } from './audit.ts';

/** The whole dictionary with every rule, enabled or not. */
export async function loadDictionary(database: Queryable): Promise<Dictionary> {
  const [tagRows, relationRows, attributeRows, ruleRows] = await Promise.all([
    database.select().from(tags).orderBy(tags.id),
    database.select().from(relations),
    database.select().from(attributes),
    database.select().from(rules).orderBy(rules.id),
  ]);
  const dictionary: Dictionary = {
    tags: tagRows,
    relations: relationRows,
    attributes: attributeRows,
    // A rule's body is written whole from a Rule by the configuration, which validated it.
    rules: ruleRows.map((row) => ({ ...row.body, id: row.id, enabled: row.enabled }) as Rule),
  };
  return needsOfRules(dictionary).origins
    ? { ...dictionary, origins: await loadOrigins(database) }
    : dictionary;
}

/** Whom the sources' names stand for, and which tags each source knows and is the master of. */
export async function loadOrigins(database: Queryable): Promise<Origins> {
  const [actorRows, personRows, sourceRows, tagRows] = await Promise.all([
    database.select().from(mirrorActors).orderBy(mirrorActors.id),
    database.select().from(people),
    database.select({ id: sources.id, body: sources.body }).from(sources).orderBy(sources.id),
    database.select({ sourceId: mirrorTags.sourceId, tagId: mirrorTags.tagId }).from(mirrorTags),
  ]);
  const personOf = createPersonFinder(personRows);
  return {
    actors: actorRows.map(({ id, name }) => ({ id, name, person: personOf(name) })),
    departmentOf: new Map(personRows.map((person) => [person.code, person.departmentCode])),
    sources: sourceRows.map(({ id, body }) => ({
      id,
      // Written from a SourceDefinition; sources that tests or older versions left may lack it.
      masterTagCodes: (body as Partial<SourceDefinition>).masterTagCodes ?? [],
      tagIds: tagRows.filter((row) => row.sourceId === id).map((row) => row.tagId),
    })),
  };
}

/** Codes of the tags that some source is the master of. */
export async function listMasteredTags(database: Queryable): Promise<ReadonlySet<string>> {
  const rows = await database.select({ body: sources.body }).from(sources);
  return new Set(
    rows.flatMap(({ body }) => (body as Partial<SourceDefinition>).masterTagCodes ?? []),
  );
}

/** Finds the one person whom a source calls by a name, code or email; null where it is nobody's or several people's. */
export function createPersonFinder(all: readonly Person[]): (name: string) => Actor['person'] {
  const byName = new Map<string, Person | null>();
  for (const person of all) {
    const names = [person.code, person.email, person.name['zh-CN'], person.name.en];
    for (const name of new Set(names.map(normalised))) {
      if (name !== '') byName.set(name, byName.has(name) ? null : person);
    }
  }
  return (name) => {
    const person = byName.get(normalised(name)) ?? null;
    if (person === null) return null;
    const { code, departmentCode, departmentsAbove } = person;
    return { code, departmentCode, departmentsAbove };
  };
}

function normalised(name: string | null): string {
  return (name ?? '').trim().toLowerCase();
}

/** The policy in force. Throws before the first `config apply`. */
export async function loadPolicy(database: Queryable): Promise<Policy> {
  return policyInForce(await findPolicy(database));
}

/** Throws where none is. */
export function policyInForce(policy: Policy | null): Policy {
  if (policy !== null) return policy;
  throw new Error('No policy is in force. Apply a configuration first: tagwarden config apply.');
}

/** The policy in force; null before the first `config apply`. */
export async function findPolicy(database: Queryable): Promise<Policy | null> {
  const [row] = await database.select().from(policies).where(eq(policies.id, 1));
  return row === undefined ? null : completePolicy(row.body);
}
