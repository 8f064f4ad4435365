import { Context } from '@temporalio/activity';
import type { Database } from '../db/client.ts';
import { loadDictionary, loadPolicy } from '../db/stores/dictionary.ts';
import { inspectDictionary } from '../db/stores/dictionary-inspection.ts';
import {
  countCustomersWithFindings,
  countWarningCustomers,
  listFixCustomers,
  listWarningCustomers,
  listWarningNews,
  reconcileFindings,
  type ReconcileCounts,
  type WarningNews,
} from '../db/stores/findings.ts';
import { gatherFloods } from '../db/stores/floods.ts';
import { groupFindings } from '../db/stores/grouping.ts';
import { loadPeople } from '../db/stores/people.ts';
import type { Duty } from '../domain/duty.ts';
import * as scans from '../db/stores/scans.ts';
import type { RescanScope, ScanInput } from '../workflows/messages.ts';
import { whileAlive } from './heartbeat.ts';
import { onDuty } from './responders.ts';
import {
  createScanRunner,
  type ScanRunner,
  type ShardCounts,
  type ShardOrder,
} from './scan-runner.ts';

/** Tells a warning's workflow how many customers it has now, starting it where it does not run. */
export interface WarningStarter {
  startOrSignal(news: WarningNews): Promise<void>;
}

export interface ScanDependencies {
  readonly database: Database;
  /** Reads exactly these customers (mirror ids) from their sources into the mirror. */
  readonly refreshCustomers: (customerIds: readonly number[]) => Promise<void>;
  readonly warningStarter: WarningStarter;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Does the heavy part of full and incremental scans. @default in this thread */
  readonly runner?: Pick<ScanRunner, 'runShard' | 'countPopulation'>;
}

export type ScanActivities = ReturnType<typeof createScanActivities>;

/** Warnings told at the same time. */
const warningsAtOnce = 8;

/** Everything a scan does to the database, and the news it sends to warnings. Each activity may be repeated. */
export function createScanActivities(dependencies: ScanDependencies) {
  const { database, refreshCustomers, warningStarter, now } = dependencies;
  const runHere = createScanRunner(database);
  const runner = dependencies.runner ?? runHere;

  /** Records the scan of this workflow run; repeated, it answers with the same. */
  async function beginScan(input: ScanInput): Promise<{ readonly scanId: number }> {
    const { kind, requestedBy, through = 'system', actId } = input;
    const run = Context.current().info.workflowExecution;
    if (run === undefined) throw new Error('A scan is driven by a workflow.');
    const by = requestedBy === null ? null : { personCode: requestedBy, through };
    const { runId } = run;
    const scanId = await whileAlive(() =>
      scans.beginScan(database, { kind, by, actId, runId, nowMs: now() }),
    );
    return { scanId };
  }

  /** Cuts the customers that the scan answers for into shards 0 … `shards` − 1; all of them see them at `nowSeconds`. */
  async function planScan(input: { readonly scanId: number }): Promise<{
    readonly shards: number;
    readonly nowSeconds: number;
    /** Missing where a worker of an earlier version planned. */
    readonly coversAll?: boolean;
  }> {
    const nowMs = now();
    const plan = await whileAlive(() => scans.planScan(database.sql, input.scanId, nowMs));
    return { ...plan, nowSeconds: Math.floor(nowMs / 1000) };
  }

  async function scanShard(order: ShardOrder): Promise<ShardCounts> {
    const { cancellationSignal: signal } = Context.current();
    let done = 0;
    const onProgress = (customers: number) => {
      done = customers;
    };
    return whileAlive(
      () => runner.runShard(order, { signal, onProgress }),
      () => ({ done }),
    );
  }

  /** Moves the counts by what changed since they were taken, which needs nothing of the shards of a scan of some customers. */
  async function countChanges({ scanId }: { readonly scanId: number }): Promise<void> {
    await whileAlive(() => runner.countPopulation({ scanId, nowMs: now() }));
  }

  /** `isCounted`: by `countChanges`. @default false */
  async function reconcile(input: {
    readonly scanId: number;
    readonly isCounted?: boolean;
  }): Promise<ReconcileCounts> {
    return whileAlive(async () => {
      const nowMs = now();
      if (input.isCounted !== true) {
        await runner.countPopulation({ scanId: input.scanId, nowMs });
      }
      await inspectDictionary(database, { scanId: input.scanId, tagIds: null, nowMs });
      return reconcileFindings(database.sql, input.scanId, nowMs);
    });
  }

  /** Groups new findings into warnings and tells every warning whose customers changed. */
  async function announce(input: {
    readonly scanId: number;
  }): Promise<{ readonly opened: number; readonly told: number }> {
    const startedAtMs = await scans.scanStart(database.sql, input.scanId);
    return whileAlive(() => announceSince(startedAtMs, null));
  }

  async function finishScan(input: { readonly scanId: number }): Promise<void> {
    await whileAlive(() => scans.finishScan(database.sql, input.scanId, now()));
  }

  async function abandonScan(input: {
    readonly scanId: number;
    readonly state: 'failed' | 'cancelled';
    readonly error: string | null;
  }): Promise<void> {
    const { scanId, state, error } = input;
    await whileAlive(() => scans.abandonScan(database.sql, scanId, { state, error, nowMs: now() }));
  }

  /**
   * Reads exactly these customers from their sources, scans them, and opens or tells the other warnings it concerns.
   * Answers how many customers of the warning still have an open finding of it; for the other scopes, how many of the
   * customers have an open finding of any rule.
   */
  async function rescan(scope: RescanScope): Promise<{ readonly customers: number }> {
    const customerIds = await customersOf(scope);
    const askerId = scope.kind === 'warning' ? scope.warningId : null;
    if (customerIds.length > 0) {
      await whileAlive(async () => {
        const onCustomers = customerIds.filter((id) => id > 0);
        if (onCustomers.length > 0) await refreshCustomers(onCustomers);
        await scanAgain(customerIds, askerId);
      });
    }
    const customers =
      scope.kind === 'warning'
        ? await countWarningCustomers(database.sql, scope.warningId)
        : await countCustomersWithFindings(database.sql, customerIds);
    return { customers };
  }

  async function customersOf(scope: RescanScope): Promise<readonly number[]> {
    if (scope.kind === 'warning') return listWarningCustomers(database.sql, scope.warningId);
    if (scope.kind === 'fix') return listFixCustomers(database.sql, scope.fixId);
    return scope.customerIds;
  }

  async function scanAgain(customerIds: readonly number[], askerId: number | null): Promise<void> {
    const startedAtMs = now();
    const { scanId, shards } = await scans.beginRescan(database.sql, customerIds, startedAtMs);
    try {
      const nowSeconds = Math.floor(startedAtMs / 1000);
      const { cancellationSignal: signal } = Context.current();
      for (let shard = 0; shard < shards; shard += 1) {
        await runHere.runShard({ scanId, shard, nowSeconds }, { signal, onProgress: () => {} });
      }
      const tagIds = customerIds.filter((id) => id < 0).map((id) => -id);
      if (tagIds.length > 0) await inspectDictionary(database, { scanId, tagIds, nowMs: now() });
      await reconcileFindings(database.sql, scanId, now());
      await scans.finishScan(database.sql, scanId, now());
    } catch (error) {
      const end = { state: 'failed', error: 'The re-scan failed.', nowMs: now() } as const;
      await scans.abandonScan(database.sql, scanId, end);
      throw error;
    }
    await announceSince(startedAtMs, askerId);
  }

  /** The warning that asked hears its count as the answer. */
  async function announceSince(
    startedAtMs: number,
    askerId: number | null,
  ): Promise<{ readonly opened: number; readonly told: number }> {
    const [dictionary, people, policy] = await Promise.all([
      loadDictionary(database.query),
      loadPeople(database.query),
      loadPolicy(database.query),
    ]);
    const nowMs = now();
    const context = {
      dictionary,
      people,
      policy,
      nowMs,
      onDuty: (duty: Duty, turn: number) => onDuty(duty, { people, atMs: nowMs, turn }),
    };
    const opened = await groupFindings(database, context);
    await gatherFloods(database.sql, policy.grouping.flood, {
      openedSinceMs: startedAtMs,
      nowMs,
    });
    const news = await listWarningNews(database.sql, startedAtMs);
    const others = news.filter((item) => item.warningId !== askerId);
    for (let start = 0; start < others.length; start += warningsAtOnce) {
      const next = others.slice(start, start + warningsAtOnce);
      await Promise.all(next.map((item) => warningStarter.startOrSignal(item)));
    }
    return { opened: opened.length, told: others.length };
  }

  return {
    beginScan,
    planScan,
    scanShard,
    countChanges,
    reconcile,
    announce,
    finishScan,
    abandonScan,
    rescan,
  };
}
