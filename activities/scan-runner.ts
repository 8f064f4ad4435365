import type { Database } from '../db/client.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { loadOrigins } from '../db/stores/dictionary.ts';
import { streamCustomers } from '../db/stores/mirror-customers.ts';
import { countPopulation } from '../db/stores/population-count.ts';
import { loadShard } from '../db/stores/scans.ts';
import { recordShard, type FindingWriter } from '../db/stores/shard-results.ts';
import { takeInTagImport, type TakingOrder } from '../db/stores/tag-imports.ts';
import type { CustomerTags } from '../domain/customer.ts';
import { compileDetector } from '../domain/detect/compile.ts';
import type { Detector } from '../domain/detect/detector.ts';
import { needsOfRules } from '../domain/detect/needs.ts';
import { createUndecidedTally } from '../domain/detect/undecided.ts';
import type { Dictionary } from '../domain/dictionary.ts';
import { PopulationCounter } from '../domain/population/counter.ts';

export interface ShardOrder {
  readonly scanId: number;
  readonly shard: number;
  /** The instant the whole scan is about, in whole epoch seconds. */
  readonly nowSeconds: number;
}

export interface ShardCounts {
  readonly customers: number;
  readonly assignments: number;
}

export interface PopulationOrder {
  readonly scanId: number;
  readonly nowMs: number;
}

export interface TableOrder extends TakingOrder {
  readonly nowMs: number;
}

/** What is heavy in a scan, and in taking in a table of tags; done in this thread or in others (scan-threads.ts). */
export interface ScanRunner {
  runShard(
    order: ShardOrder,
    control: {
      readonly signal: AbortSignal;
      /** Called now and then with the customers done so far. */
      readonly onProgress: (customers: number) => void;
    },
  ): Promise<ShardCounts>;
  /** Brings the counts of tags and pairs up to date when all shards are done. Repeating it changes nothing. */
  countPopulation(order: PopulationOrder): Promise<void>;
  /** Makes what a person should decide about the dictionary what is found in it now. */
  findCandidates(nowMs: number): Promise<void>;
  /** Writes a table of tags into the dictionary: all of it or, where it fails or is given up, nothing. */
  takeInTable(order: TableOrder, control: { readonly signal: AbortSignal }): Promise<void>;
}

const hourSeconds = 3_600;

/** Works in this thread. The stream of a shard yields to other work between its chunks of some 64 KB. */
export function createScanRunner(database: Database): ScanRunner {
  return {
    runShard: async (order, { signal, onProgress }) => {
      const { scanId, shard, nowSeconds } = order;
      const plan = await loadShard(database.sql, scanId, shard);
      if (plan === null) throw new Error(`Scan ${scanId} has no shard ${shard}.`);
      if (plan.counts !== null) return plan.counts;
      const dictionary = await currentDictionary(database);
      return recordShard(database, { scanId, shard }, async (findings) => {
        const counter = plan.coversAll ? new PopulationCounter() : null;
        const pass = createPass({ dictionary, nowSeconds, counter, findings });
        const mark = await streamCustomers(
          database,
          {
            fromId: plan.fromId,
            untilId: plan.untilId,
            scope: plan.coversAll ? null : { scanId, part: shard },
            needs: { ...needsOfRules(dictionary), population: plan.coversAll },
          },
          {
            signal,
            onCustomer: pass.visit,
            afterChunk: () => {
              onProgress(pass.counts().customers);
              return findings.flush();
            },
          },
        );
        onProgress(pass.counts().customers);
        return {
          ...pass.counts(),
          dueCustomers: pass.dueCustomers,
          undecided: pass.undecided(),
          population: counter === null ? null : { counter, mark },
        };
      });
    },
    countPopulation: (order) => countPopulation(database, order),
    findCandidates: async (nowMs) => {
      // Brings a dictionary of Chinese along, which the other threads need not hold.
      const { refreshCandidates } = await import('../db/stores/suggestions.ts');
      await refreshCandidates(database, nowMs);
    },
    takeInTable: ({ nowMs, ...order }, { signal }) =>
      takeInTagImport(database, order, { nowMs, signal }),
  };
}

/** Who put tags on is read anew: the mirror learns names without a change of the dictionary. */
async function currentDictionary(database: Database): Promise<Dictionary> {
  const { dictionary } = await readCurrentKnowledge(database);
  return dictionary.origins === undefined
    ? dictionary
    : { ...dictionary, origins: await loadOrigins(database.query) };
}

const detectors = new WeakMap<Dictionary, Detector>();

/** Compiled once for a dictionary: with many rules that takes longer than looking at a few customers. */
function detectorOf(dictionary: Dictionary): Detector {
  const detector = detectors.get(dictionary) ?? compileDetector(dictionary);
  detectors.set(dictionary, detector);
  return detector;
}

/** One pass over customers: findings, counts, due hours and who could not be decided. */
function createPass(input: {
  readonly dictionary: Dictionary;
  readonly nowSeconds: number;
  /** Counts the population where all of it is seen. */
  readonly counter: PopulationCounter | null;
  readonly findings: FindingWriter;
}) {
  const { dictionary, nowSeconds, counter, findings } = input;
  const detector = detectorOf(dictionary);
  let customers = 0;
  let assignments = 0;
  let customerId = 0;
  const dueCustomers = new Map<number, number[]>();
  const undecided = createUndecidedTally();

  const report = (ruleId: number, firstTagId: number, secondTagId: number) => {
    findings.add(ruleId, customerId, firstTagId, secondTagId);
  };

  function visit(customer: CustomerTags): void {
    customerId = customer.customerId;
    customers += 1;
    assignments += customer.count;
    counter?.add(customer, 1);
    const dueSeconds = detector.detect(customer, nowSeconds, report, undecided.report);
    if (dueSeconds === Number.POSITIVE_INFINITY) return;
    const hour = dueSeconds - (dueSeconds % hourSeconds);
    const due = dueCustomers.get(hour);
    if (due === undefined) dueCustomers.set(hour, [customerId]);
    else due.push(customerId);
  }

  return {
    visit,
    dueCustomers,
    undecided: undecided.told,
    counts: (): ShardCounts => ({ customers, assignments }),
  };
}
