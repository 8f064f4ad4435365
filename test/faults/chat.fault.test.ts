import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { dismissWarning } from '../../commands/dismiss-warning.ts';
import { reassignWarning } from '../../commands/reassign-warning.ts';
import { createFeishuPeople } from '../support/feishu-people.ts';
import { clickables as feishuClickables } from '../support/feishu-reader.ts';
import type { FeishuFailure } from '../support/feishu-server.ts';
import { createSlackPeople, type ChatPeople } from '../support/slack-people.ts';
import { clickables as slackClickables } from '../support/slack-reader.ts';
import type { SlackFailure } from '../support/slack-server.ts';
import { expectSound } from './sound.ts';
import { scanToItsEnd, untilClosed } from './story.ts';
import { count, startWorld, until, type World } from './world.ts';
import type { WorkerProcess } from './workers.ts';

type Platform = 'slack' | 'feishu';
type Failure = 'answers 429' | 'answers 500' | 'takes the card and never answers';

/** Whoever takes each platform first. */
const readers = { slack: 'emily-carter', feishu: 'li-lei' } as const;
const platforms: readonly Platform[] = ['slack', 'feishu'];
const failures: readonly Failure[] = [
  'answers 429',
  'answers 500',
  'takes the card and never answers',
];

const slackFailures: Readonly<Record<Failure, SlackFailure>> = {
  'answers 429': { kind: 'too-many-requests', retryAfterSeconds: 1 },
  'answers 500': { kind: 'http-500' },
  'takes the card and never answers': { kind: 'no-answer' },
};
const feishuFailures: Readonly<Record<Failure, FeishuFailure>> = {
  'answers 429': { kind: 'gateway-limit', resetSeconds: 1 },
  'answers 500': { kind: 'http-500' },
  'takes the card and never answers': { kind: 'no-answer' },
};

let world: World;
let worker: WorkerProcess;
let people: Readonly<Record<Platform, ChatPeople>>;
beforeAll(async () => {
  world = await startWorld({ customers: 2_000 });
  people = {
    slack: createSlackPeople(world.chat.slack),
    feishu: createFeishuPeople(world.chat.feishu),
  };
  worker = await world.workers.start();
  await scanToItsEnd(world);
  await expectSound(world);
});
afterEach(() => expectSound(world));
afterAll(() => world?.stop());

/** Makes the next post to the platform fail once. */
function failNext(platform: Platform, failure: Failure): void {
  const { slack, feishu } = world.chat;
  if (platform === 'slack') slack.failNext(slackFailures[failure], ['chat.postMessage']);
  else feishu.failNext(feishuFailures[failure]);
}

/** Hands a warning over to whoever reads this platform and has no card of it, which posts one there. */
async function handOver(platform: Platform): Promise<number> {
  const toCode = readers[platform];
  const [warning] = await world.sql<{ id: number }[]>`
    select id from warning w where state = 'open' and owner_code <> ${toCode} and not exists (
      select from delivery d where d.subject_kind = 'warning' and d.subject_id = w.id
        and d.recipient_code = ${toCode}
    ) order by id limit 1`;
  const warningId = warning?.id ?? 0;
  const result = await reassignWarning(world.foundations, world.actorOf('hu-bin'), {
    warningId,
    toCode,
  });
  expect(result.kind).toBe('done');
  return warningId;
}

function untilPosted(platform: Platform, warningId: number): Promise<void> {
  return until(`the card is posted to ${platform}`, async () => {
    const posted = world.sql`
      select count(*)::int from delivery where subject_kind = 'warning' and channel = ${platform}
        and subject_id = ${warningId} and recipient_code = ${readers[platform]}
        and state = 'posted'`;
    return (await count(posted)) > 0;
  });
}

test.each(platforms.flatMap((platform) => failures.map((failure) => [platform, failure] as const)))(
  '%s %s: the card stands once',
  async (platform, failure) => {
    failNext(platform, failure);
    await untilPosted(platform, await handOver(platform));
  },
);

test.each(platforms)(
  'worker killed while %s has the card and has not answered',
  async (platform) => {
    const before = world.chat.deliveryIds().length;
    failNext(platform, 'takes the card and never answers');
    const warningId = await handOver(platform);
    await until('the card has arrived', async () => world.chat.deliveryIds().length > before);
    await worker.kill();
    worker = await world.workers.start();
    await untilPosted(platform, warningId);
  },
);

/** A click on the claim button of the owner's card as the platform sends it, again with every call. */
async function prepareClaim(platform: Platform, warningId: number) {
  const [row] = await world.sql<{ message: string; recipient: string }[]>`
    select message ->> 'message' as message, recipient_code as recipient from delivery
    where subject_kind = 'warning' and subject_id = ${warningId} and channel = ${platform}
      and state = 'posted' order by created_at desc limit 1`;
  const { person } = world.actorOf(row?.recipient ?? '');
  const { slack, feishu } = world.chat;
  if (platform === 'slack') {
    const message = slack.messages.find(({ ts }) => ts === row?.message);
    const button = slackClickables(message?.blocks ?? []).find(isClaim);
    if (message === undefined || button === undefined) throw new Error('Nobody can claim it.');
    const payload = slack.clickPayload(message, button.click, person.slackUserId ?? '');
    return { person, send: () => slack.sendInteraction(payload) };
  }
  const message = feishu.messages.find(({ messageId }) => messageId === row?.message);
  const button = feishuClickables(message?.card ?? {}).find(isClaim);
  if (message === undefined || button === undefined) throw new Error('Nobody can claim it.');
  const payload = feishu.clickPayload(message, button.action, person.feishuOpenId ?? '');
  return { person, send: () => feishu.send(payload, { path: '/feishu/cards' }) };
}

function isClaim({ label }: { readonly label: string }): boolean {
  return label === '认领' || label === 'Claim';
}

async function trailOf(warningId: number): Promise<readonly string[]> {
  const rows = await world.sql<{ action: string }[]>`
    select action from audit_row
    where subject_kind = 'warning' and subject_id = ${String(warningId)} order by id`;
  return rows.map(({ action }) => action);
}

test.each(platforms)(
  '%s sends the same click three times, twice at once: claimed once',
  async (platform) => {
    const warningId = await findUnclaimed(platform);
    const { send } = await prepareClaim(platform, warningId);
    await Promise.all([send(), send()]);
    await until('it is claimed', async () =>
      (await trailOf(warningId)).includes('warning.claimed'),
    );
    await send();
    await expectSound(world);
    expect(
      (await trailOf(warningId)).filter((action) => action === 'warning.claimed'),
    ).toHaveLength(1);
  },
);

test.each(platforms)(
  '%s sends a click after the warning is closed: refused, nothing changes',
  async (platform) => {
    const warningId = await findUnclaimed(platform);
    const { person, send } = await prepareClaim(platform, warningId);
    const dismissed = await dismissWarning(world.foundations, world.actorOf('hu-bin'), {
      warningId,
      reason: 'rule-wrong',
      comment: '',
    });
    expect(dismissed.kind).toBe('done');
    await untilClosed(world, warningId);
    const before = await trailOf(warningId);
    const toldBefore = (await people[platform].privateTexts(person)).length;
    const { body } = await send();
    await until('the click is answered', async () => {
      const told = (await people[platform].privateTexts(person)).length > toldBefore;
      return told || body.includes('toast');
    });
    expect((await trailOf(warningId)).filter((action) => action !== 'warning.refused')).toEqual(
      before,
    );
  },
);

/** An open warning whose card its owner has on the platform. */
async function findUnclaimed(platform: Platform): Promise<number> {
  const [warning] = await world.sql<{ id: number }[]>`
    select w.id from warning w join delivery d on d.subject_kind = 'warning' and d.subject_id = w.id
      and d.channel = ${platform} and d.state = 'posted' and d.recipient_code = w.owner_code
    where w.state = 'open' order by w.id limit 1`;
  if (warning === undefined) throw new Error(`Nobody has an open warning on ${platform}.`);
  return warning.id;
}
