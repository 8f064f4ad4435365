import { readEnvironment } from '../../app/env.ts';
import type { Channel } from '../../bot/channel.ts';
import { createFeishuChannel } from '../../bot/feishu/channel.ts';
import { createFeishuSocket } from '../../bot/feishu/socket.ts';
import { createSlackChannel } from '../../bot/slack/channel.ts';
import { createSlackSocket } from '../../bot/slack/socket.ts';
import { createWayOut } from '../../bot/way-out.ts';
import { cardSamples, sampleContext } from './card-samples.ts';
import { samplePerson } from './views.ts';

/**
 * A process behind a company's proxy: node behind-proxy.ts PLATFORM ADDRESS posts a card there and acknowledges what
 * comes over the socket, until it is ended. HTTPS_PROXY says which proxy, NODE_EXTRA_CA_CERTS whom to trust.
 */
const [platform = '', address = ''] = process.argv.slice(2);
const wayOut = createWayOut(readEnvironment(process.env).proxies);
const onError = (error: unknown): void => {
  throw error;
};

function connect(): { readonly channel: Channel; readonly start: () => Promise<void> } {
  if (platform === 'slack') {
    const at = { apiUrl: `${address}/api/`, wayOut };
    const socket = createSlackSocket({
      ...at,
      appToken: 'xapp-proxied',
      onEnvelope: ({ acknowledge }) => void acknowledge(),
      onError,
    });
    return {
      channel: createSlackChannel({ ...at, token: 'xoxb-proxied' }),
      start: () => socket.start(),
    };
  }
  const at = { appId: 'cli_0123456789abcdef', appSecret: 'secret', domain: address, wayOut };
  const socket = createFeishuSocket({ ...at, onPayload: async () => ({}), onError });
  return { channel: createFeishuChannel(at), start: () => socket.start() };
}

const { channel, start } = connect();
const draw = cardSamples['warnings']?.['open, to its owner'];
if (draw === undefined) throw new Error('The sample of a warning is gone.');
await channel.post({
  deliveryId: 'd1',
  recipient: samplePerson('li-lei'),
  card: draw(samplePerson, sampleContext),
});
await start();
