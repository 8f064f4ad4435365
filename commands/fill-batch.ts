import { assertNever } from '../domain/assert-never.ts';
import type { Person } from '../domain/person.ts';
import { batchItemsMax, type AskedProposal, type AskedSingle } from '../domain/request.ts';
import type { Tag } from '../domain/tag.ts';
import { freeCode } from '../domain/tag-table/free-code.ts';
import { readCategory, readLevel } from '../domain/tag-table/values.ts';
import type { CommandRefusal } from './command.ts';
import { namedTag, proposedOwner, type FormKnowledge } from './fill-proposal.ts';

/** Changes that can be asked for by a list, one line each. */
export const batchKinds = ['create', 'activate', 'merge', 'deprecate', 'retire', 'owner'] as const;
export type BatchKind = (typeof batchKinds)[number];

export type FilledBatch =
  | { readonly kind: 'filled'; readonly proposal: AskedProposal }
  /** `line`: from 1. */
  | { readonly kind: 'refused'; readonly line: number; readonly refusal: CommandRefusal };

/** Between the tag that changes and the one or the person it is about. */
const arrow = /\s*(?:→|->|=>|＞|>|，|,|\t)\s*/u;

/** Between the parts of a line that says what a tag means; a definition may well hold commas and comparisons. */
const partArrow = /\s*(?:→|->|=>|\t)\s*/u;
const codePattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/u;

/** What lists are held against. */
export interface ListContext {
  readonly known: FormKnowledge;
  readonly requester: Person;
  /** Letters of a name that stand for it in a code, such as its pinyin. */
  readonly spell: (name: string) => string;
  /** Of tags that are to be made, where their line does not say otherwise. */
  readonly newTags: Pick<Tag, 'level' | 'category'>;
  /** Whose the tags become where their line names nobody, by code or name; empty: each line has to. */
  readonly newOwner: string;
}

type FilledLine =
  | { readonly kind: 'filled'; readonly item: AskedSingle }
  | { readonly kind: 'refused'; readonly refusal: CommandRefusal };

/**
 * What a list asks for: a tag a line, and behind an arrow or a comma the tag it goes into, its successor or its new owner;
 * of a tag that is to be made the definition behind an arrow, its code between them where it is not made of the name, and
 * in square brackets at the end its level and category where they are others than those of the list.
 * Tags and people may be written by code or by name in either language. Empty lines are passed over.
 */
export function fillBatch(what: BatchKind, list: string, context: ListContext): FilledBatch {
  const items: AskedSingle[] = [];
  for (const [index, line] of list.split(/\r?\n/u).entries()) {
    if (line.trim() === '') continue;
    const read =
      what === 'create'
        ? readNewTag(line.trim(), codesOf(items), context)
        : readLine(what, line.trim(), context);
    if (read.kind === 'refused') return { ...read, line: index + 1 };
    items.push(read.item);
  }
  if (items.length === 0 || items.length > batchItemsMax) {
    const expected = `1–${batchItemsMax} lines`;
    return { kind: 'refused', line: 1, refusal: { kind: 'invalid', field: 'items', expected } };
  }
  return { kind: 'filled', proposal: { kind: 'batch', items } };
}

function readLine(
  what: Exclude<BatchKind, 'create'>,
  line: string,
  { known, newOwner }: ListContext,
): FilledLine {
  const [first = '', second = ''] = line.split(arrow, 2);
  const tag = namedTag(first, known.tags);
  if (tag === null) return missing('tag', first);
  switch (what) {
    case 'merge':
      return withTag(second, known, (into) => ({
        kind: 'merge-tags',
        fromCode: tag.code,
        intoCode: into.code,
      }));
    case 'deprecate': {
      const { code } = tag;
      const keep = { kind: 'deprecate-tag', code, successorCode: null, replaces: false } as const;
      if (second === '') return { kind: 'filled', item: keep };
      return withTag(second, known, (successor) => ({
        ...keep,
        successorCode: successor.code,
        replaces: true,
      }));
    }
    case 'activate':
      return { kind: 'filled', item: { kind: 'activate-tag', code: tag.code } };
    case 'retire':
      return { kind: 'filled', item: { kind: 'retire-tag', code: tag.code } };
    case 'owner': {
      const owner = findPerson(second === '' ? newOwner : second, known);
      if (owner === undefined) return missing('person', second);
      const after = { ownerCode: owner.code };
      return { kind: 'filled', item: { kind: 'change-tag', code: tag.code, after } };
    }
    default:
      return assertNever(what);
  }
}

/** The name may be two, Chinese and English, with a bar between them. */
function readNewTag(
  line: string,
  codesBefore: ReadonlySet<string>,
  { known, requester, spell, newTags }: ListContext,
): FilledLine {
  const { rest, own } = readKind(line);
  const [names = '', ...parts] = rest.split(partArrow);
  const isCodeGiven = parts.length > 1 && codePattern.test(parts[0] ?? '');
  const definition = parts.slice(isCodeGiven ? 1 : 0).join(' → ');
  const [name = '', nameEn = name] = names.split(/\s*[|｜]\s*/u);
  if (definition === '') {
    const expected = `${name} → …`;
    return { kind: 'refused', refusal: { kind: 'invalid', field: 'definition', expected } };
  }
  const isTaken = (code: string) =>
    codesBefore.has(code) || known.tags.some((tag) => tag.code === code);
  const item = {
    kind: 'create-tag',
    code: isCodeGiven ? (parts[0] ?? '') : freeCode(spell(name), isTaken),
    name: { 'zh-CN': name, en: nameEn },
    definition: { 'zh-CN': definition, en: definition },
    ...newTags,
    ...own,
    departmentCodes: [],
    ownerCode: proposedOwner(requester),
    lifeDays: null,
  } as const;
  return { kind: 'filled', item };
}

/** What stands in brackets at the end, where all of it is a level or a category. */
function readKind(line: string): {
  readonly rest: string;
  readonly own: Partial<Pick<Tag, 'level' | 'category'>>;
} {
  const [whole = '', inside = ''] = /\s*[[【]([^[\]【】]*)[\]】]\s*$/u.exec(line) ?? [];
  const words = inside.split(/[\s,，、/]+/u).filter((word) => word !== '');
  const read = words.map((word) => ({ level: readLevel(word), category: readCategory(word) }));
  if (words.length === 0 || read.some((one) => one.level === null && one.category === null)) {
    return { rest: line, own: {} };
  }
  const level = read.find((one) => one.level !== null)?.level ?? null;
  const category = read.find((one) => one.category !== null)?.category ?? null;
  return {
    rest: line.slice(0, -whole.length),
    own: {
      ...(level === null ? {} : { level }),
      ...(category === null ? {} : { category }),
    },
  };
}

function codesOf(items: readonly AskedSingle[]): ReadonlySet<string> {
  return new Set(items.flatMap((item) => (item.kind === 'create-tag' ? [item.code] : [])));
}

function withTag(
  named: string,
  { tags }: FormKnowledge,
  make: (tag: Tag) => AskedSingle,
): FilledLine {
  const tag = namedTag(named, tags);
  return tag === null ? missing('tag', named) : { kind: 'filled', item: make(tag) };
}

function missing(what: 'tag' | 'person', id: string): FilledLine {
  return { kind: 'refused', refusal: { kind: 'not-found', what, id: id === '' ? '…' : id } };
}

function findPerson(named: string, { people }: FormKnowledge): Person | undefined {
  const wanted = named.trim().toLowerCase();
  return [...people.values()].find(
    ({ status, code, name }) =>
      status === 'active' &&
      [code, name['zh-CN'], name.en].some((one) => one.toLowerCase() === wanted),
  );
}
