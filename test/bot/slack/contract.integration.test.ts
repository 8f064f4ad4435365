import type { Person } from '../../../domain/person.ts';
import { createSlackChannel } from '../../../bot/slack/channel.ts';
import { createSlackInbound } from '../../../bot/slack/inbound.ts';
import { describeChannelContract, type PlatformFailure } from '../../support/channel-contract.ts';
import { createSlackPeople, slackStrangerId } from '../../support/slack-people.ts';
import { startSlackServer, type SlackFailure } from '../../support/slack-server.ts';

const token = 'xoxb-contract-token';
const signingSecret = 'contract-signing-secret';

describeChannelContract(
  'slack',
  { server: true, inbound: true, people: true, cards: true, unreachable: true, retryAfter: true },
  async (dependencies, { recipient, other }) => {
    const slackUserIds = [recipient, other].map(slackIdOf);
    const server = await startSlackServer({
      token,
      signingSecret,
      userIds: [...slackUserIds, slackStrangerId],
      deliver: (request) => inbound.handle(request),
    });
    const inbound = createSlackInbound(dependencies, {
      token,
      signingSecret,
      apiUrl: server.apiUrl,
      onError: () => {},
    });

    const atSlack = createSlackPeople(server);

    return {
      channel: createSlackChannel({ token, apiUrl: server.apiUrl, timeoutMs: 1_500 }),
      secrets: [token, signingSecret],
      messages: () => atSlack.cardsOf(recipient),
      group: {
        conversation: 'C0GOVERN',
        messages: () => atSlack.messagesIn('C0GOVERN'),
      },
      failNext: (failure) => server.failNext(slackFailure(failure)),
      inbound: { ...atSlack, settled: () => inbound.settled() },
      close: async () => {
        await inbound.stop();
        await server.close();
      },
    };
  },
);

function slackIdOf(person: Person): string {
  if (person.slackUserId === null) throw new Error(`${person.code} has no Slack id.`);
  return person.slackUserId;
}

function slackFailure(failure: PlatformFailure): SlackFailure {
  switch (failure.kind) {
    case 'rate-limited':
      return { kind: 'too-many-requests', retryAfterSeconds: failure.retryAfterMs / 1000 };
    case 'server-error':
      return { kind: 'http-500' };
    case 'no-answer':
      return { kind: 'no-answer' };
    case 'bad-token':
      return { kind: 'error', error: 'invalid_auth' };
    case 'content-refused':
      return { kind: 'error', error: 'invalid_blocks' };
  }
}
