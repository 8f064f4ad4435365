import { assertNever } from '../../domain/assert-never.ts';
import type { PartName } from '../../domain/requests/part-change.ts';
import { ruleMisfits, type LackingPart, type RuleMisfit } from '../../domain/rule-fit.ts';
import { problemAt, type Draft, type Entry } from '../draft.ts';
import { nearest, type ConfigurationProblem, type NodePath } from '../problem.ts';
import type { RuleEntry } from '../schema/rules.ts';
import { departmentsAbove, toRule } from '../translate.ts';
import { departmentExpected, missing, missingOwner, missingTag, present } from './reference.ts';

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
  const known = knownOf(draft);
  return draft.rules.entries.flatMap((entry) => [
    ...present([ownerProblem(draft, entry)]),
    ...tagPlaces(entry.value).flatMap(({ path, code }) =>
      present([missingTag(draft, { entry, path, code })]),
    ),
    ...repeatProblems(entry),
    ...(entry.value.kind === 'exclusive' ? pairProblems({ ...entry, value: entry.value }) : []),
    ...(entry.value.kind === 'sensitivity'
      ? departmentProblems(draft, { ...entry, value: entry.value })
      : []),
    ...ruleMisfits(toRule(entry.value), known).map((misfit) => misfitProblem(entry, misfit)),
  ]);
}

/** What rules are held against, as far as the files say it. */
function knownOf(draft: Draft): Parameters<typeof ruleMisfits>[1] {
  const { tags, relations, people, sources, policy } = draft;
  return {
    tags: [...tags.byCode.values()].map((value) => ({
      code: value.code,
      status: value.status ?? 'active',
      parentCode: value.parent ?? null,
      successorCode: value.successor ?? null,
      ownerCode: value.owner,
      departmentCodes: value.departments ?? [],
      sensitive: value.sensitive ?? false,
      lifeDays: value.lifeDays ?? null,
      confirmEveryDays: value.confirmEveryDays ?? null,
      criteria: value.criteria ?? null,
    })),
    relations: relations.entries.map(({ value: { kind, from, to } }) => ({
      kind,
      fromCode: from,
      toCode: to,
    })),
    people: new Map(
      people.entries.map(({ value: { code, department } }) => [
        code,
        {
          code,
          departmentCode: department,
          departmentsAbove: departmentsAbove(draft, department),
        },
      ]),
    ),
    duties: new Map(
      policy?.value.duties?.map(({ code, members }) => [code, { memberCodes: members }]),
    ),
    masteredCodes: new Set(sources.entries.flatMap(({ value }) => value.masterTags ?? [])),
  };
}

const lacking: Readonly<Record<LackingPart, string>> = {
  lifeDays: 'a tag with lifeDays',
  confirmEveryDays: 'a tag with confirmEveryDays',
  criteria: 'a tag with criteria',
  departments: 'a tag with departments',
  sensitive: 'a sensitive tag',
  above: 'a tag with a parent or a relation implies',
  below: 'a main tag that is the parent of other tags',
};

function misfitProblem(entry: Entry<RuleEntry>, misfit: RuleMisfit): ConfigurationProblem {
  const at = (expected: string, suggestion: string | null = null) =>
    problemAt(entry, 'code' in misfit ? placeOf(entry.value, misfit.part, misfit.code) : [], {
      expected,
      suggestion,
    });
  switch (misfit.kind) {
    case 'without':
      return at(lacking[misfit.what]);
    case 'itself':
      return at(
        `another tag than the ${misfit.part === 'synonymCodes' ? 'canonical' : 'dominant'} tag`,
      );
    case 'outside': {
      const tags = entry.value.kind === 'exclusive' ? entry.value.tags : [];
      return at('one of the tags of this rule', nearest(misfit.code, tags));
    }
    case 'no-master':
      return at('a tag that a source of sources.yaml lists in masterTags');
    case 'no-right':
      return problemAt(entry, ['autoFix', 'mode'], {
        expected: `dry-run, or a rule whose owner may use the sensitive tag ${misfit.code}, which it would put on`,
      });
    case 'no-limit':
      return problemAt(entry, [], {
        found: 'no limit',
        expected: 'tagsMax, temporaryTagsMax or both',
      });
    case 'too-large':
      return problemAt(entry, ['temporaryTagsMax'], {
        expected: `at most tagsMax, which is ${misfit.most}`,
      });
    case 'order':
      return problemAt(entry, ['autoFix'], {
        expected: 'a precedence that lists every tag of the rule, so that it says which one stays',
      });
    case 'judged':
      return problemAt(entry, ['autoFix'], {
        expected: 'no autoFix: what a rule of this kind finds, a person has to look at',
      });
    default:
      return assertNever(misfit);
  }
}

const listOfPart: Readonly<Partial<Record<PartName, string>>> = {
  dominatedCodes: 'dominated',
  synonymCodes: 'synonyms',
  singleChoiceCodes: 'singleChoice',
  precedence: 'precedence',
};

/** Where a rule names a tag in one of its parts. */
function placeOf(rule: RuleEntry, part: PartName, code: string): NodePath {
  if (rule.kind === 'criteria') return ['tag'];
  const field = listOfPart[part] ?? 'tags';
  const places = field === 'precedence' ? precedencePlaces(rule) : tagPlaces(rule);
  return places.find((place) => place.path[0] === field && place.code === code)?.path ?? [field];
}

function precedencePlaces(rule: RuleEntry): readonly TagPlace[] {
  return rule.kind === 'exclusive' ? listPlaces('precedence', rule.precedence) : [];
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

/** A tag that a list names a second time. */
function repeatProblems(entry: Entry<RuleEntry>): readonly ConfigurationProblem[] {
  const places = [...tagPlaces(entry.value), ...precedencePlaces(entry.value)];
  return places
    .filter(({ path, code }, index) =>
      places.slice(0, index).some((one) => one.path[0] === path[0] && one.code === code),
    )
    .map(({ path }) => problemAt(entry, path, { expected: 'each tag once' }));
}

function pairProblems(entry: RuleOf<'exclusive'>): readonly ConfigurationProblem[] {
  const { tags, allowedPairs } = entry.value;
  const outside = (path: NodePath, code: string) =>
    tags.includes(code)
      ? []
      : [
          problemAt(entry, path, {
            expected: 'one of the tags of this rule',
            suggestion: nearest(code, tags),
          }),
        ];
  return (allowedPairs ?? []).flatMap(([first, second], index) => [
    ...outside(['allowedPairs', index, 0], first),
    ...outside(['allowedPairs', index, 1], second),
    ...(first === second
      ? [problemAt(entry, ['allowedPairs', index, 1], { expected: 'two different tags' })]
      : []),
  ]);
}

function departmentProblems(
  draft: Draft,
  entry: RuleOf<'sensitivity'>,
): readonly ConfigurationProblem[] {
  return present(
    (entry.value.departments ?? []).map((code, index) =>
      missing({ entry, path: ['departments', index], code }, draft.departments, departmentExpected),
    ),
  );
}
