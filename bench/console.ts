import { createToken, insertSession } from '../db/stores/access.ts';
import type { Database } from '../db/client.ts';
import { rounded, type Benchmark } from './benchmark.ts';
import { openCompany } from './company.ts';
import { fillHistory, repeatCustomers } from './history.ts';
import { startServer } from './server.ts';

/** A data admin sees everything, and all of it is counted for them. */
const readerCode = 'hu-bin';
const sessionMs = 86_400_000;

/** Further ones are made of these in the mirror itself: importing millions is what the benchmark `import` measures. */
const importedCustomersMax = 20_000;

/** What people open, in the form that shows most. `ids` are of the newest open warning, its rule and some tags. */
function pathsOf(ids: Ids): readonly string[] {
  return [
    '/inbox',
    '/inbox?show=all',
    '/overview',
    '/overview?of=mine',
    '/warnings',
    '/warnings?show=closed',
    '/warnings?show=overdue&severity=high',
    `/warnings/${ids.warning}`,
    '/tags',
    '/tags?q=12&status=active',
    '/tags?status=undefined',
    `/tags/${ids.tag}`,
    `/tags/${ids.carriedTag}`,
    '/tag-imports',
    '/tag-map',
    `/tag-map?tag=${ids.tag}`,
    '/review',
    '/candidates',
    '/rules',
    '/requests/new-rule',
    `/rules/${ids.rule}`,
    '/people',
    '/requests',
    '/requests?show=decided',
    '/requests/new',
    '/requests/new-batch',
    '/scans',
    '/silences',
    '/check',
    '/assessment',
    '/deliveries',
    '/preferences',
    '/tokens',
    '/audit',
    '/audit?action=warning.',
  ];
}

/** Every page of the server process that people run, one after another, as a person signed in sees it. */
export const consoleBenchmark: Benchmark<'customers' | 'tags' | 'warnings' | 'rounds'> = {
  summary: 'every page of the console, with a long history',
  options: {
    customers: { default: 20_000, min: 100, max: 20_000_000, meaning: 'how many the mirror has' },
    tags: {
      default: 5_000,
      min: 10,
      max: 100_000,
      meaning: 'how many the dictionary gets besides',
    },
    warnings: { default: 100_000, min: 100, max: 5_000_000, meaning: 'how many there were' },
    rounds: { default: 20, min: 1, max: 1_000, meaning: 'how often each page is opened' },
  },
  async run({ customers, tags, warnings, rounds }, context) {
    const { lifetime, say } = context;
    const company = await openCompany(Math.min(customers, importedCustomersMax), context);
    say('Importing …');
    await company.readCrm();
    await repeatCustomers(company.database, customers);
    say(`Making ${tags} tags and ${warnings} warnings …`);
    await fillHistory(company.database, { tags, warnings, nowMs: Date.now() });
    const url = await startServer(company, context);
    const cookie = await signIn(company.database);
    const paths = pathsOf(await findIds(company.database));
    const open = async (path: string): Promise<number> => {
      lifetime.signal.throwIfAborted();
      const startedAtMs = performance.now();
      const response = await fetch(url + path, { headers: { cookie }, redirect: 'error' });
      await response.text();
      if (response.status !== 200) throw new Error(`${path} was answered with ${response.status}.`);
      return performance.now() - startedAtMs;
    };
    for (const path of paths) await open(path);
    const all: number[] = [];
    let slowest = { path: '', p95Ms: 0 };
    for (const path of paths) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1) times.push(await open(path));
      const p95Ms = percentile(times, 0.95);
      say(`  ${path}: p50 ${rounded(percentile(times, 0.5), 1)} ms, p95 ${rounded(p95Ms, 1)} ms`);
      if (p95Ms > slowest.p95Ms) slowest = { path, p95Ms };
      all.push(...times);
    }
    return {
      pages: paths.length,
      p50Ms: rounded(percentile(all, 0.5), 1),
      p95Ms: rounded(percentile(all, 0.95), 1),
      slowestPage: slowest.path,
      slowestP95Ms: rounded(slowest.p95Ms, 1),
    };
  },
};

async function signIn({ query }: Database): Promise<string> {
  const token = createToken();
  const nowMs = Date.now();
  await insertSession(query, {
    token,
    personCode: readerCode,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + sessionMs,
  });
  return `tagwarden=${token}`;
}

interface Ids {
  readonly warning: number;
  /** The first of the dictionary and the one that most customers carry. */
  readonly tag: string;
  readonly carriedTag: string;
  readonly rule: string;
}

async function findIds({ sql }: Database): Promise<Ids> {
  const [row] = await sql<Ids[]>`
    select (select max(id) from warning where state <> 'closed') as warning,
      (select code from tag where status = 'active' order by id limit 1) as tag,
      (select t.code from tag t join tag_count c on c.tag_id = t.id where t.status = 'active'
        order by c.customers desc, t.id limit 1) as "carriedTag",
      (select rule.code from rule join warning on warning.rule_id = rule.id
        where warning.state <> 'closed' order by warning.id desc limit 1) as rule`;
  if (row === undefined) throw new Error('The company has no history.');
  return row;
}

function percentile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? 0;
}
