import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MockActivityEnvironment } from '@temporalio/testing';
import { parse as parseCsv } from 'csv-parse/sync';
import { createAssessmentActivities } from '../../activities/assessment.ts';
import { createDeliveryActivities } from '../../activities/delivery.ts';
import { createDrawCard } from '../../bot/cards/draw.ts';
import { createInboxChannel } from '../../bot/inbox/channel.ts';
import type { CommandContext } from '../../commands/context.ts';
import { proposeLink } from '../../commands/propose-link.ts';
import { createSignInLink } from '../../commands/create-sign-in-link.ts';
import { openDatabase } from '../../db/client.ts';
import { recordWayBack } from '../../db/stores/fixes.ts';
import { listRequests } from '../../db/stores/console.ts';
import { createInboxStore } from '../../db/stores/inbox.ts';
import { createViewReader } from '../../db/stores/views.ts';
import { findPerson } from '../../db/stores/people.ts';
import type { Person } from '../../domain/person.ts';
import { createPageWatch } from '../../web/events.ts';
import { tableNames } from '../../web/tables/table.ts';
import {
  consoleNowMs,
  createTestConsole,
  PlainBrowser,
  type TestConsole,
} from '../support/console.ts';
import { seedConsole, type ConsoleData } from '../support/console-data.ts';
import { importingTemporal } from '../support/importing.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let testDatabase: TestDatabase;
let data: ConsoleData;
let web: TestConsole;
let browser: PlainBrowser;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  data = await seedConsole(testDatabase.database, consoleNowMs);
});
afterAll(() => testDatabase.drop());
beforeEach(async () => {
  await testDatabase.database.sql`truncate preference`;
  web = createTestConsole(testDatabase.database);
  browser = new PlainBrowser(web.app);
});

async function person(code: string): Promise<Person> {
  const found = await findPerson(testDatabase.database.query, code);
  if (found === null) throw new Error(`The sample has no ${code}.`);
  return found;
}

/** The console on a Temporal that takes whatever is started and keeps its id. */
function startingWorkflows(started: string[]): TestConsole {
  const start = async (_type: string, { workflowId }: { readonly workflowId: string }) => {
    started.push(workflowId);
  };
  const temporal = { workflow: { start } } as unknown as CommandContext['temporal'];
  const context = { database: testDatabase.database, now: () => consoleNowMs, temporal };
  return createTestConsole(testDatabase.database, { context });
}

/** Neither in the department of the blacklist nor responsible for the warning. */
async function outsider(): Promise<string> {
  const [row] = await testDatabase.database.sql<{ code: string }[]>`
    select code from person where status = 'active' and locale = 'zh-CN' and department_code = 'operations'
      and not roles ?| array['data-admin', 'manager', 'second-line'] limit 1`;
  return row?.code ?? '';
}

test('a page hears once when the comparing begins, and then of each step of an undo', async () => {
  const { query, sql } = testDatabase.database;
  const id = data.requestId;
  const undoUntilMs = consoleNowMs + 1;
  await recordWayBack(query, { requestId: id, requestedBy: 'li-lei', undoUntilMs }, consoleNowMs);
  const watch = createPageWatch(sql, (error) => {
    throw error;
  });
  let told = 0;
  const stop = watch.listen([{ kind: 'request', id: String(id) }], () => {
    told += 1;
  });
  for (const state of ['undoing', 'undone']) {
    const before = told;
    await expect.poll(() => told, { timeout: 60_000 }).toBeGreaterThan(before);
    await sql`update fix set state = ${state} where request_id = ${id}`;
  }
  await expect.poll(() => told, { timeout: 60_000 }).toBe(3);
  stop?.();
  const lines = await listRequests(sql, { show: 'all' }, { beforeId: null, limit: 9 });
  expect(lines.find((line) => line.id === id)?.isUndone).toBe(true);
  await sql`delete from fix where request_id = ${id}`;
});

describe('pages', () => {
  test.each([
    '/inbox',
    '/inbox?show=all&severity=high',
    '/warnings',
    '/warnings?show=closed&owner=li-lei&rule=gender',
    '/tags',
    '/tags?q=客户&status=active',
    '/tags?status=undefined',
    '/tags?q=gaojiazhi',
    '/tags/high-value',
    '/tag-map',
    '/tag-map?tag=high-value&kind=dominates',
    '/silences',
    '/silences?rule=&tag=&severity=high',
    '/rules',
    '/rules/value-tier',
    '/rules/too-many-tags',
    '/people',
    '/people?q=li-lei',
    '/preferences',
    '/assessment',
    '/assessment?month=2026-10&person=li-lei',
    '/requests',
    '/review',
    '/requests/new',
    '/requests/new-rule',
    '/requests/new-rule?of=population-jump',
    '/requests/new-rule?of=sensitivity',
    '/requests/new-rule?rule=value-tier',
    '/requests/new-batch?kind=merge&list=vip',
    '/requests/new-batch?kind=create&list=new',
    '/requests/new?kind=merge&from=vip',
    '/scans',
    '/check',
    '/tokens',
    '/inbox?show=nonsense&offset=-4&item=javascript:1',
    '/tags?q=%25%27%22%3Cscript%3E',
  ])('%s answers in both languages', async (path) => {
    await browser.signInAs('li-lei');
    for (const locale of ['zh-CN', 'en']) {
      await browser.post('/preferences', { locale });
      const response = await browser.get(path);
      const page = await response.text();
      expect(response.status).toBe(200);
      expect(page).toContain(`<html lang="${locale}"`);
      expect(page).not.toContain('undefined</');
      expect(page).not.toContain('[object');
    }
    expect(web.errors).toEqual([]);
  });

  test('a language chosen anywhere is the person’s own in every browser', async () => {
    await browser.signInAs('li-lei');
    await browser.post('/preferences', { locale: 'en' });
    const other = new PlainBrowser(web.app);
    await other.signInAs('li-lei');
    expect(await (await other.get('/preferences')).text()).toContain('<html lang="en"');
    await other.post('/preferences', { locale: 'zh-CN' });
    expect(await (await browser.get('/preferences')).text()).toContain('<html lang="zh-CN"');
    await browser.signInAs('hu-bin');
    expect(await (await browser.get('/audit')).text()).toContain('修改了个人设置');
  });

  test('an account whose email is a colleague’s is linked once they or a data admin say so', async () => {
    const { database } = testDatabase;
    const context = { database, now: () => consoleNowMs };
    await database.sql`update person set slack_user_id = null, feishu_open_id = null
      where code in ('li-lei', 'hu-bin')`;
    const { email } = await person('li-lei');
    const account = (platformUserId: string, address: string) =>
      proposeLink(context, { channel: 'slack', platformUserId, email: address });
    await account('U0STRANGER', 'nobody@example.com');
    await account('U0LILEI', (email ?? '').toUpperCase());
    await account('U0LILEI', email ?? '');
    expect((await person('li-lei')).slackUserId).toBeNull();
    const decide = (decision: string, id = 'U0LILEI') =>
      browser.post('/links', { channel: 'slack', account: id, decision });
    await browser.signInAs('han-meimei');
    expect(await (await browser.get('/preferences')).text()).not.toContain('U0LILEI');
    await decide('confirm');
    expect((await person('li-lei')).slackUserId).toBeNull();
    await browser.signInAs('hu-bin');
    const page = await (await browser.get('/people')).text();
    expect(page).toContain('U0LILEI');
    expect(page).not.toContain('U0STRANGER');
    await browser.signInAs('li-lei');
    expect(await (await browser.get('/preferences')).text()).toContain('U0LILEI');
    await decide('confirm');
    expect((await person('li-lei')).slackUserId).toBe('U0LILEI');
    await account('U0OTHER', email ?? '');
    expect(await (await browser.get('/preferences')).text()).not.toContain('U0OTHER');
    const rows = await database.sql<{ action: string }[]>`
      select action from audit_row where action like 'person.link%' order by id`;
    expect(rows.map(({ action }) => action)).toEqual(['person.link-proposed', 'person.linked']);
  });

  test('a data admin tries a rule out on its page; others are told who may', async () => {
    await browser.signInAs('hu-bin');
    await browser.post('/preferences', { locale: 'en' });
    const tried = await browser.post('/rules/value-tier', {});
    expect(tried.status).toBe(200);
    const page = await tried.text();
    expect(page).toContain('What it would find');
    expect(page).toMatch(/Customers flagged<\/dt><dd>\d+ of \d+/);
    const undecided = '1,204 customers (attribute “Last order” missing)';
    expect(await (await browser.get('/rules/dormant-criteria')).text()).toContain(undecided);
    expect(await (await browser.get('/scans')).text()).toContain(undecided);
    expect(await (await browser.post('/rules/dormant-criteria', {})).text()).toMatch(
      /Could not be decided<\/dt><dd>\d+ customers \(attribute “Last order” missing\)/,
    );
    await browser.signInAs('li-lei');
    expect((await browser.post('/rules/too-many-tags', {})).status).toBe(303);
    expect((await browser.get('/rules/no-such-rule')).status).toBe(404);
    expect(web.errors).toEqual([]);
  });

  test('a tag’s page lists what was asked for about it, and who may put a sensitive one on', async () => {
    const { sql } = testDatabase.database;
    await browser.signInAs('lin-xiao');
    const request = `href="/requests/${data.requestId}"`;
    const [asked] = await sql<{ proposal: unknown }[]>`
      select proposal from request where id = ${data.requestId}`;
    const merge = { kind: 'merge-tags', fromCode: 'vip', intoCode: 'high-value' };
    await sql`update request set proposal = ${sql.json(merge)} where id = ${data.requestId}`;
    for (const code of ['vip', 'high-value']) {
      expect(await (await browser.get(`/tags/${code}`)).text(), code).toContain(request);
    }
    expect(await (await browser.get('/tags/churned-customer')).text()).not.toContain(request);
    await sql`update request set proposal = ${JSON.stringify(asked?.proposal)}::text::jsonb where id = ${data.requestId}`;
    await browser.signInAs('hu-bin');
    await sql`update tag set seen_by_department_codes = '["service"]' where code = 'blacklist'`;
    const page = await (await browser.get('/tags/blacklist')).text();
    expect(page).toMatch(/可用部门<\/dt><dd>风控部/);
    expect(page).toMatch(/仅可查看<\/dt><dd>客服部 · 数据管理员/);
    expect(await (await browser.get('/tags/high-value')).text()).toMatch(/李雷（代理人：王芳）/);
    await sql`update tag set seen_by_department_codes = '[]' where code = 'blacklist'`;
  });

  test('an exception shows on the pages of the rule and the tag from which it hides something', async () => {
    const { sql } = testDatabase.database;
    await sql`insert into exception (rule_id, first_tag_id, reason, granted_by, granted_at, until_at, warning_id)
      select rule.id, tag.id, '年终活动例外', 'lin-xiao', ${consoleNowMs}, ${consoleNowMs + 86_400_000}, ${data.openWarningId}
      from rule, tag where rule.code = 'value-tier' and tag.code = 'vip'`;
    await browser.signInAs('li-lei');
    for (const path of ['/rules/value-tier', '/tags/vip', '/silences']) {
      expect(await (await browser.get(path)).text(), path).toContain('年终活动例外');
    }
    for (const path of ['/rules/gender', '/tags/high-value']) {
      expect(await (await browser.get(path)).text(), path).not.toContain('年终活动例外');
    }
    expect(await (await browser.get('/silences')).text()).not.toContain('申请延长');
    await browser.signInAs('hu-bin');
    expect(await (await browser.get('/silences')).text()).toContain('申请延长');
    await sql`delete from exception`;
  });

  test('points are contested by whoever has them, decided on by a data admin, and seen by nobody else', async () => {
    const { sql } = testDatabase.database;
    const [row] = await sql<{ id: number }[]>`
      insert into assessment_point (person_code, cause, points, warning_id, rule_code, severity, at, state, state_body)
      values ('li-lei', 'claim-missed', 2, ${data.openWarningId}, 'high-value-x-blacklist', 'high', ${consoleNowMs - 3_600_000}, 'standing', '{"kind":"standing"}')
      returning id`;
    const started: string[] = [];
    browser = new PlainBrowser(startingWorkflows(started).app);
    const path = `/assessment/${row?.id ?? 0}`;
    const page = async () => (await browser.get('/assessment')).text();
    await browser.signInAs('li-lei');
    expect(await page()).toContain('未按时认领');
    await browser.post(`${path}/contest`, { reason: '当时在出差，没有网络。' });
    expect(await page()).toContain('申诉已提交');
    await browser.signInAs('hu-bin');
    expect(await page()).toContain('当时在出差，没有网络。');
    await browser.post(`${path}/decide`, { decision: 'withdrawn', answer: '已核实。' });
    expect(await page()).toContain('已撤销扣分');
    await browser.signInAs('li-lei');
    expect(await page()).toMatch(/<s>2<\/s>[\s\S]*已核实。/);
    await browser.signInAs('han-meimei');
    expect(await page()).toContain('这个月没有扣分');
    const actions = await sql`
      select action, actor_code from audit_row where subject_kind = 'assessment' order by id`;
    expect(actions.map(Object.values)).toEqual([
      ['assessment.contested', 'li-lei'],
      ['assessment.withdrawn', 'hu-bin'],
    ]);
    expect(started.map((id) => id.replace(/\d+/u, 'N'))).toEqual([
      'points/N/contested',
      'points/N/withdrawn',
    ]);
    await sql`delete from assessment_point`;
  });

  test('on the first working day a month comes to whoever has points and to who leads them, with what was contested', async () => {
    const { database } = testDatabase;
    const { sql } = database;
    await sql`
      insert into assessment_point (person_code, cause, points, warning_id, rule_code, severity, at, state, state_body)
      values ('li-lei', 'claim-missed', 2, ${data.openWarningId}, 'high-value-x-blacklist', 'high', ${consoleNowMs - 3_600_000}, 'standing', '{"kind":"standing"}'),
        ('li-lei', 'recurred', 3, ${data.openWarningId}, 'high-value-x-blacklist', 'high', ${consoleNowMs - 35 * 86_400_000}, 'standing', '{"kind":"standing"}'),
        ('li-lei', 'close-missed', 5, ${data.openWarningId}, 'high-value-x-blacklist', 'high', ${consoleNowMs - 1_800_000}, 'contested',
          ${sql.json({ kind: 'contested', atMs: consoleNowMs, reason: '当时在出差。' })})`;
    // 2026-12-01 09:30 in Shanghai.
    const now = () => Date.UTC(2026, 11, 1, 1, 30);
    const views = createViewReader(database, { fixPreview: async () => null, now });
    const channels = new Map([
      ['inbox', createInboxChannel(createInboxStore(database, { now }))],
    ] as const);
    const drawCard = createDrawCard({ views, publicUrl: 'http://localhost', now });
    const { deliver } = createDeliveryActivities({ database, channels, now, drawCard });
    const { findAssessmentNews } = createAssessmentActivities({ database, now });
    const news = await findAssessmentNews();
    expect(news.map(({ kind }) => kind).sort()).toEqual(['assessment', 'assessment', 'points']);
    const worker = new MockActivityEnvironment();
    for (const subject of news) await worker.run(deliver, { subject });
    expect(await findAssessmentNews()).toEqual([]);
    const posted = await sql`
      select recipient_code, purpose from delivery
      where subject_kind in ('assessment', 'points') order by recipient_code, purpose`;
    expect(posted.map(Object.values)).toEqual([
      ['li-lei', 'assessment'],
      ['zhang-wei', 'assessment'],
      ['zhang-wei', 'decide'],
    ]);
    const told = await sql`
      select after from audit_row where action = 'assessment.month-closed'`;
    expect(told.map(({ after }) => after)).toMatchObject([
      { month: '2026-11', points: 7, people: 1 },
    ]);
    expect(JSON.stringify(told)).not.toContain('li-lei');
    const [month] = await sql<{ id: number }[]>`
      select id from assessment_report where person_code = 'li-lei'`;
    const points = news.find(({ kind }) => kind === 'points');
    await browser.signInAs('li-lei');
    const own = await (await browser.get(`/inbox?item=assessment-${month?.id ?? 0}`)).text();
    expect(own).toContain('2026 年 11 月考核');
    expect(own).toContain('扣 7 分');
    expect(own).toContain('上月 3 分');
    await browser.signInAs('zhang-wei');
    const contested = await (await browser.get(`/inbox?item=points-${points?.id ?? 0}`)).text();
    expect(contested).toContain('当时在出差。');
    expect(contested).toContain('处理申诉');
    await browser.signInAs('lin-xiao');
    const others = await (await browser.get(`/inbox?item=points-${points?.id ?? 0}`)).text();
    expect(others).not.toContain('当时在出差。');
    await sql`delete from assessment_point`;
  });

  test('a warning shows its card, its customers and its history in words', async () => {
    await browser.signInAs('li-lei');
    const page = await (await browser.get(`/warnings/${data.openWarningId}`)).text();
    expect(page).toContain('高价值客户');
    expect(page).toContain('C-10293');
    expect(page).toContain('第 1–25 条，共 37 条');
    expect(page).toContain('先核对风控名单。');
    const second = await (await browser.get(`/warnings/${data.openWarningId}?customers=25`)).text();
    expect(second).toContain('第 26–37 条，共 37 条');
  });

  test('a fixed warning says what became of each customer', async () => {
    await browser.signInAs('li-lei');
    const page = await (await browser.get(`/warnings/${data.fixedWarningId}`)).text();
    expect(page).toContain('期间已有变动，未改');
    expect(page).toContain('期间新增了其他标签');
    const path = `/warnings/${data.fixedWarningId}?shown=changed`;
    const changed = await (await browser.get(path)).text();
    expect(changed).not.toContain('期间新增了其他标签');
  });

  test('what is not there is not found, in words', async () => {
    await browser.signInAs('li-lei');
    for (const path of ['/warnings/99999', '/warnings/x', '/tags/nothing', '/requests/99', '/no']) {
      const response = await browser.get(path);
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('找不到页面');
    }
  });

  test('a failure is a page with a reference and no trace', async () => {
    web = createTestConsole(testDatabase.database, {
      views: undefined as unknown as never,
    });
    browser = new PlainBrowser(web.app);
    await browser.signInAs('li-lei');
    const response = await browser.get(`/warnings/${data.openWarningId}`);
    const page = await response.text();
    expect(response.status).toBe(500);
    expect(page).toMatch(/<code>[0-9a-f-]{36}<\/code>/);
    expect(page).not.toContain('TypeError');
    expect(web.errors).toHaveLength(1);
  });

  test.each([
    ['zh-CN', '暂时无法访问'],
    ['en', 'Not available right now'],
  ])(
    'a database that does not answer is said in the browser’s language (%s), and tried again',
    async (language, title) => {
      const gone = openDatabase('postgres://nobody:nothing@127.0.0.1:1/nothing');
      web = createTestConsole(gone);
      browser = new PlainBrowser(web.app);
      const headers = { 'accept-language': language, cookie: 'tagwarden=somebody' };
      const page = await web.app.request('http://localhost/warnings', { headers });
      expect([page.status, page.headers.get('refresh')]).toEqual([503, '10']);
      const text = await page.text();
      expect(text).toContain(`<html lang="${language}"`);
      expect(text).toContain(title);
      const call = await web.app.request('http://localhost/api/v1/warnings', {
        headers: { authorization: 'Bearer something' },
      });
      expect([call.status, call.headers.get('retry-after')]).toEqual([503, '5']);
      await gone.close();
    },
  );
});

describe('rights', () => {
  test('only data admins and auditors read the audit trail', async () => {
    await browser.signInAs('li-lei');
    expect((await browser.get('/audit')).status).toBe(403);
    await browser.signInAs(await someoneWith('data-admin'));
    const response = await browser.get('/audit?action=warning.');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('warning.opened');
  });

  test('a sensitive tag and warnings about it are hidden from other departments', async () => {
    const stranger = await outsider();
    await browser.signInAs(stranger);
    expect((await browser.get('/tags/blacklist')).status).toBe(404);
    expect(await (await browser.get('/tags?q=blacklist')).text()).not.toContain('/tags/blacklist');
    expect((await browser.get(`/warnings/${data.openWarningId}`)).status).toBe(404);
    expect(await (await browser.get('/warnings')).text()).not.toContain(
      `/warnings/${data.openWarningId}"`,
    );
    await browser.signInAs('li-lei');
    expect((await browser.get(`/warnings/${data.openWarningId}`)).status).toBe(200);
  });

  test('someone else’s inbox holds nothing of this person’s', async () => {
    await browser.signInAs(await outsider());
    expect(await (await browser.get('/inbox?show=all')).text()).toContain('没有');
  });

  async function someoneWith(role: Person['roles'][number]): Promise<string> {
    const [row] = await testDatabase.database.sql<{ code: string }[]>`
      select code from person where roles ? ${role} and status = 'active' limit 1`;
    return row?.code ?? '';
  }
});

describe('the map of tags', () => {
  test('has each tag that is linked once, with every line also in the list, and nothing hidden', async () => {
    const map = async (code: string, query = '') => {
      await browser.signInAs(code);
      const page = await (await browser.get(`/tag-map${query}`)).text();
      const [, svg = '', list = ''] = /(<svg[^>]* data-map.*?<\/svg>)(.*)/s.exec(page) ?? [];
      const nodes = [...svg.matchAll(/data-map-tag="([^"]+)"/g)].map(([, tag]) => tag);
      const rows = [...list.matchAll(/<tr>.*?<\/tr>/gs)].slice(1);
      return { nodes, rows, lines: svg.match(/<line /g)?.length };
    };
    const ofAdmin = await map('hu-bin', '?kind=dominates');
    expect(new Set(ofAdmin.nodes).size).toBe(ofAdmin.nodes.length);
    expect(ofAdmin.nodes).toContain('blacklist');
    expect(ofAdmin.rows).toHaveLength(ofAdmin.lines ?? 0);
    const around = await map('hu-bin', '?tag=blacklist&kind=dominates');
    expect(around.nodes.length).toBeLessThan(ofAdmin.nodes.length);
    const ofSales = await map('hu-bin', '?category=transaction&department=sales');
    expect(ofSales.nodes).toContain('high-value');
    expect(ofSales.rows).toHaveLength(ofSales.lines ?? 0);
    expect(ofSales.nodes.length).toBeLessThan((await map('hu-bin')).nodes.length);
    expect((await map(await outsider())).nodes).not.toContain('blacklist');
  });

  test('finds a tag by name, pinyin or part of its definition, but none that is hidden', async () => {
    const find = async (text: string) =>
      (await browser.get(`/tag-map?tag=${encodeURIComponent(text)}`)).headers.get('location');
    await browser.signInAs('hu-bin');
    expect(await find('黑名单')).toBe('/tag-map?tag=blacklist');
    expect(await find('heimingdan')).toBe('/tag-map?tag=blacklist');
    await browser.signInAs(await outsider());
    expect(await find('黑名单')).not.toBe('/tag-map?tag=blacklist');
  });
});

describe('tables as files', () => {
  async function download(path: string): Promise<readonly (readonly string[])[]> {
    const response = await browser.get(path);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="/);
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    return parseCsv(Buffer.from(bytes.subarray(3)));
  }

  test.each(tableNames)(
    '%s has heads in both languages, and lines as wide as they are',
    async (name) => {
      await browser.signInAs('hu-bin');
      const heads: (readonly string[])[] = [];
      for (const locale of ['zh-CN', 'en']) {
        await browser.post('/preferences', { locale });
        const [head = [], ...lines] = await download(`/export/${name}.csv`);
        expect(head.every((cell) => cell !== '')).toBe(true);
        expect(lines.every((line) => line.length === head.length)).toBe(true);
        heads.push(head);
      }
      expect(heads[0]).not.toEqual(heads[1]);
      expect(web.errors).toEqual([]);
    },
  );

  test('what a page filters is what its file holds, however many pages that is, in the same order', async () => {
    await browser.signInAs('li-lei');
    const page = await (await browser.get('/warnings?show=closed&owner=li-lei')).text();
    const shown = [...page.matchAll(/href="\/warnings\/(\d+)"/g)].map(([, id]) => id);
    const link = /href="(\/export\/warnings\.csv[^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&');
    const [, ...lines] = await download(link ?? '');
    expect(shown.length).toBeGreaterThan(0);
    expect(lines.map(([id]) => id)).toEqual([...new Set(shown)]);
  });

  test('a sensitive tag is in nobody’s file who may not see it, and no cell is run as a formula', async () => {
    const { sql } = testDatabase.database;
    await sql`update tag set definition = jsonb_set(definition, '{zh-CN}', '"=HYPERLINK(1)"')
      where code = 'high-value'`;
    await browser.signInAs('hu-bin');
    const ofAdmin = await download('/export/tags.csv');
    await browser.signInAs('li-lei');
    const ofOwner = await download('/export/tags.csv');
    const hidden = await sql<{ code: string }[]>`select code from tag where sensitive`;
    const codes = (lines: typeof ofAdmin) => lines.map(([code]) => code);
    for (const { code } of hidden) {
      expect(codes(ofAdmin)).toContain(code);
    }
    expect(codes(ofOwner).length).toBeLessThan(codes(ofAdmin).length);
    expect(ofAdmin.flat()).toContain("'=HYPERLINK(1)");
  });

  test('who took a table stands in the audit trail, and so does who was refused one', async () => {
    await browser.signInAs('li-lei');
    await download('/export/people.csv');
    expect((await browser.get('/export/audit.csv')).status).toBe(403);
    await browser.signInAs('hu-bin');
    const page = await (await browser.get('/audit')).text();
    expect(page).toContain('导出了表格');
    expect(page).toContain('表格 人员');
    expect(page).toContain('no right to see /export');
  });
});

describe('acting', () => {
  test('a button posts its action and comes back with what happened', async () => {
    await browser.signInAs('li-lei');
    await browser.get('/inbox');
    const action = { kind: 'claim', warningId: data.openWarningId };
    const response = await browser.post('/act', {
      action: JSON.stringify(action),
      return: '/inbox?item=warning-1',
    });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/inbox?item=warning-1');
    expect(web.interactions).toMatchObject([
      { person: { code: 'li-lei' }, interaction: { kind: 'button', action } },
    ]);
    expect(await (await browser.get('/inbox')).text()).toContain('好的。');
    expect(await (await browser.get('/inbox')).text()).not.toContain('好的。');
  });

  test('a form comes as a page, or alone where the script asked', async () => {
    await browser.signInAs('li-lei');
    const form = {
      locale: 'zh-CN' as const,
      title: '修复 <b>',
      blocks: [],
      fields: [
        {
          kind: 'choice' as const,
          id: 'resolution',
          label: '怎么处理',
          options: [{ value: 'keep-first', label: '保留「高价值客户」', hint: '' }],
          initial: 'keep-first',
        },
      ],
      submitLabel: '继续',
      submitStyle: 'primary' as const,
      action: { kind: 'choose-fix' as const, warningId: data.openWarningId },
    };
    web.replies.push({ kind: 'form', form }, { kind: 'form', form });
    const fields = {
      action: JSON.stringify({ kind: 'open-fix', warningId: data.openWarningId }),
    };
    const page = await (await browser.post('/act', fields)).text();
    expect(page).toContain('<!doctype html>');
    expect(page).toContain('修复 &lt;b&gt;');
    const alone = await browser.post('/act', fields, { 'x-tagwarden-inline': '1' });
    expect(alone.headers.get('x-tagwarden-reply')).toBe('form');
    expect(await alone.text()).not.toContain('<html');
    await browser.post('/act/form', {
      action: JSON.stringify(form.action),
      'field-resolution': 'keep-first',
    });
    expect(web.interactions.at(-1)?.interaction).toEqual({
      kind: 'form',
      action: form.action,
      fields: { resolution: 'keep-first' },
    });
  });

  test('a button that asks first is not sent until it is confirmed', async () => {
    await browser.signInAs('li-lei');
    const action = JSON.stringify({ kind: 'undo', fixId: 1 });
    const page = await (
      await browser.post('/act', {
        action,
        'confirm-title': '撤销？',
        'confirm-text': '会恢复原样。',
        'confirm-yes': '撤销',
      })
    ).text();
    expect(page).toContain('会恢复原样。');
    expect(web.interactions).toEqual([]);
    await browser.post('/act', { action });
    expect(web.interactions).toHaveLength(1);
  });

  test('what no button says is refused', async () => {
    await browser.signInAs('li-lei');
    for (const action of ['', '{', '{"kind":"claim"}', '{"kind":"drop-all","warningId":1}']) {
      expect((await browser.post('/act', { action })).status).toBe(400);
    }
    expect(web.interactions).toEqual([]);
  });

  test('after acting nobody is sent to another site', async () => {
    await browser.signInAs('li-lei');
    for (const target of ['https://evil.example', '//evil.example', '/\\evil.example']) {
      const response = await browser.post('/act', {
        action: JSON.stringify({ kind: 'show-inbox' }),
        return: target,
      });
      expect(response.headers.get('location')).toBe('/inbox');
    }
  });
});

describe('doors', () => {
  test('every page carries a strict content security policy and holds no inline script or style', async () => {
    await browser.signInAs('li-lei');
    for (const path of ['/sign-in', '/inbox', '/warnings', `/warnings/${data.openWarningId}`]) {
      const response = await browser.get(path);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(response.headers.get('cache-control')).toBe('no-store');
      const page = await response.text();
      expect(page).not.toMatch(/ style="| on[a-z]+="|<style|<script(?! src=)/);
    }
  });

  test('without a session pages lead to signing in and posts are refused', async () => {
    const response = await browser.get('/warnings?show=closed');
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(
      `/sign-in?next=${encodeURIComponent('/warnings?show=closed')}`,
    );
    expect((await browser.post('/act', { action: '{}' })).status).toBe(401);
  });

  test('a post without this browser’s token or from another site does nothing', async () => {
    await browser.signInAs('li-lei');
    const action = JSON.stringify({ kind: 'claim', warningId: data.openWarningId });
    const attempts = [
      browser.post('/act', { action, csrf: '' }),
      browser.post('/act', { action, csrf: '0'.repeat(64) }),
      browser.post('/act', { action }, { origin: 'https://evil.example' }),
      browser.post('/act', { action }, { origin: 'null' }),
    ];
    for (const response of await Promise.all(attempts)) expect(response.status).toBe(403);
    expect(web.interactions).toEqual([]);
  });

  test('the embedded console answers only to its own names', async () => {
    const stranger = new PlainBrowser(web.app, 'http://rebound.example');
    expect((await stranger.get('/sign-in')).status).toBe(421);
  });

  test('a sign-in link works once, within its time, and only by its button', async () => {
    const { database } = testDatabase;
    web = createTestConsole(database, { embedded: false });
    browser = new PlainBrowser(web.app);
    const made = await createSignInLink(
      { database, now: () => consoleNowMs },
      { person: await person('li-lei'), through: 'slack' },
    );
    if (made.kind !== 'done') throw new Error('The link was refused.');
    const path = `/sign-in/${made.token}`;
    expect((await browser.get(path)).status).toBe(200);
    expect((await browser.get(path)).status).toBe(200);
    expect((await browser.post(path, {})).headers.get('location')).toBe('/inbox');
    expect((await browser.get('/inbox')).status).toBe(200);
    const second = new PlainBrowser(web.app);
    await second.get(path);
    expect((await second.post(path, {})).status).toBe(403);
    const rows = await database.sql`select token_hash from sign_in_link`;
    expect(JSON.stringify(rows)).not.toContain(made.token);
    const late = createTestConsole(database, {
      embedded: false,
      now: () => consoleNowMs + 16 * 60_000,
    });
    const fresh = await createSignInLink(
      { database, now: () => consoleNowMs },
      { person: await person('li-lei'), through: 'slack' },
    );
    const tooLate = new PlainBrowser(late.app);
    if (fresh.kind !== 'done') throw new Error('The link was refused.');
    await tooLate.get(`/sign-in/${fresh.token}`);
    expect((await tooLate.post(`/sign-in/${fresh.token}`, {})).status).toBe(403);
  });

  test('in production nobody chooses who to be', async () => {
    web = createTestConsole(testDatabase.database, { embedded: false });
    browser = new PlainBrowser(web.app);
    expect(await (await browser.get('/sign-in')).text()).not.toContain('name="person"');
    expect((await browser.post('/sign-in', { person: 'li-lei' })).status).toBe(404);
  });

  test('a token of the API is shown once, does what its roles allow, and nothing once it is revoked', async () => {
    await browser.signInAs('li-lei');
    const refused = await browser.post('/tokens', { name: '打标助手', days: '30' });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('请至少选择一个');
    const answer = await browser.post('/tokens', { name: '打标助手', days: '30', role: 'owner' });
    const token = />([\w-]{43})</.exec(await answer.text())?.[1];
    const call = async () => {
      const { status } = await web.app.request('http://localhost/api/v1/tags', {
        headers: { authorization: `Bearer ${token}` },
      });
      return status;
    };
    expect(await call()).toBe(200);
    const list = await (await browser.get('/tokens')).text();
    expect(list).not.toContain(token);
    const [, id = ''] = /\/tokens\/(\d+)\/revoke/.exec(list) ?? [];

    const colleague = new PlainBrowser(web.app);
    await colleague.signInAs('qian-xue');
    expect(await (await colleague.get('/tokens')).text()).not.toContain('打标助手');
    await colleague.post(`/tokens/${id}/revoke`, {});
    expect(await (await colleague.get('/tokens')).text()).toContain(`没有找到 API 令牌 ${id}`);
    expect(await call()).toBe(200);

    await browser.post(`/tokens/${id}/revoke`, {});
    expect(await call()).toBe(401);
    await browser.signInAs('hu-bin');
    expect(await (await browser.get('/audit')).text()).toContain('吊销了 API 令牌');
  });

  test('signing out ends the session itself, not just the cookie', async () => {
    await browser.signInAs('li-lei');
    const token = browser.cookie('tagwarden');
    await browser.post('/sign-out', {});
    const response = await web.app.request('http://localhost/inbox', {
      headers: { cookie: `tagwarden=${token}` },
    });
    expect(response.status).toBe(303);
  });

  test('too many attempts to sign in are turned away for a while', async () => {
    await testDatabase.database.sql`delete from attempt`;
    await browser.get('/sign-in');
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 32; attempt += 1) {
      statuses.push((await browser.post(`/sign-in/${'x'.repeat(43)}`, {})).status);
    }
    expect(statuses.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 403));
    expect(statuses.slice(30)).toEqual([429, 429]);
    const otherProcess = new PlainBrowser(createTestConsole(testDatabase.database).app);
    await otherProcess.get('/sign-in');
    const elsewhere = await otherProcess.post(`/sign-in/${'x'.repeat(43)}`, {});
    expect(elsewhere.status).toBe(429);
    expect(elsewhere.headers.get('retry-after')).toBe('60');
    await testDatabase.database.sql`delete from attempt`;
  });

  test('one session may open so many pages a minute, and hears when to come again', async () => {
    const { app } = createTestConsole(testDatabase.database, {
      limits: { callsPerMinute: 1, checksPerMinute: 1, pagesPerMinute: 3 },
    });
    const [busy, other] = [new PlainBrowser(app), new PlainBrowser(app)];
    await busy.signInAs('li-lei');
    await other.signInAs('li-lei');
    const statuses = [];
    for (const path of ['/check', '/check', '/check']) statuses.push((await busy.get(path)).status);
    expect(statuses).toEqual([200, 200, 429]);
    const refused = await busy.get('/check');
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(await refused.text()).toContain('60');
    const rows = await testDatabase.database.sql`
      select actor_code from audit_row where after ->> 'reason' = 'too many pages'`;
    expect(rows).toEqual([{ actor_code: 'li-lei' }, { actor_code: 'li-lei' }]);
    expect((await other.get('/check')).status).toBe(200);
  });

  test('over https cookies are secure and bound to the host', async () => {
    web = createTestConsole(testDatabase.database, { publicUrl: 'https://tagwarden.example' });
    browser = new PlainBrowser(web.app, 'https://tagwarden.example');
    await browser.get('/sign-in');
    const response = await browser.post('/sign-in', { person: 'li-lei' });
    const cookie = response.headers
      .getSetCookie()
      .find((line) => line.startsWith('__Host-tagwarden='));
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/Secure/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(response.headers.get('strict-transport-security')).not.toBeNull();
  });
});

test('a data admin brings a list of tags, says what its columns mean, and takes in the good rows', async () => {
  const { database } = testDatabase;
  const now = () => consoleNowMs;
  const context = { database, now, temporal: importingTemporal(database, now) };
  const visit = new PlainBrowser(createTestConsole(database, { context }).app);
  await visit.signInAs('hu-bin');
  await visit.get('/tag-imports');
  const table = '名字,解释,负责人\n夜猫子客户,只在夜里下单,李雷\n另一个,没人负责,谁\n';
  const file = new File([table], '标签.csv');
  const brought = await visit.postFile('/tag-imports', { file, category: 'behaviour' });
  const path = brought.headers.get('location') ?? '';
  expect(path).toMatch(/^\/tag-imports\/\d+$/);
  expect(await (await visit.get(path)).text()).toContain('不能导入');
  const meant = { 'column-0': 'name', 'column-1': 'definition', 'column-2': 'owner' };
  await visit.post(`${path}/columns`, { ...meant, category: 'behaviour' });
  const looked = await (await visit.get(path)).text();
  expect(looked).toContain('责任人“谁”不存在');
  expect(looked).toContain('只写入没有问题的 1 行，跳过 1 行');
  await visit.post(`${path}/take-in`, { rows: 'good' });
  expect(await (await visit.get(path)).text()).toContain('新增 1 个标签');
  const report = await (await visit.get(`${path}/report.csv`)).text();
  expect(report).toContain('2,ye-mao-zi-ke-hu,夜猫子客户,新增,');
  expect((await visit.get('/tags/ye-mao-zi-ke-hu')).status).toBe(200);
  const refused = await visit.postFile('/tag-imports', { file: new File(['\0xy'], 'a.csv') });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('无法识别文件的编码');
});

test('a rule is asked for by its form: in words, with errors beside the fields, tried out, sent', async () => {
  const started: string[] = [];
  const visit = new PlainBrowser(startingWorkflows(started).app);
  await visit.signInAs('hu-bin');
  const path = '/requests/new-rule';
  const fields = {
    of: 'exclusive',
    rule: '',
    'field-name': '会员不能在黑名单',
    'field-nameEn': 'No VIP on the blacklist',
    'field-tags': 'VIP, 没有这个标签',
    'field-severity': 'high',
    'field-owner': '',
    'field-reason': '两边会同时触达',
  };
  const faulty = await visit.post(path, { ...fields, step: 'look' });
  expect(faulty.status).toBe(422);
  const wrong = await faulty.text();
  expect(wrong).toContain('没有标签“没有这个标签”');
  expect(wrong).toContain('value="vip" checked');
  expect(wrong).toContain('value="会员不能在黑名单"');
  const sound = { ...fields, 'field-tags': 'vip,黑名单' };
  const words = await (await visit.post(path, { ...sound, step: 'words' })).text();
  expect(words).toContain('VIP客户 · 黑名单');
  const tried = await visit.post(path, { ...sound, step: 'test' });
  expect(tried.status).toBe(200);
  expect(await tried.text()).toMatch(/<dt>会标出的客户<\/dt><dd>/);
  const sent = await visit.post(path, { ...sound, step: 'submit' });
  expect(sent.status).toBe(303);
  expect(started).toHaveLength(1);
  const [row] = await testDatabase.database.sql<{ after: unknown }[]>`
    select proposal->'after' as after from request order by id desc limit 1`;
  expect(row?.after).toMatchObject({
    code: 'no-vip-on-the-blacklist',
    kind: 'exclusive',
    tagCodes: ['vip', 'blacklist'],
    severity: 'high',
  });
  const kept = await visit.post(path, { ...fields, step: 'save' });
  expect(kept.headers.get('location')).toBe('/requests');
  const drafts = await (await visit.get('/requests')).text();
  const [, draftId = ''] =
    /new-rule\?draft=(\d+)">新建规则 · [^<]* · 会员不能在黑名单</.exec(drafts) ?? [];
  const draftPath = `${path}?draft=${draftId}`;
  expect(await (await visit.get(draftPath)).text()).toContain('value="会员不能在黑名单"');
  expect((await visit.get(`/requests/new?draft=${draftId}`)).status).toBe(404);
  const again = { ...sound, 'field-nameEn': 'Neither', draft: draftId, step: 'submit' };
  expect((await visit.post(path, again)).status).toBe(303);
  expect((await visit.get(draftPath)).status).toBe(404);
  const present = await (await visit.get(`${path}?rule=too-many-tags`)).text();
  expect(present).toMatch(/name="field-tagsMax" value="12"/);
  expect((await visit.get(`${path}?rule=no-such-rule`)).status).toBe(404);
});

test('the form of a change has a tag as it is, with parent, departments and criteria', async () => {
  const visit = new PlainBrowser(web.app);
  await visit.signInAs('hu-bin');
  const page = await (await visit.get('/requests/new?kind=change&tag=high-value')).text();
  expect(page).toContain('last_order_at');
  const fields = {
    kind: 'change',
    step: 'look',
    'field-tag': 'high-value',
    'field-definition': '近12个月消费满10万元，且6个月内有过下单。',
    'field-level': 'main',
    'field-category': 'transaction',
    'field-lifeDays': '',
    'field-departments': 'sales',
    'field-sensitive': 'yes',
    'field-seenBy': 'marketing',
    'field-criteria': '{"attribute":"spend_12m","atLeast":200000}',
  };
  const looked = await visit.post('/requests/new', { ...fields, 'field-parent': '' });
  expect(looked.status).toBe(200);
  const preview = await looked.text();
  expect(preview).toContain('<del>销售部、市场部</del>');
  expect(preview).toContain('200,000');
  expect(preview).toMatch(/敏感标签：<del>否<\/del> → <strong>是<\/strong>/);
  expect(preview).toMatch(/可见部门：<strong>市场部<\/strong>/);
  expect(preview).toMatch(/name="field-seenBy" value="marketing" checked/);
  expect(preview).toMatch(/name="field-sensitive" value="yes" checked/);
  const short = { kind: 'change', 'field-tag': 'high-value', 'field-definition': '还没想好' };
  await visit.post('/requests/new', { ...short, step: 'save' });
  const [draft = ''] =
    /requests\/new\?draft=\d+/.exec(await (await visit.get('/requests')).text()) ?? [];
  const reopened = await (await visit.get(`/${draft}`)).text();
  expect(reopened).toContain('还没想好');
  expect(reopened, 'what a form in chat does not ask for').toMatch(/value="sales" checked/);
  const refusals = [
    { 'field-parent': '没有这个标签' },
    { 'field-parent': 'high-value' },
    { 'field-parent': '', 'field-criteria': '{"attribute":"nothing","atLeast":1}' },
  ];
  for (const wrong of refusals) {
    expect((await visit.post('/requests/new', { ...fields, ...wrong })).status).toBe(422);
  }
});

test('the form of a new tag says all that a tag has, and who may see it', async () => {
  const visit = new PlainBrowser(startingWorkflows([]).app);
  await visit.signInAs('hu-bin');
  const fields = {
    kind: 'create',
    'field-name': '破产清算客户',
    'field-nameEn': 'Being wound up',
    'field-code': 'being-wound-up',
    'field-definition': '正在破产清算的客户。',
    'field-level': 'main',
    'field-category': 'basic',
    'field-lifeDays': '',
    'field-confirmEveryDays': '90',
    'field-parent': '',
    'field-departments': 'risk',
    'field-sensitive': 'yes',
    'field-seenBy': 'marketing',
    'field-criteria': '{"attribute":"spend_12m","atLeast":1}',
    'field-reason': '法务要求单独管理',
  };
  const wrong = await visit.post('/requests/new', {
    ...fields,
    step: 'look',
    'field-lifeDays': 'x',
  });
  expect(wrong.status).toBe(422);
  const looked = await (await visit.post('/requests/new', { ...fields, step: 'look' })).text();
  expect(looked).toMatch(/name="field-seenBy" value="marketing" checked/);
  expect(looked).toMatch(/name="field-confirmEveryDays" value="90"/);
  const sent = await visit.post('/requests/new', { ...fields, step: 'submit' });
  const path = sent.headers.get('location') ?? '';
  const page = await (await visit.get(path)).text();
  for (const shown of ['敏感标签', '可见部门', '重新确认周期', '打标条件']) {
    expect(page).toContain(shown);
  }
  await visit.signInAs('lin-xiao');
  expect((await visit.get(path)).status).toBe(200);
  const stranger = new PlainBrowser(web.app);
  await stranger.signInAs('li-lei');
  const list = await (await stranger.get('/requests')).text();
  expect(list.includes('破产清算客户')).toBe(false);
});

test('tags ticked in the list become the lines of a batch, new ones are asked for with what they mean', async () => {
  await browser.signInAs('li-lei');
  await browser.post('/preferences', { locale: 'en' });
  expect(await (await browser.get('/tags?q=high-value')).text()).toContain(
    'name="id" value="high-value"',
  );
  const ticked = await browser.post('/requests/new-batch', {
    step: 'list',
    kind: 'retire',
    id: 'high-value',
  });
  expect(await ticked.text()).toMatch(/<textarea name="list"[^>]*>\s*high-value\s*<\/textarea>/u);
  const begun = { kind: 'retire', list: 'vip\nno-such-tag', reason: '还没写完' };
  await browser.post('/requests/new-batch', { ...begun, step: 'save' });
  const drafts = await (await browser.get('/requests')).text();
  const [, draft = ''] = /new-batch\?draft=(\d+)">[^<]* · vip</.exec(drafts) ?? [];
  const reopened = await (await browser.get(`/requests/new-batch?draft=${draft}`)).text();
  expect(reopened).toContain('no-such-tag');
  expect(reopened).toContain('还没写完');
  await browser.post('/requests/new-batch', { ...begun, draft, step: 'discard' });
  expect((await browser.get(`/requests/new-batch?draft=${draft}`)).status).toBe(404);
  const given = await browser.post('/requests/new-batch', {
    step: 'list',
    kind: 'owner',
    id: 'vip',
  });
  expect(await given.text()).toContain('vip → ');
  const bare = await browser.post('/requests/new-batch', { kind: 'create', list: '夜间下单 → ' });
  expect(bare.status).toBe(422);
  const looked = await browser.post('/requests/new-batch', {
    kind: 'create',
    list: '夜间下单 | Night buyer → 晚上十点后下过单\n周末下单 → 周六或周日下过单',
    reason: '来源系统在用',
  });
  const page = await looked.text();
  expect(looked.status).toBe(200);
  expect(page).toContain('Night buyer');
  expect(page).toContain('周六或周日下过单');
  expect(page).toContain('value="submit"');
});

test('a template of the policy opens its form filled in, for the people it is meant for', async () => {
  await browser.signInAs('li-lei');
  const offered = await (await browser.get('/requests/new')).text();
  expect(offered).toContain('/requests/new?template=hand-over');
  expect(offered).not.toContain('template=campaign-tag');
  expect((await browser.get('/requests/new?template=campaign-tag')).status).toBe(404);
  const form = await (await browser.get('/requests/new?template=hand-over')).text();
  expect(form).toContain('岗位变动，责任人交接');
  expect(form).toContain('name="kind" value="owner"');
});
