import { and, eq, inArray, isNull, sql as raw } from 'drizzle-orm';
import type { Dictionary } from '../../domain/dictionary.ts';
import { tagIndex } from '../../domain/dictionary.ts';
import type { Duty } from '../../domain/duty.ts';
import type { Person } from '../../domain/person.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Rule } from '../../domain/rule.ts';
import type { Database, Sql, SqlOrTransaction } from '../client.ts';
import { findings } from '../schema/scans.ts';
import { warnings } from '../schema/warnings.ts';
import type { Queryable } from './audit.ts';
import { openWarning } from './warnings.ts';

/** Advisory lock under which findings change set-wise, so that two scans cannot interleave. */
const findingsLock = 8_140_002;

export interface ReconcileCounts {
  /** Findings that are open now, of all customers. */
  readonly open: number;
  readonly new: number;
  readonly gone: number;
}

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
    await transaction`select pg_advisory_xact_lock(${findingsLock})`;
    const [scan] = await transaction<{ covers_all: boolean; is_due: boolean }[]>`
      select covers_all, reconciled_at is null and not exists (
        select from scan n where n.id > ${scanId} and n.covers_all and n.reconciled_at is not null
      ) as is_due from scan where id = ${scanId}`;
    if (scan === undefined) throw new Error(`There is no scan ${scanId}.`);
    if (scan.is_due) {
      await applyScan(transaction, { scanId, coversAll: scan.covers_all, nowMs });
      await transaction`update scan set reconciled_at = ${nowMs} where id = ${scanId}`;
    }
    await transaction`delete from scan_finding where scan_id = ${scanId}`;
    const [counts] = await transaction<{ open: number; new: number; gone: number }[]>`
      update scan set findings_open = (select count(*) from finding where state = 'open')
      where id = ${scanId}
      returning findings_open as open, findings_new as new, findings_gone as gone`;
    return counts ?? { open: 0, new: 0, gone: 0 };
  });
}

async function applyScan(
  sql: SqlOrTransaction,
  scan: { readonly scanId: number; readonly coversAll: boolean; readonly nowMs: number },
): Promise<void> {
  const { scanId, coversAll, nowMs } = scan;
  const newer = sql`(select c.customer_id from scan_scope c join scan n on n.id = c.scan_id
    where n.id > ${scanId} and n.reconciled_at is not null)`;
  const isInScope = coversAll
    ? sql`true`
    : sql`f.customer_id in (select customer_id from scan_scope where scan_id = ${scanId})`;
  const answersFor = sql`${isInScope} and f.customer_id not in ${newer}`;

  const gone = await sql`
    update finding f set state = 'gone', gone_at = ${nowMs}, last_scan_id = ${scanId}
    where f.state <> 'gone' and ${answersFor} and not exists (
      select from scan_finding s where s.scan_id = ${scanId} and s.rule_id = f.rule_id
        and s.customer_id = f.customer_id and s.first_tag_id = f.first_tag_id
        and s.second_tag_id = f.second_tag_id)`;
  await sql`
    update finding f set state = 'open', warning_id = null, last_scan_id = ${scanId}
    where f.state = 'excepted' and not (${isCovered(sql, nowMs)})`;
  await sql`
    update finding f set state = 'excepted', last_scan_id = ${scanId}
    where f.state = 'open' and ${isInScope} and (${isCovered(sql, nowMs)})`;
  const added = await sql`
    insert into finding (rule_id, customer_id, first_tag_id, second_tag_id, state,
      first_scan_id, last_scan_id, opened_at)
    select f.rule_id, f.customer_id, f.first_tag_id, f.second_tag_id,
      case when ${isCovered(sql, nowMs)} then 'excepted' else 'open' end,
      ${scanId}, ${scanId}, ${nowMs}
    from (select distinct rule_id, customer_id, first_tag_id, second_tag_id
      from scan_finding where scan_id = ${scanId}) as f
    where f.customer_id not in ${newer} and not exists (
      select from finding p where p.state <> 'gone' and p.rule_id = f.rule_id
        and p.customer_id = f.customer_id and p.first_tag_id = f.first_tag_id
        and p.second_tag_id = f.second_tag_id)`;
  if (coversAll) {
    await sql`delete from due_customer where scan_id < ${scanId}`;
  }
  await sql`
    update scan set findings_new = ${added.count}, findings_gone = ${gone.count} where id = ${scanId}`;
}

/** Whether an exception in force covers `f`; split by kind, so that each half can use the index. */
function isCovered(sql: SqlOrTransaction, nowMs: number) {
  const covers = sql`e.rule_id = f.rule_id and e.until_at > ${nowMs}
    and (e.first_tag_id is null or e.first_tag_id = f.first_tag_id)
    and (e.second_tag_id is null or e.second_tag_id = f.second_tag_id)`;
  return sql`exists (select from exception e where e.customer_id = f.customer_id and ${covers})
    or exists (select from exception e where e.customer_id is null and ${covers})`;
}

export interface GroupingContext {
  readonly dictionary: Dictionary;
  readonly people: ReadonlyMap<string, Person>;
  readonly policy: Policy;
  readonly nowMs: number;
  /** Who has a duty now; `turn` counts the warnings that it had before. Empty where all have left. */
  readonly onDuty: (duty: Duty, turn: number) => readonly string[];
}

/**
 * Gives every open finding without a warning to the open warning of its rule and owner, which is opened where there
 * is none. Answers the ids of the warnings it opened. Calling it again does nothing.
 */
export async function groupFindings(
  database: Database,
  context: GroupingContext,
): Promise<readonly number[]> {
  const groups = groupByRuleAndOwner(await listUngrouped(database.sql), context);
  const opened: number[] = [];
  for (const group of groups) {
    const warningId = await giveToWarning(database, group, context);
    if (warningId !== null) opened.push(warningId);
  }
  return opened;
}

interface Ungrouped {
  readonly ruleId: number;
  readonly firstTagId: number;
}

async function listUngrouped(sql: Sql): Promise<readonly Ungrouped[]> {
  return sql<Ungrouped[]>`
    select distinct rule_id as "ruleId", first_tag_id as "firstTagId"
    from finding where state = 'open' and warning_id is null order by 1, 2`;
}

interface Group {
  readonly rule: Rule;
  /** A person, or a duty whose members take turns. */
  readonly owner: Owner;
  readonly firstTagIds: readonly number[];
}

/** A finding whose rule is no longer in the dictionary waits for the scan that makes it gone. */
function groupByRuleAndOwner(
  ungrouped: readonly Ungrouped[],
  context: GroupingContext,
): readonly Group[] {
  const rules = new Map(context.dictionary.rules.map((rule) => [rule.id, rule]));
  const groups = new Map<string, { rule: Rule; owner: Owner; firstTagIds: number[] }>();
  for (const { ruleId, firstTagId } of ungrouped) {
    const rule = rules.get(ruleId);
    if (rule === undefined) continue;
    const owner = ownerOf(rule, firstTagId, context);
    const key = `${ruleId}:${owner.kind === 'person' ? owner.person.code : owner.duty.code}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { rule, owner, firstTagIds: [firstTagId] });
    else group.firstTagIds.push(firstTagId);
  }
  return [...groups.values()];
}

type Owner =
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'duty'; readonly duty: Duty };

/** The rule's owner or duty, else the first tag's owner, else the first data admin by code. */
function ownerOf(rule: Rule, firstTagId: number, context: GroupingContext): Owner {
  const { people, dictionary, policy } = context;
  const duty = policy.duties.find(({ code }) => code === rule.ownerCode);
  if (duty !== undefined && context.onDuty(duty, 0).length > 0) return { kind: 'duty', duty };
  const tagOwnerCode = tagIndex(dictionary).byId.get(firstTagId)?.ownerCode;
  const owner = people.get(rule.ownerCode ?? '') ?? people.get(tagOwnerCode ?? '');
  const fallback = owner ?? firstDataAdmin(people);
  if (fallback === undefined) {
    throw new Error(
      `Nobody can own the findings of rule ${rule.code}: the rule and its tags name no known person, ` +
        'and nobody who works here is a data admin. Give someone the role data-admin in people.yaml.',
    );
  }
  return { kind: 'person', person: fallback };
}

function firstDataAdmin(people: ReadonlyMap<string, Person>): Person | undefined {
  return [...people.values()]
    .filter((person) => person.status === 'active' && person.roles.includes('data-admin'))
    .sort((left, right) => (left.code < right.code ? -1 : 1))[0];
}

async function giveToWarning(
  database: Database,
  group: Group,
  context: GroupingContext,
): Promise<number | null> {
  const { rule, firstTagIds } = group;
  const { claimWithinMs, closeWithinMs } = context.policy.severities[rule.severity];
  const isUngrouped = and(
    eq(findings.ruleId, rule.id),
    inArray(findings.firstTagId, [...firstTagIds]),
    eq(findings.state, 'open'),
    isNull(findings.warningId),
  );
  return database.query.transaction(async (transaction) => {
    await transaction.execute(raw`select pg_advisory_xact_lock(${findingsLock})`);
    const [counted] = await transaction
      .select({ customers: raw<number>`count(distinct ${findings.customerId})::int` })
      .from(findings)
      .where(isUngrouped);
    if (counted === undefined || counted.customers === 0) return null;
    const { owner, dutyCode } = await takeTurn(transaction, group.owner, context);
    const { warning, isNew } = await openWarning(
      transaction,
      {
        ruleId: rule.id,
        ruleCode: rule.code,
        severity: rule.severity,
        ownerCode: owner.code,
        secondLineCode: owner.secondLineCode,
        managerCode: owner.managerCode,
        dutyCode,
        customers: counted.customers,
        claimWithinMs,
        closeWithinMs,
      },
      context.nowMs,
    );
    await transaction.update(findings).set({ warningId: warning.id }).where(isUngrouped);
    return isNew ? warning.id : null;
  });
}

/** A new warning of a duty goes to whoever has the turn; the lock of the findings keeps two from taking one turn. */
async function takeTurn(
  transaction: Queryable,
  owner: Owner,
  context: GroupingContext,
): Promise<{ readonly owner: Person; readonly dutyCode: string | null }> {
  if (owner.kind === 'person') return { owner: owner.person, dutyCode: null };
  const { duty } = owner;
  const turn = await transaction.$count(warnings, eq(warnings.dutyCode, duty.code));
  const [code = ''] = context.onDuty(duty, turn);
  const person = context.people.get(code);
  if (person === undefined) throw new Error(`Nobody of duty ${duty.code} works here any more.`);
  return { owner: person, dutyCode: duty.code };
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
    where state = 'open' and customer_id = any(${`{${customerIds.join(',')}}`}::bigint[])`;
  return row?.count ?? 0;
}

/** Customers that a fix was to change. */
export async function listFixCustomers(sql: Sql, fixId: number): Promise<readonly number[]> {
  const rows = await sql<{ id: number }[]>`
    select distinct customer_id as id from fix_item where fix_id = ${fixId}`;
  return rows.map((row) => row.id);
}
