/** A number in digits, Chinese characters or an English word, as part of a regular expression; one group. */
export const numberPattern =
  '(\\d+(?:\\.\\d+)?|[零一二两三四五六七八九十百千]+|半|half an?|an?|one|two|three|six|twelve)';
/** A unit of time, as part of a regular expression; one group. */
export const timeUnitPattern =
  '(?:个)?\\s*(天|日|周|星期|月|季度|年|days?|weeks?|months?|quarters?|years?)';

/** What a unit after a number multiplies it by. */
export const scales: Readonly<Record<string, number>> = {
  百: 100,
  千: 1e3,
  万: 1e4,
  亿: 1e8,
  k: 1e3,
  w: 1e4,
  m: 1e6,
  thousand: 1e3,
  million: 1e6,
};

/** Twelve months are a year and six are half of one. */
export function durationDays(count: number, unit: string): number {
  if (daysOf(unit) === 30 && count % 6 === 0) return Math.round((count / 12) * 365);
  return Math.round(count * daysOf(unit));
}

/** Days of one unit of time, as `timeUnitPattern` finds it. */
export function daysOf(unit: string): number {
  if (/^(天|日|day)/.test(unit)) return 1;
  if (/^(周|星期|week)/.test(unit)) return 7;
  if (/^(月|month)/.test(unit)) return 30;
  return /^(季度|quarter)/.test(unit) ? 91 : 365;
}

const englishNumbers: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  six: 6,
  twelve: 12,
  half: 0.5,
  'half a': 0.5,
  'half an': 0.5,
  半: 0.5,
};
const digits = '零一二三四五六七八九';

/** The value of what `numberPattern` finds: 12, 十二, 两百 or a word. */
export function numberOf(text: string): number {
  const english = englishNumbers[text];
  if (english !== undefined) return english;
  if (/^\d/.test(text)) return Number(text);
  let total = 0;
  let current = 0;
  for (const character of text) {
    const unit = { 十: 10, 百: 100, 千: 1_000 }[character];
    if (unit === undefined) current = character === '两' ? 2 : digits.indexOf(character);
    else {
      total += (current || 1) * unit;
      current = 0;
    }
  }
  return total + current;
}
