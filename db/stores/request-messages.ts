import { asc, eq } from 'drizzle-orm';
import { assertNever } from '../../domain/assert-never.ts';
import type { RequestMessage } from '../../domain/request.ts';
import { requestMessages } from '../schema/warnings.ts';
import type { Queryable } from './audit.ts';

/** What was said about a request, oldest first. */
export async function listRequestMessages(
  database: Queryable,
  requestId: number,
): Promise<readonly RequestMessage[]> {
  const rows = await database
    .select()
    .from(requestMessages)
    .where(eq(requestMessages.requestId, requestId))
    .orderBy(asc(requestMessages.id));
  return rows.map((row): RequestMessage => {
    const said = { id: row.id, by: row.personCode, text: row.text, atMs: row.writtenAt };
    switch (row.kind) {
      case 'answer':
        return { ...said, kind: 'answer', questionId: row.questionId ?? 0 };
      case 'rival':
      case 'rival-applied':
      case 'rival-over':
        return { ...said, text: '', kind: row.kind, rivalId: Number(row.text) };
      case 'comment':
      case 'question':
        return { ...said, kind: row.kind };
      default:
        return assertNever(row.kind);
    }
  });
}

/** Keeps what was said, of a rival its number as text; null where the question has its answer already. */
export async function insertRequestMessage(
  database: Queryable,
  message: {
    readonly requestId: number;
    readonly personCode: string;
    readonly kind: RequestMessage['kind'];
    readonly questionId: number | null;
    readonly text: string;
    readonly nowMs: number;
  },
): Promise<number | null> {
  const { nowMs, ...values } = message;
  const [row] = await database
    .insert(requestMessages)
    .values({ ...values, writtenAt: nowMs })
    .onConflictDoNothing({ target: requestMessages.questionId })
    .returning({ id: requestMessages.id });
  return row?.id ?? null;
}
