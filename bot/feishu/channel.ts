import { ChannelError, type Channel } from '../channel.ts';
import { createFeishuClient, type FeishuClientOptions } from './client.ts';
import { callLimits, updateWithinMs } from './limits.ts';
import { renderCard } from './render.ts';

export type FeishuChannelOptions = FeishuClientOptions;

/** Feishu as a channel: a direct message a person from the bot. */
export function createFeishuChannel(options: FeishuChannelOptions): Channel {
  const client = createFeishuClient(options);
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
      const { messageId, chatId } = await client.send(openId, renderCard(card), deliveryId);
      return { channel: 'feishu', conversation: chatId, message: messageId };
    },
    update: async (message, card) => client.patch(message.message, renderCard(card)),
    find: () =>
      Promise.reject(
        new ChannelError('invalid', 'Feishu: a message is not searched for, it is posted again.'),
      ),
  };
}
