import type { Person } from '../../domain/person.ts';
import type { Card } from '../card.ts';
import { retireBy } from '../retire.ts';
import { ChannelError, type Channel, type MessageRef } from '../channel.ts';
import { hangPictures } from '../pictures.ts';
import { textsFor } from '../texts/texts.ts';
import { createFeishuClient, type FeishuClientOptions, type SentMessage } from './client.ts';
import { renderLine } from './frame.ts';
import { callLimits, updateWithinMs } from './limits.ts';
import { renderCard } from './render.ts';

export type FeishuChannelOptions = FeishuClientOptions;

/** Feishu as a channel: a direct message a person from the bot, or a message into a group with its thread. */
export function createFeishuChannel(options: FeishuChannelOptions): Channel {
  const client = createFeishuClient(options);
  const hung = (card: Card) => hangPictures(card, ({ png }) => client.uploadPicture(png));
  return {
    name: 'feishu',
    capabilities: {
      queued: true,
      limits: callLimits,
      interactive: true,
      update: true,
      updateWithinMs,
      idempotentPost: true,
      find: false,
    },
    reaches: (person) => person.feishuOpenId !== null && person.status === 'active',
    post: async ({ recipient, card, deliveryId }) => {
      const openId = recipient.feishuOpenId;
      if (openId === null) {
        throw new ChannelError('unreachable', `Feishu: ${recipient.code} has no open_id.`);
      }
      return reference(await client.send(openId, renderCard(await hung(card)), deliveryId));
    },
    update: async (message, card) => client.patch(message.message, renderCard(await hung(card))),
    find: () =>
      Promise.reject(
        new ChannelError('invalid', 'Feishu: a message is not searched for, it is posted again.'),
      ),
    retire: ({ message }, locale) =>
      retireBy({
        remove: () => client.remove(message),
        // How long a bot may take back what it wrote is the company's setting.
        pointToNew: () => client.patch(message, renderLine(textsFor(locale).channel.replaced)),
      }),
    groups: {
      post: async ({ deliveryId, conversation, card, mentions }) =>
        reference(
          await client.sendToGroup(
            conversation,
            renderCard(await hung(card), openIds(mentions)),
            deliveryId,
          ),
        ),
      reply: async ({ deliveryId, under, text, mentions }) =>
        reference(
          await client.reply(under.message, renderLine(text, openIds(mentions)), deliveryId),
        ),
      find: () =>
        Promise.reject(
          new ChannelError('invalid', 'Feishu: a message is not searched for, it is posted again.'),
        ),
    },
  };
}

function reference({ chatId, messageId }: SentMessage): MessageRef {
  return { channel: 'feishu', conversation: chatId, message: messageId };
}

/** Of those who are in Feishu. */
function openIds(people: readonly Person[]): readonly string[] {
  return people.flatMap(({ feishuOpenId }) => (feishuOpenId === null ? [] : [feishuOpenId]));
}
