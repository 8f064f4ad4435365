import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createInboxChannel } from '../../../bot/inbox/channel.ts';
import { warningCard } from '../../../bot/cards/warning.ts';
import { deliveries, inboxItems } from '../../../db/schema/channels.ts';
import { createInboxStore } from '../../../db/stores/inbox.ts';
import { cardLines } from '../../support/card-text.ts';
import { describeChannelContract } from '../../support/channel-contract.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import {
  buildWarningView,
  sampleNowMs,
  samplePerson,
  samplePublicUrl,
} from '../../support/views.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(async () => {
  await test.drop();
});

const deliveryIds = [
  '6f1c9d52-3f0e-4b7a-9d6e-2a6d0d3c1f10',
  '0b8b9d1e-52f7-4a83-8c3e-7f1f5a0f7d11',
] as const;

/** Deliveries as they are before anything is posted. */
async function emptyInbox(): Promise<void> {
  const { query } = test.database;
  await query.delete(deliveries);
  await query.insert(deliveries).values(
    deliveryIds.map((id, index) => ({
      id,
      subjectKind: 'warning' as const,
      subjectId: index + 1,
      purpose: 'owner' as const,
      channel: 'inbox' as const,
      recipientCode: 'li-lei',
      state: 'posting' as const,
      createdAt: sampleNowMs,
      updatedAt: sampleNowMs,
    })),
  );
}

beforeEach(emptyInbox);

describeChannelContract(
  'inbox in PostgreSQL',
  {
    server: false,
    inbound: false,
    people: true,
    cards: true,
    unreachable: false,
    retryAfter: false,
  },
  async () => {
    await emptyInbox();
    const { query } = test.database;
    return {
      channel: createInboxChannel(createInboxStore(test.database, { now: () => sampleNowMs })),
      secrets: ['tagwarden:test'],
      messages: async () => {
        const items = await query.select().from(inboxItems).orderBy(inboxItems.postedAt);
        return items.map((item) => ({
          ref: { channel: 'inbox', conversation: item.personCode, message: item.deliveryId },
          text: cardLines(item.card).join('\n'),
          buttons: [...item.card.buttons, ...item.card.menu].map((button) => button.label),
          pings: [],
        }));
      },
      failNext: null,
      inbound: null,
      close: async () => {},
    };
  },
);

it('notes when an item was posted and when it last changed', async () => {
  let nowMs = sampleNowMs;
  const channel = createInboxChannel(createInboxStore(test.database, { now: () => nowMs }));
  const recipient = samplePerson('li-lei');
  const context = { publicUrl: samplePublicUrl, nowMs };
  const card = warningCard(buildWarningView(), recipient, context);
  const ref = await channel.post({ deliveryId: deliveryIds[0], recipient, card });
  nowMs += 60_000;
  await channel.update(ref, { ...card, status: '处理中' });
  const [item] = await test.database.query.select().from(inboxItems);
  expect(item?.postedAt).toBe(sampleNowMs);
  expect(item?.updatedAt).toBe(sampleNowMs + 60_000);
  expect(item?.card.status).toBe('处理中');
});

it('says without a customer that an item cannot be written', async () => {
  const channel = createInboxChannel(createInboxStore(test.database, { now: () => sampleNowMs }));
  const recipient = samplePerson('li-lei');
  const card = warningCard(buildWarningView(), recipient, {
    publicUrl: samplePublicUrl,
    nowMs: sampleNowMs,
  });
  const unknown = 'aaaaaaaa-0000-4000-8000-000000000000';
  await expect(channel.post({ deliveryId: unknown, recipient, card })).rejects.toThrow(
    'The inbox could not be written; try again.',
  );
  await expect(
    channel.update({ channel: 'inbox', conversation: 'li-lei', message: unknown }, card),
  ).rejects.toMatchObject({ kind: 'unreachable' });
});
