import type { Condition } from '../condition.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { LocalizedText } from '../locale.ts';
import type { Severity } from '../severity.ts';
import type { TagCategory, TagLevel, TagStatus } from '../tag.ts';

/** A value as people read it; codes are put into names by whoever draws it. */
export type PartValue =
  | { readonly kind: 'words'; readonly words: LocalizedText }
  | { readonly kind: 'level'; readonly level: TagLevel }
  | { readonly kind: 'category'; readonly category: TagCategory }
  | { readonly kind: 'status'; readonly status: TagStatus }
  | { readonly kind: 'severity'; readonly severity: Severity }
  | { readonly kind: 'direction'; readonly direction: 'unmet' | 'missing' | 'both' }
  | { readonly kind: 'yes-no'; readonly yes: boolean }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'share'; readonly share: number }
  /** A person, or the duty that people share. */
  | { readonly kind: 'owner'; readonly code: string }
  | { readonly kind: 'departments'; readonly codes: readonly string[] }
  | { readonly kind: 'tags'; readonly codes: readonly string[] }
  | { readonly kind: 'pairs'; readonly pairs: readonly (readonly [string, string])[] }
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'condition'; readonly condition: Condition }
  | {
      readonly kind: 'auto-fix';
      readonly mode: 'dry-run' | 'automatic';
      readonly customersMax: number;
      readonly shareMax: number;
    };

/** What of a tag or a rule can be other than before. */
export const partNames = [
  'name',
  'definition',
  'level',
  'category',
  'parentCode',
  'departmentCodes',
  'ownerCode',
  'status',
  'successorCode',
  'lifeDays',
  'confirmEveryDays',
  'criteria',
  'sensitive',
  'seenByDepartmentCodes',
  'enabled',
  'severity',
  'tagCodes',
  'precedence',
  'allowedPairs',
  'dominantCode',
  'dominatedCodes',
  'canonicalCode',
  'synonymCodes',
  'direction',
  'tagsMax',
  'temporaryTagsMax',
  'singleChoiceCodes',
  'scopeDepartmentCodes',
  'actorNames',
  'definitionCharsMin',
  'customersMax',
  'daysMin',
  'deviationsMax',
  'shareMin',
  'customersMin',
  'autoFix',
] as const;
export type PartName = (typeof partNames)[number];

/** One part as it was and as it is to be; null: nothing. */
export interface PartChange {
  readonly part: PartName;
  readonly before: PartValue | null;
  readonly after: PartValue | null;
}

type PartValues = Partial<Record<PartName, PartValue | null>>;

/** The parts whose values differ, in the order of `partNames`. A part that neither names is left out. */
export function partChanges(before: PartValues, after: PartValues): readonly PartChange[] {
  return partNames.flatMap((part) => {
    const change = { part, before: before[part] ?? null, after: after[part] ?? null };
    return canonicalJson(change.before) === canonicalJson(change.after) ? [] : [change];
  });
}
