import type { Attribute } from '../../domain/condition.ts';
import type { Undecided } from '../../domain/detect/undecided.ts';
import type { Locale } from '../../domain/locale.ts';

/** Named; of the others only how many there are. */
const attributesShownMax = 4;

const words = {
  'zh-CN': {
    customers: (count: string) => `${count} 位客户`,
    one: (name: string) => `缺少属性「${name}」`,
    each: (name: string, count: string) => `「${name}」${count} 位`,
    several: (parts: string) => `缺少属性：${parts}`,
    more: (count: string) => `另有 ${count} 个属性`,
    between: '、',
    inBrackets: (text: string) => `（${text}）`,
  },
  en: {
    customers: (count: string) => `${count} ${count === '1' ? 'customer' : 'customers'}`,
    one: (name: string) => `attribute “${name}” missing`,
    each: (name: string, count: string) => `“${name}” on ${count}`,
    several: (parts: string) => `missing: ${parts}`,
    more: (count: string) => `${count} more attributes`,
    between: ', ',
    inBrackets: (text: string) => ` (${text})`,
  },
} as const;

/** How many customers a rule could not decide, and for want of what: attributes by name, of several with how many each. */
export function undecidedWords(
  { customers, missing }: Pick<Undecided, 'customers' | 'missing'>,
  attributes: readonly Attribute[],
  locale: Locale,
): string {
  const text = words[locale];
  const count = (value: number) => value.toLocaleString(locale);
  const name = (code: string) => attributes.find((one) => one.code === code)?.name[locale] ?? code;
  const whom = text.customers(count(customers));
  const [only, ...others] = missing;
  if (only === undefined) return whom;
  if (others.length === 0) return whom + text.inBrackets(text.one(name(only.attributeCode)));
  const rest = missing.length - attributesShownMax;
  const parts = [
    ...missing
      .slice(0, attributesShownMax)
      .map((one) => text.each(name(one.attributeCode), count(one.customers))),
    ...(rest > 0 ? [text.more(count(rest))] : []),
  ];
  return whom + text.inBrackets(text.several(parts.join(text.between)));
}
