import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Database } from '../db/client.ts';
import { rounded, type Benchmark, type BenchmarkContext } from './benchmark.ts';
import { openCompany } from './company.ts';
import { timeCopy } from './copy.ts';
import { kindsInSql, prepareRulesInSql, runRulesInSql } from './rules-in-sql.ts';
import { scanMeasuredSchema, type ScanMeasured } from './scan-measured.ts';

/** What a scan reads of the mirror. */
const mirrorQuery = 'select id, tag_ids, since_seconds, numbers, texts from mirror_customer';

/**
 * The first scan ever, in which every finding is new. `copyMs` is the middle of the runs before and after it. The
 * SQL leaves out criteria, tag counts and due hours, which the scan does too; the findings of both must agree.
 */
export const scan: Benchmark<'customers'> = {
  summary:
    'a full scan with all rules, against a bare COPY of the mirror and the same rules in SQL',
  options: {
    customers: {
      default: 500_000,
      min: 100,
      max: 20_000_000,
      meaning: 'how many the mirror has; 5000000 is the full size',
    },
  },
  async run({ customers }, context) {
    const { say } = context;
    const company = await openCompany(customers, context);
    const { database, databaseUrl } = company;
    say('Importing …');
    await company.readCrm();
    await database.sql.unsafe('vacuum analyze mirror_customer');
    await timeCopy(databaseUrl, mirrorQuery, 'binary');
    const copyBeforeMs = await timeCopy(databaseUrl, mirrorQuery, 'binary');
    say(`Bare COPY: ${rounded(copyBeforeMs, 0)} ms. Scanning …`);
    const measured = await scanInOwnProcess(databaseUrl, context);
    const { planMs, shardsMs, reconcileMs } = measured;
    const scanMs = planMs + shardsMs + reconcileMs;
    say(
      `Scan: ${rounded(scanMs, 0)} ms: plan ${rounded(planMs, 0)}, shards ${rounded(shardsMs, 0)}, reconcile ${rounded(reconcileMs, 0)}.`,
    );
    const copyMs = (copyBeforeMs + (await timeCopy(databaseUrl, mirrorQuery, 'binary'))) / 2;
    const sqlMs = await timeSql(database, measured, context);
    return {
      customers: measured.customers,
      assignments: measured.assignments,
      rules: await countRules(database),
      findings: measured.findings,
      scanMs: rounded(scanMs, 0),
      copyMs: rounded(copyMs, 0),
      sqlMs: rounded(sqlMs, 0),
      ratioToCopy: rounded(scanMs / copyMs, 2),
      speedupOverSql: rounded(sqlMs / scanMs, 2),
      peakRssMb: rounded(measured.peakRssMb, 0),
    };
  },
};

async function scanInOwnProcess(
  databaseUrl: string,
  { lifetime }: BenchmarkContext,
): Promise<ScanMeasured> {
  const file = fileURLToPath(new URL('./scan-process.ts', import.meta.url));
  const child = fork(file, [databaseUrl], {
    execArgv: ['--import', import.meta.resolve('tsx')],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  lifetime.onEnd(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await ended;
  });
  const [message] = (await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => {
      throw new Error(`The scanning process ended with code ${String(code)}.`);
    }),
  ])) as [unknown];
  const measured = scanMeasuredSchema.safeParse(message);
  if (!measured.success) throw new Error(String(message));
  await ended;
  return measured.data;
}

async function timeSql(
  database: Database,
  { nowSeconds }: ScanMeasured,
  { say }: BenchmarkContext,
): Promise<number> {
  say('Laying out the same data for SQL …');
  await prepareRulesInSql(database);
  const startedAtMs = performance.now();
  const { findings } = await runRulesInSql(database, nowSeconds);
  const sqlMs = performance.now() - startedAtMs;
  say(`SQL: ${rounded(sqlMs, 0)} ms.`);
  const [scanned] = await database.sql<{ count: number }[]>`
    select count(*) as count from finding f join rule r on r.id = f.rule_id
    where f.state = 'open' and r.kind = any(${[...kindsInSql]})`;
  if (scanned?.count !== findings) {
    throw new Error(`SQL finds ${findings}, but the scan ${String(scanned?.count)}.`);
  }
  return sqlMs;
}

async function countRules({ sql }: Database): Promise<number> {
  const [row] = await sql<
    { count: number }[]
  >`select count(*) as count from rule where enabled and not removed`;
  return row?.count ?? 0;
}
