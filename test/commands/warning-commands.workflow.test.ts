import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { claimWarning } from '../../commands/claim-warning.ts';
import { commentOnWarning } from '../../commands/comment-on-warning.ts';
import type { CommandContext } from '../../commands/context.ts';
import { dismissWarning } from '../../commands/dismiss-warning.ts';
import { exceptWarning } from '../../commands/except-warning.ts';
import { reassignWarning } from '../../commands/reassign-warning.ts';
import { snoozeWarning } from '../../commands/snooze-warning.ts';
import { undoFix } from '../../commands/undo-fix.ts';
import { openWarning } from '../../db/stores/warnings.ts';
import type { Person } from '../../domain/person.ts';
import { hanMeimei, liLei, settleCompany, wangFang } from '../support/company.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startLifecycle, type Lifecycle } from '../support/lifecycle.ts';
import { createTimeSkippingEnvironment } from '../support/temporal.ts';

const dayMs = 86_400_000;

let environment: TestWorkflowEnvironment;
let testDatabase: TestDatabase;
let life: Lifecycle;
let context: CommandContext;

beforeAll(async () => {
  [environment, testDatabase] = await Promise.all([
    createTimeSkippingEnvironment(),
    createTestDatabase(),
  ]);
  const { database } = testDatabase;
  await settleCompany(database);
  life = await startLifecycle({ environment, database });
  const nowMs = await life.now();
  context = { database, temporal: environment.client, now: () => nowMs };
});
afterEach(() => life.endAll());
afterAll(async () => {
  await life?.stop();
  await environment?.teardown();
  await testDatabase?.drop();
});

function through(person: Person) {
  return { person, through: 'inbox' } as const;
}

test('the second clicker hears who was first; both the deed and the refusal are in the audit trail', async () => {
  const warning = await life.open();
  const input = { warningId: warning.id };
  expect(await claimWarning(context, through(liLei), input)).toMatchObject({
    kind: 'done',
    warning: { state: { kind: 'claimed', by: 'li-lei' } },
  });
  expect(await claimWarning(context, through(hanMeimei), input)).toEqual({
    kind: 'refused',
    refusal: { kind: 'already-claimed', by: 'li-lei' },
  });
  expect(await claimWarning(context, through(wangFang), input)).toEqual({
    kind: 'refused',
    refusal: { kind: 'not-responsible', responsibleCode: 'li-lei' },
  });
  expect(await life.audit(warning)).toEqual([
    'warning.opened',
    'warning.claimed',
    'warning.refused',
    'warning.refused',
  ]);
});

test('a warning that lost its workflow gets it back with the next click', async () => {
  const nowMs = await life.now();
  const { warning } = await testDatabase.database.query.transaction((transaction) =>
    openWarning(
      transaction,
      {
        ruleId: 1,
        ruleCode: 'orphaned',
        severity: 'high',
        ownerCode: 'li-lei',
        secondLineCode: 'han-meimei',
        managerCode: 'zhao-lin',
        customers: 1,
        claimWithinMs: dayMs,
        closeWithinMs: dayMs,
      },
      nowMs,
    ),
  );
  const claimed = await claimWarning(context, through(liLei), { warningId: warning.id });
  expect(claimed.kind).toBe('done');
});

test('what cannot be is refused with what is expected', async () => {
  const { id: warningId } = await life.open();
  const owner = through(liLei);
  const nowMs = context.now();
  const kinds = await Promise.all([
    claimWarning(context, owner, { warningId: 999_999 }),
    snoozeWarning(context, owner, { warningId, untilMs: nowMs + 2 * dayMs }),
    snoozeWarning(context, owner, { warningId, untilMs: nowMs - 1 }),
    reassignWarning(context, owner, { warningId, toCode: 'nobody' }),
    exceptWarning(context, owner, { warningId, untilMs: nowMs - 1, reason: 'x' }),
    exceptWarning(context, owner, { warningId, untilMs: nowMs + dayMs, reason: ' ' }),
    commentOnWarning(context, owner, { warningId, text: 'x'.repeat(2001) }),
    undoFix(context, owner, { fixId: 999_999 }),
  ]);
  expect(
    kinds.map((result) => (result.kind === 'refused' ? result.refusal.kind : result.kind)),
  ).toEqual([
    'not-found',
    'invalid',
    'invalid',
    'not-found',
    'invalid',
    'invalid',
    'invalid',
    'not-found',
  ]);
});

test('a long exception becomes a request; a dismissal closes; a comment is kept after the end', async () => {
  const { id: warningId } = await life.open();
  const owner = through(liLei);
  const untilMs = context.now() + 200 * dayMs;
  const asked = await exceptWarning(context, owner, { warningId, untilMs, reason: '长期合作' });
  expect(asked).toMatchObject({ refusal: { kind: 'committee-decides', daysMax: 90 } });
  const input = { warningId, reason: 'rule-wrong', comment: '规则不适用' } as const;
  expect(await dismissWarning(context, owner, input)).toMatchObject({
    kind: 'done',
    warning: { state: { kind: 'closed', reason: 'not-a-conflict' } },
  });
  expect(await claimWarning(context, owner, { warningId })).toMatchObject({
    refusal: { kind: 'closed', by: 'li-lei', reason: 'not-a-conflict' },
  });
  const comment = await commentOnWarning(context, owner, { warningId, text: '已通知规则负责人' });
  expect(comment.kind).toBe('done');
});
