import type { z } from 'zod';
import type { YamlFile } from './document.ts';
import { describeFound, nearest, type ConfigurationProblem, type NodePath } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** Everything about a file's value that its schema does not allow. */
export function schemaProblems(file: YamlFile, schema: z.ZodType): readonly ConfigurationProblem[] {
  const parsed = schema.safeParse(file.value, { error: expectation });
  if (parsed.success) return [];
  return worthTelling(parsed.error.issues).flatMap((issue) => toProblems(file, issue, []));
}

/** An unknown key is the likeliest reason for a map that does not fit as a whole; then the key alone is told. */
function worthTelling(issues: readonly Issue[]): readonly Issue[] {
  const withUnknownKey = new Set(
    issues
      .filter(({ code }) => code === 'unrecognized_keys')
      .map(({ path }) => JSON.stringify(path)),
  );
  return issues.filter(
    ({ code, path }) => code !== 'custom' || !withUnknownKey.has(JSON.stringify(path)),
  );
}

const oneOf = 'one of ';

/** What an issue's place should hold; '' for a union, whose branches say it better. */
function expectation(issue: z.core.$ZodRawIssue): string {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the schemas word the others themselves
  switch (issue.code) {
    case 'invalid_type':
      return describeType(String(issue.expected), issue.input);
    case 'invalid_value':
      return oneOf + issue.values.map(String).join(', ');
    case 'unrecognized_keys':
      return oneOf + allowedKeys(issue.inst).join(', ');
    case 'invalid_union':
      return Array.isArray(issue['options']) ? oneOf + issue['options'].join(', ') : '';
    case 'too_small':
      return `at least ${String(issue.minimum)}${issue.origin === 'array' ? ' entries' : ''}`;
    case 'too_big':
      return `at most ${String(issue.maximum)}${issue.origin === 'array' ? ' entries' : ''}`;
    case 'invalid_format':
      return 'pattern' in issue ? `a text that fits ${issue['pattern']}` : 'another text';
    default:
      return issue.message ?? 'something else';
  }
}

function describeType(type: string, input: unknown): string {
  switch (type) {
    case 'string':
      return typeof input === 'number' || typeof input === 'boolean'
        ? 'a text (put it in quotes)'
        : 'a text';
    case 'number':
      return 'a number';
    case 'int':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'array':
    case 'tuple':
      return 'a list';
    case 'object':
    case 'record':
      return 'a map of keys';
    default:
      return `a value of type ${type}`;
  }
}

function allowedKeys(schema: unknown): readonly string[] {
  const definition = (schema as Partial<z.core.$ZodObject> | undefined)?._zod?.def;
  return definition === undefined ? [] : Object.keys(definition.shape);
}

function toProblems(file: YamlFile, issue: Issue, base: NodePath): ConfigurationProblem[] {
  const path = [...base, ...(issue.path as (string | number)[])];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      file: file.name,
      ...file.locateKey(path, key),
      path,
      found: `an unknown key ${JSON.stringify(key)}`,
      expected: issue.message,
      suggestion: nearest(key, optionsIn(issue.message)),
    }));
  }
  if (issue.code === 'invalid_union' && issue.message === '') {
    return worthTelling(likeliestBranch(issue.errors)).flatMap((part) =>
      toProblems(file, part, path),
    );
  }
  const value = valueAt(file.value, path);
  return [
    {
      file: file.name,
      ...file.locate(path),
      path,
      found: describeFound(value),
      expected: issue.message,
      suggestion: typeof value === 'string' ? nearest(value, optionsIn(issue.message)) : null,
    },
  ];
}

/** The branch of a union that a person most probably meant: the one whose own keys fit best. */
function likeliestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const misfit = (issues: readonly Issue[]) =>
    issues.filter((issue) => issue.path.length === 0 && issue.code !== 'custom').length * 100 +
    issues.length;
  return branches.reduce<readonly Issue[]>(
    (best, branch) => (best.length === 0 || misfit(branch) <= misfit(best) ? branch : best),
    [],
  );
}

function optionsIn(expected: string): readonly string[] {
  return expected.startsWith(oneOf) ? expected.slice(oneOf.length).split(', ') : [];
}

export function valueAt(value: unknown, path: NodePath): unknown {
  return path.reduce<unknown>(
    (part, step) =>
      part !== null && typeof part === 'object'
        ? (part as Readonly<Record<string | number, unknown>>)[step]
        : undefined,
    value,
  );
}
