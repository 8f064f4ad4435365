/** What a rule's sentences are made of. Tag names are quoted already; null where the findings differ in it. */
export interface RuleFacts {
  readonly customers: number;
  readonly first: string | null;
  readonly second: string | null;
  /** What takes the first tag's place. */
  readonly successor: string | null;
  /** The tag that stands for its synonyms. */
  readonly canonical: string | null;
  readonly direction: 'unmet' | 'missing' | 'both' | null;
  readonly tagsMax: number | null;
  readonly temporaryTagsMax: number | null;
}

/** How a kind of rule is explained. */
export interface RuleWords {
  /** What is wrong. */
  readonly what: (facts: RuleFacts) => string;
  /** What the rule says. */
  readonly rule: (facts: RuleFacts) => string;
  /** Why it matters. */
  readonly why: (facts: RuleFacts) => string;
  /** What to do. */
  readonly advice: (facts: RuleFacts) => string;
}

/** Tags in a resolution's words: a quoted name, or what the tag is in its rule. */
export interface TagNames {
  readonly first: string;
  readonly second: string;
  readonly successor: string;
}
