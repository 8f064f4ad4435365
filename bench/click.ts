import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChild } from '../app/child-process.ts';
import { findFreePort } from '../app/embedded/port.ts';
import { findAdmin } from '../app/admin.ts';
import { startTemporal } from '../app/embedded/temporal.ts';
import { systemEnvironment } from '../app/env.ts';
import { ensureSearchAttributes } from '../app/search-attributes.ts';
import { connectClient, connectWorker, namespaceOf } from '../app/temporal-client.ts';
import { bundleWorkflows } from '../app/workers.ts';
import { callLimits } from '../bot/slack/limits.ts';
import { startScan } from '../commands/start-scan.ts';
import { loadPeople } from '../db/stores/people.ts';
import { createRateWindows } from '../delivery/rate-windows.ts';
import type { Person } from '../domain/person.ts';
import type { SeenMessage } from '../test/support/channel-contract.ts';
import { createSlackPeople } from '../test/support/slack-people.ts';
import { startSlackServer, type SlackServer } from '../test/support/slack-server.ts';
import { rounded, type Benchmark, type BenchmarkContext } from './benchmark.ts';
import { openCompany, type Company } from './company.ts';
import { bareUpdate } from './bare-workflow.ts';
import { percentiles } from './load.ts';

const secrets = { token: 'xoxb-bench', signingSecret: 'bench' };
const updateWithinMs = 20_000;
const settleWithinMs = 180_000;
const pollMs = 100;
/** Warnings open one after another: when no card has come for so long, all have. */
const quietMs = 4_000;
/** A click's way is watched this closely. */
const watchMs = 1;
/** The first clicks compile code and open connections. */
const warmUpClicks = 4;
const bareQueue = 'bare';

/** Of the processes that people run, with a Slack of our own that answers at once. */
export const click: Benchmark<'clicks' | 'customers'> = {
  summary:
    'from a signed click on a Slack card to the changed card at Slack, against a bare HTTP call and a bare Update',
  options: {
    clicks: {
      default: 40,
      min: 2,
      max: 1_000,
      meaning:
        'one after another; Slack takes 50 changed cards a minute, so more than 40 take a pause',
    },
    customers: {
      default: 20_000,
      min: 100,
      max: 1_000_000,
      meaning: 'how many the sample CRM has',
    },
  },
  async run({ clicks, customers }, context) {
    const { lifetime, say } = context;
    const company = await openCompany(customers, context);
    let url = '';
    const people = [...(await loadPeople(company.database.query)).values()];
    const server = await startSlackServer({
      ...secrets,
      userIds: people.flatMap(({ slackUserId }) => (slackUserId === null ? [] : [slackUserId])),
      limits: callLimits,
      deliver: (request) => forward(request, url),
    });
    lifetime.onEnd(() => server.close());
    const system = await startSystem(company, server, context);
    url = system.url;
    const cards = await listCards(company, server, people);
    const bare = await startBare(system, context);
    say(`${cards.length} cards stand in Slack. Clicking ${clicks} times …`);
    const budget = createBudget(server);
    const clicksMs = new Float64Array(clicks);
    const httpMs = new Float64Array(clicks);
    const updatesMs = new Float64Array(clicks);
    for (let count = -warmUpClicks; count < clicks; count += 1) {
      await budget.wait(context);
      const took = {
        click: await clickOnce(server, cards, count + warmUpClicks),
        http: await timed(() => fetch(`${url}/healthz`).then((response) => response.text())),
        update: await timed(bare.update),
      };
      if (count < 0) continue;
      clicksMs[count] = took.click;
      httpMs[count] = took.http;
      updatesMs[count] = took.update;
    }
    const ofClick = percentiles(clicksMs);
    const ofHttp = percentiles(httpMs);
    const ofUpdate = percentiles(updatesMs);
    return {
      clicks,
      ...ofClick,
      httpP50Ms: ofHttp.p50Ms,
      httpP95Ms: ofHttp.p95Ms,
      updateP50Ms: ofUpdate.p50Ms,
      updateP95Ms: ofUpdate.p95Ms,
      ratioToBare: rounded(ofClick.p50Ms / (ofHttp.p50Ms + ofUpdate.p50Ms), 1),
    };
  },
};

async function timed(attempt: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await attempt();
  return performance.now() - startedAtMs;
}

/** Slack's limit of changed cards is not what is measured: a click waits until its change may go out at once. */
function createBudget(server: SlackServer) {
  const windows = createRateWindows(callLimits);
  const update = { calls: 'update', conversation: '', message: null } as const;
  let noted = 0;
  const note = (): void => {
    const made = server.calls.filter(({ method }) => method === 'chat.update').length;
    for (; noted < made; noted += 1) windows.note(update, 'begin', Date.now());
  };
  return {
    async wait({ lifetime, say }: BenchmarkContext): Promise<void> {
      note();
      const waitMs = windows.waitMs(update, Date.now());
      if (waitMs > 0) say(`Waiting ${Math.ceil(waitMs / 1_000)} s for Slack to take more …`);
      await delay(waitMs, undefined, { signal: lifetime.signal });
    },
  };
}

/** The least that a click costs at Temporal: an Update of a workflow that does nothing, by a worker of its own. */
async function startBare(
  { client, address }: System,
  { lifetime }: BenchmarkContext,
): Promise<{ readonly update: () => Promise<unknown> }> {
  const environment = { address, namespace: null, apiKey: null, tls: null };
  const connection = await connectWorker(environment);
  const worker = await Worker.create({
    connection,
    namespace: namespaceOf(environment),
    taskQueue: bareQueue,
    workflowBundle: await bundleWorkflows(
      [],
      fileURLToPath(new URL('./bare-workflow.ts', import.meta.url)),
    ),
  });
  const running = worker.run();
  lifetime.onEnd(async () => {
    worker.shutdown();
    await running;
    await connection.close();
  });
  const patient = await client.workflow.start('barePatient', {
    workflowId: 'bare',
    taskQueue: bareQueue,
  });
  return { update: () => patient.executeUpdate(bareUpdate) };
}

interface System {
  readonly url: string;
  readonly client: Client;
  /** Of Temporal. */
  readonly address: string;
}

interface Standing {
  readonly person: Person;
  readonly card: SeenMessage;
}

/** Claims a card that nobody clicked yet, and lets go of it the next time round. */
async function clickOnce(
  server: SlackServer,
  cards: readonly Standing[],
  count: number,
): Promise<number> {
  const standing = cards[count % cards.length];
  if (standing === undefined) throw new Error('No card stands in Slack.');
  const label = Math.floor(count / cards.length) % 2 === 0 ? '认领' : '取消认领';
  const ts = standing.card.ref.message;
  const find = () =>
    server.messages.find((message) => message.ts === ts && message.onlyFor === null);
  const before = find();
  const startedAtMs = performance.now();
  await createSlackPeople(server).click(standing.card, label, standing.person);
  while (find() === before) {
    if (performance.now() - startedAtMs > updateWithinMs)
      throw new Error(`No update after ${label}.`);
    await delay(watchMs);
  }
  return performance.now() - startedAtMs;
}

async function startSystem(
  company: Company,
  slack: SlackServer,
  { lifetime, say }: BenchmarkContext,
): Promise<System> {
  const { directory, databaseUrl, crmUrl, database } = company;
  say('Starting Temporal, worker and server …');
  const temporal = await startTemporal({ directory, ui: false, say });
  lifetime.onEnd(() => temporal.stop());
  const client = await connectClient({
    address: temporal.address,
    namespace: null,
    apiKey: null,
    tls: null,
  });
  lifetime.onEnd(() => client.connection.close());
  await ensureSearchAttributes(client);
  const port = await findFreePort();
  const env = {
    PATH: systemEnvironment().path,
    DATABASE_URL: databaseUrl,
    CRM_DATABASE_URL: crmUrl,
    TEMPORAL_ADDRESS: temporal.address,
    PORT: String(port),
    DATA_DIR: directory,
    LOG_LEVEL: 'warn',
    SLACK_BOT_TOKEN: secrets.token,
    SLACK_SIGNING_SECRET: secrets.signingSecret,
    SLACK_API_URL: slack.apiUrl,
  };
  const logFile = join(directory, 'system.log');
  await startChild({ file: 'worker.ts', args: [], env, logFile, lifetime });
  await startChild({ file: 'server.ts', args: ['--sample-people'], env, logFile, lifetime });
  const context = { database, temporal: client, now: Date.now };
  const started = await startScan(context, await findAdmin({ database }), { kind: 'full' });
  if (started.kind === 'refused') throw new Error(`No scan: ${started.refusal.kind}.`);
  let known = { cards: 0, sinceMs: performance.now() };
  await settled('the scan and its cards', lifetime, async () => {
    const [row] = await database.sql<{ isOver: boolean; cards: number }[]>`
      select exists(select from scan where state = 'done')
        and not exists(select from delivery where queued_at is not null) as "isOver",
        (select count(*)::int from delivery where channel = 'slack') as cards`;
    const cards = row?.cards ?? 0;
    if (cards !== known.cards || row?.isOver !== true)
      known = { cards, sinceMs: performance.now() };
    return cards > 0 && performance.now() - known.sinceMs > quietMs;
  });
  return { url: `http://127.0.0.1:${port}`, client, address: temporal.address };
}

/** The unclaimed cards that nobody else has a copy of, so that a click changes one, of readers who read Chinese, so that its buttons are known. */
async function listCards(
  { database }: Company,
  server: SlackServer,
  people: readonly Person[],
): Promise<readonly Standing[]> {
  const posted = await database.sql<{ code: string; ts: string }[]>`
    select min(recipient_code) as code, min(message ->> 'message') as ts
    from delivery where channel = 'slack' and state = 'posted' and subject_kind = 'warning'
    group by subject_id having count(*) = 1 and min(purpose) = 'owner' order by subject_id`;
  const reader = createSlackPeople(server);
  const cards: Standing[] = [];
  for (const { code, ts } of posted) {
    const person = people.find((one) => one.code === code && one.locale === 'zh-CN');
    if (person === undefined) continue;
    const card = (await reader.cardsOf(person)).find(({ ref }) => ref.message === ts);
    if (card?.buttons.includes('认领') === true) cards.push({ person, card });
  }
  return cards;
}

async function settled(
  what: string,
  lifetime: BenchmarkContext['lifetime'],
  isSo: () => Promise<boolean>,
): Promise<void> {
  const deadlineMs = performance.now() + settleWithinMs;
  while (!(await isSo())) {
    lifetime.signal.throwIfAborted();
    if (performance.now() > deadlineMs) throw new Error(`Not in time: ${what}.`);
    await delay(pollMs);
  }
}

async function forward(request: Request, url: string): Promise<Response> {
  const { pathname } = new URL(request.url);
  return fetch(`${url}${pathname}`, {
    method: request.method,
    headers: request.headers,
    body: await request.text(),
  });
}
