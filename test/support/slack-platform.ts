import { createSlackPeople, slackStrangerId } from './slack-people.ts';
import { startSlackServer } from './slack-server.ts';
import type { StartPlatform } from './system.ts';

const token = 'xoxb-story-token';
const signingSecret = 'story-signing-secret';
const appToken = 'xapp-story-token';

/** The loopback Slack with everybody of the company in it, and one stranger. */
export const startSlack: StartPlatform = (options) => start(options, 'http');

/** The same in socket mode. */
export const startSlackOverSocket: StartPlatform = (options) => start(options, 'socket');

async function start(
  { people, deliver }: Parameters<StartPlatform>[0],
  over: 'http' | 'socket',
): ReturnType<StartPlatform> {
  const userIds = people.flatMap(({ slackUserId }) => (slackUserId === null ? [] : [slackUserId]));
  const server = await startSlackServer({
    token,
    signingSecret,
    appToken,
    over,
    userIds: [...userIds, slackStrangerId],
    deliver,
  });
  return {
    people: createSlackPeople(server),
    connections: server,
    variables: {
      SLACK_BOT_TOKEN: token,
      SLACK_API_URL: server.apiUrl,
      ...(over === 'http'
        ? { SLACK_SIGNING_SECRET: signingSecret }
        : { SLACK_APP_TOKEN: appToken }),
    },
    close: () => server.close(),
  };
}
