import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startChild } from '../app/child-process.ts';
import { findFreePort } from '../app/embedded/port.ts';
import { findAdmin } from '../app/embedded/prepare-data.ts';
import { startTemporal } from '../app/embedded/temporal.ts';
import { systemEnvironment } from '../app/env.ts';
import { ensureSearchAttributes } from '../app/search-attributes.ts';
import { connectClient } from '../app/temporal-client.ts';
import { startScan } from '../commands/start-scan.ts';
import { loadPeople } from '../db/stores/people.ts';
import type { Person } from '../domain/person.ts';
import type { SeenMessage } from '../test/support/channel-contract.ts';
import { createSlackPeople } from '../test/support/slack-people.ts';
import { startSlackServer, type SlackServer } from '../test/support/slack-server.ts';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import { openCompany, type Company } from './company.ts';
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

/** Of the processes that people run, with a Slack of our own that answers at once. */
export const click: Benchmark<'clicks' | 'customers'> = {
  summary:
    'from a signed click on a Slack card to the changed card at Slack, against a bare HTTP call of the same server',
  options: {
    clicks: {
      default: 40,
      min: 2,
      max: 45,
      meaning: 'one after another; Slack takes 50 updates a minute',
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
      deliver: (request) => forward(request, url),
    });
    lifetime.onEnd(() => server.close());
    url = await startSystem(company, server, context);
    const cards = await listCards(company, server, people);
    say(`${cards.length} cards stand in Slack. Clicking ${clicks} times …`);
    const latenciesMs = new Float64Array(clicks);
    const healthMs = new Float64Array(clicks);
    for (let count = -warmUpClicks; count < clicks; count += 1) {
      lifetime.signal.throwIfAborted();
      const tookMs = await clickOnce(server, cards, count + warmUpClicks);
      const beganAtMs = performance.now();
      await fetch(`${url}/healthz`).then((response) => response.text());
      if (count < 0) continue;
      latenciesMs[count] = tookMs;
      healthMs[count] = performance.now() - beganAtMs;
    }
    const health = percentiles(healthMs);
    return {
      clicks,
      ...percentiles(latenciesMs),
      httpP50Ms: health.p50Ms,
      httpP95Ms: health.p95Ms,
    };
  },
};

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
): Promise<string> {
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
  return `http://127.0.0.1:${port}`;
}

/** One unclaimed card of each warning, of readers who read Chinese, so that its buttons are known. */
async function listCards(
  { database }: Company,
  server: SlackServer,
  people: readonly Person[],
): Promise<readonly Standing[]> {
  const posted = await database.sql<{ code: string; ts: string }[]>`
    select distinct on (subject_id) recipient_code as code, message ->> 'message' as ts
    from delivery where channel = 'slack' and purpose = 'owner' and state = 'posted'
    order by subject_id, id`;
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
