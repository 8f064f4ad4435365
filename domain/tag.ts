import type { Condition } from './condition.ts';
import type { LocalizedText } from './locale.ts';

/**
 * proposed: asked for, not yet usable. active: may be put on customers. deprecated: still there,
 * replaced by its successor. archived: gone from use, kept for history.
 */
export const tagStatuses = ['proposed', 'active', 'deprecated', 'archived'] as const;
export type TagStatus = (typeof tagStatuses)[number];

export const tagLevels = ['main', 'sub', 'temporary'] as const;
export type TagLevel = (typeof tagLevels)[number];

export const tagCategories = ['basic', 'transaction', 'behaviour', 'prediction'] as const;
export type TagCategory = (typeof tagCategories)[number];

/** An entry of the dictionary. `id` is what the mirror's arrays hold; people and files use `code`. */
export interface Tag {
  readonly id: number;
  readonly code: string;
  readonly name: LocalizedText;
  readonly definition: LocalizedText;
  readonly level: TagLevel;
  readonly category: TagCategory;
  /** The main tag a sub tag belongs to. */
  readonly parentCode: string | null;
  /** Departments that may use the tag; empty means every department, of a sensitive tag its owner's alone. */
  readonly departmentCodes: readonly string[];
  readonly ownerCode: string;
  readonly status: TagStatus;
  /** Time to live in days since it was put on; null: for ever. */
  readonly lifeDays: number | null;
  /** What replaces it at the end of its life or when it is deprecated. */
  readonly successorCode: string | null;
  /** Days after which an assignment must be confirmed again; null: never. */
  readonly confirmEveryDays: number | null;
  /** When a customer should carry it; null: nobody wrote that down as a condition. */
  readonly criteria: Condition | null;
  /** Only for its owner, whoever may use it, and data admins to see, and for those of `seenByDepartmentCodes`. */
  readonly sensitive: boolean;
  /** Departments that may see a sensitive tag without using it; of any other tag empty. */
  readonly seenByDepartmentCodes: readonly string[];
  readonly version: number;
}

export const relationKinds = [
  'exclusive-with',
  'dominates',
  'synonym-of',
  'implies',
  'broader-than',
] as const;
export type RelationKind = (typeof relationKinds)[number];

/** A directed statement between two tags (exclusive-with is symmetric; it is stored once). `succeeds` is `Tag.successorCode`. */
export interface Relation {
  readonly kind: RelationKind;
  readonly fromCode: string;
  readonly toCode: string;
}
