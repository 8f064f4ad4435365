import type { Locale } from '../../domain/locale.ts';
import type { PartName } from '../../domain/requests/part-change.ts';
import type { RequestTopic } from '../../domain/requests/topic.ts';

/** What a request's sentence is made of; names of tags and rules are quoted already. */
export interface RequestSentence {
  readonly who: string;
  readonly first: string;
  readonly second: string;
  readonly third: string;
}

interface RequestWords {
  readonly topic: Readonly<Record<RequestTopic, string>>;
  /** What is asked for, in full. Tags stand in the order of `tagsOfProposal`. */
  readonly sentence: Readonly<Record<RequestTopic, (named: RequestSentence) => string>>;
  readonly part: Readonly<Record<PartName, string>>;
  readonly changes: string;
  /** Between a value as it was and as it is to be. */
  readonly becomes: string;
  readonly nothing: string;
  readonly criterion: string;
  readonly met: string;
  readonly unmet: string;
  readonly value: {
    readonly yesNo: (yes: boolean) => string;
    readonly days: (days: string) => string;
    readonly everyDepartment: string;
    readonly direction: Readonly<Record<'unmet' | 'missing' | 'both', string>>;
    readonly autoFix: Readonly<
      Record<'dry-run' | 'automatic', (customers: string, share: string) => string>
    >;
  };
  readonly condition: {
    readonly all: string;
    readonly any: string;
    readonly not: string;
    readonly atLeast: (count: string, parts: string) => string;
    readonly between: string;
    readonly withinDays: (attribute: string, days: number) => string;
    readonly withinMonths: (attribute: string, months: number) => string;
    readonly nested: (part: string) => string;
  };
}

export const requestWords: Readonly<Record<Locale, RequestWords>> = {
  'zh-CN': {
    topic: {
      'create-tag': '新建标签',
      'rename-tag': '标签改名',
      'hand-over-tag': '更换责任人',
      'change-tag': '修改标签',
      'merge-tags': '合并标签',
      'split-tag': '拆分标签',
      'deprecate-tag': '停用标签',
      'replace-tag': '替换标签',
      'retire-tag': '下线标签',
      'new-rule': '新建规则',
      'rule-off': '关闭规则',
      'change-rule': '修改规则',
      exception: '例外',
    },
    sentence: {
      'create-tag': ({ who, first }) => `${who}申请新建标签${first}。`,
      'rename-tag': ({ who, first }) =>
        `${who}申请给${first}改名：编码不变，带有它的客户不变；按名称记录标签的来源系统会一并改写。`,
      'hand-over-tag': ({ who, first }) => `${who}申请更换${first}的责任人。`,
      'change-tag': ({ who, first }) => `${who}申请修改${first}。`,
      'merge-tags': ({ who, first, second }) =>
        `${who}申请把${first}合并到${second}：所有带${first}的客户换成${second}，${first}停用。`,
      'split-tag': ({ who, first, second, third }) =>
        `${who}申请把${first}拆分成两个标签：满足条件的客户换成${second}，不满足的换成${third}；缺少数据、无法判断的客户保持不变。${first}停用。`,
      'deprecate-tag': ({ who, first, second }) =>
        `${who}申请停用${first}${second === '' ? '' : `，由${second}接替`}：不再新增，已经带有它的客户暂不改动，之后由预警逐步处理。`,
      'replace-tag': ({ who, first, second }) =>
        `${who}申请用${second}替换${first}：所有带${first}的客户换成${second}，${first}停用。`,
      'retire-tag': ({ who, first }) => `${who}申请下线${first}：它会归档，并从所有客户身上移除。`,
      'new-rule': ({ who, first }) => `${who}申请新建规则${first}。`,
      'rule-off': ({ who, first }) => `${who}申请关闭规则${first}。`,
      'change-rule': ({ who, first }) => `${who}申请修改规则${first}。`,
      exception: ({ who, first, second }) =>
        `${who}申请把预警 ${first} 设为例外，到 ${second} 为止。`,
    },
    part: {
      name: '名称',
      definition: '定义',
      level: '级别',
      category: '类别',
      parentCode: '上级标签',
      departmentCodes: '适用部门',
      ownerCode: '责任人',
      lifeDays: '有效期',
      confirmEveryDays: '重新确认周期',
      criteria: '打标条件',
      sensitive: '敏感标签',
      enabled: '启用',
      severity: '级别',
      tagCodes: '标签',
      precedence: '保留顺序（先强后弱）',
      allowedPairs: '允许并存的标签',
      dominantCode: '优先标签',
      dominatedCodes: '应移除的标签',
      canonicalCode: '保留的标签',
      synonymCodes: '同义标签',
      direction: '检查方向',
      tagsMax: '标签数上限',
      temporaryTagsMax: '临时标签数上限',
      singleChoiceCodes: '只能选一个子标签的主标签',
      scopeDepartmentCodes: '有权使用的部门',
      actorNames: '有权使用的打标人',
      definitionCharsMin: '定义最少字数',
      customersMax: '客户数不超过',
      daysMin: '至少存在多久',
      deviationsMax: '偏离倍数上限',
      shareMin: '最小变化比例',
      customersMin: '最少变化客户数',
      autoFix: '自动修复',
    },
    changes: '改动',
    becomes: ' → ',
    nothing: '无',
    criterion: '拆分条件',
    met: '满足条件',
    unmet: '不满足条件',
    value: {
      yesNo: (yes) => (yes ? '是' : '否'),
      days: (days) => `${days} 天`,
      everyDepartment: '所有部门',
      direction: { unmet: '带了但不满足条件', missing: '满足条件但没带', both: '两种都查' },
      autoFix: {
        'dry-run': (customers, share) => `只试算（最多 ${customers} 位客户、占比 ${share}）`,
        automatic: (customers, share) => `自动修复（最多 ${customers} 位客户、占比 ${share}）`,
      },
    },
    condition: {
      all: '，且',
      any: '，或',
      not: '不满足：',
      atLeast: (count, parts) => `以下至少满足 ${count} 项：${parts}`,
      between: '；',
      withinDays: (attribute, days) => `${attribute}在最近 ${days} 天内`,
      withinMonths: (attribute, months) => `${attribute}在最近 ${months} 个月内`,
      nested: (part) => `（${part}）`,
    },
  },
  en: {
    topic: {
      'create-tag': 'New tag',
      'rename-tag': 'Rename',
      'hand-over-tag': 'New owner',
      'change-tag': 'Change of a tag',
      'merge-tags': 'Merge',
      'split-tag': 'Split',
      'deprecate-tag': 'Deprecate',
      'replace-tag': 'Replace',
      'retire-tag': 'Retire',
      'new-rule': 'New rule',
      'rule-off': 'Rule off',
      'change-rule': 'Change of a rule',
      exception: 'Exception',
    },
    sentence: {
      'create-tag': ({ who, first }) => `${who} asks for the new tag ${first}.`,
      'rename-tag': ({ who, first }) =>
        `${who} asks to rename ${first}: its code and its customers stay; sources that know tags by name are rewritten too.`,
      'hand-over-tag': ({ who, first }) => `${who} asks for another owner of ${first}.`,
      'change-tag': ({ who, first }) => `${who} asks to change ${first}.`,
      'merge-tags': ({ who, first, second }) =>
        `${who} asks to merge ${first} into ${second}: every customer with ${first} gets ${second} instead, and ${first} is deprecated.`,
      'split-tag': ({ who, first, second, third }) =>
        `${who} asks to split ${first} in two: customers who meet the condition get ${second} instead, those who do not get ${third}; of whom that cannot be said keeps it. ${first} is deprecated.`,
      'deprecate-tag': ({ who, first, second }) =>
        `${who} asks to deprecate ${first}${second === '' ? '' : `, succeeded by ${second}`}: it is no longer put on; customers who carry it keep it for now, and warnings see to them.`,
      'replace-tag': ({ who, first, second }) =>
        `${who} asks to replace ${first} by ${second}: every customer with ${first} gets ${second} instead, and ${first} is deprecated.`,
      'retire-tag': ({ who, first }) =>
        `${who} asks to retire ${first}: it is archived and taken off every customer.`,
      'new-rule': ({ who, first }) => `${who} asks for the new rule ${first}.`,
      'rule-off': ({ who, first }) => `${who} asks to turn off the rule ${first}.`,
      'change-rule': ({ who, first }) => `${who} asks to change the rule ${first}.`,
      exception: ({ who, first, second }) =>
        `${who} asks to make warning ${first} an exception until ${second}.`,
    },
    part: {
      name: 'Name',
      definition: 'Definition',
      level: 'Level',
      category: 'Category',
      parentCode: 'Main tag above it',
      departmentCodes: 'Departments',
      ownerCode: 'Owner',
      lifeDays: 'Life',
      confirmEveryDays: 'To be confirmed every',
      criteria: 'Criteria',
      sensitive: 'Sensitive',
      enabled: 'In force',
      severity: 'Severity',
      tagCodes: 'Tags',
      precedence: 'Which is kept, strongest first',
      allowedPairs: 'Pairs that may stand',
      dominantCode: 'Dominant tag',
      dominatedCodes: 'Tags that must go',
      canonicalCode: 'Tag that is kept',
      synonymCodes: 'Synonyms',
      direction: 'Looks for',
      tagsMax: 'Tags at most',
      temporaryTagsMax: 'Temporary tags at most',
      singleChoiceCodes: 'Main tags with one sub tag at most',
      scopeDepartmentCodes: 'Departments with the right',
      actorNames: 'People with the right',
      definitionCharsMin: 'Characters of a definition at least',
      customersMax: 'Customers at most',
      daysMin: 'There for at least',
      deviationsMax: 'Deviations at most',
      shareMin: 'Change of at least',
      customersMin: 'Customers at least',
      autoFix: 'Automatic fix',
    },
    changes: 'What changes',
    becomes: ' → ',
    nothing: 'none',
    criterion: 'Condition',
    met: 'Where it is met',
    unmet: 'Where it is not',
    value: {
      yesNo: (yes) => (yes ? 'yes' : 'no'),
      days: (days) => `${days} days`,
      everyDepartment: 'all',
      direction: {
        unmet: 'on though criteria are not met',
        missing: 'missing though criteria are met',
        both: 'both',
      },
      autoFix: {
        'dry-run': (customers, share) => `dry run only (up to ${customers} customers and ${share})`,
        automatic: (customers, share) => `automatic (up to ${customers} customers and ${share})`,
      },
    },
    condition: {
      all: ' and ',
      any: ' or ',
      not: 'not ',
      atLeast: (count, parts) => `at least ${count} of: ${parts}`,
      between: '; ',
      withinDays: (attribute, days) => `${attribute} within the last ${days} days`,
      withinMonths: (attribute, months) =>
        `${attribute} within the last ${months} ${months === 1 ? 'month' : 'months'}`,
      nested: (part) => `(${part})`,
    },
  },
};
