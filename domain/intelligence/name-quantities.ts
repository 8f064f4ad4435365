import { durationDays, numberOf, numberPattern, scales, timeUnitPattern } from './quantity.ts';

/** A figure as the name has it, and what it comes to. */
export interface Figure {
  readonly text: string;
  readonly value: number;
}

/** What a name says in figures. */
export interface NameQuantities {
  /** Stretches of time, in days. */
  readonly durations: readonly Figure[];
  /** Ages, years, grades, amounts. Years of this century by their last two digits. */
  readonly numbers: readonly Figure[];
  /** Grades by letter, a as 1. */
  readonly letters: readonly Figure[];
}

const duration = new RegExp(`(?<![a-z])${numberPattern}\\s*${timeUnitPattern}`, 'g');
const pastUnit = /\b(?:last|past|previous)\s+(day|week|month|quarter|year)\b/g;
const figure = /(?:(?<![a-z])[a-z]{1,3})?(\d+(?:\.\d+)?)\s*(万|千|百|亿|k(?![a-z])|w(?![a-z]))?/g;
/** A Chinese number counts something, or it is part of a word such as 一般. */
const counted =
  /第?([零一二两三四五六七八九十百]+)(?:级|星|线|代|期|档|类|胎|孩|次|人|号|批|轮|岁|元|折|等|手|居|室|万|千)/g;
const gradeLetter = /(?<![a-z0-9])([a-z])(?![a-z0-9])/g;
const firstCalendarYear = 1900;

/** The figures in a normalised name, of which words with figures of their own were taken out. */
export function quantitiesOf(name: string): NameQuantities {
  const durations: Figure[] = [];
  const numbers: Figure[] = [];
  let rest = name.replaceAll(duration, (text, count: string, unit: string) => {
    const value = numberOf(count);
    const isCalendarYear = unit === '年' && (value >= firstCalendarYear || /^\d\d$/.test(count));
    if (isCalendarYear) numbers.push({ text, value: value % 100 });
    else durations.push({ text, value: durationDays(value, unit) });
    return ' '.repeat(text.length);
  });
  rest = rest.replaceAll(pastUnit, (text, unit: string) => {
    durations.push({ text, value: durationDays(1, unit) });
    return ' '.repeat(text.length);
  });
  rest = rest.replaceAll(figure, (text, digits: string, unit: string | undefined) => {
    const value = Number(digits) * (scales[unit ?? ''] ?? 1);
    const isCalendarYear = /^20\d\d$/.test(digits) && unit === undefined;
    numbers.push({ text, value: isCalendarYear ? value % 100 : value });
    return '0'.repeat(text.length);
  });
  for (const [text, count = ''] of rest.matchAll(counted)) {
    numbers.push({ text, value: numberOf(count) });
  }
  const letters = Array.from(rest.matchAll(gradeLetter), ([text]) => ({
    text,
    value: (text.codePointAt(0) ?? 0) - 96,
  }));
  return { durations, numbers, letters };
}

/** Part of a stretch of time within which it is the same one: 30 days are a month, and 90 a quarter. */
const sameDurationShare = 0.05;

/** The first figures that two names say differently; null where one says no more than the other, or both the same. */
export function differentQuantity(
  left: NameQuantities,
  right: NameQuantities,
): { readonly left: string; readonly right: string } | null {
  return (
    differing(left.durations, right.durations, sameDurationShare) ??
    differing(left.numbers, right.numbers, 0) ??
    differing(left.letters, right.letters, 0)
  );
}

function differing(left: readonly Figure[], right: readonly Figure[], sameShare: number) {
  const isSame = (one: Figure, other: Figure) =>
    one.value === other.value ||
    Math.abs(one.value - other.value) <= sameShare * Math.max(one.value, other.value);
  const one = left.find((mine) => !right.some((other) => isSame(mine, other)));
  const other = right.find((mine) => !left.some((theirs) => isSame(mine, theirs)));
  return one === undefined || other === undefined ? null : { left: one.text, right: other.text };
}
