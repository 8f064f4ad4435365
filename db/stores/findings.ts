import { advisoryLocks } from '../advisory-locks.ts';
import type { Sql, SqlOrTransaction } from '../client.ts';
import { numberList } from '../number-list.ts';

export interface ReconcileCounts {
  /** Findings that are open now, of all customers. */
  readonly open: number;
  readonly new: number;
  readonly gone: number;
}

/** What the scan of millions of customers found is sorted and joined in memory up to this, each. */
const reconcileMemory = '128MB';

/**
 * Makes what a scan found what is so: new findings open (or excepted, where an exception covers them), those it
 * found again stay as they are (a dismissed one stays dismissed), those of its customers it did not find are gone.
 * Customers of whom a newer scan has spoken are left alone. All in one transaction; calling it again does nothing.
 */
export async function reconcileFindings(
  sql: Sql,
  scanId: number,
  nowMs: number,
): Promise<ReconcileCounts> {
  // A plan made on the statistics of an empty table would take hours.
  await sql`analyze scan_finding`;
  return sql.begin(async (transaction) => {
    const [, , [scan]] = await Promise.all([
      transaction`select pg_advisory_xact_lock(${advisoryLocks.findings})`,
      transaction.unsafe(`set local work_mem = '${reconcileMemory}'`),
      transaction<{ covers_all: boolean; is_due: boolean }[]>`
        select covers_all, reconciled_at is null and not exists (
          select from scan n where n.id > ${scanId} and n.covers_all and n.reconciled_at is not null
        ) as is_due from scan where id = ${scanId}`,
    ]);
    if (scan === undefined) throw new Error(`There is no scan ${scanId}.`);
    if (scan.is_due) await applyScan(transaction, { scanId, coversAll: scan.covers_all, nowMs });
    const [[counts]] = await Promise.all([
      transaction<{ open: number; new: number; gone: number }[]>`
        update scan set findings_open = (select count(*) from finding where state = 'open')
        where id = ${scanId}
        returning findings_open as open, findings_new as new, findings_gone as gone`,
      transaction`delete from scan_finding where scan_id = ${scanId}`,
    ]);
    return counts ?? { open: 0, new: 0, gone: 0 };
  });
}

/** Statements that are sent together are done in their order. */
async function applyScan(
  sql: SqlOrTransaction,
  scan: { readonly scanId: number; readonly coversAll: boolean; readonly nowMs: number },
): Promise<void> {
  const { scanId, coversAll, nowMs } = scan;
  const newer = sql`(select unnest(c.customer_ids) from scan_scope c join scan n on n.id = c.scan_id
    where n.id > ${scanId} and n.reconciled_at is not null)`;
  // As an array they are looked up in the index of findings; as rows all findings would be looked through for them.
  const scope = sql`array(select unnest(customer_ids) from scan_scope where scan_id = ${scanId})`;
  const isInScope = coversAll ? sql`true` : sql`f.customer_id = any(${scope})`;
  const answersFor = sql`${isInScope} and f.customer_id not in ${newer}`;

  const gone = sql`
    update finding f set state = 'gone', gone_at = ${nowMs}, last_scan_id = ${scanId}
    where f.state <> 'gone' and ${answersFor} and not exists (
      select from scan_finding s where s.scan_id = ${scanId} and s.rule_id = f.rule_id
        and s.customer_id = f.customer_id and s.first_tag_id = f.first_tag_id
        and s.second_tag_id = f.second_tag_id)`;
  const reopened = sql`
    update finding f set state = 'open', warning_id = null, last_scan_id = ${scanId}
    where f.state = 'excepted' and not (${isCovered(sql, nowMs)})`;
  const excepted = sql`
    update finding f set state = 'excepted', last_scan_id = ${scanId}
    where f.state = 'open' and ${isInScope} and (${isCovered(sql, nowMs)})
      and exists (select from exception where until_at > ${nowMs})`;
  // In order, so that its index grows at its end, and so that none is written before all are known: a plan made on the
  // statistics of an empty table would look through what it writes itself for each of them.
  const added = sql`
    insert into finding (rule_id, customer_id, first_tag_id, second_tag_id, state,
      first_scan_id, last_scan_id, opened_at)
    select f.rule_id, f.customer_id, f.first_tag_id, f.second_tag_id,
      case when (select exists (select from exception where until_at > ${nowMs}))
        and (${isCovered(sql, nowMs)}) then 'excepted' else 'open' end,
      ${scanId}, ${scanId}, ${nowMs}
    from (select distinct rule_id, customer_id, first_tag_id, second_tag_id
      from scan_finding where scan_id = ${scanId}) as f
    where f.customer_id not in ${newer} and not exists (
      select from finding p where p.state <> 'gone' and p.rule_id = f.rule_id
        and p.customer_id = f.customer_id and p.first_tag_id = f.first_tag_id
        and p.second_tag_id = f.second_tag_id)
    order by f.customer_id, f.rule_id, f.first_tag_id, f.second_tag_id`;
  const noLongerDue = sql`delete from due_customer where ${coversAll}::bool and scan_id < ${scanId}`;
  const departed = sql`
    delete from departed_customer d
    where (${coversAll}::bool or d.customer_id = any(${scope}))
      and not exists (
        select from finding f where f.customer_id = d.customer_id and f.state <> 'gone')`;
  const [{ count: goneCount }, , , { count: addedCount }] = await Promise.all([
    gone,
    reopened,
    excepted,
    added,
    noLongerDue,
    departed,
  ]);
  await sql`
    update scan set findings_new = ${addedCount}, findings_gone = ${goneCount}, reconciled_at = ${nowMs}
    where id = ${scanId}`;
}

/** Whether an exception in force covers `f`; split by kind, so that each half can use the index. */
function isCovered(sql: SqlOrTransaction, nowMs: number) {
  const covers = sql`e.rule_id = f.rule_id and e.until_at > ${nowMs}
    and (e.first_tag_id is null or e.first_tag_id = f.first_tag_id)
    and (e.second_tag_id is null or e.second_tag_id = f.second_tag_id)`;
  return sql`exists (select from exception e where e.customer_id = f.customer_id and ${covers})
    or exists (select from exception e where e.customer_id is null and ${covers})`;
}

export interface WarningNews {
  readonly warningId: number;
  readonly fingerprint: string;
  /** Customers with an open finding now. */
  readonly customers: number;
}

/**
 * Open warnings whose workflow has something to hear: those whose number of customers is not what their projection
 * says, and those opened since `openedSinceMs` that nothing has happened to yet, as their workflow may not have begun.
 */
export async function listWarningNews(
  sql: Sql,
  openedSinceMs: number,
): Promise<readonly WarningNews[]> {
  return sql<WarningNews[]>`
    select w.id as "warningId", w.fingerprint, count(distinct f.customer_id)::int as customers
    from warning w left join finding f on f.warning_id = w.id and f.state = 'open'
    where w.state <> 'closed'
    group by w.id
    having count(distinct f.customer_id) <> w.customers
      or (w.version = 1 and w.opened_at >= ${openedSinceMs})
    order by w.id`;
}

/** Customers with an open finding of a warning. */
export async function listWarningCustomers(
  sql: Sql,
  warningId: number,
): Promise<readonly number[]> {
  const rows = await sql<{ id: number }[]>`
    select distinct customer_id as id from finding where warning_id = ${warningId} and state = 'open'`;
  return rows.map((row) => row.id);
}

/** How many of a warning's customers still have an open finding of it. */
export async function countWarningCustomers(sql: Sql, warningId: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(distinct customer_id) as count from finding
    where warning_id = ${warningId} and state = 'open'`;
  return row?.count ?? 0;
}

/** How many of these customers have an open finding of any rule. */
export async function countCustomersWithFindings(
  sql: Sql,
  customerIds: readonly number[],
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(distinct customer_id) as count from finding
    where state = 'open' and customer_id = any(${numberList(customerIds)}::bigint[])`;
  return row?.count ?? 0;
}

/** Customers that a fix was to change. */
export async function listFixCustomers(sql: Sql, fixId: number): Promise<readonly number[]> {
  const rows = await sql<{ id: number }[]>`
    select distinct customer_id as id from fix_item where fix_id = ${fixId}`;
  return rows.map((row) => row.id);
}
