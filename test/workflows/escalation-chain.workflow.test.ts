import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Temporal } from 'temporal-polyfill';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { kindOfChineseDay } from '../../activities/working-time.ts';
import { buildPerson } from '../support/builders.ts';
import { people } from '../../db/schema/people.ts';
import { settleCompany, testPolicy } from '../support/company.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startLifecycle, type Lifecycle } from '../support/lifecycle.ts';
import { createTimeSkippingEnvironment } from '../support/temporal.ts';

const hourMs = 3_600_000;
/** The Tuesday before National Day 2026: the holiday runs from Thursday 1 to Wednesday 7 October, 10 October is worked. */
const storyBegins = Temporal.PlainDate.from('2026-09-29');

let environment: TestWorkflowEnvironment;
let testDatabase: TestDatabase;
let life: Lifecycle;
/** Whole weeks between the story and the test's clock, which cannot be set back. */
let weeksLater = 0;
let beginAtMs = 0;

// A clock that was passed on cannot be set back: each test, also one that is repeated, has one of its own.
beforeEach(async () => {
  [environment, testDatabase] = await Promise.all([
    createTimeSkippingEnvironment(),
    createTestDatabase(),
  ]);
  const today = Temporal.Instant.fromEpochMilliseconds(await environment.currentTimeMs())
    .toZonedDateTimeISO('Asia/Shanghai')
    .toPlainDate();
  weeksLater = Math.ceil((storyBegins.until(today, { largestUnit: 'day' }).days + 1) / 7);
  beginAtMs = clockOf('2026-09-29T08:30');
  await settleCompany(testDatabase.database, {
    policy: {
      ...testPolicy,
      duties: [
        {
          code: 'watch',
          name: { 'zh-CN': '值班', en: 'Watch' },
          memberCodes: ['zhang-san', 'li-si'],
          rotation: {
            kind: 'shifts',
            every: 'week',
            startsOn: storyBegins.add({ weeks: weeksLater, days: 6 }).toString(),
            handOverMinute: 9 * 60,
            timeZone: 'Asia/Shanghai',
          },
        },
      ],
      escalation: [
        { on: 'claim-missed', afterMs: 0, to: { kind: 'second-line' } },
        { on: 'claim-missed', afterMs: 6 * hourMs, to: { kind: 'duty', code: 'watch' } },
        { on: 'close-missed', afterMs: 0, to: { kind: 'manager' } },
        { on: 'close-missed', afterMs: 8 * hourMs, to: { kind: 'role', role: 'data-admin' } },
        { on: 'close-missed', afterMs: 24 * hourMs, to: { kind: 'person', code: 'boss' } },
      ],
    },
  });
  await testDatabase.database.query
    .insert(people)
    .values([
      buildPerson({ code: 'zhang-san' }),
      buildPerson({ code: 'li-si' }),
      buildPerson({ code: 'boss', roles: ['manager'] }),
    ]);
  life = await startLifecycle({
    environment,
    database: testDatabase.database,
    kindOfDay: (day) =>
      kindOfChineseDay(Temporal.PlainDate.from(day).subtract({ weeks: weeksLater }).toString()),
  });
});
afterEach(async () => {
  await life?.endAll();
  await life?.stop();
  await environment?.teardown();
  await testDatabase?.drop();
});

/** The instant on the test's clock of a wall clock in the story. */
function clockOf(story: string): number {
  return Temporal.PlainDateTime.from(story)
    .add({ weeks: weeksLater })
    .toZonedDateTime('Asia/Shanghai').epochMilliseconds;
}

async function passUntil(story: string): Promise<void> {
  await life.pass(clockOf(story) - (await life.now()));
}

test('a new warning waits for its first card, and is never sent where it is over by then', async () => {
  const { sql } = testDatabase.database;
  await sql`update policy set body = jsonb_set(body, '{grouping,waitMs}', '600000')`;
  const [over, stays, taken] = [await life.open(), await life.open(), await life.open()];
  const cardOf = (warning: typeof over) => life.inbox.cardOf('li-lei', warning.id);
  await life.pass('2 minutes');
  await life.news(over, 0);
  await life.act(taken, 'li-lei', { kind: 'claim' });
  await life.pass('2 minutes');
  expect([cardOf(over), cardOf(stays), cardOf(taken)?.status]).toEqual([
    undefined,
    undefined,
    'claimed',
  ]);
  await life.pass('10 minutes');
  expect([cardOf(over), cardOf(stays)?.status]).toEqual([undefined, 'open']);
  await life.endAll();
  await sql`update policy set body = jsonb_set(body, '{grouping,waitMs}', '0')`;
});

test('one warning goes up the whole chain, in working time over National Day', async () => {
  await life.pass(beginAtMs - (await life.now()));
  const warning = await life.open({ severity: 'medium' });
  const minute = 60_000;
  const steps = [
    // 4 working hours to claim: Tuesday 9 to 14.
    { at: '2026-09-29T14:00', reaches: ['han-meimei'] },
    // 6 more: 4 on Tuesday, 2 on Wednesday. The first shift is yet to begin, so the one before it is on.
    { at: '2026-09-30T11:00', reaches: ['li-si'] },
    // 16 in all to close: Tuesday and Wednesday.
    { at: '2026-09-30T18:00', reaches: ['zhao-lin'] },
    // 8 working hours after: the whole Thursday after the holiday.
    { at: '2026-10-08T18:00', reaches: ['data-admin'] },
    // 24 after: Friday, and the Saturday that makes up for the holiday.
    { at: '2026-10-10T18:00', reaches: ['boss'] },
  ];
  for (const [index, { at, reaches }] of steps.entries()) {
    await life.pass(clockOf(at) - minute - (await life.now()));
    expect((await life.read(warning)).level, `a minute before ${at}`).toBe(index);
    await life.pass(2 * minute);
    const now = await life.until(warning, ({ level }) => level === index + 1);
    expect(now.escalations.at(-1)).toMatchObject({ personCodes: reaches });
    const lateMs = (now.escalations.at(-1)?.atMs ?? 0) - clockOf(at);
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(2 * minute);
    await life.pass('1 minute');
    for (const code of reaches) {
      expect(life.inbox.cardOf(code, warning.id), `${code} has the card`).toBeDefined();
    }
  }
  const actions = await life.audit(warning);
  expect(actions.filter((action) => action === 'warning.escalated')).toHaveLength(5);
  const rows = await testDatabase.database.sql<{ to: string }[]>`
    select after ->> 'escalatedTo' as to from audit_row
    where action = 'warning.escalated' and subject_id = ${String(warning.id)} order by id`;
  expect(rows.map((row) => row.to)).toEqual([
    'han-meimei',
    'li-si',
    'zhao-lin',
    'data-admin',
    'boss',
  ]);
  await passUntil('2026-10-12T09:00');
  await life.act(warning, 'boss', { kind: 'claim' });
  await life.record('warning-up-the-whole-chain', warning);
});
