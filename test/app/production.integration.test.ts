import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiToken } from '../../commands/create-api-token.ts';
import { openDatabase } from '../../db/client.ts';
import { temporalConfig } from '../../temporal.config.ts';
import {
  expectServersToShareChat,
  startChatOfTwoServers,
  type ChatOfTwoServers,
} from './chat-of-two-servers.ts';
import { findFreePort } from '../../app/embedded/port.ts';
import { readConfiguration } from '../../config/read.ts';
import { writeConfiguration } from '../../config/write.ts';
import type { AuditVerdict } from '../../db/stores/audit-verification.ts';
import { applyConfiguration } from '../../db/stores/configuration.ts';
import type { Configuration } from '../../domain/configuration.ts';
import type { Person } from '../../domain/person.ts';
import { generateCrm } from '../../sample/crm/generate.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startTemporal, type TemporalServer } from '../../app/embedded/temporal.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `worker` and `server` as processes of their own, on a PostgreSQL and a Temporal given by variables. */
let testDatabase: TestDatabase;
let crm: { url: string; drop(): Promise<void> };
let temporal: TemporalServer;
let chat: ChatOfTwoServers;
let directory: string;
let environment: Record<string, string>;
let processes: ChildProcess[] = [];
/** All that the processes said to whoever runs them. */
let logged = '';
let configuration: Configuration;

const followWithinMs = 60_000;
/** Seven processes start one after another, which takes two slow cores a while. */
const storyWithin = { timeout: 600_000 };
const unknownToken = 'unknown-token-of-this-test';
let apiToken = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tagwarden-production-'));
  // A Temporal of its own: workers of other test files must not take this one's tasks.
  [testDatabase, crm, temporal] = await Promise.all([
    createTestDatabase(),
    createEmptyDatabase(),
    startTemporal({ directory, ui: false, say: () => {} }),
  ]);
  const reading = await readConfiguration('sample');
  if (reading.kind !== 'ok') throw new Error('The sample has problems.');
  ({ configuration } = reading);
  const nowMs = Date.now();
  await applyConfiguration(testDatabase.database.query, configuration, {
    by: null,
    through: 'cli',
    nowMs,
  });
  await generateCrm({
    url: crm.url,
    customers: 2_000,
    nowMs,
    configuration,
  });
  chat = await startChatOfTwoServers(configuration.people);
  const port = await findFreePort();
  environment = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: testDatabase.url,
    CRM_DATABASE_URL: crm.url,
    MARKETING_DATABASE_URL: crm.url,
    TEMPORAL_ADDRESS: temporal.address,
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    LOG_LEVEL: 'debug',
    ...chat.variables,
  };
});
afterAll(async () => {
  for (const child of processes) child.kill('SIGKILL');
  await chat.close();
  await temporal.stop();
  await crm.drop();
  await testDatabase.drop();
  await rm(directory, { recursive: true, force: true });
});

async function start(
  file: string,
  { args = [], port }: { readonly args?: readonly string[]; readonly port?: number } = {},
): Promise<ChildProcess> {
  const child = fork(resolve('app', file), args, {
    execArgv: ['--import', 'tsx'],
    env: { ...environment, ...(port === undefined ? {} : { PORT: String(port) }) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    logged += text;
  });
  processes.push(child);
  return child;
}

async function run(...args: string[]): Promise<{ code: number; output: string }> {
  const child = await start('cli/main.ts', { args });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

test(
  'a worker and two servers work together, over HTTP and in chat, and stop when asked',
  storyWithin,
  async () => {
    const worker = await start('worker.ts');
    const server = await start('server.ts');
    const otherPort = await findFreePort();
    const other = await start('server.ts', { port: otherPort });
    const started = [worker, server, other];
    const ready = await Promise.all(started.map((child) => once(child, 'message')));
    expect(ready.map(([message]) => message as string)).toEqual(started.map(() => 'ready'));

    const url = `http://127.0.0.1:${environment['PORT']}`;
    const readiness = await fetch(`${url}/readyz`);
    expect(await readiness.json()).toEqual({ ready: true, postgres: 'ok', temporal: 'ok' });
    // Nobody signs in as a sample person here.
    const signIn = await fetch(`${url}/sign-in`);
    expect(await signIn.text()).not.toContain('li-lei');

    const scan = await run('--json', 'scan');
    expect(scan.code).toBe(0);
    expect(JSON.parse(scan.output)).toMatchObject({ customers: 2_000 });
    const [warnings] = await testDatabase.database.sql`
    select count(*)::int as count from warning where state <> 'closed'`;
    expect(warnings?.['count']).toBeGreaterThan(0);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('tagwarden_scan_last_finished_timestamp_seconds{kind="full"}');
    expect(metrics).toMatch(/^tagwarden_task_queue_backlog\{queue="tagwarden-scans"\} \d+$/m);

    const exported = await run('audit', 'export');
    const rows = exported.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { hash: string });
    const verdict = JSON.parse((await run('--json', 'audit', 'verify')).output) as AuditVerdict;
    expect(verdict.fault).toBeNull();
    expect(verdict.rows).toBeGreaterThanOrEqual(rows.length);
    expect(rows.at(-1)?.hash).toMatch(/^[0-9a-f]{64}$/);

    await askAndVoteOnTheCommandLine();
    await expectServersToShareChat({
      chat,
      sql: testDatabase.database.sql,
      servers: [url, `http://127.0.0.1:${otherPort}`],
      people: { slack: personOf('emily-carter'), feishu: personOf('li-lei') },
      killOne: async () => {
        other.kill('SIGKILL');
        await once(other, 'exit');
      },
    });
    await expectOpenWarningsFollowPeople();
    await repairAndFail(url);

    for (const child of [server, worker]) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    }
    processes = [];
    await expectNothingToldOfCustomers(metrics);
  },
);

/** A request from a file, as its requester, a member and an outsider see it, until it is taken back. */
async function askAndVoteOnTheCommandLine(): Promise<void> {
  const file = join(directory, 'request.yaml');
  const asked = {
    proposal: {
      kind: 'create-tag',
      code: 'trade-fair-guest',
      name: { 'zh-CN': '展会来宾', en: 'Trade fair guest' },
      definition: { 'zh-CN': '到过我们展台的人', en: 'Somebody who came to our stand' },
    },
    reason: '展会后要跟进',
  };
  await writeFile(file, JSON.stringify(asked));
  const as = (code: string, ...args: string[]) => run('--json', '--as', code, 'request', ...args);
  const preview = await as('li-lei', 'create', file, '--preview');
  expect(JSON.parse(preview.output)).toMatchObject({ proposal: asked.proposal, naming: null });
  const made = await as('li-lei', 'create', file);
  const { id, memberCodes } = JSON.parse(made.output) as { id: number; memberCodes: string[] };
  const [member = ''] = memberCodes;
  const voted = await as(member, 'vote', String(id), 'abstain', '--comment', '看看再说');
  expect(JSON.parse(voted.output)).toMatchObject({ votes: [{ by: member, ballot: 'abstain' }] });
  // One's own request is for others to vote on.
  expect(await as('li-lei', 'vote', String(id), 'approve')).toEqual({ code: 1, output: '' });
  const shown = await run('request', 'show', String(id));
  expect(shown.output).toContain('看看再说');
  const withdrawn = await as('li-lei', 'withdraw', String(id));
  expect(JSON.parse(withdrawn.output)).toMatchObject({ id, state: 'withdrawn' });
  const listed = await as(member, 'list', '--show', 'decided');
  expect(JSON.parse(listed.output)).toMatchObject({ requests: [{ id, state: 'withdrawn' }] });
}

function personOf(code: string): Person {
  const person = configuration.people.find((one) => one.code === code);
  if (person === undefined) throw new Error(`The sample has no ${code}.`);
  return person;
}

/** A fix that is taken back, and what goes wrong on the way: a bad token, a bad body, a source that is down. */
async function repairAndFail(url: string): Promise<void> {
  const { database } = testDatabase;
  const admin = personOf('hu-bin');
  const token = await createApiToken(
    { database, now: Date.now },
    { person: admin, through: 'cli' },
    { name: 'story', roles: ['data-admin'], lifeDays: 1 },
  );
  if (token.kind === 'refused') throw new Error('There is no API token.');
  apiToken = token.token;
  const post = (path: string, body: string, bearer = apiToken) =>
    fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body,
    });
  const [customer] = await database.sql<{ name: string }[]>`
    select name from mirror_customer where length(name) > 2 limit 1`;
  const name = customer?.name ?? '';
  expect((await post('/check', JSON.stringify({ customer: [name], add: name }))).status).toBe(422);
  expect((await post('/check', `{"customer": "${name}"`)).status).toBe(400);
  expect((await post('/check', '{}', unknownToken)).status).toBe(401);

  const [warning] = await database.sql<{ id: number }[]>`
    select w.id from warning w join rule r on r.id = w.rule_id
    where w.state = 'open' and r.kind = 'dominance' order by w.customers limit 1`;
  const id = warning?.id ?? 0;
  const fix = await post(
    `/warnings/${id}/fix`,
    JSON.stringify({ choice: { kind: 'recommended' } }),
  );
  expect(fix.status).toBe(200);
  const stateOf = async () => {
    const [row] = await database.sql`
      select w.state, f.state as fix from warning w join fix f on f.warning_id = w.id where w.id = ${id}`;
    return row?.['state'] === 'closed' ? (row['fix'] as string) : 'open';
  };
  await expect.poll(stateOf, { timeout: followWithinMs }).toBe('written');
  expect((await post(`/warnings/${id}/undo`, '{}')).status).toBe(200);
  await expect.poll(stateOf, { timeout: followWithinMs }).toBe('undone');

  const source = openDatabase(crm.url);
  await source.sql`alter schema crm rename to crm_away`;
  const failed = await run('scan');
  expect(failed.code).toBe(1);
  await source.sql`alter schema crm_away rename to crm`;
  await source.close();
}

/**
 * Neither a customer's name nor a secret stands in a log, however much is logged, in a metric, in the audit trail, in
 * what a failure left, or in a workflow's history.
 */
async function expectNothingToldOfCustomers(metrics: string): Promise<void> {
  const { sql } = testDatabase.database;
  const customers = await sql<{ name: string }[]>`
    select distinct name from mirror_customer where length(name) > 2`;
  expect(customers.length).toBeGreaterThan(100);
  const names = customers.map(({ name }) => name);
  const hidden = [...names, unknownToken, apiToken, ...chat.secrets];
  const rows = await sql<{ text: string }[]>`
    select concat_ws(' ', action, subject_id, before, after) as text from audit_row
    union all select error from delivery where error is not null
    union all select row_to_json(scan)::text from scan`;
  const told = {
    logs: logged,
    metrics,
    records: rows.map(({ text }) => text).join('\n'),
    histories: await readHistories(),
  };
  for (const [where, text] of Object.entries(told)) {
    expect(text.length, where).toBeGreaterThan(100);
    expect({ where, found: hidden.filter((one) => text.includes(one)) }).toEqual({
      where,
      found: [],
    });
  }
}

/** What every workflow was told, did and answered, as text. */
async function readHistories(): Promise<string> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const client = new Client({ connection, namespace: temporalConfig.namespace });
    const texts: string[] = [];
    for await (const { workflowId, runId } of client.workflow.list()) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      texts.push(
        JSON.stringify(history, (_key, value: unknown) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value,
        ),
      );
    }
    return texts.join('\n');
  } finally {
    await connection.close();
  }
}

/** Applies the sample with another second line of somebody who owns an open warning. */
async function expectOpenWarningsFollowPeople(): Promise<void> {
  const { sql } = testDatabase.database;
  const [warning] = await sql<{ id: number; owner_code: string; second_line_code: string }[]>`
    select id, owner_code, second_line_code from warning
    where state = 'open' and second_line_code is not null order by id limit 1`;
  const { owner_code: ownerCode, second_line_code: secondLineCode } = warning ?? {};
  const next = configuration.people.find(
    ({ code, roles, status }) =>
      status === 'active' &&
      roles.includes('second-line') &&
      code !== ownerCode &&
      code !== secondLineCode,
  );
  const people = configuration.people.map((person) =>
    person.code === ownerCode ? { ...person, secondLineCode: next?.code ?? null } : person,
  );
  const folder = join(directory, 'changed-company');
  await writeConfiguration(folder, { ...configuration, people });
  const applied = await run('config', 'apply', folder);
  expect(applied.code).toBe(0);
  await expect
    .poll(
      async () => {
        const [row] =
          await sql`select second_line_code from warning where id = ${warning?.id ?? 0}`;
        return row?.['second_line_code'];
      },
      { timeout: followWithinMs },
    )
    .toBe(next?.code);
}

test.each([
  ['worker.ts', 'DATABASE_URL', 'DATABASE_URL should be a url'],
  ['server.ts', 'TEMPORAL_ADDRESS', 'TEMPORAL_ADDRESS should be host:port'],
])('%s says in one sentence that %s is missing', async (file, variable, sentence) => {
  const { [variable]: _, ...rest } = environment;
  const child = fork(resolve('app', file), [], {
    execArgv: ['--import', 'tsx'],
    env: rest,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
  expect(said).toContain(sentence);
  expect(said.trim().split('\n')).toHaveLength(1);
});
