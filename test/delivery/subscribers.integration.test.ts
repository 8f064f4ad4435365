import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createOutlets, createSubscribers } from '../../app/subscribers.ts';
import { directWayOut } from '../../bot/way-out.ts';
import { appendAudit } from '../../db/stores/audit.ts';
import { createDigest } from '../../db/stores/digests.ts';
import { findPerson } from '../../db/stores/people.ts';
import { createDispatcher } from '../../delivery/dispatcher.ts';
import { createFeed } from '../../delivery/feed.ts';
import { usualEvents, type Subscriber } from '../../domain/event.ts';
import { policies } from '../../db/schema/dictionary.ts';
import { events } from '../../db/schema/events.ts';
import { warnings } from '../../db/schema/warnings.ts';
import { deliveries } from '../../db/schema/channels.ts';
import { blacklistRule, settleCompany, testPolicy } from '../support/company.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startRobotServer, type RobotServer } from '../support/robot-server.ts';

const nowMs = Date.UTC(2026, 10, 23, 2);
const dayMs = 86_400_000;
const secrets = {
  dingtalkToken: 'token',
  dingtalkSecret: 'SECsecret',
  wecomKey: 'key',
  webhookSecret: `whsec_${Buffer.from('a secret for the feed').toString('base64')}`,
};
const ops: Subscriber = {
  code: 'ops',
  kind: 'webhook',
  urlVariable: 'OPS_WEBHOOK_URL',
  secretVariable: 'OPS_WEBHOOK_SECRET',
  events: usualEvents('webhook'),
  severities: ['high', 'medium', 'low'],
  locale: 'en',
};

let testDatabase: TestDatabase;
let server: RobotServer;
let nextId = 1;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  server = await startRobotServer(secrets);
  await settleCompany(testDatabase.database);
});
afterAll(async () => {
  await server.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  const { sql, query } = testDatabase.database;
  await sql`truncate delivery, event, event_cursor, warning cascade`;
  const scans = { ...testPolicy.scans, timeZone: 'UTC' };
  await query.update(policies).set({ body: { ...testPolicy, scans, subscribers: [ops] } });
  // From here on.
  await feed().take();
});

const variable = (name: string) => server.variables[name] ?? null;
const surroundings = () => ({
  database: testDatabase.database,
  environment: { variable },
  wayOut: directWayOut,
  publicUrl: 'https://tagwarden.example.com',
  // The stand-ins check signatures against the clock.
  now: Date.now,
});

function feed(atMs = nowMs) {
  const { listSubscribers } = createSubscribers(surroundings());
  return createFeed({ database: testDatabase.database, listSubscribers, now: () => atMs });
}

async function happens(
  action: string,
  after: Readonly<Record<string, unknown>> = {},
  severity: 'high' | 'low' = 'high',
): Promise<number> {
  const { query } = testDatabase.database;
  const id = nextId++;
  const isClosed = action === 'warning.closed';
  await query.insert(warnings).values({
    id,
    fingerprint: `feed-${id}`,
    ruleId: 1,
    ruleCode: blacklistRule.code,
    severity,
    ownerCode: 'li-lei',
    state: isClosed ? 'closed' : 'open',
    stateBody: isClosed
      ? { kind: 'closed', reason: 'fixed', by: 'li-lei', atMs: nowMs, fixId: null }
      : { kind: 'open' },
    level: 0,
    snoozes: 0,
    customers: 37,
    openedAt: nowMs,
    claimDueAt: nowMs + 7_200_000,
    closeDueAt: nowMs + dayMs,
    version: 1,
  });
  const entry = {
    actorCode: 'li-lei',
    through: 'console',
    action,
    subjectKind: 'warning',
    subjectId: String(id),
    before: null,
    after,
  };
  await query.transaction((transaction) => appendAudit(transaction, [entry], nowMs));
  return id;
}

const told = async () =>
  (await testDatabase.database.query.select().from(deliveries))
    .map(({ channel, recipientCode }) => `${channel}:${recipientCode}`)
    .sort();

test('what the audit trail says is told once, however many look at it at once', async () => {
  await happens('warning.opened');
  await happens('warning.claimed', {}, 'low');
  await happens('warning.noted');
  await Promise.all([feed().take(), feed().take(), feed().take()]);
  await feed().take();
  const kept = await testDatabase.database.query.select().from(events);
  expect(kept.map(({ body }) => body.kind).sort()).toEqual(['warning.claimed', 'warning.opened']);
  // The robots are there by their variables alone, and hear of what is bad only.
  expect(await told()).toEqual(['dingtalk:dingtalk', 'webhook:ops', 'webhook:ops', 'wecom:wecom']);
});

test('who took a warning up before its time is told, and nobody where a deadline did', async () => {
  await happens('warning.escalated', { escalatedTo: 'han-meimei' });
  await happens('warning.escalated-now', { escalatedTo: 'han-meimei group:desk' });
  await feed().take();
  const bodies = (await testDatabase.database.query.select().from(events)).map(({ body }) => body);
  const escalated = { kind: 'warning.escalated', to: ['han-meimei'] };
  expect(bodies).toMatchObject([escalated, { ...escalated, by: 'li-lei' }]);
  expect(bodies[0]).not.toHaveProperty('by');
});

test('a flood of new warnings is one message to a group, and each of them to a system', async () => {
  for (let count = 0; count < 5; count += 1) await happens('warning.opened');
  await feed().take();
  const codes = await told();
  expect(codes.filter((code) => code === 'webhook:ops')).toHaveLength(5);
  expect(codes.filter((code) => code === 'dingtalk:dingtalk')).toHaveLength(1);
});

test('digests of the week are told, one that its reader asked for is not', async () => {
  const { database } = testDatabase;
  const subscribers = [{ ...ops, events: ['digest.created'] as const }];
  await database.query.update(policies).set({ body: { ...testPolicy, subscribers } });
  const reader = await findPerson(database.query, 'li-lei');
  if (reader === null) throw new Error('There is no li-lei.');
  const period = {
    audience: { kind: 'person', person: reader },
    every: 'week',
    beforeMs: nowMs - 14 * dayMs,
    fromMs: nowMs - 7 * dayMs,
    untilMs: nowMs,
    nowMs,
  } as const;
  await createDigest(database, { ...period, isAskedFor: true });
  const ofTheWeek = await createDigest(database, period);
  await feed().take();
  const bodies = (await database.query.select().from(events)).map(({ body }) => body);
  expect(bodies.filter(({ kind }) => kind === 'digest.created')).toMatchObject([
    { digestId: ofTheWeek },
  ]);
});

test('a day is counted once, at the policy’s hour', async () => {
  const reportAtMs = Date.UTC(2026, 10, 23, testPolicy.digest.hour);
  await feed(reportAtMs - 1).take();
  expect(await told()).toEqual([]);
  await Promise.all([feed(reportAtMs).take(), feed(reportAtMs + 60_000).take()]);
  expect(await told()).toEqual(['dingtalk:dingtalk', 'webhook:ops', 'wecom:wecom']);
});

test('two dispatchers bring every event to everybody, once each, and leave out what is over', async () => {
  const stop = new AbortController();
  const before = server.taken.length;
  const dispatcher = () =>
    createDispatcher({
      database: testDatabase.database,
      channels: new Map(),
      drawCard: async () => null,
      subscribers: createSubscribers(surroundings()),
      onError: (error) => {
        throw error;
      },
      now: () => nowMs,
    });
  await happens('warning.opened');
  await happens('warning.escalated', { escalatedTo: 'han-meimei zhao-lin' });
  const over = await happens('warning.opened');
  await testDatabase.database.sql`update warning set state = 'closed',
    state_body = '{"kind":"closed","reason":"gone","by":null,"atMs":0,"fixId":null}' where id = ${over}`;
  const running = [dispatcher().run(stop.signal), dispatcher().run(stop.signal)];
  await expect
    .poll(
      async () => {
        const rows = await testDatabase.database.query.select().from(deliveries);
        return rows.length > 0 && rows.every(({ queuedAt }) => queuedAt === null)
          ? rows.map(({ state }) => state).sort()
          : null;
      },
      { timeout: 60_000, interval: 100 },
    )
    .toEqual([...Array<string>(2).fill('dropped'), ...Array<string>(7).fill('posted')]);
  stop.abort();
  await Promise.all(running);
  const paths = server.taken.slice(before).map(({ path }) => path);
  expect(paths.filter((path) => path === '/hook')).toHaveLength(3);
  expect(paths.filter((path) => path === '/robot/send')).toHaveLength(2);
  expect(paths.filter((path) => path === '/cgi-bin/webhook/send')).toHaveLength(2);
  const said = JSON.stringify(server.taken.slice(before));
  expect(said).toContain('黑名单生效后移除高价值客户');
  expect(said).toContain('han-meimei');
});

test('every kind of subscriber has its outlet', () => {
  expect(createOutlets(surroundings()).map(({ name }) => name)).toEqual([
    'webhook',
    'dingtalk',
    'wecom',
  ]);
});
