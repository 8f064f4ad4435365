import { Client, Connection } from '@temporalio/client';
import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readEnvironment } from '../../app/env.ts';
import { createDoors } from '../../app/server-wiring.ts';
import { createDrawCard } from '../../bot/cards/draw.ts';
import type { Channel } from '../../bot/channel.ts';
import { createFeishuChannel } from '../../bot/feishu/channel.ts';
import { createInteract } from '../../bot/interact.ts';
import { createSlackChannel } from '../../bot/slack/channel.ts';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { directWayOut } from '../../bot/way-out.ts';
import { createApiToken } from '../../commands/create-api-token.ts';
import { people } from '../../db/schema/people.ts';
import { requests } from '../../db/schema/warnings.ts';
import { loadPeople } from '../../db/stores/people.ts';
import { insertRequest, loadRequest } from '../../db/stores/requests.ts';
import { createViewReader } from '../../db/stores/views.ts';
import type { Person } from '../../domain/person.ts';
import type { TagRequest, Vote, VoteRefusal, VotingTerms } from '../../domain/request.ts';
import { createTestConsole, PlainBrowser } from '../support/console.ts';
import { seedConsole } from '../support/console-data.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startFeishu } from '../support/feishu-platform.ts';
import type { ChatPeople } from '../support/slack-people.ts';
import { startSlack } from '../support/slack-platform.ts';
import type { ChatPlatform } from '../support/system.ts';

const hourMs = 3_600_000;
const settleWithinMs = 60_000;
const comment = '口径清楚，同意';

type Through = 'slack' | 'feishu' | 'inbox' | 'api';

interface BadVote {
  readonly name: string;
  readonly voter: string;
  readonly refusal: VoteRefusal;
  /** @default all of them */
  readonly through?: readonly Through[];
  readonly request?: Partial<Omit<TagRequest, 'terms' | 'votes'>>;
  readonly terms?: Partial<VotingTerms>;
  readonly votes?: readonly Pick<Vote, 'by' | 'ballot'>[];
  /** What has become of people since the vote began. */
  readonly people?: Readonly<Record<string, Partial<Person>>>;
  /** No card can know it: the form opens, and what is sent is refused. @default false */
  readonly asksFirst?: boolean;
  /** Only the API names whose seat it is. */
  readonly inPlaceOf?: string;
}

const nowMs = Date.now();
const away = { absences: [{ fromMs: nowMs - hourMs, untilMs: nowMs + 100 * hourMs }] };
const voted = (by: string, ballot: Vote['ballot']) => [{ by, ballot }];

const badVotes: readonly BadVote[] = [
  {
    name: 'after the deadline',
    voter: 'han-meimei',
    request: { dueAtMs: nowMs - 1 },
    refusal: { kind: 'voting-over' },
  },
  {
    name: 'after the decision',
    voter: 'han-meimei',
    request: { state: { kind: 'rejected', atMs: nowMs, reason: 'votes' } },
    refusal: { kind: 'voting-over' },
  },
  {
    name: 'of a former member',
    voter: 'han-meimei',
    people: { 'han-meimei': { roles: ['tagger'] } },
    asksFirst: true,
    refusal: { kind: 'former-member' },
  },
  {
    name: 'the same twice',
    voter: 'han-meimei',
    votes: voted('han-meimei', 'approve'),
    refusal: { kind: 'same-vote' },
  },
  {
    name: 'for a seat whose department has voted',
    voter: 'han-meimei',
    terms: { seats: [{ code: 'sales', personCodes: ['han-meimei', 'zhao-jing'] }] },
    votes: voted('zhao-jing', 'approve'),
    refusal: { kind: 'seat-taken', by: 'zhao-jing' },
  },
  {
    name: 'for two seats',
    voter: 'han-meimei',
    people: { 'zhao-jing': { ...away, deputyCode: 'han-meimei' } },
    inPlaceOf: 'zhao-jing',
    through: ['api'],
    refusal: { kind: 'two-seats' },
  },
  {
    name: 'on one’s own request',
    voter: 'han-meimei',
    request: { requesterCode: 'han-meimei' },
    refusal: { kind: 'own-request' },
  },
  {
    name: 'on one’s own request as a member’s deputy',
    voter: 'wang-fang',
    people: { 'zhao-jing': { ...away, deputyCode: 'wang-fang' } },
    refusal: { kind: 'own-request' },
  },
  {
    name: 'of the requester’s deputy',
    voter: 'chen-hao',
    people: { 'wang-fang': { ...away, deputyCode: 'chen-hao' } },
    refusal: { kind: 'not-a-member' },
  },
  {
    name: 'in the name of the requester',
    voter: 'chen-hao',
    people: { 'wang-fang': { ...away, deputyCode: 'chen-hao' } },
    inPlaceOf: 'wang-fang',
    through: ['api'],
    refusal: { kind: 'not-a-member' },
  },
  {
    name: 'of a former member’s deputy',
    voter: 'chen-hao',
    people: { 'zhao-jing': { ...away, roles: ['tagger'], deputyCode: 'chen-hao' } },
    asksFirst: true,
    refusal: { kind: 'not-a-member' },
  },
  {
    name: 'after recusing oneself',
    voter: 'han-meimei',
    votes: voted('han-meimei', 'recuse'),
    refusal: { kind: 'recused' },
  },
  {
    name: 'of somebody without a seat',
    voter: 'li-lei',
    refusal: { kind: 'not-a-member' },
  },
  {
    name: 'on one’s own tag',
    voter: 'han-meimei',
    terms: { ownerCodes: ['han-meimei'] },
    refusal: { kind: 'owner-of-it' },
  },
  {
    name: 'outside the console on what concerns many',
    voter: 'han-meimei',
    terms: { consoleOnly: true },
    through: ['slack', 'feishu', 'api'],
    refusal: { kind: 'console-needed' },
  },
];

let testDatabase: TestDatabase;
let everybody: ReadonlyMap<string, Person>;
let connection: Connection;
const atEnd: (() => Promise<unknown>)[] = [];
const chats = new Map<Through, { readonly people: ChatPeople; readonly channel: Channel }>();
let draw: ReturnType<typeof createDrawCard>;
let web: ReturnType<typeof createTestConsole>;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { database } = testDatabase;
  await seedConsole(database, nowMs);
  everybody = await loadPeople(database.query);
  let doors: Awaited<ReturnType<typeof createDoors>> = new Map();
  const company = {
    people: [...everybody.values()],
    groups: [],
    deliver: async (request: Request) =>
      (await doors.get(new URL(request.url).pathname)?.(request)) ??
      new Response(null, { status: 404 }),
  };
  const slack: ChatPlatform = await startSlack(company);
  atEnd.push(() => slack.close());
  const feishu: ChatPlatform = await startFeishu(company);
  atEnd.push(() => feishu.close());
  const environment = readEnvironment({
    DATABASE_URL: testDatabase.url,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    ...slack.variables,
    ...feishu.variables,
  });
  const { databaseUrl, temporal, slack: atSlack, feishu: atFeishu } = environment;
  if (databaseUrl === null || temporal === null) throw new Error('Both are set above.');
  if (atSlack === null || atFeishu === null) throw new Error('Both platforms are set up above.');
  const now = Date.now;
  const publicUrl = 'http://localhost';
  const views = createViewReader(database, { now, fixPreview: async () => null });
  // Nobody answers there: what is refused is refused before a workflow hears of it.
  connection = Connection.lazy({ address: '127.0.0.1:1' });
  const foundations = {
    environment: { ...environment, databaseUrl, temporal },
    logger: pino({ level: 'silent' }),
    database,
    temporal: new Client({ connection }),
    views,
    wayOut: directWayOut,
    publicUrl,
    now,
  };
  doors = await createDoors(foundations, {
    onEnd: (step) => atEnd.push(step),
    signal: new AbortController().signal,
    allowToFinish: () => {},
  });
  const wayOut = directWayOut;
  const { botToken: token, apiUrl } = atSlack;
  chats.set('slack', {
    people: slack.people,
    channel: createSlackChannel({ token, apiUrl: apiUrl ?? undefined, wayOut }),
  });
  chats.set('feishu', {
    people: feishu.people,
    channel: createFeishuChannel({ ...atFeishu, wayOut }),
  });
  draw = createDrawCard({ views, publicUrl, now });
  const interact = createInteract({ ...foundations, context: foundations });
  web = createTestConsole(database, { interact, now, context: foundations });
});

afterAll(async () => {
  for (const step of atEnd.toReversed()) await step();
  await connection?.close();
  await testDatabase?.drop();
});

function person(code: string): Person {
  const found = everybody.get(code);
  if (found === undefined) throw new Error(`The sample company has no ${code}.`);
  return found;
}

/** A request that three may vote on, as it is for everybody until something becomes of it. */
async function openRequest(): Promise<number> {
  const { database } = testDatabase;
  const text = { 'zh-CN': '可投资资产不低于600万元。', en: 'At least CNY 6 million.' };
  const { id } = await insertRequest(
    database,
    {
      proposal: {
        kind: 'create-tag',
        code: 'private-banking',
        name: { 'zh-CN': '私行客户', en: 'Private banking' },
        definition: text,
        level: 'main',
        category: 'transaction',
        departmentCodes: [],
        ownerCode: 'wang-fang',
        lifeDays: null,
      },
      requesterCode: 'wang-fang',
      reason: '需要单独跟进',
      state: { kind: 'voting' },
      memberCodes: ['han-meimei', 'zhao-jing', 'lin-xiao'],
      quorum: 2,
      vetoCodes: [],
      createdAtMs: nowMs - hourMs,
      dueAtMs: nowMs + 48 * hourMs,
    },
    { through: 'inbox' },
  );
  return id;
}

/** What happens between the card and the vote. */
async function turn(requestId: number, bad: BadVote): Promise<void> {
  const { query, sql } = testDatabase.database;
  const { requesterCode = 'wang-fang', dueAtMs = nowMs + 48 * hourMs, state } = bad.request ?? {};
  const now = state ?? { kind: 'voting' as const };
  const terms = {
    seats: ['han-meimei', 'zhao-jing', 'lin-xiao'].map((code) => ({ code, personCodes: [code] })),
    ownerCodes: [],
    chair: null,
    consoleOnly: false,
    ...bad.terms,
  };
  await query
    .update(requests)
    .set({ requesterCode, dueAt: dueAtMs, state: now.kind, stateBody: now, terms })
    .where(eq(requests.id, requestId));
  for (const { by, ballot } of bad.votes ?? []) {
    await sql`insert into vote (request_id, person_code, ballot, comment, voted_at)
      values (${requestId}, ${by}, ${ballot}, '', ${nowMs - 1})`;
  }
  for (const [code, change] of Object.entries(bad.people ?? {})) {
    await query.update(people).set(change).where(eq(people.code, code));
  }
}

async function restorePeople(bad: BadVote): Promise<void> {
  for (const code of Object.keys(bad.people ?? {})) {
    const { roles, absences, deputyCode } = person(code);
    await testDatabase.database.query
      .update(people)
      .set({ roles, absences, deputyCode })
      .where(eq(people.code, code));
  }
}

async function newestAuditId(): Promise<number> {
  const [row] = await testDatabase.database.sql<{ id: number }[]>`
    select coalesce(max(id), 0)::int as id from audit_row`;
  return row?.id ?? 0;
}

async function auditSince(id: number) {
  return [
    ...(await testDatabase.database.sql`
      select actor_code, through, action, subject_kind, subject_id, after
      from audit_row where id > ${id} order by id`),
  ];
}

/** Everything that a vote could leave behind. */
async function traces(requestId: number) {
  const { query, sql } = testDatabase.database;
  const request = await loadRequest(query, requestId);
  const notes = await sql`select * from vote_note`;
  return JSON.stringify([request, notes]);
}

type Ask = (requestId: number, bad: BadVote) => Promise<() => Promise<string>>;

/** A card from before, in chat; answers how to press its button, and what is said then. */
const inChat =
  (through: Through): Ask =>
  async (requestId, bad) => {
    const chat = chats.get(through);
    if (chat === undefined) throw new Error(`There is no ${through}.`);
    const voter = person(bad.voter);
    const drawn = await draw({ kind: 'request', id: requestId }, 'vote', person('han-meimei'));
    if (drawn === null) throw new Error('No card.');
    await chat.channel.post({
      deliveryId: crypto.randomUUID(),
      recipient: voter,
      card: drawn.card,
    });
    const card = (await chat.people.cardsOf(voter)).at(-1);
    if (card === undefined) throw new Error('The card did not arrive.');
    return async () => {
      const since = await newestAuditId();
      const before = await chat.people.privateTexts(voter);
      await chat.people.click(card, '同意…', voter);
      const within = { timeout: settleWithinMs };
      if (bad.asksFirst === true) {
        await vi.waitUntil(async () => (await chat.people.openForm(voter)) !== null, within);
        await chat.people.submit({ comment }, voter);
      }
      await vi.waitUntil(async () => (await auditSince(since)).length > 0, within);
      const news = async () => without(await chat.people.privateTexts(voter), before).join('\n');
      return vi.waitUntil(news, within);
    };
  };

/** What stands there more often than before. */
function without(texts: readonly string[], before: readonly string[]): readonly string[] {
  const left = [...before];
  return texts.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

const inConsole: Ask = async (requestId, bad) => {
  const browser = new PlainBrowser(web.app);
  await browser.signInAs(bad.voter);
  return async () => {
    const inline = { 'x-tagwarden-inline': '1' };
    const vote = { requestId, ballot: 'approve' };
    const opened = await browser.post(
      '/act',
      { action: JSON.stringify({ kind: 'open-vote', ...vote }) },
      inline,
    );
    const text = await opened.text();
    if (bad.asksFirst !== true) return text;
    const action = JSON.stringify({ kind: 'vote', ...vote });
    const cast = await browser.post('/act/form', { action, 'field-comment': comment }, inline);
    expect(cast.headers.get('x-tagwarden-reply')).toBe('refused');
    return cast.text();
  };
};

const byApi: Ask = async (requestId, bad) => {
  const { database } = testDatabase;
  const made = await createApiToken(
    { database, now: Date.now },
    { person: person(bad.voter), through: 'cli' },
    { name: 'test', roles: person(bad.voter).roles, lifeDays: 1 },
  );
  if (made.kind === 'refused') throw new Error(`No token: ${made.refusal.kind}.`);
  return async () => {
    const { inPlaceOf } = bad;
    const response = await web.app.request(`http://localhost/api/v1/requests/${requestId}/votes`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${made.token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ ballot: 'approve', comment, inPlaceOf }),
    });
    expect([403, 409]).toContain(response.status);
    const problem = (await response.json()) as { readonly detail: string };
    return problem.detail;
  };
};

const doors: Readonly<Record<Through, Ask>> = {
  slack: inChat('slack'),
  feishu: inChat('feishu'),
  inbox: inConsole,
  api: byApi,
};
const all = Object.keys(doors) as Through[];

describe.each(badVotes)('a vote $name', (bad) => {
  test.each(bad.through ?? all)('is refused in words through %s', async (through) => {
    const requestId = await openRequest();
    const press = await doors[through](requestId, bad);
    await turn(requestId, bad);
    try {
      const since = await newestAuditId();
      const before = await traces(requestId);
      const { locale } = person(bad.voter);
      expect(await press()).toContain(describeRefusal(bad.refusal, locale, everybody));
      expect(await traces(requestId)).toBe(before);
      expect(await auditSince(since)).toEqual([
        {
          actor_code: bad.voter,
          through,
          action: 'request.refused',
          subject_kind: 'request',
          subject_id: String(requestId),
          after: { action: 'vote', refusal: bad.refusal.kind },
        },
      ]);
    } finally {
      await restorePeople(bad);
    }
  });
});
