import { appendAudit } from '../db/stores/audit.ts';
import type { Actor } from './command.ts';
import type { CommandContext } from './context.ts';
import { createRepetitionCount } from './repetitions.ts';

/** Somebody who was not let in. */
export interface TurnedAway {
  readonly through: Actor['through'];
  /** In plain words without anything that was sent, such as: wrong signature. */
  readonly reason: string;
  /** Whose key it was, where that is known. @default nobody known */
  readonly personCode?: string | null;
}

export type TurnAway = (who: TurnedAway) => Promise<void>;

/** Of one person, or of strangers, at one door for one reason. */
const rowsOfOneMax = 10;
const rowsPerMinuteMax = 60;

/**
 * Writes who was turned away into the trail. Whoever floods a door must not fill it: after the first ten of a minute
 * only the hundredth, the thousandth and so on stand there, with how many they were; and so many a minute in all.
 */
export function createTurnAway({
  database,
  now,
}: Pick<CommandContext, 'database' | 'now'>): TurnAway {
  const countOfOne = createRepetitionCount(rowsOfOneMax);
  const countAll = createRepetitionCount(rowsPerMinuteMax);
  return async ({ through, reason, personCode = null }) => {
    const nowMs = now();
    const times = countOfOne(JSON.stringify([through, reason, personCode]), nowMs);
    if (times === null || countAll('', nowMs) === null) return;
    const entry = {
      actorCode: personCode,
      through,
      ...(personCode === null
        ? { action: 'door.refused', subjectKind: 'channel', subjectId: through }
        : { action: 'person.turned-away', subjectKind: 'person', subjectId: personCode }),
      before: null,
      after: times > rowsOfOneMax ? { reason, times } : { reason },
    };
    await database.query.transaction((transaction) => appendAudit(transaction, [entry], nowMs));
  };
}
