import { assertNever } from '../../domain/assert-never.ts';
import type { FindingReason } from '../../domain/finding-reason.ts';
import type { LocalizedText, Locale } from '../../domain/locale.ts';
import type { OwnerFault } from '../../domain/owner-fault.ts';
import { comparedWords, operatorSigns } from './condition.ts';
import { requestWords } from './request-words.ts';
import { shorten } from './texts.ts';

interface ReasonWords {
  readonly noData: (attribute: string) => string;
  readonly found: (attribute: string, value: string, asked: string) => string;
  readonly withinDays: (days: number) => string;
  readonly withinMonths: (months: number) => string;
  readonly notWithin: (window: string) => string;
  readonly masterLacks: (master: string) => string;
  readonly othersLack: (systems: readonly string[], master: string) => string;
  readonly expired: (days: number, ended: string) => string;
  readonly unconfirmed: (days: number, confirmed: string) => string;
  readonly tooMany: Readonly<Record<TooMany['of'], (count: string, max: string) => string>>;
  readonly stranger: (actor: string) => string;
  readonly ofDepartment: (actor: string, department: string) => string;
  readonly noDefinition: Readonly<Record<Locale, string>>;
  readonly emptyDefinition: (text: string) => Readonly<Record<Locale, string>>;
  readonly owner: Readonly<Record<OwnerFault, (owner: string) => string>>;
  readonly unused: (customers: string, since: string | null) => string;
  readonly jump: (usual: string, customers: string) => string;
}

type TooMany = Extract<FindingReason, { kind: 'too-many' }>;

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
    expired: (days, ended) => `有效期 ${days} 天，${ended} 到期`,
    unconfirmed: (days, confirmed) => `应每 ${days} 天确认一次，上次是 ${confirmed}`,
    tooMany: {
      tags: (count, max) => `共 ${count} 个标签（上限 ${max}）`,
      'temporary-tags': (count, max) => `临时标签 ${count} 个（上限 ${max}）`,
    },
    stranger: (actor) => `${apart(actor).trimStart()}不在人员名单中`,
    ofDepartment: (actor, department) =>
      `${apart(actor).trimStart()}属于${apart(department).trimEnd()}`,
    noDefinition: { 'zh-CN': '没有中文定义', en: '没有英文定义' },
    emptyDefinition: (text) => ({
      'zh-CN': `中文定义只有「${text}」`,
      en: `英文定义只有「${text}」`,
    }),
    owner: {
      unknown: (owner) => `责任人${apart(owner)}不在人员名单中`,
      left: (owner) => `责任人${apart(owner)}已离职`,
      'no-owner-role': (owner) => `责任人${apart(owner)}已没有「责任人」角色`,
    },
    unused: (customers, since) =>
      `现有 ${customers} 位客户${since === null ? '' : `，${since} 收入字典`}`,
    jump: (usual, customers) => `现有 ${customers} 位客户，平时约 ${usual} 位`,
  },
  en: {
    noData: (attribute) => `${attribute}: no data`,
    found: (attribute, value, asked) => `${attribute}: ${value} (criteria: ${asked})`,
    withinDays: (days) => `within the last ${days} ${days === 1 ? 'day' : 'days'}`,
    withinMonths: (months) => `within the last ${months} ${months === 1 ? 'month' : 'months'}`,
    notWithin: (window) => `not ${window}`,
    masterLacks: (master) => `not in ${master}, the master source`,
    othersLack: (systems, master) => `not in ${systems.join(', ')}; ${master} is the master source`,
    expired: (days, ended) => `lasts ${days} ${days === 1 ? 'day' : 'days'}, ended ${ended}`,
    unconfirmed: (days, confirmed) =>
      `to be confirmed every ${days === 1 ? 'day' : `${days} days`}, last on ${confirmed}`,
    tooMany: {
      tags: (count, max) => `${count} tags (at most ${max})`,
      'temporary-tags': (count, max) =>
        `${count} temporary ${count === '1' ? 'tag' : 'tags'} (at most ${max})`,
    },
    stranger: (actor) => `${actor} is nobody on the list of people`,
    ofDepartment: (actor, department) => `${actor} works in ${department}`,
    noDefinition: { 'zh-CN': 'no Chinese definition', en: 'no English definition' },
    emptyDefinition: (text) => ({
      'zh-CN': `the Chinese definition is only “${text}”`,
      en: `the English definition is only “${text}”`,
    }),
    owner: {
      unknown: (owner) => `its owner ${owner} is nobody on the list of people`,
      left: (owner) => `its owner ${owner} has left`,
      'no-owner-role': (owner) => `its owner ${owner} no longer has the role of an owner`,
    },
    unused: (customers, since) =>
      `${customers} ${customers === '1' ? 'customer' : 'customers'} now${since === null ? '' : `, in the dictionary since ${since}`}`,
    jump: (usual, customers) => `${customers} customers now, usually about ${usual}`,
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
  const inLocale = (name: LocalizedText | string) =>
    typeof name === 'string' ? name : name[locale];
  const number = (value: number) => comparedWords(value, locale);
  switch (reason.kind) {
    case 'attribute': {
      const name = inLocale(reason.name);
      return reason.found === null
        ? texts.noData(name)
        : texts.found(name, foundWords(reason, locale, date), askedWords(reason, locale));
    }
    case 'disagreement': {
      const { isMaster, lacking, master } = reason;
      return isMaster
        ? texts.masterLacks(inLocale(master))
        : texts.othersLack(lacking.map(inLocale), inLocale(master));
    }
    case 'expired':
      return texts.expired(reason.days, date(reason.endedAtMs));
    case 'unconfirmed':
      return texts.unconfirmed(reason.days, date(reason.confirmedAtMs));
    case 'too-many':
      return texts.tooMany[reason.of](number(reason.count), number(reason.max));
    case 'outsider': {
      const actor = shorten(reason.actor, quotedCharsMax);
      return reason.department === null
        ? texts.stranger(actor)
        : texts.ofDepartment(actor, inLocale(reason.department));
    }
    case 'definition':
      return reason.text === ''
        ? texts.noDefinition[reason.locale]
        : texts.emptyDefinition(shorten(reason.text, quotedCharsMax))[reason.locale];
    case 'owner':
      return texts.owner[reason.fault](inLocale(reason.owner));
    case 'unused':
      return texts.unused(
        number(reason.customers),
        reason.sinceMs === null ? null : date(reason.sinceMs),
      );
    case 'jump':
      return texts.jump(number(Math.round(reason.usual)), number(reason.customers));
    default:
      return assertNever(reason);
  }
}

/** What people or sources wrote is told by its beginning. */
const quotedCharsMax = 40;

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
