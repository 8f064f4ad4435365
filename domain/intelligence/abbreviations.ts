import { createBest, type Hit } from './inverted-index.ts';
import type { NameFeatures } from './name-features.ts';

/** Finds names that one is short for, or that are short for it. */
export interface AbbreviationIndex {
  search(name: NameFeatures, limit: number): readonly Hit[];
}

const shortFormCharsMax = 6;
const shortFormCharsMin = 2;
/** A short form of fewer of the long one's characters says too little. */
const coverageMin = 0.2;

/**
 * A short form stands for the first letters of words (ai, gjz) or for letters in order of one name (js, i18n,
 * 高活 for 高活跃). The score is the part of the long form's words or letters that the short one covers, so
 * the shortest name that fits comes first; first letters count more than letters in order.
 */
export function createAbbreviationIndex(names: readonly NameFeatures[]): AbbreviationIndex {
  const numeronyms = names.map(({ form }) => numeronymOf(form));
  const byForm = groupBy(names, ({ form }) => form);
  const byInitials = groupBy(names, ({ initials }) => initials);
  const byStart = groupBy(names, startOf);
  const shortByStart = groupBy(names, (name) => (isShort(name.form) ? startOf(name) : ''));
  const characters = Int32Array.from(names, ({ form }) => charactersOf(form));
  /** By name: the search that offered it. */
  const offeredIn = new Int32Array(names.length);
  let searches = 0;
  return {
    search: (name, limit) => {
      const best = createBest(limit);
      searches += 1;
      const offer = (index: number, score: number): void => {
        if (offeredIn[index] === searches) return;
        offeredIn[index] = searches;
        best.offer(index, score);
      };
      const offerCovered = (index: number, short: string, long: string, numeronym: Numeronym) => {
        const isInReach = mostCoverage(short, long, numeronym) >= best.floor();
        const score = isInReach ? coverage(short, long, numeronym) : 0;
        if (score > 0) offer(index, score);
      };
      const own = charactersOf(name.form);
      const numeronym = numeronymOf(name.form);
      if (name.initials !== '') {
        for (const index of byForm.get(name.initials) ?? []) offer(index, 1);
      }
      if (isShort(name.form)) {
        for (const index of byInitials.get(name.form) ?? []) offer(index, 1);
        for (const index of byStart.get(startOf(name)) ?? []) {
          if (numeronym === null && (own & ~(characters[index] ?? 0)) !== 0) continue;
          offerCovered(index, name.form, names[index]?.form ?? '', numeronym);
        }
      }
      for (const index of shortByStart.get(startOf(name)) ?? []) {
        const other = numeronyms[index] ?? null;
        if (other === null && ((characters[index] ?? 0) & ~own) !== 0) continue;
        offerCovered(index, names[index]?.form ?? '', name.form, other);
      }
      return best.take();
    },
  };
}

function isShort(form: string): boolean {
  return form.length >= shortFormCharsMin && form.length <= shortFormCharsMax;
}

function startOf({ form }: NameFeatures): string {
  return form.slice(0, 1);
}

/** A bit for each character, several to a bit: a form that lacks a bit lacks a character. */
function charactersOf(form: string): number {
  let bits = 0;
  for (let at = 0; at < form.length; at += 1) bits |= 1 << form.charCodeAt(at);
  return bits;
}

/** A form such as i18n: its first letter, how many are left out, and its last. */
type Numeronym = {
  readonly first: string;
  readonly skipped: number;
  readonly last: string;
} | null;

function numeronymOf(form: string): Numeronym {
  const parts = /^(\p{Letter})(\d{1,2})(\p{Letter})$/u.exec(form);
  if (parts === null) return null;
  const [, first = '', count = '', last = ''] = parts;
  return { first, skipped: Number(count), last };
}

const coverageMax = 0.9;

/** What `coverage` comes to where all characters are there in order. */
function mostCoverage(short: string, long: string, numeronym: Numeronym): number {
  return numeronym === null ? (coverageMax * short.length) / long.length : coverageMax;
}

/** 0 where the short form's characters are not all in the long one in this order; a number skips that many (i18n). */
function coverage(short: string, long: string, numeronym: Numeronym): number {
  if (short === long || short.length >= long.length) return 0;
  if (numeronym !== null) {
    const { first, skipped, last } = numeronym;
    const isMeant = long.startsWith(first) && long.endsWith(last) && long.length === skipped + 2;
    return isMeant ? coverageMax : 0;
  }
  if (short.length < coverageMin * long.length) return 0;
  let at = 0;
  for (let place = 0; place < short.length; place += 1, at += 1) {
    const code = short.charCodeAt(place);
    while (at < long.length && long.charCodeAt(at) !== code) at += 1;
    if (at === long.length) return 0;
  }
  return mostCoverage(short, long, numeronym);
}

function groupBy(
  names: readonly NameFeatures[],
  keyOf: (name: NameFeatures) => string,
): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, name] of names.entries()) {
    const key = keyOf(name);
    if (key === '') continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  }
  return groups;
}
