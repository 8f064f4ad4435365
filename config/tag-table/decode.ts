import type { TableEncoding } from '../../domain/tag-table/table.ts';

const sampleBytes = 4_096;
/** Of two-byte characters, so many are of the commonest two thousand or so in any Chinese text (GB/T 2312). */
const commonShareMin = 0.85;

/** A file's bytes as text, by its mark or by what its bytes can be; null: no encoding of Chinese texts fits. */
export function decodeText(
  bytes: Uint8Array,
): { readonly text: string; readonly encoding: TableEncoding } | null {
  const marked = markedEncoding(bytes) ?? guessUtf16(bytes);
  if (marked !== null) return decode(bytes, marked);
  if (bytes.subarray(0, sampleBytes).includes(0)) return null;
  const utf8 = decode(bytes, 'utf-8');
  if (utf8 !== null) return utf8;
  return isCommonChinese(bytes) ? decode(bytes, 'gb18030') : null;
}

function decode(bytes: Uint8Array, encoding: TableEncoding) {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
  } catch {
    return null;
  }
}

function markedEncoding([first, second, third]: Uint8Array): TableEncoding | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

/** Line ends, commas and letters have a zero byte in UTF-16, all on the same side. */
function guessUtf16(bytes: Uint8Array): TableEncoding | null {
  const zeros = [0, 0];
  for (const [at, byte] of bytes.subarray(0, sampleBytes).entries()) {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  if (bytes.length % 2 === 1 || even + odd === 0) return null;
  if (even === 0) return 'utf-16le';
  return odd === 0 ? 'utf-16be' : null;
}

/** Whether two-byte characters are what a Chinese text in GBK holds; Big5 and others put theirs elsewhere. */
function isCommonChinese(bytes: Uint8Array): boolean {
  let pairs = 0;
  let common = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    const trail = bytes[at + 1] ?? 0;
    pairs += 1;
    if (lead >= 0xa1 && lead <= 0xf7 && trail >= 0xa1) common += 1;
    at += 1;
  }
  return pairs > 0 && common / pairs >= commonShareMin;
}
