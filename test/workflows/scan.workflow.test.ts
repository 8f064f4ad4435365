import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createCandidateActivities } from '../../activities/candidates.ts';
import { createScanRunner, type ScanRunner } from '../../activities/scan-runner.ts';
import { createRetentionActivities } from '../../activities/retention.ts';
import { createScanActivities } from '../../activities/scan.ts';
import { createTagImportActivities } from '../../activities/tag-import.ts';
import type { SyncActivities } from '../../activities/sync.ts';
import type { CommandContext } from '../../commands/context.ts';
import { proposeRuleChanges } from '../../commands/propose-rule-changes.ts';
import { bringTagTable, stopTagTable, takeInTagTable } from '../../commands/import-tags.ts';
import { startScan } from '../../commands/start-scan.ts';
import { mirrorCustomers } from '../../db/schema/mirror.ts';
import { scans } from '../../db/schema/scans.ts';
import { requests, warnings } from '../../db/schema/warnings.ts';
import { appendAudit } from '../../db/stores/audit.ts';
import { readCandidateProgress } from '../../db/stores/candidates.ts';
import { readScan } from '../../db/stores/console.ts';
import { loadDictionary } from '../../db/stores/dictionary.ts';
import type { WarningNews } from '../../db/stores/findings.ts';
import { tagwardenCode } from '../../domain/person.ts';
import {
  candidatesWorkflowId,
  scanWorkflowId,
  tagImportWorkflowId,
  taskQueues,
} from '../../workflows/messages.ts';
import { blacklisted, dataAdmin, highValue, liLei, settleCompany } from '../support/company.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { recordHistory } from '../support/stored-history.ts';
import { createTimeSkippingEnvironment } from '../support/temporal.ts';
import { sharedWorkflowBundle } from '../support/workflow-bundle.ts';

const nowMs = Date.UTC(2026, 10, 22, 1);
const dayMs = 86_400_000;

let environment: TestWorkflowEnvironment;
let testDatabase: TestDatabase;
let workers: readonly Worker[];
let running: Promise<unknown>;
let context: CommandContext;
let told: WarningNews[] = [];
let shardFailures = 0;
let shardFailsForGood = false;
let beforeShard: () => Promise<void>;
let opinionsFail: boolean;
let searchFailures = 0;
let syncSource: SyncActivities['syncSource'];
let takeInTable: ScanRunner['takeInTable'];

const nothingRead = { customers: 0, assignments: 0, rejected: 0, removed: 0 };

beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
  testDatabase = await createTestDatabase();
  const { database } = testDatabase;
  await settleCompany(database);
  context = { database, temporal: environment.client, now: () => nowMs };
  const runner = createScanRunner(database);
  const scanActivities = createScanActivities({
    database,
    refreshCustomers: async () => {},
    warningStarter: {
      startOrSignal: async (news) => {
        told.push(news);
      },
    },
    now: () => nowMs,
    runner: {
      ...runner,
      runShard: async (order, control) => {
        const words = 'customer 王芳 13800000000 broke it';
        await beforeShard();
        if (shardFailsForGood) throw ApplicationFailure.nonRetryable(words);
        if (shardFailures > 0) {
          shardFailures -= 1;
          throw new Error(words);
        }
        return runner.runShard(order, control);
      },
    },
  });
  const candidateActivities = createCandidateActivities({
    database,
    languageModel: null,
    embedder: null,
    runner: {
      findCandidates: async (atMs) => {
        if (searchFailures > 0) {
          searchFailures -= 1;
          throw new Error('The search broke.');
        }
        await runner.findCandidates(atMs);
      },
    },
    now: () => nowMs,
  });
  const syncActivities: Pick<SyncActivities, 'listSources' | 'syncSource'> = {
    listSources: async () => ['crm'],
    syncSource: (input) => syncSource(input),
  };
  const activities = {
    ...scanActivities,
    ...candidateActivities,
    proposeRuleChanges: () => proposeRuleChanges(context),
    askForOpinions: async () => {
      if (opinionsFail) throw new Error('The endpoint is lost.');
      return candidateActivities.askForOpinions();
    },
    ...syncActivities,
    ...createRetentionActivities({ database, now: () => nowMs }),
    ...createTagImportActivities({
      database,
      runner: { takeInTable: (order, control) => takeInTable(order, control) },
      now: () => nowMs,
    }),
  };
  const connection = environment.nativeConnection;
  workers = await Promise.all([
    Worker.create({
      connection,
      taskQueue: taskQueues.scans,
      workflowBundle: sharedWorkflowBundle(),
      activities,
    }),
    Worker.create({ connection, taskQueue: taskQueues.threads, activities }),
  ]);
  running = Promise.all(workers.map((worker) => worker.run()));
});

afterAll(async () => {
  for (const worker of workers) worker.shutdown();
  await running;
  await environment.teardown();
  await testDatabase.drop();
});

beforeEach(async () => {
  // What the test before set off by itself.
  await candidatesHandle()
    .result()
    .catch(() => undefined);
  told = [];
  shardFailures = 0;
  shardFailsForGood = false;
  beforeShard = async () => {};
  searchFailures = 0;
  opinionsFail = false;
  syncSource = async () => nothingRead;
  const { sql, query } = testDatabase.database;
  await sql`truncate candidate_search, mirror_customer, scan, scan_shard, scan_scope, finding, warning cascade`;
  await query.insert(mirrorCustomers).values({
    ref: 'C-1',
    name: 'C-1',
    numbers: [],
    texts: [],
    tagIds: [highValue.id, blacklisted.id],
    sinceSeconds: [0, 0],
    actorIds: [0, 0],
    sourceIds: [1, 1],
    importIds: [0, 0],
    presentIn: [1],
    changedAt: nowMs,
  });
});

test('a data admin starts a scan; whoever asks meanwhile joins it', async () => {
  const gate = deferred();
  syncSource = async () => {
    await gate.promise;
    return nothingRead;
  };
  const started = await startScan(context, admin(), { kind: 'full' });
  expect(started.kind).toBe('done');
  const joined = await startScan(context, admin(), { kind: 'incremental' });
  expect(joined).toEqual({ ...started, kind: 'unchanged' });
  gate.resolve();
  const outcome: unknown = await result();
  expect(outcome).toMatchObject({ findingsOpen: 1, findingsNew: 1, warningsOpened: 1 });
  expect(told).toMatchObject([{ customers: 1 }]);
  const [row] = await testDatabase.database.query.select().from(scans);
  expect(row).toMatchObject({ kind: 'full', state: 'done', requestedBy: dataAdmin.code });
  await recordHistory('scan-joined', scanHandle());
});

test('nobody else may start one', async () => {
  const answer = await startScan(context, { person: liLei, through: 'cli' }, { kind: 'full' });
  expect(answer).toEqual({ kind: 'refused', refusal: { kind: 'role-needed', role: 'data-admin' } });
});

test('a shard that fails is done again', async () => {
  shardFailures = 2;
  await startScan(context, admin(), { kind: 'full' });
  expect(await result()).toMatchObject({ findingsOpen: 1 });
});

test('as many shards are done at the same time as there are threads for', async () => {
  const shards = 9;
  const { query } = testDatabase.database;
  const near = await query.select().from(mirrorCustomers);
  // Shards are ranges of ids, of 500,000 at most.
  const far = near.map((row) => ({ ...row, id: row.id + (shards - 1) * 500_000, ref: 'C-far' }));
  await query.insert(mirrorCustomers).values(far);
  const all = deferred();
  let begun = 0;
  beforeShard = async () => {
    begun += 1;
    if (begun === shards) all.resolve();
    await all.promise;
  };
  await startScan(context, admin(), { kind: 'full' });
  await result();
  expect(begun).toBe(shards);
  await recordHistory('scan-of-many-shards', scanHandle());
});

test('a scan of what changed counts it beside the shards', async () => {
  await startScan(context, admin(), { kind: 'full' });
  await result();
  await candidatesHandle().result();
  const { query, sql } = testDatabase.database;
  await query.update(mirrorCustomers).set({
    tagIds: [blacklisted.id],
    sinceSeconds: [0],
    actorIds: [0],
    sourceIds: [1],
    importIds: [0],
  });
  await startScan(context, admin(), { kind: 'incremental' });
  expect(await result()).toMatchObject({ findingsOpen: 0, findingsGone: 1 });
  const [row] = await query.select().from(scans).where(eq(scans.kind, 'incremental'));
  expect(row).toMatchObject({ state: 'done', coversAll: false, customers: 1 });
  const counts = await sql`select tag_id, customers from tag_count`;
  expect([...counts]).toEqual([{ tag_id: blacklisted.id, customers: 1 }]);
  await recordHistory('scan-of-changes', scanHandle());
});

test('once a full scan is done, the dictionary is looked over by itself', async () => {
  searchFailures = 2;
  await startScan(context, admin(), { kind: 'full' });
  await result();
  const handle = candidatesHandle();
  await handle.result();
  expect(await readCandidateProgress(testDatabase.database)).toMatchObject({
    last: { endedAtMs: nowMs },
    failedAtMs: null,
  });
  await recordHistory('scan-then-candidates', scanHandle());
  await recordHistory('candidates-found', handle);
});

test('a rule that people found wrong again and again is brought before the committee, once', async () => {
  const { query, sql } = testDatabase.database;
  const [rule] = await sql<{ id: number; code: string }[]>`
    select id, code from rule where enabled and not removed order by id limit 1`;
  if (rule === undefined) throw new Error('The company has no rule.');
  await sql`
    insert into warning (fingerprint, rule_id, rule_code, severity, owner_code, state, state_body, level, snoozes,
      customers, opened_at, closed_at, claim_due_at, close_due_at, version)
    select 'w' || n, ${rule.id}, ${rule.code}, 'high', 'li-lei', 'closed',
      '{"kind": "closed", "reason": "not-a-conflict"}', 0, 0, 1, now(), now(), now(), now(), 2
    from generate_series(1, 12) n`;
  const dismissed = await query.select({ id: warnings.id }).from(warnings);
  await query.transaction((transaction) =>
    appendAudit(
      transaction,
      dismissed.map(({ id }) => ({
        actorCode: 'li-lei',
        through: 'slack',
        action: 'warning.closed',
        subjectKind: 'warning',
        subjectId: String(id),
        before: null,
        after: { dismissReason: 'rule-wrong' },
      })),
      nowMs,
    ),
  );
  for (let night = 1; night <= 2; night += 1) {
    await startScan(context, admin(), { kind: 'full' });
    await result();
    await candidatesHandle().result();
  }
  const asked = await query.select().from(requests);
  expect(asked).toMatchObject([
    {
      requesterCode: tagwardenCode,
      state: 'voting',
      proposal: {
        kind: 'change-rule',
        before: { code: rule.code, enabled: true },
        after: { code: rule.code, enabled: false },
        learned: { right: 0, wrong: 12 },
      },
    },
  ]);
  await query.update(requests).set({
    state: 'rejected',
    stateBody: { kind: 'rejected', atMs: nowMs - 29 * dayMs, reason: 'votes' },
  });
  expect(await proposeRuleChanges(context)).toBe(0);
  await query.update(requests).set({
    stateBody: { kind: 'rejected', atMs: nowMs - 31 * dayMs, reason: 'votes' },
  });
  expect(await proposeRuleChanges(context)).toBe(1);
  await recordHistory('candidates-after-rules', candidatesHandle());
});

test('opinions that cannot be had leave what was found as it is', async () => {
  opinionsFail = true;
  await startScan(context, admin(), { kind: 'full' });
  await result();
  await candidatesHandle().result();
  expect(await readCandidateProgress(testDatabase.database)).toMatchObject({ failedAtMs: null });
  await recordHistory('candidates-without-opinions', candidatesHandle());
});

test('a look over the dictionary that keeps failing is told and fails no scan', async () => {
  searchFailures = Number.POSITIVE_INFINITY;
  await startScan(context, admin(), { kind: 'full' });
  expect(await result()).toMatchObject({ findingsOpen: 1 });
  const handle = candidatesHandle();
  await handle.result();
  expect(await readCandidateProgress(testDatabase.database)).toEqual({
    first: null,
    last: null,
    failedAtMs: nowMs,
  });
  await recordHistory('candidates-failed', handle);
});

test('a source that needs an admin fails the scan with what to do', async () => {
  const words = 'Source "crm" refuses the password. Check CRM_URL.';
  syncSource = async () => {
    throw ApplicationFailure.nonRetryable(words, 'source-auth');
  };
  expect(await failedScan()).toMatchObject({ state: 'failed', error: words });
  await recordHistory('scan-failed', scanHandle());
});

test('what any other failure says stays in the log', async () => {
  shardFailsForGood = true;
  expect(await failedScan()).toMatchObject({
    state: 'failed',
    error: "The step scanShard failed. The worker's log says why.",
  });
});

test('a cancelled scan is recorded as cancelled and changes no finding', async () => {
  const reading = deferred();
  const letGo = deferred();
  syncSource = async () => {
    reading.resolve();
    await letGo.promise;
    return nothingRead;
  };
  const started = await startScan(context, admin(), { kind: 'full' });
  await reading.promise;
  await scanHandle().cancel();
  await expect(result()).rejects.toThrow();
  letGo.resolve();
  const scanId = started.kind === 'refused' ? 0 : started.scanId;
  expect(await readScan(testDatabase.database.sql, scanId)).toMatchObject({
    state: 'cancelled',
    error: null,
  });
  const open = await testDatabase.database.sql`select id from finding`;
  expect([...open]).toEqual([]);
  await recordHistory('scan-cancelled', scanHandle());
});

test('a scan that is due runs under the one id; while one runs, there is nothing to do', async () => {
  const gate = deferred();
  syncSource = async () => {
    await gate.promise;
    return nothingRead;
  };
  const due = (number: number) =>
    environment.client.workflow.start('scheduledScan', {
      workflowId: `scheduled-scan-${number}`,
      taskQueue: taskQueues.scans,
      args: [{ kind: 'full', requestedBy: null }],
    });
  const first = await due(1);
  await expect.poll(() => testDatabase.database.query.$count(scans)).toBe(1);
  const second = await due(2);
  await second.result();
  gate.resolve();
  await first.result();
  const rows = await testDatabase.database.query.select().from(scans);
  expect(rows).toMatchObject([{ kind: 'full', state: 'done', requestedBy: null }]);
  await recordHistory('scheduled-scan-run', first);
  await recordHistory('scheduled-scan-left-out', second);
});

test('in the night what has been over for long enough goes', async () => {
  const { sql } = testDatabase.database;
  for (const expiresAt of [nowMs - 31 * 86_400_000, nowMs + 1]) {
    await sql`
      insert into session (token_hash, person_code, created_at, expires_at)
      values (${String(expiresAt)}, 'li-lei', ${nowMs}, ${expiresAt})`;
  }
  const handle = await environment.client.workflow.start('retention', {
    workflowId: 'retention',
    taskQueue: taskQueues.scans,
  });
  await handle.result();
  const left = await sql`select token_hash from session`;
  expect(left.map((row) => row['token_hash'])).toEqual([String(nowMs + 1)]);
  await recordHistory('retention-night', handle);
});

async function failedScan() {
  const started = await startScan(context, admin(), { kind: 'full' });
  await expect(result()).rejects.toThrow();
  const scanId = started.kind === 'refused' ? 0 : started.scanId;
  const [row] = await testDatabase.database.query.select().from(scans).where(eq(scans.id, scanId));
  return row;
}

function admin() {
  return { person: dataAdmin, through: 'console' } as const;
}

function scanHandle() {
  return environment.client.workflow.getHandle(scanWorkflowId);
}

function candidatesHandle() {
  return environment.client.workflow.getHandle(candidatesWorkflowId);
}

function result(): Promise<unknown> {
  return scanHandle().result();
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

test('a table of tags that is stopped or fails leaves nothing written, and is taken in another time', async () => {
  const { database } = testDatabase;
  const runner = createScanRunner(database);
  const bringer = { person: dataAdmin, through: 'console' } as const;
  const bytes = new TextEncoder().encode(
    `编码,名称,定义,类别,责任人\nbrought,带来的标签,一条定义,行为,${liLei.code}\n`,
  );
  const defaults = { ownerCode: null, category: null };
  const brought = await bringTagTable(context, bringer, { name: 'a.csv', bytes, defaults });
  if (brought.kind === 'refused') throw new Error(brought.refusal.kind);
  const { importId } = brought;
  const handle = () => environment.client.workflow.getHandle(tagImportWorkflowId(importId));
  const order = { importId, rows: 'all', waitMs: 0 } as const;
  const waitMs = 60_000;

  takeInTable = (_order, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  expect(await takeInTagTable(context, bringer, order)).toMatchObject({
    kind: 'done',
    brought: { taking: { kind: 'running', written: 0, toWrite: 1 } },
  });
  expect(await takeInTagTable(context, bringer, order)).toMatchObject({ kind: 'unchanged' });
  expect(await stopTagTable(context, bringer, { importId, waitMs })).toMatchObject({
    kind: 'done',
    brought: { taking: { kind: 'stopped', by: dataAdmin.code }, outcome: null },
  });
  await handle().result();
  await recordHistory('tag-import-stopped', handle());
  expect(await stopTagTable(context, bringer, { importId, waitMs })).toMatchObject({
    kind: 'unchanged',
  });

  takeInTable = async () => {
    throw ApplicationFailure.nonRetryable('It broke.');
  };
  expect(await takeInTagTable(context, bringer, { ...order, waitMs })).toMatchObject({
    brought: { taking: { kind: 'failed' }, outcome: null },
  });
  await handle().result();
  const { tags } = await loadDictionary(database.query);
  expect(tags.some(({ code }) => code === 'brought')).toBe(false);

  takeInTable = (work, control) => runner.takeInTable(work, control);
  expect(await takeInTagTable(context, bringer, { ...order, waitMs })).toMatchObject({
    brought: { taking: null, outcome: { counts: { added: 1 } } },
  });
  await handle().result();
  await recordHistory('tag-import-taken-in', handle());
  const trail = await database.sql<{ action: string }[]>`
    select action from audit_row where subject_kind = 'tag-import' order by id`;
  expect(trail.map(({ action }) => action.replace('tag-import.', ''))).toEqual([
    'brought',
    'begun',
    'stopped',
    'begun',
    'failed',
    'begun',
    'taken-in',
  ]);
});
