import { ApplicationFailure, WorkflowUpdateFailedError } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { eq } from 'drizzle-orm';
import { contestPoints, decidePoints } from '../../commands/assessment.ts';
import { grantException } from '../../commands/grant-exception.ts';
import { policies, rules } from '../../db/schema/dictionary.ts';
import { calendars, people } from '../../db/schema/people.ts';
import { writeNote } from '../../db/stores/warnings.ts';
import type { AssessmentPolicy } from '../../domain/assessment.ts';
import type { AutoFix } from '../../domain/automatic-fix.ts';
import type { ClaimPolicy } from '../../domain/policy.ts';
import type { Warning } from '../../domain/warning.ts';
import {
  lookAgainSignal,
  pointsWorkflowId,
  undoWorkflowId,
  taskQueues,
  warningWorkflowId,
} from '../../workflows/messages.ts';
import { buildPerson } from '../support/builders.ts';
import {
  blacklistRule,
  highValue,
  settleCompany,
  testPolicy,
  wangFang,
  zhaoLin,
} from '../support/company.ts';
import { plantConflicts } from '../support/conflicts.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startLifecycle, type Lifecycle } from '../support/lifecycle.ts';
import { recordHistory } from '../support/stored-history.ts';
import { createTimeSkippingEnvironment } from '../support/temporal.ts';

const hourMs = 3_600_000;

let environment: TestWorkflowEnvironment;
let testDatabase: TestDatabase;
let life: Lifecycle;

beforeAll(async () => {
  [environment, testDatabase] = await Promise.all([
    createTimeSkippingEnvironment(),
    createTestDatabase(),
  ]);
  await settleCompany(testDatabase.database);
  life = await startLifecycle({ environment, database: testDatabase.database });
});
afterEach(() => life.endAll());
afterAll(async () => {
  await life?.stop();
  await environment?.teardown();
  await testDatabase?.drop();
});

function levelOf(personCode: string, warning: Warning): string {
  const card = life.inbox.cardOf(personCode, warning.id);
  return card === undefined ? 'no card' : JSON.stringify(card.blocks);
}

async function refusalOf(attempt: Promise<unknown>): Promise<unknown> {
  const error: unknown = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure ? cause.details?.[0] : error;
}

test('no claim in 2 h: the second line has the card and the first says so; no fix in 24 h: the manager', async () => {
  const warning = await life.open();
  await life.pass('119 minutes');
  expect((await life.read(warning)).level).toBe(0);
  expect(levelOf('li-lei', warning)).toContain('level 0');
  expect(levelOf('han-meimei', warning)).toBe('no card');
  await life.pass('2 minutes');
  await life.until(warning, (now) => now.level === 1);
  await life.pass('1 minute');
  expect(levelOf('li-lei', warning)).toContain('level 1');
  expect(levelOf('han-meimei', warning)).toContain('level 1');
  expect(levelOf('zhao-lin', warning)).toBe('no card');
  await life.pass('22 hours');
  await life.until(warning, (now) => now.level === 2);
  await life.pass('1 minute');
  for (const code of ['li-lei', 'han-meimei', 'zhao-lin']) {
    expect(levelOf(code, warning)).toContain('level 2');
  }
  expect(await life.audit(warning)).toEqual([
    'warning.opened',
    'warning.escalated',
    'warning.escalated',
  ]);
  await life.record('warning-escalated-twice', warning);
});

test('reminders come at their parts of each deadline, to whoever has it', async () => {
  const warning = await life.open();
  await life.pass('61 minutes');
  expect(await life.purposes(warning, 'li-lei')).toEqual(['owner', 'reminder-claim-1']);
  await life.act(warning, 'han-meimei', { kind: 'claim' });
  await life.pass('12 hours');
  expect(await life.purposes(warning, 'li-lei')).toEqual(['owner', 'reminder-claim-1']);
  expect(await life.purposes(warning, 'han-meimei')).toEqual(['reminder-close-1']);
  await life.pass('10 hours');
  expect(await life.purposes(warning, 'han-meimei')).toEqual([
    'reminder-close-1',
    'reminder-close-2',
  ]);
  expect((await life.read(warning)).level).toBe(0);
});

test('while nobody is on duty time stands still; an absence entered later puts deadlines and reminders off', async () => {
  const { query } = testDatabase.database;
  const always = [{ fromMinute: 0, untilMinute: 24 * 60 }];
  const week = { 1: always, 2: always, 3: always, 4: always, 5: always, 6: always, 7: always };
  const body = { code: 'always', timeZone: 'Asia/Shanghai', week, holidays: null };
  await query.insert(calendars).values({ code: 'always', body });
  await query
    .insert(people)
    .values(buildPerson({ code: 'guard', calendarCode: 'always', managerCode: 'zhao-lin' }));
  const high = { ...testPolicy.severities.high, pausesUnattended: true };
  const severities = { ...testPolicy.severities, high };
  await query.update(policies).set({ body: { ...testPolicy, severities } });
  try {
    const warning = await life.open({ ownerCode: 'guard', secondLineCode: null });
    const { openedAtMs } = warning;
    const absence = { fromMs: openedAtMs + hourMs / 2, untilMs: openedAtMs + 4.5 * hourMs };
    await query
      .update(people)
      .set({ absences: [absence] })
      .where(eq(people.code, 'guard'));
    await environment.client.workflow
      .getHandle(warningWorkflowId(warning.fingerprint))
      .signal(lookAgainSignal);
    const paused = await life.until(warning, ({ pause }) => pause !== null);
    expect(paused).toMatchObject({
      pause: absence,
      claimDueAtMs: openedAtMs + 6 * hourMs,
      closeDueAtMs: openedAtMs + 28 * hourMs,
    });
    await life.pass('270 minutes');
    expect(await life.purposes(warning, 'guard')).toEqual(['owner']);
    await life.pass('35 minutes');
    const resumed = await life.until(warning, ({ pause }) => pause === null);
    expect(resumed).toMatchObject({ level: 0, claimDueAtMs: openedAtMs + 6 * hourMs });
    expect(await life.purposes(warning, 'guard')).toEqual(['owner', 'reminder-claim-1']);
    await life.pass('58 minutes');
    await life.until(warning, ({ level }) => level === 1);
    await life.record('warning-paused-and-resumed', warning);
  } finally {
    await query.update(policies).set({ body: testPolicy });
  }
});

test('a snooze holds reminders back until it ends; escalation goes on', async () => {
  const warning = await life.open();
  const untilMs = (await life.now()) + 3 * hourMs;
  const snoozed = await life.act(warning, 'li-lei', { kind: 'snooze', untilMs });
  expect(snoozed).toMatchObject({ kind: 'done', warning: { snoozedUntilMs: untilMs } });
  await life.pass('150 minutes');
  expect(await life.purposes(warning, 'li-lei')).toEqual(['owner']);
  expect((await life.read(warning)).level).toBe(1);
  await life.pass('31 minutes');
  const awake = await life.until(warning, (now) => now.snoozedUntilMs === null);
  await life.record('warning-snoozed-and-woken', warning);
  expect(awake.snoozes).toBe(1);
  await life.pass('1 minute');
  expect(await life.purposes(warning, 'han-meimei')).toEqual(['second-line', 'reminder-claim-2']);
  const again = { kind: 'snooze', untilMs: (await life.now()) + hourMs } as const;
  await life.act(warning, 'li-lei', again);
  expect(await life.act(warning, 'li-lei', again)).toEqual({
    kind: 'refused',
    refusal: { kind: 'snoozed-too-often', timesMax: 2 },
  });
});

test('escalated before its time, it goes up step by step until nobody is left to hand it to', async () => {
  const warning = await life.open();
  const noteId = await writeNote(
    testDatabase.database.query,
    { warningId: warning.id, personCode: 'li-lei', text: 'Needs the sales lead.' },
    await life.now(),
  );
  const escalate = { kind: 'escalate', noteId } as const;
  const first = await life.act(warning, 'li-lei', escalate);
  expect(first).toMatchObject({ kind: 'done', warning: { level: 1 } });
  await life.pass('1 minute');
  expect(await life.purposes(warning, 'han-meimei')).toEqual(['second-line']);
  const second = await life.act(warning, 'li-lei', escalate);
  expect(second).toMatchObject({ kind: 'done', warning: { level: 2 } });
  const third = await refusalOf(life.act(warning, 'li-lei', escalate));
  expect(third).toEqual({ kind: 'chain-ended' });
  await life.pass('25 hours');
  expect((await life.read(warning)).escalations).toMatchObject([
    { to: { kind: 'second-line' }, by: 'li-lei' },
    { to: { kind: 'manager' }, by: 'li-lei' },
  ]);
  expect(await life.audit(warning)).toEqual([
    'warning.opened',
    'warning.escalated-now',
    'warning.escalated-now',
  ]);
  await life.record('warning-escalated-early', warning);
});

test('of two clickers one has it, and the other hears who', async () => {
  const warning = await life.open();
  const answers = await Promise.allSettled([
    life.act(warning, 'li-lei', { kind: 'claim' }),
    life.act(warning, 'han-meimei', { kind: 'claim' }),
  ]);
  const done = answers.filter(
    (answer) => answer.status === 'fulfilled' && answer.value.kind === 'done',
  );
  expect(done).toHaveLength(1);
  const { state } = await life.read(warning);
  const winner = state.kind === 'claimed' ? state.by : 'nobody';
  const loser = winner === 'li-lei' ? 'han-meimei' : 'li-lei';
  expect(await refusalOf(life.act(warning, loser, { kind: 'claim' }))).toEqual({
    kind: 'already-claimed',
    by: winner,
  });
  expect(await refusalOf(life.act(warning, winner, { kind: 'claim' }))).toEqual({
    kind: 'already-yours',
  });
  expect(await life.audit(warning)).toEqual(['warning.opened', 'warning.claimed']);
});

test('refused clicks and malformed messages are never accepted', async () => {
  const warning = await life.open();
  await life.act(warning, 'li-lei', { kind: 'claim' });
  await life.pass('1 minute');
  const handle = life.client.workflow.getHandle(warningWorkflowId(warning.fingerprint));
  for (let click = 0; click < 5; click += 1) {
    await refusalOf(life.act(warning, 'han-meimei', { kind: 'claim' }));
    await expect(
      handle.executeUpdate('warning', { args: [{ warningId: warning.id, update: {} }] }),
    ).rejects.toMatchObject({ cause: { type: 'malformed' } });
    await expect(
      life.act({ ...warning, id: warning.id + 1 }, 'li-lei', { kind: 'release' }),
    ).rejects.toMatchObject({ cause: { type: 'other-warning' } });
  }
  const { events } = await handle.fetchHistory();
  const accepted = events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes);
  expect(accepted).toHaveLength(1);
});

test('released after its claim deadline, it goes to the second line at once', async () => {
  const warning = await life.open();
  await life.act(warning, 'li-lei', { kind: 'claim' });
  await life.pass('3 hours');
  expect((await life.read(warning)).level).toBe(0);
  await life.act(warning, 'li-lei', { kind: 'release' });
  await life.until(warning, (now) => now.level === 1);
});

test('handed on, the new owner has the card and the whole time to claim', async () => {
  const warning = await life.open();
  await life.pass('110 minutes');
  const nowMs = await life.now();
  await life.act(warning, 'li-lei', { kind: 'reassign', toCode: 'wang-fang' });
  const moved = await life.read(warning);
  await life.record('warning-handed-on', warning);
  expect(moved).toMatchObject({ ownerCode: 'wang-fang', secondLineCode: 'zhao-lin', level: 0 });
  expect(moved.claimDueAtMs).toBeGreaterThanOrEqual(nowMs + 2 * hourMs);
  expect(moved.closeDueAtMs).toBe(warning.openedAtMs + 24 * hourMs);
  await life.pass('1 minute');
  expect(levelOf('wang-fang', warning)).toContain('level 0');
  await life.pass('2 hours');
  expect((await life.read(warning)).level).toBe(1);
});

test('an owner who left is replaced by the second line at once; one who is away by the deputy too', async () => {
  const nowMs = await life.now();
  await testDatabase.database.query.insert(people).values([
    buildPerson({ code: 'gone', status: 'left', secondLineCode: 'han-meimei' }),
    buildPerson({
      code: 'away',
      deputyCode: 'wang-fang',
      absences: [{ fromMs: nowMs + hourMs, untilMs: nowMs + 10 * hourMs }],
    }),
  ]);
  const left = await life.open({ ownerCode: 'gone' });
  await life.until(left, (now) => now.level === 1);
  const away = await life.open({ ownerCode: 'away' });
  await life.pass('30 minutes');
  expect(levelOf('han-meimei', left)).toContain('level 1');
  expect(levelOf('wang-fang', away)).toBe('no card');
  await life.pass('31 minutes');
  expect(levelOf('wang-fang', away)).toContain('level 0');
});

test('points are counted for whoever missed a deadline, by policy, and for whoever fixed what came back', async () => {
  const { database } = testDatabase;
  const { sql } = database;
  const assessment = {
    points: {
      'claim-missed': { high: 2, medium: 0, low: 0 },
      'close-missed': { high: 5, medium: 0, low: 0 },
      recurred: { high: 3, medium: 0, low: 0 },
    },
    contestWithinMs: 14 * 24 * hourMs,
    namesInReports: false,
  } satisfies AssessmentPolicy;
  await sql`update policy set body = jsonb_set(body, '{assessment}', ${sql.json(assessment)})`;
  const [missed, kept, mild] = [
    await life.open(),
    await life.open(),
    await life.open({ severity: 'medium' }),
  ];
  await life.act(kept, 'han-meimei', { kind: 'claim' });
  await life.pass('110 minutes');
  const turnEndsAtMs = (await life.now()) + 2 * hourMs;
  await life.act(missed, 'li-lei', { kind: 'reassign', toCode: 'wang-fang' });
  await life.pass('20 minutes');
  // Claimed at its deadline, so given back later it is not a missed claim.
  await life.act(kept, 'han-meimei', { kind: 'release' });
  await life.act(kept, 'han-meimei', { kind: 'claim' });
  await life.pass('24 hours');
  await life.until(missed, (now) => now.level === 2);
  await life.news(mild, 0);
  await life.client.workflow.getHandle(warningWorkflowId(mild.fingerprint)).result();
  const fixed = { kind: 'closed', reason: 'fixed', by: 'zhao-lin', atMs: 0, fixId: 1 };
  await sql`update warning set state_body = ${sql.json(fixed)} where id = ${mild.id}`;
  const { ruleCode } = mild;
  const back = await life.open({ ruleCode, recurrenceWithinMs: hourMs * 1_000 });
  await life.pass('1 minute');
  const counted = await sql`
    select person_code, cause, points, warning_id, at from assessment_point order by id`;
  expect(counted).toEqual([
    {
      person_code: 'wang-fang',
      cause: 'claim-missed',
      points: 2,
      warning_id: missed.id,
      at: (await life.read(missed)).claimDueAtMs,
    },
    ...[missed, kept].map(({ id, closeDueAtMs }) => ({
      person_code: id === missed.id ? 'wang-fang' : 'han-meimei',
      cause: 'close-missed',
      points: 5,
      warning_id: id,
      at: closeDueAtMs,
    })),
    {
      person_code: 'zhao-lin',
      cause: 'recurred',
      points: 3,
      warning_id: back.id,
      at: back.openedAtMs,
    },
  ]);
  expect(Number(counted[0]?.['at'])).toBeGreaterThanOrEqual(turnEndsAtMs);
  const [audited] = await sql<{ rows: number }[]>`
    select count(*)::int as rows from audit_row where action = 'assessment.counted'`;
  expect(audited?.rows).toBe(4);
  await life.record('warning-with-points', missed);
  const context = { database, now: () => Number(counted[0]?.['at']), temporal: life.client };
  const [contested] = await sql<{ id: number }[]>`select min(id) as id from assessment_point`;
  const pointsId = contested?.id ?? 0;
  const contester = { person: wangFang, through: 'inbox' } as const;
  const reason = '当时系统维护。';
  expect((await contestPoints(context, contester, { pointsId, reason })).kind).toBe('done');
  const told = life.client.workflow.getHandle(pointsWorkflowId(pointsId, 'contested'));
  await told.result();
  await recordHistory('notices-of-points', told);
  const decider = { person: zhaoLin, through: 'inbox' } as const;
  const decision = { pointsId, decision: 'withdrawn', answer: '已核实。' } as const;
  expect((await decidePoints(context, decider, decision)).kind).toBe('done');
  await life.client.workflow.getHandle(pointsWorkflowId(pointsId, 'withdrawn')).result();
  const cards = await sql`
    select purpose, recipient_code from delivery
    where subject_kind = 'points' and subject_id = ${pointsId} order by 1`;
  expect(cards.map(Object.values)).toEqual([
    ['contester', 'wang-fang'],
    ['decide', 'zhao-lin'],
  ]);
  await sql`update policy set body = body - 'assessment'`;
});

test('a claimer of whom nothing is heard is asked, keeps the claim by an answer, and loses it without one', async () => {
  const { sql } = testDatabase.database;
  const claim = { expiresAfterMs: 8 * hourMs, answerWithinMs: 4 * hourMs } satisfies ClaimPolicy;
  await sql`update policy set body = jsonb_set(body, '{claim}', ${sql.json(claim)})`;
  const warning = await life.open();
  await life.act(warning, 'li-lei', { kind: 'claim' });
  const isAsked = ({ state }: Warning) =>
    state.kind === 'claimed' && state.answerByMs !== undefined;
  await life.pass('7 hours');
  expect(isAsked(await life.read(warning))).toBe(false);
  await life.pass('61 minutes');
  await life.until(warning, isAsked);
  await life.pass('1 minute');
  expect(await life.purposes(warning, 'li-lei')).toContainEqual(
    expect.stringMatching(/^reminder-still-\d+$/),
  );
  const other = refusalOf(life.act(warning, 'han-meimei', { kind: 'still-on-it' }));
  expect(await other).toEqual({ kind: 'already-claimed', by: 'li-lei' });
  const kept = await life.act(warning, 'li-lei', { kind: 'still-on-it' });
  expect(kept).toMatchObject({ kind: 'done', warning: { state: { by: 'li-lei' } } });
  expect(isAsked(await life.read(warning))).toBe(false);
  await life.pass('481 minutes');
  await life.until(warning, isAsked);
  await life.pass('241 minutes');
  // Its claim deadline is long past: without a claimer it goes to the second line at once.
  const open = await life.until(warning, ({ level }) => level === 1);
  expect(open).toMatchObject({ state: { kind: 'open' }, ownerCode: 'li-lei' });
  expect(await life.audit(warning)).toEqual([
    'warning.opened',
    'warning.claimed',
    'warning.claim-asked',
    'warning.claim-confirmed',
    'warning.claim-asked',
    'warning.claim-expired',
    'warning.escalated',
  ]);
  await life.record('warning-claim-ran-out', warning);
  await sql`update policy set body = body - 'claim'`;
});

test('more customers are told at the interval, and an unclaimed warning again and again; a claimed one keeps quiet', async () => {
  const { sql } = testDatabase.database;
  const reminders = { reminderFractions: [], newsEveryMs: 4 * hourMs, repeatEveryMs: 6 * hourMs };
  await sql`update policy set body = jsonb_set(body, '{severities,high}',
    body #> '{severities,high}' || ${sql.json(reminders)})`;
  const warning = await life.open();
  await life.act(warning, 'li-lei', { kind: 'claim' });
  await life.news(warning, 41);
  await life.pass('7 hours');
  expect(await life.purposes(warning, 'li-lei')).toEqual(['owner']);
  await life.act(warning, 'li-lei', { kind: 'release' });
  await life.until(warning, ({ level }) => level === 1);
  await life.news(warning, 42);
  await life.news(warning, 44);
  await life.pass('235 minutes');
  expect(await life.purposes(warning, 'han-meimei')).toEqual(['second-line']);
  await life.pass('10 minutes');
  const news = expect.stringMatching(/^reminder-news-\d+-3$/);
  expect(await life.purposes(warning, 'han-meimei')).toEqual(['second-line', news]);
  await life.pass('6 hours');
  await life.pass('6 hours');
  const repeats = ['reminder-repeat-1', 'reminder-repeat-2'];
  expect(await life.purposes(warning, 'han-meimei')).toEqual(['second-line', news, ...repeats]);
  await life.record('warning-told-anew', warning);
  await sql`update policy set body = jsonb_set(body, '{severities,high}',
    body #> '{severities,high}' || ${sql.json({ ...testPolicy.severities.high })})`;
});

test('what a scan no longer finds closes by itself', async () => {
  const warning = await life.open();
  await life.news(warning, 12);
  await life.until(warning, (now) => now.customers === 12);
  await life.news(warning, 0);
  const closed = await life.until(warning, (now) => now.state.kind === 'closed');
  expect(closed.state).toMatchObject({ reason: 'gone', by: null });
});

test('a platform that is down holds up neither clicks nor deadlines', async () => {
  life.inbox.isDown = true;
  const warning = await life.open();
  expect((await life.act(warning, 'li-lei', { kind: 'claim' })).kind).toBe('done');
  await life.act(warning, 'li-lei', { kind: 'release' });
  await life.pass('121 minutes');
  await life.until(warning, (now) => now.level === 1);
  life.inbox.isDown = false;
  await life.pass('10 minutes');
  expect(levelOf('han-meimei', warning)).toContain('level 1');
});

test('a thousand events later it goes on in a fresh history', async () => {
  const warning = await life.open();
  const handle = life.client.workflow.getHandle(warningWorkflowId(warning.fingerprint));
  const { runId } = await handle.describe();
  for (let round = 0; round < 100; round += 1) {
    await life.act(warning, 'li-lei', { kind: 'claim' });
    await life.act(warning, 'li-lei', { kind: 'release' });
  }
  const later = await handle.describe();
  expect(later.runId).not.toBe(runId);
  expect(later.historyLength).toBeLessThan(1_100);
  const now = await life.read(warning);
  expect(now.state.kind).toBe('open');
  await life.pass('121 minutes');
  await life.until(warning, ({ level }) => level === 1);
});

test('ruled wrong or right until a date, its findings say so and do not warn again', async () => {
  const { database } = testDatabase;
  const planted = await plantConflicts(database, { customers: 3, nowMs: await life.now() });
  await life.start(planted.warning);
  const note = { warningId: planted.warning.id, personCode: 'li-lei', text: '客户已申诉成功' };
  const noteId = await writeNote(database.query, note, Date.now());
  const untilMs = (await life.now()) + 5 * 24 * hourMs;
  const answer = await life.act(planted.warning, 'li-lei', { kind: 'except', untilMs, noteId });
  expect(answer).toMatchObject({ warning: { state: { kind: 'closed', reason: 'excepted' } } });
  const { sql } = database;
  expect(await sql`select distinct reason, granted_by from exception`).toEqual([
    { reason: '客户已申诉成功', granted_by: 'li-lei' },
  ]);
  expect(await sql`select state, count(*) from finding group by 1`).toEqual([
    { state: 'excepted', count: 3 },
  ]);
  const remind = async () => {
    const told = await life.client.workflow.start('notices', {
      workflowId: `notices-${randomUUID()}`,
      taskQueue: taskQueues.warnings,
      args: [{ pointsId: null }],
    });
    await told.result();
    return told;
  };
  const reminded = async () =>
    (await life.purposes(planted.warning, 'li-lei')).filter((purpose) =>
      purpose.startsWith('reminder-'),
    );
  await recordHistory('notices-of-exceptions', await remind());
  await remind();
  const reminder = `reminder-exception-${Math.floor(untilMs / 1000)}`;
  expect(await reminded()).toEqual([reminder]);
  // Whoever waits for a workflow lets time pass; the committee decides in time.
  const nowMs = untilMs - 24 * hourMs;
  const context = { database, now: () => nowMs, temporal: life.client };
  const longer = {
    warningId: planted.warning.id,
    untilMs: untilMs + 60 * 24 * hourMs,
    reason: '仍在申诉',
    requesterCode: 'li-lei',
  };
  expect([await grantException(context, longer), await grantException(context, longer)]).toEqual([
    true,
    true,
  ]);
  expect(await sql`select distinct reason, until_at from exception`).toEqual([
    { reason: '仍在申诉', until_at: longer.untilMs },
  ]);
  expect((await life.audit(planted.warning)).slice(-2)).toEqual([
    'warning.closed',
    'warning.exception-prolonged',
  ]);
  await remind();
  expect(await reminded()).toEqual([reminder]);
  await sql`update exception set until_at = ${nowMs}`;
  expect(await grantException(context, longer)).toBe(false);
  // The next test's warning has the same workflow id.
  const { fingerprint } = planted.warning;
  await life.client.workflow.getHandle(warningWorkflowId(fingerprint)).result();
  await sql`delete from finding`;
  await sql`delete from exception`;
  await sql`delete from mirror_customer`;
});

test('a fix is written, verified and closed; what changed meanwhile stays with the same person; undo warns anew', async () => {
  const { database } = testDatabase;
  const { sql } = database;
  const { warning, crm } = await plantConflicts(database, {
    customers: 5,
    nowMs: await life.now(),
  });
  life.connectors.set('crm', crm);
  await life.start(warning);
  crm.customers.get('C-2')?.add('VIP');
  const choice = { kind: 'all', resolution: 'keep-second' } as const;
  const begun = await life.act(warning, 'li-lei', { kind: 'fix', choice });
  expect(begun).toMatchObject({ kind: 'done', warning: { state: { kind: 'fixing' } } });
  const left = await life.until(warning, (now) => now.state.kind === 'claimed');
  expect(left).toMatchObject({ customers: 1, state: { by: 'li-lei' } });
  expect([...(crm.customers.get('C-2') ?? [])]).toEqual(['HV', 'BL', 'VIP']);
  crm.customers.get('C-2')?.delete('HV');
  // The row says so a moment before the workflow does.
  await vi.waitFor(() => life.act(warning, 'li-lei', { kind: 'fixed-by-hand' }), 60_000);
  const closed = await life.until(warning, (now) => now.state.kind === 'closed');
  expect(closed.state).toMatchObject({ reason: 'fixed-by-hand', by: 'li-lei' });
  expect(await life.audit(warning)).toEqual([
    'warning.opened',
    'warning.fix-started',
    'warning.fix-written',
    'warning.verified',
    'warning.fixed-by-hand',
    'warning.closed',
  ]);
  await life.record('warning-fixed-partly-then-by-hand', warning);
  const [fix] = await sql<{ id: number }[]>`select id from fix where warning_id = ${warning.id}`;
  const fixId = fix?.id ?? 0;
  const undo = await life.client.workflow.start('undo', {
    workflowId: undoWorkflowId(fixId),
    taskQueue: taskQueues.warnings,
    args: [{ fixId, by: { personCode: 'li-lei', through: 'inbox' } }],
  });
  await undo.result();
  await recordHistory('undo-warned-anew', undo);
  expect([...crm.customers.values()].map((tags) => [...tags].sort().join('+'))).toEqual([
    'BL+HV',
    'BL+VIP',
    'BL+HV',
    'BL+HV',
    'BL+HV',
  ]);
  const [anew] = await sql<{ customers: number; id: number }[]>`
    select id, customers from warning where fingerprint = ${warning.fingerprint} and state = 'open'`;
  expect(anew?.customers).toBe(4);
  expect(anew?.id).not.toBe(warning.id);
});

test('what a fix could not change is tried again as was chosen, and nobody else is', async () => {
  const { database } = testDatabase;
  const { sql } = database;
  await sql`delete from finding`;
  await sql`delete from mirror_customer`;
  const { warning, crm } = await plantConflicts(database, {
    customers: 4,
    nowMs: await life.now(),
  });
  life.connectors.set('crm', crm);
  await life.start(warning);
  const ids = await sql<{ id: number }[]>`
    select id from mirror_customer where ref in ('C-1', 'C-2', 'C-3') order by ref`;
  const resolutions = ids.map(({ id: customerId }) => ({
    customerId,
    resolution: 'keep-second' as const,
  }));
  crm.customers.get('C-2')?.add('VIP');
  await life.act(warning, 'li-lei', { kind: 'fix', choice: { kind: 'by-customer', resolutions } });
  await life.until(warning, ({ state, customers }) => state.kind === 'claimed' && customers === 2);
  const [first] = await sql<{ id: number }[]>`
    select id from fix where warning_id = ${warning.id}`;
  const again = { kind: 'again', fixId: first?.id ?? 0 } as const;
  await vi.waitFor(() => life.act(warning, 'li-lei', { kind: 'fix', choice: again }), 60_000);
  await life.until(warning, ({ state, customers }) => state.kind === 'claimed' && customers === 1);
  const tags = (ref: string) => [...(crm.customers.get(ref) ?? [])].sort().join('+');
  expect([tags('C-2'), tags('C-4')]).toEqual(['BL+VIP', 'BL+HV']);
  const items = await sql`
    select count(*) as items from fix_item
    where fix_id = (select max(id) from fix where warning_id = ${warning.id})`;
  expect(items.map(Object.values)).toEqual([[1]]);
  await life.record('warning-fixed-again', warning);
  crm.customers.get('C-4')?.delete('HV');
  await vi.waitFor(() => life.act(warning, 'li-lei', { kind: 'fixed-by-hand' }), 60_000);
  await life.until(warning, ({ state }) => state.kind === 'closed');
  await life.client.workflow.getHandle(warningWorkflowId(warning.fingerprint)).result();
});

test('a rule within its limits fixes by itself; what changed meanwhile is left to its owner, and undone means asked', async () => {
  const { database } = testDatabase;
  const { sql } = database;
  await sql`delete from finding`;
  await sql`delete from mirror_customer`;
  await sql`insert into tag_count (tag_id, customers, scan_id) values (${highValue.id}, 100, 1)`;
  await setAutoFix({ mode: 'automatic', customersMax: 5, shareMax: 0.05 });
  const { warning, crm } = await plantConflicts(database, {
    customers: 5,
    nowMs: await life.now(),
  });
  life.connectors.set('crm', crm);
  crm.customers.get('C-2')?.add('VIP');
  await life.start(warning);
  const left = await life.until(warning, (now) => now.customers === 1);
  expect(left.state).toEqual({ kind: 'open' });
  expect(await life.audit(warning)).toEqual([
    'warning.opened',
    'warning.automatic-fix-decided',
    'warning.fix-started',
    'warning.fix-written',
    'warning.verified',
  ]);
  const [fix] = await sql<{ id: number; requested_by: string }[]>`
    select id, requested_by from fix where warning_id = ${warning.id}`;
  expect(fix?.requested_by).toBe('Tagwarden');
  await life.record('warning-fixed-by-its-rule', warning);

  await sql`update fix set state = 'undone', undone_at = ${await life.now()} where id = ${fix?.id ?? 0}`;
  await life.news(warning, 2);
  expect(await untilDecided(warning.id, 'taken-back')).toMatchObject({
    customers: 1,
    ruleCustomers: 1,
  });
  await setAutoFix({ mode: 'automatic', customersMax: 0, shareMax: 1 });
  await sql`delete from fix_item`;
  await sql`delete from fix`;
  await life.news(warning, 1);
  await untilDecided(warning.id, 'too-many');
  expect(await life.read(warning)).toMatchObject({ state: { kind: 'open' } });
  await setAutoFix(null);
  await sql`delete from finding`;
  await sql`delete from mirror_customer`;
});

async function setAutoFix(autoFix: AutoFix | null): Promise<void> {
  const body = { ...blacklistRule, ...(autoFix === null ? {} : { autoFix }) };
  await testDatabase.database.query.update(rules).set({ body });
}

async function untilDecided(warningId: number, decision: string): Promise<unknown> {
  let report: unknown = null;
  await vi.waitFor(
    async () => {
      const [row] = await testDatabase.database.sql<{ report: unknown }[]>`
        select automatic_fix as report from warning where id = ${warningId}`;
      report = row?.report;
      expect(report).toMatchObject({ decision });
    },
    { timeout: 60_000 },
  );
  return report;
}

// Last: a cancelled activity keeps the time-skipping server from skipping any more.
test('a conflict that comes back while its old warning still tells of its end is not lost', async () => {
  life.inbox.isDown = true;
  const first = await life.open();
  await life.news(first, 0);
  await life.until(first, (now) => now.state.kind === 'closed');
  const second = await life.openUnawaited({ ruleCode: first.ruleCode });
  await life.news(second, 37);
  life.inbox.isDown = false;
  await vi.waitFor(
    () => {
      expect(levelOf('li-lei', second)).toContain('level 0');
      expect(life.inbox.cardOf('li-lei', second.id)?.status).toBe('open');
    },
    { timeout: 60_000, interval: 50 },
  );
  expect((await life.act(second, 'li-lei', { kind: 'claim' })).kind).toBe('done');
});
