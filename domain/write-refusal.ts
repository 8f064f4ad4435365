/** Why a source said no to a change of a customer, as it is kept: a kind, and what the source itself names. */
export const writeRefusalKinds = [
  'foreign-key',
  'unique-key',
  'check',
  'constraint',
  'view-check',
  /** The user of the source's address may not write there. */
  'no-right',
  /** A trigger of the source's database refused. */
  'trigger',
  /** Another transaction holds the row. */
  'locked',
  /** A value does not fit its column. */
  'value',
  /** The configured statements ran and changed nothing. */
  'no-effect',
  'read-only',
  'unknown-tag',
  /** The source answered about others of the batch, not about this customer. */
  'no-answer',
  'customer-gone',
  /** The rule whose warning was to be fixed is gone. */
  'rule-gone',
  /** The whole source could not be written. */
  'source-auth',
  'source-configuration',
  'source-unreachable',
  'too-late',
] as const;
export type WriteRefusalKind = (typeof writeRefusalKinds)[number];

export interface WriteRefusal {
  readonly kind: WriteRefusalKind;
  /** A constraint, a table or a code of the source; never a customer's data. Null where there is none. */
  readonly subject: string | null;
}

const separator = ': ';

/** One line of text that `readWriteRefusal` understands. */
export function writeRefusal(kind: WriteRefusalKind, subject?: string): string {
  return subject === undefined ? kind : `${kind}${separator}${subject}`;
}

/** Null where the text was not made by `writeRefusal`: another connector's own words. */
export function readWriteRefusal(text: string): WriteRefusal | null {
  const end = text.indexOf(separator);
  const name = end === -1 ? text : text.slice(0, end);
  const kind = writeRefusalKinds.find((known) => known === name);
  if (kind === undefined) return null;
  return { kind, subject: end === -1 ? null : text.slice(end + separator.length) };
}
