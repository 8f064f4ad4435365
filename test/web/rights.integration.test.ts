import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOpenId } from '../../web/open-id.ts';
import { createApiToken } from '../../commands/create-api-token.ts';
import { candidates } from '../../db/schema/candidates.ts';
import { appendAudit } from '../../db/stores/audit.ts';
import { people } from '../../db/schema/people.ts';
import { assessmentPoints } from '../../db/schema/assessment.ts';
import { silences } from '../../db/schema/scans.ts';
import type { PointsState } from '../../domain/assessment.ts';
import { findPerson } from '../../db/stores/people.ts';
import { recordWayBack } from '../../db/stores/fixes.ts';
import { insertTagImport } from '../../db/stores/tag-imports.ts';
import { heldRoles, roles, type Person, type Role } from '../../domain/person.ts';
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

/**
 * open: without signing in. everyone: whoever is signed in. responsible: of a stranger's warning, data admins alone,
 * besides those who answer for it. members: the request's committee. Or the roles that may.
 */
type Decision = 'open' | 'everyone' | 'responsible' | 'members' | readonly Role[];

/** Who may use what. The test fails for a route that is not here and for one that is no more. */
const decisions: Readonly<Record<string, Decision>> = {
  'GET /favicon.ico': 'open',
  'GET /api/openapi.json': 'open',
  'GET /api/v1/overview': 'everyone',
  'GET /api/v1/warnings': 'everyone',
  'GET /api/v1/warnings/:id': 'everyone',
  'GET /api/v1/warnings/:id/customers': 'everyone',
  'GET /api/v1/warnings/:id/fix-items': 'everyone',
  'POST /api/v1/warnings/:id/claim': 'responsible',
  'POST /api/v1/warnings/:id/release': 'responsible',
  'POST /api/v1/warnings/:id/still-on-it': 'responsible',
  'POST /api/v1/warnings/:id/fix': 'responsible',
  'POST /api/v1/warnings/:id/fixed-by-hand': 'responsible',
  'POST /api/v1/warnings/:id/dismiss': 'responsible',
  'POST /api/v1/warnings/:id/except': 'responsible',
  'POST /api/v1/warnings/:id/prolong': 'responsible',
  'POST /api/v1/warnings/:id/snooze': 'responsible',
  'POST /api/v1/warnings/:id/reassign': 'responsible',
  'POST /api/v1/warnings/:id/comment': 'responsible',
  'POST /api/v1/warnings/:id/undo': 'responsible',
  'POST /api/v1/warnings/:id/escalate': 'responsible',
  // The rule's owner; that of the warning here answers for its rule.
  'POST /api/v1/warnings/:id/turn-off-auto-fix': 'responsible',
  'GET /api/v1/fixes/:id/items.csv': 'responsible',
  'POST /api/v1/fixes/:id/undo': 'responsible',
  'GET /fixes/:id/items.csv': 'responsible',
  'GET /export/inbox.csv': 'everyone',
  'GET /export/warnings.csv': 'everyone',
  'GET /export/times.csv': 'everyone',
  'GET /export/tags.csv': 'everyone',
  'GET /tag-map': 'everyone',
  'GET /export/relations.csv': 'everyone',
  'GET /export/rules.csv': 'everyone',
  'GET /export/candidates.csv': ['data-admin', 'committee'],
  'GET /export/requests.csv': 'everyone',
  'GET /export/scans.csv': 'everyone',
  'GET /export/deliveries.csv': ['data-admin'],
  'GET /export/people.csv': 'everyone',
  'GET /export/silences.csv': 'everyone',
  'GET /export/exceptions.csv': 'everyone',
  'GET /export/assessment.csv': 'everyone',
  'GET /export/audit.csv': ['data-admin', 'auditor'],
  'POST /api/v1/check': 'everyone',
  'POST /api/v1/scans': ['data-admin'],
  'GET /api/v1/scans': 'everyone',
  'GET /api/v1/scans/:id': 'everyone',
  'GET /api/v1/tags': 'everyone',
  'GET /api/v1/tags/:code/versions': 'everyone',
  'GET /api/v1/tags/:code': 'everyone',
  'GET /api/v1/tags/export': 'everyone',
  'POST /api/v1/tags/imports': ['data-admin'],
  'GET /api/v1/tags/imports/:id': ['data-admin'],
  'POST /api/v1/tags/imports/:id/stop': ['data-admin'],
  'POST /api/v1/tags/imports/:id/take-in': ['data-admin'],
  'GET /tags.csv': 'everyone',
  'GET /tags.xlsx': 'everyone',
  'GET /tag-imports': ['data-admin'],
  'POST /tag-imports': ['data-admin'],
  'GET /tag-imports/:id{[0-9]{1,9}}': ['data-admin'],
  'GET /tag-imports/:id{[0-9]{1,9}}/report.csv': ['data-admin'],
  'POST /tag-imports/:id{[0-9]{1,9}}/columns': ['data-admin'],
  'POST /tag-imports/:id{[0-9]{1,9}}/stop': ['data-admin'],
  'POST /tag-imports/:id{[0-9]{1,9}}/take-in': ['data-admin'],
  'GET /api/v1/requests': 'everyone',
  'POST /api/v1/requests': 'everyone',
  'POST /api/v1/requests/preview': 'everyone',
  'GET /api/v1/requests/:id': 'everyone',
  'GET /api/v1/request-templates': 'everyone',
  // Whose draft it is, the command knows.
  'GET /api/v1/drafts': 'everyone',
  'POST /api/v1/drafts': 'everyone',
  'PUT /api/v1/drafts/:id': 'everyone',
  'DELETE /api/v1/drafts/:id': 'everyone',
  'POST /api/v1/drafts/:id/send': 'everyone',
  'GET /api/v1/reviews/newest': 'everyone',
  'POST /api/v1/reviews': ['data-admin'],
  // Whose tags they are, the command knows.
  'POST /api/v1/reviews/:id/answers': 'everyone',
  'POST /api/v1/digests': ['manager', 'data-admin'],
  // Only whose digest it is; to others there is none.
  'GET /api/v1/digests/:id': 'everyone',
  'POST /api/v1/requests/:id/votes': 'members',
  'POST /api/v1/requests/:id/withdraw': ['data-admin'],
  'POST /api/v1/requests/:id/undo': ['data-admin'],
  'GET /api/v1/requests/:id/messages': 'everyone',
  'POST /api/v1/requests/:id/questions': 'members',
  // Only whoever made it.
  'POST /api/v1/requests/:id/answers': [],
  'POST /api/v1/requests/:id/comments': ['data-admin'],
  'GET /api/v1/findings': 'everyone',
  'GET /api/v1/audit': ['data-admin', 'auditor'],
  'GET /api/v1/rules': 'everyone',
  'POST /api/v1/rules/test': ['data-admin'],
  'GET /api/v1/assessment': 'everyone',
  'POST /api/v1/assessment/:id/contest': ['owner'],
  'POST /api/v1/assessment/:id/decide': ['manager', 'data-admin'],
  'GET /api/v1/silences': 'everyone',
  'POST /api/v1/silences/preview': ['data-admin'],
  'POST /api/v1/silences': ['data-admin'],
  'POST /api/v1/silences/:id/end': ['data-admin'],
  'GET /api/v1/candidates': 'everyone',
  'POST /api/v1/candidates/:id/decisions': ['data-admin', 'committee'],
  'POST /preferences': 'open',
  'GET /events': 'everyone',
  'GET /preferences': 'everyone',
  'GET /api/v1/preferences': 'everyone',
  'PATCH /api/v1/preferences': 'everyone',
  // Whose account it is, the command knows.
  'POST /links': 'everyone',
  // Whoever holds the link, which was sent to one person.
  'GET /mail/:token': 'open',
  'POST /mail/:token': 'open',
  'GET /mail/unsubscribe/:token': 'open',
  'POST /mail/unsubscribe/:token': 'open',
  'GET /sign-in': 'open',
  'POST /sign-in': 'open',
  'GET /sign-in/oidc': 'open',
  'GET /sign-in/oidc/callback': 'open',
  'GET /sign-in/oidc/sign-out': 'open',
  'GET /sign-in/:token': 'open',
  'POST /sign-in/:token': 'open',
  'POST /sign-out': 'open',
  'GET /': 'everyone',
  'GET /inbox': 'everyone',
  'GET /overview': 'everyone',
  'POST /overview/digest': ['manager', 'data-admin'],
  // What a button does passes the same commands as the API's actions.
  'POST /act': 'everyone',
  'POST /act/form': 'everyone',
  'GET /warnings': 'everyone',
  'POST /warnings': 'responsible',
  'GET /warnings/:id': 'everyone',
  'GET /tags': 'everyone',
  'GET /tags/:code': 'everyone',
  'GET /candidates': ['data-admin', 'committee'],
  'POST /candidates': ['data-admin', 'committee'],
  'GET /people': 'everyone',
  'GET /policy': 'everyone',
  'GET /review': 'everyone',
  'POST /review': 'everyone',
  'POST /review/start': ['data-admin'],
  'GET /requests/new-batch': 'everyone',
  'POST /requests/new-batch': 'everyone',
  'GET /requests/new-rule': 'everyone',
  'POST /requests/new-rule': 'everyone',
  'GET /requests/new': 'everyone',
  'POST /requests/new': 'everyone',
  'GET /requests': 'everyone',
  'GET /requests/:id': 'everyone',
  'GET /scans': 'everyone',
  'POST /scans': ['data-admin'],
  'GET /check': 'everyone',
  'GET /rules': 'everyone',
  'GET /rules/:code': 'everyone',
  'POST /rules/:code': ['data-admin'],
  'GET /assessment': 'everyone',
  'POST /assessment/:id{[0-9]{1,9}}/contest': ['owner'],
  'POST /assessment/:id{[0-9]{1,9}}/decide': ['manager', 'data-admin'],
  'GET /tokens': 'everyone',
  'POST /tokens': 'everyone',
  // Only whose token it is; here it is nobody's.
  'POST /tokens/:id{[0-9]{1,9}}/revoke': [],
  'GET /silences': 'everyone',
  'POST /silences': ['data-admin'],
  'POST /silences/:id{[0-9]{1,9}}/end': ['data-admin'],
  'GET /deliveries': ['data-admin'],
  'POST /deliveries': ['data-admin'],
  'GET /audit': ['data-admin', 'auditor'],
};

const until = '2026-11-23T01:00:00.000Z';
const proposal = {
  kind: 'merge-tags',
  fromCode: 'high-value',
  intoCode: 'big-spender',
};
/** What a POST needs to get as far as the question of rights. */
const bodies: Readonly<Record<string, unknown>> = {
  'POST /api/v1/warnings/:id/fix': { choice: { kind: 'all', resolution: 'keep-first' } },
  'POST /api/v1/warnings/:id/dismiss': { reason: 'rule-wrong' },
  'POST /api/v1/warnings/:id/except': { until, reason: 'x' },
  'POST /api/v1/warnings/:id/prolong': { until, reason: 'x' },
  'POST /api/v1/warnings/:id/snooze': { until },
  'POST /api/v1/warnings/:id/reassign': { toCode: 'han-meimei' },
  'POST /api/v1/warnings/:id/comment': { text: 'x' },
  'POST /api/v1/warnings/:id/escalate': { reason: 'x' },
  'PATCH /api/v1/preferences': { email: true },
  'POST /api/v1/drafts': { kind: 'create', fields: {} },
  'PUT /api/v1/drafts/:id': { kind: 'create', fields: {} },
  'POST /api/v1/check': { tags: ['high-value'] },
  'POST /api/v1/scans': { kind: 'full' },
  'POST /api/v1/requests': { proposal, reason: 'x' },
  'POST /api/v1/requests/preview': { proposal },
  'POST /api/v1/requests/:id/votes': { ballot: 'approve' },
  'POST /api/v1/requests/:id/questions': { text: 'x' },
  'POST /api/v1/requests/:id/answers': { questionId: 1, text: 'x' },
  'POST /api/v1/requests/:id/comments': { text: 'x' },
  'POST /api/v1/rules/test': { code: 'activity-state' },
  'POST /api/v1/silences/preview': { severity: 'low' },
  'POST /api/v1/silences': { severity: 'low', until, reason: 'x' },
  'POST /api/v1/candidates/:id/decisions': { decision: 'later' },
  'POST /api/v1/tags/imports': { fileName: 'a.csv', content: btoa('code\nvip\n') },
  'POST /api/v1/tags/imports/:id/take-in': { rows: 'all' },
  'POST /tag-imports/:id{[0-9]{1,9}}/columns': { 'column-0': 'code' },
  'POST /requests/new-rule': { of: 'unknown' },
  'POST /warnings': { do: 'release' },
  'POST /scans': { kind: 'full' },
  'POST /candidates': { one: 'later:1' },
  'POST /api/v1/assessment/:id/contest': { reason: 'x' },
  'POST /api/v1/assessment/:id/decide': { decision: 'upheld', answer: 'x' },
  'POST /assessment/:id{[0-9]{1,9}}/contest': { reason: 'x' },
  'POST /assessment/:id{[0-9]{1,9}}/decide': { decision: 'upheld', answer: 'x' },
  'POST /silences': { severity: 'low', until: '2026-11-23', reason: 'x' },
  'POST /deliveries': { id: '00000000-0000-4000-8000-000000000000' },
};

let testDatabase: TestDatabase;
let data: ConsoleData;
let web: TestConsole;
let silenceId: number;
let pointsId: number;
let importId: number;
let fixId: number;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { database } = testDatabase;
  data = await seedConsole(database, consoleNowMs);
  await database.query.insert(candidates).values({
    id: 1,
    kind: 'zombie',
    firstTagId: 1,
    secondTagId: 0,
    score: 1,
    reasons: [],
    state: 'open',
    foundAt: consoleNowMs,
  });
  await database.query
    .insert(people)
    .values(
      roles.map((role) =>
        buildPerson({ code: `only-${role}`, roles: [role], departmentCode: 'data', email: null }),
      ),
    );
  const away = { issuer: 'http://127.0.0.1:1', clientId: 'x', clientSecret: null, name: 'x' };
  web = createTestConsole(database, {
    openId: createOpenId(away, {
      publicUrl: consoleUrl,
      fetch: () => Promise.reject(new Error()),
      now: () => consoleNowMs,
    }),
  });
  const [silence] = await database.query
    .insert(silences)
    .values({
      severity: 'low',
      reason: 'x',
      createdBy: 'hu-bin',
      createdAt: consoleNowMs,
      untilAt: consoleNowMs + 3_600_000,
    })
    .returning({ id: silences.id });
  silenceId = silence?.id ?? 0;
  const [points] = await database.query
    .insert(assessmentPoints)
    .values({
      personCode: 'only-owner',
      cause: 'claim-missed',
      points: 2,
      warningId: data.openWarningId,
      ruleCode: 'high-value-x-blacklist',
      severity: 'high',
      at: consoleNowMs,
      state: 'standing',
      stateBody: { kind: 'standing' },
    })
    .returning({ id: assessmentPoints.id });
  pointsId = points?.id ?? 0;
  importId = await insertTagImport(database, {
    by: 'hu-bin',
    through: 'console',
    nowMs: consoleNowMs,
    fileName: 'a.csv',
    table: {
      origin: { kind: 'csv', encoding: 'utf-8', separator: ',' },
      cells: '[["code"],["vip"]]',
      rows: 1,
      headings: [{ header: 'code', example: 'vip' }],
      reading: { headerAt: 0, columns: ['code'] },
    },
    defaults: { ownerCode: null, category: null },
  });
  const [fix] = await database.sql<{ id: number }[]>`
    select id from fix where warning_id = ${data.fixedWarningId}`;
  fixId = fix?.id ?? 0;
  const undoUntilMs = consoleNowMs + 3_600_000;
  const wayBack = { requestId: data.requestId, requestedBy: 'zhou-jie', undoUntilMs };
  await recordWayBack(database.query, wayBack, consoleNowMs);
});
afterAll(() => testDatabase.drop());

function pathOf(route: string): string {
  const [, path = ''] = route.split(' ');
  const id = path.includes('/fixes/')
    ? fixId
    : path.includes('imports')
      ? importId
      : path.includes('request')
        ? data.requestId
        : path.includes('scan')
          ? data.scanId
          : path.includes('assessment')
            ? pointsId
            : path.includes('silence')
              ? silenceId
              : path.includes('tokens')
                ? 999_999
                : path.endsWith('/undo')
                  ? data.fixedWarningId
                  : data.claimedWarningId;
  return path
    .replace(/\{.*\}/, '')
    .replace(':id', String(id))
    .replace(':code', path.startsWith('/rules') ? 'activity-state' : 'high-value')
    .replace(':token', 'x'.repeat(43));
}

async function tokenOf(personCode: string): Promise<string> {
  const { database } = testDatabase;
  const person = await findPerson(database.query, personCode);
  if (person === null) throw new Error(`There is no ${personCode}.`);
  const made = await createApiToken(
    { database, now: () => consoleNowMs },
    { person, through: 'cli' },
    { name: 'rights', roles: heldRoles(person), lifeDays: 1 },
  );
  if (made.kind === 'refused') throw new Error(`Refused: ${made.refusal.kind}.`);
  return made.token;
}

/** Whether a person is let through. What fails afterwards, such as for want of Temporal, does not count. */
async function isLetIn(
  route: string,
  personCode: string | null,
  body: unknown = bodies[route] ?? {},
): Promise<boolean> {
  if (route.includes('/assessment/')) await settlePoints(route);
  // Whoever came before may have begun to take it in.
  if (route.includes('imports')) {
    await testDatabase.database.sql`update tag_import set outcome = null, taking = null`;
  }
  return route.includes(' /api/')
    ? letInByApi(route, personCode, body)
    : letInByConsole(route, personCode, body);
}

/** Whoever came before may have contested them or decided on them. */
async function settlePoints(route: string): Promise<void> {
  const stateBody: PointsState = route.endsWith('/contest')
    ? { kind: 'standing' }
    : { kind: 'contested', atMs: consoleNowMs, reason: 'x' };
  await testDatabase.database.query
    .update(assessmentPoints)
    .set({ state: stateBody.kind, stateBody });
}

async function letInByApi(
  route: string,
  personCode: string | null,
  body: unknown,
): Promise<boolean> {
  const [method = 'GET'] = route.split(' ');
  // Only so many strangers a minute are told that they are.
  if (personCode === null) await testDatabase.database.sql`delete from attempt`;
  const response = await web.app.request(`http://localhost${pathOf(route)}`, {
    method,
    headers: {
      ...(personCode === null ? {} : { authorization: `Bearer ${await tokenOf(personCode)}` }),
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  });
  await response.body?.cancel();
  expect(response.status, `${route} was not understood`).not.toBe(422);
  return response.status !== 401 && response.status !== 403;
}

const browsers = new Map<string, PlainBrowser>();

async function browserOf(personCode: string | null): Promise<PlainBrowser> {
  const known = browsers.get(personCode ?? '');
  if (known !== undefined) return known;
  const browser = new PlainBrowser(web.app);
  if (personCode === null) await browser.get('/sign-in');
  else await browser.signInAs(personCode);
  browsers.set(personCode ?? '', browser);
  return browser;
}

async function letInByConsole(
  route: string,
  personCode: string | null,
  body: unknown,
): Promise<boolean> {
  const [method = 'GET'] = route.split(' ');
  const browser = await browserOf(personCode);
  const path = pathOf(route);
  const response =
    method === 'GET'
      ? await browser.get(path)
      : await browser.post(path, {
          ...(body as Record<string, string>),
          ...(route === 'POST /warnings' ? { id: String(data.claimedWarningId) } : {}),
        });
  await response.body?.cancel();
  const target = response.headers.get('location') ?? '';
  const isSentToSignIn = response.status === 303 && /^\/sign-in\?|^\/sign-in$/.test(target);
  if (personCode === null && isSentToSignIn && !path.startsWith('/sign-')) return false;
  if (response.status === 401 || response.status === 403) return false;
  const { pathname } = new URL(target, 'http://localhost');
  if (method === 'POST' && response.status === 303 && path.startsWith(pathname)) {
    return !(await (await browser.get(target)).text()).includes('flash-refused');
  }
  return true;
}

const routesByHand = (route: string) => !route.includes('/assets/');

test('every route has a decision, and every decision a route', () => {
  const routes = web.app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path}`)
    .filter(routesByHand);
  expect([...new Set(routes)].toSorted()).toEqual(Object.keys(decisions).toSorted());
});

describe.each(Object.entries(decisions))('%s', (route, decision) => {
  test(`is for ${decision === 'everyone' ? 'everyone signed in' : String(decision)}`, async () => {
    if (decision === 'open') {
      // What is wrong with an empty form is another question than who may send it.
      const path = pathOf(route);
      const browser = await browserOf(null);
      const answer = route.startsWith('GET')
        ? await browser.get(path)
        : await browser.post(path, {});
      expect(answer.status).not.toBe(401);
      expect(answer.headers.get('location') ?? '').not.toMatch(/^\/sign-in\?next/);
      return;
    }
    expect(await isLetIn(route, null), 'nobody').toBe(false);
    for (const role of roles) {
      const expected =
        decision === 'everyone' ||
        (decision === 'responsible' && role === 'data-admin') ||
        (Array.isArray(decision) && decision.includes(role));
      expect(await isLetIn(route, `only-${role}`), role).toBe(expected);
    }
    if (decision === 'responsible') expect(await isLetIn(route, 'li-lei')).toBe(true);
    if (decision === 'members') expect(await isLetIn(route, 'lin-xiao')).toBe(true);
  });
});

test('a token with fewer roles than its person may no more than those', async () => {
  const { database } = testDatabase;
  const [admin] = await database.sql<{ code: string }[]>`
    select code from person where roles ? 'data-admin' and status = 'active' and code = 'hu-bin'`;
  const person = await findPerson(database.query, admin?.code ?? '');
  if (person === null) throw new Error('The sample has no hu-bin.');
  const made = await createApiToken(
    { database, now: () => consoleNowMs },
    { person, through: 'cli' },
    { name: 'narrow', roles: person.roles.filter((role) => role !== 'data-admin'), lifeDays: 1 },
  );
  if (made.kind === 'refused') throw new Error(`Refused: ${made.refusal.kind}.`);
  const response = await web.app.request('http://localhost/api/v1/scans', {
    method: 'POST',
    headers: { authorization: `Bearer ${made.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'full' }),
  });
  expect(response.status).toBe(403);
});

/** Mail programs post what RFC 8058 says, without a page of ours: the link itself is the right. */
const withoutForm = ['POST /mail/unsubscribe/:token'];

describe.each(
  Object.keys(decisions).filter(
    (route) =>
      !route.startsWith('GET ') && !route.includes(' /api/') && !withoutForm.includes(route),
  ),
)('%s', (route) => {
  test.each([
    ['without the token of its form', { csrf: '' }, {}],
    ['with the token of another visit', { csrf: 'f'.repeat(64) }, {}],
    ['from another site', {}, { origin: 'https://evil.example' }],
  ])('does nothing %s', async (_how, token, headers) => {
    const { sql } = testDatabase.database;
    const counted = async () => {
      const [row] = await sql<{ count: number }[]>`select count(*) from audit_row
        where action not in ('person.turned-away', 'door.refused')`;
      return row?.count;
    };
    const browser = await browserOf('only-data-admin');
    const before = await counted();
    const fields = { ...((bodies[route] ?? {}) as Record<string, string>), ...token };
    expect((await browser.post(pathOf(route), fields, headers)).status).toBe(403);
    expect(await counted()).toBe(before);
  });
});

test.each(Object.keys(decisions).filter((route) => route.startsWith('GET ')))(
  '%s comes with the headers that keep a page to itself',
  async (route) => {
    await testDatabase.database.sql`delete from attempt`;
    const answer = await web.app.request(`http://localhost${pathOf(route)}`);
    await answer.body?.cancel();
    expect(answer.headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/,
    );
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('referrer-policy')).toBe('same-origin');
  },
);

test('what a person loses their sessions and tokens lose at the next call; who leaves has none', async () => {
  const { query } = testDatabase.database;
  const code = 'goes-away';
  await query
    .insert(people)
    .values(
      buildPerson({ code, roles: ['data-admin', 'auditor'], departmentCode: 'data', email: null }),
    );
  const set = (part: Partial<Person>) =>
    query.update(people).set(part).where(eq(people.code, code));
  const browser = new PlainBrowser(web.app);
  await browser.signInAs(code);
  const token = await tokenOf(code);
  const statuses = async () => {
    const page = await browser.get('/audit');
    const answer = await web.app.request('http://localhost/api/v1/audit?limit=1', {
      headers: { authorization: `Bearer ${token}` },
    });
    await answer.body?.cancel();
    return [page.status, page.headers.get('location'), answer.status];
  };
  expect(await statuses()).toEqual([200, null, 200]);
  await set({ roles: ['tagger'] });
  expect(await statuses()).toEqual([403, null, 403]);
  await set({ departmentGrants: [{ role: 'auditor', departmentCodes: ['sales'] }] });
  expect(await statuses()).toEqual([200, null, 200]);
  await set({ status: 'left' });
  expect(await statuses()).toEqual([303, '/sign-in?next=%2Faudit', 401]);
  const [row] = await testDatabase.database.sql<{ after: unknown }[]>`
    select after from audit_row where action = 'person.turned-away' and subject_id = ${code}
    order by id desc limit 1`;
  expect(row?.after).toEqual({ reason: 'API token of somebody who has left' });
});

describe('a role for departments', () => {
  const ofDepartments = (role: 'data-admin' | 'auditor', departmentCodes: readonly string[]) =>
    buildPerson({
      code: `${role}-of-${departmentCodes.join('-')}`,
      departmentCode: 'data',
      roles: ['tagger'],
      departmentGrants: [{ role, departmentCodes }],
      email: null,
    });
  const insiders = ofDepartments('data-admin', ['sales']);
  const outsiders = ofDepartments('data-admin', ['service']);
  const auditorInside = ofDepartments('auditor', ['sales']);
  const auditorOutside = ofDepartments('auditor', ['service']);

  beforeAll(async () => {
    await testDatabase.database.query
      .insert(people)
      .values([insiders, outsiders, auditorInside, auditorOutside]);
  });

  // The warning is Li Lei's, of sales.
  const ofWarnings = Object.entries(decisions)
    .filter(([, decision]) => decision === 'responsible')
    .map(([route]) => route);

  test.each(ofWarnings)('%s is for a data admin of its owner’s department alone', async (route) => {
    expect(await isLetIn(route, insiders.code)).toBe(true);
    expect(await isLetIn(route, outsiders.code)).toBe(false);
    expect(await isLetIn(route, auditorInside.code)).toBe(false);
  });

  /** What else a data admin of sales may, and one of the service may not. */
  const ofTheirs = [
    'POST /api/v1/silences/preview',
    'POST /api/v1/silences',
    'POST /api/v1/silences/:id/end',
    'POST /silences',
    'POST /silences/:id{[0-9]{1,9}}/end',
    'POST /api/v1/rules/test',
    'POST /rules/:code',
    'POST /candidates',
  ];

  test.each(ofTheirs)(
    '%s is for a data admin of the departments it is about alone',
    async (route) => {
      const { sql } = testDatabase.database;
      // A rule of Li Lei's, of sales, silenced by him; and a tag of his that hardly anybody has.
      await sql`update rule set body = jsonb_set(body, '{ownerCode}', '"li-lei"')`;
      await sql`update silence set severity = null, rule_code = 'high-value-x-blacklist'`;
      await sql`update candidate set state = 'open',
      first_tag_id = (select id from tag where code = 'high-value')`;
      const body = {
        ...(bodies[route] as Record<string, unknown> | undefined),
        ...(route.includes('silences')
          ? { rule: 'activity-state', ruleCode: 'activity-state', severity: 'medium' }
          : {}),
      };
      expect(await isLetIn(route, insiders.code, body)).toBe(true);
      expect(await isLetIn(route, outsiders.code, body)).toBe(false);
      expect(await isLetIn(route, auditorInside.code, body)).toBe(false);
    },
  );

  test('what was given up is shown and sent again as far as it was for their people', async () => {
    const { sql } = testDatabase.database;
    await sql`delete from delivery`;
    const ids = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
    for (const [index, recipient] of ['li-lei', 'far-away'].entries()) {
      await sql`insert into delivery (id, subject_kind, subject_id, purpose, channel, recipient_code, state,
          failure, error, created_at, updated_at)
        values (${ids[index] ?? ''}, 'warning', ${data.openWarningId}, 'owner', 'slack', ${recipient}, 'failed',
          'invalid', 'given up', ${consoleNowMs}, ${consoleNowMs})`;
    }
    const linesOf = async (reader: string) => {
      const table = await (await browserOf(reader)).get('/export/deliveries.csv');
      return (await table.text()).split('\n').filter((line) => line.includes('given up')).length;
    };
    expect(await linesOf('only-data-admin')).toBe(2);
    expect(await linesOf(insiders.code)).toBe(1);
    expect(await linesOf(outsiders.code)).toBe(0);
    expect(await isLetIn('GET /deliveries', insiders.code)).toBe(true);
    expect(await isLetIn('GET /deliveries', auditorInside.code)).toBe(false);
    const browser = await browserOf(insiders.code);
    for (const id of ids) await browser.post('/deliveries', { id });
    const states = await sql<{ state: string }[]>`select state from delivery order by id`;
    expect(states.map(({ state }) => state)).toEqual(['pending', 'failed']);
    await sql`delete from delivery`;
  });

  test('candidates are shown as far as they are about their people’s tags', async () => {
    const { sql } = testDatabase.database;
    await sql`update candidate set state = 'open',
      first_tag_id = (select id from tag where code = 'high-value')`;
    const linesOf = async (reader: string) => {
      const table = await (await browserOf(reader)).get('/export/candidates.csv');
      return (await table.text()).trim().split('\n').length - 1;
    };
    expect(await linesOf(insiders.code)).toBe(1);
    expect(await linesOf(outsiders.code)).toBe(0);
    await sql`update candidate set first_tag_id = 1`;
  });

  /** What is about the whole company, and stays with it: see the table in docs/operations.md. */
  const ofEverybody = Object.entries(decisions)
    .filter(
      ([route, decision]) =>
        Array.isArray(decision) &&
        decision.includes('data-admin') &&
        !ofTheirs.includes(route) &&
        !/audit|deliveries|candidates|assessment|withdraw|comments/.test(route),
    )
    .map(([route]) => route);

  test.each(ofEverybody)('%s is for data admins of the whole company', async (route) => {
    expect(await isLetIn(route, insiders.code)).toBe(false);
  });

  test('the trail is read as far as it is about its people', async () => {
    const { database } = testDatabase;
    for (const [subjectKind, subjectId] of [
      ['warning', String(data.claimedWarningId)],
      ['tag', 'high-value'],
      ['tag', 'blacklist'],
    ]) {
      await database.query.transaction((transaction) =>
        appendAudit(
          transaction,
          [
            {
              actorCode: null,
              through: 'system',
              action: `scope-test.${subjectKind}`,
              subjectKind: subjectKind ?? '',
              subjectId: subjectId ?? '',
              before: null,
              after: null,
            },
          ],
          consoleNowMs,
        ),
      );
    }
    const subjects = async (reader: string) => {
      const browser = await browserOf(reader);
      const page = await (await browser.get('/audit?action=scope-test')).text();
      return [...page.matchAll(/href="(\/(?:warnings|tags)\/[^"]+)"/g)].map(([, path]) => path);
    };
    const ofSales = ['/tags/high-value', `/warnings/${data.claimedWarningId}`];
    expect(await subjects(auditorInside.code)).toEqual(ofSales);
    expect(await subjects(insiders.code)).toEqual(ofSales);
    expect(await subjects(auditorOutside.code)).toEqual([]);
    expect(await subjects('only-auditor')).toEqual(['/tags/blacklist', ...ofSales]);
    const table = await (await browserOf(auditorInside.code)).get(
      '/export/audit.csv?action=scope-test',
    );
    expect(
      (await table.text()).split('\n').filter((line) => line.includes('scope-test')),
    ).toHaveLength(2);
    expect(await isLetIn('GET /audit', 'only-owner')).toBe(false);
  });
});
