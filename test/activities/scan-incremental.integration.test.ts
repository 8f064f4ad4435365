import { MockActivityEnvironment } from '@temporalio/testing';
import * as fastCheck from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createScanRunner, type ScanRunner } from '../../activities/scan-runner.ts';
import { openScanThreads, type ScanThreads } from '../../activities/scan-threads.ts';
import { createScanActivities } from '../../activities/scan.ts';
import { rules, tags } from '../../db/schema/dictionary.ts';
import { mirrorActors } from '../../db/schema/mirror.ts';
import { departments } from '../../db/schema/people.ts';
import { loadPairCounts } from '../../db/stores/population.ts';
import { buildTag } from '../support/builders.ts';
import { blacklisted, highValue, liLei, settleCompany } from '../support/company.ts';
import { buildRule } from '../support/customers.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import '../support/temporal.ts';

const startMs = Date.UTC(2026, 10, 22, 1);
const hourMs = 3_600_000;

const shortLived = buildTag({
  id: 900,
  code: 'short-lived',
  lifeDays: 1,
  departmentCodes: ['sales'],
});
const lifeRule = buildRule({ kind: 'time-to-live', id: 7, code: 'tag-life', tagCodes: [] });
const scopeRule = buildRule({ kind: 'scope', id: 8, code: 'tag-scope', tagCodes: [] });
/** Of the sources, whom they call as Tagwarden does. */
const liLeiActor = 9;
const tagIds = [highValue.id, blacklisted.id, shortLived.id, 70_000, 2_147_483_647];

let testDatabase: TestDatabase;
let threads: ScanThreads;
let nowMs = startMs;
let runs = 0;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { query } = testDatabase.database;
  await settleCompany(testDatabase.database);
  await query.insert(tags).values(shortLived);
  await query.insert(rules).values(
    [lifeRule, scopeRule].map((rule) => {
      const { id, code, kind, enabled } = rule;
      return { id, code, kind, enabled, body: rule, version: 1 };
    }),
  );
  await query
    .insert(departments)
    .values({ code: 'elsewhere', name: { 'zh-CN': '别处', en: 'Elsewhere' } });
  await query.insert(mirrorActors).values({ id: liLeiActor, name: liLei.name['zh-CN'] });
  threads = openScanThreads({ databaseUrl: testDatabase.url, threads: 2 });
});

afterAll(async () => {
  await threads.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  nowMs = startMs;
  await empty();
});

/** Rules, tags and people as they were settled. */
const settled: readonly Change[] = [
  ...[1, lifeRule.id, scopeRule.id].map(
    (ruleId) => ({ kind: 'rule', ruleId, enabled: true }) as const,
  ),
  { kind: 'life', days: 1 },
  { kind: 'move', departmentCode: 'sales' },
];

interface Assignment {
  readonly tagId: number;
  readonly sourceId: number;
  readonly importId: number;
  readonly actorId: number;
  /** How long ago it was put on. */
  readonly hours: number;
}

type Change =
  | { readonly kind: 'put'; readonly customer: number; readonly assignments: readonly Assignment[] }
  | { readonly kind: 'delete'; readonly customer: number }
  | { readonly kind: 'wait'; readonly hours: number }
  | { readonly kind: 'rule'; readonly ruleId: number; readonly enabled: boolean }
  | { readonly kind: 'life'; readonly days: number }
  | { readonly kind: 'move'; readonly departmentCode: string }
  | { readonly kind: 'scan'; readonly how: 'incremental' | 'full' };

const customer = fastCheck.nat(7);
const assignments = fastCheck.uniqueArray(
  fastCheck.record({
    tagId: fastCheck.constantFrom(...tagIds),
    sourceId: fastCheck.constantFrom(1, 2),
    importId: fastCheck.constantFrom(0, 0, 5, 6),
    actorId: fastCheck.constantFrom(0, liLeiActor),
    hours: fastCheck.nat(30),
  }),
  { maxLength: 6, selector: ({ tagId, sourceId }) => `${tagId}/${sourceId}` },
);
const anyChange: fastCheck.Arbitrary<Change> = fastCheck.oneof(
  {
    weight: 6,
    arbitrary: fastCheck.record({ kind: fastCheck.constant('put'), customer, assignments }),
  },
  { weight: 1, arbitrary: fastCheck.record({ kind: fastCheck.constant('delete'), customer }) },
  {
    weight: 1,
    arbitrary: fastCheck.record({
      kind: fastCheck.constant('wait'),
      hours: fastCheck.integer({ min: 1, max: 20 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fastCheck.oneof(
      fastCheck.record({
        kind: fastCheck.constant('rule' as const),
        ruleId: fastCheck.constantFrom(1, lifeRule.id, scopeRule.id),
        enabled: fastCheck.boolean(),
      }),
      fastCheck.record({
        kind: fastCheck.constant('life' as const),
        days: fastCheck.constantFrom(1, 2),
      }),
      fastCheck.record({
        kind: fastCheck.constant('move' as const),
        departmentCode: fastCheck.constantFrom('sales', 'elsewhere'),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fastCheck.record({
      kind: fastCheck.constant('scan'),
      how: fastCheck.constantFrom('incremental', 'incremental', 'full'),
    }),
  },
);

test('whatever changes on customers, rules, tags and people, an incremental scan finds and counts what a full scan does', async () => {
  const sequence = fastCheck.array(anyChange, { minLength: 40, maxLength: 60 });
  await fastCheck.assert(
    fastCheck.asyncProperty(sequence, async (changes) => {
      nowMs = startMs;
      await empty();
      for (const next of changes) await apply(next);
      await scan('incremental');
      const incremental = await readState();
      expect(await scan('full')).toMatchObject({ new: 0, gone: 0 });
      expect(await readState()).toEqual(incremental);
      for (const back of settled) await apply(back);
    }),
    { numRuns: 3 },
  );
}, 600_000);

test('an incremental scan over nothing new leaves no trace in the counts or their history', async () => {
  await apply({ kind: 'put', customer: 1, assignments: [assignment(highValue.id)] });
  await scan('full');
  const before = await readState();
  nowMs += hourMs;
  await scan('incremental');
  expect(await readState()).toEqual(before);
  expect(await testDatabase.database.sql`select from population_history`).toHaveLength(1);
  expect(await testDatabase.database.sql`select from population_change`).toHaveLength(0);
});

test('whoever moves to another department, or a source that becomes the master of a tag, brings a scan of every customer', async () => {
  const { sql } = testDatabase.database;
  const coversAll = async () => {
    nowMs += hourMs;
    await scan('incremental');
    const [row] = await sql<{ covers_all: boolean }[]>`
      select covers_all from scan order by id desc limit 1`;
    return row?.covers_all;
  };
  await apply({ kind: 'put', customer: 1, assignments: [assignment(highValue.id)] });
  await scan('full');
  await sql`update person set absences = ${sql.json([{ fromMs: nowMs, untilMs: nowMs + 1 }])}
    where code = 'li-lei'`;
  expect(await coversAll()).toBe(false);
  await sql`update person set department_code = 'elsewhere' where code = 'li-lei'`;
  expect(await coversAll()).toBe(true);
  await sql`insert into source (id, code, body) values (77, 'later', '{}')`;
  expect(await coversAll()).toBe(false);
  await sql`update source set body = ${sql.json({ masterTagCodes: ['high-value'] })} where id = 77`;
  expect(await coversAll()).toBe(true);
});

test('more changes than a stream holds at once are counted', async () => {
  const { sql } = testDatabase.database;
  await sql`
    insert into mirror_customer (ref, name, numbers, texts, tag_ids, since_seconds, actor_ids,
      source_ids, import_ids, present_in, changed_at)
    select 'C-' || n, 'customer ' || n, '{}', '{}', array_agg(t), array_agg(0), array_agg(0),
      array_agg(1), array_agg(5), '{1}', ${nowMs}
    from generate_series(1, 20000) as n, generate_series(1000, 1020) as t group by n`;
  await scan('full');
  await sql`
    update mirror_customer set tag_ids = tag_ids[2:], since_seconds = since_seconds[2:],
      actor_ids = actor_ids[2:], source_ids = source_ids[2:], import_ids = import_ids[2:],
      changed_at = ${nowMs}`;
  await scan('incremental', threads);
  const incremental = await readState();
  await scan('full');
  expect(await readState()).toEqual(incremental);
});

test('what scans moved since the last full one becomes one part once it outgrows it', async () => {
  const { sql } = testDatabase.database;
  const both = [assignment(highValue.id), assignment(blacklisted.id)];
  await apply({ kind: 'put', customer: 1, assignments: both });
  await scan('full');
  await apply({ kind: 'put', customer: 2, assignments: [...both, assignment(70_000)] });
  nowMs += hourMs;
  await scan('incremental');
  expect(await sql`select from pair_part where is_counted`).toHaveLength(2);
  const noPairsButLong = Buffer.alloc(1_000_001);
  await sql`insert into pair_part (scan_id, part, pairs, is_counted) values (2, 9, ${noPairsButLong}, true)`;
  await apply({ kind: 'put', customer: 1, assignments: [assignment(70_000), ...both] });
  nowMs += hourMs;
  await scan('incremental');
  expect(await sql`select from pair_part`).toHaveLength(1);
  const incremental = await readState();
  await scan('full');
  expect(await readState()).toEqual(incremental);
});

test('threads find and count what one thread does', async () => {
  const { sql } = testDatabase.database;
  await sql`
    insert into mirror_customer (ref, name, numbers, texts, tag_ids, since_seconds, actor_ids,
      source_ids, import_ids, present_in, changed_at)
    select 'C-' || n, 'customer ' || n, '{}', '{}', array[${highValue.id}, ${blacklisted.id}, 900]::int[],
      '{0,5,7}', '{0,0,0}', '{1,1,1}', array[0, n % 3, 0], '{1}', now()
    from generate_series(1, 3000) as n`;
  await sql`delete from mirror_customer where id % 7 = 0`;
  await scan('full');
  const alone = await readState();
  await sql`delete from finding`;
  const progress: number[] = [];
  await scan('full', {
    ...threads,
    runShard: (order, control) =>
      threads.runShard(order, { ...control, onProgress: (customers) => progress.push(customers) }),
  });
  expect(await readState()).toEqual(alone);
  expect(progress.at(-1)).toBe(3_000 - Math.floor(3_000 / 7));
});

test('a shard that fails in a thread says why, one that is cancelled ends with the reason, and others go on', async () => {
  const idle = { signal: new AbortController().signal, onProgress: () => {} };
  const missing = { scanId: 999, shard: 0, nowSeconds: 0 };
  await expect(threads.runShard(missing, idle)).rejects.toThrow('Scan 999 has no shard 0.');

  const scanId = await begin('full');
  const { nowSeconds } = await run(build().planScan, { scanId });
  const order = { scanId, shard: 0, nowSeconds };
  const controller = new AbortController();
  const cancelled = threads.runShard(order, { ...idle, signal: controller.signal });
  const other = threads.runShard(missing, idle);
  controller.abort(new Error('asked to stop'));
  await Promise.all([
    expect(cancelled).rejects.toThrow('asked to stop'),
    expect(other).rejects.toThrow('no shard'),
  ]);
  await expect(threads.runShard(order, idle)).resolves.toEqual({ customers: 0, assignments: 0 });
});

function assignment(tagId: number): Assignment {
  return { tagId, sourceId: 1, importId: 0, actorId: 0, hours: 0 };
}

async function empty(): Promise<void> {
  await testDatabase.database.sql`
    truncate mirror_customer, scan, scan_shard, scan_scope, scan_finding, scan_population, due_customer,
      tag_count, pair_part, departed_customer, tag_source_count, tag_import_count, population_base, population_change,
      population_history, finding, warning restart identity cascade`;
}

async function apply(change: Change): Promise<void> {
  const { sql } = testDatabase.database;
  switch (change.kind) {
    case 'wait':
      nowMs += change.hours * hourMs;
      return;
    case 'scan':
      await scan(change.how);
      return;
    case 'delete':
      await sql`delete from mirror_customer where ref = ${`C-${change.customer}`}`;
      return;
    case 'rule':
      await sql`
        update rule set enabled = ${change.enabled},
          body = body || jsonb_build_object('enabled', ${change.enabled}::boolean)
        where id = ${change.ruleId}`;
      return;
    case 'life':
      await sql`update tag set life_days = ${change.days} where id = ${shortLived.id}`;
      return;
    case 'move':
      await sql`update person set department_code = ${change.departmentCode} where code = ${liLei.code}`;
      return;
    case 'put': {
      const ref = `C-${change.customer}`;
      const ordered = change.assignments.toSorted(
        (a, b) => a.tagId - b.tagId || a.sourceId - b.sourceId,
      );
      const numbers = (of: (item: Assignment) => number) => `{${ordered.map(of).join(',')}}`;
      const since = numbers((item) => Math.floor((nowMs - item.hours * hourMs) / 1000));
      const sources = numbers((item) => item.sourceId);
      const present = new Set(change.assignments.map((item) => item.sourceId));
      const presentIn = `{${[1, 2].filter((id) => present.has(id)).join(',')}}`;
      await sql`
        insert into mirror_customer (ref, name, numbers, texts, tag_ids, since_seconds, actor_ids,
          source_ids, import_ids, present_in, changed_at)
        values (${ref}, ${ref}, '{}', '{}', ${numbers((item) => item.tagId)}::text::int[],
          ${since}::text::bigint[], ${numbers((item) => item.actorId)}::text::int[], ${sources}::text::smallint[],
          ${numbers((item) => item.importId)}::text::int[], ${presentIn}::text::smallint[], ${nowMs})
        on conflict (ref) do update set tag_ids = excluded.tag_ids, since_seconds = excluded.since_seconds,
          actor_ids = excluded.actor_ids, source_ids = excluded.source_ids, import_ids = excluded.import_ids,
          present_in = excluded.present_in, changed_at = excluded.changed_at`;
    }
  }
}

/** Everything that a scan finds and counts. */
async function readState() {
  const { sql } = testDatabase.database;
  const [state] = await sql`
    select
      (select json_agg(array[rule_id, customer_id, first_tag_id, second_tag_id]
        order by rule_id, customer_id, first_tag_id, second_tag_id) from finding where state = 'open') as findings,
      (select json_agg(array[tag_id, customers] order by tag_id) from tag_count) as tags,
      (select json_agg(array[tag_id, source_id, customers] order by tag_id, source_id)
        from tag_source_count) as sources,
      (select json_agg(array[tag_id, import_id, customers] order by tag_id, import_id)
        from tag_import_count) as imports,
      (select array[customers, assignments] from population_history
        order by counted_at desc, scan_id desc limit 1) as totals`;
  return { ...state, pairs: await loadPairCounts(sql) };
}

function build(runner: ScanRunner = createScanRunner(testDatabase.database)) {
  return createScanActivities({
    database: testDatabase.database,
    refreshCustomers: async () => {},
    warningStarter: { startOrSignal: async () => {} },
    now: () => nowMs,
    runner,
  });
}

function run<Args extends readonly unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
  ...args: Args
): Promise<Result> {
  return new MockActivityEnvironment({
    workflowExecution: { workflowId: 'scan', runId: `run-${runs}` },
  }).run(activity, ...args);
}

async function begin(kind: 'full' | 'incremental'): Promise<number> {
  runs += 1;
  const { scanId } = await run(build().beginScan, { kind, requestedBy: null });
  return scanId;
}

async function scan(kind: 'full' | 'incremental', runner?: ScanRunner) {
  const activities = build(runner);
  const scanId = await begin(kind);
  const { shards, nowSeconds, coversAll } = await run(activities.planScan, { scanId });
  const scanShards = async () => {
    for (let shard = 0; shard < shards; shard += 1) {
      await run(activities.scanShard, { scanId, shard, nowSeconds });
    }
  };
  const isCounted = !coversAll;
  await Promise.all([scanShards(), isCounted ? run(activities.countChanges, { scanId }) : null]);
  const counts = await run(activities.reconcile, { scanId, isCounted });
  await run(activities.finishScan, { scanId });
  return counts;
}
