import type { Sql } from 'postgres';
import { expect } from 'vitest';
import type { Person } from '../../domain/person.ts';
import type { SeenMessage } from '../support/channel-contract.ts';
import { createFeishuPeople } from '../support/feishu-people.ts';
import { clickables as onFeishu } from '../support/feishu-reader.ts';
import { startFeishuServer } from '../support/feishu-server.ts';
import { createSlackPeople, type ChatPeople } from '../support/slack-people.ts';
import { clickables as onSlack } from '../support/slack-reader.ts';
import { startSlackServer } from '../support/slack-server.ts';
import { until } from '../support/system.ts';

const slackSecrets = {
  token: 'xoxb-two-servers-token',
  signingSecret: 'two-servers-signing-secret',
  appToken: 'xapp-two-servers-token',
};
const feishuSecrets = {
  appSecret: 'two-servers-app-secret',
  encryptKey: 'two-servers-encrypt-key',
  verificationToken: 'two-servers-verification-token',
};
const feishuAppId = 'cli_0123456789abcdef';

export type ChatOfTwoServers = Awaited<ReturnType<typeof startChatOfTwoServers>>;

/** A Slack and a Feishu that reach servers both ways at once: over connections that these hold, and by HTTP. */
export async function startChatOfTwoServers(people: readonly Person[]) {
  let target = '';
  const deliver = (request: Request): Promise<Response> => {
    const url = new URL(new URL(request.url).pathname, target);
    return request.arrayBuffer().then((body) => {
      return fetch(url, { method: request.method, headers: request.headers, body });
    });
  };
  const slack = await startSlackServer({
    ...slackSecrets,
    over: 'socket',
    userIds: people.flatMap(({ slackUserId }) => slackUserId ?? []),
    deliver,
  });
  const feishu = await startFeishuServer({
    appId: feishuAppId,
    ...feishuSecrets,
    over: 'socket',
    openIds: people.flatMap(({ feishuOpenId }) => feishuOpenId ?? []),
    deliver,
  });
  /** By HTTP to one of the servers. */
  const to = <T>(server: string, send: () => T): T => {
    target = server;
    return send();
  };
  return {
    sockets: () => [slack.sockets.size, feishu.sockets.size],
    secrets: [...Object.values(slackSecrets), ...Object.values(feishuSecrets)],
    variables: {
      SLACK_BOT_TOKEN: slackSecrets.token,
      SLACK_SIGNING_SECRET: slackSecrets.signingSecret,
      SLACK_APP_TOKEN: slackSecrets.appToken,
      SLACK_API_URL: slack.apiUrl,
      FEISHU_APP_ID: feishuAppId,
      FEISHU_APP_SECRET: feishuSecrets.appSecret,
      FEISHU_ENCRYPT_KEY: feishuSecrets.encryptKey,
      FEISHU_VERIFICATION_TOKEN: feishuSecrets.verificationToken,
      FEISHU_MODE: 'websocket',
      FEISHU_DOMAIN: feishu.origin,
    },
    platforms: {
      slack: {
        code: 'slack',
        people: createSlackPeople(slack),
        idOf: ({ slackUserId }: Person) => slackUserId ?? '',
        prepareClick: ({ ref }: SeenMessage, label: string, userId: string) => {
          const message = slack.messages.find(({ ts }) => ts === ref.message);
          const button = onSlack(message?.blocks ?? []).find((each) => each.label === label);
          if (message === undefined || button === undefined) throw new Error(`No ${label}.`);
          const payload = slack.clickPayload(message, button.click, userId);
          const { signingSecret } = slackSecrets;
          let sent = 0;
          return (server: string) => {
            // Slack signs what it sends again anew.
            const timestamp = String(Math.floor(Date.now() / 1000) - (sent += 1));
            return to(server, () => slack.sendInteraction(payload, { signingSecret, timestamp }));
          };
        },
      },
      feishu: {
        code: 'feishu',
        people: createFeishuPeople(feishu),
        idOf: ({ feishuOpenId }: Person) => feishuOpenId ?? '',
        prepareClick: ({ ref }: SeenMessage, label: string, openId: string) => {
          const message = feishu.messages.find(({ messageId }) => messageId === ref.message);
          const button = onFeishu(message?.card ?? {}).find((each) => each.label === label);
          if (message === undefined || button === undefined) throw new Error(`No ${label}.`);
          const payload = feishu.clickPayload(message, button.action, openId);
          const { encryptKey } = feishuSecrets;
          return (server: string) =>
            to(server, () => feishu.send(payload, { path: '/feishu/cards', encryptKey }));
        },
      },
    } as const,
    close: async () => {
      await slack.close();
      await feishu.close();
    },
  };
}

/**
 * The same click that comes to both servers at once is done once, and when one of them dies the other one goes on with
 * what comes over the connections.
 */
export async function expectServersToShareChat(world: {
  readonly chat: ChatOfTwoServers;
  readonly sql: Sql;
  readonly servers: readonly [string, string];
  readonly people: { readonly slack: Person; readonly feishu: Person };
  /** Ends one of them as if its machine had lost power. */
  readonly killOne: () => Promise<void>;
}): Promise<void> {
  const { chat, sql, servers, people, killOne } = world;
  await until('both hold connections', async () => chat.sockets(), areAll(2));
  const claimed = {
    slack: await claimAtBoth(chat.platforms.slack, people.slack, { sql, servers }),
    feishu: await claimAtBoth(chat.platforms.feishu, people.feishu, { sql, servers }),
  };
  await killOne();
  await until('the dead one’s connections are gone', async () => chat.sockets(), areAll(1));
  for (const code of ['slack', 'feishu'] as const) {
    await askForHelp(chat.platforms[code].people, people[code]);
    await giveUpClaim(chat.platforms[code].people, people[code], { sql, id: claimed[code] });
  }
}

type Platform = ChatOfTwoServers['platforms']['slack' | 'feishu'];

const areAll = (count: number) => (sizes: readonly number[]) =>
  sizes.every((size) => size === count);

const claimLabels = ['认领', 'Claim'];
const giveUpLabels = ['取消认领…', 'Give up claim…'];

function labelOn({ buttons }: SeenMessage, labels: readonly string[]): string | undefined {
  return buttons.find((label) => labels.includes(label));
}

/** The warning that was claimed. */
async function claimAtBoth(
  platform: Platform,
  person: Person,
  { sql, servers }: { readonly sql: Sql; readonly servers: readonly [string, string] },
): Promise<string> {
  const [card] = await until(
    `${person.code} has a card to claim`,
    async () =>
      (await platform.people.cardsOf(person)).filter(
        (seen) => labelOn(seen, claimLabels) !== undefined,
      ),
    (cards) => cards.length > 0,
  );
  if (card === undefined) throw new Error('No card.');
  const click = platform.prepareClick(
    card,
    labelOn(card, claimLabels) ?? '',
    platform.idOf(person),
  );
  const toldBefore = (await platform.people.privateTexts(person)).length;
  const answers = await Promise.all(servers.map((server) => click(server)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  // Done twice, the second one would be refused.
  const claims = () => sql<{ subject_id: string; through: string }[]>`
    select subject_id, through from audit_row
    where action in ('warning.claimed', 'warning.refused') and actor_code = ${person.code}`;
  const [claim] = await until('it is claimed', claims, (rows) => rows.length > 0);
  await until(
    'the card says so',
    () => platform.people.cardsOf(person),
    (cards) => cards.some((seen) => labelOn(seen, giveUpLabels) !== undefined),
  );
  expect(await claims()).toEqual([{ subject_id: claim?.subject_id, through: platform.code }]);
  const told = (await platform.people.privateTexts(person)).length - toldBefore;
  expect(told).toBeLessThanOrEqual(1);
  return claim?.subject_id ?? '';
}

async function askForHelp(people: ChatPeople, person: Person): Promise<void> {
  const before = (await people.privateTexts(person)).length;
  await people.say('帮助', person);
  await until(
    `${person.code} is answered`,
    () => people.privateTexts(person),
    (texts) => texts.length > before,
  );
  expect(await people.privateTexts(person)).toHaveLength(before + 1);
}

async function giveUpClaim(
  people: ChatPeople,
  person: Person,
  { sql, id }: { readonly sql: Sql; readonly id: string },
): Promise<void> {
  const card = (await people.cardsOf(person)).find(
    (seen) => labelOn(seen, giveUpLabels) !== undefined,
  );
  if (card === undefined) throw new Error('Nothing is claimed.');
  await people.click(card, labelOn(card, giveUpLabels) ?? '', person);
  await until(
    'the question is asked',
    () => people.openForm(person),
    (form) => form !== null && form.title !== '',
  );
  await people.submit({}, person);
  await until(
    'it is open again',
    () => sql`select from warning where id = ${id} and state = 'open'`,
    (rows) => rows.length === 1,
  );
}
