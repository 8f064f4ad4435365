import { learnLexicon } from '../domain/intelligence/lexicon.ts';
import { createOpposition } from '../domain/intelligence/opposition.ts';
import { chinese } from '../language/chinese.ts';
import { readRows, splitByNames, type LabelledPair, type Split } from './labelled-pairs.ts';

/** A pair of names of which people say that they mean the same, or that they are two values of one property. */
export interface LabelledKind extends LabelledPair {
  readonly label: 'same' | 'sibling';
}

export interface SiblingScore {
  readonly siblings: number;
  /** The part of the siblings that is told as such. */
  readonly found: number;
  readonly same: number;
  /** The part of those that mean the same and are told to be siblings: each is a synonym that nobody is asked about. */
  readonly mistaken: number;
}

export type SiblingEvaluation = Split<SiblingScore>;

/** `a,b,label` a line, where the label is `same` or `sibling`; other labels are left out. */
export function readLabelledKinds(text: string): readonly LabelledKind[] {
  return readRows(text, ['a', 'b', 'label']).flatMap(([a = '', b = '', label = '']) =>
    a !== '' && b !== '' && (label === 'same' || label === 'sibling') ? [{ a, b, label }] : [],
  );
}

/** How well names alone tell siblings from synonyms, with nothing taught. */
export function evaluateSiblings(pairs: readonly LabelledKind[]): SiblingEvaluation {
  const language = chinese();
  const oppose = createOpposition({ language, lexicon: learnLexicon([], language) });
  const scoreOf = (part: readonly LabelledKind[]): SiblingScore => {
    const told = (label: LabelledKind['label']) => {
      const labelled = part.filter((pair) => pair.label === label);
      const opposed = labelled.filter(({ a, b }) => oppose(a, b) !== null);
      return { count: labelled.length, share: shareOf(opposed.length, labelled.length) };
    };
    const [siblings, same] = [told('sibling'), told('same')];
    return {
      siblings: siblings.count,
      found: siblings.share,
      same: same.count,
      mistaken: same.share,
    };
  };
  const { tuned, untouched } = splitByNames(pairs);
  return { tuned: scoreOf(tuned), untouched: scoreOf(untouched) };
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Number((part / whole).toFixed(3));
}
