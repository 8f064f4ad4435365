import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createScanActivities } from '../../activities/scan.ts';
import { createSyncActivities, type SyncCounts } from '../../activities/sync.ts';
import { inlineText } from '../../bot/plain-text.ts';
import { createPen } from '../../bot/cards/context.ts';
import { exampleInlines } from '../../bot/cards/warning.ts';
import { findingReasonWords } from '../../bot/texts/finding-reason.ts';
import { backTestRule, runBackTest } from '../../commands/back-test-rule.ts';
import { readConfiguration } from '../../config/read.ts';
import type { Connector } from '../../crm/connector.ts';
import { createPostgresConnector } from '../../crm/postgres/connector.ts';
import { postgresMappingSchema } from '../../crm/postgres/mapping.ts';
import { createPromptSockets } from '../../db/prompt-socket.ts';
import { applyConfiguration } from '../../db/stores/configuration.ts';
import { loadDictionary } from '../../db/stores/dictionary.ts';
import { readLastUndecided } from '../../db/stores/undecided.ts';
import { loadPeople } from '../../db/stores/people.ts';
import { readCustomers } from '../../db/stores/warning-evidence.ts';
import { loadReached } from '../../db/stores/rule-decisions.ts';
import type { Configuration, RuleDefinition } from '../../domain/configuration.ts';
import { locales, type Locale } from '../../domain/locale.ts';
import { isAboutDictionary, ruleKinds } from '../../domain/rules/registry.ts';
import type { RuleKind } from '../../domain/rule.ts';
import { generateCrm } from '../../sample/crm/generate.ts';
import type { Manifest } from '../../sample/crm/manifest.ts';
import { buildPerson } from '../support/builders.ts';

import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';
import '../support/temporal.ts';

const customers = 20_000;
const nowMs = Date.UTC(2026, 10, 22, 1);

let testDatabase: TestDatabase;
let crm: Awaited<ReturnType<typeof createEmptyDatabase>>;
let connectors: ReadonlyMap<string, Connector>;
let manifest: Manifest;
let configuration: Configuration;

beforeAll(async () => {
  [testDatabase, crm] = await Promise.all([createTestDatabase(), createEmptyDatabase()]);
  const reading = await readConfiguration('sample');
  if (reading.kind !== 'ok') throw new Error('The sample configuration is not valid.');
  ({ configuration } = reading);
  manifest = await generateCrm({ url: crm.url, customers, nowMs, configuration });
  await applyConfiguration(testDatabase.database.query, configuration, {
    by: null,
    through: 'system',
    nowMs,
  });
  connectors = new Map(
    configuration.sources.map((source) => [
      source.code,
      createPostgresConnector({
        code: source.code,
        url: crm.url,
        socket: createPromptSockets(),
        mapping: postgresMappingSchema.parse(source.mapping),
        attributes: configuration.attributes,
      }),
    ]),
  );
});

afterAll(async () => {
  await Promise.all([...connectors.values()].map((connector) => connector.close()));
  await Promise.all([testDatabase.drop(), crm.drop()]);
});

test('a scan finds every planted conflict of every rule and nothing else', async () => {
  const [crmRead, marketingRead] = await sync('full');
  expect(crmRead).toMatchObject({ customers, rejected: 0 });
  expect(marketingRead).toMatchObject({ rejected: 0 });
  const assignments = (crmRead?.assignments ?? 0) + (marketingRead?.assignments ?? 0);
  expect(assignments).toBe(manifest.assignments);
  await scan('full');
  const found = await openFindings();
  const expected = manifest.expectedFindings.map(keyOf);
  const foundKeys = new Set(found.map(keyOf));
  const expectedKeys = new Set(expected);
  expect([...expectedKeys].filter((key) => !foundKeys.has(key))).toEqual([]);
  expect([...foundKeys].filter((key) => !expectedKeys.has(key))).toEqual([]);
  expect(found).toHaveLength(expectedKeys.size);

  const rulesFound = new Set(found.map((finding) => finding.ruleCode));
  const enabled = configuration.rules
    .filter((rule) => rule.enabled && !isAboutDictionary(rule))
    .map((rule) => rule.code);
  expect(enabled.filter((code) => !rulesFound.has(code))).toEqual([]);
});

test('every open finding belongs to one open warning of its rule, which counts it', async () => {
  const { sql } = testDatabase.database;
  const [loose] = await sql`
    select count(*) as count from finding f left join warning w on w.id = f.warning_id
    where f.state = 'open' and (w.id is null or w.rule_id <> f.rule_id)`;
  expect(loose).toEqual({ count: 0 });
  const wrong = await sql`
    select w.id from warning w left join finding f on f.warning_id = w.id and f.state = 'open'
    group by w.id having count(distinct f.customer_id) <> w.customers`;
  expect([...wrong]).toEqual([]);
});

const onCustomers = Object.values(ruleKinds)
  .filter((module) => module.inspect === undefined)
  .map(({ kind }) => kind);
/** Kinds of which the tags and who put them on do not say why they are a finding. */
const reasoned: readonly RuleKind[] = [
  'time-to-live',
  'stale',
  'overload',
  'scope',
  'sensitivity',
  'mismatch',
];

test('every finding of every kind says who put what on, when, in which source and with which import, or what is missing', async () => {
  const { sql, query } = testDatabase.database;
  const dictionary = await loadDictionary(query);
  const warnings = await sql<{ id: number; rule_code: string }[]>`
    select id, rule_code from warning where state = 'open'`;
  const put = await sql<{ ref: string; name: string; words: Readonly<Record<Locale, string[]>> }[]>`
    select customer.ref, coalesce(tag.name ->> 'zh-CN', known.name) as name,
      (select jsonb_object_agg(locale, array_remove(array[
          actor.name, batch.name, source.body -> 'name' ->> locale,
          case when since > 0 then to_char(to_timestamp(since) at time zone 'Asia/Shanghai', 'YYYY-MM-DD') end
        ], null)) from unnest(array['zh-CN', 'en']) as locale) as words
    from finding join mirror_customer customer on customer.id = finding.customer_id
      cross join lateral unnest(tag_ids, since_seconds, actor_ids, source_ids, import_ids)
        as t (tag_id, since, actor_id, source_id, import_id)
      join source on source.id = t.source_id
      left join tag on tag.id = t.tag_id
      left join mirror_tag known on known.tag_id = t.tag_id and known.source_id = t.source_id
      left join mirror_actor actor on actor.id = t.actor_id
      left join mirror_import batch on batch.id = t.import_id
    where finding.state = 'open' and t.tag_id in (finding.first_tag_id, finding.second_tag_id)`;
  const untold = new Set<RuleKind>(onCustomers);
  for (const rule of dictionary.rules) {
    const warning = warnings.find(({ rule_code }) => rule_code === rule.code);
    if (warning === undefined) continue;
    const wanted = { warningId: warning.id, rule, dictionary, offset: 0, limit: 20 };
    const examples = await readCustomers(testDatabase.database, wanted);
    expect(examples.length, rule.code).toBeGreaterThan(0);
    for (const example of examples) {
      const { ref, missing, tags, reasons = [] } = example;
      expect(tags.length + missing.length, `${rule.code} ${ref}`).toBeGreaterThan(0);
      if (reasoned.includes(rule.kind)) expect(reasons, `${rule.code} ${ref}`).not.toEqual([]);
      for (const locale of locales) {
        const pen = createPen(
          { ...buildPerson({}), locale },
          { publicUrl: 'https://tags.example.com', nowMs },
        );
        const words = exampleInlines(example, pen)
          .map((inline) => inlineText(inline))
          .join('');
        const shownNames = tags.slice(0, 4).map((tag) => tag.name['zh-CN']);
        const shown = put.filter((one) => one.ref === ref && shownNames.includes(one.name));
        const parts = shown.flatMap((one) => one.words[locale]);
        expect(
          parts.filter((part) => !words.includes(part)),
          `${rule.code}: ${words}`,
        ).toEqual([]);
      }
    }
    untold.delete(rule.kind);
  }
  expect([...untold]).toEqual([]);
});

test('every customer out of step or short of criteria is told with what makes them one', async () => {
  const { sql, query } = testDatabase.database;
  const dictionary = await loadDictionary(query);
  const warnings = await sql<{ id: number; rule_code: string }[]>`
    select id, rule_code from warning where state = 'open'`;
  const reasons = new Map<string, readonly string[]>();
  for (const rule of dictionary.rules) {
    // Criteria with windows are told as of now, which is not when this scan was.
    if (rule.kind !== 'mismatch' && rule.code !== 'company-criteria') continue;
    const warning = warnings.find(({ rule_code }) => rule_code === rule.code);
    if (warning === undefined) throw new Error(`No warning of ${rule.code}.`);
    const wanted = { warningId: warning.id, rule, dictionary, offset: 0, limit: 100 };
    const found = await readCustomers(testDatabase.database, wanted);
    const words = found.map(({ reasons: own = [] }) =>
      own.map((reason) => findingReasonWords(reason, 'zh-CN', () => '日期')).join('；'),
    );
    expect(found.length, rule.code).toBeGreaterThan(0);
    expect(words.filter((text) => text === '')).toEqual([]);
    reasons.set(rule.code, [...new Set(words)].toSorted());
  }
  expect(reasons.get('company-criteria')).toEqual(['是否企业 否（条件：是）']);
  expect(reasons.get('blacklist-out-of-step')).toEqual([
    '主数据源 CRM 没有',
    '营销平台没有，以 CRM 为准',
  ]);
  expect(reasons.get('marketing-out-of-step')).toEqual([
    'CRM 没有，以营销平台为准',
    '主数据源 CRM 没有',
    '主数据源营销平台没有',
    '营销平台没有，以 CRM 为准',
  ]);
});

test('customers of whom criteria cannot tell are counted by rule and by what is missing', async () => {
  const { sql } = testDatabase.database;
  const last = await readLastUndecided(sql);
  const { rules, tags, attributes } = await loadDictionary(testDatabase.database.query);
  const slotOf = (code: string) => attributes.find((one) => one.code === code)?.slot ?? -1;
  const tagIdOf = (code: string) => tags.find((one) => one.code === code)?.id ?? 0;
  const [expected] = await sql<{ dormant: number; company: number }[]>`
    with m as (select tag_ids, coalesce(numbers[${slotOf('last_order_at') + 1}::int], 'NaN') as ordered,
      coalesce(numbers[${slotOf('is_company') + 1}::int], 'NaN') as company from mirror_customer)
    select count(*) filter (where ordered = 'NaN') as dormant,
      count(*) filter (where company = 'NaN' and ${tagIdOf('enterprise')}::int = any (tag_ids)) as company
    from m`;
  const told = (code: string) =>
    last?.byRule.find(({ ruleId }) => ruleId === rules.find((rule) => rule.code === code)?.id);
  const { dormant, company } = expected ?? { dormant: 0, company: 0 };
  expect([dormant > 0, company > 0]).toEqual([true, true]);
  expect(told('dormant-criteria')).toMatchObject({
    customers: dormant,
    missing: [{ attributeCode: 'last_order_at', customers: dormant }],
  });
  expect(told('company-criteria')).toMatchObject({
    customers: company,
    missing: [{ attributeCode: 'is_company', customers: company }],
  });
  const tested = await runBackTest(
    { database: testDatabase.database, now: () => nowMs },
    { rule: 'dormant-criteria', signal: new AbortController().signal },
  );
  expect(tested).toMatchObject({ backTest: { undecided: { customers: dormant } } });
});

test('an incremental scan right after finds nothing new and nothing gone', async () => {
  await sync('incremental');
  await scan('incremental');
  const { sql } = testDatabase.database;
  const [last] = await sql`
    select findings_new, findings_gone from scan order by id desc limit 1`;
  expect(last).toEqual({ findings_new: 0, findings_gone: 0 });
});

test('a tag without a definition is a finding on the dictionary, which goes when it is written down', async () => {
  const { sql } = testDatabase.database;
  const [before] = await sql<{ id: number; definition: object }[]>`
    select id, definition from tag where code = 'vip'`;
  await sql`update tag set definition = '{"zh-CN": "VIP", "en": "VIP"}' where code = 'vip'`;
  await scan('incremental');
  const found = await sql`
    select f.customer_id + f.first_tag_id as zero, f.first_tag_id as tag, w.owner_code as owner,
      w.customers, w.rule_code as rule
    from finding f join warning w on w.id = f.warning_id
    where f.state = 'open' and f.customer_id < 0`;
  expect([...found]).toEqual([
    { zero: 0, tag: before?.id, owner: 'hu-bin', customers: 1, rule: 'tags-without-definition' },
  ]);
  await sql`update tag set definition = ${sql.json({ ...before?.definition })} where code = 'vip'`;
  await scan('incremental');
  const left = await sql`select from finding where state = 'open' and customer_id < 0`;
  expect(left).toHaveLength(0);
});

test('a back-test counts what the scan found, knows what was ruled wrong, and writes nothing', async () => {
  const { database } = testDatabase;
  const { sql } = database;
  const code = 'high-value-x-blacklist';
  await sql`
    update finding set state = 'dismissed' where id = (
      select f.id from finding f join rule r on r.id = f.rule_id
      where r.code = ${code} order by f.id limit 1)`;
  const before = await sql`select max(id) as id, count(*) as count from finding`;
  const people = await loadPeople(database.query);
  const tryOut = async (rule: string | RuleDefinition, by = 'hu-bin') => {
    const person = people.get(by);
    if (person === undefined) throw new Error(`The sample has no ${by}.`);
    return backTestRule(
      { database, now: () => nowMs },
      { person, through: 'cli' },
      { rule, signal: new AbortController().signal },
    );
  };
  for (const ruleCode of [
    code,
    'sub-tag-without-main',
    'sensitive-without-right',
    'too-many-tags',
  ]) {
    const expected = manifest.expectedFindings.filter((finding) => finding.ruleCode === ruleCode);
    expect(await tryOut(ruleCode)).toMatchObject({
      kind: 'done',
      backTest: {
        standing: 'in-force',
        about: 'customers',
        examined: customers,
        flagged: new Set(expected.map((finding) => finding.customerRef)).size,
        findings: expected.length,
        flaggedAnew: 0,
        noLongerFlagged: 0,
        dismissedBefore: ruleCode === code ? 1 : 0,
      },
    });
  }
  const rule = configuration.rules.find((one) => one.code === 'too-many-tags');
  if (rule?.kind !== 'overload') throw new Error('The sample has no rule against too many tags.');
  const stricter = await tryOut({ ...rule, tagsMax: 1, temporaryTagsMax: 1 });
  const flagged = stricter.kind === 'refused' ? null : stricter.backTest;
  expect(flagged).toMatchObject({ standing: 'changed', noLongerFlagged: 0 });
  expect(flagged?.flaggedAnew).toBeGreaterThan(0);
  expect(flagged?.overlaps.length).toBeGreaterThan(0);
  expect(flagged?.examples.map(({ change }) => change)).toEqual(Array(5).fill('anew'));
  const looser = await tryOut({
    ...rule,
    tagsMax: rule.tagsMax === null ? null : 100,
    temporaryTagsMax: 1,
  });
  const changes =
    looser.kind === 'refused' ? [] : looser.backTest.examples.map((one) => one.change);
  expect(changes.slice(0, 6)).toEqual([...Array(5).fill('anew'), 'no-longer']);
  expect(await tryOut({ ...rule, code: 'brand-new' })).toMatchObject({
    backTest: { standing: 'new', flaggedAnew: 0 },
  });
  expect(await tryOut('unused-tags')).toMatchObject({
    backTest: { about: 'tags', examined: configuration.tags.length },
  });
  const missing: RuleDefinition = { ...rule, kind: 'criteria', tagCode: 'nope', direction: 'both' };
  expect(await tryOut(missing)).toEqual({
    kind: 'refused',
    refusal: { kind: 'not-found', what: 'tag', id: 'nope' },
  });
  expect(await tryOut('nope')).toMatchObject({ refusal: { kind: 'not-found', what: 'rule' } });
  expect(await tryOut(code, 'li-lei')).toMatchObject({ refusal: { kind: 'role-needed' } });
  expect(await sql`select max(id) as id, count(*) as count from finding`).toEqual(before);
});

test('how far decided warnings went is read from fixes and from customers who were left as they are', async () => {
  const { database } = testDatabase;
  const { sql } = database;
  const { rules } = await loadDictionary(database.query);
  const reachedBy = async (code: string, isRight: boolean) => {
    const reason = isRight ? 'fixed-by-hand' : 'not-a-conflict';
    await sql`
      update warning set state = 'closed', closed_at = to_timestamp(${nowMs / 1000}),
        state_body = jsonb_build_object('kind', 'closed', 'reason', ${reason}::text)
      where rule_code = ${code}`;
    await sql`
      insert into audit_row (at, through, action, subject_kind, subject_id, after, previous_hash, hash)
      select now(), 'slack', 'warning.closed', 'warning', id::text, '{"dismissReason": "rule-wrong"}', '', ''
      from warning where rule_code = ${code} and not ${isRight}`;
    const rule = rules.find((one) => one.code === code);
    return rule === undefined ? [] : loadReached(sql, rule);
  };
  const crowded = await reachedBy('too-many-tags', false);
  expect(crowded.length).toBeGreaterThan(0);
  expect(crowded.every(({ right, value }) => !right && (value ?? 0) > 12)).toBe(true);
  const byHand = await reachedBy('too-many-tags', true);
  expect(byHand.length).toBeGreaterThan(0);
  expect(byHand.every(({ right, value }) => right && value === null)).toBe(true);

  const stale = rules.find(({ kind }) => kind === 'stale');
  const aged = await reachedBy(stale?.code ?? '', false);
  const days = new Map(configuration.tags.map((tag) => [tag.code, tag.confirmEveryDays]));
  expect(aged.length).toBeGreaterThan(0);
  expect(aged.every(({ tagCode, value }) => (value ?? 0) >= (days.get(tagCode ?? '') ?? 0))).toBe(
    true,
  );

  const [oldest] = aged;
  const tested = await runBackTest(
    { database, now: () => nowMs },
    {
      rule: stale?.code ?? '',
      changedTag: { code: oldest?.tagCode ?? '', days: { confirmEveryDays: 36_500 } },
      signal: new AbortController().signal,
    },
  );
  const backTest = tested.kind === 'done' ? tested.backTest : null;
  expect(backTest).toMatchObject({ standing: 'in-force', flaggedAnew: 0 });
  expect(backTest?.noLongerFlagged).toBeGreaterThan(0);
});

interface Planted {
  readonly ruleCode: string;
  readonly customerRef: string;
  readonly firstTagCode: string | null;
  readonly secondTagCode: string | null;
}

function keyOf(finding: Planted): string {
  const { ruleCode, customerRef, firstTagCode, secondTagCode } = finding;
  return [ruleCode, customerRef, firstTagCode ?? '-', secondTagCode ?? '-'].join(' / ');
}

/** Tags that only the CRM knows go by the name it gives them. */
async function openFindings(): Promise<readonly Planted[]> {
  return testDatabase.database.sql<Planted[]>`
    select r.code as "ruleCode", c.ref as "customerRef",
      coalesce(a.code, x.name) as "firstTagCode", coalesce(b.code, y.name) as "secondTagCode"
    from finding f join rule r on r.id = f.rule_id join mirror_customer c on c.id = f.customer_id
      join source crm on crm.code = 'crm'
      left join tag a on a.id = f.first_tag_id left join tag b on b.id = f.second_tag_id
      left join mirror_tag x on x.tag_id = f.first_tag_id and x.source_id = crm.id
      left join mirror_tag y on y.tag_id = f.second_tag_id and y.source_id = crm.id
    where f.state = 'open'`;
}

async function sync(kind: 'full' | 'incremental') {
  const { syncSource } = createSyncActivities({
    database: testDatabase.database,
    connectors,
    now: () => nowMs,
  });
  const counts: SyncCounts[] = [];
  for (const sourceCode of connectors.keys()) {
    counts.push(await run(syncSource, { sourceCode, kind }));
  }
  return counts;
}

let runs = 0;

function run<Args extends readonly unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
  ...args: Args
): Promise<Result> {
  return new MockActivityEnvironment({
    workflowExecution: { workflowId: 'scan', runId: `run-${runs}` },
  }).run(activity, ...args);
}

async function scan(kind: 'full' | 'incremental'): Promise<void> {
  runs += 1;
  const activities = createScanActivities({
    database: testDatabase.database,
    refreshCustomers: async () => {},
    warningStarter: { startOrSignal: async () => {} },
    now: () => nowMs,
  });
  const { scanId } = await run(activities.beginScan, { kind, requestedBy: null });
  const { shards, nowSeconds } = await run(activities.planScan, { scanId });
  for (let shard = 0; shard < shards; shard += 1) {
    await run(activities.scanShard, { scanId, shard, nowSeconds });
  }
  await run(activities.reconcile, { scanId });
  await run(activities.announce, { scanId });
  await run(activities.finishScan, { scanId });
}
