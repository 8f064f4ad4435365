import {
  batchItemsMax,
  itemsOf,
  type AskedProposal,
  type AskedSingle,
  type RequestProposal,
  type SingleProposal,
} from '../request.ts';
import { activateTag } from './activate-tag.ts';
import { changeRule } from './change-rule.ts';
import { changeTag } from './change-tag.ts';
import { createTag } from './create-tag.ts';
import { deprecateTag } from './deprecate-tag.ts';
import { exception } from './exception.ts';
import { mergeTags } from './merge-tags.ts';
import type { PartChange } from './part-change.ts';
import { faulty, invalid, type Known, type Prepared, type RequestKind } from './request-kind.ts';
import { retireTag } from './retire-tag.ts';
import { areRivals } from './rivals.ts';
import { splitTag } from './split-tag.ts';

const requestKinds: { readonly [K in SingleProposal['kind']]: RequestKind<K> } = {
  'create-tag': createTag,
  'activate-tag': activateTag,
  'change-tag': changeTag,
  'merge-tags': mergeTags,
  'split-tag': splitTag,
  'deprecate-tag': deprecateTag,
  'retire-tag': retireTag,
  'change-rule': changeRule,
  exception,
};

/** A kind's own functions take only its own proposals, which the key of the registry guarantees. */
function kindOf(kind: SingleProposal['kind']): RequestKind<SingleProposal['kind']> {
  return requestKinds[kind] as RequestKind<SingleProposal['kind']>;
}

/** Codes of the tags that a proposal is about, the one that would be changed first. */
export function tagsOfProposal(proposal: RequestProposal): readonly string[] {
  return distinct(itemsOf(proposal).flatMap((item) => kindOf(item.kind).tags(item)));
}

/** Codes of the rules that a proposal would change. */
export function rulesOfProposal(proposal: RequestProposal): readonly string[] {
  return distinct(itemsOf(proposal).flatMap((item) => kindOf(item.kind).rules(item)));
}

/** Codes of the tags that customers get by it. */
export function tagsPutOnBy(proposal: RequestProposal): readonly string[] {
  return distinct(itemsOf(proposal).flatMap((item) => kindOf(item.kind).putsOn(item)));
}

function distinct(codes: readonly string[]): readonly string[] {
  return [...new Set(codes)];
}

/** Whether applying it writes to customers. */
export function changesCustomers(proposal: RequestProposal): boolean {
  return itemsOf(proposal).some((item) => kindOf(item.kind).changesCustomers(item));
}

/** What would be other than before, part by part; of a batch its items say it. */
export function changesOf(proposal: RequestProposal): readonly PartChange[] {
  return proposal.kind === 'batch' ? [] : kindOf(proposal.kind).changes(proposal);
}

/** Holds what somebody asks for against what is there. */
export function prepareProposal(asked: AskedProposal, known: Known): Prepared<RequestProposal> {
  return asked.kind === 'batch' ? prepareBatch(asked.items, known) : prepareSingle(asked, known);
}

function prepareSingle(asked: AskedSingle, known: Known): Prepared<SingleProposal> {
  return kindOf(asked.kind).prepare(asked, known);
}

function prepareBatch(
  asked: readonly AskedSingle[],
  known: Known,
): Prepared<Extract<RequestProposal, { kind: 'batch' }>> {
  if (asked.length === 0 || asked.length > batchItemsMax) {
    return invalid('items', `1–${batchItemsMax} changes`);
  }
  if (new Set(asked.map(({ kind }) => kind)).size > 1) {
    return invalid('items', 'changes of one kind');
  }
  const items: SingleProposal[] = [];
  for (const [index, one] of asked.entries()) {
    const rival = items.findIndex((other) => areRivals(one, other));
    if (rival >= 0) return faulty({ kind: 'batch-rivals', items: [rival + 1, index + 1] });
    const prepared = prepareSingle(one, known);
    if (prepared.kind === 'faulty') {
      const { fault } = prepared;
      return fault.kind === 'batch-item' || fault.kind === 'batch-rivals'
        ? prepared
        : faulty({ kind: 'batch-item', item: index + 1, fault });
    }
    items.push(prepared.proposal);
  }
  return { kind: 'sound', proposal: { kind: 'batch', items } };
}
