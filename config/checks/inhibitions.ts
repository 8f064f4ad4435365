import { problemAt, type Draft, type Entry } from '../draft.ts';
import type { ConfigurationProblem } from '../problem.ts';
import type { PolicyFile } from '../schema/policy.ts';
import { missing, present } from './reference.ts';

/** Whether inhibitions name rules that exist, and none mutes itself by way of others: nobody would hear of either. */
export function inhibitionProblems(
  draft: Draft,
  entry: Entry<PolicyFile>,
): readonly ConfigurationProblem[] {
  const inhibitions = entry.value.grouping?.inhibit ?? [];
  const path = ['grouping', 'inhibit'];
  const expected = 'the code of a rule in rules.yaml';
  const unknown = present(
    inhibitions.flatMap(({ rule, mutes }, index) => [
      missing({ entry, path: [...path, index, 'rule'], code: rule }, draft.rules, expected),
      ...mutes.map((code, at) =>
        missing({ entry, path: [...path, index, 'mutes', at], code }, draft.rules, expected),
      ),
    ]),
  );
  if (unknown.length > 0) return unknown;
  const muted = new Map<string, readonly string[]>();
  for (const { rule, mutes } of inhibitions) {
    muted.set(rule, [...(muted.get(rule) ?? []), ...mutes]);
  }
  for (const [index, { rule }] of inhibitions.entries()) {
    const circle = wayBack(rule, muted);
    if (circle === null) continue;
    return [
      problemAt(entry, [...path, index], {
        found: `a circle (${circle.join(' mutes ')})`,
        expected: 'rules of which one is told',
      }),
    ];
  }
  return [];
}

function wayBack(
  start: string,
  next: ReadonlyMap<string, readonly string[]>,
): readonly string[] | null {
  const ways: (readonly string[])[] = [[start]];
  const seen = new Set<string>();
  for (let index = 0; index < ways.length; index += 1) {
    const way = ways[index] ?? [];
    for (const code of next.get(way.at(-1) ?? '') ?? []) {
      if (code === start) return [...way, code];
      if (seen.has(code)) continue;
      seen.add(code);
      ways.push([...way, code]);
    }
  }
  return null;
}
