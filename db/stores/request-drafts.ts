import { and, count, desc, eq } from 'drizzle-orm';
import type { DraftKind } from '../../domain/asked-kind.ts';
import type { Fields } from '../../commands/fill-proposal.ts';
import { requestDrafts } from '../schema/reviews.ts';
import type { Queryable } from './audit.ts';

/** A request that somebody has begun to write. */
export interface RequestDraft {
  readonly id: number;
  readonly kind: DraftKind;
  readonly fields: Fields;
  readonly savedAtMs: number;
}

/** A person's drafts, the newest first. */
export async function listDrafts(
  database: Queryable,
  personCode: string,
): Promise<readonly RequestDraft[]> {
  const rows = await database
    .select()
    .from(requestDrafts)
    .where(eq(requestDrafts.personCode, personCode))
    .orderBy(desc(requestDrafts.savedAt), desc(requestDrafts.id));
  return rows.map(({ id, kind, fields, savedAt }) => ({ id, kind, fields, savedAtMs: savedAt }));
}

export async function countDrafts(database: Queryable, personCode: string): Promise<number> {
  const [row] = await database
    .select({ drafts: count() })
    .from(requestDrafts)
    .where(eq(requestDrafts.personCode, personCode));
  return row?.drafts ?? 0;
}

/** Keeps a draft anew, or the person's own one of this id as it is now; null where that is not there. */
export async function saveDraft(
  database: Queryable,
  draft: Omit<RequestDraft, 'id' | 'savedAtMs'> & {
    readonly id: number | null;
    readonly personCode: string;
    readonly nowMs: number;
  },
): Promise<number | null> {
  const { id, personCode, kind, fields, nowMs } = draft;
  const values = { kind, fields, savedAt: nowMs };
  const [row] =
    id === null
      ? await database
          .insert(requestDrafts)
          .values({ personCode, ...values })
          .returning({ id: requestDrafts.id })
      : await database
          .update(requestDrafts)
          .set(values)
          .where(own(id, personCode))
          .returning({ id: requestDrafts.id });
  return row?.id ?? null;
}

/** False: there was no such draft of this person. */
export async function deleteDraft(
  database: Queryable,
  { id, personCode }: { readonly id: number; readonly personCode: string },
): Promise<boolean> {
  const gone = await database
    .delete(requestDrafts)
    .where(own(id, personCode))
    .returning({ id: requestDrafts.id });
  return gone.length > 0;
}

function own(id: number, personCode: string) {
  return and(eq(requestDrafts.id, id), eq(requestDrafts.personCode, personCode));
}
