import type { TagParts } from '../request.ts';
import type { Tag } from '../tag.ts';
import type { PartName, PartValue } from './part-change.ts';

/** A tag's parts as people read them; what is not given is left out. */
export function tagPartValues(
  parts: Partial<TagParts & Pick<Tag, 'status' | 'successorCode'>>,
): Partial<Record<PartName, PartValue | null>> {
  const { name, definition, level, category, parentCode, departmentCodes, ownerCode } = parts;
  const { lifeDays, confirmEveryDays, criteria, sensitive, status, successorCode } = parts;
  const { seenByDepartmentCodes } = parts;
  return {
    ...(name === undefined ? {} : { name: { kind: 'words', words: name } }),
    ...(definition === undefined ? {} : { definition: { kind: 'words', words: definition } }),
    ...(level === undefined ? {} : { level: { kind: 'level', level } }),
    ...(category === undefined ? {} : { category: { kind: 'category', category } }),
    ...(parentCode === undefined
      ? {}
      : { parentCode: parentCode === null ? null : { kind: 'tags', codes: [parentCode] } }),
    ...(departmentCodes === undefined
      ? {}
      : { departmentCodes: { kind: 'departments', codes: departmentCodes } }),
    ...(ownerCode === undefined ? {} : { ownerCode: { kind: 'owner', code: ownerCode } }),
    ...(status === undefined ? {} : { status: { kind: 'status', status } }),
    ...(successorCode === undefined
      ? {}
      : {
          successorCode: successorCode === null ? null : { kind: 'tags', codes: [successorCode] },
        }),
    ...(lifeDays === undefined ? {} : { lifeDays: daysValue(lifeDays) }),
    ...(confirmEveryDays === undefined ? {} : { confirmEveryDays: daysValue(confirmEveryDays) }),
    ...(criteria === undefined
      ? {}
      : { criteria: criteria === null ? null : { kind: 'condition', condition: criteria } }),
    ...(sensitive === undefined ? {} : { sensitive: { kind: 'yes-no', yes: sensitive } }),
    ...(seenByDepartmentCodes === undefined || seenByDepartmentCodes.length === 0
      ? {}
      : { seenByDepartmentCodes: { kind: 'departments', codes: seenByDepartmentCodes } }),
  };
}

function daysValue(days: number | null): PartValue | null {
  return days === null ? null : { kind: 'days', days };
}
