import { availableParallelism } from 'node:os';
import type { Database } from '../db/client.ts';
import type { Manifest } from '../sample/crm/manifest.ts';
import { rounded, type Benchmark } from './benchmark.ts';
import { openCompany } from './company.ts';
import { startScanner } from './scanner.ts';

/** Named when something is wrong. */
const examplesMax = 10;

/** Holds what a scan finds against what the generator planted; fails where anything is missed or found too much. */
export const manifestBenchmark: Benchmark<'customers' | 'threads'> = {
  summary:
    'the sample company read and scanned, and its findings held against all that was planted: none missed, none extra',
  options: {
    customers: { default: 1_000_000, min: 100, max: 20_000_000, meaning: 'how many the CRM has' },
    threads: {
      default: Math.min(2, availableParallelism()),
      min: 1,
      max: 64,
      meaning: 'of the scanning process',
    },
  },
  async run({ customers, threads }, context) {
    const { say } = context;
    const company = await openCompany(customers, context);
    const { database, databaseUrl, manifest } = company;
    say('Importing …');
    const startedAtMs = performance.now();
    await company.readCrm();
    const importMs = performance.now() - startedAtMs;
    say('Scanning …');
    const scanner = await startScanner({ databaseUrl, threads }, context);
    const { planMs, shardsMs, countMs, reconcileMs, assignments } = await scanner.scan({
      kind: 'full',
      nowMs: Date.now(),
    });
    await scanner.end();
    const planted = new Set(
      manifest.expectedFindings.map(({ ruleCode, customerRef, firstTagCode, secondTagCode }) =>
        keyOf(ruleCode, customerRef, [firstTagCode, secondTagCode]),
      ),
    );
    const found = await findingKeys(database);
    const missed = [...planted].filter((key) => !found.has(key));
    const extra = [...found].filter((key) => !planted.has(key));
    if (missed.length + extra.length > 0) {
      throw new Error(
        `Of ${planted.size} planted findings ${missed.length} were missed and ${extra.length} are extra: ${[
          ...missed.slice(0, examplesMax).map((key) => `missed ${key}`),
          ...extra.slice(0, examplesMax).map((key) => `extra ${key}`),
        ].join('; ')}.`,
      );
    }
    const rules = new Set(manifest.expectedFindings.map(({ ruleCode }) => ruleCode));
    return {
      customers,
      assignments,
      rules: rules.size,
      planted: planted.size,
      found: found.size,
      missed: missed.length,
      extra: extra.length,
      nearMisses: manifest.nearMisses.length,
      importMs: rounded(importMs, 0),
      scanMs: rounded(planMs + shardsMs + countMs + reconcileMs, 0),
    };
  },
};

function keyOf(
  ruleCode: Manifest['expectedFindings'][number]['ruleCode'],
  customerRef: string,
  tags: readonly (string | null)[],
): string {
  return [ruleCode, customerRef, ...tags.filter((tag) => tag !== null)].join(' ');
}

const findingsAtOnce = 10_000;

/** Open findings on customers; tags by their code, unknown ones by the name that the source gives them. */
async function findingKeys({ sql }: Database): Promise<ReadonlySet<string>> {
  const names = new Map(
    (
      await sql<{ id: number; name: string }[]>`
        select tag_id as id, min(name) as name from mirror_tag group by tag_id
        union all select id, code from tag`
    ).map(({ id, name }) => [id, name]),
  );
  const found = new Set<string>();
  const rows = sql<{ rule: string; ref: string; first: number; second: number }[]>`
    select r.code as rule, c.ref, f.first_tag_id as first, f.second_tag_id as second
    from finding f join rule r on r.id = f.rule_id join mirror_customer c on c.id = f.customer_id
    where f.state = 'open'`;
  await rows.cursor(findingsAtOnce, (some) => {
    for (const { rule, ref, first, second } of some) {
      found.add(keyOf(rule, ref, [names.get(first) ?? null, names.get(second) ?? null]));
    }
  });
  return found;
}
