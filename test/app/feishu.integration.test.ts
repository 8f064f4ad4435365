import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../app/env.ts';
import { directWayOut } from '../../bot/way-out.ts';
import { createDoors } from '../../app/server-wiring.ts';
import { auditRows } from '../../db/schema/access.ts';
import { createKeeper } from '../../bot/keeper.ts';
import { createEventStore } from '../../db/stores/inbound-events.ts';
import { createViewReader } from '../../db/stores/views.ts';
import { liLei, settleCompany } from '../support/company.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { readCard } from '../support/feishu-reader.ts';
import { startFeishuServer, type FeishuServer } from '../support/feishu-server.ts';

const appId = 'cli_0123456789abcdef';
const appSecret = 'wired-app-secret';
const encryptKey = 'wired-encrypt-key';
const verificationToken = 'wired-verification-token';
const openId = 'ou_lilei_wired';
const strangerId = 'ou_stranger';

let testDatabase: TestDatabase;
let server: FeishuServer;
let connection: Connection;
let atEnd: (() => Promise<void>)[];
let doors: ReadonlyMap<string, (request: Request) => Promise<Response>>;

beforeEach(async () => {
  atEnd = [];
  testDatabase = await createTestDatabase();
  await settleCompany(testDatabase.database, {
    people: [{ ...liLei, locale: 'zh-CN', feishuOpenId: openId }],
  });
  server = await startFeishuServer({
    appId,
    appSecret,
    encryptKey,
    verificationToken,
    openIds: [openId, strangerId],
    deliver: async (request) =>
      (await doors.get(new URL(request.url).pathname)?.(request)) ??
      new Response(null, { status: 404 }),
  });
  connection = Connection.lazy({ address: '127.0.0.1:1' });
});

afterEach(async () => {
  for (const step of atEnd.toReversed()) await step();
  await connection.close();
  await server.close();
  await testDatabase.drop();
});

async function openDoors(variables: Record<string, string>): Promise<void> {
  const environment = readEnvironment({
    DATABASE_URL: testDatabase.url,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    FEISHU_APP_ID: appId,
    FEISHU_APP_SECRET: appSecret,
    FEISHU_DOMAIN: server.origin,
    ...variables,
  });
  const { databaseUrl, temporal } = environment;
  if (databaseUrl === null || temporal === null) throw new Error('Both are set above.');
  const { database } = testDatabase;
  const now = Date.now;
  doors = await createDoors(
    {
      environment: { ...environment, databaseUrl, temporal },
      logger: pino({ level: 'silent' }),
      database,
      temporal: new Client({ connection }),
      views: createViewReader(database, { now, fixPreview: async () => null }),
      wayOut: directWayOut,
      publicUrl: 'https://tagwarden.example.com',
      now,
    },
    {
      onEnd: (step) => atEnd.push(step),
      signal: new AbortController().signal,
      allowToFinish: () => {},
    },
  );
}

/** Ends everything under way, so that all answers are there. */
async function settle(): Promise<void> {
  for (const step of atEnd.splice(0).toReversed()) await step();
}

describe('the system with Feishu’s variables', () => {
  const webhook = {
    FEISHU_ENCRYPT_KEY: encryptKey,
    FEISHU_VERIFICATION_TOKEN: verificationToken,
  };

  it('answers the person behind an open_id once, however often their words come', async () => {
    await openDoors(webhook);
    const payload = server.messagePayload('帮助', openId);
    const sent = await server.send(payload);
    const copy = await sent.again();
    const sentAnew = await server.send(payload);
    await settle();
    expect([sent.status, copy.status, sentAnew.status]).toEqual([200, 401, 200]);
    const rows = await testDatabase.database.query.select().from(auditRows);
    expect(rows.map(({ action, through }) => [action, through])).toEqual([
      ['door.refused', 'feishu'],
    ]);
    expect(server.messages.map((message) => message.openId)).toEqual([openId]);
    expect(readCard(server.messages[0]?.card ?? {})).toContain('检查');
  });

  it('tells somebody who is not known their open_id', async () => {
    await openDoors(webhook);
    await server.send(server.messagePayload('帮助', strangerId));
    await settle();
    expect(readCard(server.messages[0]?.card ?? {})).toContain(strangerId);
  });

  it('refuses forged requests on both addresses and has them in the audit trail', async () => {
    await openDoors(webhook);
    for (const path of ['/feishu/events', '/feishu/cards']) {
      const forged = await server.send(server.messagePayload('帮助', openId), {
        path,
        encryptKey: 'another-key',
      });
      expect(forged.status).toBe(401);
    }
    const rows = await testDatabase.database.query.select().from(auditRows);
    expect(rows.map(({ action, through }) => [action, through])).toEqual([
      ['door.refused', 'feishu'],
      ['door.refused', 'feishu'],
    ]);
    for (const secret of [appSecret, encryptKey, verificationToken]) {
      expect(JSON.stringify(rows)).not.toContain(secret);
    }
  });

  it('does a click once that was kept by a process that died', async () => {
    const { database } = testDatabase;
    const events = createEventStore(database.query);
    const keeper = createKeeper({
      channel: 'feishu',
      events,
      secret: appSecret,
      now: () => Date.now() - 60_000,
      onError: () => {},
      resume: async () => 'done',
      giveUp: async () => {},
    });
    const visit = {
      platformUserId: openId,
      interaction: { kind: 'form', action: { kind: 'choose-request' }, fields: { what: '' } },
      place: { messageId: 'om_1', replaces: false },
    } as const;
    const taken = ['e1', 'e2'].map((eventKey) =>
      keeper.accept({ eventKey, signatureKey: `of ${eventKey}`, visit }),
    );
    keeper.stop();
    expect((await Promise.all(taken)).map(({ kind }) => kind)).toEqual(['now', 'waits']);
    await openDoors(webhook);
    const waiting = () => database.sql`select from inbound_event where work is not null`;
    await expect.poll(waiting, { timeout: 60_000 }).toEqual([]);
    await settle();
    expect(server.messages.map((message) => message.openId)).toEqual([openId, openId]);
    const kept = await database.sql`
      select work, lane, tries from inbound_event where event_key in ('e1', 'e2')`;
    expect(kept).toEqual([1, 2].map(() => ({ work: null, lane: null, tries: 1 })));
  });

  it('takes one of simultaneous copies, and knows the others for what they are', async () => {
    const events = createEventStore(testDatabase.database.query);
    const event = { channel: 'feishu', eventKey: 'e1', signatureKey: 's1', kept: null } as const;
    const at = { nowMs: Date.now(), freeAtMs: Date.now() };
    const copies = [1, 2, 3, 4, 5].map(() => events.accept(event, at));
    expect((await Promise.all(copies)).toSorted()).toEqual([...Array(4).fill('copied'), 'now']);
    const sentAnew = await events.accept({ ...event, signatureKey: 's2' }, at);
    expect(sentAnew).toBe('repeated');
  });

  it('holds the long connection where that is the mode', async () => {
    await openDoors({ FEISHU_MODE: 'websocket' });
    const answer = await server.sendOverSocket(server.messagePayload('帮助', openId));
    await settle();
    expect(answer['code']).toBe(200);
    expect(server.messages).toHaveLength(1);
  });
});
