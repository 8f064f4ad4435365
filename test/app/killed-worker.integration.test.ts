import type { Client, WorkflowHandle } from '@temporalio/client';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfigurationOrThrow, sampleDirectory } from '../../app/configuration.ts';
import { startTemporal, type TemporalServer } from '../../app/embedded/temporal.ts';
import { connectClient } from '../../app/temporal-client.ts';
import type { CommandContext } from '../../commands/context.ts';
import { fixWarning } from '../../commands/fix-warning.ts';
import { startScan } from '../../commands/start-scan.ts';
import { verifyAudit } from '../../db/stores/audit-verification.ts';
import { applyConfiguration } from '../../db/stores/configuration.ts';
import { loadPeople } from '../../db/stores/people.ts';
import type { ExpectedFinding } from '../../sample/crm/consequences.ts';
import { generateCrm } from '../../sample/crm/generate.ts';
import type { Manifest } from '../../sample/crm/manifest.ts';
import { warningWorkflowId } from '../../workflows/messages.ts';
import { isHeldUp, prepareSlowness, slowDown, speedUp } from '../faults/slow-source.ts';
import { openWorkers, type WorkerProcess, type Workers } from '../faults/workers.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';

/**
 * Workers as processes of their own that are killed at the worst moments, one after another, on one system. A lock
 * that the test holds, or a source that is slow, brings a worker to a stop at exactly such a moment. The workers are
 * production's, but that the dead are missed sooner. `npm run test:faults` kills them in every other place.
 */
const missedWithinMs = 240_000;
const testWithinMs = 2 * missedWithinMs;
const pollMs = 50;
const terminatedWithinMs = 10_000;
const customers = 2_000;
const batchCustomers = 5;
const farId = 200_000;
/** More than a scan of so few ids is cut into. */
const shardsMax = 8;
const ruleCode = 'high-value-x-blacklist';

let own: TestDatabase;
let crmDatabase: Awaited<ReturnType<typeof createEmptyDatabase>>;
let crm: postgres.Sql;
let temporal: TemporalServer;
let client: Client;
let directory: string;
let manifest: Manifest;
let context: CommandContext;
let workers: Workers;
/** The one that works; another one waits. */
let worker: WorkerProcess;
/** Works beside it in the last story. */
let other: WorkerProcess;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tagwarden-killed-worker-'));
  [own, crmDatabase, temporal] = await Promise.all([
    createTestDatabase(),
    createEmptyDatabase(),
    startTemporal({ directory, ui: false, say: () => {} }),
  ]);
  crm = postgres(crmDatabase.url, { max: 2, onnotice: () => {} });
  const company = await readConfigurationOrThrow(sampleDirectory);
  // Every write is looked for in one CRM.
  const sample = { ...company, sources: company.sources.slice(0, 1) };
  const { policy } = sample;
  const nowMs = Date.now();
  await applyConfiguration(
    own.database.query,
    { ...sample, policy: { ...policy, fix: { ...policy.fix, batchCustomers } } },
    { by: null, through: 'cli', nowMs },
  );
  manifest = await generateCrm({ url: crmDatabase.url, customers, nowMs, configuration: sample });
  await prepareSlowness(crm);
  client = await connectClient({
    address: temporal.address,
    namespace: null,
    apiKey: null,
    tls: null,
  });
  context = { database: own.database, temporal: client, now: Date.now };
  const variables = {
    DATABASE_URL: own.url,
    CRM_DATABASE_URL: crmDatabase.url,
    TEMPORAL_ADDRESS: temporal.address,
    LOG_LEVEL: 'error',
    SCAN_THREADS: '1',
  };
  workers = await openWorkers({ directory, variables });
});

afterAll(async () => {
  await workers.killAll();
  await client.connection.close();
  await temporal.stop();
  await crm.end();
  await crmDatabase.drop();
  await own.drop();
  await rm(directory, { recursive: true, force: true });
});

test(
  'a scan whose worker is killed over a shard, and again over its warnings, finds and tells everything once',
  async () => {
    const { sql } = own.database;
    worker = await workers.start();
    const reading = await hold(
      crm,
      (hand) => hand`lock table crm.customer in access exclusive mode`,
    );
    const scanId = await beginScan();
    // The shard's last step waits for this row, when all its findings are written and none is committed.
    const counting = await hold(
      sql,
      (hand) => hand`
        insert into scan_population (scan_id, shard, counts, change_id, last_customer_id)
        values (${scanId}, 0, '', 0, 0)`,
    );
    await reading.release();
    await counting.untilMet();
    expect(await count(sql`select count(*)::int from scan_finding`)).toBe(0);
    await kill();
    await counting.release();

    worker = await workers.start();
    await until('cards go out', async () => (await countTold()) >= 3);
    await kill();
    const told = await countTold();

    worker = await workers.start();
    await until('every warning has its card', async () => {
      const [open, withCard] = await Promise.all([countOpenWarnings(), countTold()]);
      return withCard > told && open === withCard;
    });
    await until(
      'the scan is over',
      async () => (await count(sql`select count(*)::int from scan where state = 'done'`)) === 1,
    );
    expect(told).toBeLessThan(await countOpenWarnings());
    expect(await openFindings()).toEqual(manifest.expectedFindings.map(keyOf).toSorted());
    await expectSoundWarnings();
  },
  testWithinMs,
);

test(
  'a fix whose worker is killed before a batch is written, and again before it is recorded, is written once',
  async () => {
    const { sql } = own.database;
    const warning = await findWarning();
    const planned = await customersOf(warning.id);
    expect(planned.length).toBeGreaterThan(2 * batchCustomers);
    // In the second batch.
    const [customerId, ref] = planned[batchCustomers + 2] ?? [0, ''];
    await slowDown(crm, ref);
    const started = await fixWarning(context, await actorOf(warning.owner_code), {
      warningId: warning.id,
      choice: { kind: 'all', resolution: 'keep-second' },
    });
    expect(started).toMatchObject({ kind: 'done' });
    await untilHeldUp();
    // Batches beside it go on.
    const rest = { changed: planned.length - batchCustomers, pending: batchCustomers };
    await expect.poll(outcomes, { interval: pollMs, timeout: missedWithinMs }).toEqual(rest);
    await kill();
    expect(await countDeletions()).toBe(planned.length - batchCustomers);

    worker = await workers.start();
    await untilHeldUp();
    const recording = await hold(
      sql,
      (hand) => hand`select from fix_item where customer_id = ${customerId} for update`,
    );
    await speedUp(crm);
    await recording.untilMet();
    // The CRM has the second batch, of which the fix does not know yet.
    expect(await countDeletions()).toBe(planned.length);
    expect(await outcomes()).toEqual(rest);
    await kill();
    await recording.release();
    expect(await outcomes()).toEqual(rest);

    worker = await workers.start();
    await until(
      'the warning closes',
      async () =>
        (await count(
          sql`select count(*)::int from warning where id = ${warning.id} and state = 'closed'`,
        )) === 1,
    );
    expect(await outcomes()).toEqual({ changed: planned.length });
    await expectCrmAsFixed();
    await expectWrittenOnce(planned.map(([, customerRef]) => customerRef));
    await until('the card says so', async () => {
      const cards = await sql`
        select from delivery d join warning w on w.id = d.subject_id and d.subject_kind = 'warning'
        where w.id = ${warning.id} and d.state = 'posted' and d.shown_version = w.version`;
      return cards.length === 1;
    });
    await expectSoundWarnings();
    const actions = await sql<{ action: string; times: number }[]>`
      select action, count(*)::int as times from audit_row
      where action in ('fix.written', 'warning.closed') group by 1 order by 1`;
    expect([...actions]).toEqual([
      { action: 'fix.written', times: 1 },
      { action: 'warning.closed', times: 1 },
    ]);
    expect((await verifyAudit(sql)).fault).toBeNull();
  },
  testWithinMs,
);

test('a worker that starts gives a lost workflow back to its warning and leaves the others alone', async () => {
  const [lost, kept] = await own.database.sql<{ fingerprint: string }[]>`
    select fingerprint from warning where state <> 'closed' order by id limit 2`;
  const handleOf = (warning: { fingerprint: string } | undefined) =>
    client.workflow.getHandle(warningWorkflowId(warning?.fingerprint ?? ''));
  await handleOf(lost).terminate();
  const before = await describeNews(handleOf(kept));
  other = await workers.start();
  expect((await handleOf(lost).describe()).status.name).toBe('RUNNING');
  expect(await describeNews(handleOf(kept))).toEqual(before);
});

test(
  'two workers with a thread each share one scan, and one does the shard of the other when that dies',
  async () => {
    const { sql } = own.database;
    // Ids so far apart are cut into two shards at least, with everybody but one in the first.
    await sql`select setval(pg_get_serial_sequence('mirror_customer', 'id'), ${farId})`;
    await crm`
      insert into crm.customer (id, name, channel, registered_at)
      select max(id) + 1, 'Far away', min(channel), now() from crm.customer`;
    const reading = await hold(
      crm,
      (hand) => hand`lock table crm.customer in access exclusive mode`,
    );
    const scanId = await beginScan();
    const counting = await hold(
      sql,
      (hand) => hand`
        insert into scan_population (scan_id, shard, counts, change_id, last_customer_id)
        select ${scanId}, shard, '', 0, 0 from generate_series(0, ${shardsMax}) as t(shard)`,
    );
    await reading.release();
    await counting.untilMet(worker);
    await counting.untilMet(other);
    await kill();
    await counting.release();
    await until(
      'the other one ends the scan',
      async () =>
        (await count(
          sql`select count(*)::int from scan where id = ${scanId} and state = 'done'`,
        )) === 1,
    );
    const [shards] = await sql<{ all: number; done: number; customers: number }[]>`
      select count(*)::int as all, count(done_at)::int as done, sum(customers)::int as customers
      from scan_shard where scan_id = ${scanId}`;
    expect(shards?.all).toBeGreaterThan(1);
    expect(shards).toMatchObject({ done: shards?.all, customers: customers + 1 });
    await expectSoundWarnings();
  },
  testWithinMs,
);

/** The run and how often it was told something; its own work may still go on. */
async function describeNews(handle: WorkflowHandle): Promise<readonly [string, number]> {
  const [{ runId }, { events }] = await Promise.all([handle.describe(), handle.fetchHistory()]);
  const signals = (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes);
  return [runId, signals.length];
}

/** As if its machine had lost power: what it had sent last is not done after all, either. */
async function kill(): Promise<void> {
  await worker.kill();
  for (const sql of [own.database.sql, crm]) {
    await sql`
      select pg_terminate_backend(pid, ${terminatedWithinMs}) from pg_stat_activity
      where ${isOfWorker(sql)}`;
  }
}

/** The connector names its connections itself. */
function isOfWorker(sql: postgres.Sql, { applicationName } = worker) {
  return sql`
    datname = current_database() and application_name in (${applicationName}, 'tagwarden')`;
}

function untilHeldUp(): Promise<void> {
  return until('the write comes to a customer that is held up', () => isHeldUp(crm));
}

interface Hold {
  /**
   * Waits until a statement of a worker waits for this very lock; others wait for each other all the time.
   * @default by the one that works
   */
  untilMet(by?: WorkerProcess): Promise<void>;
  release(): Promise<void>;
}

/** Keeps what the statement locks until it is released; nothing of it stays. */
async function hold(
  sql: postgres.Sql,
  statement: (hand: postgres.ReservedSql) => PromiseLike<unknown>,
): Promise<Hold> {
  const hand = await sql.reserve();
  await hand`begin`;
  await statement(hand);
  const [holder] = await hand<{ pid: number }[]>`select pg_backend_pid() as pid`;
  return {
    untilMet: (by = worker) =>
      until(
        'the worker meets the lock',
        async () =>
          (await count(sql`
            select count(*)::int from pg_stat_activity
            where ${isOfWorker(sql, by)} and ${holder?.pid ?? 0} = any (pg_blocking_pids(pid))`)) >
          0,
      ),
    release: async () => {
      await hand`rollback`;
      hand.release();
    },
  };
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await expect.poll(isSo, { message: what, interval: pollMs, timeout: missedWithinMs }).toBe(true);
}

async function count(query: PromiseLike<readonly postgres.Row[]>): Promise<number> {
  const [row] = await query;
  return Number(row?.['count']);
}

async function beginScan(): Promise<number> {
  const started = await startScan(context, await actorOf('hu-bin'), { kind: 'full' });
  if (started.kind === 'refused') throw new Error(`No scan: ${started.refusal.kind}.`);
  return started.scanId;
}

async function actorOf(code: string) {
  const person = (await loadPeople(own.database.query)).get(code);
  if (person === undefined) throw new Error(`The sample company has no ${code}.`);
  return { person, through: 'cli' } as const;
}

function countOpenWarnings(): Promise<number> {
  return count(own.database.sql`select count(*)::int from warning where state <> 'closed'`);
}

/** Warnings of which somebody has a card. */
function countTold(): Promise<number> {
  return count(own.database.sql`
    select count(distinct subject_id)::int as count from delivery
    where subject_kind = 'warning' and state = 'posted'`);
}

async function openFindings(): Promise<readonly string[]> {
  const rows = await own.database.sql<ExpectedFinding[]>`
    select r.code as "ruleCode", c.ref as "customerRef",
      coalesce(a.code, x.name) as "firstTagCode", coalesce(b.code, y.name) as "secondTagCode"
    from finding f join rule r on r.id = f.rule_id join mirror_customer c on c.id = f.customer_id
      left join tag a on a.id = f.first_tag_id left join tag b on b.id = f.second_tag_id
      left join mirror_tag x on x.tag_id = f.first_tag_id
      left join mirror_tag y on y.tag_id = f.second_tag_id
    where f.state = 'open'`;
  return rows.map(keyOf).toSorted();
}

function keyOf(finding: ExpectedFinding): string {
  const { ruleCode: code, customerRef, firstTagCode, secondTagCode } = finding;
  return [code, customerRef, firstTagCode ?? '-', secondTagCode ?? '-'].join(' / ');
}

/** No warning and no card is there twice, and each warning counts its customers right. */
async function expectSoundWarnings(): Promise<void> {
  const { sql } = own.database;
  const twice = await sql`select fingerprint from warning group by 1 having count(*) > 1`;
  const cardsTwice = await sql`
    select d.subject_id, i.person_code from inbox_item i join delivery d on d.id = i.delivery_id
    group by 1, 2 having count(*) > 1`;
  await until('every card stands', async () => {
    const undelivered = await sql`
      select d.id from delivery d left join inbox_item i on i.delivery_id = d.id
      where d.state <> 'posted' or i.delivery_id is null`;
    return undelivered.length === 0;
  });
  const miscounted = await sql`
    select w.id from warning w left join finding f on f.warning_id = w.id and f.state = 'open'
    group by w.id having count(distinct f.customer_id) <> w.customers`;
  expect({
    twice: [...twice],
    cardsTwice: [...cardsTwice],
    miscounted: [...miscounted],
  }).toEqual({ twice: [], cardsTwice: [], miscounted: [] });
}

async function findWarning(): Promise<{ readonly id: number; readonly owner_code: string }> {
  const [warning] = await own.database.sql<{ id: number; owner_code: string }[]>`
    select w.id, w.owner_code from warning w join rule r on r.id = w.rule_id
    where r.code = ${ruleCode} order by w.customers desc limit 1`;
  if (warning === undefined) throw new Error(`There is no warning of ${ruleCode}.`);
  return warning;
}

/** Mirror ids and refs, in the order in which a fix takes them. */
async function customersOf(warningId: number): Promise<readonly (readonly [number, string])[]> {
  const rows = await own.database.sql<{ id: number; ref: string }[]>`
    select distinct c.id, c.ref from finding f join mirror_customer c on c.id = f.customer_id
    where f.warning_id = ${warningId} and f.state = 'open' order by c.id`;
  return rows.map(({ id, ref }) => [id, ref]);
}

async function outcomes(): Promise<Readonly<Record<string, number>>> {
  const rows = await own.database.sql<{ outcome: string; items: number }[]>`
    select outcome, count(*)::int as items from fix_item group by 1`;
  return Object.fromEntries(rows.map(({ outcome, items }) => [outcome, items]));
}

function countDeletions(): Promise<number> {
  return count(crm`select count(*)::int from crm.deletion_log`);
}

async function expectCrmAsFixed(): Promise<void> {
  const recorded = await own.database.sql<{ ref: string; tags: string[] }[]>`
    select c.ref, array_agg(t.tag_ref order by t.tag_ref) as tags
    from fix_item i join mirror_customer c on c.id = i.customer_id
      join mirror_tag t on t.source_id = i.source_id and t.tag_id = any (i.after_tag_ids)
    group by c.ref order by c.ref`;
  const found = await crm<{ ref: string; tags: string[] }[]>`
    select customer_id::text as ref, array_agg(tag_id::text order by tag_id::text) as tags
    from crm.customer_tag where customer_id = any (${recorded.map(({ ref }) => ref)}::bigint[])
    group by 1 order by 1`;
  expect([...found]).toEqual([...recorded]);
}

/** One tag was taken from each of these, once, and nothing else was touched. */
async function expectWrittenOnce(refs: readonly string[]): Promise<void> {
  const taken = await crm<{ ref: string; times: number }[]>`
    select l.customer_id::text as ref, count(*)::int as times
    from crm.deletion_log l join crm.tag t on t.id = l.tag_id and t.code = 'HIGH_VALUE'
    group by 1`;
  expect(taken.map(({ ref, times }) => `${ref}: ${times}`).toSorted()).toEqual(
    refs.map((ref) => `${ref}: 1`).toSorted(),
  );
  expect(await countDeletions()).toBe(refs.length);
  const touched = await crm`
    select 1 from crm.customer_tag where updated_at > ${new Date(manifest.nowMs)}
    union all select 1 from crm.customer where updated_at > ${new Date(manifest.nowMs)}`;
  expect([...touched]).toEqual([]);
}
