import { z } from 'zod';
import type { Locale } from '../../domain/locale.ts';
import type { Person } from '../../domain/person.ts';
import type { Card } from '../card.ts';
import {
  ChannelError,
  type Channel,
  type MessageRef,
  type PostRequest,
  type Retired,
} from '../channel.ts';
import { retireBy } from '../retire.ts';
import { textsFor } from '../texts/texts.ts';
import { hangPictures, hasHungPictures, withoutPictures } from '../pictures.ts';
import { callSlack, createSlackClient, type SlackClientOptions } from './client.ts';
import { callLimits } from './limits.ts';
import { createPictureUpload } from './pictures.ts';
import { renderCard, renderText, type SlackMessage } from './render.ts';

export type SlackChannelOptions = SlackClientOptions;

/** Marks our messages, so that one of unknown outcome can be found again. */
const deliveryEventType = 'tagwarden_delivery';
/** How far back `find` looks: 3 pages of 100 messages of one person's conversation. */
const historyPagesMax = 3;
const historyPageSize = 100;

/** What every message is sent with: nothing in it turns into links, mentions or previews by itself. */
const quiet = { unfurl_links: false, unfurl_media: false, link_names: false } as const;

/** Slack as a channel: a direct message a person from the bot, or a message into a channel with its thread. */
export function createSlackChannel(options: SlackChannelOptions): Channel {
  const client = createSlackClient(options);
  const uploadPicture = createPictureUpload(client, options);

  async function sendCard(
    channel: string,
    card: Card,
    place: { readonly deliveryId: string; readonly mentions: readonly string[] },
  ): Promise<MessageRef> {
    const shown = await hangPictures(card, uploadPicture);
    const { deliveryId, mentions } = place;
    const post = (one: Card) =>
      send(channel, renderCard(one, mentions), { deliveryId, under: null });
    try {
      return await post(shown);
    } catch (error) {
      // Slack took the pictures and will not show them: the rest is worth more than they are.
      const isRefused = error instanceof ChannelError && error.kind === 'invalid';
      if (!isRefused || !hasHungPictures(shown)) throw error;
      return post(withoutPictures(shown));
    }
  }

  async function send(
    channel: string,
    message: SlackMessage,
    { deliveryId, under }: { readonly deliveryId: string; readonly under: MessageRef | null },
  ): Promise<MessageRef> {
    const answer = await callSlack('chat.postMessage', () =>
      client.chat.postMessage({
        channel,
        ...message,
        ...quiet,
        ...(under === null ? {} : { thread_ts: under.message }),
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
    const shown = await hangPictures(card, uploadPicture);
    // Always with blocks: an update with text alone would drop them. The metadata stays as it was.
    await callSlack('chat.update', () =>
      client.chat.update({
        channel: message.conversation,
        ts: message.message,
        ...renderCard(shown),
        link_names: false,
      }),
    );
  }

  async function retire(
    { conversation: channel, message: ts }: MessageRef,
    locale: Locale,
  ): Promise<Retired> {
    const line = renderText(textsFor(locale).channel.replaced);
    return retireBy({
      remove: async () => {
        await callSlack('chat.delete', () => client.chat.delete({ channel, ts }));
      },
      // Where a company keeps what was written, nothing is deleted.
      pointToNew: async () => {
        await callSlack('chat.update', () => client.chat.update({ channel, ts, ...line }));
      },
    });
  }

  async function find(deliveryId: string, recipient: Person): Promise<MessageRef | null> {
    const opened = await callSlack('conversations.open', () =>
      client.conversations.open({ users: memberId(recipient) }),
    );
    const conversation = expectText('conversations.open', opened.channel?.id);
    return findIn(deliveryId, { conversation, under: null });
  }

  async function findIn(
    deliveryId: string,
    { conversation, under }: { readonly conversation: string; readonly under: MessageRef | null },
  ): Promise<MessageRef | null> {
    let cursor: string | undefined;
    for (let page = 0; page < historyPagesMax; page += 1) {
      const asked = {
        channel: conversation,
        include_all_metadata: true,
        limit: historyPageSize,
        ...(cursor === undefined ? {} : { cursor }),
      };
      const answer = await (under === null
        ? callSlack('conversations.history', () => client.conversations.history(asked))
        : callSlack('conversations.replies', () =>
            client.conversations.replies({ ...asked, ts: under.message }),
          ));
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
    post: ({ recipient, card, deliveryId }: PostRequest) =>
      // A member's ID stands for the direct conversation with them, which needs no opening.
      sendCard(memberId(recipient), card, { deliveryId, mentions: [] }),
    update,
    find,
    retire,
    groups: {
      post: ({ deliveryId, conversation, card, mentions }) =>
        sendCard(conversation, card, { deliveryId, mentions: memberIds(mentions) }),
      reply: ({ deliveryId, under, text, mentions }) =>
        send(under.conversation, renderText(text, memberIds(mentions)), { deliveryId, under }),
      find: findIn,
    },
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

/** Of those who are in Slack. */
function memberIds(people: readonly Person[]): readonly string[] {
  return people.flatMap(({ slackUserId }) => (slackUserId === null ? [] : [slackUserId]));
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
