import { canonicalJson } from '../canonical-json.ts';
import { conditionFault } from './criterion.ts';
import type { TagParts } from '../request.ts';
import type { Tag } from '../tag.ts';
import { partChanges } from './part-change.ts';
import { invalid, notFound, sound, type Known, type RequestKind } from './request-kind.ts';
import { tagPartValues } from './tag-parts.ts';
import { conventionFault, definitionFault, nameFault, twinFault } from './tag-words.ts';

const daysMax = 36_500;

/** Other words, another owner, another scope of a tag. Its code stays, and so do the customers who carry it. */
export const changeTag: RequestKind<'change-tag'> = {
  tags: ({ code }) => [code],
  rules: () => [],
  putsOn: () => [],
  changesCustomers: () => false,
  changes: ({ before, after }) => partChanges(tagPartValues(before), tagPartValues(after)),
  prepare({ kind, code, after: wanted }, known) {
    const tag = known.tags.find((one) => one.code === code);
    if (tag === undefined) return notFound('tag', code);
    if (tag.status === 'archived') return invalid('tag', 'a tag that is still in use');
    const { before, after } = onlyChanged(tag, wanted);
    if (Object.keys(after).length === 0) {
      return invalid('change', 'at least one part that is to be other than it is');
    }
    return partsFault(tag, after, known) ?? sound({ kind, code, before, after });
  },
};

function onlyChanged(
  tag: Tag,
  wanted: Partial<TagParts>,
): { readonly before: Partial<TagParts>; readonly after: Partial<TagParts> } {
  const keys = (Object.keys(wanted) as (keyof TagParts)[]).filter(
    (key) => wanted[key] !== undefined && canonicalJson(wanted[key]) !== canonicalJson(tag[key]),
  );
  const pick = (from: Partial<TagParts>): Partial<TagParts> =>
    Object.fromEntries(keys.map((key) => [key, from[key]]));
  return { before: pick(tag), after: pick(wanted) };
}

function partsFault(tag: Tag, after: Partial<TagParts>, known: Known) {
  const others = known.tags.filter((one) => one.code !== tag.code);
  const { name, definition, ownerCode, parentCode, departmentCodes, criteria } = after;
  return (
    (name === undefined
      ? null
      : (nameFault(name) ??
        twinFault({ code: null, name }, others) ??
        conventionFault({ ...tag, ...after, name }, known.naming))) ??
    (definition === undefined ? null : definitionFault(definition)) ??
    (ownerCode === undefined || known.people.get(ownerCode)?.status === 'active'
      ? null
      : notFound('person', ownerCode)) ??
    (parentCode === undefined || parentCode === null
      ? null
      : parentFault(tag, parentCode, known)) ??
    departmentsFault(departmentCodes, known) ??
    departmentsFault(after.seenByDepartmentCodes, known) ??
    daysFault('lifeDays', after.lifeDays) ??
    daysFault('confirmEveryDays', after.confirmEveryDays) ??
    (criteria === undefined || criteria === null
      ? null
      : conditionFault('criteria', criteria, known.attributes))
  );
}

/** A main tag above itself would be no hierarchy. */
function parentFault(tag: Tag, parentCode: string, { tags }: Known) {
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

function departmentsFault(codes: readonly string[] | undefined, { departmentCodes }: Known) {
  const unknown = codes?.find((code) => !departmentCodes.includes(code));
  return unknown === undefined
    ? null
    : invalid('departments', `departments of this company, not “${unknown}”`);
}

function daysFault(field: 'lifeDays' | 'confirmEveryDays', days: number | null | undefined) {
  return days === undefined ||
    days === null ||
    (Number.isInteger(days) && days >= 1 && days <= daysMax)
    ? null
    : invalid(field, `a whole number of days from 1 to ${daysMax}, or none`);
}
