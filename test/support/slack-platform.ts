import { createSlackPeople, slackStrangerId } from './slack-people.ts';
import { startSlackServer } from './slack-server.ts';
import type { StartPlatform } from './system.ts';

const secrets = { token: 'xoxb-story-token', signingSecret: 'story-signing-secret' };

/** The loopback Slack with everybody of the company in it, and one stranger. */
export const startSlack: StartPlatform = async ({ people, deliver }) => {
  const userIds = people.flatMap(({ slackUserId }) => (slackUserId === null ? [] : [slackUserId]));
  const server = await startSlackServer({
    ...secrets,
    userIds: [...userIds, slackStrangerId],
    deliver,
  });
  return {
    people: createSlackPeople(server),
    variables: {
      SLACK_BOT_TOKEN: secrets.token,
      SLACK_SIGNING_SECRET: secrets.signingSecret,
      SLACK_API_URL: server.apiUrl,
    },
    close: () => server.close(),
  };
};
