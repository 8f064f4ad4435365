/** How a source names a tag: its own id, code or name of it, as text. */
export type TagRef = string;

export interface SourceTag {
  readonly tagRef: TagRef;
  readonly name: string;
  /** What it is to be found by in the dictionary: a tag code, or a name in any language. */
  readonly meaning: { readonly kind: 'code' | 'name'; readonly value: string };
}

export interface SourceAssignment {
  readonly tagRef: TagRef;
  /** Epoch seconds; null where the source does not say. */
  readonly sinceSeconds: number | null;
  readonly actor: string | null;
  readonly importName: string | null;
}

export type AttributeValue = number | string | boolean | null;

/** A customer as the source has it now. Attributes by code; dates are epoch milliseconds. */
export interface SourceCustomer {
  readonly ref: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly assignments: readonly SourceAssignment[];
}

/** A row that could not be read: it is reported and the rest goes on. */
export interface RejectedRow {
  readonly ref: string | null;
  /** Column, what was found (its type, not its value) and what is expected. */
  readonly problem: string;
}

export interface CustomerBatch {
  readonly customers: readonly SourceCustomer[];
  /** Refs of customers that do not exist, or no longer; `readAll` has none. */
  readonly removedRefs: readonly string[];
  readonly rejected: readonly RejectedRow[];
}

export interface CustomerChange {
  readonly customerRef: string;
  /** All tags the customer must still have, no more and no fewer, for the change to be made. */
  readonly expectedTagRefs: readonly TagRef[];
  readonly addTagRefs: readonly TagRef[];
  readonly removeTagRefs: readonly TagRef[];
  /** Person code, written to the source where it has a place for it. */
  readonly actor: string;
}

export type ChangeOutcome =
  | { readonly kind: 'changed'; readonly customerRef: string }
  /** The customer already has what is to be added and lacks what is to be removed. */
  | { readonly kind: 'already-so'; readonly customerRef: string }
  | { readonly kind: 'changed-meanwhile'; readonly customerRef: string }
  | {
      readonly kind: 'refused';
      readonly customerRef: string /** A `writeRefusal`, or the source's own words. */;
      readonly why: string;
    };

export interface ConnectorCapabilities {
  readonly readChanges: boolean;
  readonly write: boolean;
  /** Compare and set are one atomic step in the source, not a re-read just before. */
  readonly atomicCompareAndSet: boolean;
  /** Customers per call of `applyChanges` and `readCustomers`. */
  readonly batchCustomersMax: number;
  /** What the source may be asked to write in a second; null: no limit. */
  readonly customersPerSecondMax: number | null;
}

/**
 * The port to a system that holds customers and their tags. Methods reject with a ConnectorError.
 * All implementations pass the shared contract suite (test/support/connector-contract.ts).
 */
export interface Connector {
  readonly capabilities: ConnectorCapabilities;
  /** The attributes it fills. */
  readonly attributeCodes: readonly string[];
  /** The tags the source lists; empty where it keeps no list. */
  readTags(signal: AbortSignal): Promise<readonly SourceTag[]>;
  /** A tag that is on a customer but not in that list. */
  describeTag(tagRef: TagRef): SourceTag;
  /**
   * Every customer, in batches; memory stays flat. `cursor` on the result is where `readChanges` goes on:
   * it is taken before the first row is read, so nothing is missed in between.
   */
  readAll(signal: AbortSignal): Promise<{
    readonly cursor: string;
    readonly batches: AsyncIterable<CustomerBatch>;
  }>;
  /** Customers that changed after `cursor`, each whole as it is now; the last batch comes with the new cursor. */
  readChanges(
    cursor: string,
    signal: AbortSignal,
  ): AsyncIterable<CustomerBatch & { readonly cursor: string }>;
  /** The named customers as they are now; each is in one of the batch's lists. */
  readCustomers(refs: readonly string[], signal: AbortSignal): Promise<CustomerBatch>;
  /** One outcome per change, in the same order. Repeating a call is harmless. */
  applyChanges(
    changes: readonly CustomerChange[],
    signal: AbortSignal,
  ): Promise<readonly ChangeOutcome[]>;
  close(): Promise<void>;
}

/** unreachable: try again later. auth: an admin must act. configuration: the mapping does not fit the source. */
export type ConnectorErrorKind = 'unreachable' | 'auth' | 'configuration';

export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly kind: ConnectorErrorKind;

  /** `message` names the source and what to do; never a secret, never a customer's data. */
  constructor(kind: ConnectorErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
