import { and, eq } from 'drizzle-orm';
import { automaticActor } from '../../domain/automatic-fix.ts';
import type { CustomerTags } from '../../domain/customer.ts';
import type { FixChoice, FixCounts, FixOutcome, FixState, OwnChoice } from '../../domain/fix.ts';
import type { PlannedItem } from '../../domain/fix-plan.ts';
import type { TagRename } from '../../domain/retag.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Database, Sql } from '../client.ts';
import { fixes } from '../schema/warnings.ts';
import { numberList } from '../number-list.ts';
import { appendAudit, type Queryable } from './audit.ts';

/** Customers read or written in one step. */
const pageCustomers = 1000;

export interface Fix {
  readonly id: number;
  readonly warningId: number | null;
  readonly requestId: number | null;
  readonly choice: FixChoice | null;
  readonly rename: TagRename | null;
  readonly state: FixState;
  readonly requestedBy: string;
  readonly undoUntilMs: number | null;
  readonly undoneBy: string | null;
}

/** Records a fix that somebody asked for. A repeated `planKey` answers with the fix it made the first time. */
export async function beginFix(
  database: Queryable,
  input: {
    readonly planKey: string;
    readonly warningId: number | null;
    readonly requestId: number | null;
    readonly choice: FixChoice | null;
    /** @default null */
    readonly rename?: TagRename | null;
    readonly requestedBy: string;
  },
  nowMs: number,
): Promise<number> {
  const { planKey, warningId, requestId, choice, rename = null, requestedBy } = input;
  await database
    .insert(fixes)
    .values({
      planKey,
      warningId,
      requestId,
      choice,
      rename,
      requestedBy,
      state: 'planned',
      createdAt: nowMs,
    })
    .onConflictDoNothing({ target: fixes.planKey });
  const [row] = await database
    .select({ id: fixes.id })
    .from(fixes)
    .where(eq(fixes.planKey, planKey));
  if (row === undefined) throw new Error(`Fix ${planKey} was not recorded.`);
  return row.id;
}

/**
 * Lets what a request changed without touching customers be taken back like any fix, until `undoUntilMs`. Repeated calls
 * are harmless.
 */
export async function recordWayBack(
  database: Queryable,
  input: { readonly requestId: number; readonly requestedBy: string; readonly undoUntilMs: number },
  nowMs: number,
): Promise<void> {
  const { requestId, requestedBy, undoUntilMs } = input;
  const planKey = `request/${requestId}`;
  const fix = { planKey, warningId: null, requestId, choice: null, requestedBy };
  const fixId = await beginFix(database, fix, nowMs);
  await database
    .update(fixes)
    .set({ state: 'written', writtenAt: nowMs, undoUntil: undoUntilMs })
    .where(and(eq(fixes.id, fixId), eq(fixes.state, 'planned')));
}

export async function loadFix(database: Queryable, fixId: number): Promise<Fix | null> {
  const [row] = await database.select().from(fixes).where(eq(fixes.id, fixId));
  if (row === undefined) return null;
  const { id, warningId, requestId, choice, rename, state, requestedBy, undoneBy } = row;
  const asked = { id, warningId, requestId, choice, rename, requestedBy };
  return { ...asked, state, undoUntilMs: row.undoUntil, undoneBy };
}

/** A customer as the mirror has it, with a warning's open findings on it. */
export interface CustomerToFix {
  readonly customer: CustomerTags;
  readonly ref: string;
  readonly name: string;
  /** Sources that have the customer, ascending. */
  readonly presentIn: readonly number[];
  readonly findings: readonly Finding[];
}

interface CustomerRow {
  readonly id: number;
  readonly ref: string;
  readonly name: string;
  readonly tag_ids: readonly number[];
  readonly since_seconds: readonly number[];
  readonly actor_ids: readonly number[];
  readonly source_ids: readonly number[];
  readonly import_ids: readonly number[];
  readonly numbers: readonly (number | null)[];
  readonly texts: readonly (string | null)[];
  readonly present_in: readonly number[];
  readonly rule_id: number;
  readonly first_tag_ids: readonly number[];
  readonly second_tag_ids: readonly number[];
}

/** Repetitions of a repetition that are followed back to what was chosen. */
const repetitionsMax = 100;

/**
 * Whom a choice is about, and what was chosen for them: of a repetition those of the fix that it repeats, and what was
 * chosen there. Null where that is no fix of this warning.
 */
export async function resolveChoice(
  database: Queryable,
  warningId: number,
  choice: FixChoice,
): Promise<{ readonly choice: OwnChoice; readonly onlyOfFixId: number | null } | null> {
  if (choice.kind !== 'again') return { choice, onlyOfFixId: null };
  let made: FixChoice | null = choice;
  for (let step = 0; step < repetitionsMax && made?.kind === 'again'; step += 1) {
    const fix: Fix | null = await loadFix(database, made.fixId);
    made = fix?.warningId === warningId ? fix.choice : null;
  }
  return made === null || made.kind === 'again'
    ? null
    : { choice: made, onlyOfFixId: choice.fixId };
}

/**
 * The customers of a warning in pages, in order of their ids; memory stays flat. With `onlyOfFixId` those alone whom
 * that fix was to change.
 */
export async function* readWarningCustomers(
  sql: Sql,
  warningId: number,
  onlyOfFixId: number | null = null,
): AsyncGenerator<readonly CustomerToFix[]> {
  const isWanted =
    onlyOfFixId === null
      ? sql`true`
      : sql`exists (select from fix_item item
          where item.fix_id = ${onlyOfFixId} and item.customer_id = finding.customer_id)`;
  const pages = sql<CustomerRow[]>`
    select m.id, m.ref, m.name, m.tag_ids, m.since_seconds::float8[] as since_seconds, m.actor_ids,
      m.source_ids, m.import_ids, m.numbers, m.texts, m.present_in,
      f.rule_id, f.first_tag_ids, f.second_tag_ids
    from (
      select customer_id, min(rule_id) as rule_id,
        array_agg(first_tag_id order by id) as first_tag_ids,
        array_agg(second_tag_id order by id) as second_tag_ids
      from finding where warning_id = ${warningId} and state = 'open' and ${isWanted}
      group by customer_id
    ) f join mirror_customer m on m.id = f.customer_id
    order by m.id`.cursor(pageCustomers);
  for await (const page of pages) yield page.map(customerToFix);
}

function customerToFix(row: CustomerRow): CustomerToFix {
  return {
    ref: row.ref,
    name: row.name,
    presentIn: row.present_in,
    findings: row.first_tag_ids.map((firstTagId, index) => ({
      ruleId: row.rule_id,
      customerId: row.id,
      firstTagId,
      secondTagId: row.second_tag_ids[index] ?? 0,
    })),
    customer: {
      customerId: row.id,
      count: row.tag_ids.length,
      tagIds: Int32Array.from(row.tag_ids),
      sinceSeconds: Float64Array.from(row.since_seconds, (since) => (since === 0 ? NaN : since)),
      actorIds: Int32Array.from(row.actor_ids),
      sourceIds: Int32Array.from(row.source_ids),
      importIds: Int32Array.from(row.import_ids),
      numbers: Float64Array.from(row.numbers, (value) => value ?? NaN),
      texts: [...row.texts],
      presentIn: Int32Array.from(row.present_in),
      presentCount: row.present_in.length,
    },
  };
}

/** Adds customers to a fix that is being planned; those it has already stay as they are. */
export async function addFixItems(
  sql: Sql,
  fixId: number,
  items: readonly PlannedItem[],
): Promise<void> {
  if (items.length === 0) return;
  await sql`
    insert into fix_item (fix_id, customer_id, source_id, before_tag_ids, after_tag_ids, outcome)
    select ${fixId}, i."customerId", i."sourceId", i."beforeTagIds", i."afterTagIds", 'pending'
    from jsonb_to_recordset(${sql.json(items.map((item) => ({ ...item })))}) as i(
      "customerId" bigint, "sourceId" smallint, "beforeTagIds" int[], "afterTagIds" int[])
    on conflict do nothing`;
}

/** Ends the planning of a fix: from now on it is written. */
export async function startWriting(database: Queryable, fixId: number): Promise<void> {
  await database
    .update(fixes)
    .set({ state: 'writing' })
    .where(and(eq(fixes.id, fixId), eq(fixes.state, 'planned')));
}

/** Which way a fix is written: forward, or back again. */
export type Direction = 'fix' | 'undo';

export interface FixItem {
  readonly customerId: number;
  readonly sourceId: number;
  /** Null where the mirror no longer has the customer. */
  readonly ref: string | null;
  /** What the customer must still have, and what it is to have. */
  readonly fromTagIds: readonly number[];
  readonly toTagIds: readonly number[];
  /** An attempt before this one began to write it; only the source knows whether it came to that. */
  readonly wasBegun: boolean;
}

/** Makes an attempt the only one that may write this fix; whoever wrote it before finds itself replaced and stops. */
export async function takeFix(sql: Sql, fixId: number, token: string): Promise<void> {
  await sql`update fix set writer_token = ${token} where id = ${fixId}`;
}

/** The sources whose customers are to be written, in order. */
export async function listSourcesToWrite(
  sql: Sql,
  fixId: number,
  direction: Direction,
): Promise<readonly number[]> {
  const rows = await sql<{ id: number }[]>`
    select s.id from source s
    where exists (
      select from fix_item where fix_id = ${fixId} and source_id = s.id
        and ${outcomeColumn(sql, direction)} = 'pending'
    ) order by s.id`;
  return rows.map((row) => row.id);
}

/** Whose writing an attempt before this one began; only the source knows whether it came to that. 0: nobody's. */
export async function begunThrough(sql: Sql, fixId: number, sourceId: number): Promise<number> {
  const [row] = await sql<{ begun_source_id: number | null; begun_through_id: number | null }[]>`
    select begun_source_id, begun_through_id from fix where id = ${fixId}`;
  return row?.begun_source_id === sourceId ? (row.begun_through_id ?? 0) : 0;
}

interface WriterPart {
  readonly fixId: number;
  readonly direction: Direction;
  readonly sourceId: number;
  readonly token: string;
}

/**
 * Takes the next customers of a source to write, in order of their ids, and marks their writing as begun.
 * Empty: there are no more. null: somebody else took over.
 */
export async function takeBatch(
  sql: Sql,
  input: WriterPart & {
    readonly afterId: number;
    /** Whose writing was begun before this attempt. */
    readonly begunThroughId: number;
    readonly limit: number;
  },
): Promise<readonly FixItem[] | null> {
  const { fixId, direction, sourceId, token, afterId, begunThroughId, limit } = input;
  const rows = await sql<
    {
      customer_id: number;
      before_tag_ids: number[];
      after_tag_ids: number[];
      ref: string | null;
    }[]
  >`
    select item.customer_id, item.before_tag_ids, item.after_tag_ids, customer.ref
    from fix_item item left join mirror_customer customer on customer.id = item.customer_id
    where item.fix_id = ${fixId} and item.source_id = ${sourceId} and item.customer_id > ${afterId}
      and ${outcomeColumn(sql, direction)} = 'pending'
    order by item.customer_id limit ${limit}`;
  const last = rows.at(-1);
  if (last === undefined) return [];
  const [mine] = await sql`
    update fix set begun_source_id = ${sourceId},
      begun_through_id = ${Math.max(begunThroughId, last.customer_id)}
    where id = ${fixId} and writer_token = ${token} returning id`;
  if (mine === undefined) return null;
  return rows.map((row) => ({
    customerId: row.customer_id,
    sourceId,
    ref: row.ref,
    fromTagIds: direction === 'fix' ? row.before_tag_ids : row.after_tag_ids,
    toTagIds: direction === 'fix' ? row.after_tag_ids : row.before_tag_ids,
    wasBegun: row.customer_id <= begunThroughId,
  }));
}

export interface ItemOutcome {
  readonly customerId: number;
  readonly outcome: Exclude<FixOutcome, 'pending'>;
  readonly detail: string | null;
}

/** Records what became of customers whose writing this attempt began. */
export async function recordOutcomes(
  sql: Sql,
  input: WriterPart & { readonly outcomes: readonly ItemOutcome[] },
): Promise<void> {
  const { fixId, direction, sourceId, token } = input;
  const outcome = outcomeColumn(sql, direction);
  const detail = detailColumn(sql, direction);
  for (const same of alike(input.outcomes)) {
    await sql`
      update fix_item set ${outcome} = ${same.outcome}, ${detail} = ${same.detail}
      where fix_id = ${fixId} and source_id = ${sourceId}
        and customer_id = any (${numberList(same.customerIds)}::bigint[]) and ${outcome} = 'pending'
        and exists (select from fix where id = ${fixId} and writer_token = ${token})`;
  }
}

interface AlikeOutcomes extends Pick<ItemOutcome, 'outcome' | 'detail'> {
  readonly customerIds: readonly number[];
}

/** Nearly all of a batch end in one or two ways. */
function alike(outcomes: readonly ItemOutcome[]): readonly AlikeOutcomes[] {
  const groups = new Map<string, Pick<ItemOutcome, 'outcome' | 'detail'> & { ids: number[] }>();
  for (const { customerId, outcome, detail } of outcomes) {
    const key = `${outcome} ${detail ?? ''}`;
    const group = groups.get(key) ?? { outcome, detail, ids: [] };
    groups.set(key, group);
    group.ids.push(customerId);
  }
  return [...groups.values()].map(({ ids, ...rest }) => ({ ...rest, customerIds: ids }));
}

/** Gives up what is not written yet, of one source or of all. */
export async function refuseRest(
  sql: Sql,
  input: {
    readonly fixId: number;
    readonly direction: Direction;
    readonly sourceId: number | null;
    readonly detail: string;
  },
): Promise<void> {
  const { fixId, direction, sourceId, detail } = input;
  const outcome = outcomeColumn(sql, direction);
  const ofSource = sourceId === null ? sql`true` : sql`source_id = ${sourceId}`;
  await sql`
    update fix_item set ${outcome} = 'refused', ${detailColumn(sql, direction)} = ${detail}
    where fix_id = ${fixId} and ${outcome} = 'pending' and ${ofSource}`;
}

function outcomeColumn(sql: Sql, direction: Direction) {
  return direction === 'fix' ? sql`outcome` : sql`undo_outcome`;
}

function detailColumn(sql: Sql, direction: Direction) {
  return direction === 'fix' ? sql`detail` : sql`undo_detail`;
}

const nobodyWrites = { writerToken: null, begunSourceId: null, begunThroughId: null };

/** Marks a fix as written, with its audit row; once. It can be undone until `undoUntilMs`. */
export async function finishFix(
  database: Database,
  input: { readonly fixId: number; readonly undoUntilMs: number },
  nowMs: number,
): Promise<void> {
  const { fixId, undoUntilMs } = input;
  const counts = await loadFixCounts(database.sql, fixId, 'fix');
  await database.query.transaction(async (transaction) => {
    const [row] = await transaction
      .update(fixes)
      .set({ state: 'written', writtenAt: nowMs, undoUntil: undoUntilMs, ...nobodyWrites })
      .where(and(eq(fixes.id, fixId), eq(fixes.state, 'writing')))
      .returning({ requestedBy: fixes.requestedBy });
    if (row === undefined) return;
    const entry = fixEntry({ fixId, action: 'fix.written', actorCode: row.requestedBy, counts });
    await appendAudit(transaction, [entry], nowMs);
  });
}

/** Begins to take a fix back, with its audit row; once. */
export async function beginUndo(
  database: Database,
  input: { readonly fixId: number; readonly actorCode: string; readonly through: string },
  nowMs: number,
): Promise<void> {
  const { fixId, actorCode, through } = input;
  await database.sql`
    update fix_item set undo_outcome = 'pending'
    where fix_id = ${fixId} and outcome = 'changed' and undo_outcome is null
      and exists (select from fix where id = ${fixId} and state in ('written', 'undoing'))`;
  const counts = await loadFixCounts(database.sql, fixId, 'undo');
  await database.query.transaction(async (transaction) => {
    const [row] = await transaction
      .update(fixes)
      .set({ state: 'undoing', undoneBy: actorCode })
      .where(and(eq(fixes.id, fixId), eq(fixes.state, 'written')))
      .returning({ id: fixes.id });
    if (row === undefined) return;
    const entry = fixEntry({ fixId, action: 'fix.undo-started', actorCode, counts });
    await appendAudit(transaction, [{ ...entry, through }], nowMs);
  });
}

/** Marks a fix as taken back, with its audit row; once. */
export async function finishUndo(database: Database, fixId: number, nowMs: number): Promise<void> {
  const counts = await loadFixCounts(database.sql, fixId, 'undo');
  await database.query.transaction(async (transaction) => {
    const [row] = await transaction
      .update(fixes)
      .set({ state: 'undone', undoneAt: nowMs, ...nobodyWrites })
      .where(and(eq(fixes.id, fixId), eq(fixes.state, 'undoing')))
      .returning({ undoneBy: fixes.undoneBy });
    if (row === undefined) return;
    const entry = fixEntry({ fixId, action: 'fix.undone', actorCode: row.undoneBy, counts });
    await appendAudit(transaction, [entry], nowMs);
  });
}

function fixEntry(input: {
  readonly fixId: number;
  readonly action: string;
  readonly actorCode: string | null;
  readonly counts: FixCounts;
}) {
  return {
    actorCode: input.actorCode === automaticActor ? null : input.actorCode,
    through: 'system',
    action: input.action,
    subjectKind: 'fix',
    subjectId: String(input.fixId),
    before: null,
    after: input.counts,
  };
}

/** How many customers ended how. One who is in two sources counts once, by the worse end. */
export async function loadFixCounts(
  sql: Sql,
  fixId: number,
  direction: Direction,
): Promise<FixCounts> {
  const outcome = outcomeColumn(sql, direction);
  const [row] = await sql<
    {
      customers: number;
      changed: number;
      already_so: number;
      changed_meanwhile: number;
      refused: number;
    }[]
  >`
    select count(*) as customers,
      count(*) filter (where worst = 1) as changed,
      count(*) filter (where worst = 0) as already_so,
      count(*) filter (where worst = 2) as changed_meanwhile,
      count(*) filter (where worst = 3) as refused
    from (
      select max(case ${outcome} when 'already-so' then 0 when 'changed' then 1
        when 'changed-meanwhile' then 2 when 'refused' then 3 else -1 end) as worst
      from fix_item where fix_id = ${fixId} and ${outcome} is not null group by customer_id
    ) as customer`;
  return {
    customers: row?.customers ?? 0,
    changed: row?.changed ?? 0,
    alreadySo: row?.already_so ?? 0,
    changedMeanwhile: row?.changed_meanwhile ?? 0,
    refused: row?.refused ?? 0,
  };
}

/** How a source calls tags: every name it has for each mirror tag id, first the one that the dictionary has now. */
export async function loadTagNames(
  sql: Sql,
  sourceId: number,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const rows = await sql<{ tag_id: number; tag_refs: string[] }[]>`
    select m.tag_id, array_agg(m.tag_ref
      order by m.name = t.name ->> 'zh-CN' or m.name = t.name ->> 'en' desc nulls last, m.tag_ref) as tag_refs
    from mirror_tag m left join tag t on t.id = m.tag_id
    where m.source_id = ${sourceId} group by m.tag_id`;
  return new Map(rows.map((row) => [row.tag_id, row.tag_refs]));
}
