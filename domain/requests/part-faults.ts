import type { TagParts } from '../request.ts';
import type { Tag } from '../tag.ts';
import { conditionFault } from './criterion.ts';
import { invalid, notFound, type Known } from './request-kind.ts';
import { definitionFault } from './tag-words.ts';

const daysMax = 36_500;

/** What does not do of the parts that a tag is to have, beside its name; `tag`: as it is, or as it is to be at first. */
export function partsFault(
  tag: Pick<Tag, 'code'> & Partial<Pick<Tag, 'sensitive'>>,
  parts: Partial<TagParts>,
  known: Known,
) {
  const { definition, ownerCode, parentCode, departmentCodes, criteria } = parts;
  const { sensitive = tag.sensitive, seenByDepartmentCodes } = parts;
  return (
    (definition === undefined ? null : definitionFault(definition)) ??
    (ownerCode === undefined || known.people.get(ownerCode)?.status === 'active'
      ? null
      : notFound('person', ownerCode)) ??
    (parentCode === undefined || parentCode === null
      ? null
      : parentFault(tag, parentCode, known)) ??
    departmentsFault(departmentCodes, known) ??
    departmentsFault(seenByDepartmentCodes, known, 'seenBy') ??
    (sensitive !== true && (seenByDepartmentCodes ?? []).length > 0
      ? invalid('seenBy', 'no departments, as the tag is not sensitive and everybody sees it')
      : null) ??
    daysFault('lifeDays', parts.lifeDays) ??
    daysFault('confirmEveryDays', parts.confirmEveryDays) ??
    (criteria === undefined || criteria === null
      ? null
      : conditionFault('criteria', criteria, known.attributes))
  );
}

/** A main tag above itself would be no hierarchy. */
function parentFault(tag: Pick<Tag, 'code'>, parentCode: string, { tags }: Known) {
  const byCode = new Map(tags.map((one) => [one.code, one]));
  if (!byCode.has(parentCode)) return notFound('tag', parentCode);
  const seen = new Set([tag.code]);
  for (let code: string | null = parentCode; code !== null; ) {
    if (seen.has(code)) return invalid('parent', 'a tag that is not below this one');
    seen.add(code);
    code = byCode.get(code)?.parentCode ?? null;
  }
  return null;
}

function departmentsFault(
  codes: readonly string[] | undefined,
  { departmentCodes }: Known,
  field = 'departments',
) {
  const unknown = codes?.find((code) => !departmentCodes.includes(code));
  return unknown === undefined
    ? null
    : invalid(field, `departments of this company, not “${unknown}”`);
}

function daysFault(field: 'lifeDays' | 'confirmEveryDays', days: number | null | undefined) {
  return days === undefined ||
    days === null ||
    (Number.isInteger(days) && days >= 1 && days <= daysMax)
    ? null
    : invalid(field, `a whole number of days from 1 to ${daysMax}, or none`);
}
