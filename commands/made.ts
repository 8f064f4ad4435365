import type { Queryable } from '../db/stores/audit.ts';
import { findMade, recordMade } from '../db/stores/inbound-events.ts';
import type { Actor } from './command.ts';

/** The id of what this very act made when it was begun before a crash; null: nothing. */
export async function madeBy(database: Queryable, actor: Actor): Promise<string | null> {
  const { through, actId } = actor;
  return actId === undefined ? null : findMade(database, { through, actId });
}

/** Notes what an act makes; call it in the transaction that makes it. */
export async function recordMadeBy(
  transaction: Queryable,
  actor: Pick<Actor, 'through' | 'actId'>,
  madeId: string,
): Promise<void> {
  const { through, actId } = actor;
  if (actId !== undefined) await recordMade(transaction, { through, actId }, madeId);
}
