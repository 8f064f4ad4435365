import { checkCard, inboxCard, searchCard, signInCard } from '../../bot/cards/answers.ts';
import type { CardContext } from '../../bot/cards/context.ts';
import { detailsCard } from '../../bot/cards/details.ts';
import { assessmentCard, pointsCard } from '../../bot/cards/assessment.ts';
import { digestCard } from '../../bot/cards/digest.ts';
import { reviewCard } from '../../bot/cards/review.ts';
import { floodCard, type FloodReason } from '../../bot/cards/flood.ts';
import { floodForGroup, warningForGroup } from '../../bot/cards/group.ts';
import { helpCard } from '../../bot/cards/help.ts';
import { historyCard } from '../../bot/cards/history.ts';
import { reminderCard } from '../../bot/cards/reminder.ts';
import { requestCard } from '../../bot/cards/request.ts';
import { requestMessageCard } from '../../bot/cards/request-message.ts';
import { warningCard } from '../../bot/cards/warning.ts';
import type { Card } from '../../bot/card.ts';
import type {
  ExampleCustomer,
  FixView,
  FloodView,
  ReviewView,
  WarningView,
} from '../../bot/views.ts';
import type { AttachedBackTest } from '../../domain/back-test.ts';
import { automaticActor, type AutomaticFixReport } from '../../domain/automatic-fix.ts';
import type { Duty } from '../../domain/duty.ts';
import type { FindingReason } from '../../domain/finding-reason.ts';
import { writeRefusal } from '../../domain/write-refusal.ts';
import { tagwardenCode, type Person } from '../../domain/person.ts';
import type {
  RequestMessage,
  RequestProposal,
  RequestState,
  TagRequest,
} from '../../domain/request.ts';
import { changesCustomers, changesOf } from '../../domain/requests/registry.ts';
import type { Rule } from '../../domain/rule.ts';
import type { Tag } from '../../domain/tag.ts';
import {
  buildAssessmentEntry,
  buildAssessmentView,
  buildDailyDigestView,
  buildDigestView,
  buildFixView,
  buildFloodView,
  buildRequestView,
  buildWarningView,
  sampleNowMs,
  samplePeople,
  sampleException,
  samplePerson,
  samplePublicUrl,
  sampleRule,
  sampleTags,
} from './views.ts';

export const sampleContext: CardContext = { publicUrl: samplePublicUrl, nowMs: sampleNowMs };
const hourMs = 3_600_000;

/** A card as one of the sample people sees it, in whichever language. */
export type Draw = (reader: (code: string) => Person, context: CardContext) => Card;

function warningAs(reader: string, overrides: Parameters<typeof buildWarningView>[0] = {}): Draw {
  return (people, at) => warningCard(buildWarningView(overrides), people(reader), at);
}

/** As it stands in a group, drawn for its owner. */
function warningInGroup(overrides: Parameters<typeof buildWarningView>[0] = {}): Draw {
  return (people, at) =>
    warningCard(warningForGroup(buildWarningView(overrides)), people('li-lei'), at);
}

const leftPeople = new Map(samplePeople).set('li-lei', {
  ...samplePerson('li-lei'),
  status: 'left',
});
const absentPeople = new Map(samplePeople).set('li-lei', {
  ...samplePerson('li-lei'),
  absences: [{ fromMs: 0, untilMs: sampleNowMs + 72 * hourMs }],
});

const closedByFix = {
  customers: 0,
  state: { kind: 'closed', reason: 'fixed', by: 'li-lei', atMs: sampleNowMs, fixId: 7 },
} as const;

const toSecondLine = {
  level: 1,
  escalations: [{ to: { kind: 'second-line' }, personCodes: ['han-meimei'], atMs: sampleNowMs }],
} as const;
const toManager = {
  level: 2,
  escalations: [
    ...toSecondLine.escalations,
    { to: { kind: 'manager' }, personCodes: ['zhao-min'], atMs: sampleNowMs },
  ],
} as const;
const qualityDuty: Duty = {
  code: 'quality',
  name: { 'zh-CN': '数据质量值班', en: 'Data quality duty' },
  memberCodes: ['lin-tao', 'chen-jing'],
  rotation: { kind: 'round-robin' },
};

function automaticReport(decision: AutomaticFixReport['decision']): AutomaticFixReport {
  return {
    decision,
    customers: 36,
    leftAsTheyAre: 1,
    ruleCustomers: 37,
    share: 0.124,
    customersMax: 20,
    shareMax: 0.05,
    atMs: sampleNowMs,
  };
}

const warningStates: Readonly<Record<string, Draw>> = {
  'open, to its owner': warningAs('li-lei'),
  'open, to somebody who may only look': warningAs('zhou-jie'),
  'open and snoozed': warningAs('li-lei', {
    warning: { snoozedUntilMs: sampleNowMs + 4 * hourMs, snoozes: 1 },
  }),
  'whose time stands still': warningAs('li-lei', {
    warning: { pause: { fromMs: sampleNowMs - hourMs, untilMs: sampleNowMs + 15 * hourMs } },
  }),
  'whose time will stand still': warningAs('li-lei', {
    warning: { pause: { fromMs: sampleNowMs + 3 * hourMs, untilMs: sampleNowMs + 18 * hourMs } },
  }),
  'escalated, to the first responder': warningAs('li-lei', {
    warning: { ...toSecondLine, claimDueAtMs: sampleNowMs - hourMs },
  }),
  'escalated, to the second line': warningAs('han-meimei', {
    warning: { ...toSecondLine, claimDueAtMs: sampleNowMs - hourMs },
  }),
  'escalated twice, to the manager': warningAs('zhao-min', {
    warning: {
      ...toManager,
      state: { kind: 'claimed', by: 'li-lei', atMs: sampleNowMs - 20 * hourMs },
      closeDueAtMs: sampleNowMs - hourMs,
    },
  }),
  'whose owner has left': warningAs('han-meimei', {
    people: leftPeople,
    warning: toSecondLine,
  }),
  'escalated to whoever is on duty': warningAs('lin-tao', {
    warning: {
      level: 3,
      escalations: [
        ...toManager.escalations,
        { to: { kind: 'duty', code: 'quality' }, personCodes: ['lin-tao'], atMs: sampleNowMs },
      ],
      closeDueAtMs: sampleNowMs - hourMs,
    },
    duties: [qualityDuty],
  }),
  'escalated to a group': warningAs('li-lei', {
    warning: {
      level: 1,
      escalations: [
        { to: { kind: 'group', code: 'governance' }, personCodes: [], atMs: sampleNowMs },
      ],
      claimDueAtMs: sampleNowMs - hourMs,
    },
    groups: [{ code: 'governance', name: { 'zh-CN': '标签治理', en: 'Tag governance' } }],
  }),
  'in a group': warningInGroup(),
  'in a group, claimed by another': warningInGroup({
    warning: { state: { kind: 'claimed', by: 'han-meimei', atMs: sampleNowMs } },
  }),
  'in a group, fixed': warningInGroup({ fix: buildFixView(), warning: closedByFix }),
  'whose owner is away, to the deputy': warningAs('lin-tao', { people: absentPeople }),
  'that only the CRM can mend': warningAs('li-lei', { resolutions: [] }),
  'whose rule tried a fix': warningAs('li-lei', {
    rule: { ...sampleRule, autoFix: { mode: 'dry-run', customersMax: 20, shareMax: 0.05 } },
    automaticFix: automaticReport('dry-run'),
  }),
  'whose rule stopped at its limit': warningAs('li-lei', {
    rule: { ...sampleRule, autoFix: { mode: 'automatic', customersMax: 20, shareMax: 0.05 } },
    automaticFix: automaticReport('too-many'),
  }),
  'whose rule stopped at its share': warningAs('zhou-jie', {
    automaticFix: automaticReport('too-large-a-share'),
  }),
  'whose rule was taken back before': warningAs('li-lei', {
    automaticFix: automaticReport('taken-back'),
  }),
  'whose rule may not put its tag on': warningAs('li-lei', {
    automaticFix: automaticReport('no-right'),
  }),
  'being fixed by its rule': warningAs('li-lei', {
    automaticFix: automaticReport('fix'),
    fix: buildFixView({
      requestedBy: automaticActor,
      choice: { kind: 'recommended' },
      state: 'writing',
      counts: { customers: 37, changed: 11, alreadySo: 1, changedMeanwhile: 0, refused: 0 },
      leftAlone: [],
    }),
    warning: { state: { kind: 'fixing', by: automaticActor, fixId: 7 } },
  }),
  'fixed by its rule': warningAs('li-lei', {
    automaticFix: automaticReport('fix'),
    fix: buildFixView({ requestedBy: automaticActor, choice: { kind: 'recommended' } }),
    warning: {
      customers: 0,
      state: {
        kind: 'closed',
        reason: 'fixed',
        by: automaticActor,
        atMs: sampleNowMs,
        fixId: 7,
      },
    },
  }),
  'claimed by the reader': warningAs('li-lei', {
    warning: { state: { kind: 'claimed', by: 'li-lei', atMs: sampleNowMs } },
  }),
  'claimed by the reader, who is asked whether they are still on it': warningAs('li-lei', {
    warning: {
      state: {
        kind: 'claimed',
        by: 'li-lei',
        atMs: sampleNowMs - 20 * hourMs,
        answerByMs: sampleNowMs + 4 * hourMs,
      },
    },
  }),
  'claimed by another, to its owner': warningAs('li-lei', {
    warning: { state: { kind: 'claimed', by: 'han-meimei', atMs: sampleNowMs } },
  }),
  'claimed by another, to the second line': warningAs('han-meimei', {
    warning: { state: { kind: 'claimed', by: 'li-lei', atMs: sampleNowMs } },
  }),
  'being fixed': warningAs('li-lei', {
    fix: buildFixView({
      state: 'writing',
      counts: { customers: 37, changed: 11, alreadySo: 1, changedMeanwhile: 0, refused: 0 },
      leftAlone: [],
    }),
    warning: { state: { kind: 'fixing', by: 'li-lei', fixId: 7 } },
  }),
  'being checked': warningAs('li-lei', {
    fix: buildFixView(),
    warning: { state: { kind: 'verifying', by: 'li-lei', fixId: 7 } },
  }),
  'fixed in part': warningAs('li-lei', {
    fix: buildFixView({
      counts: { customers: 37, changed: 35, alreadySo: 0, changedMeanwhile: 1, refused: 1 },
      leftAlone: [
        { ref: 'C-12004', outcome: 'changed-meanwhile', detail: null },
        { ref: 'C-13377', outcome: 'refused', detail: writeRefusal('locked', '55P03') },
      ],
    }),
    leftAfterFix: { notFixed: 2, notTreated: 0, foundSince: 3 },
    warning: {
      customers: 5,
      state: { kind: 'claimed', by: 'li-lei', atMs: sampleNowMs },
    },
    cause: null,
  }),
  fixed: warningAs('li-lei', { fix: buildFixView(), warning: closedByFix }),
  'fixed, after the time to undo': warningAs('li-lei', {
    fix: buildFixView({ undoUntilMs: sampleNowMs - 1 }),
    warning: closedByFix,
  }),
  'fixed customer by customer': warningAs('li-lei', {
    fix: buildFixView({
      choice: {
        kind: 'by-customer',
        resolutions: [{ customerId: 1, resolution: 'keep-first' }],
      },
    }),
    warning: closedByFix,
  }),
  'being undone': warningAs('li-lei', {
    fix: buildFixView({ state: 'undoing', undoneBy: 'li-lei' }),
    warning: closedByFix,
  }),
  undone: warningAs('li-lei', {
    fix: buildFixView({
      state: 'undone',
      undoneBy: 'han-meimei',
      undoCounts: { customers: 36, changed: 34, alreadySo: 0, changedMeanwhile: 2, refused: 0 },
    }),
    warning: closedByFix,
  }),
  'fixed by hand': warningAs('li-lei', {
    warning: {
      ...closedByFix,
      state: { ...closedByFix.state, reason: 'fixed-by-hand', fixId: null },
    },
  }),
  'not a conflict': warningAs('li-lei', {
    warning: { state: { ...closedByFix.state, reason: 'not-a-conflict', fixId: null } },
  }),
  excepted: warningAs('li-lei', {
    warning: { state: { ...closedByFix.state, reason: 'excepted', fixId: null } },
  }),
  gone: warningAs('li-lei', {
    warning: {
      customers: 0,
      state: { kind: 'closed', reason: 'gone', by: null, atMs: sampleNowMs, fixId: null },
    },
  }),
};

const base = { id: 1, ownerCode: null, enabled: true, severity: 'medium' } as const;
const name = (zh: string, en: string) => ({ 'zh-CN': zh, en });
type RuleSample = Pick<WarningView, 'rule'> & Partial<Omit<WarningView, 'warning'>>;

type DictionaryRule = Extract<
  Rule,
  { kind: 'no-definition' | 'unowned' | 'unused' | 'population-jump' }
>;
type OwnParameters<R> = R extends Rule
  ? Omit<R, 'id' | 'ownerCode' | 'enabled' | 'severity' | 'code' | 'name'>
  : never;

/** Findings on three tags of the dictionary, and on one. */
function onDictionary(
  rule: OwnParameters<DictionaryRule>,
  ...reasons: readonly FindingReason[]
): readonly RuleSample[] {
  const whole: Rule = {
    ...base,
    code: `dictionary-${rule.kind}`,
    name: name('字典检查', 'Dictionary check'),
    ...rule,
  };
  const example = (tag: Pick<Tag, 'id' | 'code' | 'name'>) => ({
    customerId: -tag.id,
    ref: tag.code,
    name: tag.name,
    tags: [],
    missing: [],
    reasons,
  });
  return [
    {
      rule: whole,
      firstTag: null,
      secondTag: null,
      resolutions: [],
      examples: [example(sampleTags.vip), example(sampleTags.regular)],
    },
    {
      rule: whole,
      firstTag: sampleTags.vip,
      secondTag: null,
      resolutions: [],
      examples: [example(sampleTags.vip)],
    },
  ];
}

const ruleSamples: Readonly<Record<Rule['kind'], readonly RuleSample[]>> = {
  exclusive: [
    {
      rule: {
        ...base,
        kind: 'exclusive',
        code: 'activity',
        name: name('活跃度只留一个', 'One activity level'),
        tagCodes: ['high-value', 'blacklist'],
        precedence: [],
        allowedPairs: [],
      },
    },
  ],
  dominance: [{ rule: sampleRule }, { rule: sampleRule, firstTag: null }],
  synonym: [
    {
      rule: {
        ...base,
        kind: 'synonym',
        code: 'vip-synonyms',
        name: name('VIP 同义', 'VIP synonyms'),
        canonicalCode: 'high-value',
        synonymCodes: ['vip'],
      },
      firstTag: sampleTags.vip,
      secondTag: sampleTags.highValue,
      successor: sampleTags.highValue,
      resolutions: ['replace', 'keep-first'],
    },
  ],
  'time-to-live': [
    {
      rule: {
        ...base,
        kind: 'time-to-live',
        code: 'new-customer-ttl',
        name: name('新客户到期', 'New customer expired'),
        tagCodes: [],
      },
      firstTag: sampleTags.newCustomer,
      secondTag: sampleTags.regular,
      successor: sampleTags.regular,
      resolutions: ['replace', 'remove'],
      examples: [
        {
          ...tagged({ customerId: 9, ref: 'C-20001', name: '远山纸业' }, sampleTags.newCustomer),
          reasons: [{ kind: 'expired', days: 60, endedAtMs: Date.UTC(2026, 9, 31) }],
        },
      ],
    },
  ],
  stale: [
    {
      rule: {
        ...base,
        kind: 'stale',
        code: 'stale-vip',
        name: name('VIP 久未确认', 'Stale VIP'),
        tagCodes: [],
      },
      firstTag: sampleTags.vip,
      secondTag: null,
      resolutions: ['remove'],
      examples: [
        {
          ...tagged({ customerId: 9, ref: 'C-20001', name: '远山纸业' }, sampleTags.vip),
          reasons: [{ kind: 'unconfirmed', days: 30, confirmedAtMs: Date.UTC(2026, 8, 1) }],
        },
      ],
    },
  ],
  criteria: (['unmet', 'missing', 'both'] as const).map((direction) => ({
    rule: {
      ...base,
      kind: 'criteria' as const,
      code: 'high-value-criteria',
      name: name('高价值口径', 'High value criteria'),
      tagCode: 'high-value',
      direction,
    },
    firstTag: sampleTags.highValue,
    secondTag: null,
    resolutions: direction === 'missing' ? (['add'] as const) : (['remove'] as const),
    ...(direction === 'missing'
      ? {
          examples: [
            {
              customerId: 9,
              ref: 'C-20001',
              name: '远山纸业',
              tags: [],
              missing: [sampleTags.highValue.name],
              reasons: [spendReason(132_000)],
            },
          ],
        }
      : {
          examples: [
            {
              ...tagged({ customerId: 9, ref: 'C-20001', name: '远山纸业' }, sampleTags.highValue),
              reasons: [spendReason(32_500), lastOrderReason(null)],
            },
            {
              ...tagged({ customerId: 10, ref: 'C-20002', name: '白石建材' }, sampleTags.highValue),
              reasons: [lastOrderReason(Date.UTC(2026, 0, 31))],
            },
          ],
        }),
  })),
  overload: [
    {
      rule: {
        ...base,
        kind: 'overload',
        code: 'too-many',
        name: name('标签过多', 'Too many tags'),
        tagsMax: 12,
        temporaryTagsMax: 4,
      },
      firstTag: null,
      secondTag: null,
      resolutions: ['remove-weakest'],
      examples: buildWarningView()
        .examples.slice(0, 1)
        .map((example) => ({
          ...example,
          reasons: [
            { kind: 'too-many', of: 'tags', count: 14, max: 12 },
            { kind: 'too-many', of: 'temporary-tags', count: 5, max: 4 },
          ],
        })),
    },
  ],
  unknown: [
    {
      rule: {
        ...base,
        kind: 'unknown',
        code: 'unknown-tags',
        name: name('字典外标签', 'Unknown tags'),
      },
      firstTag: null,
      secondTag: null,
      resolutions: ['remove'],
    },
  ],
  deprecated: [
    {
      rule: {
        ...base,
        kind: 'deprecated',
        code: 'deprecated-tags',
        name: name('停用标签', 'Deprecated tags'),
      },
      firstTag: sampleTags.vip,
      secondTag: sampleTags.highValue,
      successor: sampleTags.highValue,
      resolutions: ['replace', 'remove'],
    },
  ],
  implied: [
    {
      rule: {
        ...base,
        kind: 'implied',
        code: 'sub-tags',
        name: name('子标签缺少主标签', 'Sub tag without its main tag'),
        tagCodes: null,
        singleChoiceCodes: [],
      },
      firstTag: sampleTags.vip,
      secondTag: sampleTags.highValue,
      resolutions: ['add-second', 'remove'],
    },
  ],
  scope: [
    {
      rule: {
        ...base,
        kind: 'scope',
        code: 'risk-scope',
        name: name('风控标签', 'Tags of risk control'),
        tagCodes: [],
      },
      firstTag: sampleTags.blacklist,
      secondTag: null,
      resolutions: ['remove'],
      examples: [
        {
          ...tagged({ customerId: 9, ref: 'C-20001', name: '远山纸业' }, sampleTags.blacklist),
          reasons: [{ kind: 'outsider', actor: '王芳', department: name('销售部', 'Sales') }],
        },
      ],
    },
  ],
  sensitivity: [
    {
      rule: {
        ...base,
        kind: 'sensitivity',
        code: 'sensitive',
        name: name('敏感标签', 'Sensitive tags'),
        tagCodes: [],
        departmentCodes: [],
        actorNames: [],
      },
      firstTag: sampleTags.blacklist,
      secondTag: null,
      resolutions: ['remove'],
      examples: [
        {
          ...tagged({ customerId: 9, ref: 'C-20001', name: '远山纸业' }, sampleTags.blacklist),
          reasons: [{ kind: 'outsider', actor: 'Callbot 2', department: null }],
        },
      ],
    },
  ],
  mismatch: [
    {
      rule: {
        ...base,
        kind: 'mismatch',
        code: 'sources-disagree',
        name: name('系统间不一致', 'Sources disagree'),
        tagCodes: [],
      },
      firstTag: sampleTags.vip,
      secondTag: null,
      resolutions: ['follow-master'],
      examples: [
        {
          ...tagged({ customerId: 9, ref: 'C-20001', name: '远山纸业' }, sampleTags.vip),
          reasons: [
            {
              kind: 'disagreement',
              isMaster: false,
              lacking: [name('营销平台', 'Marketing platform')],
              master: name('CRM', 'CRM'),
            },
          ],
        },
      ],
    },
  ],
  'no-definition': onDictionary(
    { kind: 'no-definition', definitionCharsMin: 6 },
    { kind: 'definition', locale: 'zh-CN', text: 'VIP' },
    { kind: 'definition', locale: 'en', text: '' },
  ),
  unowned: onDictionary(
    { kind: 'unowned' },
    { kind: 'owner', owner: name('王芳', 'Wang Fang'), fault: 'left' },
  ),
  unused: onDictionary(
    { kind: 'unused', customersMax: 0, daysMin: 30 },
    { kind: 'unused', customers: 0, sinceMs: Date.UTC(2026, 2, 2) },
  ),
  'population-jump': onDictionary(
    {
      kind: 'population-jump',
      tagCodes: [],
      deviationsMax: 3.5,
      shareMin: 0.2,
      customersMin: 50,
    },
    { kind: 'jump', usual: 12_040, customers: 15_310 },
  ),
};

const ruleCards: Readonly<Record<string, Draw>> = Object.fromEntries(
  Object.entries(ruleSamples).flatMap(([kind, samples]) =>
    samples.flatMap((sample, index): [string, Draw][] => [
      [`${kind} ${index + 1}`, warningAs('li-lei', { cause: null, ...sample })],
      [
        `${kind} ${index + 1} in detail`,
        (people, at) =>
          detailsCard(buildWarningView({ cause: null, ...sample }), people('li-lei'), at),
      ],
    ]),
  ),
);

function requestAs(reader: string, overrides: Parameters<typeof buildRequestView>[0] = {}): Draw {
  return (people, at) => requestCard(buildRequestView(overrides), people(reader), at);
}

const batchFix = (overrides: Parameters<typeof buildFixView>[0]) =>
  buildFixView({ requestedBy: 'zhou-jie', undoUntilMs: sampleNowMs + 86_400_000, ...overrides });
const ended = (state: RequestState): Draw => requestAs('han-meimei', { request: { state } });
const mergeNames = {
  tags: new Map<string, Pick<Tag, 'code' | 'name'>>([
    ['vip', sampleTags.vip],
    ['high-value', sampleTags.highValue],
  ]),
  rules: new Map([
    [
      'vip-synonyms',
      { code: 'vip-synonyms', name: { 'zh-CN': 'VIP 同义标签', en: 'VIP synonyms' } },
    ],
  ]),
};
const merge = {
  ...mergeNames,
  request: {
    proposal: { kind: 'merge-tags', fromCode: 'vip', intoCode: 'high-value' },
    votes: [],
  },
  impact: {
    customers: 388,
    carrying: 388,
    rules: ['vip-synonyms'],
    warnings: 2,
    sources: [{ 'zh-CN': '客户管理系统', en: 'CRM' }],
    usedBy: {
      departments: [{ code: 'sales', share: 0.62 }],
      people: ['li-lei'],
      peopleCount: 4,
      automatic: 0.38,
    },
    tags: ['high-value'],
  },
  similar: [],
} satisfies Parameters<typeof buildRequestView>[0];

const mergeFix: FixView = {
  id: 9,
  choice: null,
  state: 'written',
  counts: { customers: 388, changed: 387, alreadySo: 0, changedMeanwhile: 1, refused: 0 },
  requestedBy: 'zhou-jie',
  writtenAtMs: sampleNowMs,
  undoUntilMs: sampleNowMs + 86_400_000,
  undoneBy: null,
  undoCounts: null,
  leftAlone: [],
};
const nobodyChanged = { customers: 0, changed: 0, alreadySo: 0, changedMeanwhile: 0, refused: 0 };
const mergeApplied: Parameters<typeof buildRequestView>[0] = {
  ...merge,
  request: { ...merge.request, state: { kind: 'applied', atMs: sampleNowMs } },
  fix: mergeFix,
};

const retire: Parameters<typeof buildRequestView>[0] = {
  ...merge,
  request: { ...merge.request, proposal: { kind: 'retire-tag', code: 'vip' } },
};

const saidOfRequest: readonly RequestMessage[] = [
  {
    id: 1,
    kind: 'comment',
    by: 'wang-fang',
    text: '和私行部对过口径',
    atMs: sampleNowMs - 500_000,
  },
  {
    id: 2,
    kind: 'question',
    by: 'zhao-min',
    text: '联名账户算不算？',
    atMs: sampleNowMs - 400_000,
  },
  {
    id: 3,
    kind: 'answer',
    questionId: 2,
    by: 'zhou-jie',
    text: '算，按主持有人归属。',
    atMs: sampleNowMs - 300_000,
  },
];

/** One message of them, as it is brought to whom it concerns. */
function messageAs(reader: string, messages: readonly RequestMessage[], index = 1): Draw {
  return (people, at) => {
    const message = messages[index];
    if (message === undefined) throw new Error(`There is no message ${index}.`);
    return requestMessageCard(
      { message, view: buildRequestView({ messages }) },
      people(reader),
      at,
    );
  };
}

type RequestSample = NonNullable<Parameters<typeof buildRequestView>[0]>;

/** A request for `proposal` without votes. */
function asking(proposal: RequestProposal, more: Omit<RequestSample, 'request'> = {}): Draw {
  return requestAs('han-meimei', {
    ...mergeNames,
    impact: { ...merge.impact, customers: changesCustomers(proposal) ? 388 : 0 },
    similar: [],
    changes: changesOf(proposal),
    attributes: [
      { code: 'assets', type: 'number', name: { 'zh-CN': '可投资资产', en: 'assets' }, slot: 0 },
    ],
    ...more,
    request: { proposal, votes: [] },
  });
}

const sampleBatch: Extract<RequestProposal, { kind: 'batch' }> = {
  kind: 'batch',
  items: [
    { kind: 'merge-tags', fromCode: 'vip', intoCode: 'high-value' },
    { kind: 'merge-tags', fromCode: 'gold', intoCode: 'high-value' },
  ],
};
const applied = { kind: 'applied', atMs: sampleNowMs } as const;
const undoneBatch = {
  ...mergeNames,
  similar: [],
  request: { proposal: sampleBatch, state: applied, votes: [] },
  items: [
    {
      proposal: { kind: 'merge-tags', fromCode: 'vip', intoCode: 'high-value' },
      requestId: 6,
      state: applied,
      customers: 388,
      undo: { kind: 'undone', customersLeft: 12 },
    },
    {
      proposal: { kind: 'change-tag', code: 'high-value', before: {}, after: {} },
      requestId: 7,
      state: applied,
      customers: 0,
      undo: { kind: 'left' },
    },
  ],
} as const;

const sampleBackTest: AttachedBackTest = {
  about: 'customers',
  examined: 50_000,
  flagged: 412,
  flaggedAnew: 0,
  noLongerFlagged: 1_236,
  dismissedBefore: 9,
  overlaps: [{ ruleCode: 'value-groups', flagged: 37 }],
  undecided: { customers: 0, missing: [] },
  right: 4,
  wrong: 21,
  testedAtMs: sampleNowMs - 60_000,
};

const criteriaRule = {
  kind: 'criteria',
  code: 'high-value-criteria',
  name: { 'zh-CN': '高价值客户未达标', en: 'High value not earned' },
  severity: 'medium',
  ownerCode: null,
  enabled: true,
  tagCode: 'high-value',
  direction: 'unmet',
} as const;

const overloadRule = {
  kind: 'overload',
  code: 'too-many-tags',
  name: { 'zh-CN': '标签过多', en: 'Too many tags' },
  severity: 'low',
  ownerCode: null,
  enabled: true,
  tagsMax: 12,
  temporaryTagsMax: null,
} as const;

const exclusiveRule = {
  kind: 'exclusive',
  code: 'value-groups',
  name: { 'zh-CN': '价值分层互斥', en: 'Value groups' },
  severity: 'high',
  ownerCode: 'li-lei',
  enabled: true,
  tagCodes: ['vip', 'high-value'],
  precedence: ['high-value', 'vip'],
  allowedPairs: [],
} as const;

const committeeSeats = ['han-meimei', 'wang-fang', 'zhao-min', 'jane-smith'].map((code) => ({
  code,
  personCodes: [code],
}));

/** A vote by department without Li Lei, whose tag it is about, which the chair is to decide. */
const chairsRequest: Partial<TagRequest> = {
  state: { kind: 'voting', chair: 'tie' },
  votes: [
    { by: 'wang-fang', ballot: 'approve', comment: '', atMs: sampleNowMs - 600_000 },
    { by: 'zhao-min', ballot: 'reject', comment: '', atMs: sampleNowMs - 500_000 },
    { by: 'jane-smith', ballot: 'recuse', comment: '', atMs: sampleNowMs - 400_000 },
  ],
  terms: {
    seats: committeeSeats,
    ownerCodes: ['li-lei'],
    chair: { code: 'han-meimei', withinMs: 86_400_000 },
    consoleOnly: false,
  },
};

const requestCards: Readonly<Record<string, Draw>> = {
  'votes equal, to the chair': requestAs('han-meimei', { request: chairsRequest }),
  'votes equal, to another member': requestAs('wang-fang', { request: chairsRequest }),
  'to be voted on in the console, to a member': requestAs('han-meimei', {
    ...merge,
    request: {
      ...merge.request,
      votes: [],
      terms: { seats: committeeSeats, ownerCodes: [], chair: null, consoleOnly: true },
    },
  }),
  'rejected by the chair': ended({ kind: 'rejected', atMs: sampleNowMs, reason: 'chair' }),
  'another definition and owner, to a member': asking({
    kind: 'change-tag',
    code: 'vip',
    before: {
      definition: {
        'zh-CN': '近一年消费超过 10 万元的客户',
        en: 'Customers who spent more than CNY 100,000 in the last year',
      },
      ownerCode: 'li-lei',
      lifeDays: null,
      criteria: null,
      departmentCodes: [],
    },
    after: {
      definition: {
        'zh-CN': '近一年消费不低于 20 万元的客户',
        en: 'Customers who spent at least CNY 200,000 in the last year',
      },
      ownerCode: 'zhou-jie',
      lifeDays: 365,
      criteria: { kind: 'compare', attribute: 'assets', operator: '>=', value: 200_000 },
      departmentCodes: ['sales'],
    },
  }),
  'a tag to rename, to a member': asking({
    kind: 'change-tag',
    code: 'vip',
    before: { name: { 'zh-CN': 'VIP 客户', en: 'VIP customer' } },
    after: { name: { 'zh-CN': '贵宾客户', en: 'VIP client' } },
  }),
  'another owner, to a member': asking({
    kind: 'change-tag',
    code: 'vip',
    before: { ownerCode: 'li-lei' },
    after: { ownerCode: 'zhou-jie' },
  }),
  'a tag to split, to a member': asking({
    kind: 'split-tag',
    code: 'vip',
    criterion: { kind: 'compare', attribute: 'assets', operator: '>=', value: 6_000_000 },
    met: {
      code: 'private-banking',
      name: { 'zh-CN': '私行客户', en: 'Private banking' },
      definition: { 'zh-CN': '可投资资产不低于 600 万元', en: 'Assets of at least CNY 6 million' },
    },
    unmet: {
      code: 'wealth',
      name: { 'zh-CN': '财富客户', en: 'Wealth' },
      definition: { 'zh-CN': '可投资资产低于 600 万元', en: 'Assets under CNY 6 million' },
    },
  }),
  'a proposed tag to put into use, to a member': asking({
    kind: 'activate-tag',
    code: 'vip',
    before: { status: 'proposed', successorCode: null },
  }),
  'a tag to bring back, to a member': asking({
    kind: 'activate-tag',
    code: 'vip',
    before: { status: 'archived', successorCode: 'high-value' },
  }),
  'a tag to deprecate, to a member': asking({
    kind: 'deprecate-tag',
    code: 'vip',
    successorCode: null,
    replaces: false,
  }),
  'a tag to replace, to a member': asking({
    kind: 'deprecate-tag',
    code: 'vip',
    successorCode: 'high-value',
    replaces: true,
  }),
  'another threshold, to a member': asking(
    {
      kind: 'change-rule',
      before: overloadRule,
      after: { ...overloadRule, severity: 'medium', tagsMax: 20 },
    },
    { backTest: sampleBackTest },
  ),
  'a pair that may stand, to a member': asking({
    kind: 'change-rule',
    before: exclusiveRule,
    after: { ...exclusiveRule, allowedPairs: [['vip', 'high-value']] },
  }),
  'a rule that is wrong too often, to a member': requestAs('han-meimei', {
    ...mergeNames,
    similar: [],
    backTest: { ...sampleBackTest, flaggedAnew: 0, noLongerFlagged: 0 },
    request: {
      proposal: {
        kind: 'change-rule',
        before: overloadRule,
        after: { ...overloadRule, enabled: false },
        learned: { right: 4, wrong: 21 },
      },
      requesterCode: tagwardenCode,
      reason: '',
      votes: [],
    },
  }),
  'a rule to turn off, to a member': asking(
    {
      kind: 'change-rule',
      before: overloadRule,
      after: { ...overloadRule, enabled: false },
    },
    { backTest: { ...sampleBackTest, flaggedAnew: 0, noLongerFlagged: 0 } },
  ),
  'a rule turned automatic that cannot tell of some, to a member': asking(
    {
      kind: 'change-rule',
      before: criteriaRule,
      after: {
        ...criteriaRule,
        autoFix: { mode: 'automatic', customersMax: 200, shareMax: 0.2 },
      },
    },
    {
      backTest: {
        ...sampleBackTest,
        flaggedAnew: 0,
        noLongerFlagged: 0,
        dismissedBefore: 0,
        overlaps: [],
        undecided: {
          customers: 12_040,
          missing: [
            { attributeCode: 'spend_12m', customers: 11_900 },
            { attributeCode: 'last_order_at', customers: 140 },
          ],
        },
        right: 0,
        wrong: 0,
      },
    },
  ),
  'a new rule, to a member': asking({ kind: 'change-rule', before: null, after: exclusiveRule }),
  'a tag to retire, to a member': requestAs('han-meimei', retire),
  'retired, to its requester': requestAs('zhou-jie', {
    ...mergeApplied,
    request: {
      ...mergeApplied.request,
      ...retire.request,
      state: { kind: 'applied', atMs: sampleNowMs },
    },
  }),
  'brought back': requestAs('zhou-jie', {
    ...mergeApplied,
    request: {
      ...mergeApplied.request,
      ...retire.request,
      state: { kind: 'applied', atMs: sampleNowMs },
    },
    fix: { ...mergeFix, state: 'undone', undoneBy: 'zhou-jie', undoCounts: mergeFix.counts },
  }),
  'new tag, to a member': requestAs('han-meimei'),
  'new sensitive tag with all that a tag can have, to a member': asking({
    kind: 'create-tag',
    code: 'in-litigation',
    name: { 'zh-CN': '涉诉客户', en: 'In litigation' },
    definition: { 'zh-CN': '与公司有未结诉讼的客户', en: 'Customers with a pending lawsuit' },
    level: 'sub',
    category: 'basic',
    departmentCodes: ['risk'],
    ownerCode: 'zhao-min',
    lifeDays: null,
    parentCode: 'high-value',
    confirmEveryDays: 90,
    criteria: { kind: 'compare', attribute: 'spend_12m', operator: '>=', value: 1 },
    sensitive: true,
    seenByDepartmentCodes: ['sales'],
  }),
  'new tag, to a member who has voted': requestAs('wang-fang'),
  'new tag, to its requester': requestAs('zhou-jie'),
  'new tag with a question, to a member': requestAs('han-meimei', { messages: saidOfRequest }),
  'new tag with a question, to its requester': requestAs('zhou-jie', {
    messages: saidOfRequest.slice(0, 2),
  }),
  'new tag, to a data admin': requestAs('chen-jing'),
  'question to the requester': messageAs('zhou-jie', saidOfRequest.slice(0, 2)),
  'question that was answered': messageAs('zhou-jie', saidOfRequest),
  'answer to whoever asked': messageAs('zhao-min', saidOfRequest, 2),
  'new tag without similar ones': requestAs('han-meimei', { similar: [] }),
  'merge, to a member': requestAs('han-meimei', merge),
  'merge that does not go together with much': requestAs('han-meimei', {
    ...merge,
    contradictions: (
      [
        {
          kind: 'open-request',
          state: 'voting',
          requestId: 9,
          proposal: { kind: 'retire-tag', code: 'high-value' },
          requesterCode: 'wang-fang',
        },
        {
          kind: 'open-request',
          state: 'applying',
          requestId: 8,
          proposal: {
            kind: 'activate-tag',
            code: 'vip',
            before: { status: 'deprecated', successorCode: null },
          },
          requesterCode: 'zhao-min',
        },
        {
          kind: 'applied-request',
          requestId: 7,
          proposal: { kind: 'retire-tag', code: 'vip' },
          requesterCode: 'wang-fang',
        },
        { kind: 'excluded-and-same', tagCodes: ['vip', 'high-value'], ruleCode: sampleRule.code },
        { kind: 'removed-and-same', tagCodes: ['vip', 'high-value'], ruleCode: null },
        {
          kind: 'excluded-and-implied',
          tagCode: 'vip',
          tagCodes: ['vip', 'high-value'],
          ruleCode: null,
        },
        { kind: 'rule-needs-tag', ruleCode: sampleRule.code, tagCode: 'vip' },
        { kind: 'tag-needs-tag', tagCode: 'high-value', neededCode: 'vip', as: 'successor' },
        { kind: 'succeeded-in-a-circle', tagCodes: ['vip', 'high-value', 'vip'] },
        { kind: 'rule-twin', ruleCode: sampleRule.code },
        { kind: 'tag-out-of-use', tagCode: 'vip' },
      ] as const
    ).map((found) => ({ found, sensitiveTags: [] })),
  }),
  'batch, to a member': asking(sampleBatch, {
    items: sampleBatch.items.map((proposal) => ({
      proposal,
      requestId: null,
      state: null,
      customers: 0,
      undo: null,
    })),
  }),
  'batch that was applied but for one of it': requestAs('han-meimei', {
    ...mergeNames,
    impact: merge.impact,
    similar: [],
    request: {
      proposal: sampleBatch,
      state: { kind: 'applied', atMs: sampleNowMs },
      votes: [],
    },
    items: [
      {
        proposal: { kind: 'merge-tags', fromCode: 'vip', intoCode: 'high-value' },
        requestId: 6,
        state: { kind: 'applied', atMs: sampleNowMs },
        customers: 388,
        undo: null,
      },
      {
        proposal: { kind: 'merge-tags', fromCode: 'gold', intoCode: 'high-value' },
        requestId: 7,
        state: {
          kind: 'failed',
          atMs: sampleNowMs,
          detail: '',
          why: {
            kind: 'no-longer-fits',
            fault: { kind: 'not-found', what: 'tag', id: 'gold' },
          },
        },
        customers: 0,
        undo: null,
      },
    ],
  }),
  'batch that can be taken back, to its requester': requestAs('zhou-jie', {
    ...undoneBatch,
    fix: batchFix({ state: 'written' }),
    items: undoneBatch.items.map((item) => ({ ...item, undo: null })),
  }),
  'batch that was taken back but for what changed since': requestAs('zhou-jie', {
    ...undoneBatch,
    fix: batchFix({ state: 'undone', undoneBy: 'hu-bin' }),
  }),
  'that another request contradicts it, to its requester': messageAs(
    'zhou-jie',
    [
      {
        id: 4,
        kind: 'rival',
        rivalId: 9,
        by: 'wang-fang',
        text: '',
        atMs: sampleNowMs,
      },
    ],
    0,
  ),
  'that it is ruled out now, to its requester': messageAs(
    'zhou-jie',
    [
      { id: 4, kind: 'rival', rivalId: 9, by: 'wang-fang', text: '', atMs: sampleNowMs },
      { id: 5, kind: 'rival-applied', rivalId: 9, by: 'wang-fang', text: '', atMs: sampleNowMs },
    ],
    1,
  ),
  'that it is not ruled out any more, to its requester': messageAs(
    'zhou-jie',
    [{ id: 5, kind: 'rival-over', rivalId: 9, by: 'wang-fang', text: '', atMs: sampleNowMs }],
    0,
  ),
  'approved, but another one was first': requestAs('zhou-jie', {
    request: {
      state: {
        kind: 'failed',
        atMs: sampleNowMs,
        detail: '',
        why: { kind: 'rival-first', requestId: 9 },
      },
    },
  }),
  'exception, to a member': requestAs('han-meimei', {
    request: {
      proposal: {
        kind: 'exception',
        warningId: 12,
        untilMs: Date.UTC(2027, 10, 22, 16),
        reason: '集团客户，法务确认',
      },
      reason: '集团客户，法务确认',
    },
  }),
  'being applied': ended({ kind: 'applying' }),
  applied: ended({ kind: 'applied', atMs: sampleNowMs }),
  'merge applied, to its requester': requestAs('zhou-jie', mergeApplied),
  'merge applied, to a member': requestAs('han-meimei', mergeApplied),
  'merge undone, to its requester': requestAs('zhou-jie', {
    ...mergeApplied,
    fix: { ...mergeFix, state: 'undone', undoneBy: 'zhou-jie', undoCounts: mergeFix.counts },
  }),
  'new tag applied, to its requester': requestAs('zhou-jie', {
    request: { state: { kind: 'applied', atMs: sampleNowMs } },
    fix: { ...mergeFix, counts: nobodyChanged },
  }),
  'new tag taken back, to its requester': requestAs('zhou-jie', {
    request: { state: { kind: 'applied', atMs: sampleNowMs } },
    fix: {
      ...mergeFix,
      counts: nobodyChanged,
      state: 'undone',
      undoneBy: 'zhou-jie',
      undoCounts: nobodyChanged,
    },
  }),
  rejected: ended({ kind: 'rejected', atMs: sampleNowMs, reason: 'votes' }),
  vetoed: ended({ kind: 'rejected', atMs: sampleNowMs, reason: 'veto' }),
  expired: ended({ kind: 'expired', atMs: sampleNowMs - 48 * hourMs }),
  withdrawn: ended({ kind: 'withdrawn', atMs: sampleNowMs }),
  failed: ended({
    kind: 'failed',
    atMs: sampleNowMs,
    detail: 'The tag "vip" is no longer in the dictionary.',
    why: { kind: 'tag-gone', code: 'vip' },
  }),
};

const contestReason = '截止前系统维护，无法登录。';

const contestedPoints = () => ({
  points: buildAssessmentEntry({
    state: { kind: 'contested', atMs: sampleNowMs, reason: contestReason },
  }),
  people: samplePeople,
});

const sumOf = (sum: { personCode: string; points: number; contested?: number }) => ({
  contested: 0,
  byCause: { 'claim-missed': sum.points, 'close-missed': 0, recurred: 0 },
  ...sum,
});

const step = (minutes: number, action: string, after: unknown = {}, actorCode = 'li-lei') => ({
  atMs: sampleNowMs - 3 * hourMs + minutes * 60_000,
  actorCode: action.endsWith('opened') || action.endsWith('escalated') ? null : actorCode,
  through: 'slack',
  action,
  before: null,
  after,
});

const sampleReview: ReviewView = {
  review: {
    id: 3,
    startedBy: null,
    startedAtMs: sampleNowMs - 86_400_000,
    dueAtMs: sampleNowMs + 13 * 86_400_000,
    closedAtMs: null,
    requestIds: [],
    version: 2,
    items: [
      { tagCode: 'vip', ownerCode: 'li-lei', answer: 'retire', answeredBy: 'li-lei' },
      { tagCode: 'high-value', ownerCode: 'li-lei', answer: null, answeredBy: null },
      { tagCode: 'blacklist', ownerCode: 'han-meimei', answer: null, answeredBy: null },
    ],
  },
  tags: new Map(
    [sampleTags.vip, sampleTags.highValue].map((tag) => [tag.code, { ...tag, customers: 388 }]),
  ),
  people: samplePeople,
};

function reviewAs(
  as: 'owner' | 'reminder' | 'progress',
  overrides: Partial<ReviewView['review']> = {},
): Draw {
  const view = { ...sampleReview, review: { ...sampleReview.review, ...overrides } };
  const reader = as === 'progress' ? 'chen-jing' : 'li-lei';
  return (people, at) => reviewCard({ view, as }, people(reader), at);
}

function floodAs(reason: FloodReason, overrides: Partial<FloodView> = {}): Draw {
  const reader = reason === 'escalated' ? 'han-meimei' : 'li-lei';
  return (people, at) => floodCard({ view: buildFloodView(overrides), reason }, people(reader), at);
}

const otherCards: Readonly<Record<string, Draw>> = {
  'tag review, to an owner': reviewAs('owner'),
  'tag review, to an owner who is reminded': reviewAs('reminder'),
  'tag review that is over, to an owner': reviewAs('owner', { closedAtMs: sampleNowMs }),
  'tag review, to a data admin': reviewAs('progress'),
  'tag review that is over, to a data admin': reviewAs('progress', {
    closedAtMs: sampleNowMs,
    requestIds: [12],
  }),
  'many warnings of one scan': floodAs('opened'),
  'many warnings, escalated': floodAs('escalated'),
  'many warnings to claim': floodAs('claim'),
  'many warnings that still wait': floodAs('repeat'),
  'many warnings to close, all of them claimed': floodAs('close', {
    unclaimed: 0,
    claimDueAtMs: null,
  }),
  'many warnings, all closed': floodAs('opened', {
    standing: 0,
    unclaimed: 0,
    bySeverity: { high: 0, medium: 0, low: 0 },
    byRule: [],
    worst: [],
    claimDueAtMs: null,
    closeDueAtMs: null,
  }),
  'many warnings, in a group': (people, at) =>
    floodCard({ view: floodForGroup(buildFloodView()), reason: 'escalated' }, people('li-lei'), at),
  'reminder to claim': (people, at) =>
    reminderCard({ kind: 'claim', view: buildWarningView() }, people('li-lei'), at),
  'reminder to close': (people, at) =>
    reminderCard(
      {
        kind: 'close',
        view: buildWarningView({
          warning: { state: { kind: 'claimed', by: 'li-lei', atMs: sampleNowMs } },
        }),
      },
      people('li-lei'),
      at,
    ),
  'reminder to say still on it': (people, at) =>
    reminderCard(
      {
        kind: 'still',
        view: buildWarningView({
          warning: {
            state: {
              kind: 'claimed',
              by: 'li-lei',
              atMs: sampleNowMs - 20 * hourMs,
              answerByMs: sampleNowMs + 4 * hourMs,
            },
          },
        }),
      },
      people('li-lei'),
      at,
    ),
  'reminder of more customers': (people, at) =>
    reminderCard({ kind: 'news', view: buildWarningView(), more: 12 }, people('li-lei'), at),
  'reminder that it still waits': (people, at) =>
    reminderCard({ kind: 'repeat', view: buildWarningView() }, people('li-lei'), at),
  'reminder past the deadline': (people, at) =>
    reminderCard(
      {
        kind: 'claim',
        view: buildWarningView({ warning: { claimDueAtMs: sampleNowMs - hourMs } }),
      },
      people('li-lei'),
      at,
    ),
  'reminder to vote': (people, at) =>
    reminderCard({ kind: 'vote', view: buildRequestView() }, people('han-meimei'), at),
  'reminder that an exception ends': (people, at) =>
    reminderCard(
      {
        kind: 'exception',
        view: buildWarningView({
          warning: { state: { ...closedByFix.state, reason: 'excepted', fixId: null } },
        }),
        exception: sampleException,
      },
      people('li-lei'),
      at,
    ),
  'reminder to stand in': (people, at) =>
    reminderCard(
      {
        kind: 'unreached',
        view: buildWarningView(),
        unreached: { personCode: 'li-lei', channel: 'slack', failure: 'person-deactivated' },
      },
      people('han-meimei'),
      at,
    ),
  digest: (people, at) => digestCard(buildDigestView(), people('zhao-min'), at),
  'daily digest': (people, at) => digestCard(buildDailyDigestView(), people('zhao-min'), at),
  'quiet digest': (people, at) =>
    digestCard(
      buildDigestView({
        bySeverity: {
          high: { open: 0, opened: 0, closed: 0, overdue: 0 },
          medium: { open: 0, opened: 0, closed: 0, overdue: 0 },
          low: { open: 0, opened: 0, closed: 0, overdue: 0 },
        },
        before: {
          open: 0,
          opened: 0,
          closed: 0,
          overdue: 0,
          medianClaimMs: null,
          medianCloseMs: null,
          recurred: 0,
        },
        medianClaimMs: null,
        medianCloseMs: null,
        recurred: 0,
        trends: { step: 'week', health: [], standing: [], opened: [] },
        causes: [],
        needAttention: [],
      }),
      people('zhao-min'),
      at,
    ),
  'assessment: own points': (people, at) =>
    assessmentCard(buildAssessmentView(), people('li-lei'), at),
  'assessment: a line': (people, at) =>
    assessmentCard(
      buildAssessmentView({
        reader: samplePerson('zhao-min'),
        own: null,
        entries: [],
        contestUntilMs: null,
        line: [
          sumOf({ personCode: 'li-lei', points: 7, contested: 1 }),
          sumOf({ personCode: 'han-meimei', points: 2 }),
        ],
      }),
      people('zhao-min'),
      at,
    ),
  'points: to decide': (people, at) => pointsCard(contestedPoints(), people('zhao-min'), at),
  'points: decided': (people, at) =>
    pointsCard(
      {
        ...contestedPoints(),
        points: buildAssessmentEntry({
          state: {
            kind: 'withdrawn',
            by: 'zhao-min',
            atMs: sampleNowMs,
            reason: contestReason,
            answer: '情况属实，已核对系统日志。',
          },
        }),
      },
      people('li-lei'),
      at,
    ),
  history: (people, at) =>
    historyCard(
      {
        kind: 'warning',
        id: 12,
        names: { people: samplePeople, groups: [] },
        entries: [
          step(0, 'warning.opened', { customers: 37 }),
          step(10, 'warning.snoozed', { snoozedUntilMs: sampleNowMs }),
          step(20, 'warning.reassigned', { ownerCode: 'lin-tao' }),
          step(120, 'warning.escalated', { level: 1, escalatedTo: 'han-meimei' }),
          step(125, 'warning.claimed', { state: 'claimed' }, 'han-meimei'),
          step(126, 'warning.commented', { comment: '先看\n前 10 位' }, 'han-meimei'),
          step(130, 'warning.fix-started', {}, 'han-meimei'),
          step(131, 'warning.fix-written', {}, 'han-meimei'),
          step(132, 'warning.verified', { customers: 1 }, 'han-meimei'),
          step(150, 'warning.closed', { reason: 'fixed' }, 'han-meimei'),
          step(160, 'warning.something-new', {}, 'han-meimei'),
        ],
      },
      people('li-lei'),
      at,
    ),
  'empty history': (people, at) =>
    historyCard(
      { kind: 'request', id: 5, entries: [], names: { people: samplePeople, groups: [] } },
      people('li-lei'),
      at,
    ),
  help: (people, at) => helpCard(people('li-lei'), at),
  'help for words not understood': (people, at) =>
    helpCard(people('li-lei'), at, { nearest: null }),
  'help for words nearly understood': (people, at) =>
    helpCard(people('li-lei'), at, { nearest: 'quiet-hours' }),
  inbox: (people, at) => inboxCard([buildWarningView()], true, people('li-lei'), at),
  'empty inbox': (people, at) => inboxCard([], false, people('li-lei'), at),
  'check that refuses': (people, at) =>
    checkCard(
      { subject: 'C-10293', add: '黑名单' },
      {
        allowed: false,
        findings: [
          {
            ruleCode: 'high-value-x-blacklist',
            ruleKind: 'dominance',
            ruleName: sampleRule.name,
            severity: 'high',
            tags: [sampleTags.highValue, sampleTags.blacklist],
            advice: name('先移除「高价值客户」', 'remove “High value” first'),
          },
        ],
      },
      people('li-lei'),
      at,
    ),
  'check that allows': (people, at) =>
    checkCard(
      { subject: 'C-10293', add: '黑名单' },
      { allowed: true, findings: [] },
      people('li-lei'),
      at,
    ),
  'search result': (people, at) =>
    searchCard(
      {
        text: '高价值',
        tags: [
          {
            ...sampleTags.highValue,
            definition: name('近 12 个月消费不低于 10 万元', 'Spent at least 100,000 in 12 months'),
            status: 'active',
            ownerCode: 'li-lei',
            customers: 1_204,
          },
        ],
      },
      samplePeople,
      people('li-lei'),
      at,
    ),
  'sign-in link': (people, at) =>
    signInCard({ token: 'one-time', expiresAtMs: sampleNowMs + 15 * 60_000 }, people('li-lei'), at),
};

/** Every card in every state. */
export const cardSamples: Readonly<Record<string, Readonly<Record<string, Draw>>>> = {
  warnings: warningStates,
  rules: ruleCards,
  requests: requestCards,
  others: otherCards,
};

function tagged(
  customer: Pick<ExampleCustomer, 'customerId' | 'ref' | 'name'>,
  tag: Pick<Tag, 'name'>,
): ExampleCustomer {
  const put = {
    name: tag.name,
    sinceSeconds: Date.UTC(2026, 8, 1) / 1000,
    actor: '王芳',
    source: name('CRM', 'CRM'),
    importName: null,
  };
  return { ...customer, tags: [put], missing: [] };
}

function spendReason(found: number): FindingReason {
  return {
    kind: 'attribute',
    name: name('近12个月消费额（元）', 'Spend in 12 months (yuan)'),
    type: 'number',
    found,
    condition: { kind: 'compare', attribute: 'spend_12m', operator: '>=', value: 100_000 },
    isNegated: false,
  };
}

function lastOrderReason(found: number | null): FindingReason {
  return {
    kind: 'attribute',
    name: name('最近下单时间', 'Last order'),
    type: 'date',
    found,
    condition: { kind: 'within-months', attribute: 'last_order_at', months: 6 },
    isNegated: false,
  };
}
