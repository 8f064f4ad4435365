import { assertNever } from '../assert-never.ts';
import type { Condition } from '../condition.ts';
import type { Predicate } from './predicate.ts';
import {
  daysOf,
  durationDays,
  numberOf,
  numberPattern,
  scales,
  timeUnitPattern,
} from './quantity.ts';

/**
 * What a definition in prose asks that can be measured: metric, comparison, threshold, window. Chinese and English;
 * units 万, 千, 亿, k, million, %, days to years. What it does not understand it leaves out. Expects half-width,
 * lower-case, simplified text (`normaliseText`).
 */
export function parseDefinition(text: string): readonly Predicate[] {
  return text
    .replaceAll(/(\d),(?=\d{3})/g, '$1')
    .split(clauseBreaks)
    .map(parseClause)
    .filter((predicate) => predicate !== null);
}

/** What a structured condition asks, where it is one comparison or several that all have to hold; otherwise nothing. */
export function predicatesOf(condition: Condition): readonly Predicate[] {
  switch (condition.kind) {
    case 'all': {
      const parts = condition.conditions.map(predicatesOf);
      return parts.some((part) => part.length === 0) ? [] : parts.flat();
    }
    case 'compare': {
      const { attribute, operator, value } = condition;
      const sign = signs[operator];
      if (typeof value !== 'number' || sign === null) return [];
      return [{ metric: `attribute:${attribute}`, windowDays: null, ...bounds(sign, value) }];
    }
    case 'within-days':
      return [ageAtMost(condition.attribute, condition.days)];
    case 'within-months':
      return [ageAtMost(condition.attribute, durationDays(condition.months, 'month'))];
    case 'any':
    case 'at-least':
    case 'not':
      return [];
    default:
      return assertNever(condition);
  }
}

function ageAtMost(attribute: string, days: number): Predicate {
  return { metric: `attribute:${attribute}`, windowDays: null, ...bounds('at-most', days) };
}

type Comparison = 'at-least' | 'more-than' | 'at-most' | 'less-than' | 'equals';

const signs: Readonly<Record<'<' | '<=' | '=' | '!=' | '>=' | '>', Comparison | null>> = {
  '<': 'less-than',
  '<=': 'at-most',
  '=': 'equals',
  '!=': null,
  '>=': 'at-least',
  '>': 'more-than',
};

const clauseBreaks =
  /[，；;。、\n]|,(?!\d)|\.(?!\d)|(?:并且|而且|同时|且|以及)|\b(?:and|who|with)\b/;

const scale = '(万|千|百|亿|k|w|m|thousand|million)?';

const windowPatterns = [
  new RegExp(
    `(?:最近|近|过去|前|连续|in the last|within the last|in the past|over the last|last|past|previous|within|for)\\s*${numberPattern}?\\s*${timeUnitPattern}(?:之内|以内|内)?`,
  ),
  new RegExp(`${numberPattern}\\s*${timeUnitPattern}(?:之内|以内|内)`),
];
/** 年消费 and 月均订单: over a year, over a month. */
const periodPattern = /(?:^|每|per |a |every )(年|月|year|month)(?:均|度)?/;

const prefixes: readonly (readonly [RegExp, Comparison])[] = [
  [
    /(?:不低于|不少于|大于等于|至少|达到|达|>=|≥|at least|no less than|not less than|minimum of)\s*$/,
    'at-least',
  ],
  [
    /(?:不高于|不超过|不大于|小于等于|不多于|至多|最多|<=|≤|at most|no more than|not more than|up to)\s*$/,
    'at-most',
  ],
  [/(?:低于|小于|少于|不足|未满|不满|<|less than|fewer than|under|below)\s*$/, 'less-than'],
  [
    /(?:高于|大于|超过|多于|超出|>|more than|over|above|exceeds?|exceeding|greater than)\s*$/,
    'more-than',
  ],
  [/(?:满|累计)\s*$/, 'at-least'],
  [/(?:等于|=|exactly)\s*$/, 'equals'],
];
const suffixes: readonly (readonly [RegExp, Comparison])[] = [
  [
    /^\s*(?:元|次|单|笔|岁|分|个|件|天|日|月|年|yuan|orders?|times|days?|months?|years?)?\s*(?:及以上|或以上|以上|\+|or more|and above|or above|or older)/,
    'at-least',
  ],
  [
    /^\s*(?:元|次|单|笔|岁|分|个|件|天|日|月|年|yuan|orders?|times|days?|months?|years?)?\s*(?:及以下|或以下|以下|or less|or fewer|and below)/,
    'at-most',
  ],
  [/^\s*(?:days?|months?|years?)\s+ago/, 'less-than'],
];

const metrics: readonly (readonly [RegExp, string])[] = [
  [/客单价|每单|单均|average order|order value|per order/, 'order-value'],
  [/首次下单|首单|首次购买|首次成交|first order|first bought|first purchase/, 'first-order-age'],
  [/注册|入会|开户|regist|signed? up|joined/, 'registration-age'],
  [/退货|退款|return|refund/, 'returns'],
  [/投诉|complain/, 'complaints'],
  [/逾期|overdue/, 'overdue'],
  [/积分|points/, 'points'],
  [/资产|存款|余额|assets?\b|balance|deposit/, 'assets'],
  [/年龄|周岁|\d岁|\bage[ds]?\b|years old/, 'age'],
  [/订单数|订单量|下单次数|购买次数|消费次数|采购次数|成交次数|复购/, 'orders'],
  [
    /消费|支出|花费|交易额|采购额|销售额|成交额|购买金额|支付金额|spen[dt]|revenue|worth of/,
    'spend',
  ],
  [/订单|下单|购买|采购|成交|orders?\b|purchas|bought|\bbuy/, 'orders'],
  [/登录|登陆|访问|活跃|浏览|打开|log(?:ged)? ?in|visit|active|opened/, 'visits'],
];

const negation = /未|无|没有|不曾|从未|零|\bno\b|\bnot\b|\bnever\b|without|has(?:n't| not)/;

function parseClause(clause: string): Predicate | null {
  const metric = metrics.find(([pattern]) => pattern.test(clause))?.[1];
  if (metric === undefined) return null;
  const isAge = metric.endsWith('-age');
  const window = isAge ? null : windowOf(clause);
  const rest = window === null ? clause : clause.replace(window.text, ' ');
  const compared = comparisonOf(rest, isAge);
  const windowDays = window?.days ?? null;
  if (compared !== null) return { metric, windowDays, ...compared };
  if (isAge || windowDays === null) return null;
  const existence = negation.test(rest) ? bounds('equals', 0) : bounds('at-least', 1);
  return { metric: metric === 'spend' ? 'orders' : metric, windowDays, ...existence };
}

function windowOf(clause: string): { readonly text: string; readonly days: number } | null {
  for (const pattern of windowPatterns) {
    const found = pattern.exec(clause);
    if (found === null) continue;
    const [text, count, unit = ''] = found;
    return { text, days: durationDays(count === undefined ? 1 : numberOf(count), unit) };
  }
  const period = periodPattern.exec(clause);
  return period === null ? null : { text: period[0], days: daysOf(period[1] ?? '') };
}

const quantity = new RegExp(`${numberPattern}\\s*${scale}\\s*(%|％)?`, 'g');

function comparisonOf(
  text: string,
  isAge: boolean,
): Omit<Predicate, 'metric' | 'windowDays'> | null {
  for (const found of text.matchAll(quantity)) {
    const [whole, count = '', unit = '', percent] = found;
    const before = text.slice(0, found.index);
    const after = text.slice(found.index + whole.length);
    const comparison =
      suffixes.find(([pattern]) => pattern.test(after))?.[1] ??
      prefixes.find(([pattern]) => pattern.test(before))?.[1];
    if (comparison === undefined) continue;
    const time = isAge ? new RegExp(`^\\s*${timeUnitPattern}`).exec(after) : null;
    const value =
      numberOf(count) *
      (scales[unit] ?? 1) *
      (percent === undefined ? 1 : 0.01) *
      (time === null ? 1 : daysOf(time[1] ?? ''));
    return bounds(comparison, value);
  }
  return null;
}

function bounds(comparison: Comparison, value: number): Omit<Predicate, 'metric' | 'windowDays'> {
  const isUpper = comparison === 'at-most' || comparison === 'less-than';
  const isExact = comparison === 'equals';
  return {
    least: isUpper ? Number.NEGATIVE_INFINITY : value,
    leastIsExcluded: comparison === 'more-than',
    most: isUpper || isExact ? value : Number.POSITIVE_INFINITY,
    mostIsExcluded: comparison === 'less-than',
  };
}
