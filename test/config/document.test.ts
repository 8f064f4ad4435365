import * as fastCheck from 'fast-check';
import { expect, test } from 'vitest';
import { parseYaml } from '../../config/document.ts';
import { describeProblem, describeProblems, nearest } from '../../config/problem.ts';
import { company, companyWith, problemLines } from './company.ts';

function linesOf(text: string): readonly string[] {
  const reading = parseYaml('tags.yaml', text);
  return reading.kind === 'ok' ? [] : reading.problems.map(describeProblem);
}

test('an empty file is told by what is missing', () => {
  expect(problemLines({ ...company, rules: '' })).toEqual([
    'rules.yaml:1:1: found nothing, expected a map of keys',
  ]);
});

test('a duplicate key is told where it stands the second time', () => {
  expect(linesOf('tags: []\ntags: []\n')).toEqual([
    'tags.yaml:2:1: found a key that stands here twice, expected each key once',
  ]);
});

test('every syntax error of a file is told', () => {
  const lines = linesOf('tags:\n\t- code: a\n  - {code: b\n');
  expect(lines.length).toBeGreaterThan(1);
  expect(lines[0]).toBe(
    'tags.yaml:2:1: found a YAML error (Tabs are not allowed as indentation), expected valid YAML',
  );
});

test('a second document is refused', () => {
  expect(linesOf('tags: []\n---\ntags: []\n')).toEqual([
    'tags.yaml:2:1: found a second document (---), expected one document in a file',
  ]);
});

test('an anchor may repeat a value, whose problem stands at the anchor', () => {
  const texts = companyWith(
    'tags',
    '{attribute: last_order_at, withinDays: 180}',
    '&recent {attribute: last_order, withinDays: 180}\n        - *recent',
  );
  const expected =
    'found "last_order", expected the code of an attribute in sources.yaml (did you mean "last_order_at"?)';
  expect(problemLines(texts)).toEqual([
    `tags.yaml:14:31 tags[0].criteria.all[1].attribute: ${expected}`,
    `tags.yaml:14:31 tags[0].criteria.all[2].attribute: ${expected}`,
  ]);
});

test('anchors that multiply each other are refused', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x, x]',
    'b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]',
    'c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]',
    'd: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]',
  ].join('\n');
  expect(linesOf(bomb)).toEqual([
    'tags.yaml:1:1: found anchors that multiply each other, expected at most 100 repetitions by anchors',
  ]);
});

test.each([100, 5_000, 50_000])('nesting of %d levels is refused', (levels) => {
  expect(linesOf('['.repeat(levels) + ']'.repeat(levels))).toEqual([
    'tags.yaml:1:1: found nesting too deep to read, expected at most 64 levels',
  ]);
});

test('of a file that is broken all over, only the first errors are told', () => {
  expect(linesOf('a: b: c\n'.repeat(1_000))).toHaveLength(20);
});

test('problems of all files come at once, in the order of the files and their lines', () => {
  const texts = {
    ...companyWith('people', 'department: sales', 'department: sale'),
    tags: company.tags.replace('level: main', 'level: mian'),
    policy: 'severities: [',
  };
  expect(problemLines(texts).map((line) => line.split(':').slice(0, 2).join(':'))).toEqual([
    'people.yaml:14',
    'tags.yaml:7',
    'policy.yaml:1',
  ]);
});

test('what refers to a file that cannot be read is not also called unknown', () => {
  expect(problemLines({ ...company, people: 'people: [' })).toHaveLength(1);
});

test('the last line says how many problems there are and that nothing was applied', () => {
  const reading = parseYaml('tags.yaml', 'tags: [\n');
  if (reading.kind === 'ok') throw new Error('This is no YAML.');
  expect(describeProblems(reading.problems).at(-1)).toBe('1 problem; nothing was applied.');
});

test.each([
  ['li-le', ['li-lei', 'han-meimei'], 'li-lei'],
  ['li-lie', ['li-lei', 'han-meimei'], 'li-lei'],
  ['zhang', ['li-lei', 'han-meimei'], null],
  ['vpi', ['vip', 'minor'], 'vip'],
  ['x', [], null],
])('%s is near %j: %s', (text, candidates, expected) => {
  expect(nearest(text, candidates)).toBe(expected);
});

const junk = [
  'null',
  '[]',
  '{}',
  '-1',
  'true',
  '""',
  '{a: 1}',
  '[[x]]',
  '*x',
  '&x y',
  '2026-01-01',
  '~',
];

test('whatever a value is replaced by, problems are told and nothing is thrown', () => {
  const files = Object.keys(company) as (keyof typeof company)[];
  fastCheck.assert(
    fastCheck.property(
      fastCheck.constantFrom(...files),
      fastCheck.nat(),
      fastCheck.constantFrom(...junk),
      (file, position, replacement) => {
        const places = [...company[file].matchAll(/(?<=: )[^,{}[\]\n]+/g)];
        const place = places[position % places.length];
        const from = place?.index ?? 0;
        const until = from + (place?.[0].length ?? 0);
        const text = company[file].slice(0, from) + replacement + company[file].slice(until);
        for (const line of problemLines({ ...company, [file]: text })) {
          expect(line).toMatch(/^\w+\.yaml:\d+:\d+[^:]*: found .+, expected .+/);
        }
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);
