import { eq, ne } from 'drizzle-orm';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDeliveryActivities } from '../../activities/delivery.ts';
import { auditRefusal } from '../../commands/refused.ts';
import { findAudience } from '../../delivery/audience.ts';
import { createSender } from '../../delivery/sender.ts';
import { queueProgress, type Delivery } from '../../db/stores/deliveries.ts';
import { beginFix } from '../../db/stores/fixes.ts';
import { ChannelError, type Channel, type DeliverySubject } from '../../bot/channel.ts';
import type { Card } from '../../bot/card.ts';
import { gatherFloods, readFloodView } from '../../db/stores/floods.ts';
import { logLine } from '../../bot/cards/log-line.ts';
import { appendAudit } from '../../db/stores/audit.ts';
import { insertRequest } from '../../db/stores/requests.ts';
import { loadWarning, projectWarning } from '../../db/stores/warnings.ts';
import { policies, rules, tags } from '../../db/schema/dictionary.ts';
import { calendars, departments, people } from '../../db/schema/people.ts';
import {
  findUnreached,
  listHeads,
  listUnreached,
  readChannelQueues,
} from '../../db/stores/delivery-queue.ts';
import { savePreference } from '../../db/stores/preferences.ts';
import {
  defaultPreference,
  weekdayNumbers,
  type Preference,
  type QuietHours,
} from '../../domain/preference.ts';
import { deliveries } from '../../db/schema/channels.ts';
import { warnings } from '../../db/schema/warnings.ts';
import type { ChatGroup } from '../../domain/chat-group.ts';
import type { ChannelName } from '../../domain/person.ts';
import { defaultGrouping } from '../../domain/policy.ts';
import type { Warning } from '../../domain/warning.ts';
import { buildPerson, buildWarning } from '../support/builders.ts';
import { createFakeChannel } from '../support/fake-channel.ts';
import { blacklisted, blacklistRule, highValue } from '../support/company.ts';
import { buildPolicy } from '../support/policy.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import '../support/temporal.ts';

const rule = { ...blacklistRule, code: 'high-value-x-blacklist' };
const group: ChatGroup = {
  code: 'governance',
  name: { 'zh-CN': '标签治理群', en: 'Tag governance' },
  slackChannelId: 'C0GOVERN',
  feishuChatId: null,
  mention: ['high'],
  locale: 'en',
};

let testDatabase: TestDatabase;
let version = 1;
let isOver = false;
let isMoving = false;
let nowMs = Date.UTC(2026, 10, 22, 1);

const hourMs = 3_600_000;

const owner = buildPerson({ code: 'owner', channels: ['slack', 'feishu'], deputyCode: 'deputy' });
const deputy = buildPerson({ code: 'deputy', channels: [] });
const secondLine = buildPerson({ code: 'second', channels: ['feishu'] });
const manager = buildPerson({ code: 'manager', channels: ['slack'] });

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { query } = testDatabase.database;
  const name = { 'zh-CN': '销售部', en: 'Sales' };
  await query.insert(departments).values({ code: 'sales', name });
  const body = { code: 'china', timeZone: 'Asia/Shanghai', week: weekdays(), holidays: null };
  await query.insert(calendars).values({ code: 'china', body });
  await query
    .insert(policies)
    .values({ id: 1, body: buildPolicy({ groups: [group] }), version: 1 });
  await query.insert(tags).values([highValue, blacklisted]);
  const { code, kind } = rule;
  await query.insert(rules).values({ id: 1, code, kind, enabled: true, version: 1, body: rule });
});
afterAll(() => testDatabase.drop());

beforeEach(async () => {
  const { query, sql } = testDatabase.database;
  await sql`truncate delivery, warning, person, audit_row cascade`;
  await sql`update tag set sensitive = false`;
  await query.update(policies).set({ body: buildPolicy({ groups: [group] }) });
  version = 1;
  isOver = false;
  isMoving = false;
  await query.insert(people).values([owner, deputy, secondLine, manager]);
});

test('the owner gets one card in the inbox and one on the chat they like most', async () => {
  const { deliver, slack, feishu, inbox } = setUp();
  const id = await openWarning();
  await deliver(id);
  await deliver(id);
  expect(inbox.posts.map((post) => post.recipient.code)).toEqual(['owner']);
  expect(slack.posts.map((post) => post.recipient.code)).toEqual(['owner']);
  expect(feishu.posts).toEqual([]);
});

test.each([
  ['low', ['email', 'slack'], 'email'],
  ['low', ['slack', 'email'], 'slack'],
  ['high', ['email', 'slack'], 'slack'],
  ['high', ['email'], 'email'],
] as const)(
  'what is %s goes, for somebody with %j, to %s',
  async (severity, channels, expected) => {
    const { deliver, slack, email } = setUp();
    await testDatabase.database.query.update(people).set({ channels });
    await deliver(await openWarning({ severity }));
    expect({ email: email.posts.length, slack: slack.posts.length }).toEqual({
      email: expected === 'email' ? 1 : 0,
      slack: expected === 'slack' ? 1 : 0,
    });
  },
);

test('an email is sent once; what changes later is read in the console', async () => {
  const { deliver, email } = setUp();
  await testDatabase.database.query.update(people).set({ channels: ['email'] });
  const id = await openWarning();
  await deliver(id);
  version = 2;
  await deliver(id);
  expect(email.posts).toHaveLength(1);
  expect(email.updates).toEqual([]);
  expect(await onlyDelivery('email')).toMatchObject({ state: 'posted', queuedAt: null });
});

test('what a warning becomes is on its way to the card in the same transaction', async () => {
  const { deliver, work, slack } = setUp();
  const id = await openWarning();
  await deliver(id);
  expect(await onlyDelivery('slack')).toMatchObject({ queuedAt: null });
  const { database } = testDatabase;
  const before = await loadWarning(database.query, id);
  if (before === null) throw new Error('The warning is gone.');
  const entry = {
    actorCode: null,
    through: 'system',
    action: 'warning.claimed',
    subjectKind: 'warning',
    subjectId: String(id),
    before: {},
    after: {},
  } as const;
  const warning = { ...before, version: before.version + 1 };
  version = 2;
  await projectWarning(database, { warning, entry, effect: { kind: 'none' } }, nowMs);
  expect((await onlyDelivery('slack')).queuedAt).not.toBeNull();
  await work();
  expect(slack.updates).toEqual([{ message: 'slack-1', title: 'version 2' }]);
});

test('a newer version updates every card where it stands, once', async () => {
  const { deliver, slack } = setUp();
  const id = await openWarning();
  await deliver(id);
  version = 2;
  await deliver(id);
  await deliver(id);
  expect(slack.posts).toHaveLength(1);
  expect(slack.updates).toEqual([{ message: 'slack-1', title: 'version 2' }]);
});

test('an escalated warning reaches the second line, and the owner keeps a current card', async () => {
  const { deliver, slack, feishu } = setUp();
  const id = await openWarning();
  await deliver(id);
  await testDatabase.database.query.update(warnings).set({
    level: 1,
    escalations: [{ to: { kind: 'second-line' }, personCodes: ['second'], atMs: nowMs }],
  });
  version = 2;
  await deliver(id);
  expect(feishu.posts.map((post) => post.recipient.code)).toEqual(['second']);
  expect(slack.updates.map((update) => update.title)).toEqual(['version 2']);
});

test('while the owner is away their deputy gets a card too', async () => {
  const { deliver, inbox } = setUp();
  const away = [{ fromMs: nowMs - 1000, untilMs: nowMs + 1000 }];
  await testDatabase.database.query.update(people).set({ absences: away });
  await deliver(await openWarning());
  expect(inbox.posts.map((post) => post.recipient.code).sort()).toEqual(['deputy', 'owner']);
});

test('an owner who has left gets nothing; their second line has it at once', async () => {
  const { deliver, inbox, slack } = setUp();
  await testDatabase.database.sql`update person set status = 'left' where code = 'owner'`;
  await deliver(await openWarning());
  expect(inbox.posts.map((post) => post.recipient.code)).toEqual(['second']);
  expect(slack.posts).toEqual([]);
});

test('a warning that is over before its first card reaches nobody', async () => {
  const { deliver, inbox } = setUp();
  const state = { kind: 'closed', reason: 'gone', by: null, atMs: nowMs, fixId: null } as const;
  await deliver(await openWarning({ state }));
  expect(inbox.posts).toEqual([]);
});

test('a rate limit holds the card back for as long as the platform said, and counts as no failure', async () => {
  const { deliver, work, slack, inbox } = setUp();
  const id = await openWarning();
  slack.failNext(new ChannelError('rate-limited', 'Slack: ratelimited.', 7000));
  await deliver(id);
  expect(inbox.posts).toHaveLength(1);
  const waiting = await onlyDelivery('slack');
  expect(waiting).toMatchObject({ state: 'pending', failures: 0, error: 'Slack: ratelimited.' });
  expect((waiting.retryAt ?? 0) - waiting.updatedAt).toBeGreaterThan(6_900);
  await work();
  expect(slack.posts).toEqual([]);
  nowMs += 7_000;
  await work();
  expect(slack.posts).toHaveLength(1);
});

test('a post that arrived without an answer is found again and not doubled', async () => {
  const { deliver, work, slack } = setUp();
  const id = await openWarning();
  slack.swallowNext(new ChannelError('server', 'Slack did not answer.'));
  await deliver(id);
  expect(await onlyDelivery('slack')).toMatchObject({ state: 'posting', failures: 1 });
  nowMs += hourMs;
  await work();
  expect(slack.posts).toHaveLength(1);
  expect(await onlyDelivery('slack')).toMatchObject({ state: 'posted', failures: 0 });
});

test('where the platform can neither be asked nor told twice, nobody gets it twice: an admin decides', async () => {
  const { deliver, work, slack } = setUp({ find: false });
  const id = await openWarning();
  slack.swallowNext(new ChannelError('server', 'Slack did not answer.'));
  await deliver(id);
  nowMs += hourMs;
  await work();
  expect(slack.posts).toHaveLength(1);
  expect(await onlyDelivery('slack')).toMatchObject({ state: 'failed', failure: 'uncertain' });
});

test('a post that did not arrive is found missing and made', async () => {
  const { deliver, work, slack } = setUp();
  const id = await openWarning();
  slack.failNext(new ChannelError('server', 'Slack did not answer.'));
  await deliver(id);
  nowMs += hourMs;
  await work();
  expect(slack.posts).toHaveLength(1);
});

test('a platform that fails for hours is given up, and the next channel has the card', async () => {
  const { deliver, work, slack, feishu } = setUp();
  const id = await openWarning();
  await deliver(id, { work: false });
  for (let hour = 0; hour < 8; hour += 1) {
    slack.failNext(new ChannelError('not-sent', 'Slack cannot be reached.'));
    await work();
    nowMs += hourMs;
  }
  expect(await onlyDelivery('slack')).toMatchObject({ state: 'failed', failure: 'not-sent' });
  expect(feishu.posts.map((post) => post.recipient.code)).toEqual(['owner']);
});

test('where the first chat cannot reach the person the next one does', async () => {
  const { deliver, slack, feishu } = setUp();
  const id = await openWarning();
  slack.failNext(new ChannelError('unreachable', 'Slack: channel_not_found.'));
  await deliver(id);
  await deliver(id);
  expect(slack.posts).toEqual([]);
  expect(feishu.posts.map((post) => post.recipient.code)).toEqual(['owner']);
  expect(await onlyDelivery('slack')).toMatchObject({
    state: 'failed',
    failure: 'unreachable',
    error: 'Slack: channel_not_found.',
    queuedAt: null,
  });
});

test('a card whose conversation is gone is told on the next channel', async () => {
  const { deliver, slack, feishu } = setUp();
  const id = await openWarning();
  await deliver(id);
  version = 2;
  slack.failNext(new ChannelError('unreachable', 'Slack: is_archived.'));
  await deliver(id);
  expect(feishu.posts.map((post) => post.card.title)).toEqual(['version 2']);
});

test('a card too old to change is posted anew', async () => {
  const { deliver, slack } = setUp();
  const id = await openWarning();
  await deliver(id);
  version = 2;
  slack.failNext(new ChannelError('too-old', 'Slack: cant_update_message.'));
  await deliver(id);
  expect(slack.posts.map((post) => post.card.title)).toEqual(['version 1', 'version 2']);
  expect(slack.retired).toEqual(['slack-1']);
});

test('a card of fourteen days is posted anew without asking', async () => {
  const { deliver, slack } = setUp({ updateWithinMs: 14 * 24 * hourMs });
  const id = await openWarning();
  await deliver(id);
  version = 2;
  await deliver(id);
  nowMs += 14 * 24 * hourMs;
  version = 3;
  await deliver(id);
  expect(slack.posts.map((post) => post.card.title)).toEqual(['version 1', 'version 3']);
  expect(slack.retired).toEqual(['slack-1']);
  expect(slack.updates.map((update) => update.title)).toEqual(['version 2']);
});

test('a card says that an older one stands beside it where nobody can take that away or change it', async () => {
  const { deliver, slack } = setUp({ updateWithinMs: 14 * 24 * hourMs });
  const id = await openWarning();
  await deliver(id);
  slack.letNothingGo();
  nowMs += 14 * 24 * hourMs;
  version = 2;
  await deliver(id);
  expect(slack.posts.map(({ card }) => card.status)).toEqual(['', 'beside an older one']);
});

test('many changes before a card could go out make one post of the newest state', async () => {
  const { deliver, work, slack } = setUp();
  const id = await openWarning();
  for (version = 1; version < 6; version += 1) await deliver(id, { work: false });
  await work();
  expect(slack.posts.map((post) => post.card.title)).toEqual(['version 6']);
  expect(slack.updates).toEqual([]);
});

test('what is asked for during the call that shows an older state is still done', async () => {
  const { deliver, work, slack } = setUp();
  const id = await openWarning();
  await deliver(id);
  version = 2;
  slack.duringNext(async () => {
    version = 3;
    await deliver(id, { work: false });
  });
  await deliver(id);
  await work();
  expect(slack.updates.map((update) => update.title)).toEqual(['version 2', 'version 3']);
});

test('what was over before it could be posted is dropped, and cards that stand say so', async () => {
  const { deliver, work, slack, feishu } = setUp();
  const id = await openWarning();
  await deliver(id);
  await testDatabase.database.query.update(warnings).set({
    level: 1,
    escalations: [{ to: { kind: 'second-line' }, personCodes: ['second'], atMs: nowMs }],
  });
  await deliver(id, { work: false });
  isOver = true;
  version = 2;
  await work();
  expect(feishu.posts).toEqual([]);
  expect(await onlyDelivery('feishu')).toMatchObject({ state: 'dropped', queuedAt: null });
  expect(slack.updates.map((update) => update.title)).toEqual(['version 2']);
});

test('how far a fix has come is shown on cards that stand, after everything else, and asked for once', async () => {
  const { deliver, work, slack } = setUp();
  const { query } = testDatabase.database;
  const id = await openWarning();
  await deliver(id);
  isMoving = true;
  const subject = { kind: 'warning', id } as const;
  const fixId = await beginFix(
    query,
    { planKey: 'p', warningId: id, requestId: null, choice: null, requestedBy: 'owner' },
    nowMs,
  );
  await queueProgress(query, { subject, fixId, nowMs });
  await queueProgress(query, { subject, fixId, nowMs: nowMs + 1 });
  expect(await onlyDelivery('slack')).toMatchObject({ rank: 3, asked: 2, state: 'posted' });
  expect(await onlyDelivery('inbox')).toMatchObject({ queuedAt: null });
  await work();
  expect(slack.updates).toHaveLength(1);
  await work();
  expect(slack.updates).toHaveLength(1);
});

test('whoever stands in is told why, where somebody cannot be reached on any channel', async () => {
  const { deliver, slack, feishu } = setUp();
  slack.failNext(new ChannelError('unreachable', 'Slack: off.', 0, 'app', 'person-deactivated'));
  feishu.failNext(new ChannelError('unreachable', 'Feishu: out.', 0, 'app', 'bot-removed'));
  const id = await openWarning();
  await deliver(id);
  const { query } = testDatabase.database;
  const rows = await query.select().from(deliveries).where(ne(deliveries.channel, 'inbox'));
  const told = rows.map((row) => [row.recipientCode, row.purpose, row.state, row.failure]);
  expect(told.toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
    ['owner', 'owner', 'failed', 'bot-removed'],
    ['owner', 'owner', 'failed', 'person-deactivated'],
    ['second', 'reminder-unreached', 'posted', null],
  ]);
  expect(await findUnreached(query, id)).toMatchObject({ personCode: 'owner' });
  expect(await listUnreached(testDatabase.database.sql)).toEqual([
    { personCode: 'owner', channel: 'feishu', failure: 'bot-removed' },
    { personCode: 'owner', channel: 'slack', failure: 'person-deactivated' },
  ]);
});

test('whoever stands in and has only the inbox is told there', async () => {
  const { deliver, slack, feishu, inbox } = setUp();
  const { query } = testDatabase.database;
  await query.update(people).set({ channels: [] }).where(eq(people.code, 'second'));
  slack.failNext(new ChannelError('unreachable', 'Slack: off.', 0, 'app', 'person-deactivated'));
  feishu.failNext(new ChannelError('unreachable', 'Feishu: out.', 0, 'app', 'bot-removed'));
  await deliver(await openWarning());
  expect(inbox.posts.map((post) => post.recipient.code)).toEqual(['owner', 'second']);
});

test('severe goes before mild, and a first that fails holds up its conversation only so often', async () => {
  const { deliver, work, slack } = setUp();
  const mild = await openWarning({ severity: 'low' });
  const severe = await openWarning({ severity: 'high' });
  await deliver(mild, { work: false });
  await deliver(severe, { work: false });
  const titles = () => slack.posts.map((post) => post.card.summary);
  for (let round = 0; round < 3; round += 1) {
    slack.failNext(new ChannelError('server', 'Slack failed.'));
    await work();
    expect(titles()).toEqual([]);
    nowMs += 60_000;
  }
  slack.failNext(new ChannelError('server', 'Slack failed.'));
  await work();
  expect(titles()).toEqual([`warning ${mild}`]);
  nowMs += hourMs;
  await work();
  expect(titles()).toEqual([`warning ${mild}`, `warning ${severe}`]);
});

const shanghaiOffsetMs = 8 * hourMs;
const saturday = Date.UTC(2026, 10, 21) - shanghaiOffsetMs;

test.each([
  [
    'within the day',
    { fromMinute: 780, untilMinute: 840 },
    saturday + 13.5 * hourMs,
    saturday + 14 * hourMs,
  ],
  [
    'over midnight',
    { fromMinute: 1320, untilMinute: 480 },
    saturday + 31 * hourMs,
    saturday + 32 * hourMs,
  ],
  ['round the clock', { fromMinute: 0, untilMinute: 0 }, saturday, saturday + 24 * hourMs],
] as const)(
  'what is no emergency waits for the end of quiet hours %s and shows the newest state then',
  async (_, hours, quietAtMs, overAtMs) => {
    const { deliver, work, slack, inbox } = setUp();
    await keepQuiet({ ...hours, days: [6] });
    nowMs = quietAtMs;
    await deliver(await openWarning({ severity: 'medium' }));
    expect({ slack: slack.posts.length, inbox: inbox.posts.length }).toEqual({
      slack: 0,
      inbox: 1,
    });
    version = 3;
    nowMs = overAtMs - 1000;
    await work();
    expect(slack.posts).toEqual([]);
    nowMs = overAtMs;
    await work();
    expect(slack.posts.map(({ card }) => card.title)).toEqual(['version 3']);
  },
);

test('severe cards, changes of cards that stand, and other days know no quiet hours', async () => {
  const { deliver, slack } = setUp();
  nowMs = saturday + 12 * hourMs;
  const before = await openWarning({ severity: 'low', fingerprint: 'before' });
  await deliver(before);
  await keepQuiet({ fromMinute: 0, untilMinute: 0, days: [...weekdayNumbers] });
  await deliver(await openWarning({ severity: 'high', fingerprint: 'severe' }));
  version = 2;
  await deliver(before);
  expect(slack.posts).toHaveLength(2);
  expect(slack.updates.map(({ message }) => message)).toContain('slack-1');
  await keepQuiet({ fromMinute: 0, untilMinute: 0, days: [1] });
  await deliver(await openWarning({ severity: 'low', fingerprint: 'other day' }));
  expect(slack.posts).toHaveLength(3);
});

test('a digest that somebody asks for reaches them in their quiet hours too', async () => {
  const { sql } = testDatabase.database;
  const { deliverDigest } = setUp();
  const [row] = await sql<{ id: number }[]>`
    insert into digest (person_code, from_at, until_at, body, created_at)
    values ('manager', now(), now(), '{}', now()) returning id`;
  const urgency = async () =>
    (
      await sql<{ urgent: boolean }[]>`
      select distinct urgent from delivery where subject_kind = 'digest'`
    ).map((one) => one.urgent);
  await deliverDigest(row?.id ?? 0, false);
  expect(await urgency()).toEqual([false]);
  await sql`delete from delivery`;
  await deliverDigest(row?.id ?? 0, true);
  expect(await urgency()).toEqual([true]);
});

test('a report for a group stands once in each chat it is in, in its language, and in nobody’s inbox', async () => {
  const { deliverDigest, work, slack, feishu, inbox } = setUp();
  const [row] = await testDatabase.database.sql<{ id: number }[]>`
    insert into digest (person_code, from_at, until_at, body, created_at)
    values ('group:governance', now(), now(), '{}', now()) returning id`;
  await deliverDigest(row?.id ?? 0, false);
  await deliverDigest(row?.id ?? 0, false);
  await work();
  expect(slack.groupPosts).toMatchObject([
    { conversation: 'C0GOVERN', mentions: [], card: { summary: `digest ${row?.id}` } },
  ]);
  expect([...slack.posts, ...feishu.groupPosts, ...inbox.posts]).toEqual([]);
});

test('what quiet hours hold is told apart from what is late', async () => {
  const { deliver } = setUp();
  await keepQuiet({ fromMinute: 0, untilMinute: 0, days: [...weekdayNumbers] });
  await deliver(await openWarning({ severity: 'medium' }));
  const queues = await readChannelQueues(testDatabase.database.sql);
  expect(queues).toMatchObject([
    { channel: 'slack', waiting: 0, held: 1, waitingSinceMs: null, delay: null },
  ]);
});

test('what waits because the platform fails says how', async () => {
  const { deliver, slack } = setUp();
  slack.failNext(new ChannelError('server', 'Slack chat.postMessage: HTTP 500; try again later.'));
  await deliver(await openWarning());
  const queues = await readChannelQueues(testDatabase.database.sql);
  expect(queues).toMatchObject([
    { channel: 'slack', waiting: 1, delay: 'Slack chat.postMessage: HTTP 500; try again later.' },
  ]);
});

test('a card that could not be brought up to date is, once somebody is refused on it', async () => {
  const { deliver, work, slack } = setUp();
  const id = await openWarning();
  await deliver(id);
  version = 2;
  slack.failNext(new ChannelError('auth', 'Slack: invalid_auth.'));
  await deliver(id);
  expect(await onlyDelivery('slack')).toMatchObject({ state: 'failed', shownVersion: 1 });
  const { database } = testDatabase;
  const attempt = { action: 'claim', subjectKind: 'warning', subjectId: String(id) };
  await auditRefusal({ database, now: () => nowMs }, { person: owner, through: 'slack' }, attempt, {
    kind: 'already-claimed',
    by: 'second',
  });
  await work();
  expect(slack.updates).toEqual([{ message: 'slack-1', title: 'version 2' }]);
  expect(await onlyDelivery('slack')).toMatchObject({ state: 'posted', shownVersion: 2 });
});

test('whoever is refused has their card and the groups drawn again, whatever they are known to show', async () => {
  const { deliver, work, slack, feishu } = setUp();
  await choose('manager', { group: 'governance' });
  const escalations = [
    { to: { kind: 'second-line' }, personCodes: ['second'], atMs: nowMs },
    { to: { kind: 'manager' }, personCodes: ['manager'], atMs: nowMs },
  ] as const;
  const id = await openWarning({ escalations });
  await deliver(id);
  const { database } = testDatabase;
  const attempt = { action: 'undo', subjectKind: 'fix', subjectId: '7' } as const;
  const undoOver = { kind: 'undo-over', untilMs: nowMs } as const;
  await auditRefusal(
    { database, now: () => nowMs },
    { person: owner, through: 'slack' },
    { ...attempt, card: { kind: 'warning', id } },
    undoOver,
  );
  await work();
  expect(slack.updates.map(({ message }) => message).toSorted()).toEqual([
    'slack-1',
    'slack-group-1',
  ]);
  expect(feishu.updates).toEqual([]);
  await work();
  expect(slack.updates).toHaveLength(2);
});

test('a reminder goes out once and is never updated', async () => {
  const { remind, deliver, inbox } = setUp();
  const id = await openWarning();
  await remind(id, ['second']);
  await remind(id, ['second']);
  version = 2;
  await deliver(id);
  const reminders = inbox.posts.filter((post) => post.recipient.code === 'second');
  expect(reminders).toHaveLength(1);
  expect(inbox.updates).toEqual([]);
});

describe('more warnings of one scan than anybody wants cards of', () => {
  const flood = { cardsMax: 3, singly: ['high'] } as const;
  const said = (posts: ReturnType<typeof setUp>['slack']['posts']) =>
    posts.map(({ card, recipient }) => `${recipient.code}: ${card.summary}`);

  async function openFlood(): Promise<{
    readonly mild: readonly number[];
    readonly severe: number;
  }> {
    const { query, sql } = testDatabase.database;
    const body = buildPolicy({ grouping: { ...defaultGrouping, flood }, groups: [group] });
    await query.update(policies).set({ body });
    const mild: number[] = [];
    for (const fingerprint of ['a', 'b', 'c', 'd', 'e']) {
      const severity = fingerprint === 'e' ? 'low' : 'medium';
      mild.push(await openWarning({ fingerprint, severity, version: 1, openedAtMs: nowMs }));
    }
    const severe = await openWarning({ severity: 'high', version: 1, openedAtMs: nowMs });
    const since = { openedSinceMs: nowMs, nowMs };
    expect([await gatherFloods(sql, flood, since), await gatherFloods(sql, flood, since)]).toEqual([
      1, 0,
    ]);
    return { mild, severe };
  }

  async function close(ids: readonly number[]): Promise<void> {
    await testDatabase.database.sql`
      update warning set state = 'closed', version = version + 1 where id = any(${[...ids]}::int[])`;
  }

  async function onlyFlood(): Promise<number> {
    const [row] = await testDatabase.database.sql<{ id: number }[]>`
      select distinct flood_id as id from warning where flood_id is not null`;
    return row?.id ?? 0;
  }

  test('come as one card beside the severe ones, and one by one in the inbox', async () => {
    const { deliver, slack, inbox } = setUp();
    const { mild, severe } = await openFlood();
    for (const id of [...mild, severe]) await deliver(id);
    expect(said(slack.posts)).toEqual([
      `owner: flood ${await onlyFlood()}`,
      `owner: warning ${severe}`,
    ]);
    expect(said(inbox.posts)).toEqual([...mild, severe].map((id) => `owner: warning ${id}`));
  });

  test('remind and escalate as one while many stand, and by themselves when few do', async () => {
    const { deliver, remind, slack, feishu } = setUp();
    const { mild } = await openFlood();
    const escalations = [
      { to: { kind: 'second-line' as const }, personCodes: ['second'], atMs: 0 },
    ];
    for (const id of mild) {
      await deliver(id);
      await remind(id, ['owner']);
      await testDatabase.database.query.update(warnings).set({ escalations });
      await deliver(id);
    }
    const summary = `flood ${await onlyFlood()}`;
    expect(said(slack.posts)).toEqual([`owner: ${summary}`, `owner: ${summary}`]);
    expect(said(feishu.posts)).toEqual([`second: ${summary}`]);
    await close(mild.slice(2));
    const [left = 0] = mild;
    const toManager = { to: { kind: 'manager' as const }, personCodes: ['manager'], atMs: 0 };
    await testDatabase.database.query
      .update(warnings)
      .set({ escalations: [...escalations, toManager] });
    await deliver(left);
    expect(said(slack.posts).at(-1)).toBe(`manager: warning ${left}`);
    expect(feishu.posts).toHaveLength(1);
  });

  test('escalated to a group, they stand there as one', async () => {
    const { deliver, slack } = setUp();
    const { mild } = await openFlood();
    await testDatabase.database.query.update(warnings).set({ escalations: toGroup });
    for (const id of mild) await deliver(id);
    const summary = `flood ${await onlyFlood()}`;
    expect(slack.groupPosts.map(({ card }) => card.summary)).toEqual([summary]);
  });

  test('what somebody gives to another of them is a card of its own', async () => {
    const { deliver, feishu } = setUp();
    const { mild } = await openFlood();
    const [given = 0] = mild;
    await testDatabase.database.query
      .update(warnings)
      .set({ ownerCode: 'second' })
      .where(eq(warnings.id, given));
    await deliver(given);
    expect(said(feishu.posts)).toEqual([`second: warning ${given}`]);
  });

  test('are counted by severity and rule as they stand', async () => {
    const { mild } = await openFlood();
    const id = await onlyFlood();
    const read = () => readFloodView(testDatabase.database.sql, id);
    const before = await read();
    expect(before).toMatchObject({
      warnings: 5,
      standing: 5,
      unclaimed: 5,
      bySeverity: { high: 0, medium: 4, low: 1 },
      byRule: [{ warnings: 5 }],
    });
    expect(before?.worst.map(({ severity }) => severity)).toEqual([
      ...Array.from({ length: 4 }, () => 'medium'),
      'low',
    ]);
    await close(mild);
    const after = await read();
    expect(after).toMatchObject({ warnings: 5, standing: 0, worst: [], claimDueAtMs: null });
    expect(after?.version).toBeGreaterThan(before?.version ?? 0);
  });
});

test('whoever chose a group has one card there, with everybody else who did, and is mentioned', async () => {
  const { deliver, slack, feishu, inbox } = setUp();
  await choose('owner', { group: 'governance' });
  await choose('manager', { group: 'governance', mention: false });
  const toBoth = [
    { to: { kind: 'second-line' }, personCodes: ['second'], atMs: nowMs },
    { to: { kind: 'manager' }, personCodes: ['manager'], atMs: nowMs },
  ] as const;
  const id = await openWarning({ escalations: toBoth });
  await deliver(id);
  await deliver(id);
  expect(
    slack.groupPosts.map(({ conversation, mentions }) => [conversation, codes(mentions)]),
  ).toEqual([['C0GOVERN', ['owner']]]);
  expect(slack.posts).toEqual([]);
  // Feishu is where the second line reads, who chose nothing.
  expect(codes(feishu.posts.map(({ recipient }) => recipient))).toEqual(['second']);
  expect(codes(inbox.posts.map(({ recipient }) => recipient)).toSorted()).toEqual([
    'manager',
    'owner',
    'second',
  ]);
  version = 2;
  await deliver(id);
  expect(slack.updates).toEqual([{ message: 'slack-group-1', title: 'version 2' }]);
});

test('below the card in a group stands what happened, with whoever it was handed to', async () => {
  const { deliver, slack } = setUp();
  await choose('owner', { group: 'governance' });
  await choose('manager', { group: 'governance' });
  const id = await openWarning();
  await audit(id, { action: 'warning.opened', by: null, after: {} });
  await deliver(id);
  nowMs += 1_000;
  await audit(id, { action: 'warning.claimed', by: 'owner', after: { ownerCode: 'owner' } });
  await audit(id, { action: 'warning.findings-changed', by: null, after: {} });
  const escalations = [{ to: { kind: 'manager' }, personCodes: ['manager'], atMs: nowMs }] as const;
  await testDatabase.database.query.update(warnings).set({ escalations });
  await audit(id, { action: 'warning.escalated', by: null, after: { escalatedTo: 'manager' } });
  await deliver(id);
  await deliver(id);
  expect(slack.groupPosts).toHaveLength(1);
  expect(
    slack.lines.map(({ under, text, mentions }) => [under.message, text, codes(mentions)]),
  ).toEqual([
    // Never whoever did it.
    ['slack-group-1', `${owner.name.en} claimed it`, []],
    ['slack-group-1', `Deadline missed: escalated to ${manager.name.en}`, ['manager']],
  ]);
});

test.each([
  ['mild, where the policy mentions for severe ones only', { severity: 'low' }, {}],
  ['in their quiet hours', { severity: 'medium' }, { quietHours: allDay() }],
  ['who wants no mention', { severity: 'high' }, { mention: false }],
] as const)('nobody is mentioned %s', async (_why, warning, preference) => {
  const { deliver, slack } = setUp();
  await choose('owner', { group: 'governance', ...preference });
  await deliver(await openWarning(warning));
  expect(slack.groupPosts.map(({ mentions }) => codes(mentions))).toEqual([[]]);
});

test('what is about a sensitive tag goes to its readers directly, whatever they chose', async () => {
  const { deliver, slack } = setUp();
  await testDatabase.database.sql`update tag set sensitive = true where code = 'blacklisted'`;
  await testDatabase.database.sql`update dictionary_version set version = version + 1`;
  await choose('owner', { group: 'governance' });
  await deliver(await openWarning());
  expect(slack.groupPosts).toEqual([]);
  expect(codes(slack.posts.map(({ recipient }) => recipient))).toEqual(['owner']);
});

test('owners of what a request changed hear of it once it is applied, but for what they may not see', async () => {
  const { database } = testDatabase;
  const { query, sql } = database;
  const own = async (code: string, change: Partial<typeof tags.$inferInsert>) => {
    await query.update(tags).set(change).where(eq(tags.code, code));
    await sql`update dictionary_version set version = version + 1`;
  };
  await own('high-value', { ownerCode: 'second' });
  await own('blacklisted', { ownerCode: 'manager' });
  const { id } = await insertRequest(
    database,
    {
      proposal: { kind: 'merge-tags', fromCode: 'high-value', intoCode: 'blacklisted' },
      requesterCode: 'owner',
      reason: '',
      state: { kind: 'voting' },
      memberCodes: ['deputy'],
      quorum: 1,
      vetoCodes: [],
      createdAtMs: nowMs,
      dueAtMs: nowMs + 1000,
    },
    { through: 'inbox' },
  );
  const told = async () => {
    const subject = { kind: 'request', id } as const;
    const audience = { database, channels: new Map(), now: () => nowMs };
    const { addressees } = await findAudience(audience, subject);
    return addressees.map(({ purpose, recipientCode }) => `${purpose} ${recipientCode}`).sort();
  };
  expect(await told()).toEqual(['requester owner', 'vote deputy']);
  const state = { kind: 'applied', atMs: nowMs } as const;
  await sql`update request set state = 'applied', state_body = ${sql.json(state)} where id = ${id}`;
  const everybody = ['requester owner', 'vote deputy'];
  expect(await told()).toEqual(['concerned manager', 'concerned second', ...everybody]);
  await own('blacklisted', { sensitive: true, departmentCodes: ['risk'] });
  expect(await told()).toEqual(['concerned manager', ...everybody]);
  await own('high-value', { ownerCode: highValue.ownerCode });
  await own('blacklisted', {
    ownerCode: blacklisted.ownerCode,
    departmentCodes: blacklisted.departmentCodes,
    sensitive: false,
  });
});

test('a group that the bot is not in is given up, and everybody gets their own card', async () => {
  const { deliver, slack, work } = setUp();
  await choose('owner', { group: 'governance' });
  slack.failNext(
    new ChannelError('unreachable', 'Slack: not_in_channel.', 0, 'app', 'bot-removed'),
  );
  const id = await openWarning();
  await deliver(id);
  await work();
  expect(slack.groupPosts).toEqual([]);
  expect(codes(slack.posts.map(({ recipient }) => recipient))).toEqual(['owner']);
  const { database } = testDatabase;
  // The person was reached; the group is what an admin has to mend.
  expect(await findUnreached(database.query, id)).toBeNull();
  expect(await listUnreached(database.sql)).toEqual([]);
});

test('whoever had a card before they chose a group keeps it, and a group that is gone gives it back', async () => {
  const { deliver, slack } = setUp();
  const before = await openWarning({ fingerprint: 'before' });
  await deliver(before);
  await choose('owner', { group: 'governance' });
  version = 2;
  await deliver(before);
  expect(slack.groupPosts).toEqual([]);
  expect(slack.updates).toEqual([{ message: 'slack-1', title: 'version 2' }]);
  const after = await openWarning({ fingerprint: 'after' });
  await deliver(after);
  expect(slack.groupPosts).toHaveLength(1);
  const { query } = testDatabase.database;
  await query.update(policies).set({ body: buildPolicy() });
  await deliver(after);
  expect(slack.posts).toHaveLength(2);
});

const toGroup = [{ to: { kind: 'group', code: 'governance' }, personCodes: [], atMs: 0 }] as const;

test('a warning that was escalated to a group stands there, once', async () => {
  const { deliver, slack } = setUp();
  const id = await openWarning({ escalations: toGroup });
  await deliver(id);
  await deliver(id);
  expect(slack.groupPosts.map(({ conversation }) => conversation)).toEqual(['C0GOVERN']);
  expect(codes(slack.posts.map(({ recipient }) => recipient))).toEqual(['owner']);
});

test.each([
  [
    'that is about a sensitive tag',
    async () => {
      const { sql } = testDatabase.database;
      await sql`update tag set sensitive = true where code = 'blacklisted'`;
      await sql`update dictionary_version set version = version + 1`;
    },
  ],
  [
    'whose group is gone',
    async () => {
      await testDatabase.database.query.update(policies).set({ body: buildPolicy() });
    },
  ],
] as const)('a warning %s goes to the manager instead of a group', async (_which, make) => {
  const { deliver, slack } = setUp();
  await make();
  await deliver(await openWarning({ escalations: toGroup }));
  expect(slack.groupPosts).toEqual([]);
  const told = codes(slack.posts.map(({ recipient }) => recipient));
  expect(told.toSorted()).toEqual(['manager', 'owner']);
});

test('a group that refuses what was escalated to it leaves it to the manager', async () => {
  const { deliver, slack, work } = setUp();
  const id = await openWarning();
  await deliver(id);
  await testDatabase.database.query.update(warnings).set({ escalations: toGroup });
  slack.failNext(
    new ChannelError('unreachable', 'Slack: not_in_channel.', 0, 'app', 'bot-removed'),
  );
  await deliver(id);
  await work();
  expect(slack.groupPosts).toEqual([]);
  expect(codes(slack.posts.map(({ recipient }) => recipient))).toEqual(['owner', 'manager']);
});

function codes(persons: readonly { readonly code: string }[]): readonly string[] {
  return persons.map(({ code }) => code);
}

function allDay(): QuietHours {
  return { fromMinute: 0, untilMinute: 0, days: [...weekdayNumbers] };
}

async function choose(personCode: string, chosen: Partial<Preference>): Promise<void> {
  const preference = { ...defaultPreference, ...chosen };
  await savePreference(testDatabase.database.query, { personCode, preference, nowMs });
}

async function audit(
  id: number,
  row: { readonly action: string; readonly by: string | null; readonly after: object },
): Promise<void> {
  const entry = {
    actorCode: row.by,
    through: 'slack',
    action: row.action,
    subjectKind: 'warning',
    subjectId: String(id),
    before: {},
    after: row.after,
  };
  nowMs += 1;
  await testDatabase.database.query.transaction((transaction) =>
    appendAudit(transaction, [entry], nowMs),
  );
}

function setUp(traits: { readonly find?: boolean; readonly updateWithinMs?: number } = {}) {
  const shared = {
    interactive: true,
    update: true,
    updateWithinMs: traits.updateWithinMs ?? null,
    idempotentPost: false,
    find: traits.find ?? true,
    limits: [],
  };
  const inbox = createFakeChannel('inbox', { ...shared, queued: false, updateWithinMs: null });
  const slack = createFakeChannel('slack', { ...shared, queued: true });
  const feishu = createFakeChannel('feishu', { ...shared, queued: true });
  const email = createFakeChannel('email', {
    ...shared,
    queued: true,
    interactive: false,
    update: false,
    find: false,
  });
  const dependencies = {
    database: testDatabase.database,
    channels: new Map<ChannelName, Channel>([
      ['inbox', inbox],
      ['email', email],
      ['slack', slack],
      ['feishu', feishu],
    ]),
    drawCard: async (
      { kind, id }: DeliverySubject,
      _purpose: unknown,
      _reader: unknown,
      olderStands: boolean,
    ) => ({
      card: {
        ...cardOf(`version ${version}`),
        summary: `${kind} ${id}`,
        status: olderStands ? 'beside an older one' : '',
      },
      version,
      isMoving,
      isOver,
    }),
    drawLogLine: logLine,
    now: () => {
      nowMs += 1;
      return nowMs;
    },
    random: () => 0.5,
  };
  const activities = createDeliveryActivities(dependencies);
  const sender = createSender(dependencies);
  const environment = new MockActivityEnvironment();

  /** Brings what is due, in the dispatcher's order, until nothing is. */
  async function work(): Promise<void> {
    for (const channel of [slack, feishu, email]) {
      for (;;) {
        const { query } = testDatabase.database;
        const look = { channel: channel.name, busyLanes: [], limit: 1, nowMs };
        const [head] = await listHeads(query, look);
        if (head === undefined) break;
        await sender.bring(head);
      }
    }
  }

  return {
    inbox,
    slack,
    feishu,
    email,
    work,
    deliver: async (id: number, options: { readonly work: boolean } = { work: true }) => {
      await environment.run(activities.deliver, { subject: { kind: 'warning' as const, id } });
      if (options.work) await work();
    },
    deliverDigest: (id: number, isAskedFor: boolean) =>
      environment.run(activities.deliver, {
        subject: { kind: 'digest' as const, id },
        isAskedFor,
      }),
    remind: (id: number, personCodes: readonly string[]) =>
      environment.run(activities.remind, {
        subject: { kind: 'warning' as const, id },
        purpose: 'reminder-claim-1' as const,
        personCodes,
      }),
  };
}

async function keepQuiet(quietHours: QuietHours): Promise<void> {
  const preference = { ...defaultPreference, quietHours };
  await savePreference(testDatabase.database.query, { personCode: 'owner', preference, nowMs });
}

async function onlyDelivery(channel: ChannelName): Promise<Delivery> {
  const [row] = await testDatabase.database.query
    .select()
    .from(deliveries)
    .where(eq(deliveries.channel, channel));
  if (row === undefined) throw new Error(`Nothing goes to ${channel}.`);
  return row;
}

function cardOf(title: string): Card {
  return {
    locale: 'en',
    tint: 'red',
    title,
    status: '',
    blocks: [],
    buttons: [],
    menu: [],
    outcome: null,
    url: null,
    summary: title,
  };
}

async function openWarning(overrides: Partial<Warning> = {}): Promise<number> {
  const warning = buildWarning({
    ownerCode: 'owner',
    secondLineCode: 'second',
    managerCode: 'manager',
    ...overrides,
  });
  const [row] = await testDatabase.database.query
    .insert(warnings)
    .values({
      ...warning,
      ruleId: 1,
      state: warning.state.kind,
      stateBody: warning.state,
      openedAt: warning.openedAtMs,
      claimDueAt: warning.claimDueAtMs,
      closeDueAt: warning.closeDueAtMs,
    })
    .returning({ id: warnings.id });
  return row?.id ?? 0;
}

function weekdays() {
  const hours = [{ fromMinute: 540, untilMinute: 1080 }];
  return { 1: hours, 2: hours, 3: hours, 4: hours, 5: hours, 6: [], 7: [] };
}
