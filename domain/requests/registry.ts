import type { AskedProposal, RequestProposal } from '../request.ts';
import { changeRule } from './change-rule.ts';
import { changeTag } from './change-tag.ts';
import { createTag } from './create-tag.ts';
import { deprecateTag } from './deprecate-tag.ts';
import { exception } from './exception.ts';
import { mergeTags } from './merge-tags.ts';
import type { PartChange } from './part-change.ts';
import type { Known, Prepared, RequestKind } from './request-kind.ts';
import { retireTag } from './retire-tag.ts';
import { splitTag } from './split-tag.ts';

const requestKinds: { readonly [K in RequestProposal['kind']]: RequestKind<K> } = {
  'create-tag': createTag,
  'change-tag': changeTag,
  'merge-tags': mergeTags,
  'split-tag': splitTag,
  'deprecate-tag': deprecateTag,
  'retire-tag': retireTag,
  'change-rule': changeRule,
  exception,
};

/** A kind's own functions take only its own proposals, which the key of the registry guarantees. */
function kindOf(kind: RequestProposal['kind']): RequestKind<RequestProposal['kind']> {
  return requestKinds[kind] as RequestKind<RequestProposal['kind']>;
}

/** Codes of the tags that a proposal is about, the one that would be changed first. */
export function tagsOfProposal(proposal: RequestProposal): readonly string[] {
  return kindOf(proposal.kind).tags(proposal);
}

/** Codes of the rules that a proposal would change. */
export function rulesOfProposal(proposal: RequestProposal): readonly string[] {
  return kindOf(proposal.kind).rules(proposal);
}

/** Whether applying it writes to customers. */
export function changesCustomers(proposal: RequestProposal): boolean {
  return kindOf(proposal.kind).changesCustomers(proposal);
}

/** What would be other than before, part by part. */
export function changesOf(proposal: RequestProposal): readonly PartChange[] {
  return kindOf(proposal.kind).changes(proposal);
}

/** Holds what somebody asks for against what is there. */
export function prepareProposal(asked: AskedProposal, known: Known): Prepared<RequestProposal> {
  return kindOf(asked.kind).prepare(asked, known);
}
