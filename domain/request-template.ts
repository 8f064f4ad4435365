import type { AskedKind } from './asked-kind.ts';
import type { LocalizedText } from './locale.ts';
import type { Person } from './person.ts';

/** A request that the company's people often ask for, with what is the same each time filled in. */
export interface RequestTemplate {
  readonly code: string;
  readonly name: LocalizedText;
  /** Whose people it is offered to; empty: everybody. */
  readonly departmentCodes: readonly string[];
  readonly kind: AskedKind;
  /** By the fields of the kind's form, in the words that people would write there. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Of a tag; departments are joined by commas, and `sensitive` is `yes` or empty. */
const furtherFields = [
  'lifeDays',
  'confirmEveryDays',
  'parent',
  'departments',
  'sensitive',
  'seenBy',
  'criteria',
];

/** Fields that forms of a kind have, beside the reason that each of them has. */
const fieldsOfKind: Readonly<Record<AskedKind, readonly string[]>> = {
  create: ['name', 'nameEn', 'code', 'definition', 'level', 'category', ...furtherFields],
  change: ['tag', 'definition', 'level', 'category', ...furtherFields],
  activate: ['tag'],
  rename: ['tag', 'name', 'nameEn'],
  owner: ['tag', 'person'],
  merge: ['from', 'into'],
  split: [
    'tag',
    'attribute',
    'operator',
    'value',
    ...['Met', 'Unmet'].flatMap((side) =>
      ['name', 'nameEn', 'code', 'definition'].map((field) => `${field}${side}`),
    ),
  ],
  deprecate: ['tag', 'successor', 'how'],
  retire: ['from'],
  rule: ['rule', 'change', 'value'],
};

/** What a template of a kind can fill in. */
export function templateFields(kind: AskedKind): readonly string[] {
  return [...fieldsOfKind[kind], 'reason'];
}

/** Those that a person is offered: of their department or of all, and none that names a tag hidden from them. */
export function templatesFor(
  templates: readonly RequestTemplate[],
  { departmentCode }: Pick<Person, 'departmentCode'>,
  hiddenTagCodes: readonly string[],
): readonly RequestTemplate[] {
  return templates.filter(
    ({ departmentCodes, fields }) =>
      (departmentCodes.length === 0 || departmentCodes.includes(departmentCode)) &&
      !Object.values(fields).some((value) => hiddenTagCodes.includes(value)),
  );
}
