import { problemAt, type Draft, type EntryList } from '../draft.ts';
import type { ConfigurationProblem } from '../problem.ts';

/** Successors, parents, deputies, second lines and managers that lead back to where they began. */
export function cycles(draft: Draft): readonly ConfigurationProblem[] {
  return [
    ...cyclesOf(draft.departments, 'parent', ({ parent }) => parent),
    ...cyclesOf(draft.people, 'manager', ({ manager }) => manager),
    ...cyclesOf(draft.people, 'secondLine', ({ secondLine }) => secondLine),
    ...cyclesOf(draft.people, 'deputy', ({ deputy }) => deputy),
    ...cyclesOf(draft.tags, 'parent', ({ parent }) => parent),
    ...cyclesOf(draft.tags, 'successor', ({ successor }) => successor),
  ];
}

function cyclesOf<T extends { readonly code: string }>(
  list: EntryList<T>,
  field: string,
  nextOf: (value: T) => string | undefined,
): readonly ConfigurationProblem[] {
  const next = new Map(list.entries.map(({ value }) => [value.code, nextOf(value)]));
  const told = new Set<string>();
  const problems: ConfigurationProblem[] = [];
  for (const entry of list.entries) {
    const cycle = cycleFrom(entry.value.code, next);
    if (cycle === null || told.has(entry.value.code)) continue;
    for (const code of cycle) told.add(code);
    problems.push(
      problemAt(entry, [field], {
        expected: `a ${field} that does not lead back here (${[...cycle, entry.value.code].join(' → ')})`,
      }),
    );
  }
  return problems;
}

/** The way from a code back to itself; null where there is none. */
function cycleFrom(
  start: string,
  next: ReadonlyMap<string, string | undefined>,
): readonly string[] | null {
  const way = [start];
  const seen = new Set(way);
  for (let at = next.get(start); at !== undefined; at = next.get(at)) {
    if (at === start) return way;
    if (seen.has(at)) return null;
    seen.add(at);
    way.push(at);
  }
  return null;
}
