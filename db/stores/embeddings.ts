import { createHash } from 'node:crypto';
import { embeddedText } from '../../domain/intelligence/meaning.ts';
import type { InventoryTag } from '../../domain/intelligence/suggest.ts';
import type { Sql } from '../client.ts';

/** Vectors of texts by hash, as one model gave them. */
export type Vectors = ReadonlyMap<string, Float32Array>;

/** What a tag's vector is kept by. */
export function embeddingKey(tag: InventoryTag): string {
  return createHash('sha256').update(embeddedText(tag)).digest('hex');
}

/** All that are kept, which are one model's. */
export async function loadEmbeddings(sql: Sql): Promise<Vectors> {
  const rows = await sql<{ text_hash: string; vector: Uint8Array }[]>`
    select text_hash, vector from embedding`;
  return new Map(
    rows.map(({ text_hash: hash, vector }) => [
      hash,
      new Float32Array(new Uint8Array(vector).buffer),
    ]),
  );
}

export async function saveEmbeddings(sql: Sql, model: string, vectors: Vectors): Promise<void> {
  const rows = [...vectors].map(([hash, vector]) => ({
    model,
    text_hash: hash,
    vector: new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength),
  }));
  await sql`insert into embedding ${sql(rows)} on conflict do nothing`;
}

/** Forgets texts that no tag has any more, and other models; all where `model` is null. */
export async function forgetOtherEmbeddings(
  sql: Sql,
  model: string | null,
  hashes: readonly string[],
): Promise<void> {
  await sql`
    delete from embedding
    where model is distinct from ${model}::text or text_hash <> all(${hashes as string[]}::text[])`;
}
