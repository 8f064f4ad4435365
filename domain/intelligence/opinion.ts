import { canonicalJson } from '../canonical-json.ts';
import type { LocalizedText } from '../locale.ts';
import type { Candidate, CandidateKind } from './candidate.ts';
import type { InventoryTag } from './suggest.ts';

/** What a language model makes of two tags: narrower and wider are of the first against the second. */
export const opinionVerdicts = [
  'same',
  'narrower',
  'wider',
  'related',
  'different',
  'unsure',
] as const;
export type OpinionVerdict = (typeof opinionVerdicts)[number];

/** A language model's opinion on a candidate. It decides nothing and is always shown as what it is. */
export interface Opinion {
  readonly verdict: OpinionVerdict;
  readonly because: LocalizedText;
  readonly model: string;
  /** What it was asked; an opinion on other definitions is none. */
  readonly asked: string;
  readonly atMs: number;
}

/** What a model is shown of a tag: the dictionary's words, never customers. */
export interface OpinionTag {
  readonly name: LocalizedText;
  readonly definition: LocalizedText;
}

/** Kinds on which the meaning of two tags is the question. */
const meaningKinds: readonly CandidateKind[] = [
  'synonym',
  'ambiguity',
  'redundancy',
  'containment',
  'sibling',
];

/**
 * The two tags that a model may be asked about; null where meaning is not the question, or where one of them is
 * sensitive, which nobody outside may read of.
 */
export function opinionTagsOf(
  candidate: Pick<Candidate, 'kind' | 'firstTagId' | 'secondTagId'>,
  tags: ReadonlyMap<number, InventoryTag>,
  sensitiveTagIds: ReadonlySet<number>,
): readonly [OpinionTag, OpinionTag] | null {
  const { kind, firstTagId, secondTagId } = candidate;
  const [first, second] = [tags.get(firstTagId), tags.get(secondTagId)];
  if (!meaningKinds.includes(kind) || first === undefined || second === undefined) return null;
  if (sensitiveTagIds.has(firstTagId) || sensitiveTagIds.has(secondTagId)) return null;
  return [shown(first), shown(second)];
}

function shown({ name, definition }: InventoryTag): OpinionTag {
  return { name, definition };
}

/** What was asked, as one text that changes with the words of the tags and with the model. */
export function askedOf(tags: readonly [OpinionTag, OpinionTag], model: string): string {
  return canonicalJson({ tags, model });
}
