import type { Database } from '../db/client.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { listEndingExceptions } from '../db/stores/exceptions.ts';
import { loadPeople } from '../db/stores/people.ts';
import { exceptionReminder } from '../domain/exception.ts';

const dayMs = 86_400_000;
/** More are told an hour later. */
const toldAtOnceMax = 500;

/** Of whose end somebody is to be reminded, under which name, and who. */
export interface ExceptionReminder {
  readonly warningId: number;
  readonly purpose: `reminder-exception-${number}`;
  readonly personCodes: readonly string[];
}

export type ExceptionActivities = ReturnType<typeof createExceptionActivities>;

export function createExceptionActivities(dependencies: {
  readonly database: Database;
  /** Epoch milliseconds. */
  readonly now: () => number;
}) {
  const { database, now } = dependencies;
  return {
    /** Exceptions that end soon, by the policy, and of which nobody was told. */
    findEndingExceptions: async (): Promise<readonly ExceptionReminder[]> => {
      const [{ exceptions }, people] = await Promise.all([
        loadPolicy(database.query),
        loadPeople(database.query),
      ]);
      if (exceptions.remindDays === 0) return [];
      const withinMs = exceptions.remindDays * dayMs;
      const scope = { nowMs: now(), withinMs, limit: toldAtOnceMax };
      const works = (code: string) => people.get(code)?.status === 'active';
      const ending = await listEndingExceptions(database.sql, scope);
      return ending.flatMap(({ warningId, untilMs, personCodes, insteadCodes }) => {
        const theirs = personCodes.filter(works);
        const told = theirs.length > 0 ? theirs : insteadCodes.filter(works).slice(0, 1);
        return told.length === 0
          ? []
          : [{ warningId, purpose: exceptionReminder(untilMs), personCodes: told }];
      });
    },
  };
}
