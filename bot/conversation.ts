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
  | { readonly kind: 'digest' }
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'help' }
  | { readonly kind: 'not-understood' };

/** Longer words are not read to their end. */
const wordsCharsMax = 500;
const checkedTagsMax = 50;

type Verb = Exclude<Wish['kind'], 'not-understood'>;

/** Every spelling of a verb, in lower case. */
const spellings: Readonly<Record<Verb, readonly string[]>> = {
  inbox: ['我的预警', '预警', '我的', '收件箱', '待办', 'my warnings', 'warnings', 'inbox'],
  check: ['检查', '查冲突', 'check'],
  request: ['申请标签', '新标签', '申请', 'request a tag', 'request tag', 'request', 'new tag'],
  search: ['搜索标签', '搜索', '查找', '查标签', 'search for', 'search', 'find'],
  scan: ['立即扫描', '扫描', 'scan now', 'scan'],
  digest: ['标签周报', '周报', 'weekly digest', 'digest', 'report'],
  'sign-in': ['登录', '登陆', 'sign in', 'sign-in', 'signin', 'log in', 'login'],
  help: ['帮助', '怎么用', '?', 'help'],
};

/** Longest first, so that 申请标签 is not read as 申请 and 标签. */
const verbs = Object.entries(spellings)
  .flatMap(([verb, words]) => words.map((word) => ({ verb: verb as Verb, word })))
  .sort((a, b) => b.word.length - a.word.length);

/** Reads the text of a slash command or a direct message, in Chinese or English; full-width signs count as half-width. */
export function understand(text: string): Wish {
  const words = normalize(text);
  if (words === '') return { kind: 'help' };
  const lower = words.toLowerCase();
  const found = verbs.find(({ word }) => startsWithWord(lower, word));
  if (found === undefined) return { kind: 'not-understood' };
  const rest = words.slice(found.word.length).replace(/^[\s:]+/u, '');
  switch (found.verb) {
    case 'check':
      return understandCheck(rest);
    case 'search':
      return rest === '' ? { kind: 'help' } : { kind: 'search', text: rest };
    case 'inbox':
    case 'request':
    case 'scan':
    case 'digest':
    case 'sign-in':
    case 'help':
      return rest === '' ? { kind: found.verb } : { kind: 'not-understood' };
  }
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

/** A Chinese verb needs no space behind it; an English one ends where the word ends. */
function startsWithWord(lower: string, word: string): boolean {
  if (!lower.startsWith(word)) return false;
  return !/[a-z]$/u.test(word) || !/^[a-z-]/u.test(lower.slice(word.length));
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
