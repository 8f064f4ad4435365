import type { Attribute } from '../condition.ts';
import type { Duty } from '../duty.ts';
import type { NamingPolicy } from '../naming.ts';
import type { Person } from '../person.ts';
import type { AskedSingle, ProposalFault, RequestProposal, SingleProposal } from '../request.ts';
import type { Rule } from '../rule.ts';
import type { Relation, Tag } from '../tag.ts';
import type { PartChange } from './part-change.ts';

/** What a proposal is held against. */
export interface Known {
  readonly tags: readonly Tag[];
  readonly relations: readonly Relation[];
  readonly rules: readonly Rule[];
  readonly attributes: readonly Attribute[];
  readonly people: ReadonlyMap<string, Person>;
  readonly duties: ReadonlyMap<string, Duty>;
  /** Codes of departments. */
  readonly departmentCodes: readonly string[];
  /** Codes of the tags that some source is the master of. */
  readonly masteredCodes: ReadonlySet<string>;
  /** The convention in force; null: none. */
  readonly naming: NamingPolicy | null;
}

export type Prepared<P extends RequestProposal> =
  | { readonly kind: 'sound'; readonly proposal: P }
  | { readonly kind: 'faulty'; readonly fault: ProposalFault };

type Of<K extends SingleProposal['kind']> = Extract<SingleProposal, { readonly kind: K }>;

/** Everything that differs from one kind of request to another; one file each. */
export interface RequestKind<K extends SingleProposal['kind']> {
  /** Codes of the tags it is about, the one that would be changed first; those it would create too. */
  tags(proposal: Of<K>): readonly string[];
  /** Codes of the rules it would change. */
  rules(proposal: Of<K>): readonly string[];
  /** Codes of the tags that customers get by it; of a split the tag itself, whose sensitivity its parts take over. */
  putsOn(proposal: Of<K>): readonly string[];
  /** Whether customers are written to the sources when it is applied. */
  changesCustomers(proposal: Of<K>): boolean;
  /** What would be other than before, part by part; empty where the sentence of the card says it all. */
  changes(proposal: Of<K>): readonly PartChange[];
  /** Holds it against what is there, and adds how things are now. */
  prepare(asked: Extract<AskedSingle, { readonly kind: K }>, known: Known): Prepared<Of<K>>;
}

export function sound<P extends RequestProposal>(proposal: P): Prepared<P> {
  return { kind: 'sound', proposal };
}

export function faulty(fault: ProposalFault): {
  readonly kind: 'faulty';
  readonly fault: ProposalFault;
} {
  return { kind: 'faulty', fault };
}

export function invalid(field: string, expected: string) {
  return faulty({ kind: 'invalid', field, expected });
}

export function notFound(what: 'tag' | 'person' | 'rule', id: string) {
  return faulty({ kind: 'not-found', what, id });
}
