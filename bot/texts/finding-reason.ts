import type { FindingReason } from '../../domain/finding-reason.ts';
import type { LocalizedText, Locale } from '../../domain/locale.ts';
import { comparedWords, operatorSigns } from './condition.ts';
import { requestWords } from './request-words.ts';

interface ReasonWords {
  readonly noData: (attribute: string) => string;
  readonly found: (attribute: string, value: string, asked: string) => string;
  readonly withinDays: (days: number) => string;
  readonly withinMonths: (months: number) => string;
  readonly notWithin: (window: string) => string;
  readonly masterLacks: (master: string) => string;
  readonly othersLack: (systems: readonly string[], master: string) => string;
}

const words: Readonly<Record<Locale, ReasonWords>> = {
  'zh-CN': {
    noData: (attribute) => `${attribute}无数据`,
    found: (attribute, value, asked) => `${attribute} ${value}（条件：${asked}）`,
    withinDays: (days) => `最近 ${days} 天内`,
    withinMonths: (months) => `最近 ${months} 个月内`,
    notWithin: (window) => `不在${window}`,
    masterLacks: (master) => `主数据源${apart(master)}没有`,
    othersLack: (systems, master) =>
      `${apart(systems.join('、')).trimStart()}没有，以${apart(master)}为准`,
  },
  en: {
    noData: (attribute) => `${attribute}: no data`,
    found: (attribute, value, asked) => `${attribute}: ${value} (criteria: ${asked})`,
    withinDays: (days) => `within the last ${days} ${days === 1 ? 'day' : 'days'}`,
    withinMonths: (months) => `within the last ${months} ${months === 1 ? 'month' : 'months'}`,
    notWithin: (window) => `not ${window}`,
    masterLacks: (master) => `not in ${master}, the master source`,
    othersLack: (systems, master) => `not in ${systems.join(', ')}; ${master} is the master source`,
  },
};

/** Chinese sets Latin letters and figures apart by a space. */
function apart(name: string): string {
  const before = /^[A-Za-z0-9]/.test(name) ? ' ' : '';
  return `${before}${name}${/[A-Za-z0-9]$/.test(name) ? ' ' : ''}`;
}

const notOperator = { '<': '>=', '<=': '>', '=': '!=', '!=': '=', '>=': '<', '>': '<=' } as const;

/** Why a finding is one, as people read it; `date` writes epoch milliseconds as a day. */
export function findingReasonWords(
  reason: FindingReason,
  locale: Locale,
  date: (atMs: number) => string,
): string {
  const texts = words[locale];
  const inLocale = (name: LocalizedText) => name[locale];
  if (reason.kind === 'disagreement') {
    const { isMaster, lacking, master } = reason;
    return isMaster
      ? texts.masterLacks(inLocale(master))
      : texts.othersLack(lacking.map(inLocale), inLocale(master));
  }
  const name = inLocale(reason.name);
  return reason.found === null
    ? texts.noData(name)
    : texts.found(name, foundWords(reason, locale, date), askedWords(reason, locale));
}

type AttributeReason = Extract<FindingReason, { kind: 'attribute' }>;

function foundWords(
  { found, type }: AttributeReason,
  locale: Locale,
  date: (atMs: number) => string,
): string {
  if (typeof found !== 'number') return found ?? '';
  if (type === 'date') return date(found);
  return comparedWords(type === 'boolean' ? found === 1 : found, locale);
}

function askedWords({ condition, isNegated, type }: AttributeReason, locale: Locale): string {
  const texts = words[locale];
  if (condition.kind !== 'compare') {
    const window =
      condition.kind === 'within-days'
        ? texts.withinDays(condition.days)
        : texts.withinMonths(condition.months);
    return isNegated ? texts.notWithin(window) : window;
  }
  const { operator, value } = condition;
  if (type === 'boolean') {
    const isAsked = (value === true) === ((operator === '=') !== isNegated);
    return requestWords[locale].value.yesNo(isAsked);
  }
  const sign = operatorSigns[isNegated ? notOperator[operator] : operator];
  return `${sign} ${comparedWords(value, locale)}`;
}
