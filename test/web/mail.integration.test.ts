import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMailLinks } from '../../db/stores/mail-links.ts';
import { findPerson } from '../../db/stores/people.ts';
import { people } from '../../db/schema/people.ts';
import { loadPreference } from '../../db/stores/preferences.ts';
import { mailLinkLifeMs, type MailPurpose } from '../../domain/mail-link.ts';
import { settleCompany } from '../support/company.ts';
import { sampleForm } from '../support/channel-contract.ts';
import { consoleNowMs, createTestConsole, PlainBrowser } from '../support/console.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await settleCompany(testDatabase.database);
});
afterAll(() => testDatabase.drop());

async function linkTo(purpose: MailPurpose, nowMs = consoleNowMs): Promise<string> {
  const { query } = testDatabase.database;
  const input = { personCode: 'li-lei', purposes: [purpose], nowMs };
  const [token = ''] = await createMailLinks(query, input);
  return purpose.kind === 'unsubscribe' ? `/mail/unsubscribe/${token}` : `/mail/${token}`;
}

test('looking at a link does nothing, confirming does it once, as the person it is for', async () => {
  const { app, interactions } = createTestConsole(testDatabase.database);
  const link = await linkTo({ kind: 'act', act: 'claim', warningId: 12 });
  const scanner = new PlainBrowser(app);
  for (let looks = 0; looks < 3; looks += 1) expect((await scanner.get(link)).status).toBe(200);
  expect(interactions).toEqual([]);
  expect((await scanner.post(link, { csrf: 'forged' })).status).toBe(403);
  expect(interactions).toEqual([]);
  const done = await scanner.post(link, {});
  expect(await done.text()).toContain('好的。');
  expect(interactions.map(({ person, interaction }) => [person.code, interaction])).toEqual([
    ['li-lei', { kind: 'button', action: { kind: 'claim', warningId: 12 } }],
  ]);
  expect((await scanner.post(link, {})).status).toBe(403);
  expect((await scanner.get(link)).status).toBe(403);
  expect(interactions).toHaveLength(1);
});

test('what a form asks for comes back with it, and what did not get through may be tried again', async () => {
  const { app, interactions, replies } = createTestConsole(testDatabase.database);
  const link = await linkTo({ kind: 'act', act: 'dismiss', warningId: 12 });
  const browser = new PlainBrowser(app);
  replies.push({ kind: 'form', form: sampleForm });
  const page = await (await browser.get(link)).text();
  expect(page).toContain('name="field-reason"');
  replies.push({ kind: 'refused', text: '请稍后再试。', isPassing: true });
  await browser.post(link, { 'field-reason': 'rule-wrong' });
  await browser.post(link, { 'field-reason': 'rule-wrong' });
  const submitted = {
    kind: 'form',
    action: { kind: 'dismiss', warningId: 12 },
    fields: { reason: 'rule-wrong' },
  };
  expect(interactions.slice(1).map(({ interaction }) => interaction)).toEqual([
    submitted,
    submitted,
  ]);
});

test('a link that has run out or is not known opens nothing', async () => {
  const { app, interactions } = createTestConsole(testDatabase.database);
  const old = await linkTo(
    { kind: 'act', act: 'claim', warningId: 12 },
    consoleNowMs - mailLinkLifeMs,
  );
  const browser = new PlainBrowser(app);
  for (const path of [old, `/mail/${'a'.repeat(43)}`, '/mail/short']) {
    expect((await browser.get(path)).status).toBe(403);
  }
  expect(interactions).toEqual([]);
});

test('a mail program ends emails at one click, without cookies; looking does not', async () => {
  const { query } = testDatabase.database;
  const { app } = createTestConsole(testDatabase.database);
  const link = await linkTo({ kind: 'unsubscribe' });
  await query
    .update(people)
    .set({ channels: ['email', 'inbox'] })
    .where(eq(people.code, 'li-lei'));
  expect((await findPerson(query, 'li-lei'))?.channels).toEqual(['email', 'inbox']);
  const browser = new PlainBrowser(app);
  expect((await browser.get(link)).status).toBe(200);
  expect((await loadPreference(query, 'li-lei')).email).toBe(true);
  const oneClick = () =>
    app.request(`http://localhost${link}`, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
  expect((await oneClick()).status).toBe(200);
  expect((await oneClick()).status).toBe(200);
  expect((await loadPreference(query, 'li-lei')).email).toBe(false);
  expect((await findPerson(query, 'li-lei'))?.channels).toEqual(['inbox']);
});
