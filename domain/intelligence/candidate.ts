import type { OwnerFault } from '../owner-fault.ts';
import type { DefinitionRelation } from './predicate.ts';
import type { LikenessReason } from './similar-tags.ts';

/**
 * synonym: two tags may mean the same. redundancy: two tags are on nearly the same customers. containment: nearly all
 * customers of the first have the second. ambiguity: one name, or synonyms, used for different customers by different
 * departments. sibling: two values of one property. exclusion: two tags hardly ever meet. zombie: nobody has it.
 * undefined: only a source knows it. unowned: nobody answers for it.
 */
export const candidateKinds = [
  'synonym',
  'ambiguity',
  'redundancy',
  'containment',
  'sibling',
  'exclusion',
  'zombie',
  'undefined',
  'unowned',
] as const;
export type CandidateKind = (typeof candidateKinds)[number];

/** A finding that speaks for or against a candidate, with its figures. */
export type CandidateReason =
  | { readonly kind: 'likeness'; readonly why: LikenessReason }
  /** What differs between two names, and what they share. */
  | {
      readonly kind: 'opposed';
      readonly left: string;
      readonly right: string;
      readonly shared: string;
    }
  | { readonly kind: 'definitions'; readonly relation: DefinitionRelation }
  /** Departments by code; an empty list stands for every department. */
  | {
      readonly kind: 'departments';
      readonly first: readonly string[];
      readonly second: readonly string[];
    }
  | {
      readonly kind: 'population';
      readonly ofFirst: number;
      readonly ofSecond: number;
      readonly both: number;
    }
  | {
      readonly kind: 'chance';
      readonly expected: number;
      readonly both: number;
      readonly pValue: number;
    }
  | { readonly kind: 'unused'; readonly customers: number }
  | { readonly kind: 'carried'; readonly customers: number }
  | { readonly kind: 'owner'; readonly fault: OwnerFault };

/** Something about the dictionary that a person should decide on. */
export interface Candidate {
  readonly kind: CandidateKind;
  /** Dictionary or source tag; of a pair the smaller id, but for containment: the one within the other. */
  readonly firstTagId: number;
  /** 0 where it is about one tag. */
  readonly secondTagId: number;
  /** 0–1: how soon a person should look at it, within its kind. */
  readonly score: number;
  readonly reasons: readonly CandidateReason[];
}

/** refused: a person ruled that it is not so. later: asked again from an instant on. gone: no longer found. */
export const candidateStates = ['open', 'confirmed', 'refused', 'later', 'gone'] as const;
export type CandidateState = (typeof candidateStates)[number];
