import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiToken } from '../../commands/create-api-token.ts';
import { createDigest, readDigestView } from '../../db/stores/digests.ts';
import { loadPeople } from '../../db/stores/people.ts';
import { formatDuration } from '../../web/format.ts';
import { sumCounts } from '../../db/stores/warning-figures.ts';
import {
  consoleNowMs,
  createTestConsole,
  PlainBrowser,
  type TestConsole,
} from '../support/console.ts';
import { seedConsole } from '../support/console-data.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const weekMs = 7 * 86_400_000;

let testDatabase: TestDatabase;
let web: TestConsole;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await seedConsole(testDatabase.database, consoleNowMs);
  web = createTestConsole(testDatabase.database);
});
afterAll(() => testDatabase.drop());

interface OverviewAnswer {
  readonly health: {
    readonly score: number;
    readonly parts: readonly { kind: string; good: number; of: number }[];
  };
  readonly week: Readonly<Record<'open' | 'opened' | 'closed' | 'overdue', number>>;
  readonly recurred: number;
  readonly times: { readonly close: { readonly p50: number } | null };
  readonly timesByWeek: readonly {
    readonly claim: { readonly p50: number } | null;
    readonly close: { readonly p50: number; readonly p90: number } | null;
  }[];
  readonly recurrence: readonly number[];
  readonly flow: readonly {
    week: number;
    department: string | null;
    opened: number;
    closed: number;
  }[];
  readonly backlog: readonly { department: string | null; open: number; overdue: number }[];
  readonly standing: readonly { open: number; overdue: number }[];
  readonly precision: readonly { right: number; wrong: number }[];
  readonly comparison: { readonly before: unknown; readonly now: { findings: number } } | null;
}

async function overviewOf(of: string, personCode: string): Promise<OverviewAnswer> {
  const { database } = testDatabase;
  const person = (await loadPeople(database.query)).get(personCode);
  if (person === undefined) throw new Error(`The sample has no ${personCode}.`);
  const made = await createApiToken(
    { database, now: () => consoleNowMs },
    { person, through: 'cli' },
    { name: 'test', roles: person.roles, lifeDays: 1 },
  );
  if (made.kind === 'refused') throw new Error(`Refused: ${made.refusal.kind}.`);
  const response = await web.app.request(`http://localhost/api/v1/overview?of=${of}`, {
    headers: { authorization: `Bearer ${made.token}` },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as OverviewAnswer;
}

test('the digest of a business line, the API and the console tell the same numbers', async () => {
  const { database } = testDatabase;
  const reader = (await loadPeople(database.query)).get('zhang-wei');
  if (reader === undefined) throw new Error('The sample has no zhang-wei.');
  const period = { fromMs: consoleNowMs - weekMs, untilMs: consoleNowMs };
  const id = await createDigest(database, {
    audience: { kind: 'person', person: reader },
    every: 'week',
    beforeMs: period.fromMs - weekMs,
    ...period,
    nowMs: consoleNowMs,
  });
  const digest = await readDigestView(database, id);
  if (digest === null) throw new Error('There is no digest.');
  const overview = await overviewOf('mine', 'zhang-wei');
  const { week, recurred, timesByWeek } = overview;
  expect(week).toEqual(sumCounts(digest.bySeverity));
  expect(recurred).toBe(digest.recurred);
  expect(week.open + week.closed).toBeGreaterThan(0);
  expect(timesByWeek).toHaveLength(12);
  expect(timesByWeek.at(-1)?.close?.p50 ?? null).toBe(digest.medianCloseMs);
  expect(timesByWeek.at(-1)?.claim?.p50 ?? null).toBe(digest.medianClaimMs);
  expect(timesByWeek.at(-2)?.close?.p50 ?? null).toBe(digest.before.medianCloseMs);
  expect(timesByWeek.at(-2)?.claim?.p50 ?? null).toBe(digest.before.medianClaimMs);
  expect(overview.recurrence.at(-2)).toBe(digest.before.recurred);
  expect(overview.health.score).toBe(digest.health.now);
  const drawn = digest.trends.standing.map(({ open, overdue }) => ({ open, overdue }));
  expect(overview.standing.slice(-drawn.length)).toEqual(drawn);
  const openedOf = (weekIndex: number) =>
    overview.flow
      .filter((line) => line.week === weekIndex)
      .reduce((sum, { opened }) => sum + opened, 0);
  expect(
    digest.trends.opened.map(({ byKind }) => byKind.reduce((sum, { opened }) => sum + opened, 0)),
  ).toEqual(drawn.map((_, step) => openedOf(12 - drawn.length + step)));

  const browser = new PlainBrowser(web.app);
  await browser.signInAs('zhang-wei');
  const page = await (await browser.get('/overview?of=mine')).text();
  const tiles = [...page.matchAll(/<li class="tile">.*?<strong[^>]*>([^<]*)<\/strong>/g)];
  expect(tiles.slice(0, 5).map(([, value]) => Number(value))).toEqual([
    week.open,
    week.overdue,
    week.opened,
    week.closed,
    recurred,
  ]);
  const inWords = (durationMs: number | null) =>
    durationMs === null ? '—' : formatDuration(durationMs, 'zh-CN');
  expect(tiles[5]?.[1]).toBe(inWords(digest.medianCloseMs));
  expect(page).toContain(`上周 ${inWords(digest.before.medianCloseMs)}`);

  const file = await (await browser.get('/export/times.csv?of=mine')).text();
  const lastWeek = file.trim().split('\r\n').at(-1)?.split(',') ?? [];
  const hours = (durationMs?: number) =>
    durationMs === undefined ? '' : (durationMs / 3_600_000).toFixed(1);
  const { close } = timesByWeek.at(-1) ?? {};
  expect([lastWeek[4], lastWeek[6]]).toEqual([hours(close?.p50), hours(close?.p90)]);
});

test('the parts add up: backlog to what is open, weeks to what was opened and closed', async () => {
  const { week, flow, backlog, standing, timesByWeek } = await overviewOf('', 'hu-bin');
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  expect(sum(backlog.map(({ open }) => open))).toBe(week.open);
  expect(sum(backlog.map(({ overdue }) => overdue))).toBe(week.overdue);
  expect(standing).toHaveLength(12);
  expect(standing.at(-1)).toEqual({ open: week.open, overdue: week.overdue });
  const present = flow.filter((line) => line.week === 11);
  expect(sum(present.map(({ opened }) => opened))).toBe(week.opened);
  expect(sum(present.map(({ closed }) => closed))).toBe(week.closed);
  const closedInWeek = timesByWeek.map((_, step) =>
    sum(flow.filter((line) => line.week === step).map(({ closed }) => closed)),
  );
  expect(sum(closedInWeek)).toBeGreaterThan(0);
  expect(timesByWeek.map(({ close }) => close !== null)).toEqual(
    closedInWeek.map((closed) => closed > 0),
  );
  for (const { close } of timesByWeek) {
    expect(close?.p90 ?? 0).toBeGreaterThanOrEqual(close?.p50 ?? 0);
  }
});

test('what came back is counted by week as the database has it, and each field of the heat map leads to as many warnings', async () => {
  const { sql } = testDatabase.database;
  const copies = 2;
  await sql`insert into warning overriding system value
    select (jsonb_populate_record(warning, jsonb_build_object('id', -copy, 'state', 'closed',
      'state_body', ${sql.json({ kind: 'closed', reason: 'fixed', by: 'li-lei', atMs: 0 })}::jsonb,
      'opened_at', opened_at - (2 * copy - 1) * interval '7 days',
      'closed_at', opened_at - (2 * copy - 1) * interval '7 days' + interval '1 hour'))).*
    from warning cross join generate_series(1, ${copies}) copy where rule_code = 'high-value-x-blacklist'
    on conflict do nothing`;
  web = createTestConsole(testDatabase.database);
  const { recurrence, recurred, flow, backlog } = await overviewOf('', 'hu-bin');
  const counted = await sql<{ week: number; count: number }[]>`
    select 11 - floor((${consoleNowMs} - extract(epoch from opened_at) * 1000 - 1) / ${weekMs})::int as week, count(*)::int as count
    from warning where opened_at >= ${consoleNowMs - 12 * weekMs}
      and exists (select from warning earlier where earlier.fingerprint = warning.fingerprint
        and earlier.id <> warning.id and earlier.closed_at <= warning.opened_at)
    group by 1 order by 1`;
  expect(counted.length).toBe(copies);
  expect(recurrence.flatMap((count, week) => (count === 0 ? [] : [{ week, count }]))).toEqual(
    counted.map((line) => ({ ...line })),
  );
  expect(recurrence.at(-1)).toBe(recurred);
  for (const [week, count] of recurrence.entries()) {
    const opened = flow.filter((line) => line.week === week).map((line) => line.opened);
    expect(count).toBeLessThanOrEqual(opened.reduce((sum, number) => sum + number, 0));
  }
  expect(new Set(flow.map(({ department }) => department)).size).toBeGreaterThan(0);

  const browser = new PlainBrowser(web.app);
  await browser.signInAs('zhang-wei');
  for (const of of ['', 'mine', 'sales']) {
    const page = await (await browser.get(`/overview?of=${of}`)).text();
    const fields = [
      ...page.matchAll(/<a href="([^"]+)" class="heat-link" aria-label="[^"]* (\d+)">/g),
    ];
    expect(fields.length, of).toBeGreaterThan(0);
    for (const [, href = '', count] of fields) {
      const list = await (await browser.get(href.replaceAll('&amp;', '&'))).text();
      expect(list.match(/data-queue-row/g)?.length, href).toBe(Number(count));
    }
  }
  expect(backlog.length).toBeGreaterThan(0);
});

test('health counts what can be judged, customers by the last full scan', async () => {
  const { health } = await overviewOf('', 'hu-bin');
  expect(health.parts.find(({ kind }) => kind === 'clean')).toMatchObject({
    good: 20_000 - 37,
    of: 20_000,
  });
  expect(health.score).toBeGreaterThan(0);
  expect(health.score).toBeLessThanOrEqual(100);
});

test('the first month is held against the last once both are over', async () => {
  const { sql } = testDatabase.database;
  const looks = [5_000, 1_200].map((tags, index) => ({ ended_at: index, tags, open: 0 }));
  await sql`insert into candidate_search ${sql(looks)}`;
  web = createTestConsole(testDatabase.database);
  expect((await overviewOf('', 'hu-bin')).comparison).toMatchObject({
    before: { tags: 5_000, findings: 412, warningsOpened: null },
    now: { tags: 1_200, findings: 412 },
  });
  const longAgoMs = consoleNowMs - 90 * 86_400_000;
  await sql`insert into scan (id, kind, state, started_at, finished_at, customers, findings_open)
    values (-1, 'full', 'done', ${longAgoMs}, ${longAgoMs}, 10, 5000)`;
  const later = createTestConsole(testDatabase.database);
  web = later;
  const { comparison } = await overviewOf('', 'hu-bin');
  expect(comparison).toMatchObject({
    before: { findings: 5_000, warningsOpened: 0 },
    now: { findings: 412 },
  });
});

test('a warning about a sensitive tag counts for who answers for it, and for nobody else', async () => {
  const everybody = await overviewOf('', 'hu-bin');
  const owner = await overviewOf('', 'li-lei');
  const outsider = await overviewOf('', 'chen-hao');
  expect(owner.week.open).toBe(everybody.week.open);
  expect(outsider.week.open).toBe(everybody.week.open - 1);
});
