import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { eq, inArray } from 'drizzle-orm';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createFixActivities } from '../../activities/fix.ts';
import { createRequestActivities } from '../../activities/request.ts';
import { createPen } from '../../bot/cards/context.ts';
import { contradictionsFor } from '../../bot/cards/request-contradictions.ts';
import { requestCard } from '../../bot/cards/request.ts';
import type { DeliveryPurpose, DeliverySubject } from '../../bot/channel.ts';
import { createReviewActivities } from '../../activities/review.ts';
import { answerReview } from '../../commands/answer-review.ts';
import { placeRetirements } from '../../commands/place-retirements.ts';
import { startReview } from '../../commands/start-review.ts';
import { loadNewestReview } from '../../db/stores/tag-reviews.ts';
import { answerQuestion } from '../../commands/answer-question.ts';
import { askRequester } from '../../commands/ask-requester.ts';
import { commentOnRequest } from '../../commands/comment-on-request.ts';
import { submitRequest } from '../../commands/submit-request.ts';
import { voteOnRequest } from '../../commands/vote-on-request.ts';
import { undoFix } from '../../commands/undo-fix.ts';
import { withdrawRequest } from '../../commands/withdraw-request.ts';
import type { CommandContext } from '../../commands/context.ts';
import { deliveries, inboxItems } from '../../db/schema/channels.ts';
import { attributes, policies, rules, tags, tagVersions } from '../../db/schema/dictionary.ts';
import { fixes, fixItems, requests } from '../../db/schema/warnings.ts';
import { mirrorCustomers } from '../../db/schema/mirror.ts';
import { auditRows } from '../../db/schema/access.ts';
import { calendars, departments, people } from '../../db/schema/people.ts';
import { listBatchItems } from '../../db/stores/request-batches.ts';
import { listInbox } from '../../db/stores/inbox-list.ts';
import { listRequestMessages } from '../../db/stores/request-messages.ts';
import { readRequestView } from '../../db/stores/request-views.ts';
import { loadBackTest, loadRequest } from '../../db/stores/requests.ts';
import { restoreRequested } from '../../db/stores/tag-changes.ts';
import type { AttachedBackTest } from '../../domain/back-test.ts';
import { tagwardenCode, type Person } from '../../domain/person.ts';
import {
  isRivalry,
  type AskedProposal,
  type Ballot,
  type RequestProposal,
} from '../../domain/request.ts';
import { requestWorkflowId, taskQueues, undoWorkflowId } from '../../workflows/messages.ts';
import { buildPerson, buildTag } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildPolicy } from '../support/policy.ts';
import { buildRequestView } from '../support/views.ts';
import { defaultVoting, type VotingPolicy } from '../../domain/policy.ts';
import { recordHistory } from '../support/stored-history.ts';
import { createTimeSkippingEnvironment } from '../support/temporal.ts';
import { sharedWorkflowBundle } from '../support/workflow-bundle.ts';

const hourMs = 3_600_000;
const votingHours = 48;

let environment: TestWorkflowEnvironment;
let testDatabase: TestDatabase;
let worker: Worker;
let scanWorker: Worker;
let running: Promise<unknown>;
let context: CommandContext;
/** The skipped clock, which is global to the environment. */
let nowMs: number;
const delivered: { subject: DeliverySubject; state: string; votes: number }[] = [];
const retagged: string[] = [];
let sourceFailure: ApplicationFailure | null = null;
const reminded: { purpose: DeliveryPurpose; personCodes: readonly string[] }[] = [];

const testedRule: AttachedBackTest = {
  about: 'customers',
  examined: 100,
  flagged: 3,
  flaggedAnew: 0,
  noLongerFlagged: 2,
  dismissedBefore: 1,
  overlaps: [],
  undecided: { customers: 0, missing: [] },
  right: 0,
  wrong: 1,
  testedAtMs: 0,
};
const member = (code: string) => buildPerson({ code, roles: ['committee'] });
const tagger = buildPerson({
  code: 'tagger',
  roles: ['tagger'],
  name: { 'zh-CN': '唐格', en: 'Tang Ge' },
});
const members = ['ann', 'bob', 'cai', 'dan', 'eve'].map(member);
const chair = members[0] ?? tagger;

beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
  testDatabase = await createTestDatabase();
  const { database } = testDatabase;
  context = { database, temporal: environment.client, now: () => nowMs };
  const requestActivities = createRequestActivities({
    database,
    grantException: async () => true,
    backTest: async () => testedRule,
    now: () => nowMs,
  });
  const { beginUndo, mayUndoPart, writeUndo, finishUndo } = createFixActivities({
    database,
    connectors: new Map(),
    now: () => nowMs,
  });
  worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: taskQueues.warnings,
    workflowBundle: sharedWorkflowBundle(),
    activities: {
      ...requestActivities,
      beginUndo,
      mayUndoPart,
      finishUndo,
      ...createReviewActivities({
        database,
        placeRetirements: (reviewId) => placeRetirements(context, reviewId),
        now: () => nowMs,
      }),

      deliver: async ({ subject }: { subject: DeliverySubject }) => {
        if (subject.kind === 'review') return;
        const request = await loadRequest(database.query, subject.id);
        const votes = request?.votes.length ?? 0;
        delivered.push({ subject, state: request?.state.kind ?? 'none', votes });
      },
      giveUpFix: async ({ why }: { why: string }) => {
        retagged.push(`given up: ${why}`);
      },
      remind: async (input: { purpose: DeliveryPurpose; personCodes: readonly string[] }) => {
        reminded.push({ purpose: input.purpose, personCodes: input.personCodes });
      },
    },
  });
  scanWorker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: taskQueues.scans,
    activities: {
      backTestRequest: requestActivities.backTestRequest,
      writeUndo,
      writeFix: async ({ fixId }: { fixId: number }) => {
        if (sourceFailure !== null) throw sourceFailure;
        retagged.push(`written ${fixId}`);
      },
      rescan: async (scope: { kind: string; fixId: number }) => {
        retagged.push(`rescanned ${scope.kind} ${scope.fixId}`);
      },
    },
  });
  running = Promise.all([worker.run(), scanWorker.run()]);
});

afterAll(async () => {
  worker.shutdown();
  scanWorker.shutdown();
  await running;
  await testDatabase.drop();
  await environment.teardown();
});

beforeEach(async () => {
  nowMs = await environment.currentTimeMs();
  const { query, sql } = testDatabase.database;
  await sql`truncate tag_review, tag_review_item, delivery, request, vote, vote_note, tag, tag_version, relation, rule, attribute, mirror_customer, policy, audit_row,
    person, calendar, department cascade`;
  delivered.length = 0;
  reminded.length = 0;
  retagged.length = 0;
  sourceFailure = null;
  const name = { 'zh-CN': '销售部', en: 'Sales' };
  await query.insert(departments).values({ code: 'sales', name });
  const hours = [{ fromMinute: 540, untilMinute: 1080 }];
  const week = { 1: hours, 2: hours, 3: hours, 4: hours, 5: hours, 6: [], 7: [] };
  const body = { code: 'china', timeZone: 'Asia/Shanghai', week, holidays: null };
  await query.insert(calendars).values({ code: 'china', body });
  await query.insert(people).values([tagger, ...members]);
  await query.insert(policies).values({ id: 1, body: policyWith({}), version: 1 });
});

function policyWith(voting: Partial<VotingPolicy>) {
  const votingWithinMs = votingHours * hourMs;
  return buildPolicy({
    voting: { ...defaultVoting, quorum: 3, votingWithinMs, vetoCodes: ['eve'], ...voting },
  });
}

async function setVoting(voting: Partial<VotingPolicy>) {
  await testDatabase.database.query.update(policies).set({ body: policyWith(voting) });
}

const newTag: RequestProposal = {
  kind: 'create-tag',
  code: 'high-net-worth',
  name: { 'zh-CN': '高净值客户', en: 'High net worth' },
  definition: { 'zh-CN': '可投资资产超过百万', en: 'Owns assets above one million' },
  level: 'main',
  category: 'prediction',
  departmentCodes: [],
  ownerCode: 'tagger',
  lifeDays: null,
  confirmEveryDays: 90,
  sensitive: true,
};

function customer(
  ref: string,
  tagged: { readonly tagIds: number[]; readonly sourceIds: number[] },
): typeof mirrorCustomers.$inferInsert {
  const zeros = tagged.tagIds.map(() => 0);
  return {
    ref,
    name: ref,
    numbers: [],
    texts: [],
    ...tagged,
    sinceSeconds: zeros,
    actorIds: zeros,
    importIds: zeros,
    changedAt: nowMs,
  };
}

async function ask(proposal: AskedProposal = newTag, by = tagger): Promise<number> {
  // Waiting for a workflow's end may have skipped more than the time for a vote.
  nowMs = Math.max(nowMs, await environment.currentTimeMs());
  const result = await submitRequest(
    context,
    { person: by, through: 'slack' },
    { proposal, reason: 'needed' },
  );
  if (result.kind !== 'done') throw new Error(JSON.stringify(result));
  return result.request.id;
}

function vote(requestId: number, code: string, ballot: Ballot) {
  const person = [tagger, ...members].find((candidate) => candidate.code === code) ?? tagger;
  const input = { requestId, ballot, comment: `${ballot} by ${code}` };
  return voteOnRequest(context, { person, through: 'feishu' }, input);
}

function handleOf(requestId: number) {
  return environment.client.workflow.getHandle(requestWorkflowId(requestId));
}

async function ended(requestId: number) {
  await handleOf(requestId).result();
  return loadRequest(testDatabase.database.query, requestId);
}

test('a quorum of votes in favour puts the tag into the dictionary with its first version', async () => {
  const id = await ask();
  for (const code of ['ann', 'bob', 'cai']) await vote(id, code, 'approve');
  const request = await ended(id);
  expect(request?.state.kind).toBe('applied');
  expect(request?.votes.map((cast) => cast.comment).sort()).toEqual([
    'approve by ann',
    'approve by bob',
    'approve by cai',
  ]);
  const { query } = testDatabase.database;
  const [tag] = await query.select().from(tags);
  expect(tag).toMatchObject({
    code: 'high-net-worth',
    status: 'active',
    confirmEveryDays: 90,
    sensitive: true,
    version: 1,
  });
  expect(await query.select().from(tagVersions)).toHaveLength(1);
  expect(delivered.at(-1)).toMatchObject({ state: 'applied', votes: 3 });
  const actions = (await query.select().from(auditRows).orderBy(auditRows.id)).map(
    (row) => row.action,
  );
  expect(actions).toEqual([
    'request.submitted',
    'request.voted',
    'request.voted',
    'request.voted',
    'request.approved',
    'tag.created',
    'request.applied',
  ]);
});

test('no quorum by the deadline: nothing is applied, and the silent were reminded at half time', async () => {
  const id = await ask();
  await vote(id, 'ann', 'approve');
  await vote(id, 'bob', 'approve');
  const request = await ended(id);
  expect(request?.state.kind).toBe('expired');
  expect(await testDatabase.database.query.select().from(tags)).toEqual([]);
  expect(reminded).toEqual([{ purpose: 'reminder-vote', personCodes: ['cai', 'dan', 'eve'] }]);
  await recordHistory('request-expired', handleOf(id));
});

test('a member asks and the requester answers; each hears at once, and the deadline of the vote goes on', async () => {
  const id = await ask();
  const [ann, bob] = members;
  if (ann === undefined || bob === undefined) throw new Error('There are members.');
  const as = (person: Person) => ({ person, through: 'slack' }) as const;
  const text = 'Does it cover joint accounts?';
  const asked = await askRequester(context, as(ann), { requestId: id, text });
  if (asked.kind !== 'done') throw new Error(JSON.stringify(asked));
  const questionId = asked.messageId;
  const reply = { requestId: id, questionId, text: 'Yes, both holders.' };
  expect(await answerQuestion(context, as(bob), reply)).toEqual(refusedAs('not-involved'));
  expect(await askRequester(context, as(tagger), reply)).toEqual(refusedAs('not-involved'));
  const answered = await answerQuestion(context, as(tagger), reply);
  if (answered.kind !== 'done') throw new Error(JSON.stringify(answered));
  expect(await answerQuestion(context, as(tagger), reply)).toEqual(refusedAs('already-answered'));
  expect(await answerQuestion(context, as(tagger), { ...reply, questionId: 999 })).toMatchObject({
    refusal: { kind: 'not-found', what: 'question' },
  });
  await commentOnRequest(context, as(bob), { requestId: id, text: 'Fine by me.' });
  await vi.waitUntil(() => reminded.length === 3, { timeout: 60_000 });
  expect(reminded).toEqual([
    { purpose: `question-${questionId}`, personCodes: ['tagger'] },
    { purpose: `answer-${answered.messageId}`, personCodes: ['ann'] },
    { purpose: expect.stringMatching(/^answer-/u), personCodes: [] },
  ]);
  await recordHistory('request-asked-and-answered', handleOf(id));
  const request = await ended(id);
  expect(request?.state.kind).toBe('expired');
  expect(await answerQuestion(context, as(tagger), reply)).toEqual(refusedAs('voting-over'));
  const { query } = testDatabase.database;
  expect((await listRequestMessages(query, id)).map(({ kind, by }) => [kind, by])).toEqual([
    ['question', 'ann'],
    ['answer', 'tagger'],
    ['comment', 'bob'],
  ]);
});

function refusedAs(kind: string) {
  return { kind: 'refused', refusal: { kind } };
}

test('a veto ends the vote at once', async () => {
  const id = await ask();
  await vote(id, 'ann', 'approve');
  await vote(id, 'eve', 'reject');
  expect((await ended(id))?.state).toMatchObject({ kind: 'rejected', reason: 'veto' });
});

test('it is rejected as soon as the quorum is out of reach', async () => {
  const id = await ask();
  for (const code of ['ann', 'bob', 'cai']) await vote(id, code, 'reject');
  expect((await ended(id))?.state).toMatchObject({ kind: 'rejected', reason: 'votes' });
});

test('whoever asked is no member, cannot vote, and abstaining is a vote', async () => {
  const id = await ask(newTag, chair);
  const request = await loadRequest(testDatabase.database.query, id);
  expect(request?.memberCodes).toEqual(['bob', 'cai', 'dan', 'eve']);
  expect(await vote(id, 'ann', 'approve')).toEqual({
    kind: 'refused',
    refusal: { kind: 'own-request' },
  });
  expect(await vote(id, 'tagger', 'approve')).toEqual({
    kind: 'refused',
    refusal: { kind: 'not-a-member' },
  });
  expect((await vote(id, 'bob', 'abstain')).kind).toBe('done');
  expect(await vote(id, 'bob', 'abstain')).toEqual({
    kind: 'refused',
    refusal: { kind: 'same-vote' },
  });
  expect((await vote(id, 'bob', 'approve')).kind).toBe('done');
  await withdrawRequest(context, { person: chair, through: 'inbox' }, { requestId: id });
  await ended(id);
});

test('the requester takes it back; a later vote is refused and a stranger cannot', async () => {
  const id = await ask();
  const stranger = members[1] ?? tagger;
  expect(
    await withdrawRequest(context, { person: stranger, through: 'inbox' }, { requestId: id }),
  ).toEqual({
    kind: 'refused',
    refusal: { kind: 'not-responsible', responsibleCode: 'tagger' },
  });
  await withdrawRequest(context, { person: tagger, through: 'inbox' }, { requestId: id });
  expect((await ended(id))?.state.kind).toBe('withdrawn');
  await recordHistory('request-withdrawn', handleOf(id));
  expect(await vote(id, 'ann', 'approve')).toEqual({
    kind: 'refused',
    refusal: { kind: 'voting-over' },
  });
});

test('an approved merge deprecates the tag and re-tags exactly the customers who carry it', async () => {
  const { query } = testDatabase.database;
  await query
    .insert(tags)
    .values([
      buildTag({ id: 101, code: 'vip', ownerCode: 'tagger' }),
      buildTag({ id: 102, code: 'high-value', ownerCode: 'tagger' }),
    ]);
  await query
    .insert(mirrorCustomers)
    .values([
      customer('only the one', { tagIds: [7, 101], sourceIds: [1, 1] }),
      customer('both', { tagIds: [101, 102], sourceIds: [1, 1] }),
      customer('neither', { tagIds: [7], sourceIds: [1] }),
      customer('in the second source', { tagIds: [7, 101], sourceIds: [1, 2] }),
    ]);
  const id = await ask({ kind: 'merge-tags', fromCode: 'vip', intoCode: 'high-value' });
  for (const code of ['ann', 'bob', 'cai']) await vote(id, code, 'approve');
  expect((await ended(id))?.state.kind).toBe('applied');
  const merged = (await query.select().from(tags)).find((tag) => tag.code === 'vip');
  expect(merged).toMatchObject({
    status: 'deprecated',
    successorCode: 'high-value',
    version: 2,
  });
  const items = await query.select().from(fixItems).orderBy(fixItems.customerId);
  expect(
    items.map(({ sourceId, beforeTagIds, afterTagIds }) => [sourceId, beforeTagIds, afterTagIds]),
  ).toEqual([
    [1, [7, 101], [7, 102]],
    [1, [101, 102], [102]],
    [2, [101], [102]],
  ]);
  const fixId = items[0]?.fixId ?? 0;
  expect(retagged).toEqual([`written ${fixId}`, `rescanned fix ${fixId}`]);
  await recordHistory('request-merged-and-retagged', handleOf(id));
});

test('a twin of an existing tag, a second request about it and bad words are refused', async () => {
  const first = await ask();
  const again = await submitRequest(
    context,
    { person: tagger, through: 'cli' },
    { proposal: newTag, reason: 'again' },
  );
  expect(again).toMatchObject({
    kind: 'refused',
    refusal: { kind: 'conflicts-with', what: 'request', id: String(first) },
  });
  const badCode = await submitRequest(
    context,
    { person: tagger, through: 'cli' },
    { proposal: { ...newTag, code: 'High Value' }, reason: 'x' },
  );
  expect(badCode).toMatchObject({ refusal: { kind: 'invalid', field: 'code' } });
  await testDatabase.database.query
    .insert(tags)
    .values(buildTag({ code: 'twin', name: newTag.name, ownerCode: 'tagger' }));
  const twin = await submitRequest(
    context,
    { person: tagger, through: 'cli' },
    { proposal: { ...newTag, code: 'other' }, reason: 'x' },
  );
  expect(twin).toMatchObject({ refusal: { kind: 'conflicts-with', what: 'tag', id: 'twin' } });
  await withdrawRequest(context, { person: tagger, through: 'cli' }, { requestId: first });
  await ended(first);
});

async function approved(proposal: AskedProposal) {
  const id = await ask(proposal);
  for (const code of ['ann', 'bob', 'cai']) await vote(id, code, 'approve');
  return ended(id);
}

async function tagNamed(code: string) {
  const all = await testDatabase.database.query.select().from(tags);
  return all.find((tag) => tag.code === code);
}

test('a change keeps what it does not name, makes a version, and gives way to what changed meanwhile', async () => {
  const { query } = testDatabase.database;
  const definition = { 'zh-CN': '近一年消费超过 20 万', en: 'Spent over 200,000 in a year' };
  await query.insert(tags).values(buildTag({ code: 'vip', ownerCode: 'tagger' }));
  const before = await tagNamed('vip');
  const change = { kind: 'change-tag', code: 'vip' } as const;
  const done = await approved({
    ...change,
    after: { definition, ownerCode: 'ann', level: 'main' },
  });
  expect(done?.proposal).toEqual({
    ...change,
    before: { definition: before?.definition, ownerCode: 'tagger' },
    after: { definition, ownerCode: 'ann' },
  });
  expect(await tagNamed('vip')).toEqual({ ...before, definition, ownerCode: 'ann', version: 2 });
  const id = await ask({ ...change, after: { lifeDays: 90 } });
  await query.update(tags).set({ lifeDays: 30 });
  for (const code of ['ann', 'bob', 'cai']) await vote(id, code, 'approve');
  expect((await ended(id))?.state).toMatchObject({
    kind: 'failed',
    why: { kind: 'tag-changed', code: 'vip' },
  });
  expect(await tagNamed('vip')).toMatchObject({ lifeDays: 30, version: 2 });
});

test('what came into force without touching customers is taken back too, unless it changed again since', async () => {
  const { database } = testDatabase;
  const { query } = database;
  const back = { code: 'back', status: 'deprecated', ownerCode: 'tagger' } as const;
  await query.insert(tags).values(buildTag(back));
  const rule = {
    kind: 'overload',
    code: 'too-many',
    name: { 'zh-CN': '标签过多', en: 'Too many tags' },
    severity: 'low',
    ownerCode: null,
    enabled: true,
    tagsMax: 12,
    temporaryTagsMax: null,
  } as const;
  const undo = async (proposal: AskedProposal) => {
    const request = await approved(proposal);
    expect(request?.state).toMatchObject({ kind: 'applied' });
    const fix = (await readRequestView(database, request?.id ?? 0))?.fix;
    const result = await undoFix(
      context,
      { person: tagger, through: 'inbox' },
      { fixId: fix?.id ?? 0 },
    );
    if (result.kind !== 'done') return result;
    await environment.client.workflow.getHandle(undoWorkflowId(fix?.id ?? 0)).result();
    nowMs = (await environment.currentTimeMs()) + 1;
    return (await readRequestView(database, request?.id ?? 0))?.fix?.state;
  };
  expect(await undo({ kind: 'activate-tag', code: 'back' })).toBe('undone');
  expect(await tagNamed('back')).toMatchObject({ status: 'deprecated', version: 3 });
  expect(await undo(newTag)).toBe('undone');
  expect(await tagNamed('high-net-worth')).toMatchObject({ status: 'archived' });
  expect(await undo({ kind: 'change-rule', after: rule })).toBe('undone');
  const ruleNow = async () => (await query.select().from(rules))[0];
  expect(await ruleNow()).toMatchObject({ removed: true, enabled: false, version: 2 });
  await approved({ kind: 'change-rule', after: rule });
  expect(await ruleNow()).toMatchObject({ removed: false, enabled: true, version: 3 });
  nowMs = (await environment.currentTimeMs()) + 1;
  expect(await undo({ kind: 'change-rule', after: { ...rule, tagsMax: 20 } })).toBe('undone');
  expect(await ruleNow()).toMatchObject({ removed: false, body: { tagsMax: 12 } });
  const changed = { kind: 'change-tag', code: 'back' } as const;
  const first = await approved({ ...changed, after: { ownerCode: 'ann' } });
  nowMs = (await environment.currentTimeMs()) + 1;
  await approved({ ...changed, after: { ownerCode: 'bob' } });
  const fix = (await readRequestView(database, first?.id ?? 0))?.fix;
  expect(
    await undoFix(context, { person: tagger, through: 'inbox' }, { fixId: fix?.id ?? 0 }),
  ).toMatchObject({ kind: 'refused', refusal: { kind: 'changed-since' } });
  expect(await tagNamed('back')).toMatchObject({ ownerCode: 'bob' });
});

test('a split gives each customer the side of the condition on which they stand', async () => {
  const { query } = testDatabase.database;
  await query.insert(tags).values(buildTag({ id: 301, code: 'vip', ownerCode: 'tagger' }));
  const name = { 'zh-CN': '资产', en: 'Assets' };
  await query.insert(attributes).values({ code: 'assets', type: 'number', name, slot: 0 });
  const owning = (ref: string, numbers: number[], tagId = 301) => ({
    ...customer(ref, { tagIds: [7, tagId], sourceIds: [1, 1] }),
    numbers,
  });
  await query
    .insert(mirrorCustomers)
    .values([
      owning('rich', [900]),
      owning('poor', [10]),
      owning('nobody knows', []),
      owning('of another tag', [900], 302),
    ]);
  const part = (code: string) => ({
    code,
    name: { 'zh-CN': code, en: code },
    definition: { 'zh-CN': `${code}的定义`, en: `Definition of ${code}` },
  });
  const criterion = { kind: 'compare', attribute: 'assets', operator: '>=', value: 600 } as const;
  const sides = { criterion, met: part('private'), unmet: part('wealth') };
  const split = await approved({ kind: 'split-tag', code: 'vip', ...sides });
  expect(split?.state.kind).toBe('applied');
  expect(await tagNamed('vip')).toMatchObject({ status: 'deprecated', successorCode: null });
  const [met, unmet] = [await tagNamed('private'), await tagNamed('wealth')];
  expect(met).toMatchObject({ status: 'active', criteria: criterion, ownerCode: 'tagger' });
  expect(unmet).toMatchObject({ criteria: { kind: 'not', condition: criterion } });
  const items = await query.select().from(fixItems).orderBy(fixItems.customerId);
  const mine = items.filter(({ beforeTagIds }) => beforeTagIds.includes(301));
  const other = ({ afterTagIds }: { afterTagIds: number[] }) =>
    afterTagIds.filter((id) => id !== 7);
  expect(mine.map(other)).toEqual([[met?.id], [unmet?.id]]);
  const undo = { requestId: split?.id ?? 0, actorCode: 'tagger', nowMs };
  await restoreRequested(testDatabase.database, undo);
  await restoreRequested(testDatabase.database, undo);
  expect(await tagNamed('vip')).toMatchObject({ status: 'active', version: 3 });
  expect(await tagNamed('private')).toMatchObject({ status: 'archived', version: 2 });
});

test('a source that cannot be written leaves its customers as they are, and the request comes to its end', async () => {
  await testDatabase.database.query
    .insert(tags)
    .values(['old', 'new'].map((code) => buildTag({ code, ownerCode: 'tagger' })));
  sourceFailure = ApplicationFailure.nonRetryable('The CRM refuses the password.', 'source-auth');
  const id = await ask({ kind: 'merge-tags', fromCode: 'old', intoCode: 'new' });
  for (const code of ['ann', 'bob', 'cai']) await vote(id, code, 'approve');
  expect((await ended(id))?.state.kind).toBe('applied');
  expect(retagged).toEqual([
    'given up: source-auth: The CRM refuses the password.',
    expect.stringContaining('rescanned fix'),
  ]);
  await recordHistory('request-source-not-written', handleOf(id));
});

test('a deprecated tag keeps its customers, a replaced one gives them its successor', async () => {
  const { query } = testDatabase.database;
  await query
    .insert(tags)
    .values(['old', 'older', 'new'].map((code) => buildTag({ code, ownerCode: 'tagger' })));
  const deprecate = { kind: 'deprecate-tag', successorCode: 'new' } as const;
  await approved({ ...deprecate, code: 'old', replaces: false });
  expect(await tagNamed('old')).toMatchObject({ status: 'deprecated', successorCode: 'new' });
  expect(retagged).toEqual([]);
  await approved({ ...deprecate, code: 'older', replaces: true });
  expect(retagged).toHaveLength(2);
});

test('a rule comes into force, changes where it is as the committee saw it, and else stays', async () => {
  const { query } = testDatabase.database;
  const rule = {
    kind: 'overload',
    code: 'too-many',
    name: { 'zh-CN': '标签过多', en: 'Too many tags' },
    severity: 'low',
    ownerCode: null,
    enabled: true,
    tagsMax: 12,
    temporaryTagsMax: null,
  } as const;
  const ruleNow = async () => (await query.select().from(rules))[0];
  await approved({ kind: 'change-rule', after: rule });
  expect(await ruleNow()).toMatchObject({ code: 'too-many', enabled: true, version: 1 });
  await approved({ kind: 'change-rule', after: { ...rule, tagsMax: 20, enabled: false } });
  expect(await ruleNow()).toMatchObject({ enabled: false, version: 2, body: { tagsMax: 20 } });
  const id = await ask({ kind: 'change-rule', after: { ...rule, tagsMax: 30 } });
  const attached = () => loadBackTest(query, id);
  await vi.waitUntil(async () => (await attached()) !== null, { timeout: 60_000 });
  expect(await attached()).toEqual(testedRule);
  const later = { kind: 'change-rule', after: { ...rule, tagsMax: 40 } } as const;
  const placed = await submitRequest(
    context,
    { person: chair, through: 'cli' },
    { proposal: later, reason: 'x' },
  );
  if (placed.kind !== 'done') throw new Error(`It was ${placed.kind}.`);
  const rivalId = placed.request.id;
  const said = (await listRequestMessages(query, id)).find(({ kind }) => kind === 'rival');
  expect(said).toMatchObject({ by: 'ann', rivalId });
  const told = { purpose: `rival-${said?.id}`, personCodes: ['tagger'] };
  await vi.waitUntil(() => reminded.some(({ purpose }) => purpose === told.purpose), {
    timeout: 60_000,
  });
  expect(reminded).toContainEqual(told);
  nowMs += hourMs;
  for (const one of [id, rivalId]) {
    for (const code of ['bob', 'cai', 'dan']) await vote(one, code, 'approve');
    await ended(one);
  }
  expect(await ruleNow()).toMatchObject({ body: { tagsMax: 30 } });
  expect((await loadRequest(query, rivalId))?.state).toMatchObject({
    kind: 'failed',
    why: { kind: 'rival-first', requestId: id },
  });
  await recordHistory('request-that-no-longer-fits', handleOf(rivalId));
});

test('what another approved request took out of use is not taken out again, and nothing is half-done', async () => {
  const { query } = testDatabase.database;
  const names = { old: ['老', 'Old'], one: ['壹', 'One'], other: ['另', 'Other'] } as const;
  for (const code of ['old', 'one', 'other'] as const) {
    const [chinese, en] = names[code];
    const tag = buildTag({ code, ownerCode: 'tagger', name: { 'zh-CN': chinese, en } });
    await query.insert(tags).values(tag);
    await query.insert(tagVersions).values({
      tagCode: code,
      version: 1,
      body: tag,
      changedBy: 'tagger',
      changedAt: nowMs,
      reason: 'configuration',
    });
  }
  nowMs += hourMs;
  const first = await ask({ kind: 'merge-tags', fromCode: 'old', intoCode: 'one' });
  const second = await ask({ kind: 'merge-tags', fromCode: 'old', intoCode: 'other' });
  nowMs += hourMs;
  expect(await contradicting(second)).toEqual([
    `申请 #${first}（合并标签：老 → 壹，唐格提交）正在表决，两者不能同时成立`,
    `Request #${first} (Merge: Old → One, asked for by Tang Ge) is being voted on; only one of the two can come true`,
  ]);
  for (const code of ['ann', 'bob', 'cai']) await vote(first, code, 'approve');
  await ended(first);
  const told = (await listRequestMessages(query, second)).filter(isRivalry);
  expect(told).toMatchObject([{ kind: 'rival-applied', by: 'tagger', rivalId: first }]);
  expect(reminded).toContainEqual({ purpose: `rival-${told[0]?.id}`, personCodes: ['tagger'] });
  expect(await contradicting(second)).toEqual([
    `申请 #${first}（合并标签：老 → 壹，唐格提交）已先生效，这份申请即使通过也无法生效`,
    `Request #${first} (Merge: Old → One, asked for by Tang Ge) came into force first; this one cannot come true any more, even if approved`,
  ]);
  for (const code of ['ann', 'bob', 'cai']) await vote(second, code, 'approve');
  await ended(second);
  expect((await loadRequest(query, second))?.state).toMatchObject({
    kind: 'failed',
    why: { kind: 'rival-first', requestId: first },
  });
  expect(await tagNamed('old')).toMatchObject({ successorCode: 'one', version: 2 });
  expect(retagged).toHaveLength(2);
  await recordHistory('request-that-rules-another-out', handleOf(first));
});

test('of two that contradict and are approved at once one comes true; what was taken back rules nothing out', async () => {
  const { query } = testDatabase.database;
  for (const code of ['old', 'one', 'other']) {
    await query.insert(tags).values(buildTag({ code, ownerCode: 'tagger' }));
  }
  const away = await ask({ kind: 'merge-tags', fromCode: 'one', intoCode: 'other' });
  const into = await ask({ kind: 'merge-tags', fromCode: 'old', intoCode: 'one' });
  const dropped = await ask({ kind: 'retire-tag', code: 'one' });
  await withdrawRequest(context, { person: tagger, through: 'cli' }, { requestId: dropped });
  await ended(dropped);
  for (const id of [away, into]) {
    expect((await listRequestMessages(query, id)).filter(isRivalry).at(-1)).toMatchObject({
      kind: 'rival-over',
      rivalId: dropped,
    });
  }
  for (const code of ['ann', 'bob']) {
    for (const id of [away, into]) await vote(id, code, 'approve');
  }
  await Promise.all([away, into].map((id) => vote(id, 'cai', 'approve')));
  const states = [await ended(away), await ended(into)].map((one) => one?.state);
  const failed = states[0]?.kind === 'failed' ? away : into;
  expect(states).toContainEqual(expect.objectContaining({ kind: 'applied' }));
  expect(states).toContainEqual(
    expect.objectContaining({
      kind: 'failed',
      why: { kind: 'rival-first', requestId: failed === away ? into : away },
    }),
  );
  const changed = [await tagNamed('old'), await tagNamed('one')].filter(
    (tag) => tag?.status === 'deprecated',
  );
  expect(changed).toHaveLength(1);
  const first = failed === away ? into : away;
  const again = failed === away ? 'one' : 'old';
  const later = await ask({ kind: 'retire-tag', code: again });
  await query
    .update(requests)
    .set({ createdAt: nowMs - hourMs })
    .where(eq(requests.id, later));
  await query.update(fixes).set({ state: 'undone' }).where(eq(fixes.requestId, first));
  for (const code of ['ann', 'bob', 'cai']) await vote(later, code, 'approve');
  expect((await ended(later))?.state.kind).toBe('applied');
});

/** What a request's card says of other requests, in both languages. */
async function contradicting(requestId: number): Promise<readonly string[]> {
  const view = await readRequestView(testDatabase.database, requestId);
  if (view === null) throw new Error(`There is no request ${requestId}.`);
  return (['zh-CN', 'en'] as const).flatMap((locale) => {
    const reader = buildPerson({ ...tagger, locale });
    const pen = createPen(reader, { publicUrl: 'http://localhost', nowMs });
    return contradictionsFor(view, pen)
      .filter(({ kind }) => kind === 'open-request' || kind === 'applied-request')
      .map(({ words }) => words);
  });
}

test('a batch is voted on once, applied one by one, and what one of it cannot do holds up no other', async () => {
  const { query } = testDatabase.database;
  for (const code of ['one', 'two', 'three', 'kept']) {
    await query.insert(tags).values(buildTag({ code, ownerCode: 'tagger' }));
  }
  const merge = (fromCode: string) => ({ kind: 'merge-tags', fromCode, intoCode: 'kept' }) as const;
  const id = await ask({ kind: 'batch', items: ['one', 'two', 'three'].map(merge) });
  await query.update(tags).set({ code: 'gone' }).where(eq(tags.code, 'two'));
  for (const code of ['ann', 'bob', 'cai']) await vote(id, code, 'approve');
  const batch = await ended(id);
  expect(batch?.state.kind).toBe('applied');
  if (batch === null) throw new Error('There is no such request.');
  const items = await listBatchItems(testDatabase.database, batch);
  expect(items.map(({ state }) => state)).toMatchObject([
    { kind: 'applied' },
    {
      kind: 'failed',
      why: { kind: 'no-longer-fits', fault: { kind: 'not-found', what: 'tag', id: 'two' } },
    },
    { kind: 'applied' },
  ]);
  expect(await tagNamed('three')).toMatchObject({ status: 'deprecated', successorCode: 'kept' });
  expect(await tagNamed('gone')).toMatchObject({ status: 'active' });
  expect(retagged).toHaveLength(4);
  const last = await loadRequest(query, items[2]?.requestId ?? 0);
  expect(last).toMatchObject({ batchId: id, votes: [], state: { kind: 'applied' } });
  expect(delivered.every(({ subject }) => subject.id === id)).toBe(true);
  await recordHistory('request-of-a-batch', handleOf(id));
});

test('a batch is taken back as a whole, the latest first, and what changed since stays as it is', async () => {
  const { database } = testDatabase;
  const codes = ['one', 'two', 'three'];
  for (const code of codes) {
    await database.query.insert(tags).values(buildTag({ code, ownerCode: 'tagger' }));
  }
  const handOver = (code: string, ownerCode: string) =>
    ({ kind: 'change-tag', code, after: { ownerCode } }) as const;
  const batch = await approved({
    kind: 'batch',
    items: codes.map((code) => handOver(code, 'ann')),
  });
  const requestId = batch?.id ?? 0;
  const viewOf = async (id: number) => {
    nowMs = (await environment.currentTimeMs()) + 1;
    await database.query.update(fixes).set({ undoUntil: nowMs + hourMs });
    const view = await readRequestView(database, id);
    if (view === null) throw new Error(`There is no request ${id}.`);
    return view;
  };
  const undo = async (id: number, person = tagger) => {
    const fixId = (await viewOf(id)).fix?.id ?? 0;
    const result = await undoFix(context, { person, through: 'inbox' }, { fixId });
    if (result.kind === 'done') {
      await environment.client.workflow.getHandle(undoWorkflowId(fixId)).result();
    }
    return result;
  };
  await viewOf(requestId);
  const later = [await approved(handOver('two', 'bob')), await approved(handOver('three', 'bob'))];
  // What was changed and changed back stands as the batch left it.
  expect(await undo(later[1]?.id ?? 0)).toMatchObject({ kind: 'done' });
  expect(await undo(requestId, member('ann'))).toMatchObject({
    kind: 'refused',
    refusal: { kind: 'role-needed', role: 'data-admin' },
  });
  const chat = { publicUrl: '', nowMs };
  const buttons = requestCard(await viewOf(requestId), tagger, chat).buttons;
  expect(buttons[0]?.confirm?.text).toContain('3 项');
  const begun = await undo(requestId);
  expect(begun.kind).toBe('done');
  const view = await viewOf(requestId);
  expect(view.items.map((item) => item.undo)).toEqual([
    { kind: 'undone', customersLeft: 0 },
    { kind: 'left' },
    { kind: 'undone', customersLeft: 0 },
  ]);
  const owners = await Promise.all(codes.map(async (code) => (await tagNamed(code))?.ownerCode));
  expect(owners).toEqual(['tagger', 'bob', 'tagger']);
  const rows = await database.query
    .select()
    .from(auditRows)
    .where(inArray(auditRows.action, ['tag.restored', 'fix.undone']))
    .orderBy(auditRows.id);
  const restored = rows.flatMap(({ action, subjectId }) =>
    action === 'tag.restored' ? [subjectId] : [],
  );
  expect(restored).toEqual(['three', 'three', 'one']);
  expect(rows.at(-1)).toMatchObject({ subjectId: String(view.fix?.id), actorCode: 'tagger' });
  expect(await undo(requestId)).toMatchObject({ kind: 'unchanged' });
  const shown = JSON.stringify(requestCard(view, tagger, chat));
  expect(shown).toContain('已撤销 2 项，1 项之后又被改过、没有撤销。');
  const workflowId = undoWorkflowId(view.fix?.id ?? 0);
  await recordHistory('undo-of-a-batch', environment.client.workflow.getHandle(workflowId));
});

test('a batch of which nothing fits any more fails and says so', async () => {
  const { query } = testDatabase.database;
  await query.insert(tags).values(buildTag({ code: 'one', ownerCode: 'tagger' }));
  const id = await ask({ kind: 'batch', items: [{ kind: 'retire-tag', code: 'one' }] });
  await query.update(tags).set({ code: 'gone' });
  for (const code of ['ann', 'bob', 'cai']) await vote(id, code, 'approve');
  expect((await ended(id))?.state).toMatchObject({
    kind: 'failed',
    why: { kind: 'no-item-applied' },
  });
});

test('owners say which of their tags are still needed, the silent are reminded, and what is not goes to the committee', async () => {
  const { query } = testDatabase.database;
  for (const [code, ownerCode] of [
    ['used', 'ann'],
    ['dead', 'ann'],
    ['asleep', 'bob'],
    ['nobodys', 'left'],
  ] as const) {
    await query.insert(tags).values(buildTag({ code, ownerCode }));
  }
  const handle = await environment.client.workflow.start('review', {
    workflowId: `review-${randomUUID()}`,
    taskQueue: taskQueues.warnings,
    args: [{ startedBy: null }],
  });
  const newest = () => loadNewestReview(query);
  await vi.waitUntil(async () => (await newest()) !== null, { timeout: 60_000 });
  const review = await newest();
  expect(review?.items.map(({ tagCode, ownerCode }) => [tagCode, ownerCode])).toEqual([
    ['dead', 'ann'],
    ['used', 'ann'],
    ['asleep', 'bob'],
  ]);
  const reviewId = review?.id ?? 0;
  const answers = { reviewId, keep: [], retire: ['dead'], keepRest: true };
  const bob = { person: member('bob'), through: 'slack' } as const;
  expect(await answerReview(context, bob, answers)).toMatchObject({
    kind: 'refused',
    refusal: { kind: 'not-responsible', responsibleCode: 'ann' },
  });
  const ann = { person: member('ann'), through: 'slack' } as const;
  expect(await answerReview(context, ann, answers)).toEqual({ kind: 'done', keep: 1, retire: 1 });
  expect(await answerReview(context, ann, answers)).toMatchObject({ kind: 'unchanged' });
  await handle.result();
  expect(reminded.filter(({ purpose }) => purpose.startsWith('reminder-review'))).toEqual([
    { purpose: 'reminder-review-1', personCodes: ['bob'] },
    { purpose: 'reminder-review-2', personCodes: ['bob'] },
  ]);
  const over = await newest();
  const [requestId = 0] = over?.requestIds ?? [];
  const asked = await loadRequest(query, requestId);
  expect(asked).toMatchObject({
    requesterCode: tagwardenCode,
    proposal: { kind: 'batch', reviewId, items: [{ kind: 'retire-tag', code: 'dead' }] },
  });
  expect(await answerReview(context, ann, answers)).toMatchObject({
    refusal: { kind: 'review-over' },
  });
  expect(await placeRetirements(context, reviewId)).toEqual([requestId]);
  await recordHistory('review-of-tags', handle);
});

test('a review ends as soon as everybody has answered, and asks for nothing where all is kept', async () => {
  const { query } = testDatabase.database;
  await query.insert(tags).values(buildTag({ code: 'used', ownerCode: 'ann' }));
  const admin = buildPerson({ code: 'tagger', roles: ['data-admin'] });
  const start = () => startReview(context, { person: admin, through: 'console' });
  expect(await startReview(context, { person: tagger, through: 'console' })).toMatchObject({
    refusal: { kind: 'role-needed', role: 'data-admin' },
  });
  expect(await start()).toEqual({ kind: 'done' });
  await vi.waitUntil(async () => (await loadNewestReview(query)) !== null, { timeout: 60_000 });
  expect(await start()).toEqual({ kind: 'unchanged' });
  const reviewId = (await loadNewestReview(query))?.id ?? 0;
  await answerReview(
    context,
    { person: member('ann'), through: 'feishu' },
    { reviewId, keep: [], retire: [], keepRest: true },
  );
  const over = async () => (await loadNewestReview(query))?.closedAtMs ?? null;
  await vi.waitUntil(async () => (await over()) !== null, { timeout: 60_000 });
  expect(await loadNewestReview(query)).toMatchObject({ requestIds: [], startedBy: 'tagger' });
  expect(reminded.some(({ purpose }) => purpose.startsWith('reminder-review'))).toBe(false);
});

/** Whether the request waits in this person's inbox, where its card stands. */
async function waitsFor(requestId: number, personCode: string): Promise<boolean | undefined> {
  const { query, sql } = testDatabase.database;
  const id = randomUUID();
  const at = { createdAt: nowMs, updatedAt: nowMs };
  const about = { subjectKind: 'request', subjectId: requestId, purpose: 'vote' } as const;
  const to = { channel: 'inbox', recipientCode: personCode, state: 'posted' } as const;
  const made = await query
    .insert(deliveries)
    .values({ id, ...about, ...to, ...at })
    .onConflictDoNothing()
    .returning({ id: deliveries.id });
  if (made.length > 0) {
    const card = requestCard(buildRequestView(), tagger, { publicUrl: '', nowMs });
    const item = { deliveryId: id, personCode, card, postedAt: nowMs, updatedAt: nowMs };
    await query.insert(inboxItems).values(item);
  }
  const filter = { personCode, show: 'all', severity: null, nowMs } as const;
  const [entry] = await listInbox(sql, filter, { offset: 0, limit: 1 });
  return entry?.waiting;
}

const chairPolicy = { code: 'ann', withinMs: 24 * hourMs };

test('a tie goes to the chair, who decides and nobody else', async () => {
  await setVoting({ chair: chairPolicy, vetoCodes: [] });
  const id = await ask();
  const cast = { bob: 'approve', cai: 'approve', dan: 'reject', eve: 'reject' } as const;
  for (const [code, ballot] of Object.entries(cast)) await vote(id, code, ballot);
  await vote(id, 'ann', 'abstain');
  const tied = () => loadRequest(testDatabase.database.query, id);
  await vi.waitUntil(async () => (await tied())?.state.kind === 'voting' && reminded.length === 1, {
    timeout: 60_000,
  });
  expect((await tied())?.state).toEqual({ kind: 'voting', chair: 'tie' });
  expect(reminded).toEqual([{ purpose: 'reminder-vote', personCodes: ['ann'] }]);
  expect([await waitsFor(id, 'ann'), await waitsFor(id, 'bob')]).toEqual([true, false]);
  expect(await vote(id, 'bob', 'reject')).toEqual({
    kind: 'refused',
    refusal: { kind: 'chair-decides', personCode: 'ann' },
  });
  expect(await vote(id, 'ann', 'abstain')).toEqual(refusedAs('chair-chooses'));
  expect((await vote(id, 'ann', 'approve')).kind).toBe('done');
  expect((await ended(id))?.state.kind).toBe('applied');
  await recordHistory('request-decided-by-chair', handleOf(id));
});

test('what has no quorum by the deadline is left to the chair, and lapses when the chair is silent too', async () => {
  await setVoting({ chair: chairPolicy });
  const id = await ask();
  await vote(id, 'bob', 'approve');
  expect((await ended(id))?.state.kind).toBe('expired');
  const actions = (
    await testDatabase.database.query.select().from(auditRows).orderBy(auditRows.id)
  ).map((row) => row.action);
  expect(actions).toContain('request.chair-asked');
  expect(await vote(id, 'ann', 'approve')).toEqual(refusedAs('voting-over'));
});

test('a department has one vote, and the first of its members to vote has it', async () => {
  await setVoting({ seats: 'departments', quorum: 2 });
  const { query } = testDatabase.database;
  await query.insert(departments).values({ code: 'risk', name: { 'zh-CN': '风控部', en: 'Risk' } });
  await query
    .update(people)
    .set({ departmentCode: 'risk' })
    .where(inArray(people.code, ['ann', 'bob']));
  const id = await ask();
  expect(await waitsFor(id, 'bob')).toBe(true);
  expect((await vote(id, 'ann', 'approve')).kind).toBe('done');
  expect(await waitsFor(id, 'bob')).toBe(false);
  expect(await vote(id, 'bob', 'reject')).toEqual({
    kind: 'refused',
    refusal: { kind: 'seat-taken', by: 'ann' },
  });
  expect((await vote(id, 'cai', 'approve')).kind).toBe('done');
  expect((await ended(id))?.state.kind).toBe('applied');
});

test('a deputy votes for an absent member, not beside a seat of their own, and gives way when they are back; in place of whoever has a veto, they veto', async () => {
  const { query } = testDatabase.database;
  const absences = [{ fromMs: nowMs - hourMs, untilMs: nowMs + 100 * hourMs }];
  await query.update(people).set({ absences, deputyCode: 'zoe' }).where(eq(people.code, 'ann'));
  const zoe = buildPerson({ code: 'zoe' });
  await query.insert(people).values(zoe);
  const id = await ask();
  const as = (person: Person, more: { inPlaceOf?: string; ballot?: Ballot } = {}) =>
    voteOnRequest(
      context,
      { person, through: 'slack' },
      { requestId: id, ballot: 'approve', comment: '', ...more },
    );
  expect([await waitsFor(id, 'ann'), await waitsFor(id, 'zoe')]).toEqual([true, true]);
  expect((await as(zoe)).kind).toBe('done');
  expect([await waitsFor(id, 'ann'), await waitsFor(id, 'zoe')]).toEqual([false, false]);
  expect((await loadRequest(query, id))?.votes).toMatchObject([{ by: 'zoe', inPlaceOf: 'ann' }]);
  expect(await as(zoe, { inPlaceOf: 'bob' })).toEqual({
    kind: 'refused',
    refusal: { kind: 'not-absent', personCode: 'bob' },
  });
  await query.update(people).set({ deputyCode: 'bob' }).where(eq(people.code, 'ann'));
  const bob = members[1] ?? tagger;
  expect(await as(bob, { inPlaceOf: 'ann' })).toEqual(refusedAs('two-seats'));
  expect((await vote(id, 'ann', 'reject')).kind).toBe('done');
  expect((await loadRequest(query, id))?.votes).toMatchObject([{ by: 'ann', ballot: 'reject' }]);
  await query.update(people).set({ absences, deputyCode: 'zoe' }).where(eq(people.code, 'eve'));
  expect((await as(zoe, { ballot: 'reject' })).kind).toBe('done');
  expect((await ended(id))?.state).toMatchObject({ kind: 'rejected', reason: 'veto' });
  await recordHistory('request-vetoed-by-a-deputy', handleOf(id));
});

test('a recused seat counts no more and has no way back', async () => {
  const id = await ask();
  expect((await vote(id, 'ann', 'recuse')).kind).toBe('done');
  expect(await vote(id, 'ann', 'approve')).toEqual(refusedAs('recused'));
  await vote(id, 'bob', 'recuse');
  await vote(id, 'cai', 'reject');
  expect((await ended(id))?.state).toMatchObject({ kind: 'rejected', reason: 'votes' });
});

test('former members and owners of what would change do not vote, and what concerns many needs the console', async () => {
  await setVoting({ ownersVote: false, consoleAboveCustomers: 1 });
  const { query, sql } = testDatabase.database;
  await query
    .insert(tags)
    .values([
      buildTag({ id: 401, code: 'vip', ownerCode: 'ann' }),
      buildTag({ id: 402, code: 'high-value', ownerCode: 'tagger' }),
    ]);
  await sql`insert into tag_count (tag_id, customers, scan_id) values (401, 2, 1)
    on conflict (tag_id) do update set customers = 2`;
  const id = await ask({ kind: 'merge-tags', fromCode: 'vip', intoCode: 'high-value' });
  expect(await vote(id, 'ann', 'approve')).toEqual(refusedAs('owner-of-it'));
  await query
    .update(people)
    .set({ roles: ['owner'] })
    .where(eq(people.code, 'bob'));
  expect(await vote(id, 'bob', 'approve')).toEqual(refusedAs('former-member'));
  expect(await vote(id, 'cai', 'approve')).toEqual(refusedAs('console-needed'));
  const cai = members[2] ?? tagger;
  const inConsole = await voteOnRequest(
    context,
    { person: cai, through: 'console' },
    { requestId: id, ballot: 'approve', comment: '' },
  );
  expect(inConsole.kind).toBe('done');
  await withdrawRequest(context, { person: tagger, through: 'cli' }, { requestId: id });
  await ended(id);
});
