import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres } from '../app/embedded/postgres.ts';
import type { Card } from '../bot/card.ts';
import type { Channel, RateLimit } from '../bot/channel.ts';
import { createFeishuChannel } from '../bot/feishu/channel.ts';
import { callLimits as feishuLimits } from '../bot/feishu/limits.ts';
import { createSlackChannel } from '../bot/slack/channel.ts';
import { callLimits as slackLimits } from '../bot/slack/limits.ts';
import { migrateDatabase, openDatabase, type Database } from '../db/client.ts';
import { calendars, departments, people } from '../db/schema/people.ts';
import { announceQueue, ensureDeliveries } from '../db/stores/deliveries.ts';
import { createDispatcher } from '../delivery/dispatcher.ts';
import type { ChannelName } from '../domain/person.ts';
import { startFeishuServer } from '../test/support/feishu-server.ts';
import { startSlackServer } from '../test/support/slack-server.ts';
import { rounded, type Benchmark, type BenchmarkContext, type Figures } from './benchmark.ts';

/** Two processes' worth of dispatchers share the work, as where several workers run. */
const dispatchersCount = 2;
/** The platform fails before, and takes without answering, so many of the first cards. */
const failuresEach = 5;
const timeoutMs = 2_000;
const lookEveryMs = 250;

/** Counts what arrived at platforms that refuse whatever comes faster than they allow. */
export const flood: Benchmark<'cards' | 'people'> = {
  summary:
    'cards to people on Slack and on Feishu at once, against the least time that their limits allow',
  options: {
    cards: { default: 1_000, min: 1, max: 100_000, meaning: 'cards on each platform' },
    people: { default: 200, min: 1, max: 10_000, meaning: 'who get them' },
  },
  async run(options, context) {
    const { lifetime, say } = context;
    const url = await startDatabase(context);
    const database = openDatabase(url);
    lifetime.onEnd(() => database.close());
    await migrateDatabase(database);
    const codes = Array.from({ length: options.people }, (_, index) => `p-${index}`);
    await addPeople(database, codes);
    const [slack, feishu] = await Promise.all([startSlack(codes), startFeishu(codes)]);
    const platforms = [slack, feishu];
    for (const platform of platforms) lifetime.onEnd(() => platform.close());
    await queueCards(database, { cards: options.cards, codes });

    const stop = new AbortController();
    const startedAtMs = performance.now();
    const dispatchers = Array.from({ length: dispatchersCount }, async () => {
      const own = openDatabase(url);
      const dispatcher = createDispatcher({
        database: own,
        channels: new Map(platforms.map(({ channel }) => [channel.name, channel])),
        drawCard: async ({ id }) => ({
          card: cardOf(id),
          version: 1,
          isMoving: false,
          isOver: false,
        }),
        onError: (error) => say(String(error)),
        now: Date.now,
      });
      await dispatcher.run(stop.signal);
      await own.close();
    });
    lifetime.onEnd(async () => {
      stop.abort();
      await Promise.all(dispatchers);
    });
    await announceQueue(database.query);
    const tookMs = await untilEmpty(database, { ...context, startedAtMs });
    return report(platforms, { ...options, tookMs, say });
  },
};

interface Platform {
  readonly channel: Channel;
  /** Cards that stand, by the delivery's subject. */
  readonly shown: () => readonly string[];
  readonly refused: () => number;
  readonly close: () => Promise<void>;
}

async function startDatabase({ lifetime, say }: BenchmarkContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tagwarden-flood-'));
  lifetime.onEnd(() => rm(directory, { recursive: true, force: true }));
  say('Starting PostgreSQL …');
  const server = await startPostgres({ directory });
  lifetime.onEnd(() => server.stop());
  return server.openDatabase('tagwarden');
}

async function addPeople(database: Database, codes: readonly string[]): Promise<void> {
  const name = { 'zh-CN': '销售部', en: 'Sales' };
  await database.query.insert(departments).values({ code: 'sales', name });
  const week = { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] };
  const body = { code: 'always', timeZone: 'Asia/Shanghai', week, holidays: null };
  await database.query.insert(calendars).values({ code: 'always', body });
  await database.query.insert(people).values(
    codes.map((code, index) => ({
      code,
      name: { 'zh-CN': code, en: code },
      email: null,
      departmentCode: 'sales',
      roles: [],
      managerCode: null,
      secondLineCode: null,
      deputyCode: null,
      locale: 'zh-CN' as const,
      timeZone: 'Asia/Shanghai',
      calendarCode: 'always',
      slackUserId: slackIdOf(index),
      feishuOpenId: feishuIdOf(index),
      channels: [],
      absences: [],
      status: 'active' as const,
    })),
  );
}

async function queueCards(
  database: Database,
  { cards, codes }: { readonly cards: number; readonly codes: readonly string[] },
): Promise<void> {
  const channels: readonly ChannelName[] = ['slack', 'feishu'];
  for (let id = 1; id <= cards; id += 1) {
    const recipientCode = codes[id % codes.length] ?? '';
    await ensureDeliveries(database.query, {
      urgent: false,
      subject: { kind: 'warning', id },
      addressees: channels.map((channel) => ({ purpose: 'owner', channel, recipientCode })),
      rank: id % 3,
      nowMs: Date.now(),
    });
  }
}

async function startSlack(codes: readonly string[]): Promise<Platform> {
  const token = 'xoxb-flood';
  const server = await startSlackServer({
    token,
    signingSecret: 'flood',
    userIds: codes.map((_, index) => slackIdOf(index)),
    limits: slackLimits,
    deliver: () => Promise.reject(new Error('Nobody clicks here.')),
  });
  for (let count = 0; count < failuresEach; count += 1) {
    server.failNext({ kind: 'http-500' });
    server.failNext({ kind: 'no-answer' });
  }
  return {
    channel: createSlackChannel({ token, apiUrl: server.apiUrl, timeoutMs }),
    shown: () => server.messages.map(({ text }) => text),
    refused: server.refusedForSpeed,
    close: server.close,
  };
}

async function startFeishu(codes: readonly string[]): Promise<Platform> {
  const account = { appId: 'cli_0123456789abcdef', appSecret: 'flood' };
  const server = await startFeishuServer({
    ...account,
    encryptKey: null,
    verificationToken: 'flood',
    openIds: codes.map((_, index) => feishuIdOf(index)),
    limits: feishuLimits,
    deliver: () => Promise.reject(new Error('Nobody clicks here.')),
  });
  for (let count = 0; count < failuresEach; count += 1) {
    server.failNext({ kind: 'http-500' });
    server.failNext({ kind: 'no-answer' });
  }
  return {
    channel: createFeishuChannel({ ...account, domain: server.origin, timeoutMs }),
    shown: () => server.messages.map(({ card }) => JSON.stringify(card['config'])),
    refused: server.refusedForSpeed,
    close: server.close,
  };
}

function slackIdOf(index: number): string {
  return `U${String(index).padStart(8, '0')}`;
}

function feishuIdOf(index: number): string {
  return `ou_${index}`;
}

function cardOf(id: number): Card {
  const title = `Card ${id}.`;
  return {
    locale: 'en',
    tint: 'red',
    title,
    status: '',
    blocks: [{ kind: 'text', text: [{ kind: 'plain', text: title }] }],
    buttons: [],
    menu: [],
    outcome: null,
    url: null,
    summary: title,
  };
}

/** Milliseconds from the start until each platform's queue was empty. */
async function untilEmpty(
  database: Database,
  { lifetime, say, startedAtMs }: BenchmarkContext & { readonly startedAtMs: number },
): Promise<ReadonlyMap<ChannelName, number>> {
  const tookMs = new Map<ChannelName, number>();
  for (let looks = 0; ; looks += 1) {
    lifetime.signal.throwIfAborted();
    const left = await database.sql<{ channel: ChannelName; left: number }[]>`
      select channel, (count(queued_at))::int as left from delivery group by channel`;
    for (const row of left) {
      if (row.left === 0 && !tookMs.has(row.channel)) {
        tookMs.set(row.channel, performance.now() - startedAtMs);
      }
    }
    if (tookMs.size === left.length) return tookMs;
    if (looks % 40 === 0) say(`… ${left.map((row) => `${row.channel} ${row.left}`).join(', ')}`);
    await delay(lookEveryMs);
  }
}

function report(
  platforms: readonly Platform[],
  run: {
    readonly cards: number;
    readonly people: number;
    readonly tookMs: ReadonlyMap<ChannelName, number>;
    readonly say: (line: string) => void;
  },
): Figures {
  const figures: Record<string, number> = { cards: run.cards, people: run.people };
  run.say('platform   sent  lost  doubled  refused  took s  least s');
  for (const { channel, shown, refused } of platforms) {
    const seen = shown();
    const distinct = new Set(seen).size;
    const took = rounded((run.tookMs.get(channel.name) ?? 0) / 1_000, 1);
    const least = rounded(leastMs(channel.capabilities.limits, run) / 1_000, 1);
    const row = [seen.length, run.cards - distinct, seen.length - distinct, refused(), took, least];
    const widths = [7, 6, 9, 9, 8, 9];
    run.say(
      channel.name.padEnd(8) +
        row.map((cell, at) => String(cell).padStart(widths[at] ?? 0)).join(''),
    );
    for (const [at, name] of [
      'Sent',
      'Lost',
      'Doubled',
      'Refused',
      'Seconds',
      'LeastSeconds',
    ].entries()) {
      figures[`${channel.name}${name}`] = row[at] ?? 0;
    }
  }
  return figures;
}

/** The least time in which a platform takes so many cards and the calls that it fails: only its limits hold them up. */
function leastMs(
  limits: readonly RateLimit[],
  { cards, people: readers }: { readonly cards: number; readonly people: number },
): number {
  const ofPosts = limits.filter(({ calls }) => calls === 'post');
  return Math.max(
    ...ofPosts.map(({ per, count, perMs }) => {
      const calls = per === 'app' ? cards + 2 * failuresEach : Math.ceil(cards / readers);
      return Math.floor((calls - 1) / count) * perMs;
    }),
  );
}
