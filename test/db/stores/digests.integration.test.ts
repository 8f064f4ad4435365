import { afterAll, beforeAll, expect, test } from 'vitest';
import { rules, tags } from '../../../db/schema/dictionary.ts';
import { mirrorCustomers, mirrorImports } from '../../../db/schema/mirror.ts';
import { tagCounts } from '../../../db/schema/population.ts';
import { calendars, departments, people } from '../../../db/schema/people.ts';
import { findings } from '../../../db/schema/scans.ts';
import { warnings } from '../../../db/schema/warnings.ts';
import { createDigest, findDigestSince, readDigestView } from '../../../db/stores/digests.ts';
import type { DigestView, WarningEvidence } from '../../../bot/views.ts';
import type { Warning } from '../../../domain/warning.ts';
import { buildPerson, buildWarning } from '../../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Monday, 2026-11-23 09:00 in Shanghai. */
const untilMs = Date.UTC(2026, 10, 23, 1);
const fromMs = untilMs - 7 * dayMs;
const week = {
  every: 'week' as const,
  beforeMs: fromMs - 7 * dayMs,
  fromMs,
  untilMs,
  nowMs: untilMs,
};

let testDatabase: TestDatabase;
let view: DigestView | null;

const manager = buildPerson({ code: 'boss', departmentCode: 'sales', roles: ['manager'] });
const owner = buildPerson({ code: 'owner', departmentCode: 'sales' });
const report = buildPerson({ code: 'far', departmentCode: 'risk', managerCode: 'boss' });
const stranger = buildPerson({ code: 'other', departmentCode: 'risk' });

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { query } = testDatabase.database;
  const departmentOf = (code: string) => ({ code, name: { 'zh-CN': code, en: code } });
  await query.insert(departments).values(['sales', 'risk'].map(departmentOf));
  const noHours = { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] };
  const body = { code: 'china', timeZone: 'Asia/Shanghai', week: noHours, holidays: null };
  await query.insert(calendars).values({ code: 'china', body });
  await query.insert(people).values([manager, owner, report, stranger]);
  const name = { 'zh-CN': '规则', en: 'Rule' };
  const rule = {
    code: 'r',
    kind: 'unknown' as const,
    enabled: true,
    body: {
      code: 'r',
      kind: 'unknown' as const,
      name,
      enabled: true,
      severity: 'high' as const,
      ownerCode: null,
    },
    version: 1,
  };
  await query.insert(rules).values({ id: 1, ...rule });
  await insertWarnings();
  const { database } = testDatabase;
  const id = await createDigest(database, {
    audience: { kind: 'person', person: manager },
    ...week,
  });
  view = await readDigestView(database, id);
});
afterAll(() => testDatabase.drop());

/** Of the boss's line: two open (one overdue, one of a person elsewhere who reports to the boss), one closed, one recurred. */
async function insertWarnings(): Promise<void> {
  const { query } = testDatabase.database;
  const at = (hours: number) => fromMs + hours * hourMs;
  const closed = (atMs: number) =>
    ({ kind: 'closed', reason: 'fixed', by: 'owner', atMs, fixId: null }) as const;
  const seenBefore: WarningEvidence = {
    seen: '3:1',
    firstTagId: 5,
    secondTagId: null,
    examples: [],
    cause: { kind: 'import', name: '风控名单', count: 3, of: 3, lift: 4 },
    resolutions: [],
  };
  type Told = { claimedAtMs?: number; closedAtMs?: number; evidence?: WarningEvidence };
  const list: (Partial<Warning> & Told)[] = [
    { id: 1, ownerCode: 'owner', openedAtMs: at(1), closeDueAtMs: at(25), customers: 40 },
    {
      id: 2,
      ownerCode: 'far',
      severity: 'low',
      openedAtMs: at(160),
      closeDueAtMs: untilMs + dayMs,
      customers: 3,
      evidence: seenBefore,
    },
    {
      id: 3,
      ownerCode: 'owner',
      fingerprint: 'again',
      openedAtMs: fromMs - dayMs,
      claimedAtMs: at(1),
      closedAtMs: at(5),
      state: closed(at(5)),
    },
    {
      id: 4,
      ownerCode: 'owner',
      fingerprint: 'again',
      severity: 'medium',
      openedAtMs: at(10),
      claimedAtMs: at(12),
      closedAtMs: at(14),
      state: closed(at(14)),
    },
    { id: 5, ownerCode: 'other', openedAtMs: at(2) },
  ];
  for (const { claimedAtMs, closedAtMs, evidence = null, ...overrides } of list) {
    const warning = buildWarning(overrides);
    await query.insert(warnings).values({
      ...warning,
      ruleId: 1,
      state: warning.state.kind,
      stateBody: warning.state,
      openedAt: warning.openedAtMs,
      claimedAt: claimedAtMs ?? null,
      closedAt: closedAtMs ?? null,
      claimDueAt: warning.claimDueAtMs,
      closeDueAt: warning.closeDueAtMs,
      evidence,
    });
  }
  await query.insert(tagCounts).values({ tagId: 5, customers: 1_000, scanId: 1 });
  await query.insert(mirrorImports).values({ id: 9, name: '风控名单' });
  for (const id of [1, 2, 3]) {
    const importIds = [id === 3 ? 0 : 9];
    await query.insert(mirrorCustomers).values({
      id,
      ref: `C-${id}`,
      name: `${id}`,
      numbers: [],
      texts: [],
      changedAt: fromMs,
      tagIds: [5],
      sinceSeconds: [0],
      actorIds: [0],
      sourceIds: [1],
      importIds,
    });
    await query.insert(findings).values({
      ruleId: 1,
      customerId: id,
      firstTagId: 5,
      secondTagId: 0,
      state: 'open' as const,
      warningId: 1,
      firstScanId: 1,
      lastScanId: 1,
      openedAt: fromMs,
    });
  }
}

test('counts the manager’s line: their department and whoever reports to them', () => {
  expect(view?.bySeverity).toEqual({
    high: { open: 1, opened: 1, closed: 1, overdue: 1 },
    medium: { open: 0, opened: 1, closed: 1, overdue: 0 },
    low: { open: 1, opened: 1, closed: 0, overdue: 0 },
  });
  expect(view?.before).toEqual({
    open: 1,
    opened: 1,
    closed: 0,
    overdue: 0,
    medianClaimMs: null,
    medianCloseMs: null,
    recurred: 0,
  });
});

test('what stood week by week ends with what stands at the end of the digest', () => {
  const { standing, opened } = view?.trends ?? { standing: [], opened: [] };
  expect(standing).toHaveLength(8);
  expect(standing.slice(-2)).toEqual([
    { untilMs: fromMs, open: 1, overdue: 0 },
    { untilMs, open: 2, overdue: 1 },
  ]);
  expect(opened.at(-1)).toEqual({ untilMs, byKind: [{ kind: 'unknown', opened: 3 }] });
});

test('a daily digest draws days, and holds its medians against the day before', async () => {
  const { database } = testDatabase;
  const dayOf = (endMs: number) => ({
    every: 'day' as const,
    beforeMs: endMs - 2 * dayMs,
    fromMs: endMs - dayMs,
    untilMs: endMs,
    nowMs: endMs,
  });
  const audience = { kind: 'person', person: manager } as const;
  const id = await createDigest(database, { audience, ...dayOf(fromMs + 2 * dayMs) });
  const daily = await readDigestView(database, id);
  expect(daily?.trends).toMatchObject({ step: 'day' });
  expect(daily?.trends.standing).toHaveLength(14);
  expect(daily?.trends.opened.at(-2)?.byKind).toEqual([{ kind: 'unknown', opened: 2 }]);
  expect(daily?.medianCloseMs).toBeNull();
  expect(daily?.before).toMatchObject({
    closed: 2,
    recurred: 1,
    medianClaimMs: view?.medianClaimMs,
    medianCloseMs: view?.medianCloseMs,
  });
});

test('medians are over what was claimed and closed within the period', () => {
  expect(view?.medianClaimMs).toBe((25 * hourMs + 2 * hourMs) / 2);
  expect(view?.medianCloseMs).toBe((29 * hourMs + 4 * hourMs) / 2);
});

test('a warning whose fingerprint was closed before counts as recurred', () => {
  expect(view?.recurred).toBe(1);
});

test('causes are those that the cards of the open warnings name, added up', () => {
  expect(view?.causes).toEqual([{ kind: 'import', name: '风控名单', count: 5, of: 6 }]);
});

test('what is overdue comes first among what needs the reader', () => {
  expect(view?.needAttention.map(({ warningId, overdue }) => [warningId, overdue])).toEqual([
    [1, true],
    [2, false],
  ]);
});

test('a report to a group counts everybody’s warnings but those about sensitive tags', async () => {
  const { database } = testDatabase;
  const reportNow = async () => {
    const audience = { kind: 'group', group: { code: 'governance' } } as const;
    return readDigestView(database, await createDigest(database, { audience, ...week }));
  };
  const all = await reportNow();
  expect(all?.readerCode).toBe('group:governance');
  expect(all?.bySeverity.high).toEqual({ open: 2, opened: 2, closed: 1, overdue: 1 });
  const tag = {
    name: { 'zh-CN': '黑名单', en: 'Blacklist' },
    definition: { 'zh-CN': '', en: '' },
    level: 'main' as const,
    category: 'basic' as const,
    ownerCode: 'owner',
    status: 'active' as const,
    departmentCodes: [],
    version: 1,
  };
  await database.query.insert(tags).values({ code: 'blacklist', ...tag, sensitive: true });
  await database.sql`
    update rule set kind = 'exclusive', body = body || '{"kind":"exclusive","tagCodes":["blacklist"]}'`;
  await database.sql`update dictionary_version set version = version + 1`;
  const shown = await reportNow();
  expect(shown?.bySeverity.high.open).toBe(0);
  expect(shown?.needAttention).toEqual([]);
});

test('a digest made lately is found, an older one is not', async () => {
  const { query } = testDatabase.database;
  const made = (sinceMs: number) =>
    findDigestSince(query, { personCode: 'boss', every: 'week', sinceMs });
  expect(await made(untilMs - hourMs)).toBe(view?.id);
  expect(await made(untilMs + hourMs)).toBeNull();
});
