import type { Draft } from '../draft.ts';
import type { ConfigurationProblem } from '../problem.ts';
import { contradictions } from './contradictions.ts';
import { cycles } from './cycles.ts';
import { duplicates } from './duplicates.ts';
import { peopleProblems } from './people.ts';
import { policyProblems } from './policy.ts';
import { ruleProblems } from './rules.ts';
import { sourceProblems } from './sources.ts';
import { tagProblems } from './tags.ts';

/** What no entry can be wrong about on its own: references, duplicates, cycles, contradictions. */
export function crossCheck(draft: Draft): readonly ConfigurationProblem[] {
  return [
    ...duplicates(draft),
    ...peopleProblems(draft),
    ...tagProblems(draft),
    ...ruleProblems(draft),
    ...policyProblems(draft),
    ...sourceProblems(draft),
    ...cycles(draft),
    ...contradictions(draft),
  ];
}
