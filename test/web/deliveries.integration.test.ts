import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deliveries } from '../../db/schema/channels.ts';
import { auditRows } from '../../db/schema/access.ts';
import {
  consoleNowMs,
  createTestConsole,
  PlainBrowser,
  type TestConsole,
} from '../support/console.ts';
import { seedConsole, type ConsoleData } from '../support/console-data.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let testDatabase: TestDatabase;
let data: ConsoleData;
let web: TestConsole;
let browser: PlainBrowser;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  data = await seedConsole(testDatabase.database, consoleNowMs);
});
afterAll(() => testDatabase.drop());
beforeEach(async () => {
  await testDatabase.database.sql`delete from delivery where channel <> 'inbox'`;
  web = createTestConsole(testDatabase.database);
  browser = new PlainBrowser(web.app);
});

async function giveUp(recipientCode: string, failure: 'unreachable' | 'auth'): Promise<string> {
  const [row] = await testDatabase.database.query
    .insert(deliveries)
    .values({
      subjectKind: 'warning',
      subjectId: data.openWarningId,
      purpose: 'owner',
      channel: 'slack',
      recipientCode,
      state: 'failed',
      failure,
      error: `Slack chat.postMessage: ${failure}.`,
      createdAt: consoleNowMs,
      updatedAt: consoleNowMs,
    })
    .returning({ id: deliveries.id });
  return row?.id ?? '';
}

test('a data admin sees in both languages what did not arrive, why, and what to do', async () => {
  const { sql } = testDatabase.database;
  const groups = [
    {
      code: 'governance',
      name: { 'zh-CN': '标签治理群', en: 'Tag governance' },
      slackChannelId: 'C0GOVERN',
      feishuChatId: null,
      mention: [],
      locale: 'zh-CN',
    },
  ];
  await sql`update policy set body = body || ${sql.json({ groups })}`;
  await giveUp('li-lei', 'unreachable');
  await giveUp('group:governance', 'unreachable');
  await sql`insert into delivery (subject_kind, subject_id, purpose, channel, recipient_code, state,
      queued_at, failures, error, created_at, updated_at)
    values ('warning', ${data.openWarningId}, 'owner', 'feishu', 'li-lei', 'pending',
      ${consoleNowMs}, 1, 'Feishu im.message.create: HTTP 500.', ${consoleNowMs}, ${consoleNowMs})`;
  await browser.signInAs('hu-bin');
  await browser.post('/preferences', { locale: 'zh-CN' });
  const chinese = await (await browser.get('/deliveries')).text();
  for (const words of [
    '李雷',
    '标签治理群',
    'Slack',
    '账号已停用',
    '会自动重试：',
    'Feishu im.message.create: HTTP 500.',
    '重新发送',
    `预警 ${data.openWarningId}`,
  ]) {
    expect(chinese).toContain(words);
  }
  await browser.post('/preferences', { locale: 'en' });
  const english = await (await browser.get('/deliveries')).text();
  for (const words of [
    'Li Lei',
    'Tag governance',
    'deactivated',
    'Slack chat.postMessage: unreachable.',
  ]) {
    expect(english).toContain(words);
  }
  expect(web.errors).toEqual([]);
});

test('what is sent again is queued, and written down', async () => {
  const ids = [await giveUp('li-lei', 'auth'), await giveUp('han-meimei', 'auth')];
  await browser.signInAs('hu-bin');
  await browser.get('/deliveries');
  await browser.post('/deliveries', { id: ids[0] ?? '' });
  const { query } = testDatabase.database;
  const rows = await query.select().from(deliveries);
  const stateOf = (id: string | undefined) => rows.find((row) => row.id === id);
  expect(stateOf(ids[0])).toMatchObject({
    state: 'pending',
    queuedAt: consoleNowMs,
    failure: null,
  });
  expect(stateOf(ids[1])).toMatchObject({ state: 'failed', queuedAt: null });
  const audit = await query.select().from(auditRows);
  expect(audit.filter(({ action }) => action === 'delivery.sent-again')).toMatchObject([
    { actorCode: 'hu-bin', through: 'console', subjectId: ids[0] },
  ]);
  const again = await (await browser.get('/deliveries')).text();
  expect(again).not.toContain(ids[0]);
});

test('nobody else looks or sends', async () => {
  const id = await giveUp('li-lei', 'auth');
  await browser.signInAs('li-lei');
  expect((await browser.get('/deliveries')).status).toBe(403);
  await browser.post('/deliveries', { id });
  const rows = await testDatabase.database.query.select().from(deliveries);
  expect(rows.find((row) => row.id === id)?.state).toBe('failed');
});
