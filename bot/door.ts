/**
 * What every chat platform's door does first, on the raw bytes: `bytesMax` bounds what is read at all,
 * `toleranceSeconds` how old or how far ahead a request may say it is.
 */

/** The bytes as they came; null beyond the limit, of which no more is read. */
export async function readRawBody(request: Request, bytesMax: number): Promise<Buffer | null> {
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) return null;
  if (request.body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Whether a timestamp in plain epoch seconds is near enough to now, both ways. */
export function isRecent(
  timestamp: string,
  { nowMs, toleranceSeconds }: { readonly nowMs: number; readonly toleranceSeconds: number },
): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(nowMs / 1000 - Number(timestamp)) <= toleranceSeconds;
}
