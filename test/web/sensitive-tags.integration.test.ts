import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestCard } from '../../bot/cards/digest.ts';
import { renderCard } from '../../bot/email/render.ts';
import { createInteract } from '../../bot/interact.ts';
import type { Action } from '../../bot/actions.ts';
import { createSuggest } from '../../bot/suggest.ts';
import type { CommandContext } from '../../commands/context.ts';
import { createApiToken } from '../../commands/create-api-token.ts';
import { candidates } from '../../db/schema/candidates.ts';
import { assessmentPoints } from '../../db/schema/assessment.ts';
import { people } from '../../db/schema/people.ts';
import { exceptions, silences } from '../../db/schema/scans.ts';
import { readTable } from '../../config/tag-table/read-table.ts';
import { createDrawAnnouncement } from '../../bot/cards/announcement.ts';
import { webhookBody } from '../../bot/webhook/body.ts';
import { readCurrentKnowledge } from '../../db/stores/current-knowledge.ts';
import { subscriberKinds, type EventBody } from '../../domain/event.ts';
import { createDigest, readDigestView } from '../../db/stores/digests.ts';
import { loadDictionary } from '../../db/stores/dictionary.ts';
import { findPerson } from '../../db/stores/people.ts';
import { insertRequest } from '../../db/stores/requests.ts';
import { createViewReader } from '../../db/stores/views.ts';
import { departmentRoles, heldRoles, roles, type Person, type Role } from '../../domain/person.ts';
import type { RequestProposal } from '../../domain/request.ts';
import type { Rule } from '../../domain/rule.ts';
import { buildPerson } from '../support/builders.ts';
import {
  consoleNowMs,
  consoleUrl,
  createTestConsole,
  PlainBrowser,
  type TestConsole,
} from '../support/console.ts';
import { seedConsole, type ConsoleData } from '../support/console-data.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

/** The sample's blacklist, which its rules, relations, customers and warnings name already, under a telling name. */
const secretCode = 'blacklist';
const secretNames = { 'zh-CN': '绝密名单甲', en: 'Zqx watch list' };
const secretDefinition = '只有风控知道的名单定义';
const secrets = [...Object.values(secretNames), secretDefinition, secretCode];
/**
 * Data admins of the company see all tags, its auditors the whole trail. Of another department: somebody with every
 * other role there, and those two for other departments, so that every page opens; and somebody with none.
 */
const outsiders = ['far-busy', 'far-tagger'] as const;
const busyRoles = roles.filter((role) => role !== 'data-admin' && role !== 'auditor');

let testDatabase: TestDatabase;
let data: ConsoleData;
let web: TestConsole;
let requestIds: readonly number[];
let warningIds: readonly number[];
let ruleCodes: readonly string[];
const dayMs = 86_400_000;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { database } = testDatabase;
  const { sql, query } = database;
  data = await seedConsole(database, consoleNowMs);
  await sql`update tag set name = ${sql.json(secretNames)},
    definition = ${sql.json({ 'zh-CN': secretDefinition, en: secretDefinition })}
    where code = ${secretCode}`;
  const secretRules = await sql<{ code: string }[]>`
    update rule set body = jsonb_set(body, '{name}', ${sql.json({
      'zh-CN': `与${secretNames['zh-CN']}冲突`,
      en: `Conflicts with ${secretNames.en}`,
    })}) where body::text like ${`%"${secretCode}"%`} returning code`;
  ruleCodes = secretRules.map(({ code }) => code);
  expect(ruleCodes).toContain('high-value-x-blacklist');
  await query.insert(people).values([
    {
      ...person('far-busy', busyRoles),
      departmentGrants: departmentRoles.map((role) => ({
        role,
        departmentCodes: ['service'],
      })),
    },
    person('far-tagger', ['tagger']),
    person('far-manager', ['manager']),
    person('near', ['owner'], 'risk'),
    person('sees-all', roles),
    // Their line is the managers' above; warnings of theirs are in its figures.
    person('far-colleague', ['owner']),
  ]);
  const dictionary = await loadDictionary(query);
  const idOf = (code: string) => dictionary.tags.find((tag) => tag.code === code)?.id ?? 0;
  const rule = dictionary.rules.find(({ code }) => code === 'high-value-x-blacklist');
  if (rule === undefined) throw new Error('The sample has no such rule.');
  const [other] = await sql<{ id: number }[]>`
    insert into warning (fingerprint, rule_id, rule_code, severity, owner_code, state, state_body, level, snoozes,
      customers, opened_at, claim_due_at, close_due_at, version)
    select 'far', rule_id, rule_code, severity, 'far-colleague', 'open', '{"kind": "open"}', 0, 0, 12,
      ${consoleNowMs - dayMs}, ${consoleNowMs - 1}, ${consoleNowMs - 1}, 1
    from warning where id = ${data.openWarningId} returning id`;
  warningIds = [data.openWarningId, other?.id ?? 0];
  await query
    .insert(candidates)
    .values([
      candidate(1, 'zombie', [idOf(secretCode), 0]),
      candidate(2, 'synonym', [idOf('high-value'), idOf(secretCode)]),
    ]);
  await query
    .insert(silences)
    .values([silence({ tagCode: secretCode }), silence({ ruleCode: 'high-value-x-blacklist' })]);
  await query.insert(assessmentPoints).values({
    personCode: 'far-colleague',
    cause: 'claim-missed',
    points: 2,
    warningId: data.openWarningId,
    ruleCode: 'high-value-x-blacklist',
    severity: 'high',
    at: consoleNowMs,
    state: 'standing',
    stateBody: { kind: 'standing' },
  });
  await query.insert(exceptions).values({
    ruleId: rule.id,
    untilAt: consoleNowMs + dayMs,
    reason: 'x',
    grantedBy: 'far-busy',
    grantedAt: consoleNowMs,
    warningId: data.openWarningId,
  });
  requestIds = await Promise.all(proposals(rule).map(ask));
  web = createTestConsole(database);
});
afterAll(() => testDatabase.drop());

function person(code: string, held: readonly Role[], departmentCode = 'operations') {
  return buildPerson({ code, roles: held, departmentCode, email: null, locale: 'zh-CN' });
}

function candidate(id: number, kind: 'zombie' | 'synonym', [first, second]: [number, number]) {
  return {
    id,
    kind,
    firstTagId: Math.min(first, second === 0 ? first : second),
    secondTagId: second === 0 ? 0 : Math.max(first, second),
    score: 1,
    reasons: [],
    state: 'open' as const,
    foundAt: consoleNowMs,
  };
}

function silence(scope: { readonly tagCode?: string; readonly ruleCode?: string }) {
  return {
    ...scope,
    reason: 'x',
    createdBy: 'hu-bin',
    createdAt: consoleNowMs,
    untilAt: consoleNowMs + dayMs,
  };
}

function proposals({ id: _id, ...rule }: Rule): readonly RequestProposal[] {
  return [
    { kind: 'retire-tag', code: secretCode },
    { kind: 'merge-tags', fromCode: 'high-value', intoCode: secretCode },
    { kind: 'deprecate-tag', code: 'big-spender', successorCode: secretCode, replaces: true },
    {
      kind: 'change-tag',
      code: secretCode,
      before: { definition: { 'zh-CN': secretDefinition, en: secretDefinition } },
      after: { definition: { 'zh-CN': secretNames['zh-CN'], en: 'x' } },
    },
    { kind: 'change-rule', before: rule, after: { ...rule, severity: 'low' } },
    {
      kind: 'exception',
      warningId: data.openWarningId,
      untilMs: consoleNowMs + dayMs,
      reason: 'x',
    },
  ];
}

async function ask(proposal: RequestProposal): Promise<number> {
  const { id } = await insertRequest(
    testDatabase.database,
    {
      proposal,
      requesterCode: 'near',
      reason: 'x',
      state: { kind: 'voting' },
      memberCodes: ['lin-xiao'],
      quorum: 1,
      vetoCodes: [],
      createdAtMs: consoleNowMs,
      dueAtMs: consoleNowMs + dayMs,
    },
    { through: 'inbox' },
  );
  return id;
}

/** Every page and answer there is, in the forms that name a tag, a rule, a warning or a request. */
function pathsOf(isApi: boolean): readonly string[] {
  const values: Readonly<Record<string, readonly (string | number)[]>> = {
    '/tags/:code': ['high-value', 'big-spender', secretCode],
    '/rules/:code': ruleCodes,
    ':code': ['high-value', secretCode],
    '/warnings/:id': [...warningIds, data.claimedWarningId, data.fixedWarningId],
    '/requests/:id': requestIds,
    '/scans/:id': [data.scanId],
    '/fixes/:id': [1],
    ':token': ['x'.repeat(43)],
  };
  const queries: Readonly<Record<string, readonly string[]>> = {
    '/tags': ['q=%E7%BB%9D%E5%AF%86', 'q=zqx', 'q=jmmdj', 'status=active'],
    '/api/v1/tags': ['q=%E7%BB%9D%E5%AF%86', 'q=zqx', 'limit=200'],
    '/api/v1/findings': ['limit=200', 'customer=C-10293'],
    '/warnings': ['show=overdue', 'owner=far-colleague', 'owner=li-lei'],
    '/overview': ['of=mine'],
    '/check': ['customer=C-10293', 'customer=C-10293&add=gold-member'],
    '/requests/new': ['kind=merge-tags&from=high-value', 'kind=retire-tag'],
    '/candidates': ['kind=synonym', 'kind=zombie'],
    '/assessment': ['month=2026-11'],
  };
  const routes = web.app.routes
    .filter(({ method, path }) => method === 'GET' && !/assets|favicon|\/events/.test(path))
    .map(({ path }) => path)
    .filter((path) => path.startsWith('/api/') === isApi && !path.startsWith('/sign-in'));
  return [...new Set(routes)].flatMap((route) => {
    const [key, filled] = Object.entries(values).find(([name]) => route.includes(name)) ?? [
      '',
      [''],
    ];
    const param = key.slice(key.indexOf(':'));
    const paths = filled.map((value) =>
      key === '' ? route : route.replace(new RegExp(`${param}(\\{[^}]*\\})?`), String(value)),
    );
    return [...paths, ...(queries[route] ?? []).map((query) => `${route}?${query}`)];
  });
}

/** Secrets in an answer, but for the code that the reader asked with, which is answered as not there. */
function leaks(text: string, path: string): readonly string[] {
  const isAsked = /^\/api\/v1\/tags\/[^?]*$/.test(path);
  const withoutPath = text.replaceAll(path, '');
  return secrets.filter(
    (secret) =>
      withoutPath.includes(secret) &&
      !(isAsked && path.includes(`/${secret}`) && secret === secretCode),
  );
}

async function someone(code: string): Promise<Person> {
  const found = await findPerson(testDatabase.database.query, code);
  if (found === null) throw new Error(`There is no ${code}.`);
  return found;
}

async function tokenOf(code: string): Promise<string> {
  const who = await someone(code);
  const context = { database: testDatabase.database, now: () => consoleNowMs };
  const actor = { person: who, through: 'cli' as const };
  const made = await createApiToken(context, actor, {
    name: 'x',
    roles: heldRoles(who),
    lifeDays: 1,
  });
  if (made.kind === 'refused') throw new Error(made.refusal.kind);
  return made.token;
}

const actions = (): readonly Action[] => [
  ...warningIds.flatMap((warningId) =>
    (
      [
        'show-details',
        'show-history',
        'open-fix',
        'open-dismiss',
        'open-except',
        'open-snooze',
        'open-reassign',
        'open-escalate',
        'open-comment',
        'open-release',
        'open-fixed-by-hand',
      ] as const
    ).map((kind) => ({ kind, warningId })),
  ),
  ...requestIds.flatMap((requestId): readonly Action[] => [
    { kind: 'show-request-history', requestId },
    { kind: 'open-vote', requestId, ballot: 'approve' },
    { kind: 'open-ask', requestId },
    { kind: 'open-request-comment', requestId },
    { kind: 'open-withdraw-request', requestId },
  ]),
  { kind: 'show-inbox' },
];

/** A table as it is read: what is packed in it counts too. */
async function textOf(answer: Response): Promise<string> {
  if (!(answer.headers.get('content-type') ?? '').includes('spreadsheetml')) return answer.text();
  const read = await readTable(new Uint8Array(await answer.arrayBuffer()));
  if (read.kind !== 'read') throw new Error(`Unreadable: ${JSON.stringify(read)}.`);
  return JSON.stringify(read.table.rows);
}

test('those of its department find the tag, its rules, warnings and requests', async () => {
  const browser = new PlainBrowser(web.app);
  await browser.signInAs('near');
  expect(await (await browser.get(`/tags/${secretCode}`)).text()).toContain(secretNames['zh-CN']);
  expect(await (await browser.get('/rules')).text()).toContain(secretNames['zh-CN']);
  for (const id of requestIds) expect((await browser.get(`/requests/${id}`)).status).toBe(200);
});

test('whoever may see it finds it wherever it could be looked for, so that its absence elsewhere says something', async () => {
  const browser = new PlainBrowser(web.app);
  await browser.signInAs('sees-all');
  const token = await tokenOf('sees-all');
  const shown: string[] = [];
  for (const path of [...pathsOf(false), ...pathsOf(true)]) {
    const answer = path.startsWith('/api/')
      ? await web.app.request(`${consoleUrl}${path}`, {
          headers: { authorization: `Bearer ${token}` },
        })
      : await browser.get(path);
    if (leaks(await textOf(answer), path).length > 0) shown.push(path);
  }
  const expected = [
    '/assessment',
    '/candidates?kind=synonym',
    '/check?customer=C-10293',
    '/requests',
    `/requests/${requestIds[0]}`,
    '/rules',
    '/rules/high-value-x-blacklist',
    '/silences',
    '/tag-map',
    '/tags?q=jmmdj',
    `/tags/${secretCode}`,
    '/tags.csv',
    '/tags.xlsx',
    '/warnings',
    `/warnings/${data.openWarningId}`,
    ...['assessment', 'candidates', 'exceptions', 'relations', 'requests', 'rules'].map(
      (table) => `/export/${table}.csv`,
    ),
    ...['silences', 'tags', 'warnings'].map((table) => `/export/${table}.csv`),
    '/api/v1/candidates',
    '/api/v1/findings',
    '/api/v1/requests',
    '/api/v1/rules',
    '/api/v1/silences',
    '/api/v1/tags/export',
    '/api/v1/tags?q=zqx',
    '/api/v1/warnings',
    `/api/v1/warnings/${data.openWarningId}`,
  ];
  expect(expected.filter((path) => !shown.includes(path))).toEqual([]);
});

describe.each(outsiders)('%s of another department', (outsider) => {
  test('reads nothing of it on any page or table, in either language', async () => {
    const browser = new PlainBrowser(web.app);
    await browser.signInAs(outsider);
    const found: string[] = [];
    for (const locale of ['en', 'zh-CN']) {
      await browser.post('/preferences', { locale });
      for (const path of pathsOf(false)) {
        const answer = await browser.get(path);
        found.push(...leaks(await textOf(answer), path).map((secret) => `${path}: ${secret}`));
        expect(answer.status, path).toBeLessThan(500);
      }
    }
    expect(found).toEqual([]);
  });

  test('gets nothing of it over the API', async () => {
    const token = await tokenOf(outsider);
    const found: string[] = [];
    const call = async (path: string, body?: unknown) => {
      const answer = await web.app.request(`${consoleUrl}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      found.push(...leaks(await textOf(answer), path).map((secret) => `${path}: ${secret}`));
    };
    for (const path of pathsOf(true)) await call(path);
    await call('/api/v1/check', { customer: 'C-10293' });
    await call('/api/v1/check', { customers: ['C-10293', 'C-10294'], add: 'gold-member' });
    for (const id of requestIds) await call(`/api/v1/requests/${id}/votes`, { ballot: 'approve' });
    const tagWords = { 'zh-CN': '消费高的客户', en: 'Customers who spend much' };
    for (const proposal of [
      { kind: 'change-tag', code: 'high-value', after: { definition: tagWords } },
      { kind: 'merge-tags', fromCode: 'high-value', intoCode: 'big-spender' },
    ]) {
      await call('/api/v1/requests/preview', { proposal });
    }
    expect(found).toEqual([]);
    for (const path of ['/api/v1/requests', '/api/v1/requests/preview']) {
      const answer = await web.app.request(`${consoleUrl}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ proposal: { kind: 'retire-tag', code: secretCode }, reason: 'x' }),
      });
      expect(answer.status, path).toBe(404);
    }
  });

  test('hears nothing of it from the bot, whatever buttons they make up', async () => {
    const { database } = testDatabase;
    const now = () => consoleNowMs;
    const views = createViewReader(database, { now, fixPreview: async () => null });
    const context: CommandContext = {
      database,
      now,
      temporal: undefined as unknown as CommandContext['temporal'],
    };
    const found: string[] = [];
    const interact = createInteract({
      context,
      views,
      publicUrl: consoleUrl,
      now,
      logger: { error: (fields) => void found.push(JSON.stringify(fields)) },
    });
    const asker = await someone(outsider);
    for (const action of actions()) {
      const reply = await interact(asker, 'slack', { kind: 'button', action });
      const text = JSON.stringify(reply);
      found.push(
        ...secrets.filter((one) => text.includes(one)).map((one) => `${action.kind}: ${one}`),
      );
    }
    for (const text of ['绝密', 'zqx', 'jmmd', 'check C-10293', 'inbox']) {
      const reply = JSON.stringify(await interact(asker, 'slack', { kind: 'words', text }));
      found.push(...secrets.filter((one) => reply.includes(one)).map((one) => `${text}: ${one}`));
    }
    const suggest = createSuggest(views);
    for (const text of ['绝密', 'zqx', '名单']) {
      for (const source of ['tags', 'rules'] as const) {
        const options = JSON.stringify(await suggest(asker, source, text));
        found.push(
          ...secrets.filter((one) => options.includes(one)).map((one) => `${text}: ${one}`),
        );
      }
    }
    expect(found).toEqual([]);
  });
});

test('the digest of a manager counts and names none of it, as a card and as an email', async () => {
  const { database } = testDatabase;
  const digestOf = async (code: string) => {
    const reader = await someone(code);
    const id = await createDigest(database, {
      audience: { kind: 'person', person: reader },
      every: 'week',
      beforeMs: consoleNowMs - 14 * dayMs,
      fromMs: consoleNowMs - 7 * dayMs,
      untilMs: consoleNowMs,
      nowMs: consoleNowMs,
    });
    const view = await readDigestView(database, id);
    if (view === null) throw new Error('There is no digest.');
    const context = { publicUrl: consoleUrl, nowMs: consoleNowMs };
    const card = digestCard(view, reader, context);
    return { view, text: JSON.stringify([card, renderCard(card)]) };
  };
  const far = await digestOf('far-manager');
  expect(secrets.filter((secret) => far.text.includes(secret))).toEqual([]);
  expect(far.view.bySeverity.high.open).toBe(0);
  await database.sql`update person set roles = '["manager", "data-admin"]' where code = 'far-manager'`;
  const admin = await digestOf('far-manager');
  expect(admin.text).toContain(secretNames['zh-CN']);
  expect(admin.view.bySeverity.high.open).toBe(1);
});

test('groups and systems are told of its warnings without it', async () => {
  const current = await readCurrentKnowledge(testDatabase.database);
  const draw = createDrawAnnouncement({
    readKnowledge: async () => ({ ...current, timeZone: 'Asia/Shanghai' }),
    readWarningState: async () => 'open',
    publicUrl: consoleUrl,
    now: () => consoleNowMs,
  });
  const facts = {
    warningId: data.openWarningId,
    ruleCode: 'high-value-x-blacklist',
    severity: 'high',
    ownerCode: 'li-lei',
    customers: 37,
    openedAtMs: consoleNowMs,
    claimDueAtMs: consoleNowMs,
    closeDueAtMs: consoleNowMs,
  } as const;
  const bodies: readonly EventBody[] = [
    { kind: 'warning.opened', ...facts },
    { kind: 'warning.claimed', ...facts, by: 'li-lei' },
    { kind: 'warning.escalated', ...facts, to: ['han-meimei'] },
    { kind: 'warning.closed', ...facts, by: 'li-lei', reason: 'fixed' },
    {
      kind: 'warnings.opened',
      bySeverity: { high: 2, medium: 0, low: 0 },
      warnings: [facts, facts],
    },
  ];
  const found: string[] = [];
  for (const body of bodies) {
    for (const kind of subscriberKinds) {
      for (const locale of ['zh-CN', 'en'] as const) {
        const subscriber = {
          code: 'x',
          kind,
          urlVariable: 'X',
          secretVariable: null,
          events: [],
          severities: [],
          locale,
        };
        const event = { id: 1, key: 'k', atMs: consoleNowMs, body };
        const announcement = await draw(event, subscriber);
        if (announcement === null) throw new Error('Nobody is told.');
        const told = JSON.stringify([
          announcement.card,
          webhookBody(announcement.event, consoleUrl),
        ]);
        found.push(
          ...secrets.filter((one) => told.includes(one)).map((one) => `${body.kind}: ${one}`),
        );
      }
    }
  }
  expect(found).toEqual([]);
});
