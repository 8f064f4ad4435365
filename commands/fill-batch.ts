import { assertNever } from '../domain/assert-never.ts';
import type { Person } from '../domain/person.ts';
import { batchItemsMax, type AskedProposal, type AskedSingle } from '../domain/request.ts';
import type { Tag } from '../domain/tag.ts';
import type { CommandRefusal } from './command.ts';
import { namedTag, type FormKnowledge } from './fill-proposal.ts';

/** Changes that can be asked for by a list, one line each. */
export const batchKinds = ['merge', 'deprecate', 'retire', 'owner'] as const;
export type BatchKind = (typeof batchKinds)[number];

export type FilledBatch =
  | { readonly kind: 'filled'; readonly proposal: AskedProposal }
  /** `line`: from 1. */
  | { readonly kind: 'refused'; readonly line: number; readonly refusal: CommandRefusal };

/** Between the tag that changes and the one or the person it is about. */
const arrow = /\s*(?:→|->|=>|＞|>|，|,|\t)\s*/u;

type FilledLine =
  | { readonly kind: 'filled'; readonly item: AskedSingle }
  | { readonly kind: 'refused'; readonly refusal: CommandRefusal };

/**
 * What a list asks for: a tag a line, and behind an arrow or a comma the tag it goes into, its successor or its new owner.
 * Tags and people may be written by code or by name in either language. Empty lines are passed over.
 */
export function fillBatch(what: BatchKind, list: string, known: FormKnowledge): FilledBatch {
  const items: AskedSingle[] = [];
  for (const [index, line] of list.split(/\r?\n/u).entries()) {
    if (line.trim() === '') continue;
    const read = readLine(what, line.trim(), known);
    if (read.kind === 'refused') return { ...read, line: index + 1 };
    items.push(read.item);
  }
  if (items.length === 0 || items.length > batchItemsMax) {
    const expected = `1–${batchItemsMax} lines`;
    return { kind: 'refused', line: 1, refusal: { kind: 'invalid', field: 'items', expected } };
  }
  return { kind: 'filled', proposal: { kind: 'batch', items } };
}

function readLine(what: BatchKind, line: string, known: FormKnowledge): FilledLine {
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
    case 'retire':
      return { kind: 'filled', item: { kind: 'retire-tag', code: tag.code } };
    case 'owner': {
      const owner = findPerson(second, known);
      if (owner === undefined) return missing('person', second);
      const after = { ownerCode: owner.code };
      return { kind: 'filled', item: { kind: 'change-tag', code: tag.code, after } };
    }
    default:
      return assertNever(what);
  }
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
