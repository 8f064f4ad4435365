import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answerQuestion } from '../../commands/answer-question.ts';
import { askRequester } from '../../commands/ask-requester.ts';
import { commentOnRequest } from '../../commands/comment-on-request.ts';
import { confirmClaim } from '../../commands/confirm-claim.ts';
import { createApiToken } from '../../commands/create-api-token.ts';
import { createSignInLink } from '../../commands/create-sign-in-link.ts';
import { decideLink } from '../../commands/decide-link.ts';
import { decideOnCandidates } from '../../commands/decide-candidates.ts';
import { escalateWarning } from '../../commands/escalate-warning.ts';
import { fixWarning } from '../../commands/fix-warning.ts';
import { lookForCandidates } from '../../commands/refresh-candidates.ts';
import { recordExport } from '../../commands/record-export.ts';
import { prolongException } from '../../commands/prolong-exception.ts';
import { releaseWarning } from '../../commands/release-warning.ts';
import { reportFixedByHand } from '../../commands/report-fixed-by-hand.ts';
import { sendDeliveriesAgain } from '../../commands/send-deliveries-again.ts';
import { sendDigest } from '../../commands/send-digest.ts';
import { sendDraft } from '../../commands/send-draft.ts';
import { setPreferences } from '../../commands/set-preferences.ts';
import { startScan } from '../../commands/start-scan.ts';
import { submitRequest } from '../../commands/submit-request.ts';
import { talkAboutRequest } from '../../commands/talk-about-request.ts';
import { turnOffAutoFix } from '../../commands/turn-off-auto-fix.ts';
import { voteOnRequest } from '../../commands/vote-on-request.ts';
import { withdrawRequest } from '../../commands/withdraw-request.ts';
import { contestPoints, decidePoints } from '../../commands/assessment.ts';
import { endSilenceNow, silenceFindings } from '../../commands/silence-findings.ts';
import type { Actor, CommandResult } from '../../commands/command.ts';
import { linkProposals } from '../../db/schema/people.ts';
import { addPoints } from '../../db/stores/assessment.ts';
import type { Warning } from '../../domain/warning.ts';
import { readdir, readFile } from 'node:fs/promises';
import {
  bringTagTable,
  lookAtTagTable,
  setTagTableReading,
  stopTagTable,
  takeInTagTable,
} from '../../commands/import-tags.ts';
import { answerReview } from '../../commands/answer-review.ts';
import { discardDraft, keepDraft } from '../../commands/keep-draft.ts';
import { startReview } from '../../commands/start-review.ts';
import { exportFix } from '../../commands/export-fix.ts';
import { revokeApiToken } from '../../commands/revoke-api-token.ts';
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
import {
  blacklistRule,
  dataAdmin,
  hanMeimei,
  liLei,
  settleCompany,
  wangFang,
} from '../support/company.ts';
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
    prolongException(context, owner, { warningId, untilMs: nowMs + dayMs, reason: 'x' }),
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

describe('whatever somebody does or is refused stands in the audit trail', () => {
  const owner = through(liLei);
  const stranger = through({ ...wangFang, roles: ['tagger'] });
  const admin = through(dataAdmin);

  /** What the trail says since a row; the system's own rows come whenever they come. */
  async function rowsSince(id: number): Promise<readonly string[]> {
    const rows = await testDatabase.database.sql<{ action: string }[]>`
      select action from audit_row where id > ${id} and through = 'inbox' and actor_code is not null
      order by id`;
    return rows.map(({ action }) => action);
  }

  async function lastRow(): Promise<number> {
    const [row] = await testDatabase.database.sql<{ id: number }[]>`
      select coalesce(max(id), 0) as id from audit_row`;
    return row?.id ?? 0;
  }

  /** Once with the right to it and once without; null: there is nobody without it, nothing that could be done, or nothing of the company's changes by it. */
  type Tries = {
    readonly done: (() => Promise<CommandResult>) | { readonly seenIn: string } | null;
    readonly refused: (() => Promise<CommandResult>) | null;
  };

  let warning: Warning;
  let request: number;
  let silence: number;
  let asked: number;
  let points: number;
  let draft: number;
  beforeEach(async () => {
    warning = await life.open();
  });

  const onWarning = (
    act: (actor: Actor, input: { warningId: number }) => Promise<CommandResult>,
    seenIn?: string,
  ): Tries => ({
    done: seenIn === undefined ? () => act(owner, { warningId: warning.id }) : { seenIn },
    refused: () => act(stranger, { warningId: warning.id }),
  });
  const inLife = 'test/workflows/warning.workflow.test.ts';
  const inScans = 'test/workflows/scan.workflow.test.ts';
  const inImports = 'test/commands/import-tags.integration.test.ts';
  const tagTable = {
    name: 'x.csv',
    bytes: Buffer.from('编码\n'),
    defaults: { ownerCode: null, category: null },
  };
  const inCommittee = 'test/workflows/request.workflow.test.ts';
  const proposal = { kind: 'retire-tag', code: 'high-value' } as const;

  // In the order in which they are tried: what one leaves, another one needs.
  const commands: Readonly<Record<string, Tries | 'reads'>> = {
    backTestRule: 'reads',
    checkTags: 'reads',
    previewSilenceOf: 'reads',
    readAssessment: 'reads',
    findApiTokens: 'reads',
    claimWarning: onWarning((actor, input) => claimWarning(context, actor, input)),
    releaseWarning: onWarning((actor, input) => releaseWarning(context, actor, input), inLife),
    confirmClaim: onWarning((actor, input) => confirmClaim(context, actor, input), inLife),
    snoozeWarning: onWarning((actor, input) =>
      snoozeWarning(context, actor, { ...input, untilMs: context.now() + dayMs / 2 }),
    ),
    reassignWarning: onWarning((actor, input) =>
      reassignWarning(context, actor, { ...input, toCode: 'han-meimei' }),
    ),
    escalateWarning: onWarning((actor, input) =>
      escalateWarning(context, actor, { ...input, reason: 'x' }),
    ),
    fixWarning: onWarning(
      (actor, input) => fixWarning(context, actor, { ...input, choice: { kind: 'recommended' } }),
      inLife,
    ),
    reportFixedByHand: onWarning(
      (actor, input) => reportFixedByHand(context, actor, input),
      inLife,
    ),
    dismissWarning: onWarning((actor, input) =>
      dismissWarning(context, actor, { ...input, reason: 'other', comment: 'x' }),
    ),
    exceptWarning: onWarning((actor, input) =>
      exceptWarning(context, actor, { ...input, untilMs: context.now() + dayMs, reason: 'x' }),
    ),
    commentOnWarning: onWarning((actor, input) =>
      commentOnWarning(context, actor, { ...input, text: 'x' }),
    ),
    undoFix: {
      done: { seenIn: 'test/activities/fix.integration.test.ts' },
      refused: () => undoFix(context, stranger, { fixId: 999_999 }),
    },
    prolongException: {
      done: async () => {
        const { id: warningId } = await life.open();
        await testDatabase.database.sql`
          insert into exception (rule_id, reason, granted_by, granted_at, until_at, warning_id)
          values (1, 'x', 'li-lei', ${context.now()}, ${context.now() + dayMs}, ${warningId})`;
        const untilMs = context.now() + 30 * dayMs;
        return prolongException(context, owner, { warningId, untilMs, reason: 'x' });
      },
      refused: () => {
        const untilMs = context.now() + dayMs;
        const input = { warningId: warning.id, untilMs, reason: 'x' };
        return prolongException(context, stranger, input);
      },
    },
    turnOffAutoFix: {
      done: async () => {
        const ruled = await life.open({ ruleId: 1, ruleCode: blacklistRule.code });
        warning = ruled;
        await testDatabase.database.sql`
          update rule set body = body || '{"autoFix": {"mode": "dry-run", "customersMax": 1, "shareMax": 1}}'`;
        return turnOffAutoFix(context, owner, { warningId: ruled.id });
      },
      refused: () => turnOffAutoFix(context, stranger, { warningId: warning.id }),
    },
    submitRequest: {
      done: async () => {
        const result = await submitRequest(context, stranger, { proposal, reason: 'x' });
        if (result.kind !== 'refused') request = result.request.id;
        return result;
      },
      refused: () => submitRequest(context, stranger, { proposal, reason: 'x' }),
    },
    voteOnRequest: {
      done: { seenIn: inCommittee },
      refused: () =>
        voteOnRequest(context, stranger, { requestId: request, ballot: 'approve', comment: '' }),
    },
    askRequester: {
      done: async () => {
        const result = await askRequester(context, admin, { requestId: request, text: 'x' });
        if (result.kind !== 'refused') asked = result.messageId;
        return result;
      },
      refused: () => askRequester(context, owner, { requestId: request, text: 'x' }),
    },
    answerQuestion: {
      done: () =>
        answerQuestion(context, stranger, { requestId: request, questionId: asked, text: 'x' }),
      refused: () =>
        answerQuestion(context, owner, { requestId: request, questionId: asked, text: 'x' }),
    },
    commentOnRequest: {
      done: () => commentOnRequest(context, admin, { requestId: request, text: 'x' }),
      refused: () => commentOnRequest(context, admin, { requestId: request, text: '' }),
    },
    talkAboutRequest: {
      done: null,
      refused: () =>
        talkAboutRequest(context, admin, {
          requestId: 999_999,
          kind: 'comment',
          questionId: null,
          text: 'x',
          reaches: () => [],
        }),
    },
    withdrawRequest: {
      done: { seenIn: inCommittee },
      refused: () => withdrawRequest(context, owner, { requestId: request }),
    },
    silenceFindings: {
      done: async () => {
        const result = await silenceFindings(context, admin, {
          ruleCode: null,
          tagCode: null,
          severity: 'low',
          untilMs: context.now() + dayMs,
          reason: 'x',
        });
        if (result.kind !== 'refused') silence = result.silence.id;
        return result;
      },
      refused: () =>
        silenceFindings(context, owner, {
          ruleCode: null,
          tagCode: null,
          severity: 'low',
          untilMs: context.now() + dayMs,
          reason: 'x',
        }),
    },
    endSilenceNow: {
      done: () => endSilenceNow(context, admin, silence),
      refused: () => endSilenceNow(context, owner, silence),
    },
    contestPoints: {
      done: async () => {
        await addPoints(
          testDatabase.database,
          {
            personCode: 'li-lei',
            cause: 'claim-missed',
            points: 1,
            warningId: warning.id,
            ruleCode: 'x',
            severity: 'high',
            atMs: context.now(),
          },
          context.now(),
        );
        const [row] = await testDatabase.database.sql<{ id: number }[]>`
          select max(id)::int as id from assessment_point`;
        points = row?.id ?? 0;
        return contestPoints(context, owner, { pointsId: points, reason: 'x' });
      },
      refused: () => contestPoints(context, stranger, { pointsId: points, reason: 'x' }),
    },
    decidePoints: {
      done: () =>
        decidePoints(context, admin, { pointsId: points, decision: 'upheld', answer: 'x' }),
      refused: () =>
        decidePoints(context, owner, { pointsId: points, decision: 'upheld', answer: 'x' }),
    },
    createApiToken: {
      done: () => createApiToken(context, owner, { name: 'x', roles: ['owner'], lifeDays: 1 }),
      refused: () =>
        createApiToken(context, owner, { name: 'x', roles: ['data-admin'], lifeDays: 1 }),
    },
    revokeApiToken: {
      done: async () => {
        const [row] = await testDatabase.database.sql<{ id: number }[]>`
          select max(id)::int as id from api_token where person_code = 'li-lei'`;
        return revokeApiToken(context, owner, row?.id ?? 0);
      },
      refused: () => revokeApiToken(context, owner, 999_999),
    },
    exportFix: {
      done: { seenIn: 'the tests of the console' },
      refused: () => exportFix(context, stranger, { fixId: 999_999, shown: 'all' }),
    },
    createSignInLink: {
      done: () => createSignInLink(context, owner),
      refused: () => createSignInLink(context, through({ ...liLei, status: 'left' })),
    },
    setPreferences: {
      done: () => setPreferences(context, owner, { locale: 'en' }),
      refused: () =>
        setPreferences(context, owner, {
          quietHours: { fromMinute: 0, untilMinute: 0, days: [] },
        }),
    },
    decideLink: {
      done: async () => {
        await testDatabase.database.query.insert(linkProposals).values({
          channel: 'slack',
          platformUserId: 'U0NEW',
          personCode: 'li-lei',
          proposedAt: context.now(),
        });
        return decideLink(context, owner, {
          channel: 'slack',
          platformUserId: 'U0NEW',
          isTheirs: false,
        });
      },
      refused: () =>
        decideLink(context, owner, { channel: 'slack', platformUserId: 'U0NEW', isTheirs: true }),
    },
    lookForCandidates: {
      done: () => lookForCandidates(context, admin),
      refused: () => lookForCandidates(context, owner),
    },
    decideOnCandidates: {
      done: async () => {
        const [row] = await testDatabase.database.sql<{ id: number }[]>`
          insert into candidate (kind, first_tag_id, second_tag_id, score, reasons, state, found_at)
          select 'synonym', min(id), max(id), 1, '[]', 'open', ${context.now()} from tag
          returning id`;
        return decideOnCandidates(context, admin, { ids: [row?.id ?? 0], decision: 'confirm' });
      },
      refused: () => decideOnCandidates(context, owner, { ids: [1], decision: 'refuse' }),
    },
    sendDeliveriesAgain: {
      done: { seenIn: 'test/web/deliveries.integration.test.ts' },
      refused: () => sendDeliveriesAgain(context, owner, { ids: [] }),
    },
    sendDigest: {
      done: { seenIn: 'test/db/stores/digests.integration.test.ts' },
      refused: () => sendDigest(context, owner),
    },
    startScan: {
      done: { seenIn: 'test/activities/scan.integration.test.ts' },
      refused: () => startScan(context, owner, { kind: 'full' }),
    },
    sendDraft: {
      done: { seenIn: 'test/web/api.integration.test.ts' },
      refused: () => sendDraft(context, owner, { draftId: 0 }),
    },
    keepDraft: {
      done: async () => {
        const result = await keepDraft(context, owner, {
          id: null,
          kind: 'create',
          fields: {},
        });
        if (result.kind !== 'refused') draft = result.draftId;
        return result;
      },
      refused: () => keepDraft(context, stranger, { id: draft, kind: 'create', fields: {} }),
    },
    discardDraft: {
      done: () => discardDraft(context, owner, { draftId: draft }),
      refused: () => discardDraft(context, owner, { draftId: draft }),
    },
    startReview: {
      done: { seenIn: inCommittee },
      refused: () => startReview(context, owner),
    },
    answerReview: {
      done: { seenIn: inCommittee },
      refused: () =>
        answerReview(context, owner, { reviewId: 999_999, keep: [], retire: [], keepRest: true }),
    },
    bringTagTable: {
      done: { seenIn: inImports },
      refused: () => bringTagTable(context, owner, tagTable),
    },
    lookAtTagTable: {
      done: null,
      refused: () =>
        lookAtTagTable(context, owner, { importId: 999_999, kind: null, offset: 0, limit: 1 }),
    },
    setTagTableReading: {
      done: null,
      refused: () =>
        setTagTableReading(context, owner, {
          importId: 999_999,
          reading: { columns: [], defaults: tagTable.defaults },
        }),
    },
    takeInTagTable: {
      done: { seenIn: inImports },
      refused: () => takeInTagTable(context, owner, { importId: 999_999, rows: 'all', waitMs: 0 }),
    },
    stopTagTable: {
      done: { seenIn: inScans },
      refused: () => stopTagTable(context, owner, { importId: 999_999, waitMs: 0 }),
    },
    exportTags: { done: { seenIn: inImports }, refused: null },
    recordExport: {
      done: async () => {
        await recordExport(context, admin, { what: 'audit', after: { rows: 1 } });
        return { kind: 'done' };
      },
      refused: null,
    },
  };

  test('every command is in the table', async () => {
    const found: string[] = [];
    for (const name of await readdir('commands')) {
      const text = await readFile(`commands/${name}`, 'utf8');
      const matches = text.matchAll(/export (?:async )?function (\w+)(?:<T>)?\(([^)]*)/gu);
      for (const [, command = '', parameters = ''] of matches) {
        if (parameters.includes('ctor: Actor')) found.push(command);
      }
    }
    const parts = [
      'auditingRefusal',
      'auditRefusal',
      'changeWarning',
      'findChangeable',
      'keepNote',
      'madeBy',
    ];
    expect(Object.keys(commands).sort()).toEqual(
      found.filter((command) => !parts.includes(command)).sort(),
    );
  });

  test.each(Object.keys(commands))('%s', async (name) => {
    const tries = commands[name];
    if (tries === undefined || tries === 'reads') return;
    for (const [outcome, act] of Object.entries(tries)) {
      if (typeof act !== 'function') continue;
      const before = await lastRow();
      const result = await act();
      expect({ outcome, kind: result.kind }).toEqual({ outcome, kind: outcome });
      const rows = await rowsSince(before);
      expect({ outcome, count: rows.length }).toEqual({ outcome, count: 1 });
      expect(rows[0]?.endsWith('.refused')).toBe(outcome === 'refused');
    }
  });
});
