import { findAdmin } from '../app/admin.ts';
import { createApiToken } from '../commands/create-api-token.ts';
import { rounded, type Benchmark } from './benchmark.ts';
import { openCompany, type Company } from './company.ts';
import { callAtRate, type Call, type Latencies } from './load.ts';
import { startServer } from './server.ts';

/** The server compiles its rules and the JIT its code. */
const warmUpSeconds = 3;

/**
 * Of the server process that people run; the load comes from this one. Where both share their cores with other work,
 * `serverCpuMsPerRequest` still tells what a request costs the server, and `loadCpuMsPerRequest` what asking costs here.
 */
export const check: Benchmark<'customers' | 'rate' | 'seconds'> = {
  summary:
    'POST /api/v1/check of the running server at a steady rate, a half and a quarter of it, against GET /healthz',
  options: {
    customers: { default: 20_000, min: 100, max: 20_000_000, meaning: 'how many the mirror has' },
    rate: { default: 1_000, min: 1, max: 100_000, meaning: 'requests a second' },
    seconds: { default: 10, min: 1, max: 3_600, meaning: 'for how long, each' },
  },
  async run({ customers, rate, seconds }, context) {
    const { lifetime, say } = context;
    const company = await openCompany(customers, context);
    say('Importing …');
    await company.readCrm();
    const url = await startServer(company, context);
    const checkCall = await createCheckCalls(company, url);
    const healthCall: Call = { method: 'GET', url: `${url}/healthz`, headers: {}, body: '' };
    const at = (durationSeconds: number) => ({
      perSecond: rate,
      seconds: durationSeconds,
      signal: lifetime.signal,
    });
    say(`Warming up at ${rate} requests a second …`);
    await callAtRate(checkCall, at(warmUpSeconds));
    say(`GET /healthz for ${seconds} s …`);
    const health = await callAtRate(() => healthCall, at(seconds));
    say(`  ${inWords(health)}`);
    const checkAt = async (perSecond: number) => {
      say(`POST /api/v1/check at ${perSecond} requests a second for ${seconds} s …`);
      const latencies = await callAtRate(checkCall, { ...at(seconds), perSecond });
      say(`  ${inWords(latencies)}`);
      return latencies;
    };
    const atQuarter = await checkAt(Math.ceil(rate / 4));
    const atHalf = await checkAt(Math.ceil(rate / 2));
    const cpuBeforeMs = await readServerCpuMs(url);
    const loadBefore = process.cpuUsage();
    const checks = await checkAt(rate);
    const load = process.cpuUsage(loadBefore);
    const cpuMs = (await readServerCpuMs(url)) - cpuBeforeMs;
    return {
      ...checks,
      serverCpuMsPerRequest: rounded(cpuMs / (rate * seconds), 3),
      loadCpuMsPerRequest: rounded((load.user + load.system) / 1_000 / (rate * seconds), 3),
      halfRateP50Ms: atHalf.p50Ms,
      halfRateP95Ms: atHalf.p95Ms,
      halfRateP99Ms: atHalf.p99Ms,
      quarterRateP50Ms: atQuarter.p50Ms,
      quarterRateP95Ms: atQuarter.p95Ms,
      quarterRateP99Ms: atQuarter.p99Ms,
      healthP50Ms: health.p50Ms,
      healthP95Ms: health.p95Ms,
      healthP99Ms: health.p99Ms,
    };
  },
};

function inWords({ p50Ms, p95Ms, p99Ms }: Latencies): string {
  return `p50 ${p50Ms} ms, p95 ${p95Ms} ms, p99 ${p99Ms} ms`;
}

/** What the server process has used of its cores since it began. */
async function readServerCpuMs(url: string): Promise<number> {
  const response = await fetch(`${url}/metrics`);
  const seconds = /^process_cpu_seconds_total (\S+)/m.exec(await response.text())?.[1];
  if (seconds === undefined) throw new Error('The server does not tell its processor time.');
  return Number(seconds) * 1_000;
}

const customersAskedMax = 10_000;

/** Each call asks for another customer and another tag; half of what is asked is about tags alone. */
async function createCheckCalls(
  { database }: Company,
  url: string,
): Promise<(index: number) => Call> {
  const { sql } = database;
  const customers = await sql<{ ref: string }[]>`
    select ref from mirror_customer order by md5(ref) limit ${customersAskedMax}`;
  const tags = await sql<{ code: string }[]>`
    select code from tag where status = 'active' order by md5(code)`;
  const admin = await findAdmin({ database });
  const made = await createApiToken({ database, now: Date.now }, admin, {
    name: 'bench',
    roles: admin.person.roles,
    lifeDays: 1,
  });
  if (made.kind !== 'done') throw new Error('The benchmark got no API token.');
  const headers = { authorization: `Bearer ${made.token}`, 'content-type': 'application/json' };
  const codeAt = (index: number) => tags[index % tags.length]?.code;
  return (index) => {
    const subject =
      index % 2 === 0
        ? { customer: customers[index % customers.length]?.ref }
        : { tags: [codeAt(index + 1), codeAt(index + 2), codeAt(index + 5)] };
    const body = JSON.stringify({ ...subject, add: codeAt(index * 7) });
    return { method: 'POST', url: `${url}/api/v1/check`, headers, body };
  };
}
