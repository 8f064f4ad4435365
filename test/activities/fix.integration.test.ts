import { eq } from 'drizzle-orm';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRequestActivities } from '../../activities/request.ts';
import { rules, tags as tagTable } from '../../db/schema/dictionary.ts';
import type { TimeToLiveRule } from '../../domain/rule.ts';
import type { RequestProposal } from '../../domain/request.ts';
import type { Tag } from '../../domain/tag.ts';
import { insertRequest } from '../../db/stores/requests.ts';
import { createDeliveryActivities } from '../../activities/delivery.ts';
import { createAutomaticFixActivities } from '../../activities/automatic-fix.ts';
import { createFixActivities } from '../../activities/fix.ts';
import type { CommandContext } from '../../commands/context.ts';
import { fixWarning } from '../../commands/fix-warning.ts';
import { createDrawCard } from '../../bot/cards/draw.ts';
import type { Channel } from '../../bot/channel.ts';
import { createFeishuChannel } from '../../bot/feishu/channel.ts';
import { createInboxChannel } from '../../bot/inbox/channel.ts';
import { createSlackChannel } from '../../bot/slack/channel.ts';
import { departments, people } from '../../db/schema/people.ts';
import { listHeads } from '../../db/stores/delivery-queue.ts';
import { createInboxStore } from '../../db/stores/inbox.ts';
import { createViewReader } from '../../db/stores/views.ts';
import { createSender } from '../../delivery/sender.ts';
import { previewFix } from '../../db/stores/fix-preview.ts';
import { beginFix, loadFix, loadFixCounts } from '../../db/stores/fixes.ts';
import type { FixChoice } from '../../domain/fix.ts';
import { planRetag } from '../../db/stores/retag.ts';
import type { Retag } from '../../domain/retag.ts';
import { buildTag } from '../support/builders.ts';
import {
  blacklisted,
  blacklistRule,
  highValue,
  liLei,
  settleCompany,
  wangFang,
} from '../support/company.ts';
import { plantConflicts } from '../support/conflicts.ts';
import { readCard } from '../support/feishu-reader.ts';
import { startFeishuServer } from '../support/feishu-server.ts';
import { readBlocks } from '../support/slack-reader.ts';
import { startSlackServer } from '../support/slack-server.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const nowMs = Date.UTC(2026, 10, 22, 1);
const keepBlacklist: FixChoice = { kind: 'all', resolution: 'keep-second' };

let testDatabase: TestDatabase;
beforeEach(async () => {
  testDatabase = await createTestDatabase();
  await settleCompany(testDatabase.database);
});
afterEach(() => testDatabase.drop());

/** Five conflicts and the activities to fix them; the policy writes two customers at a time. */
async function prepare(choice: FixChoice = keepBlacklist, progressEveryMs?: number) {
  const { database } = testDatabase;
  const planted = await plantConflicts(database, { customers: 5, nowMs });
  const connectors = new Map([['crm', planted.crm]]);
  const activities = createFixActivities({
    database,
    connectors,
    now: () => nowMs,
    ...(progressEveryMs === undefined ? {} : { progressEveryMs }),
  });
  const fixId = await beginFix(
    database.query,
    {
      planKey: 'warning/1/1',
      warningId: planted.warning.id,
      requestId: null,
      choice,
      requestedBy: 'li-lei',
    },
    nowMs,
  );
  const run = <A extends unknown[], R>(activity: (...parts: A) => Promise<R>, ...parts: A) =>
    new MockActivityEnvironment().run<A, R, typeof activity>(activity, ...parts);
  return { ...planted, activities, fixId, run, database };
}

test('writes every customer, keeps before and after, and says who did it', async () => {
  const { activities, run, fixId, crm, database } = await prepare();
  await run(activities.planFix, { fixId });
  await run(activities.writeFix, { fixId });
  expect([...crm.customers.values()].map((tags) => [...tags])).toEqual(
    Array.from({ length: 5 }, () => ['BL']),
  );
  expect(crm.written.every((change) => change.actor === 'li-lei')).toBe(true);
  expect(await loadFixCounts(database.sql, fixId, 'fix')).toEqual({
    customers: 5,
    changed: 5,
    alreadySo: 0,
    changedMeanwhile: 0,
    refused: 0,
  });
  const fix = await loadFix(database.query, fixId);
  expect(fix).toMatchObject({ state: 'written', undoUntilMs: nowMs + 7 * 86_400_000 });
  const audit = await database.sql`select action, actor_code, after from audit_row order by id`;
  expect(audit.at(-1)).toMatchObject({ action: 'fix.written', actor_code: 'li-lei' });
});

test('how far a long fix has come moves on the cards in Slack and Feishu, and they agree', async () => {
  const { activities, run, fixId, crm, database, warning } = await prepare(keepBlacklist, 1);
  const platforms = await startPlatforms();
  const { sql, query } = database;
  const state = { kind: 'fixing', by: 'li-lei', fixId } as const;
  await sql`update warning set state = 'fixing', state_body = ${sql.json(state)},
    escalations = ${sql.json([{ to: { kind: 'second-line' }, personCodes: ['han-meimei'], atMs: nowMs }])}
    where id = ${warning.id}`;
  await query
    .update(people)
    .set({ channels: ['slack'], slackUserId: 'U0LILEI', locale: 'zh-CN' })
    .where(eq(people.code, 'li-lei'));
  await query
    .update(people)
    .set({ channels: ['feishu'], feishuOpenId: 'ou_han', locale: 'zh-CN' })
    .where(eq(people.code, 'han-meimei'));
  await run(activities.planFix, { fixId });
  const views = createViewReader(database, { now: () => nowMs, fixPreview: async () => null });
  const drawCard = createDrawCard({ views, publicUrl: 'https://t.example', now: () => nowMs });
  const { channels } = platforms;
  const dependencies = { database, channels, drawCard, now: () => nowMs };
  const { deliver } = createDeliveryActivities(dependencies);
  const sender = createSender(dependencies);
  const work = async (): Promise<void> => {
    for (const channel of ['slack', 'feishu'] as const) {
      const heads = await listHeads(query, { channel, busyLanes: [], limit: 9, nowMs });
      for (const head of heads) await sender.bring(head);
    }
  };
  await run(deliver, { subject: { kind: 'warning', id: warning.id } });
  await work();
  expect(platforms.texts()).toHaveLength(2);
  for (const text of platforms.texts()) expect(text).toContain('已处理 0 / 5 位');

  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let calls = 0;
  const apply = crm.applyChanges.bind(crm);
  Object.assign(crm, {
    applyChanges: async (...given: Parameters<typeof apply>) => {
      calls += 1;
      if (calls > 1) await released;
      return apply(...given);
    },
  });
  const writing = run(activities.writeFix, { fixId });
  const told = () => sql`select from fix where id = ${fixId} and progressed_at is not null`;
  await expect.poll(told, { timeout: 60_000 }).toHaveLength(1);
  await work();
  expect(platforms.texts()).toHaveLength(2);
  for (const text of platforms.texts()) expect(text).toContain('已处理 2 / 5 位');
  release();
  await writing;
  await platforms.close();
});

test('leaves alone who changed meanwhile, and tells what the source refused', async () => {
  const { activities, run, fixId, crm, database } = await prepare();
  await run(activities.planFix, { fixId });
  crm.customers.get('C-2')?.add('VIP');
  crm.customers.get('C-3')?.delete('HV');
  crm.refused.add('C-4');
  crm.customers.delete('C-5');
  await run(activities.writeFix, { fixId });
  expect(await loadFixCounts(database.sql, fixId, 'fix')).toEqual({
    customers: 5,
    changed: 1,
    alreadySo: 1,
    changedMeanwhile: 2,
    refused: 1,
  });
  expect([...(crm.customers.get('C-2') ?? [])]).toEqual(['HV', 'BL', 'VIP']);
  const [refused] = await database.sql`select detail from fix_item where outcome = 'refused'`;
  expect(refused?.detail).toBe('The record is locked.');
});

test.each(['before-write', 'after-write'] as const)(
  'a line that breaks %s neither doubles nor loses a change',
  async (fault) => {
    const { activities, run, fixId, crm, database } = await prepare();
    await run(activities.planFix, { fixId });
    crm.fail = fault;
    await expect(run(activities.writeFix, { fixId })).rejects.toMatchObject({
      type: 'source-unreachable',
      nonRetryable: false,
    });
    await run(activities.writeFix, { fixId });
    expect(crm.written.map((change) => change.customerRef).sort()).toEqual([
      'C-1',
      'C-2',
      'C-3',
      'C-4',
      'C-5',
    ]);
    expect(await loadFixCounts(database.sql, fixId, 'fix')).toMatchObject({
      changed: 5,
      alreadySo: 0,
    });
  },
);

test('writes no faster than the source allows', async () => {
  const { activities, run, fixId, crm, database } = await prepare();
  await run(activities.planFix, { fixId });
  const batches: number[] = [];
  const applyChanges = crm.applyChanges.bind(crm);
  Object.assign(crm, {
    capabilities: { ...crm.capabilities, customersPerSecondMax: 1 },
    applyChanges: (...parts: Parameters<typeof crm.applyChanges>) => {
      batches.push(parts[0].length);
      return applyChanges(...parts);
    },
  });
  await run(activities.writeFix, { fixId });
  // A batch is never more than the source may be asked in a second.
  expect(batches).toEqual([1, 1, 1, 1, 1]);
  expect(await loadFixCounts(database.sql, fixId, 'fix')).toMatchObject({ changed: 5 });
});

test('an attempt that was replaced records nothing any more', async () => {
  const { activities, run, fixId, crm, database } = await prepare();
  await run(activities.planFix, { fixId });
  const applyChanges = crm.applyChanges.bind(crm);
  let isFirst = true;
  Object.assign(crm, {
    applyChanges: async (...parts: Parameters<typeof crm.applyChanges>) => {
      const outcomes = await applyChanges(...parts);
      if (!isFirst) return outcomes;
      isFirst = false;
      await run(activities.writeFix, { fixId });
      return outcomes.map(({ customerRef }) => ({ kind: 'refused', customerRef, why: 'late' }));
    },
  });
  // It notices when it takes its next batch, if there is one.
  await run(activities.writeFix, { fixId }).catch((error: unknown) =>
    expect(error).toMatchObject({ type: 'fix-taken', nonRetryable: false }),
  );
  expect(await loadFixCounts(database.sql, fixId, 'fix')).toMatchObject({ changed: 5, refused: 0 });
  expect(crm.written).toHaveLength(5);
});

test('a source that only an admin can mend is given up and the rest is left alone', async () => {
  const { activities, run, fixId, crm, database } = await prepare();
  await run(activities.planFix, { fixId });
  crm.fail = 'auth';
  await expect(run(activities.writeFix, { fixId })).rejects.toMatchObject({
    type: 'source-auth',
    nonRetryable: true,
  });
  expect(crm.written).toEqual([]);
  await run(activities.giveUpFix, { fixId, why: 'The CRM refuses the password.' });
  expect(await loadFixCounts(database.sql, fixId, 'fix')).toMatchObject({ refused: 5 });
  expect((await loadFix(database.query, fixId))?.state).toBe('written');
});

test('decided customer by customer, the others stay as they are', async () => {
  const { activities, run, database, warning, crm } = await prepare();
  const ids = await database.sql<{ id: number }[]>`select id from mirror_customer order by id`;
  const choice: FixChoice = {
    kind: 'by-customer',
    resolutions: [
      { customerId: ids[0]?.id ?? 0, resolution: 'keep-second' },
      { customerId: ids[1]?.id ?? 0, resolution: 'keep-first' },
    ],
  };
  const fixId = await beginFix(
    database.query,
    { planKey: 'k', warningId: warning.id, requestId: null, choice, requestedBy: 'li-lei' },
    nowMs,
  );
  const preview = await previewFix(database, warning.id, choice, null);
  expect(preview).toMatchObject({ customers: 2, leftAsTheyAre: 3, sources: [{ en: 'CRM' }] });
  expect(preview?.changes).toHaveLength(2);
  await run(activities.planFix, { fixId });
  await run(activities.writeFix, { fixId });
  expect([...crm.customers.values()].map((tags) => [...tags].join('+'))).toEqual([
    'BL',
    'HV',
    'HV+BL',
    'HV+BL',
    'HV+BL',
  ]);
});

test('a sensitive tag is put on by whoever may use it alone, by hand and by its rule', async () => {
  const { database, warning } = await prepare();
  const { query, sql } = database;
  const body: Omit<TimeToLiveRule, 'id'> = {
    kind: 'time-to-live',
    code: blacklistRule.code,
    name: blacklistRule.name,
    severity: 'high',
    ownerCode: 'li-lei',
    enabled: true,
    tagCodes: ['high-value'],
    autoFix: { mode: 'automatic', customersMax: 100, shareMax: 1 },
  };
  await query.update(rules).set({ kind: body.kind, body });
  await query
    .update(tagTable)
    .set({ sensitive: true, ownerCode: 'wang-fang', departmentCodes: ['risk'] })
    .where(eq(tagTable.code, 'blacklisted'));
  await query.insert(departments).values({ code: 'risk', name: { 'zh-CN': '风控部', en: 'Risk' } });
  const replace = { kind: 'all', resolution: 'replace' } as const;
  const look = () => previewFix(database, warning.id, replace, liLei);
  // Who has the tag in some source already gets nothing new.
  expect((await look())?.mayNotUse).toBeNull();
  await sql`update mirror_customer set tag_ids = ${[highValue.id]}::int[],
    since_seconds = since_seconds[1:1], actor_ids = actor_ids[1:1], source_ids = source_ids[1:1],
    import_ids = import_ids[1:1]`;
  const refusal = {
    kind: 'may-not-use',
    tagName: blacklisted.name,
    ownerCode: 'wang-fang',
    departmentNames: [{ 'zh-CN': '风控部', en: 'Risk' }],
  };
  expect((await look())?.mayNotUse).toEqual(refusal);
  expect((await previewFix(database, warning.id, replace, wangFang))?.mayNotUse).toBeNull();
  const context = {
    database,
    now: () => nowMs,
    temporal: undefined as unknown as CommandContext['temporal'],
  };
  const input = { warningId: warning.id, choice: replace };
  expect(await fixWarning(context, { person: liLei, through: 'api' }, input)).toEqual({
    kind: 'refused',
    refusal,
  });
  const [audited] = await sql`select action, after from audit_row order by id desc limit 1`;
  expect(audited).toEqual({
    action: 'warning.refused',
    after: { action: 'fix', refusal: 'may-not-use' },
  });
  const { tryAutomaticFix } = createAutomaticFixActivities({ database, now: () => nowMs });
  const runRule = () =>
    new MockActivityEnvironment().run(tryAutomaticFix, { warningId: warning.id });
  expect(await runRule()).toEqual({ decision: 'no-right' });
  await query.update(tagTable).set({ departmentCodes: ['sales'] });
  expect(await runRule()).toEqual({ decision: 'fix' });
});

test('undo gives back what still is as the fix left it, and only that', async () => {
  const { activities, run, fixId, crm, database } = await prepare();
  crm.customers.get('C-1')?.delete('HV');
  await run(activities.planFix, { fixId });
  await run(activities.writeFix, { fixId });
  crm.customers.get('C-2')?.add('VIP');
  const by = { personCode: 'li-lei', through: 'inbox' } as const;
  await run(activities.beginUndo, { fixId, by });
  crm.fail = 'after-write';
  await expect(run(activities.writeUndo, { fixId, by })).rejects.toThrow('The line broke.');
  await run(activities.writeUndo, { fixId, by });
  await run(activities.finishUndo, { fixId, why: null });
  expect([...crm.customers.values()].map((tags) => [...tags].sort().join('+'))).toEqual([
    'BL',
    'BL+VIP',
    'BL+HV',
    'BL+HV',
    'BL+HV',
  ]);
  expect(await loadFixCounts(database.sql, fixId, 'undo')).toEqual({
    customers: 4,
    changed: 3,
    alreadySo: 0,
    changedMeanwhile: 1,
    refused: 0,
  });
  const audit =
    await database.sql`select action from audit_row where subject_kind = 'fix' order by id`;
  expect(audit.map((row) => row.action)).toEqual(['fix.written', 'fix.undo-started', 'fix.undone']);
});

test('a merge gives every customer of one tag the other instead', async () => {
  const { activities, run, crm, database } = await prepare();
  await database.sql`update mirror_customer set tag_ids = ${[highValue.id]}, source_ids = source_ids[1:1]
    where ref = 'C-1'`;
  crm.customers.get('C-1')?.delete('BL');
  const fixId = await plan({ kind: 'replace', code: 'high-value', byCode: 'blacklisted' });
  await run(activities.writeFix, { fixId });
  expect([...crm.customers.values()].map((tags) => [...tags])).toEqual(
    Array.from({ length: 5 }, () => ['BL']),
  );
});

test('a tag out of use gives way to whatever succeeds it in the end', async () => {
  const { activities, run, crm, database } = await prepare();
  const succeeded = (code: string, successorCode: string) =>
    database.query
      .update(tagTable)
      .set({ status: 'deprecated', successorCode })
      .where(eq(tagTable.code, code));
  await database.query
    .insert(tagTable)
    .values(buildTag({ code: 'between', status: 'deprecated', successorCode: 'blacklisted' }));
  await succeeded('high-value', 'between');
  const fixId = await plan({ kind: 'replace-by-successor', code: 'high-value' });
  await run(activities.writeFix, { fixId });
  expect([...crm.customers.values()].map((tags) => [...tags])).toEqual(
    Array.from({ length: 5 }, () => ['BL']),
  );
  await succeeded('between', 'high-value');
  const retag = { kind: 'replace-by-successor', code: 'high-value' } as const;
  expect(await planRetag(database, { requestId: 2, retag, requestedBy: 'x', nowMs })).toEqual({
    kind: 'successors-in-a-circle',
    codes: ['high-value', 'between', 'high-value'],
  });
});

const rename = {
  kind: 'rename',
  code: 'high-value',
  from: { 'zh-CN': '高价值客户', en: 'High value' },
  to: { 'zh-CN': '核心客户', en: 'Core customer' },
} as const;

/** A CRM whose customers carry names of tags, in Chinese, and what was planted in it under codes. */
async function callByName({ crm, database }: Awaited<ReturnType<typeof prepare>>) {
  const names: Readonly<Record<string, string>> = { HV: '高价值客户', BL: '黑名单' };
  const meaning = (value: string) => ({ kind: 'name', value }) as const;
  Object.assign(crm, {
    describeTag: (tagRef: string) => ({ tagRef, name: tagRef, meaning: meaning(tagRef) }),
  });
  for (const [ref, tags] of crm.customers) {
    crm.customers.set(ref, new Set([...tags].map((tag) => names[tag] ?? tag)));
  }
  await database.sql`update mirror_tag set tag_ref = name`;
}

test('a renamed tag is written anew on customers who carry its name, and undone it is back', async () => {
  const prepared = await prepare();
  const { activities, run, crm, database } = prepared;
  await callByName(prepared);
  crm.customers.set('C-2', new Set(['核心客户', '黑名单']));
  crm.customers.get('C-3')?.add('VIP');
  const fixId = await plan(rename);
  await run(activities.writeFix, { fixId });
  const worn = () => [...crm.customers.values()].map((tags) => [...tags].sort().join('+'));
  expect(worn()).toEqual([
    '核心客户+黑名单',
    '核心客户+黑名单',
    'VIP+高价值客户+黑名单',
    '核心客户+黑名单',
    '核心客户+黑名单',
  ]);
  expect(await loadFixCounts(database.sql, fixId, 'fix')).toEqual({
    customers: 5,
    changed: 3,
    alreadySo: 1,
    changedMeanwhile: 1,
    refused: 0,
  });
  const by = { personCode: 'li-lei', through: 'inbox' } as const;
  await run(activities.beginUndo, { fixId, by });
  await run(activities.writeUndo, { fixId, by });
  await run(activities.finishUndo, { fixId, why: null });
  expect(worn()).toEqual([
    '高价值客户+黑名单',
    '核心客户+黑名单',
    'VIP+高价值客户+黑名单',
    '高价值客户+黑名单',
    '高价值客户+黑名单',
  ]);
});

test('a renamed tag needs nothing written where the source knows it by a code', async () => {
  const { activities, run, crm, database } = await prepare();
  const fixId = await plan(rename);
  await run(activities.writeFix, { fixId });
  expect(crm.written).toEqual([]);
  expect(await loadFixCounts(database.sql, fixId, 'fix')).toMatchObject({ customers: 0 });
  expect((await loadFix(database.query, fixId))?.state).toBe('written');
});

test('a retired tag is archived and comes off every customer; undone, both are as before', async () => {
  const { activities, run, crm, database } = await prepare();
  const { requestId, applyRequest } = await approve({ kind: 'retire-tag', code: 'high-value' });
  const applied = await run(applyRequest, { requestId });
  expect(await run(applyRequest, { requestId })).toEqual(applied);
  const fixId = applied.kind === 'retag' ? applied.fixId : 0;
  await run(activities.writeFix, { fixId });
  const worn = () => [...crm.customers.values()].map((tags) => [...tags].sort().join('+'));
  expect(worn()).toEqual(['BL', 'BL', 'BL', 'BL', 'BL']);
  const tagNow = async () => {
    const found = await database.query
      .select()
      .from(tagTable)
      .where(eq(tagTable.code, 'high-value'));
    return found.map(({ status, successorCode, version }) => ({ status, successorCode, version }));
  };
  expect(await tagNow()).toEqual([{ status: 'archived', successorCode: null, version: 2 }]);
  const by = { personCode: 'li-lei', through: 'inbox' } as const;
  await run(activities.beginUndo, { fixId, by });
  await run(activities.writeUndo, { fixId, by });
  await run(activities.finishUndo, { fixId, why: null });
  expect(worn()).toEqual(['BL+HV', 'BL+HV', 'BL+HV', 'BL+HV', 'BL+HV']);
  expect(await tagNow()).toEqual([{ status: 'active', successorCode: null, version: 3 }]);
});

test('a tag comes back into use as the committee saw it, and not where it changed meanwhile', async () => {
  const { run, database } = await prepare();
  const before = { status: 'deprecated', successorCode: 'blacklisted' } as const;
  const set = (parts: Partial<Tag>) =>
    database.query.update(tagTable).set(parts).where(eq(tagTable.code, 'high-value'));
  await set({ status: 'archived', successorCode: null });
  const back = { kind: 'activate-tag', code: 'high-value', before } as const;
  const { requestId, applyRequest, recheckRequest } = await approve(back);
  await expect(run(recheckRequest, { requestId })).rejects.toMatchObject({
    details: [{ kind: 'tag-changed', code: 'high-value' }],
  });
  await expect(run(applyRequest, { requestId })).rejects.toMatchObject({
    details: [{ kind: 'tag-changed', code: 'high-value' }],
  });
  await set(before);
  await run(recheckRequest, { requestId });
  for (const _ of ['once', 'again'])
    expect(await run(applyRequest, { requestId })).toEqual({ kind: 'done' });
  // What is so already stands in nobody's way.
  await run(recheckRequest, { requestId });
  const [tag] = await database.query.select().from(tagTable).where(eq(tagTable.code, 'high-value'));
  expect(tag).toMatchObject({ status: 'active', successorCode: null, version: 2 });
});

test('undoing a merge of a tag that was deprecated before leaves it deprecated', async () => {
  const { activities, run, database } = await prepare();
  const before = { status: 'deprecated', successorCode: 'blacklisted' } as const;
  await database.query.update(tagTable).set(before).where(eq(tagTable.code, 'high-value'));
  const { requestId, applyRequest } = await approve({
    kind: 'merge-tags',
    fromCode: 'high-value',
    intoCode: 'blacklisted',
  });
  const applied = await run(applyRequest, { requestId });
  const fixId = applied.kind === 'retag' ? applied.fixId : 0;
  await run(activities.writeFix, { fixId });
  const by = { personCode: 'li-lei', through: 'inbox' } as const;
  await run(activities.beginUndo, { fixId, by });
  await run(activities.writeUndo, { fixId, by });
  await run(activities.finishUndo, { fixId, why: null });
  const [tag] = await database.query.select().from(tagTable).where(eq(tagTable.code, 'high-value'));
  expect(tag).toMatchObject(before);
});

async function plan(retag: Retag): Promise<number> {
  const { database } = testDatabase;
  const planned = await planRetag(database, { requestId: 1, retag, requestedBy: 'li-lei', nowMs });
  return planned.kind === 'planned' ? planned.fixId : 0;
}

/** A request that the committee has approved, and the activity that applies it. */
async function approve(proposal: RequestProposal) {
  const { database } = testDatabase;
  const { id: requestId } = await insertRequest(
    database,
    {
      proposal,
      requesterCode: 'li-lei',
      reason: 'x',
      state: { kind: 'applying' },
      memberCodes: [],
      quorum: 1,
      vetoCodes: [],
      createdAtMs: nowMs,
      dueAtMs: nowMs,
    },
    { through: 'api' },
  );
  const activities = createRequestActivities({
    database,
    grantException: async () => false,
    backTest: async () => null,
    now: () => nowMs,
  });
  return { requestId, ...activities };
}

/** Slack with Li Lei and Feishu with Han Meimei, and the cards that stand there. */
async function startPlatforms() {
  const deliver = () => Promise.reject(new Error('Nobody clicks here.'));
  const token = 'xoxb-progress';
  const app = { appId: 'cli_0123456789abcdef', appSecret: 'progress' };
  const [slack, feishu] = await Promise.all([
    startSlackServer({ token, signingSecret: 'unused', userIds: ['U0LILEI'], deliver }),
    startFeishuServer({
      ...app,
      encryptKey: null,
      verificationToken: 'unused',
      openIds: ['ou_han'],
      deliver,
    }),
  ]);
  const channels: readonly Channel[] = [
    createSlackChannel({ token, apiUrl: slack.apiUrl }),
    createFeishuChannel({ ...app, domain: feishu.origin }),
    createInboxChannel(createInboxStore(testDatabase.database, { now: () => nowMs })),
  ];
  return {
    channels: new Map(channels.map((channel) => [channel.name, channel])),
    texts: () => [
      ...slack.messages.map(({ blocks }) => readBlocks(blocks)),
      ...feishu.messages.map(({ card }) => readCard(card)),
    ],
    close: () => Promise.all([slack.close(), feishu.close()]),
  };
}
