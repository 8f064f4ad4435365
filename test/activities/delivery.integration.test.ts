import { eq } from 'drizzle-orm';
import { MockActivityEnvironment } from '@temporalio/testing';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDeliveryActivities } from '../../activities/delivery.ts';
import {
  ChannelError,
  type Channel,
  type ChannelCapabilities,
  type MessageRef,
  type PostRequest,
} from '../../bot/channel.ts';
import type { Card } from '../../bot/card.ts';
import { calendars, departments, people } from '../../db/schema/people.ts';
import { deliveries } from '../../db/schema/channels.ts';
import { warnings } from '../../db/schema/warnings.ts';
import type { ChannelName, Person } from '../../domain/person.ts';
import type { Warning } from '../../domain/warning.ts';
import { buildPerson, buildWarning } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import '../support/temporal.ts';

let testDatabase: TestDatabase;
let version = 1;
let nowMs = Date.UTC(2026, 10, 22, 1);

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
});
afterAll(() => testDatabase.drop());

beforeEach(async () => {
  const { query, sql } = testDatabase.database;
  await sql`truncate delivery, warning, person cascade`;
  version = 1;
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
  await testDatabase.database.query.update(warnings).set({ level: 1 });
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

test('a rate limit is passed on as the time to wait, and the card goes out once afterwards', async () => {
  const { deliver, slack, inbox } = setUp();
  const id = await openWarning();
  slack.failNext(new ChannelError('rate-limited', 'Slack: ratelimited.', 7000));
  const failure = await deliver(id).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({ type: 'DeliveryPostponed', nextRetryDelay: 7000 });
  expect(inbox.posts).toHaveLength(1);
  await deliver(id);
  expect(slack.posts).toHaveLength(1);
  expect(inbox.posts).toHaveLength(1);
});

test('a post that arrived without an answer is found again and not doubled', async () => {
  const { deliver, slack } = setUp();
  const id = await openWarning();
  slack.swallowNext(new ChannelError('server', 'Slack did not answer.'));
  await expect(deliver(id)).rejects.toThrow('did not answer');
  expect(slack.posts).toHaveLength(1);
  await deliver(id);
  expect(slack.posts).toHaveLength(1);
});

test('a post that did not arrive is found missing and made', async () => {
  const { deliver, slack } = setUp();
  const id = await openWarning();
  slack.failNext(new ChannelError('server', 'Slack did not answer.'));
  await expect(deliver(id)).rejects.toThrow('did not answer');
  await deliver(id);
  expect(slack.posts).toHaveLength(1);
});

test('where the first chat cannot reach the person the next one does', async () => {
  const { deliver, slack, feishu } = setUp();
  const id = await openWarning();
  slack.failNext(new ChannelError('unreachable', 'Slack: channel_not_found.'));
  await expect(deliver(id)).rejects.toThrow('another channel');
  await deliver(id);
  await deliver(id);
  expect(slack.posts).toEqual([]);
  expect(feishu.posts.map((post) => post.recipient.code)).toEqual(['owner']);
  const [failed] = await testDatabase.database.query
    .select({ state: deliveries.state, error: deliveries.error })
    .from(deliveries)
    .where(eq(deliveries.channel, 'slack'));
  expect(failed).toEqual({ state: 'failed', error: 'Slack: channel_not_found.' });
});

test('a card too old to change is posted anew', async () => {
  const { deliver, slack } = setUp();
  const id = await openWarning();
  await deliver(id);
  version = 2;
  slack.failNext(new ChannelError('too-old', 'Slack: cant_update_message.'));
  await expect(deliver(id)).rejects.toThrow('cant_update_message');
  await deliver(id);
  expect(slack.posts.map((post) => post.card.title)).toEqual(['version 1', 'version 2']);
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

interface FakeChannel extends Channel {
  readonly posts: PostRequest[];
  readonly updates: { message: string; title: string }[];
  /** The next call fails and does nothing. */
  failNext(error: ChannelError): void;
  /** The next post happens and then fails. */
  swallowNext(error: ChannelError): void;
}

function createFakeChannel(name: ChannelName, capabilities: ChannelCapabilities): FakeChannel {
  const posts: PostRequest[] = [];
  const updates: { message: string; title: string }[] = [];
  let failure: ChannelError | null = null;
  let swallowed: ChannelError | null = null;
  const refOf = (index: number): MessageRef => ({
    channel: name,
    conversation: '',
    message: `${name}-${index + 1}`,
  });
  function failIfAsked(): void {
    const error = failure;
    failure = null;
    if (error !== null) throw error;
  }
  return {
    name,
    capabilities,
    posts,
    updates,
    failNext: (error) => {
      failure = error;
    },
    swallowNext: (error) => {
      swallowed = error;
    },
    reaches: (person: Person) => person.status === 'active',
    post: async (request) => {
      failIfAsked();
      posts.push(request);
      const error = swallowed;
      swallowed = null;
      if (error !== null) throw error;
      return refOf(posts.length - 1);
    },
    update: async (message, card) => {
      failIfAsked();
      updates.push({ message: message.message, title: card.title });
    },
    find: async (deliveryId) => {
      const index = posts.findIndex((post) => post.deliveryId === deliveryId);
      return index < 0 ? null : refOf(index);
    },
  };
}

function setUp() {
  const capabilities = { update: true, updateWithinMs: null, idempotentPost: false, find: true };
  const inbox = createFakeChannel('inbox', capabilities);
  const slack = createFakeChannel('slack', capabilities);
  const feishu = createFakeChannel('feishu', capabilities);
  const activities = createDeliveryActivities({
    database: testDatabase.database,
    channels: new Map<ChannelName, Channel>([
      ['inbox', inbox],
      ['slack', slack],
      ['feishu', feishu],
    ]),
    drawCard: async () => ({ card: cardOf(`version ${version}`), version }),
    now: () => {
      nowMs += 1;
      return nowMs;
    },
  });
  const environment = new MockActivityEnvironment();
  return {
    inbox,
    slack,
    feishu,
    deliver: (id: number) =>
      environment.run(activities.deliver, { subject: { kind: 'warning' as const, id } }),
    remind: (id: number, personCodes: readonly string[]) =>
      environment.run(activities.remind, {
        subject: { kind: 'warning' as const, id },
        purpose: 'reminder-claim-1' as const,
        personCodes,
      }),
  };
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
