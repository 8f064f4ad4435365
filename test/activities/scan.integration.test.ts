import { MockActivityEnvironment } from '@temporalio/testing';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createScanActivities, type ScanDependencies } from '../../activities/scan.ts';
import { rules, sources, tags } from '../../db/schema/dictionary.ts';
import { mirrorCustomers } from '../../db/schema/mirror.ts';
import { tagCounts } from '../../db/schema/population.ts';
import { exceptions, findings, scans, scanScopes } from '../../db/schema/scans.ts';
import { warnings } from '../../db/schema/warnings.ts';
import type { WarningNews } from '../../db/stores/findings.ts';
import { streamCustomers } from '../../db/stores/mirror-customers.ts';
import { buildTag } from '../support/builders.ts';
import { blacklisted, blacklistRule, highValue, settleCompany } from '../support/company.ts';
import { buildRule } from '../support/customers.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import '../support/temporal.ts';

/** What `settleCompany` gives it. */
const blacklistRuleId = 1;
const daySeconds = 86_400;
const startMs = Date.UTC(2026, 10, 22, 1);

const newCustomer = buildTag({
  id: 900,
  code: 'new-customer',
  lifeDays: 90,
  ownerCode: 'gone-away',
});
const lifeRule = buildRule({
  kind: 'time-to-live',
  id: 7,
  code: 'tag-life',
  severity: 'medium',
  tagCodes: [],
});

let testDatabase: TestDatabase;
let nowMs = startMs;
let runs = 0;
let told: WarningNews[] = [];
let refreshed: (readonly number[])[] = [];
let heard: (details: { readonly done: number } | undefined) => void = () => {};
let onRefresh: () => Promise<void> = async () => {};

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { query } = testDatabase.database;
  await settleCompany(testDatabase.database);
  await query.insert(tags).values(newCustomer);
  const { id, code, kind, enabled } = lifeRule;
  await query.insert(rules).values({ id, code, kind, enabled, body: lifeRule, version: 1 });
  await query.insert(sources).values({ code: 'crm', body: {} });
});
afterAll(() => testDatabase.drop());

beforeEach(async () => {
  nowMs = startMs;
  told = [];
  refreshed = [];
  onRefresh = async () => {};
  await testDatabase.database.sql`
    truncate mirror_customer, scan, scan_shard, scan_scope, scan_finding, scan_population, pair_part, departed_customer, population_base, population_change, population_history,
      due_customer, tag_count, finding, warning, exception restart identity cascade`;
});

test('a full scan opens one warning for each rule and owner and starts its workflow', async () => {
  await addCustomer({ ref: 'C-1', tagIds: [highValue.id, blacklisted.id] });
  await addCustomer({ ref: 'C-2', tagIds: [highValue.id, blacklisted.id] });
  await addCustomer({ ref: 'C-3', tagIds: [highValue.id] });
  const outcome = await scan('full');
  expect(outcome).toMatchObject({ open: 2, new: 2, gone: 0, opened: 1, told: 1 });
  const rows = await testDatabase.database.query.select().from(warnings);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    fingerprint: `${blacklistRule.code}:li-lei`,
    ruleId: blacklistRuleId,
    severity: 'high',
    ownerCode: 'li-lei',
    secondLineCode: 'han-meimei',
    managerCode: 'zhao-lin',
    customers: 2,
    state: 'open',
    openedAt: nowMs,
    claimDueAt: nowMs + 2 * 3_600_000,
  });
  expect(told).toEqual([
    { warningId: rows[0]?.id, fingerprint: rows[0]?.fingerprint, customers: 2 },
  ]);
  const [first] = await testDatabase.database.query.select().from(findings);
  expect(first).toMatchObject({
    firstTagId: highValue.id,
    secondTagId: blacklisted.id,
    warningId: rows[0]?.id,
  });
});

test('the same scan again changes nothing; what is gone is gone; a warning hears its new count', async () => {
  const first = await addCustomer({ ref: 'C-1', tagIds: [highValue.id, blacklisted.id] });
  await addCustomer({ ref: 'C-2', tagIds: [highValue.id, blacklisted.id] });
  await scan('full');
  await projectWarnings();
  told = [];
  expect(await scan('full')).toMatchObject({ open: 2, new: 0, gone: 0, opened: 0, told: 0 });

  await setTags(first, [highValue.id]);
  expect(await scan('full')).toMatchObject({ open: 1, new: 0, gone: 1, opened: 0, told: 1 });
  expect(told).toMatchObject([{ customers: 1 }]);
  expect(await findingOf(first)).toMatchObject([{ state: 'gone', goneAt: nowMs }]);

  await setTags(first, [highValue.id, blacklisted.id]);
  expect(await scan('full')).toMatchObject({ open: 2, new: 1, opened: 0 });
  expect((await findingOf(first)).map((finding) => finding.state).sort()).toEqual(['gone', 'open']);
});

test('customers that vanished take their findings with them, in an incremental scan too', async () => {
  const id = await addCustomer({ ref: 'C-1', tagIds: [highValue.id, blacklisted.id] });
  await scan('full');
  await projectWarnings();
  await testDatabase.database.query.delete(mirrorCustomers).where(eq(mirrorCustomers.id, id));
  expect(await scan('incremental')).toMatchObject({ open: 0, gone: 1, told: 1 });
  expect(told.at(-1)).toMatchObject({ customers: 0 });
});

test('a dismissed finding stays dismissed while it is there, and may come back after it went', async () => {
  const id = await addCustomer({ ref: 'C-1', tagIds: [highValue.id, blacklisted.id] });
  await scan('full');
  await testDatabase.database.query.update(findings).set({ state: 'dismissed' });
  expect(await scan('full')).toMatchObject({ open: 0, new: 0, gone: 0 });
  await setTags(id, []);
  expect(await scan('full')).toMatchObject({ open: 0, gone: 1 });
  await setTags(id, [highValue.id, blacklisted.id]);
  expect(await scan('full')).toMatchObject({ open: 1, new: 1 });
});

test('an exception covers what it names until it ends, then the finding is warned of anew', async () => {
  await addCustomer({ ref: 'C-1', tagIds: [highValue.id, blacklisted.id] });
  const { query } = testDatabase.database;
  await query.insert(exceptions).values({
    ruleId: blacklistRuleId,
    firstTagId: highValue.id,
    reason: 'VIP under review',
    grantedBy: 'zhao-lin',
    grantedAt: nowMs,
    untilAt: nowMs + 1000,
  });
  expect(await scan('full')).toMatchObject({ open: 0, new: 1, opened: 0 });
  nowMs += 1000;
  expect(await scan('incremental')).toMatchObject({ open: 1, opened: 1 });
});

test('an exception for one customer leaves the others', async () => {
  const id = await addCustomer({ ref: 'C-1', tagIds: [highValue.id, blacklisted.id] });
  await addCustomer({ ref: 'C-2', tagIds: [highValue.id, blacklisted.id] });
  await scan('full');
  await testDatabase.database.query.insert(exceptions).values({
    ruleId: blacklistRuleId,
    customerId: id,
    reason: 'one only',
    grantedBy: 'zhao-lin',
    grantedAt: nowMs,
    untilAt: nowMs + 1000,
  });
  expect(await scan('full')).toMatchObject({ open: 1, new: 0, gone: 0 });
});

test('an incremental scan looks at what changed and what is due, and at nothing else', async () => {
  const since = startMs / 1000 - 89 * daySeconds;
  await addCustomer({ ref: 'C-1', tagIds: [newCustomer.id], since: [since] });
  await addCustomer({ ref: 'C-2', tagIds: [highValue.id] });
  nowMs += 60_000;
  expect(await scan('full')).toMatchObject({ open: 0, customers: 2 });
  nowMs = startMs + 3_600_000;
  expect(await scan('incremental')).toMatchObject({ open: 0, customers: 0 });
  nowMs = startMs + daySeconds * 1000 - 1;
  expect(await scan('incremental')).toMatchObject({ open: 0 });
  nowMs = startMs + daySeconds * 1000;
  // The tag's owner is nobody known: the first data admin has it.
  expect(await scan('incremental')).toMatchObject({ open: 1, customers: 1, opened: 1 });
  const changed = await addCustomer({ ref: 'C-3', tagIds: [highValue.id, blacklisted.id] });
  nowMs += 60_000;
  expect(await scan('incremental')).toMatchObject({ open: 2, customers: 1 });
  expect(await findingOf(changed)).toHaveLength(1);
});

test('what a failed scan was to look at is left to the next one', async () => {
  const since = startMs / 1000 - 89 * daySeconds;
  await addCustomer({ ref: 'C-1', tagIds: [newCustomer.id], since: [since] });
  await scan('full');
  nowMs = startMs + daySeconds * 1000;
  const scanId = await begin('incremental');
  const activities = build();
  await run(activities.planScan, { scanId });
  await run(activities.abandonScan, { scanId, state: 'failed', error: 'The source is down.' });
  expect(await scan('incremental')).toMatchObject({ open: 1, customers: 1 });
  const { query } = testDatabase.database;
  expect(await query.select().from(scanScopes)).toEqual([]);
  const [failed] = await query.select().from(scans).where(eq(scans.id, scanId));
  expect(failed).toMatchObject({ state: 'failed', error: 'The source is down.' });
});

test('after a change of the dictionary an incremental scan covers every customer', async () => {
  await addCustomer({ ref: 'C-1', tagIds: [highValue.id, blacklisted.id] });
  await scan('full');
  nowMs += 3_600_000;
  const { query } = testDatabase.database;
  await query.update(rules).set({ enabled: false }).where(eq(rules.id, blacklistRuleId));
  expect(await scan('incremental')).toMatchObject({ open: 0, gone: 1, customers: 1 });
  await query.update(rules).set({ enabled: true }).where(eq(rules.id, blacklistRuleId));
  expect(await scan('incremental')).toMatchObject({ open: 1, customers: 1 });
});

test('a shard that is done is not done again; one that was cut off is done anew', async () => {
  await addCustomer({ ref: 'C-1', tagIds: [highValue.id, blacklisted.id] });
  const activities = build();
  const scanId = await begin('full');
  const { nowSeconds } = await run(activities.planScan, { scanId });
  const order = { scanId, shard: 0, nowSeconds };
  const first = await run(activities.scanShard, order);
  await addCustomer({ ref: 'C-2', tagIds: [highValue.id, blacklisted.id] });
  expect(await run(activities.scanShard, order)).toEqual(first);
  await testDatabase.database.sql`update scan_shard set done_at = null`;
  await testDatabase.database.sql`update scan set customers = 0, assignments = 0`;
  await run(activities.scanShard, order);
  await run(activities.scanShard, order);
  expect(await run(activities.reconcile, { scanId })).toMatchObject({ new: 2 });
  expect(await run(activities.reconcile, { scanId })).toMatchObject({ new: 2, open: 2 });
});

test('a re-scan answers for its own customers, and an older scan does not undo what it saw', async () => {
  const fixed = await addCustomer({ ref: 'C-1', tagIds: [highValue.id, blacklisted.id] });
  const other = await addCustomer({ ref: 'C-2', tagIds: [highValue.id, blacklisted.id] });
  await scan('full');
  await projectWarnings();
  const activities = build();
  const olderId = await begin('full');
  const { nowSeconds } = await run(activities.planScan, { scanId: olderId });
  await run(activities.scanShard, { scanId: olderId, shard: 0, nowSeconds });

  const [warning] = await testDatabase.database.query.select().from(warnings);
  const warningId = warning?.id ?? 0;
  onRefresh = () => setTags(fixed, [blacklisted.id]);
  told = [];
  expect(await run(activities.rescan, { kind: 'warning', warningId })).toEqual({ customers: 1 });
  expect(refreshed).toEqual([[fixed, other]]);
  expect(told).toEqual([]);

  expect(await run(activities.reconcile, { scanId: olderId })).toMatchObject({ new: 0, gone: 0 });
  expect(await findingOf(fixed)).toMatchObject([{ state: 'gone' }]);
});

test('a re-scan opens the warning again when a conflict is back', async () => {
  const id = await addCustomer({ ref: 'C-1', tagIds: [highValue.id] });
  await addCustomer({ ref: 'C-2', tagIds: [highValue.id, blacklisted.id] });
  onRefresh = () => setTags(id, [highValue.id, blacklisted.id]);
  const { rescan } = build();
  expect(await run(rescan, { kind: 'customers', customerIds: [id] })).toEqual({ customers: 1 });
  expect(told).toMatchObject([{ customers: 1 }]);
});

test('a full scan counts the customers of every tag, known or not', async () => {
  await addCustomer({ ref: 'C-1', tagIds: [highValue.id, highValue.id], sources: [1, 2] });
  await addCustomer({ ref: 'C-2', tagIds: [highValue.id, 2_147_483_647] });
  await scan('full');
  const counts = await testDatabase.database.query
    .select()
    .from(tagCounts)
    .orderBy(tagCounts.tagId);
  expect(counts).toMatchObject([
    { tagId: highValue.id, customers: 2 },
    { tagId: 2_147_483_647, customers: 1 },
  ]);
});

test('customers beyond 2^31, one of them with 10,000 tags, are scanned, counted and scanned again when they change', async () => {
  const { sql } = testDatabase.database;
  const many = Array.from({ length: 10_000 }, (_, index) => 1_000_000 + index);
  const overloaded = await addCustomer({ ref: 'C-1', tagIds: [highValue.id, ...many] });
  const conflicting = await addCustomer({ ref: 'C-2', tagIds: [highValue.id, blacklisted.id] });
  const beyond = 5_000_000_000;
  await sql`update mirror_customer set id = id + ${beyond}`;
  nowMs += 60_000;
  expect(await scan('full')).toMatchObject({ open: 1, customers: 2 });
  expect(await findingOf(beyond + conflicting)).toMatchObject([{ state: 'open' }]);
  const counted = async () => {
    const [row] = await sql`
      select count(*)::int as tags, sum(customers)::int as assignments from tag_count`;
    return row;
  };
  expect(await counted()).toEqual({ tags: 10_002, assignments: 10_003 });
  nowMs += 60_000;
  await setTags(beyond + overloaded, [highValue.id, blacklisted.id, ...many.slice(1)]);
  expect(await scan('incremental')).toMatchObject({ open: 2, new: 1, customers: 1 });
  expect(await counted()).toEqual({ tags: 10_001, assignments: 10_003 });
});

test('a shard tells with its heartbeats how many customers are done', async () => {
  const hasBeenHeard = new Promise<void>((resolve) => {
    heard = (details) => {
      if (details?.done === 7) resolve();
    };
  });
  const activities = build({
    runShard: async (_, { onProgress }) => {
      onProgress(7);
      await hasBeenHeard;
      return { customers: 7, assignments: 0 };
    },
    countPopulation: async () => {},
  });
  const order = { scanId: 1, shard: 0, nowSeconds: 0 };
  expect(await run(activities.scanShard, order)).toEqual({ customers: 7, assignments: 0 });
});

test('an empty CRM is scanned', async () => {
  expect(await scan('full')).toMatchObject({ open: 0, new: 0, gone: 0, customers: 0 });
});

test('two streams in a row, each slowed by its reader, give every customer', async () => {
  const { sql } = testDatabase.database;
  await sql`
    insert into mirror_customer (ref, name, numbers, texts, tag_ids, since_seconds, actor_ids,
      source_ids, import_ids, changed_at)
    select 'C-' || n, 'customer ' || n, '{1,null}', '{华东,null}', '{1,2,3}', '{0,5,7}', '{0,0,0}',
      '{1,1,1}', '{0,0,0}', now() from generate_series(1, 20000) as n`;
  for (const attempt of [1, 2]) {
    const seen = new Set<number>();
    await streamCustomers(
      testDatabase.database,
      {
        fromId: 0,
        untilId: 1_000_000,
        scope: null,
        needs: { texts: true, origins: true, population: false },
      },
      {
        signal: new AbortController().signal,
        onCustomer: (customer) => seen.add(customer.customerId),
        afterChunk: () => new Promise((resolve) => setImmediate(resolve)),
      },
    );
    expect([attempt, seen.size]).toEqual([attempt, 20_000]);
  }
});

test('a cancelled stream ends with the reason, and its connection with it', async () => {
  await addCustomer({ ref: 'C-1', tagIds: [1] });
  const controller = new AbortController();
  const stream = streamCustomers(
    testDatabase.database,
    {
      fromId: 0,
      untilId: 1_000_000,
      scope: null,
      needs: { texts: true, origins: true, population: false },
    },
    {
      signal: controller.signal,
      onCustomer: () => controller.abort(new Error('enough')),
      afterChunk: async () => {},
    },
  );
  await expect(stream).rejects.toThrow('enough');
});

function build(runner?: ScanDependencies['runner']) {
  return createScanActivities({
    ...(runner === undefined ? {} : { runner }),
    database: testDatabase.database,
    refreshCustomers: async (customerIds) => {
      refreshed.push([...customerIds].sort((left, right) => left - right));
      await onRefresh();
    },
    warningStarter: {
      startOrSignal: async (news) => {
        told.push(news);
      },
    },
    now: () => nowMs,
  });
}

function run<Args extends readonly unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
  ...args: Args
): Promise<Result> {
  const environment = new MockActivityEnvironment({
    workflowExecution: { workflowId: 'scan', runId: `run-${runs}` },
    heartbeatTimeoutMs: 200,
  });
  environment.on('heartbeat', (details: { readonly done: number } | undefined) => heard(details));
  return environment.run(activity, ...args);
}

async function begin(kind: 'full' | 'incremental'): Promise<number> {
  runs += 1;
  const { scanId } = await run(build().beginScan, { kind, requestedBy: null });
  return scanId;
}

async function scan(kind: 'full' | 'incremental') {
  const activities = build();
  const scanId = await begin(kind);
  const { shards, nowSeconds } = await run(activities.planScan, { scanId });
  for (let shard = 0; shard < shards; shard += 1) {
    await run(activities.scanShard, { scanId, shard, nowSeconds });
  }
  const counts = await run(activities.reconcile, { scanId });
  const announced = await run(activities.announce, { scanId });
  await run(activities.finishScan, { scanId });
  const { query } = testDatabase.database;
  const [row] = await query.select().from(scans).where(eq(scans.id, scanId));
  return { ...counts, ...announced, customers: row?.customers };
}

/** As the warnings' workflows would: they take what they were told. */
async function projectWarnings(): Promise<void> {
  for (const news of told) {
    await testDatabase.database.query
      .update(warnings)
      .set({ customers: news.customers, version: 2 })
      .where(eq(warnings.id, news.warningId));
  }
}

async function addCustomer(input: {
  readonly ref: string;
  readonly tagIds: readonly number[];
  readonly since?: readonly number[];
  readonly sources?: readonly number[];
}): Promise<number> {
  const none = input.tagIds.map(() => 0);
  const [row] = await testDatabase.database.query
    .insert(mirrorCustomers)
    .values({
      ref: input.ref,
      name: input.ref,
      numbers: [],
      texts: [],
      tagIds: [...input.tagIds],
      sinceSeconds: [...(input.since ?? none)],
      actorIds: none,
      sourceIds: [...(input.sources ?? input.tagIds.map(() => 1))],
      importIds: none,
      presentIn: [1],
      changedAt: nowMs,
    })
    .returning({ id: mirrorCustomers.id });
  return row?.id ?? 0;
}

async function setTags(customerId: number, tagIds: readonly number[]): Promise<void> {
  const none = tagIds.map(() => 0);
  await testDatabase.database.query
    .update(mirrorCustomers)
    .set({
      tagIds: [...tagIds],
      sinceSeconds: none,
      actorIds: none,
      sourceIds: tagIds.map(() => 1),
      importIds: none,
      changedAt: nowMs,
    })
    .where(eq(mirrorCustomers.id, customerId));
}

function findingOf(customerId: number) {
  return testDatabase.database.query
    .select()
    .from(findings)
    .where(eq(findings.customerId, customerId))
    .orderBy(findings.id);
}
