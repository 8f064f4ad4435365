import type { TagDefinition } from '../configuration.ts';
import type { NamingFault } from '../naming.ts';
import type { Tag } from '../tag.ts';
import type { TagField } from './fields.ts';

/** Why a row cannot be taken in. */
export type RowFault =
  /** Fewer cells than the header has, or more. */
  | { readonly kind: 'cells'; readonly found: number; readonly expected: number }
  | { readonly kind: 'missing'; readonly field: TagField }
  /** The row (as a spreadsheet counts them) has the same code or name. */
  | { readonly kind: 'duplicate'; readonly field: 'code' | 'name' | 'nameEn'; readonly row: number }
  | { readonly kind: 'name-taken'; readonly field: 'name' | 'nameEn'; readonly code: string }
  | { readonly kind: 'code-form'; readonly found: string }
  /** No tag, person, department, level, category, status, yes or no is called so. */
  | {
      readonly kind: 'unknown';
      readonly field: TagField;
      readonly found: string;
      readonly suggestion: string | null;
    }
  | { readonly kind: 'too-long'; readonly field: TagField; readonly charsMax: number }
  | { readonly kind: 'not-days'; readonly field: TagField; readonly found: string }
  /** Works here no longer, or does not own tags. */
  | { readonly kind: 'cannot-own'; readonly found: string }
  | { readonly kind: 'parent-not-main'; readonly code: string }
  | { readonly kind: 'successor-out-of-use'; readonly code: string }
  /** Leads back to itself by way of these codes. */
  | {
      readonly kind: 'cycle';
      readonly field: 'parent' | 'successor';
      readonly codes: readonly string[];
    }
  /** More steps up or onwards than anybody follows. */
  | { readonly kind: 'too-deep'; readonly field: 'parent' | 'successor'; readonly stepsMax: number }
  /** Names a tag that another row would bring, and that row is refused. */
  | { readonly kind: 'needs-refused'; readonly field: 'parent' | 'successor'; readonly row: number }
  | { readonly kind: 'criteria'; readonly detail: string }
  | { readonly kind: 'naming'; readonly faults: readonly NamingFault[] };

/** What is told of a row that may be taken in all the same. */
export type RowNote =
  /** The cell begins like a formula; it is kept as text and never run. */
  | { readonly kind: 'formula'; readonly field: TagField }
  | { readonly kind: 'code-made'; readonly code: string }
  | { readonly kind: 'naming'; readonly faults: readonly NamingFault[] };

/** What would become of one row of a table. */
export type PlannedRow = {
  /** As a spreadsheet counts rows, from 1. */
  readonly row: number;
  /** null: it could not be said. */
  readonly code: string | null;
  /** As the row gives it. */
  readonly name: string;
  readonly notes: readonly RowNote[];
} & (
  | { readonly kind: 'added'; readonly tag: TagDefinition }
  | { readonly kind: 'changed'; readonly before: Tag; readonly tag: TagDefinition }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly faults: readonly RowFault[] }
);
