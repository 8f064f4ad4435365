import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDigestActivities } from '../../activities/digest.ts';
import { createApiToken } from '../../commands/create-api-token.ts';
import { readDigestView } from '../../db/stores/digests.ts';
import { addAttempts } from '../../db/stores/attempts.ts';
import { previewFix } from '../../db/stores/fix-preview.ts';
import { beginReview } from '../../db/stores/tag-reviews.ts';
import { changeApprovedTag } from '../../db/stores/tag-changes.ts';
import { findPerson } from '../../db/stores/people.ts';
import { recordWayBack } from '../../db/stores/fixes.ts';
import { insertBatchItem } from '../../db/stores/request-batches.ts';
import { insertRequest, saveBackTest } from '../../db/stores/requests.ts';
import type { Role } from '../../domain/person.ts';
import { consoleNowMs, createTestConsole, type TestConsole } from '../support/console.ts';
import { seedConsole, type ConsoleData } from '../support/console-data.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let testDatabase: TestDatabase;
let data: ConsoleData;
let web: TestConsole;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  data = await seedConsole(testDatabase.database, consoleNowMs);
  web = createTestConsole(testDatabase.database);
});
afterAll(() => testDatabase.drop());

async function tokenFor(personCode: string, roles: readonly Role[], lifeDays = 1): Promise<string> {
  const { database } = testDatabase;
  const person = await findPerson(database.query, personCode);
  if (person === null) throw new Error(`The sample has no ${personCode}.`);
  const made = await createApiToken(
    { database, now: () => consoleNowMs },
    { person, through: 'cli' },
    { name: 'test', roles, lifeDays },
  );
  if (made.kind === 'refused') throw new Error(`Refused: ${made.refusal.kind}.`);
  return made.token;
}

async function dataAdmin(): Promise<string> {
  const [row] = await testDatabase.database.sql<{ code: string }[]>`
    select code from person where roles ? 'data-admin' and status = 'active' limit 1`;
  return row?.code ?? '';
}

async function call(
  path: string,
  options: {
    readonly token?: string;
    readonly method?: string;
    readonly body?: unknown;
    readonly language?: string;
  } = {},
): Promise<{
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly text: string;
  readonly type: string;
}> {
  const response = await web.app.request(`http://localhost/api${path}`, {
    method: options.method ?? 'GET',
    headers: {
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.language === undefined ? {} : { 'accept-language': options.language }),
    },
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
  });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return {
    status: response.status,
    body: (type.includes('json') ? JSON.parse(text) : {}) as Record<string, unknown>,
    text,
    type,
  };
}

describe('tokens', () => {
  test('only their hash is stored', async () => {
    const token = await tokenFor('li-lei', ['owner']);
    const rows = await testDatabase.database.sql`select * from api_token`;
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test('one token may call so often a minute, and asks for checks beside that; others go on', async () => {
    let nowMs = consoleNowMs;
    const { app } = createTestConsole(testDatabase.database, {
      now: () => nowMs,
      limits: { callsPerMinute: 2, checksPerMinute: 1, pagesPerMinute: 1 },
    });
    const [mine, theirs] = [
      await tokenFor('li-lei', ['owner']),
      await tokenFor('li-lei', ['owner']),
    ];
    const get = (token: string) =>
      app.request('http://localhost/api/v1/warnings?limit=1', {
        headers: { authorization: `Bearer ${token}` },
      });
    const check = (token: string) =>
      app.request('http://localhost/api/v1/check', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ tags: ['high-value'] }),
      });
    expect([(await get(mine)).status, (await get(mine)).status]).toEqual([200, 200]);
    nowMs += 20_000;
    const refused = await get(mine);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('40');
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(await refused.json()).toEqual({
      type: 'urn:tagwarden:problem:too-many-calls',
      title: '请求过于频繁',
      status: 429,
      detail: '请在 40 秒后再试。',
      retryAfterSeconds: 40,
    });
    expect([(await check(mine)).status, (await check(mine)).status]).toEqual([200, 429]);
    expect((await get(theirs)).status).toBe(200);
    nowMs += 40_000;
    expect((await get(mine)).status).toBe(200);
    const turnedAway = await testDatabase.database.sql`
      select actor_code, through, after from audit_row
      where action = 'person.turned-away' and after ->> 'reason' like 'too many%' order by id`;
    expect(turnedAway).toEqual(
      ['too many calls', 'too many checks'].map((reason) => ({
        actor_code: 'li-lei',
        through: 'api',
        after: { reason },
      })),
    );
  });

  test('what several processes counted is added up, window by window', async () => {
    const { sql } = testDatabase.database;
    const add = async (count: number, windowStartedAtMs: number) => {
      const counts = [
        { key: 'one', windowStartedAtMs, count },
        { key: 'two', windowStartedAtMs, count: 1 },
      ];
      const sums = await addAttempts(sql, 'sum', counts);
      return sums.find(({ key }) => key === 'one');
    };
    expect(await add(3, consoleNowMs)).toMatchObject({ count: 3 });
    expect(await add(4, consoleNowMs)).toMatchObject({ count: 7 });
    const next = consoleNowMs + 60_000;
    expect(await add(5, next)).toEqual({ key: 'one', windowStartedAtMs: next, count: 5 });
    // Of a process whose clock is behind.
    expect(await add(2, consoleNowMs)).toMatchObject({ windowStartedAtMs: next, count: 5 });
  });

  test('none, an unknown one and one that has run out are turned away with what to do', async () => {
    const token = await tokenFor('li-lei', ['owner']);
    const late = createTestConsole(testDatabase.database, {
      now: () => consoleNowMs + 25 * 3_600_000,
    });
    const expired = await late.app.request('http://localhost/api/v1/warnings', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(expired.status).toBe(401);
    for (const given of [undefined, 'x'.repeat(43)]) {
      const answer = await call('/v1/warnings', given === undefined ? {} : { token: given });
      expect(answer.status).toBe(401);
      expect(answer.type).toContain('application/problem+json');
      expect(answer.body).toMatchObject({
        type: 'urn:tagwarden:problem:unauthorized',
        status: 401,
      });
    }
  });

  test('a token gives no role that its person lacks, and none that it was not given', async () => {
    await expect(tokenFor('li-lei', ['data-admin'])).rejects.toThrow('role-needed');
    const admin = await dataAdmin();
    const weak = await tokenFor(admin, ['manager']);
    expect((await call('/v1/audit', { token: weak })).status).toBe(403);
    const strong = await tokenFor(admin, ['data-admin']);
    const answer = await call('/v1/audit?limit=2', { token: strong });
    expect(answer.status).toBe(200);
    expect(answer.body['rows']).toHaveLength(2);
    expect(answer.body['nextCursor']).toEqual(expect.any(String));
  });
});

describe('reading', () => {
  test('warnings are filtered and paged by cursor without gaps or repeats', async () => {
    const token = await tokenFor('li-lei', ['owner']);
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: Record<string, unknown> } = await call(
        `/v1/warnings?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
        { token },
      );
      seen.push(...(body['warnings'] as { id: number }[]).map(({ id }) => id));
      cursor = body['nextCursor'] as string | null;
    }
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a));
    expect(seen).toContain(data.openWarningId);
    const open = await call('/v1/warnings?state=open&severity=high&owner=li-lei', { token });
    expect(open.body['warnings']).toMatchObject([{ id: data.openWarningId, customers: 37 }]);
  });

  test('one warning comes with its fix, its customers and what the fix did', async () => {
    const token = await tokenFor('li-lei', ['owner']);
    const fixed = await call(`/v1/warnings/${data.fixedWarningId}`, { token });
    expect(fixed.body).toMatchObject({
      state: { kind: 'closed', reason: 'fixed' },
      fix: { state: 'written', counts: { customers: 3, changed: 2, changedMeanwhile: 1 } },
    });
    const items = await call(`/v1/warnings/${data.fixedWarningId}/fix-items`, { token });
    expect(items.body['items']).toHaveLength(3);
    const left = await call(
      `/v1/warnings/${data.fixedWarningId}/fix-items?shown=changed-meanwhile`,
      { token },
    );
    expect(left.body['items']).toMatchObject([{ outcome: 'changed-meanwhile' }]);
    const customers = await call(`/v1/warnings/${data.openWarningId}/customers?limit=5`, { token });
    expect(customers.body).toMatchObject({ total: 37 });
    expect(customers.body['customers']).toHaveLength(5);
  });

  test('a warning says when its time stands still, and what a fix left in it and why', async () => {
    const { sql } = testDatabase.database;
    const token = await tokenFor('li-lei', ['owner']);
    const warningId = data.openWarningId;
    const read = async () => (await call(`/v1/warnings/${warningId}`, { token })).body;
    expect(await read()).toMatchObject({ pause: null, fix: null });
    const pause = { fromMs: consoleNowMs, untilMs: consoleNowMs + 3_600_000 };
    await sql`update warning set pause = ${sql.json(pause)} where id = ${warningId}`;
    const [fix] = await sql<{ id: number }[]>`
      insert into fix (warning_id, plan_key, state, choice, requested_by, created_at)
      values (${warningId}, 'left', 'written', ${sql.json({ kind: 'recommended' })}, 'li-lei', ${consoleNowMs})
      returning id`;
    const fixId = fix?.id ?? 0;
    await sql`
      insert into fix_item (fix_id, customer_id, source_id, before_tag_ids, after_tag_ids, outcome)
      select distinct ${fixId}::int, customer_id, 1, '{}'::int[], '{}'::int[], 'refused'
      from (select customer_id from finding where warning_id = ${warningId} and state = 'open'
        order by customer_id limit 2) as refused`;
    await sql`update finding set opened_at = ${consoleNowMs - 1} where warning_id = ${warningId}`;
    expect(await read()).toMatchObject({
      pause: { from: '2026-11-22T01:30:00.000Z', until: '2026-11-22T02:30:00.000Z' },
      fix: { id: fixId, left: { notFixed: 2, notTreated: 35, foundSince: 0 } },
    });
    const again = { kind: 'again', fixId } as const;
    const preview = await previewFix(testDatabase.database, warningId, again, null);
    expect(preview?.customers).toBe(2);
    const none = await call(`/v1/warnings/${warningId}/fix`, {
      token,
      method: 'POST',
      body: { choice: { kind: 'again', fixId: 999_999 } },
    });
    expect(none.status).toBe(404);
    await sql`update warning set pause = null where id = ${warningId}`;
    await sql`delete from fix where id = ${fixId}`;
  });

  test('what a fix did is taken away as a file by those who answer for it, and that is audited', async () => {
    const { sql } = testDatabase.database;
    const [fix] = await sql<{ id: number }[]>`
      select id from fix where warning_id = ${data.fixedWarningId}`;
    const take = async (token: string, shown: string) =>
      web.app.request(`http://localhost/api/v1/fixes/${fix?.id}/items.csv?shown=${shown}`, {
        headers: { authorization: `Bearer ${token}`, 'accept-language': 'zh-CN' },
      });
    const answer = await take(await tokenFor('li-lei', ['owner']), 'changed-meanwhile');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = new TextDecoder('utf-8', { ignoreBOM: true })
      .decode(await answer.arrayBuffer())
      .split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('\uFEFF客户编号,客户,来源,修复前,修复后,结果,原因,撤销结果,未恢复的原因');
    expect(lines[1]).toMatch(/^C-\d+,.+,crm,.*,期间已有变动，未改,/);
    const [entry] = await sql`
      select actor_code, through, after from audit_row where action = 'fix.exported'`;
    expect(entry).toEqual({
      actor_code: 'li-lei',
      through: 'api',
      after: { shown: 'changed-meanwhile' },
    });
  });

  test('findings name customer and tags by code', async () => {
    const token = await tokenFor(await dataAdmin(), ['data-admin']);
    const { body } = await call(`/v1/findings?warning=${data.openWarningId}&limit=1000`, { token });
    const findings = body['findings'] as Record<string, unknown>[];
    expect(findings).toHaveLength(37);
    expect(findings[0]).toMatchObject({
      ruleCode: 'high-value-x-blacklist',
      customerRef: 'C-10293',
      tags: ['high-value', 'blacklist'],
      state: 'open',
    });
  });

  test('scans, tags and requests answer', async () => {
    const token = await tokenFor('li-lei', ['owner']);
    expect((await call(`/v1/scans/${data.scanId}`, { token })).body).toMatchObject({
      state: 'done',
      customers: 20_000,
      undecided: [
        {
          ruleCode: 'dormant-criteria',
          customers: 1_204,
          missing: [{ attribute: 'last_order_at', customers: 1_204 }],
        },
      ],
    });
    expect((await call('/v1/scans', { token })).status).toBe(200);
    for (const text of ['vip', 'gaojiazhi', 'gjzkh', '高价值']) {
      const found = await call(`/v1/tags?q=${encodeURIComponent(text)}`, { token });
      const code = text === 'vip' ? 'vip' : 'high-value';
      expect(found.body).toHaveProperty('tags.0.code', code);
    }
    expect((await call('/v1/tags/high-value', { token })).body).toMatchObject({
      code: 'high-value',
      health: { parts: expect.arrayContaining([{ kind: 'documented', good: 1, of: 1 }]) },
      usage: {
        sampledCustomers: 40,
        actors: [{ name: '王芳', personCode: 'wang-fang', customers: 40 }],
      },
    });
    expect((await call(`/v1/requests/${data.requestId}`, { token })).body).toMatchObject({
      state: 'voting',
      votes: [{ by: 'zhao-jing', ballot: 'approve' }],
    });
  });

  test('a proposal is looked at before anybody is asked', async () => {
    const token = await tokenFor('hu-bin', ['data-admin']);
    const lookAs = (asker: string, proposal: unknown) =>
      call('/v1/requests/preview', {
        token: asker,
        method: 'POST',
        body: { proposal },
        language: 'en',
      });
    const look = (proposal: unknown) => lookAs(token, proposal);
    const asked = {
      kind: 'create-tag',
      code: 'high-value-test',
      name: { 'zh-CN': '高价值客户群', en: 'High value test' },
      definition: { 'zh-CN': '年消费高的客户', en: 'Customers who spend much' },
    };
    const created = await look(asked);
    expect(created).toMatchObject({ status: 200, body: { proposal: asked, contradictions: [] } });
    expect(created.body['similar']).toContainEqual(expect.objectContaining({ code: 'high-value' }));
    expect(created.body['naming']).toContain('“test”');
    const merge = { kind: 'merge-tags', fromCode: 'high-value', intoCode: 'blacklist' };
    // A data admin sees the sensitive tag, and puts it on nobody.
    const refused = await look(merge);
    expect(refused.status).toBe(403);
    expect(refused.body['detail']).toMatch(/“Blacklist” is sensitive: only its owner, .+ Risk/);
    const merged = await lookAs(await tokenFor('lin-xiao', ['committee']), merge);
    expect(merged.body).toMatchObject({ naming: null, similar: [] });
    expect(merged.body['contradictions']).toContainEqual(
      expect.objectContaining({ kind: 'removed-and-same' }),
    );
    expect(merged.body['impact']).toHaveProperty(
      'rules',
      expect.arrayContaining(['high-value-x-blacklist']),
    );
    expect(merged.body['impact']).toMatchObject({
      usedBy: { people: ['wang-fang'], peopleCount: 1 },
      tags: ['high-ticket', 'vip-hotline'],
    });
    const { usedBy: secret } = (await look({ kind: 'retire-tag', code: 'blacklist' })).body[
      'impact'
    ] as { readonly usedBy: unknown };
    expect(secret).toMatchObject({ departments: [], people: [], peopleCount: 0 });
    const unknown = await look({ kind: 'retire-tag', code: 'nobody-has-it' });
    expect(unknown).toMatchObject({ status: 404, type: expect.stringContaining('problem+json') });
    const { requests } = (await call('/v1/requests', { token })).body as { requests: object[] };
    expect(requests).toContainEqual(
      expect.objectContaining({ id: data.requestId, approve: 1, reject: 0 }),
    );
    expect((await call('/v1/requests?show=decided', { token })).body['requests']).toEqual([]);
  });

  test('a batch tells what became of each of its changes', async () => {
    const { database } = testDatabase;
    const items = ['vip', 'blacklist'].map((code) => ({ kind: 'retire-tag', code }) as const);
    const batch = await insertRequest(
      database,
      {
        proposal: { kind: 'batch', items },
        requesterCode: 'li-lei',
        reason: 'x',
        state: { kind: 'applying' },
        memberCodes: ['lin-xiao'],
        quorum: 1,
        vetoCodes: [],
        createdAtMs: consoleNowMs,
        dueAtMs: consoleNowMs,
      },
      { through: 'api' },
    );
    const item = await insertBatchItem(database, { batch, index: 0, nowMs: consoleNowMs });
    const why = { kind: 'tag-changed', code: 'vip' } as const;
    const failed = { kind: 'failed', atMs: consoleNowMs, detail: 'x', why } as const;
    await database.sql`update request set state = 'failed', state_body = ${database.sql.json(failed)}
      where id = ${item.id}`;
    const token = await tokenFor('li-lei', ['owner']);
    const { body } = await call(`/v1/requests/${batch.id}`, { token, language: 'en' });
    const waiting = { requestId: null, state: 'waiting', why: null, customers: 0, undo: null };
    expect(body).toMatchObject({
      state: 'applying',
      why: null,
      items: [
        { proposal: items[0], requestId: item.id, state: 'failed', why: expect.any(String) },
        { proposal: items[1], ...waiting },
      ],
      undo: null,
    });
    const wayBack = { requestId: batch.id, requestedBy: 'li-lei', undoUntilMs: consoleNowMs };
    await recordWayBack(database.query, wayBack, consoleNowMs);
    const after = await call(`/v1/requests/${batch.id}`, { token, language: 'en' });
    expect(after.body['undo']).toMatchObject({ state: 'not-undone', by: null });
    const undone = await call(`/v1/requests/${batch.id}/undo`, { token, method: 'POST' });
    expect([undone.status, undone.body['type']]).toEqual([
      409,
      expect.stringContaining('undo-over'),
    ]);
    await database.sql`delete from fix where request_id = ${batch.id}`;
    await database.sql`delete from request where batch_id = ${batch.id}`;
    await database.sql`delete from request where id = ${batch.id}`;
  });

  test('a request about a rule tells what it would flag, and a rule is tested with one thing changed', async () => {
    const token = await tokenFor('hu-bin', ['data-admin']);
    const { query, sql } = testDatabase.database;
    const backTest = {
      about: 'customers',
      examined: 100,
      flagged: 7,
      flaggedAnew: 2,
      noLongerFlagged: 0,
      dismissedBefore: 1,
      overlaps: [],
      undecided: { customers: 2, missing: [{ attributeCode: 'spend', customers: 2 }] },
      right: 3,
      wrong: 4,
    } as const;
    const path = `/v1/requests/${data.requestId}`;
    expect((await call(path, { token })).body).toMatchObject({ backTest: null });
    await saveBackTest(query, data.requestId, { ...backTest, testedAtMs: consoleNowMs });
    expect((await call(path, { token })).body).toMatchObject({
      backTest: {
        ...backTest,
        undecided: { customers: 2, missing: [{ attribute: 'spend', customers: 2 }] },
        testedAt: new Date(consoleNowMs).toISOString(),
      },
    });
    await sql`update request set back_test = null where id = ${data.requestId}`;

    const code = 'too-many-tags';
    const tested = (edit: object) =>
      call('/v1/rules/test', { token, method: 'POST', body: { code, edit } });
    expect((await tested({ kind: 'threshold', value: 1 })).body).toMatchObject({
      ruleCode: code,
      standing: 'changed',
    });
    expect(await tested({ kind: 'allow-pair', pair: ['vip', 'blacklist'] })).toMatchObject({
      status: 422,
    });
  });

  test('the versions of a tag say who changed what, when, why and through which channel', async () => {
    const { database } = testDatabase;
    const requesterCode = 'li-lei';
    const asked = { requestId: data.requestId, requesterCode, nowMs: consoleNowMs };
    await changeApprovedTag(database, asked, {
      kind: 'change-tag',
      code: 'strategic-account',
      before: {},
      after: { definition: { 'zh-CN': '公司级战略合作', en: 'A strategic partner' } },
    });
    const token = await tokenFor('li-lei', ['owner']);
    const path = '/v1/tags/strategic-account/versions';
    const [row] = await database.sql<{ reason: string }[]>`
      select reason from request where id = ${data.requestId}`;
    const first = await call(`${path}?limit=1`, { token, language: 'en' });
    expect(first.body).toMatchObject({
      versions: [
        {
          version: 2,
          changedBy: requesterCode,
          changedAt: new Date(consoleNowMs).toISOString(),
          through: 'system',
          cause: { kind: 'request', id: data.requestId },
          note: row?.reason,
          changes: [{ part: 'definition', label: 'Definition' }],
        },
      ],
      nextCursor: '2',
    });
    expect(JSON.stringify(first.body)).toContain('{"kind":"added","text":"partner"}');
    const next = await call(`${path}?cursor=2`, { token });
    expect(next.body).toMatchObject({
      versions: [{ version: 1, cause: { kind: 'configuration' } }],
      nextCursor: null,
    });
    expect((await call('/v1/tags/nothing/versions', { token })).status).toBe(404);
  });

  test('sensitive tags stay hidden from other departments', async () => {
    const [row] = await testDatabase.database.sql<{ code: string; roles: Role[] }[]>`
      select code, roles from person where status = 'active' and department_code = 'operations'
        and not roles ?| array['data-admin', 'manager', 'second-line'] limit 1`;
    const token = await tokenFor(row?.code ?? '', row?.roles ?? []);
    expect((await call(`/v1/warnings/${data.openWarningId}`, { token })).status).toBe(404);
    expect(
      (await call(`/v1/warnings/${data.openWarningId}/undo`, { token, method: 'POST' })).status,
    ).toBe(404);
    const findings = await call(`/v1/findings?warning=${data.openWarningId}`, { token });
    expect(findings.body['findings']).toEqual([]);
    const tags = await call('/v1/tags?q=blacklist', { token });
    expect(JSON.stringify(tags.body)).not.toContain('"blacklist"');
    expect((await call('/v1/tags/blacklist/versions', { token })).status).toBe(404);
    expect((await call('/v1/tags/blacklist', { token })).status).toBe(404);
    const file = await call('/v1/tags/export', { token });
    expect(file.status).toBe(200);
    expect(file.text).not.toContain('blacklist');
  });
});

describe('what the console does too', () => {
  /** Whether each digest that was asked for was to be sent. */
  const sent: boolean[] = [];

  /** A Temporal that starts nothing and makes digests at once. */
  function withTemporal(): TestConsole {
    const { database } = testDatabase;
    const now = () => consoleNowMs;
    const { makeDigest } = createDigestActivities({ database, now });
    const workflow = {
      start: async () => ({}),
      execute: async (
        _: string,
        { args: [asked] }: { args: [{ personCode: string; isSent?: boolean }] },
      ) => {
        sent.push(asked.isSent !== false);
        return [await makeDigest({ ...asked, isAskedFor: true })];
      },
    };
    return createTestConsole(database, {
      context: { database, now, temporal: { workflow } as never },
    });
  }

  test('a draft is kept, changed, sent and gone, and nobody else sees it', async () => {
    web = withTemporal();
    const token = await tokenFor('li-lei', ['owner']);
    const other = await tokenFor('han-meimei', ['committee']);
    const draft = { kind: 'retire', fields: { from: 'vip' } };
    const unknown = await call('/v1/drafts', {
      token,
      method: 'POST',
      body: { ...draft, fields: { tag: 'vip' } },
    });
    expect(unknown).toMatchObject({ status: 422, body: { errors: [{ path: 'fields.tag' }] } });
    const kept = await call('/v1/drafts', { token, method: 'POST', body: draft });
    expect(kept.status).toBe(201);
    const path = `/v1/drafts/${String(kept.body['draftId'])}`;
    const listed = async (by: string) => (await call('/v1/drafts', { token: by })).body['drafts'];
    expect(await listed(token)).toMatchObject([draft]);
    expect(await listed(other)).toEqual([]);
    const send = (by: string) => call(`${path}/send`, { token: by, method: 'POST' });
    expect((await send(other)).status).toBe(404);
    // A reason is asked for, and the draft stays until it is there.
    expect(await send(token)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'reason' }] },
    });
    const fields = { ...draft.fields, from: 'VIP客户', reason: '没人用' };
    const put = { token, method: 'PUT', body: { ...draft, fields } };
    expect((await call(path, { ...put, token: other })).status).toBe(404);
    expect((await call(path, put)).status).toBe(200);
    expect(await send(token)).toMatchObject({
      status: 201,
      body: { proposal: { kind: 'retire-tag', code: 'vip' }, reason: '没人用' },
    });
    expect(await listed(token)).toEqual([]);
    expect((await call(path, { token, method: 'DELETE' })).status).toBe(404);
  });

  test('rules and lists are drafts too; what does not do is said in the language of the caller', async () => {
    web = withTemporal();
    const token = await tokenFor('li-lei', ['owner']);
    const rule = {
      of: 'stale',
      name: '久未确认',
      nameEn: 'Long unconfirmed',
      severity: 'low',
      tags: 'vip',
      reason: '没人看',
    };
    const keep = async (draft: object) => {
      const kept = await call('/v1/drafts', { token, method: 'POST', body: draft });
      return `/v1/drafts/${String(kept.body['draftId'])}/send`;
    };
    const faulty = await keep({ kind: 'whole-rule', fields: rule });
    expect(await call(faulty, { token, method: 'POST' })).toMatchObject({
      status: 422,
      body: {
        detail: '「标签」不对：「vip」没有设重新确认周期',
        errors: [{ path: 'tags', message: '「vip」没有设重新确认周期' }],
      },
    });
    const replaced = { kind: 'deprecate-tag', code: 'vip', replaces: true };
    const proposal = { kind: 'batch', items: [replaced] };
    const look = { token, method: 'POST', body: { proposal } };
    expect(await call('/v1/requests/preview', look)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'items.0.successor', message: '请填写另一个使用中的标签。' }] },
    });
    const list = { of: 'retire', list: '高价值客户\nvip', reason: '清理' };
    const sound = await keep({ kind: 'list', fields: list });
    expect(await call(sound, { token, method: 'POST' })).toMatchObject({
      status: 201,
      body: { proposal: { kind: 'batch', items: [{ code: 'high-value' }, { code: 'vip' }] } },
    });
    const { of: kind, reason, tags, ...named } = rule;
    const entry = { ...named, kind, code: 'long-unconfirmed', tags: [tags] };
    const asked = { proposal: { kind: 'change-rule', rule: entry }, reason };
    expect(await call('/v1/requests', { token, method: 'POST', body: asked })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'tagCodes', message: '「vip」没有设重新确认周期' }] },
    });
  });

  test('owners answer for their tags, and a data admin sees how far each of them is', async () => {
    const { database } = testDatabase;
    web = withTemporal();
    const [owner, admin] = [
      await tokenFor('li-lei', ['owner']),
      await tokenFor('hu-bin', ['data-admin']),
    ];
    const newest = async (token: string) =>
      (await call('/v1/reviews/newest', { token })).body['review'];
    expect(await newest(owner)).toBeNull();
    expect((await call('/v1/reviews', { token: owner, method: 'POST' })).status).toBe(403);
    expect(await call('/v1/reviews', { token: admin, method: 'POST' })).toMatchObject({
      status: 202,
      body: { result: 'done' },
    });
    const { id } =
      (await beginReview(database, {
        workflowId: 'review-1',
        startedBy: 'hu-bin',
        tags: [
          { code: 'high-value', ownerCode: 'li-lei' },
          { code: 'vip', ownerCode: 'li-lei' },
          { code: 'blacklist', ownerCode: 'han-meimei' },
        ],
        nowMs: consoleNowMs,
        dueAtMs: consoleNowMs + 86_400_000,
      })) ?? {};
    const answer = (body: object) =>
      call(`/v1/reviews/${String(id)}/answers`, { token: owner, method: 'POST', body });
    expect((await answer({ retire: ['blacklist'] })).status).toBe(403);
    expect((await answer({ retire: ['vip'], keepRest: true })).body).toEqual({
      keep: 1,
      retire: 1,
    });
    const progress = { all: 3, keep: 1, retire: 1, open: 1 };
    expect(await newest(owner)).toMatchObject({
      progress,
      own: [
        { tagCode: 'high-value', answer: 'keep', name: { en: expect.any(String) } },
        { tagCode: 'vip', answer: 'retire', answeredBy: 'li-lei' },
      ],
      owners: [],
    });
    expect(await newest(admin)).toMatchObject({
      progress,
      own: [],
      owners: [
        { ownerCode: 'han-meimei', all: 1, open: 1 },
        { ownerCode: 'li-lei', all: 2, open: 0 },
      ],
    });
  });

  test('a digest on demand says what its message says, to whom it is for', async () => {
    web = withTemporal();
    const token = await tokenFor('zhang-wei', ['manager']);
    const made = await call('/v1/digests', { token, method: 'POST', body: { every: 'month' } });
    expect(made.status).toBe(201);
    const id = Number(made.body['id']);
    const view = await readDigestView(testDatabase.database, id);
    expect(made.body).toMatchObject({
      every: 'month',
      until: new Date(consoleNowMs).toISOString(),
      bySeverity: view?.bySeverity,
      before: view?.before,
      health: view?.health,
      needAttention: view?.needAttention,
    });
    expect(view?.needAttention.length).toBeGreaterThan(0);
    const again = (by: string) => call(`/v1/digests/${id}`, { token: by });
    expect((await again(token)).body).toEqual(made.body);
    const only = { token, method: 'POST', body: { every: 'month', send: false } };
    expect((await call('/v1/digests', only)).body).toEqual({ ...made.body, id: id + 1 });
    expect(sent).toEqual([true, false]);
    expect((await again(await tokenFor('han-meimei', ['committee']))).status).toBe(404);
  });

  test('tags are listed with their health and what it is made of', async () => {
    const token = await tokenFor('li-lei', ['owner']);
    const { tags } = (await call('/v1/tags?q=high-value&limit=1', { token })).body as {
      tags: { health: object }[];
    };
    const { health } = (await call('/v1/tags/high-value', { token })).body;
    expect(health).toMatchObject({ score: expect.any(Number) });
    expect(tags.map((tag) => tag.health)).toEqual([health]);
  });
});

describe('problems', () => {
  test.each([
    ['a path that is not there', '/v1/nothing', {}, 404, 'no-such-path'],
    ['a warning that is not there', '/v1/warnings/99999', {}, 404, 'not-found'],
    ['a number that is none', '/v1/warnings/abc', {}, 422, 'invalid'],
    ['a filter that is none', '/v1/warnings?severity=awful', {}, 422, 'invalid'],
    ['a cursor of somebody’s own making', '/v1/warnings?cursor=x', {}, 422, 'invalid'],
    ['no JSON', '/v1/check', { method: 'POST', body: '{' }, 400, 'unreadable'],
    ['nothing to check', '/v1/check', { method: 'POST', body: {} }, 422, 'invalid'],
    [
      'a fix without a choice',
      '/v1/warnings/1/fix',
      { method: 'POST', body: { choice: { kind: 'all', resolution: 'explode' } } },
      422,
      'invalid',
    ],
    [
      'a date that is none',
      '/v1/warnings/1/snooze',
      { method: 'POST', body: { until: 'soon' } },
      422,
      'invalid',
    ],
  ])('%s', async (_name, path, options, status, kind) => {
    const token = await tokenFor('li-lei', ['owner']);
    const answer = await call(path, { ...options, token });
    expect(answer.type).toContain('application/problem+json');
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, type: `urn:tagwarden:problem:${kind}` });
    expect(answer.body['detail']).toEqual(expect.any(String));
  });

  test('words follow Accept-Language, and the person’s own language without it', async () => {
    const token = await tokenFor('li-lei', ['owner']);
    const title = async (language?: string) =>
      (await call('/v1/warnings/99999', { token, ...(language === undefined ? {} : { language }) }))
        .body['title'];
    expect(await title()).toBe('不存在');
    expect(await title('en-GB,zh;q=0.5')).toBe('Not found');
    expect(await title('zh-TW')).toBe('不存在');
  });

  test('a failure gives a reference and nothing of the machine', async () => {
    const token = await tokenFor('li-lei', ['owner']);
    const broken = createTestConsole(testDatabase.database, {
      views: undefined as unknown as never,
    });
    const response = await broken.app.request('http://localhost/api/v1/warnings/1', {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/TypeError|at .*\.ts/);
    expect(JSON.parse(text)).toMatchObject({ reference: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(broken.errors).toHaveLength(1);
  });
});

test('many customers are checked in one call, and one that nobody knows spoils nothing', async () => {
  const token = await tokenFor(await dataAdmin(), ['data-admin']);
  const rows = await testDatabase.database.sql<{ ref: string }[]>`
    select ref from mirror_customer order by ref limit 3`;
  const refs = rows.map(({ ref }) => ref);
  const { status, body } = await call('/v1/check', {
    token,
    method: 'POST',
    body: { customers: [...refs, 'nobody'] },
  });
  expect(status).toBe(200);
  const answers = body['answers'] as { customer: string; answer: unknown }[];
  expect(answers.map(({ customer }) => customer)).toEqual([...refs, 'nobody']);
  expect(answers.at(-1)?.answer).toBeNull();
  for (const ref of refs) {
    const single = await call('/v1/check', { token, method: 'POST', body: { customer: ref } });
    expect(answers.find(({ customer }) => customer === ref)?.answer).toEqual(single.body);
  }
});

test('a token’s person sets how they want to be reached', async () => {
  const token = await tokenFor('li-lei', ['owner']);
  const set = (body: unknown) => call('/v1/preferences', { token, method: 'PATCH', body });
  const quietHours = { from: '22:00', until: '07:30', days: [5, 1] };
  expect(
    await set({ quietHours, email: false, digest: 'month', digestContent: 'words' }),
  ).toMatchObject({
    status: 200,
    body: {
      locale: null,
      quietHours: { ...quietHours, days: [1, 5] },
      group: null,
      mention: true,
      email: false,
    },
  });
  expect(await set({ quietHours: null })).toMatchObject({ status: 200 });
  const { body } = await call('/v1/preferences', { token });
  expect(body).toEqual({
    locale: null,
    quietHours: null,
    group: null,
    mention: true,
    email: false,
    digest: 'month',
    digestContent: 'words',
  });
  expect(await set({ mention: false })).toMatchObject({ status: 200, body: { mention: false } });
  // Nobody may have their cards where the policy offers nothing.
  expect((await set({ group: 'governance' })).status).toBe(422);
  expect((await set({ quietHours: { ...quietHours, from: '24:10' } })).status).toBe(422);
  expect((await set({ quietHours: { ...quietHours, days: [] } })).status).toBe(422);
});

test('a body that is too large is turned away, whether or not it says how large it is', async () => {
  const token = await tokenFor(await dataAdmin(), ['data-admin']);
  const body = JSON.stringify({ tags: ['x'.repeat(1_100_000)] });
  for (const declared of [{}, { 'content-length': String(body.length) }]) {
    const response = await web.app.request('http://localhost/api/v1/check', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...declared,
      },
      body,
    });
    expect(response.status).toBe(413);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  }
});

test('the API describes itself', async () => {
  const { status, body } = await call('/openapi.json');
  expect(status).toBe(200);
  expect(body['servers']).toEqual([{ url: 'http://localhost/api' }]);
  expect(Object.keys(body['paths'] as object)).toEqual(
    expect.arrayContaining([
      '/v1/check',
      '/v1/scans',
      '/v1/scans/{id}',
      '/v1/warnings',
      '/v1/warnings/{id}',
      '/v1/warnings/{id}/claim',
      '/v1/warnings/{id}/undo',
      '/v1/tags',
      '/v1/requests',
      '/v1/requests/{id}/votes',
      '/v1/findings',
      '/v1/audit',
    ]),
  );
});
