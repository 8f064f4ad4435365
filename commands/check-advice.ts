import { assertNever } from '../domain/assert-never.ts';
import type { CustomerTags } from '../domain/customer.ts';
import { hasTag } from '../domain/customer.ts';
import { explainCondition, type ConditionPart } from '../domain/detect/explain.ts';
import { tagIndex, type Dictionary } from '../domain/dictionary.ts';
import type { Finding } from '../domain/finding.ts';
import type { TagChange } from '../domain/fix.ts';
import type { LocalizedText } from '../domain/locale.ts';
import { ruleKindOf } from '../domain/rules/registry.ts';
import type { Rule } from '../domain/rule.ts';

export interface AdviceContext {
  readonly dictionary: Dictionary;
  /** As it would be with the tag added. */
  readonly customer: CustomerTags;
  /** The tag somebody is about to add; 0: none. */
  readonly addedTagId: number;
  readonly nowSeconds: number;
  /** A tag's name, also of one that only a source knows. */
  readonly nameOf: (tagId: number) => LocalizedText;
}

/** Why a finding is one and what to do instead, as one or two sentences in both languages. */
export function adviceOn(rule: Rule, finding: Finding, context: AdviceContext): LocalizedText {
  const reason = reasonOf(rule, finding, context);
  const action = actionOf(rule, finding, context);
  return {
    'zh-CN': `${reason['zh-CN']}。${action === null ? '' : `${action['zh-CN']}。`}`,
    en: `${reason.en}.${action === null ? '' : ` ${action.en}.`}`,
  };
}

function reasonOf(rule: Rule, finding: Finding, context: AdviceContext): LocalizedText {
  const first = quoted(context.nameOf(finding.firstTagId));
  const second = quoted(context.nameOf(finding.secondTagId));
  const tag = tagIndex(context.dictionary).byId.get(finding.firstTagId);
  switch (rule.kind) {
    case 'exclusive':
      return {
        'zh-CN': `${first['zh-CN']}和${second['zh-CN']}不能同时存在`,
        en: `${first.en} and ${second.en} exclude each other`,
      };
    case 'dominance':
      return {
        'zh-CN': `带有${second['zh-CN']}的客户不应再有${first['zh-CN']}`,
        en: `A customer with ${second.en} must not have ${first.en}`,
      };
    case 'synonym':
      return {
        'zh-CN': `${first['zh-CN']}与${second['zh-CN']}含义相同`,
        en: `${first.en} means the same as ${second.en}`,
      };
    case 'time-to-live':
      return {
        'zh-CN': `${first['zh-CN']}已超过 ${tag?.lifeDays ?? 0} 天的有效期`,
        en: `${first.en} has outlived its ${tag?.lifeDays ?? 0} days`,
      };
    case 'stale':
      return {
        'zh-CN': `${first['zh-CN']}已超过 ${tag?.confirmEveryDays ?? 0} 天未确认`,
        en: `${first.en} has not been confirmed for ${tag?.confirmEveryDays ?? 0} days`,
      };
    case 'criteria':
      return criteriaReason(first, finding, context);
    case 'overload':
      return {
        'zh-CN': `标签过多（${limitsZh(rule)}）`,
        en: `There are too many tags (${limitsEn(rule)})`,
      };
    case 'unknown':
      return {
        'zh-CN': `${first['zh-CN']}不在标签字典中`,
        en: `${first.en} is not in the dictionary`,
      };
    case 'deprecated':
      return { 'zh-CN': `${first['zh-CN']}已停用`, en: `${first.en} is no longer in use` };
    case 'implied':
      return hasTag(context.customer, finding.secondTagId)
        ? {
            'zh-CN': `${first['zh-CN']}和${second['zh-CN']}属于同一主标签，只能选一个`,
            en: `${first.en} and ${second.en} belong to one main tag, of which a customer may have only one`,
          }
        : {
            'zh-CN': `${first['zh-CN']}必须和${second['zh-CN']}一起使用`,
            en: `${first.en} needs ${second.en}`,
          };
    case 'scope':
      return {
        'zh-CN': `${first['zh-CN']}只供所属部门使用`,
        en: `${first.en} is for its own departments only`,
      };
    case 'sensitivity':
      return {
        'zh-CN': `${first['zh-CN']}是敏感标签，只有获得授权的人才能使用`,
        en: `${first.en} is sensitive and only for those with the right to it`,
      };
    case 'mismatch':
      return {
        'zh-CN': `${first['zh-CN']}在各系统中不一致，以主数据源为准`,
        en: `Sources disagree on ${first.en}; its master source is right`,
      };
    case 'no-definition':
    case 'unowned':
    case 'unused':
    case 'population-jump':
      throw new Error(`Rule ${rule.code} looks at the dictionary and finds nothing on customers.`);
    default:
      return assertNever(rule);
  }
}

function limitsZh(rule: Extract<Rule, { kind: 'overload' }>): string {
  const limits = [
    ...(rule.tagsMax === null ? [] : [`最多 ${rule.tagsMax} 个`]),
    ...(rule.temporaryTagsMax === null ? [] : [`临时标签最多 ${rule.temporaryTagsMax} 个`]),
  ];
  return limits.join('，');
}

function limitsEn(rule: Extract<Rule, { kind: 'overload' }>): string {
  const limits = [
    ...(rule.tagsMax === null ? [] : [`at most ${rule.tagsMax}`]),
    ...(rule.temporaryTagsMax === null ? [] : [`at most ${rule.temporaryTagsMax} temporary ones`]),
  ];
  return limits.join(', ');
}

function criteriaReason(
  name: LocalizedText,
  finding: Finding,
  context: AdviceContext,
): LocalizedText {
  const { dictionary, customer, nowSeconds } = context;
  if (!hasTag(customer, finding.firstTagId)) {
    return {
      'zh-CN': `客户已达到${name['zh-CN']}的标准，但没有这个标签`,
      en: `The customer meets the criteria of ${name.en} and lacks the tag`,
    };
  }
  const criteria = tagIndex(dictionary).byId.get(finding.firstTagId)?.criteria ?? null;
  const parts =
    criteria === null
      ? []
      : explainCondition(criteria, dictionary.attributes, customer, nowSeconds).because;
  const words = parts.map((part) => partInWords(part, dictionary));
  return {
    'zh-CN': `客户未达到${name['zh-CN']}的标准：${words.map((word) => word['zh-CN']).join('；')}`,
    en: `The customer does not meet the criteria of ${name.en}: ${words.map((word) => word.en).join('; ')}`,
  };
}

const notOperator = { '<': '>=', '<=': '>', '=': '!=', '!=': '=', '>=': '<', '>': '<=' } as const;
const operatorSigns = { '<': '<', '<=': '≤', '=': '=', '!=': '≠', '>=': '≥', '>': '>' } as const;

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** What would have to be so. A part that is true keeps criteria from being met only under a "not". */
function partInWords(part: ConditionPart, dictionary: Dictionary): LocalizedText {
  const { condition, answer } = part;
  const attribute = dictionary.attributes.find(({ code }) => code === condition.attribute);
  const name = quoted(attribute?.name ?? { 'zh-CN': condition.attribute, en: condition.attribute });
  const isNegated = answer === 'true';
  if (condition.kind !== 'compare') {
    const isInDays = condition.kind === 'within-days';
    const zhWindow = isInDays ? `${condition.days} 天` : `${condition.months} 个月`;
    const enWindow = isInDays ? counted(condition.days, 'day') : counted(condition.months, 'month');
    return {
      'zh-CN': `${name['zh-CN']}${isNegated ? '不应' : '应'}在 ${zhWindow}以内`,
      en: `${name.en} should ${isNegated ? 'not ' : ''}be within ${enWindow}`,
    };
  }
  const operator = operatorSigns[isNegated ? notOperator[condition.operator] : condition.operator];
  const isBoolean = attribute?.type === 'boolean';
  const zhValue = isBoolean ? booleanZh(condition.value) : String(condition.value);
  const enValue = isBoolean ? booleanEn(condition.value) : String(condition.value);
  const found = part.found === null ? null : String(part.found);
  const isShown = found !== null && attribute?.type !== 'date' && !isBoolean;
  return {
    'zh-CN': `${name['zh-CN']}应 ${operator} ${zhValue}${isShown ? `，现为 ${found}` : ''}`,
    en: `${name.en} should be ${operator} ${enValue}${isShown ? ` and is ${found}` : ''}`,
  };
}

function booleanZh(value: number | string | boolean): string {
  return value === true || value === 1 ? '是' : '否';
}

function booleanEn(value: number | string | boolean): string {
  return value === true || value === 1 ? 'yes' : 'no';
}

/** What the rule recommends, told to somebody who is about to add a tag; null where only a person can tell. */
function actionOf(rule: Rule, finding: Finding, context: AdviceContext): LocalizedText | null {
  const { dictionary, customer, addedTagId, nameOf } = context;
  const module = ruleKindOf(rule);
  const [recommended] = module.resolutions(rule, finding, dictionary);
  if (recommended === undefined) return null;
  const change = module.change(rule, finding, recommended, customer, dictionary);
  const add = listOf(change.addTagIds, nameOf);
  if (change.removeTagIds.includes(addedTagId)) return insteadOf(change, context);
  const remove = listOf(change.removeTagIds, nameOf);
  if (add === null && remove === null) return null;
  const first = addedTagId === 0 ? '' : '先';
  const before = addedTagId === 0 ? '' : ' first';
  if (remove === null) {
    return {
      'zh-CN': `请${first}添加${add?.['zh-CN'] ?? ''}`,
      en: `Add ${add?.en ?? ''}${before}`,
    };
  }
  return add === null
    ? { 'zh-CN': `请${first}移除${remove['zh-CN']}`, en: `Remove ${remove.en}${before}` }
    : {
        'zh-CN': `请${first}用${add['zh-CN']}替换${remove['zh-CN']}`,
        en: `Replace ${remove.en} by ${add.en}${before}`,
      };
}

/** The tag to be added is the one that would have to go. */
function insteadOf(change: TagChange, context: AdviceContext): LocalizedText {
  const { addedTagId, customer, nameOf } = context;
  const name = quoted(nameOf(addedTagId));
  const others = change.addTagIds.filter((tagId) => !hasTag(customer, tagId));
  const instead = listOf(others, nameOf);
  return instead === null
    ? { 'zh-CN': `不要添加${name['zh-CN']}`, en: `Do not add ${name.en}` }
    : {
        'zh-CN': `不要添加${name['zh-CN']}，请改用${instead['zh-CN']}`,
        en: `Do not add ${name.en}; use ${instead.en} instead`,
      };
}

function listOf(
  tagIds: readonly number[],
  nameOf: (tagId: number) => LocalizedText,
): LocalizedText | null {
  if (tagIds.length === 0) return null;
  const names = tagIds.map((tagId) => quoted(nameOf(tagId)));
  return {
    'zh-CN': names.map((name) => name['zh-CN']).join('、'),
    en: names.map((name) => name.en).join(', '),
  };
}

function quoted(name: LocalizedText): LocalizedText {
  return { 'zh-CN': `「${name['zh-CN']}」`, en: `“${name.en}”` };
}
