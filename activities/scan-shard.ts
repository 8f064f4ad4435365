import type { Database } from '../db/client.ts';
import { loadDictionary } from '../db/stores/dictionary.ts';
import { streamCustomers } from '../db/stores/mirror-customers.ts';
import { loadShard, recordShard, type FindingBatch } from '../db/stores/scans.ts';
import type { CustomerTags } from '../domain/customer.ts';
import { compileDetector } from '../domain/detect/compile.ts';
import { needsOfRules } from '../domain/detect/needs.ts';
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

/** Runs one shard; in this thread or in another. */
export type ShardRunner = (
  order: ShardOrder,
  control: {
    readonly signal: AbortSignal;
    /** Called now and then with the customers done so far. */
    readonly onProgress: (customers: number) => void;
  },
) => Promise<ShardCounts>;

/** Findings are written whenever this many have gathered. */
const findingsPerWrite = 10_000;

const hourSeconds = 3_600;

/** Runs shards in this thread. The stream yields to other work between its chunks of some 64 KB. */
export function createShardRunner(
  database: Pick<Database, 'connectForCopy' | 'query' | 'sql'>,
  now: () => number,
): ShardRunner {
  return async (order, { signal, onProgress }) => {
    const { scanId, shard, nowSeconds } = order;
    const plan = await loadShard(database.sql, scanId, shard);
    if (plan === null) throw new Error(`Scan ${scanId} has no shard ${shard}.`);
    if (plan.counts !== null) return plan.counts;
    const dictionary = await loadDictionary(database.query);
    const { customers, assignments } = await recordShard(
      database,
      { scanId, shard, now },
      async (writeFindings) => {
        const counter = plan.coversAll ? new PopulationCounter() : null;
        const pass = createPass({ dictionary, nowSeconds, counter });
        const mark = await streamCustomers(
          database,
          {
            fromId: plan.fromId,
            untilId: plan.untilId,
            scopeOf: plan.coversAll ? null : scanId,
            needs: { ...needsOfRules(dictionary), population: plan.coversAll },
          },
          {
            signal,
            onCustomer: pass.visit,
            afterChunk: async () => {
              onProgress(pass.counts().customers);
              if (pass.findingsWaiting() >= findingsPerWrite)
                await writeFindings(pass.takeFindings());
            },
          },
        );
        if (pass.findingsWaiting() > 0) await writeFindings(pass.takeFindings());
        return {
          ...pass.counts(),
          dueCustomers: pass.dueCustomers,
          population: counter === null ? null : { counter, mark },
        };
      },
    );
    return { customers, assignments };
  };
}

/** One pass over customers: findings, counts and due hours, gathered in flat lists. */
function createPass(input: {
  readonly dictionary: Dictionary;
  readonly nowSeconds: number;
  /** Counts the population where all of it is seen. */
  readonly counter: PopulationCounter | null;
}) {
  const { dictionary, nowSeconds, counter } = input;
  const detector = compileDetector(dictionary);
  let batch = emptyBatch();
  let customers = 0;
  let assignments = 0;
  let customerId = 0;
  const dueCustomers = new Map<number, number[]>();

  const report = (ruleId: number, firstTagId: number, secondTagId: number) => {
    batch.ruleIds.push(ruleId);
    batch.customerIds.push(customerId);
    batch.firstTagIds.push(firstTagId);
    batch.secondTagIds.push(secondTagId);
  };

  function visit(customer: CustomerTags): void {
    customerId = customer.customerId;
    customers += 1;
    assignments += customer.count;
    counter?.add(customer, 1);
    const dueSeconds = detector.detect(customer, nowSeconds, report);
    if (dueSeconds === Number.POSITIVE_INFINITY) return;
    const hour = dueSeconds - (dueSeconds % hourSeconds);
    const due = dueCustomers.get(hour);
    if (due === undefined) dueCustomers.set(hour, [customerId]);
    else due.push(customerId);
  }

  return {
    visit,
    dueCustomers,
    counts: (): ShardCounts => ({ customers, assignments }),
    findingsWaiting: () => batch.ruleIds.length,
    takeFindings: (): FindingBatch => {
      const taken = batch;
      batch = emptyBatch();
      return taken;
    },
  };
}

function emptyBatch() {
  return {
    ruleIds: [] as number[],
    customerIds: [] as number[],
    firstTagIds: [] as number[],
    secondTagIds: [] as number[],
  };
}
