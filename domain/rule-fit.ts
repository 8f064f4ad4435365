import { assertNever } from './assert-never.ts';
import { isUnambiguous } from './automatic-fix.ts';
import type { RuleDefinition } from './configuration.ts';
import type { PartName } from './requests/part-change.ts';
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
  | { readonly kind: 'no-limit' }
  | { readonly kind: 'too-large'; readonly most: number }
  /** `order`: it fixes by itself, and for that every tag needs its place. `judged`: a person has to look at what it finds. */
  | { readonly kind: 'order' | 'judged' }
);

interface Known {
  readonly tags: readonly Tag[];
  readonly relations: readonly Relation[];
  /** Codes of the tags that some source is the master of. */
  readonly masteredCodes: ReadonlySet<string>;
}

/** What config validate would refuse of a rule whose tags are all there. */
export function ruleMisfits(rule: RuleDefinition, known: Known): readonly RuleMisfit[] {
  return [...parameterMisfits(rule, known), ...autoFixMisfits(rule)];
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
      return rule.tagCodes
        .filter((code) => !known.masteredCodes.has(code))
        .map((code) => ({ part: 'tagCodes', kind: 'no-master', code }));
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
  has: (tag: Tag) => boolean,
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

function autoFixMisfits(rule: RuleDefinition): readonly RuleMisfit[] {
  if (rule.autoFix === undefined || isUnambiguous(rule)) return [];
  return rule.kind === 'exclusive'
    ? [{ part: 'precedence', kind: 'order' }]
    : [{ part: 'autoFix', kind: 'judged' }];
}
