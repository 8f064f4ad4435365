import { digestPeriods, type DigestPeriod } from '../domain/digest.ts';
import type { Locale } from '../domain/locale.ts';
import type { QuietHours } from '../domain/preference.ts';
import { readQuietHours } from './quiet-hours.ts';

/** What somebody's words ask for. */
export type Wish =
  | { readonly kind: 'inbox' }
  | {
      readonly kind: 'check';
      /** A customer's number, or tags where there are several. */
      readonly subject:
        | { readonly kind: 'customer'; readonly ref: string }
        | { readonly kind: 'tags'; readonly tags: readonly string[] };
      readonly add: string | null;
    }
  | { readonly kind: 'request' }
  | { readonly kind: 'search'; readonly text: string }
  | { readonly kind: 'scan' }
  /** Their points of this month. */
  | { readonly kind: 'assessment' }
  | { readonly kind: 'contest' }
  /** Of what period; null: the one they have. */
  | { readonly kind: 'digest'; readonly every: DigestPeriod | null }
  | { readonly kind: 'sign-in' }
  /** To be asked for on a form: quiet hours, language and email. */
  | { readonly kind: 'preferences' }
  /** Null: none any more. */
  | { readonly kind: 'quiet-hours'; readonly quietHours: QuietHours | null }
  | { readonly kind: 'language'; readonly locale: Locale }
  | { readonly kind: 'help' }
  /** `nearest`: the verb that may have been meant; null where none comes near. */
  | { readonly kind: 'not-understood'; readonly nearest: Verb | null };

/** Longer words are not read to their end. */
const wordsCharsMax = 500;
const checkedTagsMax = 50;

export type Verb = Exclude<Wish['kind'], 'not-understood'>;

/** Every spelling of a verb, in lower case. */
export const spellings: Readonly<Record<Verb, readonly string[]>> = {
  inbox: ['我的预警', '预警', '我的', '收件箱', '待办', 'my warnings', 'warnings', 'inbox'],
  check: ['检查', '查冲突', 'check a customer', 'check customer', 'check'],
  request: ['申请标签', '新标签', '申请', 'request a tag', 'request tag', 'request', 'new tag'],
  search: [
    '搜索标签',
    '搜索',
    '查找',
    '查标签',
    '查字典',
    'search the dictionary',
    'search for',
    'search',
    'find',
  ],
  scan: ['立即扫描', '马上扫描', '扫描', 'scan now', 'scan'],
  digest: [
    '标签周报',
    '标签日报',
    '标签月报',
    '日报',
    '月报',
    'daily digest',
    'monthly digest',
    '发周报',
    '看周报',
    '周报',
    'weekly digest',
    'digest now',
    'digest',
    'report',
  ],
  assessment: ['月度考核', '我的考核', '考核', '扣分', 'my points', 'assessment', 'points'],
  contest: ['申诉', '我要申诉', 'contest', 'appeal'],
  preferences: ['偏好设置', '个人设置', '偏好', '设置', 'my settings', 'preferences', 'settings'],
  'quiet-hours': ['免打扰时间', '免打扰', '勿扰', 'quiet hours', 'quiet', 'do not disturb', 'dnd'],
  language: ['切换语言', '语言', 'language', 'lang'],
  'sign-in': [
    '登录控制台',
    '登录',
    '登陆',
    'sign in to the console',
    'sign in',
    'sign-in',
    'signin',
    'log in',
    'login',
  ],
  help: ['帮助', '怎么用', '?', 'help'],
};

/** Longest first, so that 申请标签 is not read as 申请 and 标签. */
const verbs = Object.entries(spellings)
  .flatMap(([verb, words]) =>
    words.map((word) => ({ verb: verb as Verb, word, atStart: startWith(word) })),
  )
  .sort((a, b) => b.word.length - a.word.length);

/** Reads the text of a slash command or a direct message, in Chinese or English; full-width signs count as half-width. */
export function understand(text: string): Wish {
  const words = normalize(text);
  if (words === '') return { kind: 'help' };
  const lower = words.toLowerCase();
  const locale = readLocale(lower);
  if (locale !== null) return { kind: 'language', locale };
  const found = verbs.find(({ atStart }) => atStart.test(lower));
  if (found === undefined) return { kind: 'not-understood', nearest: nearestVerb(lower) };
  const said = found.atStart.exec(lower)?.[0] ?? '';
  const rest = words.slice(said.length).replace(/^[\s:]+/u, '');
  switch (found.verb) {
    case 'check':
      return understandCheck(rest);
    case 'search':
      return rest === '' ? { kind: 'help' } : { kind: 'search', text: rest };
    case 'quiet-hours':
      return rest === '' ? { kind: 'preferences' } : understandQuietHours(rest);
    case 'language': {
      const chosen = readLocale(rest.toLowerCase());
      if (chosen !== null) return { kind: 'language', locale: chosen };
      return rest === '' ? { kind: 'preferences' } : notUnderstood('language');
    }
    case 'digest':
      return rest === ''
        ? { kind: 'digest', every: digestPeriodIn(found.word) }
        : notUnderstood('digest');
    case 'inbox':
    case 'request':
    case 'scan':
    case 'assessment':
    case 'contest':
    case 'preferences':
    case 'sign-in':
    case 'help':
      return rest === '' ? { kind: found.verb } : notUnderstood(found.verb);
  }
}

const periodWords: Readonly<Record<DigestPeriod, RegExp>> = {
  day: /日报|daily/,
  week: /周报|weekly/,
  month: /月报|monthly/,
};

function digestPeriodIn(words: string): DigestPeriod | null {
  return digestPeriods.find((every) => periodWords[every].test(words)) ?? null;
}

function notUnderstood(nearest: Verb): Wish {
  return { kind: 'not-understood', nearest };
}

function understandQuietHours(rest: string): Wish {
  const read = readQuietHours(rest);
  return read === 'unreadable'
    ? notUnderstood('quiet-hours')
    : { kind: 'quiet-hours', quietHours: read };
}

const localeSpellings: Readonly<Record<Locale, readonly string[]>> = {
  'zh-CN': ['中文', '简体中文', '汉语', 'chinese', 'zh', 'zh-cn'],
  en: ['英文', '英语', 'english', 'en'],
};

function readLocale(lower: string): Locale | null {
  if (localeSpellings['zh-CN'].includes(lower)) return 'zh-CN';
  return localeSpellings.en.includes(lower) ? 'en' : null;
}

/** A verb that stands within the words, or from which their beginning differs by a slip of the finger. */
function nearestVerb(lower: string): Verb | null {
  const held = verbs.find(({ word }) => word.length > 1 && holdsWord(lower, word));
  if (held !== undefined) return held.verb;
  let nearest: { readonly verb: Verb; readonly slips: number } | null = null;
  for (const { verb, word } of verbs) {
    const said = lower.split(' ').slice(0, word.split(' ').length).join(' ');
    const slips = slipsBetween(said, word);
    const slipsMax = Math.floor(word.length / 3);
    if (slips <= slipsMax && slips < (nearest?.slips ?? Infinity)) nearest = { verb, slips };
  }
  return nearest?.verb ?? null;
}

function holdsWord(lower: string, word: string): boolean {
  const isLatin = /[a-z]$/u.test(word);
  return isLatin
    ? ` ${lower.replaceAll(/[^a-z]+/gu, ' ')} `.includes(` ${word} `)
    : lower.includes(word);
}

/** How many letters have to be put in, taken out, replaced or swapped with their neighbour (Damerau, restricted). */
function slipsBetween(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        row > 1 && column > 1 && isSwapped ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? right.length;
}

function normalize(text: string): string {
  return text
    .slice(0, wordsCharsMax)
    .replaceAll(/[\uFF01-\uFF5E]/gu, (sign) =>
      String.fromCodePoint((sign.codePointAt(0) ?? 0) - 0xfee0),
    )
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .replace(/^\/\s*/u, '')
    .replace(/[。.!]+$/u, '');
}

/**
 * A Chinese verb needs no space behind it and may have some within; an English one ends where the word ends, and its
 * parts stand apart by blanks or hyphens.
 */
function startWith(word: string): RegExp {
  const isLatin = /[a-z]$/u.test(word);
  const parts = isLatin ? word.split(/[ -]/u) : Array.from(word);
  const escaped = parts.map((part) => part.replaceAll(/[?]/gu, '\\$&'));
  return isLatin
    ? new RegExp(`^${escaped.join('[ -]')}(?![a-z-])`, 'u')
    : new RegExp(`^${escaped.join(' ?')}`, 'u');
}

function understandCheck(rest: string): Wish {
  const [subject = '', ...added] = rest.split(/\s*\+\s*/u);
  const add = added.join('+').trim();
  const tags = subject
    .replace(/^(?:标签|tags?)[\s:]+/iu, '')
    .split(/\s*[、,;]\s*/u)
    .filter((tag) => tag !== '');
  if (subject.trim() === '' || added.length > 1) return { kind: 'help' };
  const areTags = tags.length > 1 || /^(?:标签|tags?)[\s:]+/iu.test(subject);
  return {
    kind: 'check',
    subject: areTags
      ? { kind: 'tags', tags: tags.slice(0, checkedTagsMax) }
      : { kind: 'customer', ref: subject.trim() },
    add: add === '' ? null : add,
  };
}
