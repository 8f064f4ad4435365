import type { Locale } from '../../domain/locale.ts';
import type { RuleKind } from '../../domain/rule.ts';

/** What each kind of rule finds, in a few words. */
export const ruleKindWords: Readonly<Record<Locale, Readonly<Record<RuleKind, string>>>> = {
  'zh-CN': {
    exclusive: '互斥',
    dominance: '压制',
    synonym: '同义重复',
    'time-to-live': '超过有效期',
    stale: '长期未确认',
    criteria: '不符合判定条件',
    overload: '标签过多',
    unknown: '字典外标签',
    deprecated: '仍在使用已停用标签',
    implied: '主子标签不符',
    scope: '超出部门范围',
    sensitivity: '越权使用敏感标签',
    mismatch: '系统间不一致',
    'no-definition': '缺少定义',
    unowned: '无责任人',
    unused: '无人使用',
    'population-jump': '人数突变',
  },
  en: {
    exclusive: 'Mutually exclusive',
    dominance: 'One removes the other',
    synonym: 'Same meaning',
    'time-to-live': 'Past its lifetime',
    stale: 'Not confirmed for too long',
    criteria: 'Criteria not met',
    overload: 'Too many tags',
    unknown: 'Not in the dictionary',
    deprecated: 'Deprecated tag in use',
    implied: 'Sub tag and main tag disagree',
    scope: 'Outside its departments',
    sensitivity: 'Sensitive, without the right',
    mismatch: 'Sources disagree',
    'no-definition': 'No definition',
    unowned: 'No owner',
    unused: 'Not in use',
    'population-jump': 'Sudden change in numbers',
  },
};
