import type { Draft } from '../draft.ts';
import type { ConfigurationProblem } from '../problem.ts';

/** What no file can be wrong about on its own: references, cycles, contradictions. */
export function crossCheck(_draft: Draft): readonly ConfigurationProblem[] {
  return [];
}
