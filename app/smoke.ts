import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { z } from 'zod';
import { findFreePort } from './embedded/port.ts';
import { sampleManifestName } from './embedded/prepare-data.ts';
import { readRunningSystem, type RunningSystem } from './embedded/running-system.ts';
import { systemEnvironment } from './env.ts';
import { runMain } from './lifetime.ts';

/** The story that is played: 高价值客户 × 黑名单. */
const ruleCode = 'high-value-x-blacklist';
const tagNames = { first: '高价值客户', second: '黑名单' } as const;

/** Tags that one of the two systems is the master of, as each calls them. */
const outOfStep = {
  ruleCode: 'marketing-out-of-step',
  tags: [
    { title: '高价值人群', name: '高价值客户' },
    { title: '勿扰名单', name: '免打扰' },
    { title: '短信首选', name: '偏好短信联系' },
    { title: '邮件首选', name: '偏好邮件联系' },
  ],
} as const;

const readyWithinMs = 600_000;
const stepWithinMs = 60_000;
const stopWithinMs = 30_000;
const pollMs = 100;
const repository = fileURLToPath(new URL('..', import.meta.url));

const manifestLineSchema = z.discriminatedUnion('kind', [
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

const findingsSchema = z.object({
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

const warningsSchema = z.object({
  warnings: z.array(warningSchema),
  nextCursor: z.string().nullable(),
});

const warningDetailSchema = warningSchema.extend({
  resolutions: z.array(z.string()),
  fix: z
    .object({
      state: z.string(),
      counts: z.object({ customers: z.int(), changed: z.int() }),
      undoCounts: z.object({ changed: z.int() }).nullable(),
    })
    .nullable(),
});

/**
 * `npm run smoke`: boots the whole system as `npm start` does, on free ports in a fresh data folder, and drives the
 * circle from outside over HTTP. The last line is one JSON object with the counts.
 */
await runMain(async (lifetime) => {
  lifetime.allowToFinish(stopWithinMs);
  const directory = await mkdtemp(join(tmpdir(), 'tagwarden-smoke-'));
  await chmod(directory, 0o755);
  lifetime.onEnd(() => rm(directory, { recursive: true, force: true }));
  const startedAtMs = Date.now();
  const { child, system } = await boot(directory);
  lifetime.onEnd(() => stop(child));
  const secondsToReady = (Date.now() - startedAtMs) / 1000;
  const api = createApi(system);

  const truth = await compareFindings(api, join(directory, sampleManifestName));
  const open = await listWarnings(api, 'not-closed');
  const circle = await driveCircle(api, system);
  const followed = await followMaster(api, system);
  await stop(child);
  expectThat(child.exitCode === 0, `npm start ended with code ${child.exitCode}`);

  const counts = { ...truth, warnings: open.length, ...circle, followed, secondsToReady };
  process.stdout.write(`${JSON.stringify(counts)}\n`);
  expectThat(truth.missed === 0, `${truth.missed} planted conflicts were not found`);
  expectThat(truth.extra === 0, `${truth.extra} findings are none of those planted`);
});

async function boot(directory: string): Promise<{ child: ChildProcess; system: RunningSystem }> {
  const port = await findFreePort();
  // Empty means not set: whatever this machine or .env points elsewhere is not to be touched.
  const own = { DATABASE_URL: '', TEMPORAL_ADDRESS: '', CONFIG_DIR: '' };
  const sources = { CRM_DATABASE_URL: '', MARKETING_DATABASE_URL: '' };
  const channels = { SLACK_BOT_TOKEN: '', SLACK_SIGNING_SECRET: '', SLACK_APP_TOKEN: '' };
  const feishu = { FEISHU_APP_ID: '', FEISHU_APP_SECRET: '' };
  const child = spawn(process.execPath, ['scripts/run.mjs', 'app/start.ts'], {
    cwd: repository,
    env: {
      ...systemEnvironment().all,
      ...own,
      ...sources,
      ...channels,
      ...feishu,
      PUBLIC_URL: '',
      PORT: String(port),
      DATA_DIR: directory,
    },
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const giveUpAtMs = Date.now() + readyWithinMs;
  for (;;) {
    const system = await readRunningSystem(directory);
    if (system !== null) return { child, system };
    expectThat(child.exitCode === null, `npm start ended with code ${child.exitCode}`);
    expectThat(Date.now() < giveUpAtMs, 'npm start did not become ready');
    await delay(pollMs);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  await ended;
  clearTimeout(kill);
}

type Api = <T>(schema: z.ZodType<T>, path: string, body?: object) => Promise<T>;

/** JSON requests as a client outside makes them; a body makes it a POST. */
function createApi({ consoleUrl, apiToken }: RunningSystem): Api {
  return async (schema, path, body) => {
    const response = await fetch(`${consoleUrl}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    expectThat(response.ok, `${path} answered ${response.status}: ${text.slice(0, 500)}`);
    return schema.parse(JSON.parse(text));
  };
}

async function compareFindings(
  api: Api,
  manifestFile: string,
): Promise<
  Readonly<Record<'customers' | 'assignments' | 'planted' | 'found' | 'missed' | 'extra', number>>
> {
  const lines = (await readFile(manifestFile, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => manifestLineSchema.parse(JSON.parse(line)));
  const counts = lines.find((line) => line.kind === 'counts');
  const planted = new Set(
    lines
      .filter((line) => line.kind === 'finding')
      .map((line) => keyOf(line, [line.firstTagCode, line.secondTagCode])),
  );
  const found = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = await api(findingsSchema, `/findings?state=open&limit=1000${after}`);
    for (const finding of page.findings) found.add(keyOf(finding, finding.tags));
    cursor = page.nextCursor;
  }
  const missed = [...planted].filter((key) => !found.has(key));
  const extra = [...found].filter((key) => !planted.has(key));
  for (const key of missed.slice(0, 10)) process.stderr.write(`missed: ${key}\n`);
  for (const key of extra.slice(0, 10)) process.stderr.write(`extra: ${key}\n`);
  return {
    customers: counts?.customers ?? 0,
    assignments: counts?.assignments ?? 0,
    planted: planted.size,
    found: found.size,
    missed: missed.length,
    extra: extra.length,
  };
}

function keyOf(
  finding: { readonly ruleCode: string; readonly customerRef: string },
  tags: readonly (string | null)[],
): string {
  return [finding.ruleCode, finding.customerRef, ...tags.filter((tag) => tag !== null)].join(' ');
}

async function listWarnings(api: Api, state: string): Promise<z.infer<typeof warningSchema>[]> {
  const warnings: z.infer<typeof warningSchema>[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = await api(warningsSchema, `/warnings?state=${state}&limit=200${after}`);
    warnings.push(...page.warnings);
    cursor = page.nextCursor;
  }
  return warnings;
}

/** Claim, fix, verify, close, look into the CRM, undo, look again. */
async function driveCircle(
  api: Api,
  system: RunningSystem,
): Promise<Readonly<Record<'claimed' | 'fixed' | 'closed' | 'crmRowsChanged' | 'undone', number>>> {
  const crm = postgres(system.crmDatabaseUrl, { max: 1 });
  try {
    const warning = await findWarning(api);
    const before = await readCrm(crm);
    expectThat(
      before.conflicts === warning.customers,
      `the CRM has ${before.conflicts} customers with both tags, the warning ${warning.customers}`,
    );
    await api(z.object({ result: z.literal('done') }), `/warnings/${warning.id}/claim`, {});
    const claimed = await readWarning(api, warning.id);
    expectThat(claimed.state.kind === 'claimed', `claimed, but it is ${claimed.state.kind}`);

    const [resolution] = claimed.resolutions;
    await api(z.object({ result: z.literal('done') }), `/warnings/${warning.id}/fix`, {
      choice: { kind: 'all', resolution },
    });
    const closed = await waitFor(
      () => readWarning(api, warning.id),
      ({ state }) => state.kind === 'closed',
      'the warning did not close after its fix',
    );
    expectThat(closed.state.reason === 'fixed', `closed, but as ${closed.state.reason}`);
    const fixed = closed.fix?.counts.changed ?? 0;
    const after = await readCrm(crm);
    expectThat(
      after.conflicts === 0,
      `${after.conflicts} customers still have both tags in the CRM`,
    );

    await api(z.object({ result: z.literal('done') }), `/warnings/${warning.id}/undo`, {});
    const undone = await waitFor(
      () => readWarning(api, warning.id),
      ({ fix }) => fix?.state === 'undone',
      'the fix was not undone',
    );
    const restored = await readCrm(crm);
    expectThat(restored.conflicts === before.conflicts, 'the CRM is not as it was before the fix');
    await waitFor(
      () => listWarnings(api, 'not-closed'),
      (open) =>
        open.some((one) => one.ruleCode === ruleCode && one.customers === warning.customers),
      'the conflict did not open a warning again',
    );
    return {
      claimed: 1,
      fixed,
      closed: 1,
      crmRowsChanged: before.rows - after.rows,
      undone: undone.fix?.undoCounts?.changed ?? 0,
    };
  } finally {
    await crm.end();
  }
}

/** Where CRM and marketing platform disagree, the fix writes to the one that is not the master. Customers put right. */
async function followMaster(api: Api, system: RunningSystem): Promise<number> {
  const crm = postgres(system.crmDatabaseUrl, { max: 1 });
  try {
    const before = await readDisagreements(crm);
    const open = await listWarnings(api, 'open');
    const warning = open.find((one) => one.ruleCode === outOfStep.ruleCode);
    if (warning === undefined) throw new Error(`smoke: no open warning of ${outOfStep.ruleCode}.`);
    expectThat(
      before === warning.customers,
      `the systems disagree on ${before} customers, the warning says ${warning.customers}`,
    );
    await api(z.object({ result: z.literal('done') }), `/warnings/${warning.id}/fix`, {
      choice: { kind: 'all', resolution: 'follow-master' },
    });
    await waitFor(
      () => readWarning(api, warning.id),
      ({ state }) => state.kind === 'closed' && state.reason === 'fixed',
      'the systems were not brought into step',
    );
    const after = await readDisagreements(crm);
    expectThat(after === 0, `the systems still disagree on ${after} customers`);
    return before;
  } finally {
    await crm.end();
  }
}

/** Customers whom both systems have and one of them has on its list of those tags. */
async function readDisagreements(crm: postgres.Sql): Promise<number> {
  const titles = outOfStep.tags.map(({ title }) => title);
  const names = outOfStep.tags.map(({ name }) => name);
  const [row] = await crm<{ customers: number }[]>`
    with wanted as (
      select a.id as audience_id, t.id as tag_id
      from unnest(${titles}::text[], ${names}::text[]) as pair (title, name)
      join marketing.audience a on a.title = pair.title join crm.tag t on t.name = pair.name)
    select count(distinct c.member_no)::int as customers
    from marketing.contact c cross join wanted
    left join marketing.audience_member m
      on m.member_no = c.member_no and m.audience_id = wanted.audience_id
    left join crm.customer_tag t
      on t.customer_id = c.member_no::bigint and t.tag_id = wanted.tag_id
    where (m.member_no is null) <> (t.customer_id is null)`;
  return row?.customers ?? 0;
}

async function findWarning(api: Api): Promise<z.infer<typeof warningSchema>> {
  const open = await listWarnings(api, 'open');
  const warning = open.find((one) => one.ruleCode === ruleCode);
  if (warning === undefined) throw new Error(`smoke: there is no open warning of ${ruleCode}.`);
  return warning;
}

function readWarning(api: Api, id: number): Promise<z.infer<typeof warningDetailSchema>> {
  return api(warningDetailSchema, `/warnings/${id}`);
}

/** Rows of the CRM itself, and its customers with both tags. */
async function readCrm(crm: postgres.Sql): Promise<{ rows: number; conflicts: number }> {
  const [row] = await crm<{ rows: number; conflicts: number }[]>`
    select (select count(*)::int from crm.customer_tag) as rows, count(*)::int as conflicts
    from crm.customer_tag a join crm.tag first on first.id = a.tag_id and first.name = ${tagNames.first}
    join crm.customer_tag b on b.customer_id = a.customer_id
    join crm.tag second on second.id = b.tag_id and second.name = ${tagNames.second}`;
  if (row === undefined) throw new Error('smoke: the CRM did not answer.');
  return row;
}

async function waitFor<T>(
  read: () => Promise<T>,
  isSo: (value: T) => boolean,
  sentence: string,
): Promise<T> {
  const giveUpAtMs = Date.now() + stepWithinMs;
  for (;;) {
    const value = await read();
    if (isSo(value)) return value;
    expectThat(Date.now() < giveUpAtMs, sentence);
    await delay(pollMs);
  }
}

function expectThat(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(`smoke: ${sentence}.`);
}
