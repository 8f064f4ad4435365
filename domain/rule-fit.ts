import { assertNever } from './assert-never.ts';
import { isUnambiguous } from './automatic-fix.ts';
import type { RuleDefinition } from './configuration.ts';
import type { Duty } from './duty.ts';
import type { Person } from './person.ts';
import type { PartName } from './requests/part-change.ts';
import { mayUseSensitiveTag } from './rights.ts';
import type { Relation, Tag } from './tag.ts';

/** What a rule goes by that its tag lacks; `above`: a main tag or a tag that it implies; `below`: sub tags. */
export type LackingPart =
  | 'lifeDays'
  | 'confirmEveryDays'
  | 'criteria'
  | 'departments'
  | 'sensitive'
  | 'above'
  | 'below';

/** What of a rule does not go together, and in which part of it. */
export type RuleMisfit = { readonly part: PartName } & (
  | { readonly kind: 'without'; readonly what: LackingPart; readonly code: string }
  /** `itself`: the tag that stays cannot go too. `outside`: in the order, and not in the group. */
  | { readonly kind: 'itself' | 'outside'; readonly code: string }
  /** No source is the master of it. */
  | { readonly kind: 'no-master'; readonly code: string }
  /** It would put the sensitive tag on by itself, which its owner, or one of its duty, may not do. */
  | { readonly kind: 'no-right'; readonly code: string }
  | { readonly kind: 'no-limit' }
  | { readonly kind: 'too-large'; readonly most: number }
  /** `order`: it fixes by itself, and for that every tag needs its place. `judged`: a person has to look at what it finds. */
  | { readonly kind: 'order' | 'judged' }
);

/** What of a tag has a say in whether a rule fits. */
type RuleTag = Pick<
  Tag,
  | 'code'
  | 'status'
  | 'parentCode'
  | 'successorCode'
  | 'ownerCode'
  | 'departmentCodes'
  | 'sensitive'
  | 'lifeDays'
  | 'confirmEveryDays'
> & { readonly criteria: object | null };

interface Known {
  readonly tags: readonly RuleTag[];
  readonly relations: readonly Relation[];
  readonly people: ReadonlyMap<
    string,
    Pick<Person, 'code' | 'departmentCode' | 'departmentsAbove'>
  >;
  readonly duties: ReadonlyMap<string, Pick<Duty, 'memberCodes'>>;
  /** Codes of the tags that some source is the master of. */
  readonly masteredCodes: ReadonlySet<string>;
}

/** What config validate would refuse of a rule whose tags are all there. */
export function ruleMisfits(rule: RuleDefinition, known: Known): readonly RuleMisfit[] {
  return [...parameterMisfits(rule, known), ...autoFixMisfits(rule, known)];
}

function parameterMisfits(rule: RuleDefinition, known: Known): readonly RuleMisfit[] {
  switch (rule.kind) {
    case 'exclusive':
      return rule.precedence
        .filter((code) => !rule.tagCodes.includes(code))
        .map((code) => ({ part: 'precedence', kind: 'outside', code }));
    case 'dominance':
      return rule.dominatedCodes.includes(rule.dominantCode)
        ? [{ part: 'dominatedCodes', kind: 'itself', code: rule.dominantCode }]
        : [];
    case 'synonym':
      return rule.synonymCodes.includes(rule.canonicalCode)
        ? [{ part: 'synonymCodes', kind: 'itself', code: rule.canonicalCode }]
        : [];
    case 'time-to-live':
      return lacking(rule.tagCodes, 'lifeDays', known, ({ lifeDays }) => lifeDays !== null);
    case 'stale':
      return lacking(
        rule.tagCodes,
        'confirmEveryDays',
        known,
        ({ confirmEveryDays }) => confirmEveryDays !== null,
      );
    case 'criteria':
      return lacking([rule.tagCode], 'criteria', known, ({ criteria }) => criteria !== null);
    case 'scope':
      return lacking(
        rule.tagCodes,
        'departments',
        known,
        ({ departmentCodes }) => departmentCodes.length > 0,
      );
    case 'sensitivity':
      return lacking(rule.tagCodes, 'sensitive', known, ({ sensitive }) => sensitive);
    case 'implied':
      return impliedMisfits(rule, known);
    case 'overload':
      return overloadMisfits(rule);
    case 'mismatch':
      return known.tags
        .filter(({ code }) => rule.tagCodes.includes(code) && !known.masteredCodes.has(code))
        .map(({ code }) => ({ part: 'tagCodes', kind: 'no-master', code }));
    case 'unknown':
    case 'deprecated':
    case 'no-definition':
    case 'unowned':
    case 'unused':
    case 'population-jump':
      return [];
    default:
      return assertNever(rule);
  }
}

function lacking(
  codes: readonly string[],
  what: LackingPart,
  { tags }: Known,
  has: (tag: RuleTag) => boolean,
): readonly RuleMisfit[] {
  return tags
    .filter((tag) => codes.includes(tag.code) && !has(tag))
    .map(({ code }) => ({ part: 'tagCodes', kind: 'without', what, code }));
}

function impliedMisfits(
  rule: Extract<RuleDefinition, { kind: 'implied' }>,
  known: Known,
): readonly RuleMisfit[] {
  const implying = new Set(
    known.relations.flatMap(({ kind, fromCode }) => (kind === 'implies' ? [fromCode] : [])),
  );
  const parents = new Set(known.tags.map(({ parentCode }) => parentCode));
  return [
    ...lacking(
      rule.tagCodes ?? [],
      'above',
      known,
      ({ code, parentCode }) => parentCode !== null || implying.has(code),
    ),
    ...lacking(rule.singleChoiceCodes, 'below', known, ({ code }) => parents.has(code)).map(
      (misfit) => ({ ...misfit, part: 'singleChoiceCodes' }) as const,
    ),
  ];
}

function overloadMisfits({
  tagsMax,
  temporaryTagsMax,
}: Extract<RuleDefinition, { kind: 'overload' }>): readonly RuleMisfit[] {
  if (tagsMax === null) {
    return temporaryTagsMax === null ? [{ part: 'tagsMax', kind: 'no-limit' }] : [];
  }
  return (temporaryTagsMax ?? 0) > tagsMax
    ? [{ part: 'temporaryTagsMax', kind: 'too-large', most: tagsMax }]
    : [];
}

function autoFixMisfits(rule: RuleDefinition, known: Known): readonly RuleMisfit[] {
  if (rule.autoFix === undefined) return [];
  if (!isUnambiguous(rule)) {
    return rule.kind === 'exclusive'
      ? [{ part: 'precedence', kind: 'order' }]
      : [{ part: 'autoFix', kind: 'judged' }];
  }
  return rule.autoFix.mode === 'automatic' ? beyondRights(rule, known) : [];
}

/**
 * Sensitive tags that a rule would put on though whoever it does it for may not: its owner, any member of its duty, or
 * the owner of the tag that is found. Of rules about every tag of some sort each warning shows it.
 */
function beyondRights(rule: RuleDefinition, known: Known): readonly RuleMisfit[] {
  const { tags, people, duties } = known;
  const byCode = new Map(tags.map((tag) => [tag.code, tag]));
  const codes = putOnBy(rule, known).flatMap(({ found, putOn }) => {
    const tag = byCode.get(putOn);
    const ownerCode = rule.ownerCode ?? byCode.get(found)?.ownerCode ?? '';
    const owners = duties.get(ownerCode)?.memberCodes ?? [ownerCode];
    const isBeyond = owners.some((code) => {
      const owner = people.get(code);
      return (
        tag?.status === 'active' && owner !== undefined && !mayUseSensitiveTag(owner, tag, people)
      );
    });
    return isBeyond ? [putOn] : [];
  });
  return [...new Set(codes)].map((code) => ({ part: 'autoFix', kind: 'no-right', code }));
}

interface Replacing {
  readonly found: string;
  readonly putOn: string;
}

/** What the recommended resolution of a rule may put on customers who have it nowhere, by the tag that is found. */
function putOnBy(rule: RuleDefinition, known: Known): readonly Replacing[] {
  switch (rule.kind) {
    case 'synonym':
      return rule.synonymCodes.map((found) => ({ found, putOn: rule.canonicalCode }));
    case 'criteria':
      return rule.direction === 'missing' ? [{ found: rule.tagCode, putOn: rule.tagCode }] : [];
    case 'time-to-live':
      return known.tags.flatMap(({ code, successorCode }) =>
        successorCode !== null && rule.tagCodes.includes(code)
          ? [{ found: code, putOn: successorCode }]
          : [],
      );
    case 'implied':
      return [
        ...known.tags.map(({ code, parentCode }) => ({ found: code, putOn: parentCode ?? code })),
        ...known.relations
          .filter(({ kind }) => kind === 'implies')
          .map(({ fromCode, toCode }) => ({ found: fromCode, putOn: toCode })),
      ].filter(({ found, putOn }) => found !== putOn && rule.tagCodes?.includes(found) === true);
    case 'exclusive':
    case 'dominance':
    case 'deprecated':
    case 'mismatch':
    case 'stale':
    case 'overload':
    case 'unknown':
    case 'scope':
    case 'sensitivity':
    case 'no-definition':
    case 'unowned':
    case 'unused':
    case 'population-jump':
      return [];
    default:
      return assertNever(rule);
  }
}
