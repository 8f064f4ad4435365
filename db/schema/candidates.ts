import {
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  serial,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type {
  CandidateKind,
  CandidateReason,
  CandidateState,
} from '../../domain/intelligence/candidate.ts';
import type { Opinion } from '../../domain/intelligence/opinion.ts';
import { instant } from './columns.ts';

const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

/** What a model of meaning made of a tag's words: asked once for each text. */
export const embeddings = pgTable(
  'embedding',
  {
    model: text().notNull(),
    /** SHA-256, hexadecimal. */
    textHash: text().notNull(),
    /** 32-bit floats, the lowest byte first. */
    vector: bytes().notNull(),
  },
  (table) => [primaryKey({ columns: [table.model, table.textHash] })],
);

/** What models were asked in a day, so that the policy's bound holds whichever process asks and however often it dies. */
export const modelUse = pgTable(
  'model_use',
  {
    /** Days since 1970-01-01 UTC. */
    day: integer().notNull(),
    what: text().$type<'question' | 'text'>().notNull(),
    count: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.what] })],
);

/** Every look over the dictionary: how it stood then. */
export const candidateSearches = pgTable('candidate_search', {
  id: serial().primaryKey(),
  endedAt: instant().notNull(),
  /** Tags in use; null: the look failed. */
  tags: integer(),
  /** Candidates that were open after it; null: the look failed. */
  open: integer(),
});

/** What a person should decide about the dictionary, and what they decided; a decision is kept for good. */
export const candidates = pgTable(
  'candidate',
  {
    id: serial().primaryKey(),
    kind: text().$type<CandidateKind>().notNull(),
    firstTagId: integer().notNull(),
    /** 0 where it is about one tag. */
    secondTagId: integer().notNull(),
    score: real().notNull(),
    reasons: jsonb().$type<readonly CandidateReason[]>().notNull(),
    state: text().$type<CandidateState>().notNull(),
    /** A language model's; null: none was asked for. */
    opinion: jsonb().$type<Opinion>(),
    foundAt: instant().notNull(),
    decidedBy: text(),
    decidedAt: instant(),
    /** Of state later: when it is asked again. */
    askAgainAt: instant(),
  },
  (table) => [
    uniqueIndex('candidate_subject').on(table.kind, table.firstTagId, table.secondTagId),
    index('candidate_queue').on(table.state, table.kind, table.score),
  ],
);
