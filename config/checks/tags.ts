import type { AttributeType } from '../../domain/condition.ts';
import { knows, problemAt, suggestCode, type Draft, type Entry } from '../draft.ts';
import type { ConfigurationProblem, NodePath } from '../problem.ts';
import {
  comparisonKeys,
  type ComparisonEntry,
  type ComparisonKey,
  type ConditionEntry,
  windowKeys,
} from '../schema/condition.ts';
import { isInstant } from '../schema/values.ts';
import type { RelationEntry, TagEntry } from '../schema/tags.ts';
import {
  departmentExpected,
  missing,
  missingOwner,
  missingTag,
  present,
  tagOf,
} from './reference.ts';

/** What tags.yaml says of tags and their relations. Archived tags are history and may name what is gone. */
export function tagProblems(draft: Draft): readonly ConfigurationProblem[] {
  const inUse = draft.tags.entries.filter(({ value }) => value.status !== 'archived');
  return [
    ...inUse.flatMap((entry) => [
      ...referenceProblems(draft, entry),
      ...successorProblems(draft, entry),
      ...conditionProblems(draft, entry, ['criteria'], entry.value.criteria),
    ]),
    ...draft.relations.entries.flatMap((entry) => relationProblems(draft, entry)),
  ];
}

function referenceProblems(draft: Draft, entry: Entry<TagEntry>): readonly ConfigurationProblem[] {
  const { value } = entry;
  const parent = tagOf(draft, value.parent);
  return present([
    missingOwner(draft, { entry, path: ['owner'], code: value.owner }),
    ...(['departments', 'seenBy'] as const).flatMap((field) =>
      (value[field] ?? []).map((code, index) =>
        missing({ entry, path: [field, index], code }, draft.departments, departmentExpected),
      ),
    ),
    missingTag(draft, { entry, path: ['parent'], code: value.parent }),
    parent === undefined || parent.level === 'main'
      ? null
      : problemAt(entry, ['parent'], {
          expected: `a tag of level main (${parent.code} is of level ${parent.level})`,
        }),
  ]);
}

function successorProblems(draft: Draft, entry: Entry<TagEntry>): readonly ConfigurationProblem[] {
  const { value } = entry;
  const successor = tagOf(draft, value.successor);
  const status = successor?.status ?? 'active';
  return present([
    missingTag(draft, { entry, path: ['successor'], code: value.successor }),
    successor !== undefined && (status === 'deprecated' || status === 'archived')
      ? problemAt(entry, ['successor'], {
          expected: `a tag that is in use (${successor.code} is ${status})`,
        })
      : null,
  ]);
}

function conditionProblems(
  draft: Draft,
  entry: Entry<TagEntry>,
  path: NodePath,
  condition: ConditionEntry | undefined,
): readonly ConfigurationProblem[] {
  if (condition === undefined) return [];
  if ('all' in condition || 'any' in condition) {
    const key = 'all' in condition ? 'all' : 'any';
    const parts = 'all' in condition ? condition.all : condition.any;
    return parts.flatMap((part, index) =>
      conditionProblems(draft, entry, [...path, key, index], part),
    );
  }
  if ('of' in condition) {
    return condition.of.flatMap((part, index) =>
      conditionProblems(draft, entry, [...path, 'of', index], part),
    );
  }
  if ('not' in condition) return conditionProblems(draft, entry, [...path, 'not'], condition.not);
  return comparisonProblems(draft, entry, path, condition);
}

function comparisonProblems(
  draft: Draft,
  entry: Entry<TagEntry>,
  path: NodePath,
  comparison: ComparisonEntry,
): readonly ConfigurationProblem[] {
  if (!knows(draft.attributes, comparison.attribute)) {
    return [
      problemAt(entry, [...path, 'attribute'], {
        expected: 'the code of an attribute in sources.yaml',
        suggestion: suggestCode(draft.attributes, comparison.attribute),
      }),
    ];
  }
  const attribute = draft.attributes.byCode.get(comparison.attribute);
  if (attribute === undefined) return [];
  const is = `since ${attribute.code} is a ${attribute.type}`;
  const windowKey = windowKeys.find((key) => comparison[key] !== undefined);
  if (windowKey !== undefined && attribute.type !== 'date') {
    return [
      problemAt(entry, [...path, windowKey], {
        expected: `one of ${operatorsFor(attribute.type).join(', ')} ${is}`,
        found: windowKey,
      }),
    ];
  }
  return comparisonKeys.flatMap((key) => {
    const value = comparison[key];
    if (value === undefined) return [];
    if (!operatorsFor(attribute.type).includes(key)) {
      const operators = operatorsFor(attribute.type).join(', ');
      return [
        problemAt(entry, [...path, key], { found: key, expected: `one of ${operators} ${is}` }),
      ];
    }
    return fits(value, attribute.type)
      ? []
      : [problemAt(entry, [...path, key], { expected: `${valueWords[attribute.type]} ${is}` })];
  });
}

const valueWords: Readonly<Record<AttributeType, string>> = {
  number: 'a number',
  text: 'a text',
  boolean: 'true or false',
  date: 'an instant with its offset such as 2026-01-01T00:00:00+08:00',
};

function operatorsFor(
  type: AttributeType,
): readonly (ComparisonKey | (typeof windowKeys)[number])[] {
  if (type === 'number') return comparisonKeys;
  return type === 'date'
    ? [...windowKeys, 'atLeast', 'moreThan', 'atMost', 'lessThan']
    : ['equals', 'isNot'];
}

function fits(value: number | string | boolean, type: AttributeType): boolean {
  if (type === 'date') return typeof value === 'string' && isInstant(value);
  return typeof value === (type === 'text' ? 'string' : type);
}

function relationProblems(
  draft: Draft,
  entry: Entry<RelationEntry>,
): readonly ConfigurationProblem[] {
  const { from, to } = entry.value;
  return present([
    missingTag(draft, { entry, path: ['from'], code: from }),
    missingTag(draft, { entry, path: ['to'], code: to }),
    from === to ? problemAt(entry, ['to'], { expected: 'another tag than from' }) : null,
  ]);
}
