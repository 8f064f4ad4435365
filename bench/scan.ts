import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { Database } from '../db/client.ts';
import { customerColumns } from '../db/stores/mirror-customers.ts';
import { loadPairCounts } from '../db/stores/population.ts';
import { rounded, type Benchmark, type BenchmarkContext, type Figures } from './benchmark.ts';
import { openLargeCompany, type LargeCompany } from './large-company.ts';
import { timeCopy } from './copy.ts';
import {
  countPairsInSql,
  countPartsInSql,
  findDueInSql,
  keepFindingsInSql,
  prepareRulesInSql,
  runRulesInSql,
} from './rules-in-sql.ts';
import { timeScanByWorkers } from './scan-by-workers.ts';
import type { ScanMeasured } from './scan-measured.ts';
import { startScanner, type Scanner } from './scanner.ts';

/** What a scan reads of the mirror. */
const mirrorQuery = `select ${customerColumns({ texts: false, origins: false, population: true })}
  from mirror_customer m`;

/** All that the mirror has of its customers. */
const wholeMirrorQuery = 'select * from mirror_customer';

/** Scans of what changed, of which the middle one is told: the first meets code that has not run before. */
const incrementalRuns = 3;
const minuteMs = 60_000;
const betweenScansMs = 5 * minuteMs;

/**
 * `scanMs` is the first scan ever, in which every finding is new; `repeatScanMs` the same again, in which none is, as on
 * most nights. `copyMs` is the middle of the runs before and after and reads only what the scan reads, `mirrorCopyMs`
 * the whole mirror. `sqlMs` is the same work in SQL, whose parts are told too; what both find and count must agree.
 */
export const scan: Benchmark<'customers' | 'incremental' | 'threads' | 'workers' | 'sql'> = {
  summary:
    'a full scan with all rules, against a bare COPY of the mirror and the same rules in SQL',
  options: {
    customers: {
      default: 5_000_000,
      min: 100,
      max: 20_000_000,
      meaning: 'how many the mirror has',
    },
    incremental: {
      default: 0,
      min: 0,
      max: 1,
      meaning: 'also an incremental scan after 1 % of them changed',
    },
    threads: {
      default: Math.min(2, availableParallelism()),
      min: 1,
      max: 64,
      meaning: 'of the scanning process',
    },
    workers: {
      default: 0,
      min: 0,
      max: 16,
      meaning:
        'worker processes that share one more scan, a core each, against one of them alone on one',
    },
    sql: {
      default: 1,
      min: 0,
      max: 1,
      meaning: 'the same rules in SQL too, which take most of the time and twice the disk; 0: not',
    },
  },
  async run({ customers, incremental, threads, workers, sql }, context) {
    const { say } = context;
    const company = await openLargeCompany(customers, context);
    const { database, databaseUrl } = company;
    await timeCopy(databaseUrl, mirrorQuery, 'binary');
    const copyBeforeMs = await timeCopy(databaseUrl, mirrorQuery, 'binary');
    say(`Bare COPY: ${rounded(copyBeforeMs, 0)} ms. Scanning …`);
    const scanner = await startScanner({ databaseUrl, threads }, context);
    const nowMs = Date.now();
    const measured = await scanner.scan({ kind: 'full', nowMs });
    const scanMs = durationOf(measured, context);
    const repeated = await scanner.scan({ kind: 'full', nowMs: nowMs + minuteMs });
    const repeatScanMs = durationOf(repeated, context);
    const copyMs = (copyBeforeMs + (await timeCopy(databaseUrl, mirrorQuery, 'binary'))) / 2;
    const mirrorCopyMs = await timeCopy(databaseUrl, wholeMirrorQuery, 'binary');
    const inSql = sql === 1 ? await holdAgainstSql(database, { measured, scanMs }, context) : {};
    const again =
      incremental === 1
        ? await scanWhatChanged(database, { scanner, scanMs, nowMs: nowMs + minuteMs }, context)
        : {};
    await scanner.end();
    const shared = workers > 0 ? await shareAmong(workers, company, context) : {};
    return {
      customers: measured.customers,
      assignments: measured.assignments,
      rules: await countRules(database),
      findings: measured.findings,
      scanMs: rounded(scanMs, 0),
      repeatScanMs: rounded(repeatScanMs, 0),
      copyMs: rounded(copyMs, 0),
      mirrorCopyMs: rounded(mirrorCopyMs, 0),
      ...inSql,
      ratioToCopy: rounded(scanMs / copyMs, 2),
      ratioToMirrorCopy: rounded(scanMs / mirrorCopyMs, 2),
      ...phasesOf(measured),
      peakRssMb: rounded(measured.peakRssMb, 0),
      peakRssWithSuggestionsMb: rounded(measured.peakRssWithSuggestionsMb, 0),
      peakRssRepeatedMb: rounded(repeated.peakRssWithSuggestionsMb, 0),
      loopP99Ms: rounded(measured.loopP99Ms, 1),
      threads,
      ...again,
      ...shared,
    };
  },
};

async function holdAgainstSql(
  database: Database,
  { measured, scanMs }: { readonly measured: ScanMeasured; readonly scanMs: number },
  context: BenchmarkContext,
): Promise<Figures> {
  const parts = await timeSql(database, measured, context);
  const sqlMs = Object.values(parts).reduce((sum, ms) => sum + ms, 0);
  return {
    sqlMs: rounded(sqlMs, 0),
    ...Object.fromEntries(Object.entries(parts).map(([name, ms]) => [name, rounded(ms, 0)])),
    speedupOverSql: rounded(sqlMs / scanMs, 2),
  };
}

async function shareAmong(
  workers: number,
  company: LargeCompany,
  context: BenchmarkContext,
): Promise<Figures> {
  const { oneWorkerMs, workersMs, shardsByWorker, coresPerWorker } = await timeScanByWorkers(
    company,
    workers,
    context,
  );
  return {
    workers,
    coresPerWorker,
    oneWorkerMs: rounded(oneWorkerMs, 0),
    workersMs: rounded(workersMs, 0),
    shardsByWorker: shardsByWorker.join('+'),
    workersSpeedup: rounded(oneWorkerMs / workersMs, 2),
  };
}

function durationOf(
  { planMs, shardsMs, countMs, reconcileMs, suggestMs }: ScanMeasured,
  { say }: BenchmarkContext,
): number {
  const scanMs = planMs + shardsMs + countMs + reconcileMs;
  const parts = { plan: planMs, shards: shardsMs, count: countMs, reconcile: reconcileMs };
  const words = Object.entries(parts).map(([part, ms]) => `${part} ${rounded(ms, 0)}`);
  say(
    `Scan: ${rounded(scanMs, 0)} ms: ${words.join(', ')}. Then, ${rounded(suggestMs, 0)} ms: suggestions.`,
  );
  return scanMs;
}

/** What `scanMs` is the sum of, and what the scanning process used of its cores in that time. */
function phasesOf(measured: ScanMeasured): Figures {
  const { planMs, shardsMs, countMs, reconcileMs, cpuMs } = measured;
  const phases = { planMs, shardsMs, countMs, reconcileMs, cpuMs };
  return Object.fromEntries(Object.entries(phases).map(([name, ms]) => [name, rounded(ms, 0)]));
}

/** One customer in a hundred loses a tag; then only they are scanned. Other ones each time. */
async function scanWhatChanged(
  { sql }: Database,
  run: { readonly scanner: Scanner; readonly scanMs: number; readonly nowMs: number },
  context: BenchmarkContext,
): Promise<Figures> {
  const scans: {
    readonly changed: number;
    readonly ms: number;
    readonly measured: ScanMeasured;
  }[] = [];
  for (let number = 1; number <= incrementalRuns; number += 1) {
    const nowMs = run.nowMs + number * betweenScansMs;
    const { count: changed } = await sql`
      update mirror_customer set changed_at = ${nowMs - minuteMs}, tag_ids = tag_ids[2:],
        since_seconds = since_seconds[2:], actor_ids = actor_ids[2:], source_ids = source_ids[2:],
        import_ids = import_ids[2:]
      where id % 100 = ${number} and cardinality(tag_ids) > 0`;
    context.say(`${changed} customers changed. Scanning them …`);
    const measured = await run.scanner.scan({ kind: 'incremental', nowMs });
    scans.push({ changed, ms: durationOf(measured, context), measured });
  }
  const [first] = scans;
  const middle = scans.toSorted((a, b) => a.ms - b.ms)[Math.floor(incrementalRuns / 2)];
  if (first === undefined || middle === undefined) throw new Error('Nothing was scanned.');
  const { changed, ms, measured } = middle;
  return {
    changed,
    incrementalMs: rounded(ms, 0),
    incrementalFirstMs: rounded(first.ms, 0),
    incrementalPlanMs: rounded(measured.planMs, 0),
    incrementalShardsMs: rounded(measured.shardsMs, 0),
    incrementalReconcileMs: rounded(measured.reconcileMs, 0),
    incrementalCpuMs: rounded(measured.cpuMs, 0),
    shareOfFull: rounded(ms / run.scanMs, 3),
  };
}

/** Milliseconds of each part. */
interface SqlParts {
  readonly sqlRulesMs: number;
  /** Of tags and of pairs of tags. */
  readonly sqlCountsMs: number;
  /** Of tags by source and by import. */
  readonly sqlPartsMs: number;
  readonly sqlDueMs: number;
  /** Which findings are new and which are gone. */
  readonly sqlKeepMs: number;
}

async function timeSql(
  database: Database,
  { nowSeconds }: ScanMeasured,
  { say }: BenchmarkContext,
): Promise<SqlParts> {
  say('Laying out the same data for SQL …');
  await prepareRulesInSql(database);
  const found = await timed(() => runRulesInSql(database, nowSeconds));
  const kept = await timed(() => keepFindingsInSql(database, found.result.tables));
  const due = await timed(() => findDueInSql(database, nowSeconds));
  const pairs = await timed(() => countPairsInSql(database));
  const parts = await timed(() => countPartsInSql(database));
  const inSql = {
    findings: kept.result.findings,
    due: due.result.customers,
    pairs: pairs.result.pairs,
    parts: parts.result.parts,
  };
  const scanned = await readScanned(database);
  if (!isDeepStrictEqual(inSql, scanned)) {
    throw new Error(`SQL says ${JSON.stringify(inSql)}, but the scan ${JSON.stringify(scanned)}.`);
  }
  const ms = {
    sqlRulesMs: found.ms,
    sqlCountsMs: pairs.ms,
    sqlPartsMs: parts.ms,
    sqlDueMs: due.ms,
    sqlKeepMs: kept.ms,
  };
  say(
    `SQL: ${Object.entries(ms)
      .map(([part, value]) => `${part} ${rounded(value, 0)}`)
      .join(', ')}.`,
  );
  return ms;
}

async function timed<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly ms: number }> {
  const startedAtMs = performance.now();
  const result = await work();
  return { result, ms: performance.now() - startedAtMs };
}

/** What the scan found and counted, as numbers to hold against those of SQL. */
async function readScanned({ sql }: Database) {
  const [row] = await sql<{ findings: number; due: number; parts: number }[]>`
    select (select count(*) from finding where state = 'open') as findings,
      (select coalesce(sum(cardinality(customer_ids)), 0)::int8 from due_customer) as due,
      (select count(*) from tag_source_count) + (select count(*) from tag_import_count) as parts`;
  const { customers } = await loadPairCounts(sql);
  return {
    findings: row?.findings ?? 0,
    due: row?.due ?? 0,
    pairs: customers.length,
    parts: row?.parts ?? 0,
  };
}

async function countRules({ sql }: Database): Promise<number> {
  const [row] = await sql<
    { count: number }[]
  >`select count(*) as count from rule where enabled and not removed`;
  return row?.count ?? 0;
}
