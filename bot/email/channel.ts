import { nameIn } from '../texts/texts.ts';
import { ChannelError, type Channel } from '../channel.ts';
import { addressOf, createEmailClient, type EmailClientOptions } from './client.ts';
import { callLimits } from './limits.ts';
import { renderCard } from './render.ts';

export type EmailChannelOptions = EmailClientOptions;

/** Email as a channel: to read, and to find the way to the console by. */
export function createEmailChannel(options: EmailChannelOptions): Channel {
  const client = createEmailClient(options);
  const domain = addressOf(options.from).split('@').at(-1) ?? 'localhost';
  return {
    name: 'email',
    capabilities: {
      queued: true,
      limits: callLimits,
      interactive: false,
      update: false,
      updateWithinMs: null,
      idempotentPost: false,
      find: false,
    },
    reaches: (person) => person.email !== null && person.status === 'active',
    post: async ({ recipient, card, deliveryId }) => {
      const { email, locale, name, code } = recipient;
      if (email === null) {
        throw new ChannelError('unreachable', `Email: ${code} has no address.`);
      }
      const messageId = `<${deliveryId}@${domain}>`;
      const to = { name: nameIn(locale, name), address: email };
      await client.send({ to, ...renderCard(card), messageId });
      return { channel: 'email', conversation: code, message: messageId };
    },
    update: () =>
      Promise.reject(new ChannelError('too-old', 'Email: what was sent cannot be changed.')),
    find: () =>
      Promise.reject(new ChannelError('invalid', 'Email: what was sent cannot be searched for.')),
  };
}
