import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { z } from 'zod';
import { findFreePort } from './embedded/port.ts';
import { sampleManifestName } from './embedded/prepare-data.ts';
import { readRunningSystem, type RunningSystem } from './embedded/running-system.ts';
import { systemEnvironment } from './env.ts';
import { runMain, type Lifetime } from './lifetime.ts';

/** The warning that is driven round the circle: high-value customers on the blacklist. */
const ruleCode = 'high-value-x-blacklist';

const startWithinMs = 15 * 60_000;
const settleWithinMs = 120_000;
const pollMs = 250;
const findingsPerPage = 1000;

const manifestLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('counts'), customers: z.int(), assignments: z.int() }),
  z.object({
    kind: z.literal('finding'),
    ruleCode: z.string(),
    customerRef: z.string(),
    firstTagCode: z.string().nullable(),
    secondTagCode: z.string().nullable(),
  }),
  z.object({ kind: z.literal('near-miss') }),
]);

const findingsPage = z.object({
  findings: z.array(
    z.object({ ruleCode: z.string(), customerRef: z.string(), tags: z.array(z.string()) }),
  ),
  nextCursor: z.string().nullable(),
});

const warningSchema = z.object({
  id: z.int(),
  ruleCode: z.string(),
  customers: z.int(),
  state: z.object({ kind: z.string(), reason: z.string().nullable() }),
});

const warningsPage = z.object({
  warnings: z.array(warningSchema),
  nextCursor: z.string().nullable(),
});

const warningDetail = warningSchema.extend({
  resolutions: z.array(z.string()),
  fix: z.object({ state: z.string(), counts: z.object({ changed: z.int() }) }).nullable(),
});

/**
 * `npm run smoke`: the whole system on free ports in a fresh data folder, driven from outside over HTTP: scan,
 * warning, claim, fix, verify, close, CRM changed, undo. Findings are held against what was planted.
 */
await runMain(async (lifetime) => {
  const directory = await mkdtemp(join(tmpdir(), 'tagwarden-smoke-'));
  lifetime.onEnd(() => rm(directory, { recursive: true, force: true }));
  const startedAtMs = Date.now();
  const system = await startSystem(directory, lifetime);
  const secondsToReady = (Date.now() - startedAtMs) / 1000;
  say(`Ready after ${secondsToReady.toFixed(1)} s at ${system.consoleUrl}.`);

  const truth = await readTruth(join(directory, sampleManifestName));
  const found = await listFindings(system);
  const missed = truth.expected.filter((finding) => !found.has(finding));
  const expected = new Set(truth.expected);
  const extra = [...found].filter((finding) => !expected.has(finding));
  say(
    `Found ${found.size} of ${expected.size} planted; missed ${missed.length}, extra ${extra.length}.`,
  );

  const circle = await driveCircle(system);
  const result = {
    customers: truth.customers,
    assignments: truth.assignments,
    planted: expected.size,
    found: found.size,
    missed: missed.length,
    extra: extra.length,
    ...circle,
    secondsToReady: Number(secondsToReady.toFixed(1)),
  };
  const faults = [
    ...missed.slice(0, 5).map((finding) => `missed ${finding}`),
    ...extra.slice(0, 5).map((finding) => `extra ${finding}`),
    ...(circle.closed === 1 ? [] : ['the warning was not closed by its fix']),
    ...(circle.crmRowsChanged > 0 ? [] : ['the fix changed nothing in the CRM']),
    ...(circle.crmRowsLeft === 0 ? [] : ['the undo did not bring the CRM back']),
  ];
  for (const fault of faults) say(`FAULT: ${fault}`);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (faults.length > 0) throw new Error(`The smoke test found ${faults.length} faults.`);
});

/** Starts the system as `npm start` does and waits until it says where it is reached. */
async function startSystem(directory: string, lifetime: Lifetime): Promise<RunningSystem> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { PATH, HOME, XDG_CACHE_HOME, TMPDIR, LANG } = systemEnvironment().all;
  const child = spawn(process.execPath, ['scripts/run.mjs', 'app/start.ts'], {
    cwd: root,
    // Nothing of the surroundings: no chat platform, no database and no port of somebody else.
    env: {
      PATH,
      HOME,
      XDG_CACHE_HOME,
      TMPDIR,
      LANG,
      DATA_DIR: directory,
      PORT: String(await findFreePort()),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  lifetime.onEnd(() => stop(child));
  for (const deadlineMs = Date.now() + startWithinMs; Date.now() < deadlineMs; ) {
    const system = await readRunningSystem(directory);
    if (system !== null) return system;
    if (child.exitCode !== null || lifetime.signal.aborted) break;
    await delay(pollMs);
  }
  throw new Error('The system did not come up; its own words are above.');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  if (child.exitCode !== 0) throw new Error(`The system ended with code ${child.exitCode}.`);
}

interface Truth {
  readonly customers: number;
  readonly assignments: number;
  readonly expected: readonly string[];
}

async function readTruth(file: string): Promise<Truth> {
  let counts = { customers: 0, assignments: 0 };
  const expected: string[] = [];
  for await (const text of createInterface({ input: createReadStream(file) })) {
    const line = manifestLine.parse(JSON.parse(text));
    if (line.kind === 'counts') counts = line;
    if (line.kind === 'finding') {
      const tags = [line.firstTagCode, line.secondTagCode].filter((tag) => tag !== null);
      expected.push(describeFinding({ ...line, tags }));
    }
  }
  return { customers: counts.customers, assignments: counts.assignments, expected };
}

function describeFinding(finding: {
  readonly ruleCode: string;
  readonly customerRef: string;
  readonly tags: readonly string[];
}): string {
  return `${finding.ruleCode} on ${finding.customerRef}: ${finding.tags.join(', ')}`;
}

async function listFindings(system: RunningSystem): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? '' : `&cursor=${cursor}`;
    const path = `/findings?state=open&limit=${findingsPerPage}${from}`;
    const page = findingsPage.parse(await call(system, 'GET', path));
    for (const finding of page.findings) found.add(describeFinding(finding));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

interface Circle {
  readonly warnings: number;
  readonly claimed: number;
  /** Customers that the fix changed. */
  readonly fixed: number;
  readonly closed: number;
  /** Rows put into or taken out of the CRM's table of tagged customers by the fix. */
  readonly crmRowsChanged: number;
  /** Rows that still differ after the undo. */
  readonly crmRowsLeft: number;
  readonly undone: number;
}

async function driveCircle(system: RunningSystem): Promise<Circle> {
  const warnings = await listWarnings(system);
  const chosen = warnings.find((warning) => warning.ruleCode === ruleCode);
  if (chosen === undefined) throw new Error(`No warning of rule ${ruleCode} is open.`);
  const path = `/warnings/${chosen.id}`;
  const before = await readCrm(system);

  await call(system, 'POST', `${path}/claim`);
  const claimed = warningDetail.parse(await call(system, 'GET', path));
  say(`Claimed warning ${chosen.id}: ${chosen.customers} customers.`);

  const [resolution] = claimed.resolutions;
  await call(system, 'POST', `${path}/fix`, { choice: { kind: 'all', resolution } });
  const closed = await waitFor(system, path, (now) => now.state.kind === 'closed');
  const after = await readCrm(system);
  const crmRowsChanged = countDifferent(before, after);
  say(`Closed as ${closed.state.reason}; ${crmRowsChanged} rows of the CRM changed.`);

  await call(system, 'POST', `${path}/undo`);
  await waitFor(system, path, (now) => now.fix?.state === 'undone');
  const crmRowsLeft = countDifferent(before, await readCrm(system));
  say(`Undone; ${crmRowsLeft} rows of the CRM still differ.`);
  return {
    warnings: warnings.length,
    claimed: claimed.state.kind === 'claimed' ? 1 : 0,
    fixed: closed.fix?.counts.changed ?? 0,
    closed: closed.state.reason === 'fixed' ? 1 : 0,
    crmRowsChanged,
    crmRowsLeft,
    undone: crmRowsChanged - crmRowsLeft,
  };
}

async function listWarnings(
  system: RunningSystem,
): Promise<z.infer<typeof warningsPage>['warnings']> {
  const all: z.infer<typeof warningsPage>['warnings'] = [];
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page = warningsPage.parse(
      await call(system, 'GET', `/warnings?state=not-closed&limit=200${from}`),
    );
    all.push(...page.warnings);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

async function waitFor(
  system: RunningSystem,
  path: string,
  isThere: (warning: z.infer<typeof warningDetail>) => boolean,
): Promise<z.infer<typeof warningDetail>> {
  let last: z.infer<typeof warningDetail> | null = null;
  for (const deadlineMs = Date.now() + settleWithinMs; Date.now() < deadlineMs; ) {
    last = warningDetail.parse(await call(system, 'GET', path));
    if (isThere(last)) return last;
    await delay(pollMs);
  }
  const state = `${last?.state.kind}, fix ${last?.fix?.state ?? 'none'}`;
  throw new Error(`${path} did not get there within ${settleWithinMs / 1000} s: ${state}.`);
}

async function call(
  system: RunningSystem,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(`${system.consoleUrl}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${system.apiToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

/** Every tag on every customer of the CRM, asked of the CRM itself. */
async function readCrm(system: RunningSystem): Promise<ReadonlySet<string>> {
  const crm = postgres(system.crmDatabaseUrl, { max: 1 });
  try {
    const rows = await crm<{ row: string }[]>`
      select customer_id || ':' || tag_id as row from crm.customer_tag`;
    return new Set(rows.map(({ row }) => row));
  } finally {
    await crm.end();
  }
}

function countDifferent(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const missing = [...a].filter((row) => !b.has(row)).length;
  const added = [...b].filter((row) => !a.has(row)).length;
  return missing + added;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
