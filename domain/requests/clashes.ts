import type { Contradiction } from './contradictions.ts';
import { isPair, type Statement } from './statements.ts';

/** Where what would be said of tags does not go together with itself and with what is said already. */
export function amongStatements(
  made: readonly Statement[],
  standing: readonly Statement[],
): readonly Contradiction[] {
  if (made.length === 0) return [];
  return [
    ...made.flatMap((one) => standing.flatMap((other) => ofTwo(one, other))),
    ...impossible(made, standing),
    ...circles(made, standing),
  ];
}

/** Two statements about the same two tags. */
function ofTwo(one: Statement, other: Statement): readonly Contradiction[] {
  if (!isPair([one.from, one.to], other.from, other.to)) return [];
  const [same, apart] = isSameness(one) ? [one, other] : [other, one];
  if (!isSameness(same)) return [];
  const tagCodes = [one.from, one.to] as const;
  // Which rule says otherwise; of a new rule it is the other one.
  const { ruleCode } = other;
  if (apart.says === 'excludes') return [{ kind: 'excluded-and-same', tagCodes, ruleCode }];
  if (apart.says !== 'removes') return [];
  // A dominant tag that is the one kept says what the synonym says.
  const isKept = same.says === 'same' && same.from === apart.from;
  return isKept ? [] : [{ kind: 'removed-and-same', tagCodes, ruleCode }];
}

function isSameness({ says }: Statement): boolean {
  return says === 'same' || says === 'becomes';
}

/** Tags that nobody could carry, because what they call for may not stand together. */
function impossible(
  made: readonly Statement[],
  standing: readonly Statement[],
): readonly Contradiction[] {
  if (made.every(isSameness)) return [];
  const all = [...made, ...standing];
  const implied = followers(all, 'implies');
  const newlyCalling = made.filter(({ says }) => says === 'implies').map(({ from }) => from);
  return [...implied.keys()].flatMap((tagCode) => {
    const called = reach(implied, tagCode);
    const isTouched = newlyCalling.some((code) => called.has(code));
    return (isTouched ? all : made).flatMap(({ says, from, to, ruleCode }) => {
      if (says !== 'excludes' && says !== 'removes') return [];
      if (!called.has(from) || !called.has(to)) return [];
      const kind = says === 'excludes' ? 'excluded-and-implied' : 'removed-and-implied';
      return [{ kind, tagCode, tagCodes: [from, to], ruleCode } as const];
    });
  });
}

function circles(
  made: readonly Statement[],
  standing: readonly Statement[],
): readonly Contradiction[] {
  const removed = followers([...made, ...standing], 'removes');
  return made
    .filter(({ says }) => says === 'removes')
    .flatMap(({ from, to }): readonly Contradiction[] => {
      const back = pathBetween(removed, to, from);
      return back === null ? [] : [{ kind: 'removed-in-a-circle', tagCodes: [from, ...back] }];
    });
}

export type Followers = ReadonlyMap<string, readonly string[]>;

function followers(statements: readonly Statement[], says: Statement['says']): Followers {
  const found = new Map<string, string[]>();
  for (const one of statements) {
    if (one.says === says) found.set(one.from, [...(found.get(one.from) ?? []), one.to]);
  }
  return found;
}

/** The tag itself and all it calls for. */
function reach(graph: Followers, start: string): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const code of reached) for (const next of graph.get(code) ?? []) reached.add(next);
  return reached;
}

/** The way along the graph, both ends included; null where there is none. */
export function pathBetween(
  graph: Followers,
  start: string,
  end: string,
): readonly string[] | null {
  const cameFrom = new Map<string, string | null>([[start, null]]);
  for (const code of cameFrom.keys()) {
    if (code === end) return pathTo(cameFrom, end);
    for (const next of graph.get(code) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, code);
  }
  return null;
}

function pathTo(cameFrom: ReadonlyMap<string, string | null>, end: string): readonly string[] {
  const path: string[] = [];
  for (let code: string | null = end; code !== null; code = cameFrom.get(code) ?? null) {
    path.unshift(code);
  }
  return path;
}
