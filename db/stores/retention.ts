import type postgres from 'postgres';
import type { Database, Sql } from '../client.ts';
import type { RetentionPolicy } from '../../domain/retention.ts';
import { appendAudit } from './audit.ts';
import { loadPolicy } from './dictionary.ts';

const dayMs = 86_400_000;
/** Platforms repeat and attackers replay within minutes: doors refuse what is older than five. */
const eventsKeptMs = 2 * dayMs;
/** Sessions, links and tokens are of no use once they have run out; until then lists still show them. */
const accessKeptMs = 30 * dayMs;
/** Few enough to be gone in a moment, so that nobody waits for a lock. */
const batchRows = 5_000;

/** What is kept for a time: what the policy says, requests that chat platforms may repeat, and ways to sign in. */
export type KeptKind = keyof RetentionPolicy | 'events' | 'access';

type Fragment = postgres.PendingQuery<postgres.Row[]>;

interface Shelf {
  readonly kind: KeptKind;
  readonly table: string;
  /** When the time of the row began, for `kept`. */
  readonly from: string;
  /** Whether `kept` may go at all, however old it is. */
  readonly isOver: (sql: Sql, nowMs: number) => Fragment;
}

const anything = (sql: Sql): Fragment => sql`true`;

/** Whether nothing of the fix `f` can change any more. */
const fixIsOver = (sql: Sql, nowMs: number): Fragment => sql`
  f.state in ('written', 'undone') and coalesce(f.undo_until, f.created_at) < ${nowMs}
  and not exists (select from warning w where w.id = f.warning_id and w.state <> 'closed')`;

/** Scans whose figures are still shown or built upon stay, whatever their age. */
const scanIsOver = (sql: Sql): Fragment => sql`
  s.state <> 'running'
  and s.id not in (select max(id) from scan where state = 'done' group by kind)
  and not exists (select from due_customer d where d.scan_id = s.id)
  and not exists (select from scan_scope c where c.scan_id = s.id)`;

/** In the order in which they are emptied: a row goes before the row that it belongs to. */
const shelves: readonly Shelf[] = [
  {
    kind: 'findings',
    table: 'finding',
    from: `greatest(kept.gone_at, (select w.closed_at from warning w where w.id = kept.warning_id))`,
    isOver: (sql) => sql`
      kept.state = 'gone' and not exists (
        select from warning w where w.id = kept.warning_id and w.state <> 'closed')`,
  },
  {
    kind: 'cards',
    table: 'delivery',
    from: 'kept.updated_at',
    isOver: (sql, nowMs) => sql`
      kept.queued_at is null and case kept.subject_kind
        when 'warning' then not exists (
          select from warning w where w.id = kept.subject_id and w.state <> 'closed'
        ) and not exists (
          select from fix f where f.warning_id = kept.subject_id and f.undo_until >= ${nowMs}
        )
        when 'request' then not exists (
          select from request r where r.id = kept.subject_id and r.state in ('voting', 'applying')
        ) and not exists (
          select from fix f where f.request_id = kept.subject_id and f.undo_until >= ${nowMs}
        )
        else true end`,
  },
  {
    kind: 'cards',
    table: 'event',
    from: 'kept.at',
    isOver: (sql) => sql`
      not exists (select from delivery d where d.subject_kind = 'event' and d.subject_id = kept.id)`,
  },
  {
    kind: 'scans',
    table: 'scan_shard',
    from: '(select s.finished_at from scan s where s.id = kept.scan_id)',
    isOver: (sql) =>
      sql`exists (select from scan s where s.id = kept.scan_id and ${scanIsOver(sql)})`,
  },
  {
    kind: 'scans',
    table: 'scan',
    from: 'kept.finished_at',
    isOver: (sql) => sql`
      not exists (select from scan_shard h where h.scan_id = kept.id)
      and exists (select from scan s where s.id = kept.id and ${scanIsOver(sql)})`,
  },
  {
    kind: 'fixDetails',
    table: 'fix_item',
    from: `(select coalesce(f.undone_at, f.undo_until, f.created_at) from fix f where f.id = kept.fix_id)`,
    isOver: (sql, nowMs) =>
      sql`exists (select from fix f where f.id = kept.fix_id and ${fixIsOver(sql, nowMs)})`,
  },
  { kind: 'tagHistory', table: 'assignment_change', from: 'kept.seen_at', isOver: anything },
  { kind: 'digests', table: 'digest', from: 'kept.created_at', isOver: anything },
  {
    kind: 'events',
    table: 'inbound_event',
    from: 'kept.received_at',
    isOver: (sql) => sql`kept.work is null`,
  },
  { kind: 'access', table: 'session', from: 'kept.expires_at', isOver: anything },
  { kind: 'access', table: 'sign_in_link', from: 'kept.expires_at', isOver: anything },
  { kind: 'access', table: 'api_token', from: 'kept.expires_at', isOver: anything },
];

function keptMs(kind: KeptKind, policy: RetentionPolicy): number {
  if (kind === 'events') return eventsKeptMs;
  return kind === 'access' ? accessKeptMs : policy[kind];
}

function mayGo(sql: Sql, shelf: Shelf, at: { readonly nowMs: number; readonly keptMs: number }) {
  return sql`${sql.unsafe(shelf.from)} < ${at.nowMs - at.keptMs} and ${shelf.isOver(sql, at.nowMs)}`;
}

/** One table: how long its rows are kept, how many there are, and how many of them would go now. */
export interface ShelfState {
  readonly kind: KeptKind;
  readonly table: string;
  readonly keptDays: number;
  readonly rows: number;
  readonly over: number;
  /** With indexes. */
  readonly bytes: number;
}

/** What is kept for a time, in the order in which it is emptied. Counts every row: not for every minute. */
export async function readShelves(
  database: Database,
  nowMs: number,
): Promise<readonly ShelfState[]> {
  const { sql } = database;
  const { retention } = await loadPolicy(database.query);
  const states: ShelfState[] = [];
  for (const shelf of shelves) {
    const shelfKeptMs = keptMs(shelf.kind, retention);
    const [row] = await sql<{ rows: number; over: number; bytes: number }[]>`
      select count(*)::float8 as rows,
        (count(*) filter (where ${mayGo(sql, shelf, { nowMs, keptMs: shelfKeptMs })}))::float8 as over,
        pg_total_relation_size(${shelf.table}::regclass)::float8 as bytes
      from ${sql(shelf.table)} as kept`;
    if (row === undefined) continue;
    states.push({ kind: shelf.kind, table: shelf.table, keptDays: shelfKeptMs / dayMs, ...row });
  }
  return states;
}

/** Rows that went, by kind. */
export type Pruned = Readonly<Partial<Record<KeptKind, number>>>;

/**
 * Removes what was over for as long as the policy says, a batch at a time until `signal`, and writes into the audit
 * trail how much. Repeated, it goes on where it was.
 */
export async function prune(
  database: Database,
  { nowMs, signal }: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<Pruned> {
  const { sql } = database;
  const { retention } = await loadPolicy(database.query);
  const pruned: Partial<Record<KeptKind, number>> = {};
  try {
    for (const shelf of shelves) {
      const at = { nowMs, keptMs: keptMs(shelf.kind, retention) };
      for (let gone = batchRows; gone === batchRows; ) {
        signal.throwIfAborted();
        gone = await removeBatch(sql, shelf, at);
        if (gone > 0) pruned[shelf.kind] = (pruned[shelf.kind] ?? 0) + gone;
      }
    }
  } finally {
    await record(database, pruned, nowMs);
  }
  return pruned;
}

async function removeBatch(
  sql: Sql,
  shelf: Shelf,
  at: { readonly nowMs: number; readonly keptMs: number },
): Promise<number> {
  const { count } = await sql`
    delete from ${sql(shelf.table)} where ctid = any (array(
      select kept.ctid from ${sql(shelf.table)} as kept where ${mayGo(sql, shelf, at)}
      limit ${batchRows}
    ))`;
  return count;
}

async function record(database: Database, pruned: Pruned, nowMs: number): Promise<void> {
  if (Object.keys(pruned).length === 0) return;
  const entry = {
    actorCode: null,
    through: 'system',
    action: 'retention.pruned',
    subjectKind: 'retention',
    subjectId: 'retention',
    before: null,
    after: pruned,
  };
  await database.query.transaction((transaction) => appendAudit(transaction, [entry], nowMs));
}
