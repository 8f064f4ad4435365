import { index, integer, jsonb, pgTable, primaryKey, serial, text } from 'drizzle-orm/pg-core';
import type { DraftKind } from '../../domain/asked-kind.ts';
import type { ReviewAnswer } from '../../domain/tag-review.ts';
import { instant } from './columns.ts';

/** Rounds in which every owner says whether their tags are still needed. */
export const tagReviews = pgTable('tag_review', {
  id: serial().primaryKey(),
  /** null: by schedule. */
  startedBy: text(),
  workflowId: text().notNull().unique(),
  startedAt: instant().notNull(),
  dueAt: instant().notNull(),
  closedAt: instant(),
  requestIds: jsonb().$type<readonly number[]>().notNull(),
  /** Grows with every answer. */
  version: integer().notNull(),
});

export const tagReviewItems = pgTable(
  'tag_review_item',
  {
    reviewId: integer()
      .notNull()
      .references(() => tagReviews.id),
    tagCode: text().notNull(),
    /** When the review began. */
    ownerCode: text().notNull(),
    answer: text().$type<ReviewAnswer>(),
    answeredBy: text(),
    answeredAt: instant(),
  },
  (table) => [primaryKey({ columns: [table.reviewId, table.tagCode] })],
);

/** Requests that somebody has begun to write: the fields of the form as they stand. Seen by nobody else. */
export const requestDrafts = pgTable(
  'request_draft',
  {
    id: serial().primaryKey(),
    personCode: text().notNull(),
    kind: text().$type<DraftKind>().notNull(),
    fields: jsonb().$type<Readonly<Record<string, string>>>().notNull(),
    savedAt: instant().notNull(),
  },
  (table) => [index().on(table.personCode)],
);
