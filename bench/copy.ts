import postgres from 'postgres';

/** Reads what a query gives by COPY and throws it away: the least that reading can cost. Milliseconds. */
export async function timeCopy(
  url: string,
  query: string,
  format: 'text' | 'binary',
): Promise<number> {
  const connection = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await connection`select 1`;
    const startedAtMs = performance.now();
    const stream = await connection
      .unsafe(`copy (${query}) to stdout (format ${format})`)
      .readable();
    for await (const _chunk of stream);
    return performance.now() - startedAtMs;
  } finally {
    await connection.end({ timeout: 0 });
  }
}
