import { assertNever } from '../../domain/assert-never.ts';
import { isUnambiguous } from '../../domain/automatic-fix.ts';
import { problemAt, type Draft, type Entry } from '../draft.ts';
import { nearest, type ConfigurationProblem, type NodePath } from '../problem.ts';
import type { RuleEntry } from '../schema/rules.ts';
import type { TagEntry } from '../schema/tags.ts';
import { toRule } from '../translate.ts';
import { missing, missingOwner, missingTag, present, tagOf } from './reference.ts';

/** A rule belongs to a person, or to a duty whose members take turns. */
function ownerProblem(draft: Draft, entry: Entry<RuleEntry>): ConfigurationProblem | null {
  const { owner } = entry.value;
  const duty = draft.policy?.value.duties?.find(({ code }) => code === owner);
  if (duty === undefined) return missingOwner(draft, { entry, path: ['owner'], code: owner });
  if (duty.turns !== 'everybody') return null;
  return problemAt(entry, ['owner'], {
    expected: `a person, or a duty whose members take turns (${duty.code} is everybody at once)`,
  });
}

type RuleOf<K extends RuleEntry['kind']> = Entry<Extract<RuleEntry, { kind: K }>>;

/** What each rule says by itself: its owner, its tags, and whether its parameters fit together. */
export function ruleProblems(draft: Draft): readonly ConfigurationProblem[] {
  return draft.rules.entries.flatMap((entry) => [
    ...present([ownerProblem(draft, entry)]),
    ...tagPlaces(entry.value).flatMap(({ path, code }) =>
      present([missingTag(draft, { entry, path, code })]),
    ),
    ...parameterProblems(draft, entry),
    ...autoFixProblems(entry),
  ]);
}

/** A rule may only do by itself what nobody has to judge. */
function autoFixProblems(entry: Entry<RuleEntry>): readonly ConfigurationProblem[] {
  const { value } = entry;
  if (value.autoFix === undefined || isUnambiguous(toRule(value))) return [];
  const expected =
    value.kind === 'exclusive'
      ? 'a precedence that lists every tag of the rule, so that it says which one stays'
      : 'no autoFix: what a rule of this kind finds, a person has to look at';
  return [problemAt(entry, ['autoFix'], { expected })];
}

interface TagPlace {
  readonly path: NodePath;
  readonly code: string;
}

function listPlaces(field: string, codes: readonly string[] | undefined): readonly TagPlace[] {
  return (codes ?? []).map((code, index) => ({ path: [field, index], code }));
}

/** Every place of a rule that names a tag of its own; precedence and pairs repeat those of `tags`. */
function tagPlaces(rule: RuleEntry): readonly TagPlace[] {
  switch (rule.kind) {
    case 'exclusive':
    case 'time-to-live':
    case 'stale':
    case 'scope':
    case 'sensitivity':
    case 'mismatch':
    case 'population-jump':
      return listPlaces('tags', rule.tags);
    case 'implied':
      return [...listPlaces('tags', rule.tags), ...listPlaces('singleChoice', rule.singleChoice)];
    case 'dominance':
      return [
        { path: ['dominant'], code: rule.dominant },
        ...listPlaces('dominated', rule.dominated),
      ];
    case 'synonym':
      return [
        { path: ['canonical'], code: rule.canonical },
        ...listPlaces('synonyms', rule.synonyms),
      ];
    case 'criteria':
      return [{ path: ['tag'], code: rule.tag }];
    case 'overload':
    case 'unknown':
    case 'deprecated':
    case 'no-definition':
    case 'unowned':
    case 'unused':
      return [];
    default:
      return assertNever(rule);
  }
}

function parameterProblems(draft: Draft, entry: Entry<RuleEntry>): readonly ConfigurationProblem[] {
  const { value } = entry;
  switch (value.kind) {
    case 'exclusive':
      return exclusiveProblems({ ...entry, value });
    case 'dominance':
      return [
        ...repeats(entry, 'dominated', value.dominated),
        ...among(entry, 'dominated', value.dominated, value.dominant, 'the dominant tag'),
      ];
    case 'synonym':
      return [
        ...repeats(entry, 'synonyms', value.synonyms),
        ...among(entry, 'synonyms', value.synonyms, value.canonical, 'the canonical tag'),
      ];
    case 'time-to-live':
      return [
        ...repeats(entry, 'tags', value.tags),
        ...lacking(draft, entry, 'a tag with lifeDays', (tag) => tag.lifeDays),
      ];
    case 'stale':
      return [
        ...repeats(entry, 'tags', value.tags),
        ...lacking(draft, entry, 'a tag with confirmEveryDays', (tag) => tag.confirmEveryDays),
      ];
    case 'criteria':
      return lacking(draft, entry, 'a tag with criteria', (tag) => tag.criteria);
    case 'overload':
      return overloadProblems({ ...entry, value });
    case 'implied':
      return impliedProblems(draft, { ...entry, value });
    case 'scope':
      return [
        ...repeats(entry, 'tags', value.tags),
        ...lacking(draft, entry, 'a tag with departments', (tag) => tag.departments),
      ];
    case 'sensitivity':
      return [
        ...repeats(entry, 'tags', value.tags),
        ...lacking(draft, entry, 'a sensitive tag', (tag) => tag.sensitive || undefined),
        ...present(
          (value.departments ?? []).map((code, index) =>
            missing(
              { entry, path: ['departments', index], code },
              draft.departments,
              'the code of a department in people.yaml',
            ),
          ),
        ),
      ];
    case 'mismatch':
      return [
        ...repeats(entry, 'tags', value.tags),
        ...mismatchProblems(draft, { ...entry, value }),
      ];
    case 'population-jump':
      return repeats(entry, 'tags', value.tags);
    case 'unknown':
    case 'deprecated':
    case 'no-definition':
    case 'unowned':
    case 'unused':
      return [];
    default:
      return assertNever(value);
  }
}

function exclusiveProblems(entry: RuleOf<'exclusive'>): readonly ConfigurationProblem[] {
  const { tags, precedence, allowedPairs } = entry.value;
  const outside = (path: NodePath, code: string) =>
    tags.includes(code)
      ? []
      : [
          problemAt(entry, path, {
            expected: 'one of the tags of this rule',
            suggestion: nearest(code, tags),
          }),
        ];
  return [
    ...repeats(entry, 'tags', tags),
    ...repeats(entry, 'precedence', precedence),
    ...listPlaces('precedence', precedence).flatMap(({ path, code }) => outside(path, code)),
    ...(allowedPairs ?? []).flatMap(([first, second], index) => [
      ...outside(['allowedPairs', index, 0], first),
      ...outside(['allowedPairs', index, 1], second),
      ...(first === second
        ? [problemAt(entry, ['allowedPairs', index, 1], { expected: 'two different tags' })]
        : []),
    ]),
  ];
}

function impliedProblems(draft: Draft, entry: RuleOf<'implied'>): readonly ConfigurationProblem[] {
  const { tags, singleChoice } = entry.value;
  const implying = new Set(
    draft.relations.entries.flatMap(({ value }) => (value.kind === 'implies' ? [value.from] : [])),
  );
  const parents = new Set(draft.tags.entries.map(({ value }) => value.parent));
  return [
    ...repeats(entry, 'tags', tags),
    ...repeats(entry, 'singleChoice', singleChoice),
    ...listPlaces('tags', tags).flatMap(({ path, code }) => {
      const tag = tagOf(draft, code);
      const isCalling = tag === undefined || tag.parent !== undefined || implying.has(code);
      return isCalling
        ? []
        : [problemAt(entry, path, { expected: 'a tag with a parent or a relation implies' })];
    }),
    ...listPlaces('singleChoice', singleChoice).flatMap(({ path, code }) =>
      tagOf(draft, code) === undefined || parents.has(code)
        ? []
        : [problemAt(entry, path, { expected: 'a main tag that is the parent of other tags' })],
    ),
  ];
}

function mismatchProblems(
  draft: Draft,
  entry: RuleOf<'mismatch'>,
): readonly ConfigurationProblem[] {
  const mastered = new Set(draft.sources.entries.flatMap(({ value }) => value.masterTags ?? []));
  return listPlaces('tags', entry.value.tags)
    .filter(({ code }) => tagOf(draft, code) !== undefined && !mastered.has(code))
    .map(({ path }) =>
      problemAt(entry, path, {
        expected: 'a tag that a source of sources.yaml lists in masterTags',
      }),
    );
}

function overloadProblems(entry: RuleOf<'overload'>): readonly ConfigurationProblem[] {
  const { tagsMax, temporaryTagsMax } = entry.value;
  if (tagsMax === undefined && temporaryTagsMax === undefined) {
    return [
      problemAt(entry, [], {
        found: 'no limit',
        expected: 'tagsMax, temporaryTagsMax or both',
      }),
    ];
  }
  if (tagsMax !== undefined && temporaryTagsMax !== undefined && temporaryTagsMax > tagsMax) {
    return [
      problemAt(entry, ['temporaryTagsMax'], { expected: `at most tagsMax, which is ${tagsMax}` }),
    ];
  }
  return [];
}

function repeats(
  entry: Entry<RuleEntry>,
  field: string,
  codes: readonly string[] | undefined,
): readonly ConfigurationProblem[] {
  return listPlaces(field, codes)
    .filter(({ code }, index) => codes?.indexOf(code) !== index)
    .map(({ path }) => problemAt(entry, path, { expected: 'each tag once' }));
}

function among(
  entry: Entry<RuleEntry>,
  field: string,
  codes: readonly string[],
  code: string,
  what: string,
): readonly ConfigurationProblem[] {
  return listPlaces(field, codes)
    .filter((place) => place.code === code)
    .map(({ path }) => problemAt(entry, path, { expected: `another tag than ${what}` }));
}

/** Named tags of a rule that lack what the rule goes by. */
function lacking(
  draft: Draft,
  entry: Entry<RuleEntry>,
  expected: string,
  valueOf: (tag: TagEntry) => unknown,
): readonly ConfigurationProblem[] {
  return tagPlaces(entry.value).flatMap(({ path, code }) => {
    const tag = tagOf(draft, code);
    return tag === undefined || valueOf(tag) !== undefined
      ? []
      : [problemAt(entry, path, { expected })];
  });
}
