/** What a column of a table of tags may hold. */
export const tagFields = [
  'code',
  'name',
  'nameEn',
  'definition',
  'definitionEn',
  'level',
  'category',
  'parent',
  'departments',
  'owner',
  'status',
  'lifeDays',
  'successor',
  'confirmEveryDays',
  'criteria',
  'sensitive',
] as const;
export type TagField = (typeof tagFields)[number];
