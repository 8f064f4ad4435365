import { sql } from 'drizzle-orm';
import type { HistoryEntry } from '../../bot/views.ts';
import { auditRows } from '../schema/access.ts';
import { deliveries } from '../schema/channels.ts';
import { fixes } from '../schema/warnings.ts';
import type { Queryable } from './audit.ts';

/** What a group is told below a warning's card; the rest is on the card itself or concerns nobody there. */
const loggedActions = [
  'warning.claimed',
  'warning.released',
  'warning.claim-asked',
  'warning.claim-confirmed',
  'warning.claim-expired',
  'warning.reassigned',
  'warning.snoozed',
  'warning.woke',
  'rule.auto-fix-turned-off',
  'warning.fix-started',
  'warning.fix-written',
  'warning.fixed-by-hand',
  'warning.excepted',
  'warning.escalated',
  'warning.escalated-now',
  'warning.handed-over',
  'warning.closed',
  'warning.commented',
  'fix.undo-started',
  'fix.undone',
] as const;

/** After the cards: a line is read when there is time. */
const logRank = 2;

/** A line for everything that happened to a warning since its card stands in a group, each once. */
export async function queueLogLines(
  database: Queryable,
  { warningId, nowMs }: { readonly warningId: number; readonly nowMs: number },
): Promise<void> {
  const at = sql`${new Date(nowMs).toISOString()}::timestamptz`;
  await database.execute(sql`
    insert into ${deliveries} (subject_kind, subject_id, purpose, channel, recipient_code, state, rank, urgent,
      queued_at, created_at, updated_at)
    select card.subject_kind, card.subject_id, 'log-' || entry.id, card.channel, card.recipient_code, 'pending',
      ${logRank}, true, entry.at, ${at}, ${at}
    from ${deliveries} card
    join ${auditRows} entry on entry.at > card.posted_at and entry.action in ${loggedActions} and (
      (entry.subject_kind = 'warning' and entry.subject_id = ${String(warningId)})
      or (entry.subject_kind = 'fix'
        and entry.subject_id in (select id::text from ${fixes} where warning_id = ${warningId})))
    where card.subject_kind = 'warning' and card.subject_id = ${warningId} and card.purpose = 'group'
      and card.state = 'posted'
    on conflict do nothing`);
}

/** What a line tells; null where there is no such row. */
export async function findLogEntry(
  database: Queryable,
  auditId: number,
): Promise<HistoryEntry | null> {
  const [row] = await database.select().from(auditRows).where(sql`${auditRows.id} = ${auditId}`);
  if (row === undefined) return null;
  const { at: atMs, actorCode, through, action, before, after } = row;
  return { atMs, actorCode, through, action, before, after };
}

/** Who did what happened last to a warning; null where nobody did. */
export async function findLastActor(
  database: Queryable,
  warningId: number,
): Promise<string | null> {
  const [row] = await database
    .select({ actorCode: auditRows.actorCode })
    .from(auditRows)
    .where(
      sql`${auditRows.subjectKind} = 'warning' and ${auditRows.subjectId} = ${String(warningId)}`,
    )
    .orderBy(sql`${auditRows.id} desc`)
    .limit(1);
  return row?.actorCode ?? null;
}

/** People whose quiet hours it is. */
export async function listQuietPeople(
  database: Queryable,
  nowMs: number,
): Promise<ReadonlySet<string>> {
  const at = new Date(nowMs).toISOString();
  const rows = await database
    .select({ code: sql<string>`quiet.code` })
    .from(sql`quiet_people(${at}::timestamptz) as quiet (code)`);
  return new Set(rows.map(({ code }) => code));
}
