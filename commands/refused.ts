import { appendAudit } from '../db/stores/audit.ts';
import { queueRefresh } from '../db/stores/deliveries.ts';
import type { Database } from '../db/client.ts';
import { createRepetitionCount, type CountRepetition } from './repetitions.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

/** What somebody wanted to do, as the audit trail names it. */
export interface Attempt {
  /** Verb of the command, such as claim or turn-off-auto-fix. */
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  /** Whose cards offered it. @default the subject's, where it is a warning or a request */
  readonly card?: CardSubject | null;
}

export type CardSubject = { readonly kind: 'warning' | 'request' | 'points'; readonly id: number };

/** The result as it came; the trail says who was refused what and why. That nothing answered is no refusal. */
export async function auditingRefusal<T>(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
  attempt: Attempt,
  result: CommandResult<T>,
): Promise<CommandResult<T>> {
  if (result.kind === 'refused') await auditRefusal(context, actor, attempt, result.refusal);
  return result;
}

/** Of one person, at one door, of one kind; after so many in a minute only the tenfold, the hundredfold and so on. */
const rowsOfOneMax = 60;
const counts = new WeakMap<Database, CountRepetition>();

function countOf(database: Database): CountRepetition {
  const known = counts.get(database) ?? createRepetitionCount(rowsOfOneMax);
  counts.set(database, known);
  return known;
}

/** Whoever was refused may have had an old card before them: it is brought up to date. */
export async function auditRefusal(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
  attempt: Attempt,
  refusal: CommandRefusal,
): Promise<void> {
  if (refusal.kind === 'unavailable') return;
  const { action, subjectKind, subjectId } = attempt;
  const same = [actor.person.code, actor.through, action, subjectKind, refusal.kind].join(' ');
  const times = countOf(context.database)(same, context.now());
  if (times === null) return;
  const entry = {
    actorCode: actor.person.code,
    through: actor.through,
    action: `${subjectKind}.refused`,
    subjectKind,
    subjectId,
    before: null,
    after: { action, refusal: refusal.kind, ...(times > rowsOfOneMax ? { times } : {}) },
  };
  await context.database.query.transaction(async (transaction) => {
    const nowMs = context.now();
    await appendAudit(transaction, [entry], nowMs);
    const subject = cardOf(attempt);
    const readerCode = actor.person.code;
    if (subject !== null) await queueRefresh(transaction, { subject, readerCode, nowMs });
  });
}

function cardOf({ card = null, subjectKind, subjectId }: Attempt): CardSubject | null {
  if (card !== null) return card;
  const id = Number(subjectId);
  const hasCards = subjectKind === 'warning' || subjectKind === 'request';
  return hasCards && Number.isInteger(id) ? { kind: subjectKind, id } : null;
}
