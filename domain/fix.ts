/** Ways to resolve one finding. Which of them a rule kind offers, and which it recommends, its own file says. */
export const resolutionCodes = [
  /** Keep the first tag, remove the second. */
  'keep-first',
  /** Keep the second tag, remove the first. */
  'keep-second',
  /** Remove the first tag. */
  'remove',
  /** Remove the first tag and put its successor (or canonical tag) on. */
  'replace',
  /** Put the first tag on. */
  'add',
  /** Keep each customer's strongest tag of the rule and remove the others. */
  'keep-strongest',
  /** Keep, of each customer's tags of the rule, the one put on last and remove the others. */
  'keep-latest',
  /** Put the second tag on. */
  'add-second',
  /** Make every source say what the tag's master source says. */
  'follow-master',
  /** Remove as many of the weakest tags as the limit asks for. */
  'remove-weakest',
] as const;
export type ResolutionCode = (typeof resolutionCodes)[number];

/** A tag change of one customer; ids of the mirror. */
export interface TagChange {
  readonly addTagIds: readonly number[];
  readonly removeTagIds: readonly number[];
  /** Sources in which an added tag goes on; unless said, where a removed tag was, or the customer's first source. */
  readonly addedTo?: readonly {
    readonly tagId: number;
    readonly sourceIds: readonly number[];
  }[];
}

/** What a person chose in the fix dialog. */
export type FixChoice =
  | { readonly kind: 'all'; readonly resolution: ResolutionCode }
  /** Each finding is resolved as its rule recommends. */
  | { readonly kind: 'recommended' }
  /** Those whom an earlier fix of the warning was to change and whose conflict stands, as was chosen then. */
  | { readonly kind: 'again'; readonly fixId: number }
  /** Customers not listed stay as they are and in the warning. */
  | {
      readonly kind: 'by-customer';
      readonly resolutions: readonly {
        readonly customerId: number;
        readonly resolution: ResolutionCode;
      }[];
    };

/** What decides customer by customer; `again` says it by the fix that it repeats. */
export type OwnChoice = Exclude<FixChoice, { readonly kind: 'again' }>;

/** What became of one customer of a fix. */
export const fixOutcomes = [
  /** Not known to be written; after a crash the source tells whether it happened. */
  'pending',
  /** Written. */
  'changed',
  /** The source already was as the fix wants it. */
  'already-so',
  /** The customer no longer looked as it did; left alone. */
  'changed-meanwhile',
  /** The source said no; `detail` says why. */
  'refused',
] as const;
export type FixOutcome = (typeof fixOutcomes)[number];

export type FixState = 'planned' | 'writing' | 'written' | 'undoing' | 'undone';

/** How many customers ended how. */
/** Customers of a fix that are done with, however it went. */
export function countDone({ changed, alreadySo, changedMeanwhile, refused }: FixCounts): number {
  return changed + alreadySo + changedMeanwhile + refused;
}

export interface FixCounts {
  readonly customers: number;
  readonly changed: number;
  readonly alreadySo: number;
  readonly changedMeanwhile: number;
  readonly refused: number;
}
