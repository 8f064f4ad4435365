import type { Duty } from '../domain/duty.ts';
import { hiddenFrom } from '../domain/hidden.ts';
import type { Department, Person } from '../domain/person.ts';
import type { Silence } from '../domain/silence.ts';
import type { Sight } from '../bot/visibility.ts';
import type { Database } from '../db/client.ts';
import { readCurrentKnowledge, type CurrentKnowledge } from '../db/stores/current-knowledge.ts';

/** The dictionary and the people as one reader may see them. */
export interface Knowledge extends Sight {
  readonly departments: ReadonlyMap<string, Department>;
  readonly duties: ReadonlyMap<string, Duty>;
}

/** `current`: what has been read already for the same call. @default reads it */
export type ReadKnowledge = (reader: Person, current?: CurrentKnowledge) => Promise<Knowledge>;

/** Works out what is hidden from a reader once for as long as nothing changes. */
export function createKnowledgeReader(database: Database): ReadKnowledge {
  const byCurrent = new WeakMap<CurrentKnowledge, Map<string, Knowledge>>();
  return async (reader, alreadyRead) => {
    const current = alreadyRead ?? (await readCurrentKnowledge(database));
    const byReader = byCurrent.get(current) ?? new Map<string, Knowledge>();
    byCurrent.set(current, byReader);
    // A token may act with fewer roles than its person has.
    const key = JSON.stringify([reader.code, reader.roles, reader.departmentGrants]);
    const known = byReader.get(key) ?? knowledgeOf(reader, current);
    byReader.set(key, known);
    return known;
  };
}

function knowledgeOf(reader: Person, current: CurrentKnowledge): Knowledge {
  const { dictionary, people, departments, duties } = current;
  return {
    dictionary,
    people,
    departments,
    duties,
    hidden: hiddenFrom(reader, dictionary, people),
  };
}

/** Silences that name no sensitive tag, nor a rule about one, which the reader may not see. */
export function visibleSilences(
  silences: readonly Silence[],
  { hidden, dictionary }: Knowledge,
): readonly Silence[] {
  const hiddenRules = new Set(
    dictionary.rules.filter(({ id }) => hidden.ruleIds.includes(id)).map(({ code }) => code),
  );
  return silences.filter(
    ({ tagCode, ruleCode }) =>
      (tagCode === null || !hidden.tagCodes.includes(tagCode)) &&
      (ruleCode === null || !hiddenRules.has(ruleCode)),
  );
}
