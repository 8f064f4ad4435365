import type { Person } from '../../domain/person.ts';
import type { Card } from '../card.ts';
import { hangPictures } from '../pictures.ts';
import { nameIn } from '../texts/texts.ts';
import { ChannelError, type Channel } from '../channel.ts';
import { addressOf, createEmailClient, type EmailClientOptions } from './client.ts';
import { callLimits } from './limits.ts';
import { renderCard, type MailLinks } from './render.ts';

export interface EmailChannelOptions extends EmailClientOptions {
  /** Makes links by which the recipient acts on the card without signing in, and one that ends emails. @default none */
  readonly createLinks?: ((recipient: Person, card: Card) => Promise<MailLinks>) | undefined;
}

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
      const links = (await options.createLinks?.(recipient, card)) ?? null;
      const unsubscribeUrl = links?.unsubscribeUrl ?? null;
      const pictures: { readonly contentId: string; readonly png: Uint8Array }[] = [];
      const shown = await hangPictures(card, async ({ png }) => {
        const contentId = `${deliveryId}.${pictures.length}@${domain}`;
        pictures.push({ contentId, png });
        return contentId;
      });
      await client.send({ to, ...renderCard(shown, links), messageId, pictures, unsubscribeUrl });
      return { channel: 'email', conversation: code, message: messageId };
    },
    update: () =>
      Promise.reject(new ChannelError('too-old', 'Email: what was sent cannot be changed.')),
    find: () =>
      Promise.reject(new ChannelError('invalid', 'Email: what was sent cannot be searched for.')),
    retire: () => Promise.resolve('stays'),
    groups: null,
  };
}
