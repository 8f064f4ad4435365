import type { Sql } from '../client.ts';

const dayMs = 86_400_000;
/** Days whose use is kept. */
const daysKept = 31;

/**
 * Takes of what a model may be asked today, before it is asked: what fails or is cut off by a crash may be on the bill
 * too. Answers with how many there were left to take, at most `wanted`.
 */
export async function takeModelUse(
  sql: Sql,
  input: {
    readonly what: 'question' | 'text';
    readonly wanted: number;
    readonly perDay: number;
    readonly nowMs: number;
  },
): Promise<number> {
  const { what, wanted, perDay, nowMs } = input;
  const day = Math.floor(nowMs / dayMs);
  return sql.begin(async (transaction) => {
    await transaction`
      insert into model_use (day, what, count) values (${day}, ${what}, 0) on conflict do nothing`;
    const [row] = await transaction<{ count: number }[]>`
      select count from model_use where day = ${day} and what = ${what} for update`;
    const taken = Math.max(0, Math.min(wanted, perDay - (row?.count ?? 0)));
    await transaction`
      update model_use set count = count + ${taken} where day = ${day} and what = ${what}`;
    await transaction`delete from model_use where day < ${day - daysKept}`;
    return taken;
  });
}

/** How much was asked today. */
export async function readModelUse(
  sql: Sql,
  nowMs: number,
): Promise<{ readonly questions: number; readonly texts: number }> {
  const rows = await sql<{ what: string; count: number }[]>`
    select what, count from model_use where day = ${Math.floor(nowMs / dayMs)}`;
  const countOf = (what: string) => rows.find((row) => row.what === what)?.count ?? 0;
  return { questions: countOf('question'), texts: countOf('text') };
}
