import { z } from 'zod';
import type { Person } from '../../domain/person.ts';
import type { Card } from '../card.ts';
import { ChannelError, type Channel, type MessageRef, type PostRequest } from '../channel.ts';
import { callSlack, createSlackClient, type SlackClientOptions } from './client.ts';
import { callLimits } from './limits.ts';
import { renderCard } from './render.ts';

export type SlackChannelOptions = SlackClientOptions;

/** Marks our messages, so that one of unknown outcome can be found again. */
const deliveryEventType = 'tagwarden_delivery';
/** How far back `find` looks: 3 pages of 100 messages of one person's conversation. */
const historyPagesMax = 3;
const historyPageSize = 100;

/** What every message is sent with: nothing in it turns into links, mentions or previews by itself. */
const quiet = { unfurl_links: false, unfurl_media: false, link_names: false } as const;

/** Slack as a channel: a direct message a person from the bot. */
export function createSlackChannel(options: SlackChannelOptions): Channel {
  const client = createSlackClient(options);

  async function post({ recipient, card, deliveryId }: PostRequest): Promise<MessageRef> {
    const answer = await callSlack('chat.postMessage', () =>
      client.chat.postMessage({
        // A member's ID stands for the direct conversation with them, which needs no opening.
        channel: memberId(recipient),
        ...renderCard(card),
        ...quiet,
        metadata: {
          event_type: deliveryEventType,
          event_payload: { delivery_id: deliveryId },
        },
      }),
    );
    const conversation = expectText('chat.postMessage', answer.channel);
    return reference(conversation, expectText('chat.postMessage', answer.ts));
  }

  async function update(message: MessageRef, card: Card): Promise<void> {
    // Always with blocks: an update with text alone would drop them. The metadata stays as it was.
    await callSlack('chat.update', () =>
      client.chat.update({
        channel: message.conversation,
        ts: message.message,
        ...renderCard(card),
        link_names: false,
      }),
    );
  }

  async function find(deliveryId: string, recipient: Person): Promise<MessageRef | null> {
    const opened = await callSlack('conversations.open', () =>
      client.conversations.open({ users: memberId(recipient) }),
    );
    const conversation = expectText('conversations.open', opened.channel?.id);
    let cursor: string | undefined;
    for (let page = 0; page < historyPagesMax; page += 1) {
      const answer = await callSlack('conversations.history', () =>
        client.conversations.history({
          channel: conversation,
          include_all_metadata: true,
          limit: historyPageSize,
          ...(cursor === undefined ? {} : { cursor }),
        }),
      );
      const found = (answer.messages ?? []).find(
        (message) => deliveryIdOf(message.metadata) === deliveryId,
      );
      if (found?.ts !== undefined) return reference(conversation, found.ts);
      cursor = answer.response_metadata?.next_cursor;
      if (cursor === undefined || cursor === '') return null;
    }
    return null;
  }

  return {
    name: 'slack',
    capabilities: {
      queued: true,
      limits: callLimits,
      interactive: true,
      update: true,
      updateWithinMs: null,
      idempotentPost: false,
      find: true,
    },
    reaches: (person) => person.slackUserId !== null && person.status === 'active',
    post,
    update,
    find,
  };
}

const deliveryMetadata = z.object({
  event_type: z.literal(deliveryEventType),
  event_payload: z.object({ delivery_id: z.string() }),
});

function memberId(person: Person): string {
  if (person.slackUserId !== null) return person.slackUserId;
  throw new ChannelError('unreachable', `Slack: ${person.code} has no Slack member ID.`);
}

function deliveryIdOf(metadata: unknown): string | null {
  const parsed = deliveryMetadata.safeParse(metadata);
  return parsed.success ? parsed.data.event_payload.delivery_id : null;
}

function reference(conversation: string, message: string): MessageRef {
  return { channel: 'slack', conversation, message };
}

function expectText(method: string, value: string | undefined): string {
  if (value !== undefined && value !== '') return value;
  throw new ChannelError('server', `Slack ${method}: an answer without what was asked for.`);
}
