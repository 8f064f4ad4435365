import type { Dictionary } from '../../domain/dictionary.ts';
import type { Duty } from '../../domain/duty.ts';
import type { Department, Person, Role } from '../../domain/person.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Database } from '../client.ts';
import { apiTokens } from '../schema/access.ts';
import { createSharedRead } from '../shared-read.ts';
import { findPolicy, loadDictionary, policyInForce } from './dictionary.ts';
import { loadDepartments, loadPeople } from './people.ts';

export interface ApiToken {
  /** What stands for it everywhere; itself it is nowhere. */
  readonly tokenHash: string;
  readonly personCode: string;
  /** At most these of its person's. */
  readonly roles: readonly Role[];
  readonly expiresAtMs: number;
}

/** What every call needs and what seldom changes. The same object while nothing has changed. */
export interface CurrentKnowledge {
  /** The same object while no tag, relation, rule or attribute has changed. */
  readonly dictionary: Dictionary;
  readonly people: ReadonlyMap<string, Person>;
  readonly departments: ReadonlyMap<string, Department>;
  /** null before the first `config apply`. */
  readonly policy: Policy | null;
  /** By code, those of the policy. */
  readonly duties: ReadonlyMap<string, Duty>;
  /** By hash, those that have run out included. */
  readonly apiTokens: ReadonlyMap<string, ApiToken>;
}

interface Versions {
  readonly dictionary: number;
  readonly people: number;
}

type Reader = (key: null) => Promise<CurrentKnowledge>;

const readers = new WeakMap<Database, Reader>();

/**
 * Kept in memory, once for each database, and checked against the counters of the database at every call, so that
 * a change made by any process counts at once. Calls at the same time share one round trip.
 */
export function readCurrentKnowledge(database: Database): Promise<CurrentKnowledge> {
  const reader = readers.get(database) ?? createReader(database);
  readers.set(database, reader);
  return reader(null);
}

/** The policy in force, without reading it again while it is the same. Throws before the first `config apply`. */
export async function readCurrentPolicy(database: Database): Promise<Policy> {
  return policyInForce((await readCurrentKnowledge(database)).policy);
}

function createReader(database: Database): Reader {
  let known: { readonly versions: Versions; readonly knowledge: CurrentKnowledge } | null = null;
  return createSharedRead(async () => {
    const versions = await readVersions(database);
    const sameDictionary = known?.versions.dictionary === versions.dictionary;
    const samePeople = known?.versions.people === versions.people;
    if (known !== null && sameDictionary && samePeople) {
      const { knowledge } = known;
      return () => knowledge;
    }
    const [dictionary, access] = await Promise.all([
      known !== null && sameDictionary
        ? known.knowledge.dictionary
        : loadDictionary(database.query),
      known !== null && samePeople ? known.knowledge : loadAccess(database),
    ]);
    const knowledge = { ...access, dictionary };
    known = { versions, knowledge };
    return () => knowledge;
  });
}

/** Read before what they count, so that a change in between is read again rather than missed. */
async function readVersions({ sql }: Database): Promise<Versions> {
  const [row] = await sql<Versions[]>`
    select version as dictionary, people_version as people from dictionary_version`;
  return row ?? { dictionary: 0, people: 0 };
}

type Access = Omit<CurrentKnowledge, 'dictionary'>;

async function loadAccess({ query }: Database): Promise<Access> {
  const [people, departments, policy, tokens] = await Promise.all([
    loadPeople(query),
    loadDepartments(query),
    findPolicy(query),
    query.select().from(apiTokens),
  ]);
  return {
    people,
    departments,
    policy,
    duties: new Map((policy?.duties ?? []).map((duty) => [duty.code, duty])),
    apiTokens: new Map(
      tokens.map(({ tokenHash, personCode, roles, expiresAt }) => [
        tokenHash,
        { tokenHash, personCode, roles, expiresAtMs: expiresAt },
      ]),
    ),
  };
}
