import { areTwoValues } from './properties.ts';

/** Two names with a common beginning and end; what differs stands in the slot. */
export interface Slots {
  readonly head: string;
  readonly left: string;
  readonly right: string;
}

/**
 * Splits two word lists into what they share at both ends and what differs between; null where they share nothing
 * or one is the other.
 */
export function slotsOf(left: readonly string[], right: readonly string[]): Slots | null {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < shorter - start && left[left.length - 1 - end] === right[right.length - 1 - end]) {
    end += 1;
  }
  if (start + end === 0) return null;
  const leftSlot = left.slice(start, left.length - end);
  const rightSlot = right.slice(start, right.length - end);
  if (leftSlot.length === 0 && rightSlot.length === 0) return null;
  return {
    head: [...left.slice(0, start), ...left.slice(left.length - end)].join(''),
    left: leftSlot.join(''),
    right: rightSlot.join(''),
  };
}

const negations = new Set(['不', '非', '未', '无', '没', 'non', 'un', 'in', 'not']);

/**
 * Whether the values of a slot are two values of one property: two words known as such, as a whole or but for a beginning
 * or end that they share, or one the negation of the other.
 */
export function areOpposed(left: string, right: string): boolean {
  if (left === right) return false;
  if (left === '' || right === '') return negations.has(left === '' ? right : left);
  if (areTwoValues(left, right)) return true;
  // 高 in 高价值 and 低 in 低价值: the rest of the slot is the same.
  if (left.slice(1) === right.slice(1) && areTwoValues(left.slice(0, 1), right.slice(0, 1))) {
    return true;
  }
  if (left.slice(0, -1) === right.slice(0, -1) && areTwoValues(left.slice(-1), right.slice(-1))) {
    return true;
  }
  return isNegationOf(left, right) || isNegationOf(right, left);
}

function isNegationOf(negated: string, plain: string): boolean {
  return (
    negated.endsWith(plain) && negations.has(negated.slice(0, negated.length - plain.length).trim())
  );
}
