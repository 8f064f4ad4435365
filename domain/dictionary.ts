import type { Attribute } from './condition.ts';
import type { Rule } from './rule.ts';
import type { Relation, Tag } from './tag.ts';

/** Everything rules are compiled from. */
export interface Dictionary {
  readonly tags: readonly Tag[];
  readonly relations: readonly Relation[];
  readonly attributes: readonly Attribute[];
  readonly rules: readonly Rule[];
}
