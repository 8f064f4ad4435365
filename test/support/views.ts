import type {
  AssessmentEntry,
  AssessmentView,
  DigestView,
  FloodView,
  ExampleCustomer,
  FixView,
  RequestView,
  ViewReader,
  WarningException,
  WarningView,
} from '../../bot/views.ts';
import type { Person } from '../../domain/person.ts';
import { defaultPreference } from '../../domain/preference.ts';
import { tally, type TagRequest } from '../../domain/request.ts';
import type { Rule } from '../../domain/rule.ts';
import type { Warning } from '../../domain/warning.ts';
import { buildPolicy } from './policy.ts';
import { buildPerson, buildTag, buildWarning } from './builders.ts';

/** 2026-11-22 09:30 in Shanghai: half an hour after the sample warning opened. */
export const sampleNowMs = Date.UTC(2026, 10, 22, 1, 30);

export const samplePublicUrl = 'https://tagwarden.example.com';

/** People of one small company, with fixed codes and ids so that golden files stay as they are. */
export const samplePeople: ReadonlyMap<string, Person> = new Map(
  [
    person('li-lei', '李雷', 'Li Lei', { secondLineCode: 'han-meimei', deputyCode: 'lin-tao' }),
    person('han-meimei', '韩梅梅', 'Han Meimei', { roles: ['tagger', 'second-line', 'committee'] }),
    person('zhao-min', '赵敏', 'Zhao Min', { roles: ['tagger', 'manager', 'committee'] }),
    person('wang-fang', '王芳', 'Wang Fang', { roles: ['tagger', 'committee'] }),
    person('lin-tao', '林涛', 'Lin Tao', { roles: ['tagger', 'owner'] }),
    person('chen-jing', '陈静', 'Chen Jing', { roles: ['tagger', 'data-admin'] }),
    person('zhou-jie', '周杰', 'Zhou Jie', { roles: ['tagger'] }),
    person('jane-smith', '简·史密斯', 'Jane Smith', {
      locale: 'en',
      timeZone: 'Europe/London',
      roles: ['tagger', 'owner', 'committee'],
    }),
  ].map((one) => [one.code, one]),
);

function person(code: string, zh: string, en: string, overrides: Partial<Person> = {}): Person {
  return buildPerson({
    code,
    name: { 'zh-CN': zh, en },
    email: `${code}@example.com`,
    managerCode: 'zhao-min',
    slackUserId: `U${code.toUpperCase().replaceAll('-', '')}`,
    feishuOpenId: `ou_${code.replaceAll('-', '')}`,
    ...overrides,
  });
}

/** One of the sample people. Throws where there is none of this code. */
export function samplePerson(code: string): Person {
  const found = samplePeople.get(code);
  if (found === undefined) throw new Error(`There is no sample person ${code}.`);
  return found;
}

export const sampleTags = {
  highValue: { id: 1, code: 'high-value', name: { 'zh-CN': '高价值客户', en: 'High value' } },
  blacklist: { id: 2, code: 'blacklist', name: { 'zh-CN': '黑名单', en: 'Blacklist' } },
  vip: { id: 3, code: 'vip', name: { 'zh-CN': 'VIP客户', en: 'VIP' } },
  newCustomer: { id: 4, code: 'new-customer', name: { 'zh-CN': '新客户', en: 'New customer' } },
  regular: { id: 5, code: 'regular', name: { 'zh-CN': '普通客户', en: 'Regular customer' } },
} as const;

const sampleExamples: readonly (ExampleCustomer & { readonly name: string })[] = [
  ['C-10293', '华东机电', '王芳', Date.UTC(2026, 2, 2)],
  ['C-10877', '云杉科技', '王芳', Date.UTC(2026, 4, 18)],
  ['C-11520', '海蓝贸易', '李雷', Date.UTC(2026, 7, 9)],
  ['C-12004', '金穗食品', '李雷', Date.UTC(2026, 8, 1)],
].map(([ref, name, actor, sinceMs], index) => ({
  customerId: index + 1,
  ref: String(ref),
  name: String(name),
  tags: [
    {
      name: sampleTags.highValue.name,
      sinceSeconds: Number(sinceMs) / 1000,
      actor: String(actor),
      source: { 'zh-CN': 'CRM', en: 'CRM' },
      importName: null,
    },
    {
      name: sampleTags.blacklist.name,
      sinceSeconds: Date.UTC(2026, 10, 19) / 1000,
      actor: null,
      source: { 'zh-CN': 'CRM', en: 'CRM' },
      importName: '风控名单',
    },
  ],
  missing: [],
}));

/** The sample rule 高价值客户 × 黑名单: whoever is on the blacklist is no longer of high value. */
export const sampleRule: Rule = {
  id: 1,
  code: 'high-value-x-blacklist',
  name: { 'zh-CN': '高价值客户 × 黑名单', en: 'High value × Blacklist' },
  severity: 'high',
  ownerCode: null,
  enabled: true,
  kind: 'dominance',
  dominantCode: 'blacklist',
  dominatedCodes: ['high-value'],
};

/** The warning of product.md: 37 customers, 31 of them from one import, open, owned by Li Lei. */
export function buildWarningView(
  overrides: Partial<Omit<WarningView, 'warning'>> & { readonly warning?: Partial<Warning> } = {},
): WarningView {
  return {
    rule: sampleRule,
    firstTag: sampleTags.highValue,
    secondTag: sampleTags.blacklist,
    examples: sampleExamples,
    cause: { kind: 'import', name: '风控名单', count: 31, of: 37 },
    resolutions: ['keep-second', 'keep-first'],
    successor: null,
    automaticFix: null,
    fix: null,
    leftAfterFix: null,
    muted: [],
    people: samplePeople,
    deputyCode: 'lin-tao',
    escalation: buildPolicy().escalation,
    duties: [],
    groups: [],
    ...overrides,
    warning: buildWarning({
      id: 12,
      fingerprint: 'high-value-x-blacklist:li-lei',
      ownerCode: 'li-lei',
      secondLineCode: 'han-meimei',
      managerCode: 'zhao-min',
      ...overrides.warning,
    }),
  };
}

/** A fix of 37 customers that changed 36; one had changed meanwhile. Can be undone for a day. */
export function buildFixView(overrides: Partial<FixView> = {}): FixView {
  return {
    id: 7,
    choice: { kind: 'all', resolution: 'keep-second' },
    state: 'written',
    counts: { customers: 37, changed: 36, alreadySo: 0, changedMeanwhile: 1, refused: 0 },
    requestedBy: 'li-lei',
    writtenAtMs: sampleNowMs - 5 * 60_000,
    undoUntilMs: sampleNowMs + 24 * 3_600_000,
    undoneBy: null,
    undoCounts: null,
    leftAlone: [{ ref: 'C-12004', outcome: 'changed-meanwhile', detail: null }],
    ...overrides,
  };
}

/** A request for the tag 高净值客户 by Zhou Jie with one of three votes that are needed. */
export function buildRequestView(
  overrides: Partial<Omit<RequestView, 'request' | 'tally'>> & {
    readonly request?: Partial<TagRequest>;
  } = {},
): RequestView {
  const request: TagRequest = {
    id: 5,
    proposal: {
      kind: 'create-tag',
      code: 'high-net-worth',
      name: { 'zh-CN': '高净值客户', en: 'High net worth' },
      definition: {
        'zh-CN': '可投资资产不低于 600 万元的个人客户',
        en: 'Private customers with investable assets of at least CNY 6 million',
      },
      level: 'main',
      category: 'transaction',
      departmentCodes: [],
      ownerCode: 'li-lei',
      lifeDays: 365,
    },
    requesterCode: 'zhou-jie',
    reason: '私行活动需要单独圈选',
    state: { kind: 'voting' },
    votes: [
      { by: 'wang-fang', ballot: 'approve', comment: '口径清楚', atMs: sampleNowMs - 600_000 },
    ],
    memberCodes: ['han-meimei', 'zhao-min', 'wang-fang', 'jane-smith'],
    quorum: 3,
    vetoCodes: ['zhao-min'],
    createdAtMs: sampleNowMs - 3_600_000,
    dueAtMs: sampleNowMs + 47 * 3_600_000,
    version: 2,
    ...overrides.request,
  };
  return {
    fix: null,
    backTest: null,
    messages: [],
    similar: [
      {
        code: 'high-value',
        name: sampleTags.highValue.name,
        customers: 1_204,
        why: 'definition-alike',
      },
      { code: 'vip', name: sampleTags.vip.name, customers: 388, why: 'name-alike' },
    ],
    impact: {
      customers: 0,
      carrying: 0,
      rules: [],
      warnings: 0,
      sources: [],
      usedBy: null,
      tags: [],
    },
    contradictions: [],
    naming: [],
    items: [],
    changes: [],
    rules: new Map(),
    attributes: [],
    duties: new Map(),
    departments: new Map([
      [
        'sales',
        {
          code: 'sales',
          name: { 'zh-CN': '销售部', en: 'Sales' },
          parentCode: null,
          calendarCode: null,
        },
      ],
    ]),
    tags: new Map(),
    people: samplePeople,
    ...overrides,
    request,
    tally: tally(request),
  };
}

const sampleTrends: DigestView['trends'] = {
  step: 'week',
  health: [79.2, 80.1, 80.4, 82.8, 83.1, 82.9, 83.9, 86.4].map((score, week) => ({
    atMs: Date.UTC(2026, 10, 22, 19) - (7 - week) * 7 * 86_400_000,
    score,
  })),
  standing: [31, 34, 30, 28, 33, 27, 25, 20].map((open, week) => ({
    untilMs: Date.UTC(2026, 10, 22, 16) - (7 - week) * 7 * 86_400_000,
    open,
    overdue: [4, 6, 5, 5, 7, 6, 5, 3][week] ?? 0,
  })),
  opened: [22, 25, 18, 19, 27, 20, 21, 17].map((count, week) => ({
    untilMs: Date.UTC(2026, 10, 22, 16) - (7 - week) * 7 * 86_400_000,
    byKind: [
      { kind: 'exclusive', opened: count - 9 },
      { kind: 'time-to-live', opened: 5 },
      { kind: 'unknown', opened: 3 },
      { kind: null, opened: 1 },
    ],
  })),
};

/** Zhao Min's week from 16 to 22 November. */
export function buildDigestView(overrides: Partial<DigestView> = {}): DigestView {
  return {
    id: 3,
    every: 'week',
    fromMs: Date.UTC(2026, 10, 15, 16),
    untilMs: Date.UTC(2026, 10, 22, 16),
    readerCode: 'zhao-min',
    content: 'full',
    departmentName: { 'zh-CN': '销售部', en: 'Sales' },
    bySeverity: {
      high: { open: 2, opened: 5, closed: 4, overdue: 1 },
      medium: { open: 6, opened: 9, closed: 11, overdue: 2 },
      low: { open: 12, opened: 3, closed: 7, overdue: 0 },
    },
    before: {
      open: 25,
      opened: 21,
      closed: 15,
      overdue: 5,
      medianClaimMs: 65 * 60_000,
      medianCloseMs: 4 * 3_600_000,
      recurred: 3,
    },
    medianClaimMs: 42 * 60_000,
    medianCloseMs: 5.5 * 3_600_000,
    recurred: 2,
    health: { now: 86.4, before: 83.9 },
    trends: sampleTrends,
    causes: [
      { kind: 'import', name: '风控名单', count: 31, of: 120 },
      { kind: 'actor', name: '王芳', count: 18, of: 120 },
    ],
    needAttention: [
      {
        warningId: 12,
        ruleName: sampleRule.name,
        severity: 'high',
        customers: 37,
        overdue: true,
      },
      {
        warningId: 15,
        ruleName: { 'zh-CN': '新客户到期', en: 'New customer expired' },
        severity: 'medium',
        customers: 1_208,
        overdue: false,
      },
    ],
    ...overrides,
  };
}

/** Zhao Min's 22 November, a day on which nothing was closed. */
export function buildDailyDigestView(): DigestView {
  const untilMs = Date.UTC(2026, 10, 22, 16);
  const dayEndMs = (day: number) => untilMs - (13 - day) * 86_400_000;
  const open = [24, 26, 25, 27, 29, 28, 26, 25, 27, 24, 23, 22, 19, 20];
  return buildDigestView({
    id: 5,
    every: 'day',
    fromMs: untilMs - 86_400_000,
    untilMs,
    bySeverity: {
      high: { open: 2, opened: 1, closed: 0, overdue: 1 },
      medium: { open: 6, opened: 0, closed: 0, overdue: 2 },
      low: { open: 12, opened: 0, closed: 0, overdue: 0 },
    },
    before: {
      open: 19,
      opened: 0,
      closed: 3,
      overdue: 3,
      medianClaimMs: null,
      medianCloseMs: 26 * 3_600_000,
      recurred: 0,
    },
    medianClaimMs: 12 * 60_000,
    medianCloseMs: null,
    recurred: 0,
    health: { now: 86.4, before: 86.6 },
    trends: {
      step: 'day',
      health: open.map((_, day) => ({
        atMs: dayEndMs(day) - 14 * 3_600_000,
        score: 84 + day / 5 - (day === 13 ? 0.2 : 0),
      })),
      standing: open.map((count, day) => ({
        untilMs: dayEndMs(day),
        open: count,
        overdue: day % 4,
      })),
      opened: open.map((_, day) => ({
        untilMs: dayEndMs(day),
        byKind: day % 3 === 0 ? [] : [{ kind: 'exclusive', opened: (day + 3) % 5 }],
      })),
    },
  });
}

/** 23 warnings that one scan opened for Li Lei, of which 19 stand. */
export function buildFloodView(overrides: Partial<FloodView> = {}): FloodView {
  return {
    id: 4,
    openedAtMs: sampleNowMs - 1_800_000,
    version: 27,
    warnings: 23,
    standing: 19,
    unclaimed: 17,
    bySeverity: { high: 0, medium: 12, low: 7 },
    byRule: [
      {
        ruleCode: 'vip-x-new',
        ruleName: { 'zh-CN': 'VIP客户 × 新客户', en: 'VIP × New' },
        warnings: 12,
      },
      {
        ruleCode: 'expired',
        ruleName: { 'zh-CN': '新客户到期', en: 'New customer expired' },
        warnings: 7,
      },
    ],
    worst: [41, 44, 39].map((warningId, index) => ({
      warningId,
      ruleName: { 'zh-CN': 'VIP客户 × 新客户', en: 'VIP × New' },
      severity: 'medium',
      customers: 120 - 40 * index,
    })),
    claimDueAtMs: sampleNowMs + 4 * 3_600_000,
    closeDueAtMs: sampleNowMs + 30 * 3_600_000,
    ...overrides,
  };
}

/** October of Li Lei, as the sample people's manager sees it where `line` says so. */
export function buildAssessmentView(overrides: Partial<AssessmentView> = {}): AssessmentView {
  const reader = overrides.reader ?? samplePerson('li-lei');
  return {
    reader,
    month: '2026-10',
    own: {
      personCode: reader.code,
      points: 7,
      byCause: { 'claim-missed': 2, 'close-missed': 5, recurred: 0 },
      contested: 0,
    },
    entries: [
      buildAssessmentEntry({ id: 12, cause: 'close-missed', points: 5 }),
      buildAssessmentEntry({ id: 11 }),
    ],
    isCut: false,
    line: [],
    before: { own: 2, line: 12 },
    contestUntilMs: sampleNowMs + 7 * 86_400_000,
    version: 3,
    people: samplePeople,
    ...overrides,
  };
}

export function buildAssessmentEntry(overrides: Partial<AssessmentEntry> = {}): AssessmentEntry {
  return {
    id: 11,
    personCode: 'li-lei',
    cause: 'claim-missed',
    points: 2,
    warningId: 41,
    ruleCode: 'blacklist-rules-high-value',
    ruleName: {
      'zh-CN': '黑名单生效后移除高价值客户',
      en: 'Blacklisted customers are not high value',
    },
    severity: 'high',
    atMs: sampleNowMs - 5 * 86_400_000,
    state: { kind: 'standing' },
    ...overrides,
  };
}

/** A ViewReader that knows one warning, one request and one digest; override what a test is about. */
export const sampleException: WarningException = {
  untilMs: sampleNowMs + 7 * 86_400_000,
  customers: 37,
  reason: '客户已申诉，复核中',
  grantedByCode: 'li-lei',
};

const sampleCustomers = Array.from({ length: 37 }, (_, index) => ({
  customerId: index + 1,
  ref: `C-${10_001 + index}`,
  name: `客户${index + 1}`,
  tags: sampleExamples[0]?.tags ?? [],
  missing: [],
  resolutions: ['keep-second', 'keep-first'] as const,
}));

export function createSampleViews(overrides: Partial<ViewReader> = {}): ViewReader {
  const view = buildWarningView();
  const request = buildRequestView();
  const digest = buildDigestView();
  return {
    warning: async (id) => (id === view.warning.id ? view : null),
    request: async (id) => (id === request.request.id ? request : null),
    digest: async (id) => (id === digest.id ? digest : null),
    flood: async () => null,
    assessment: async () => null,
    assessmentNow: async (reader) => buildAssessmentView({ reader }),
    points: async () => null,
    contestable: async () => [],
    review: async () => null,
    fixPreview: async (warningId, choice) => {
      if (warningId !== view.warning.id) return null;
      const customers =
        choice.kind === 'by-customer'
          ? choice.resolutions.length
          : choice.kind === 'again'
            ? 2
            : 37;
      return {
        warningId,
        choice,
        customers,
        leftAsTheyAre: choice.kind === 'by-customer' ? 37 - customers : 0,
        changes: [{ tag: sampleTags.highValue.name, change: 'removed', customers }],
        examples: sampleExamples.slice(0, Math.min(customers, 3)).map((example) => ({
          ref: example.ref,
          name: example.name,
          added: [],
          removed: [sampleTags.highValue.name],
        })),
        sources: [{ 'zh-CN': 'CRM', en: 'CRM' }],
        mayNotUse: null,
      };
    },
    sight: async () => ({
      dictionary: { tags: [], relations: [], attributes: [], rules: [] },
      people: samplePeople,
      hidden: { tagCodes: [], tagIds: [], ruleIds: [] },
    }),
    customers: async (warningId, { text = '', offset, limit }) => {
      const found = sampleCustomers.filter(({ ref, name }) => `${ref} ${name}`.includes(text));
      return warningId === view.warning.id
        ? { total: found.length, customers: found.slice(offset, offset + limit) }
        : { total: 0, customers: [] };
    },
    history: async () => [],
    openWarnings: async () => [view],
    searchTags: async () => [],
    groups: async () => [],
    dictionary: async () => ({
      tags: [sampleTags.vip, sampleTags.highValue].map((tag) =>
        buildTag({
          ...tag,
          definition: {
            'zh-CN': '近一年消费不低于 20 万元',
            en: 'Spent at least CNY 200,000 in a year',
          },
        }),
      ),
      rules: [sampleRule],
      attributes: [
        { code: 'assets', type: 'number', name: { 'zh-CN': '可投资资产', en: 'Assets' }, slot: 0 },
      ],
    }),
    previewRequest: async () => {
      const {
        request: { proposal },
        items: _,
        tally: __,
        messages: ___,
        fix: ____,
        backTest: _____,
        ...preview
      } = buildRequestView({ similar: [] });
      return { kind: 'sound', proposal, preview };
    },
    people: async () => samplePeople,
    unreached: async () => null,
    exceptionOf: async () => sampleException,
    preference: async () => defaultPreference,
    ...overrides,
  };
}
