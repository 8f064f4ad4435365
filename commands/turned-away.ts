import { appendAudit } from '../db/stores/audit.ts';
import type { Actor } from './command.ts';
import type { CommandContext } from './context.ts';

/** Somebody who was not let in. */
export interface TurnedAway {
  readonly through: Actor['through'];
  /** In plain words without anything that was sent, such as: wrong signature. */
  readonly reason: string;
  /** Whose key it was, where that is known. @default nobody known */
  readonly personCode?: string | null;
}

export type TurnAway = (who: TurnedAway) => Promise<void>;

const rowsPerMinuteMax = 60;
const minuteMs = 60_000;

/** Writes who was turned away into the trail. Whoever floods a door must not fill it: so many a minute are written. */
export function createTurnAway({
  database,
  now,
}: Pick<CommandContext, 'database' | 'now'>): TurnAway {
  let minute = 0;
  let count = 0;
  return async ({ through, reason, personCode = null }) => {
    const nowMs = now();
    const current = Math.floor(nowMs / minuteMs);
    count = current === minute ? count + 1 : 1;
    minute = current;
    if (count > rowsPerMinuteMax) return;
    const entry = {
      actorCode: personCode,
      through,
      ...(personCode === null
        ? { action: 'door.refused', subjectKind: 'channel', subjectId: through }
        : { action: 'person.turned-away', subjectKind: 'person', subjectId: personCode }),
      before: null,
      after: { reason },
    };
    await database.query.transaction((transaction) => appendAudit(transaction, [entry], nowMs));
  };
}
