import { describeChannelContract } from '../../support/channel-contract.ts';
import { createInboxChannel } from '../../../bot/inbox/channel.ts';
import { cardLines } from '../../support/card-text.ts';
import { createMemoryInbox } from '../../support/memory-inbox.ts';

describeChannelContract(
  'inbox',
  {
    server: false,
    inbound: false,
    people: true,
    cards: true,
    unreachable: false,
    retryAfter: false,
  },
  async () => {
    const inbox = createMemoryInbox();
    return {
      channel: createInboxChannel(inbox),
      secrets: [],
      messages: async () =>
        [...inbox.items.values()].map((item) => ({
          ref: { channel: 'inbox', conversation: item.personCode, message: item.deliveryId },
          text: cardLines(item.card).join('\n'),
          buttons: [...item.card.buttons, ...item.card.menu].map((button) => button.label),
          pings: [],
        })),
      failNext: null,
      inbound: null,
      close: async () => {},
    };
  },
);
