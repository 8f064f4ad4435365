import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { bodyBytesMax, timestampToleranceSeconds } from './limits.ts';
import { isRecent, readRawBody } from '../door.ts';

/** A JSON object from outside. */
export type Payload = Readonly<Record<string, unknown>>;

export type DoorDecision =
  | {
      readonly kind: 'passed';
      readonly payload: Payload;
      /** Stands for exactly this request, for telling repetitions that carry no id of their own. */
      readonly requestKey: string;
      /** Nobody but Feishu could have made this request, and Feishu makes none twice: a copy is somebody else's. */
      readonly isSigned: boolean;
    }
  /** Feishu checks the address: the challenge goes back. */
  | { readonly kind: 'challenge'; readonly challenge: string }
  /** `reason` holds no secrets and nothing of the request's content. */
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 413; readonly reason: string };

/** As under Events and callbacks → Encryption strategy; null: not set. */
export interface FeishuKeys {
  readonly encryptKey: string | null;
  readonly verificationToken: string | null;
}

/**
 * Lets in only what Feishu signed over these very bytes within five minutes, either way, or, where no encrypt key is
 * set, what carries the verification token. The SDK's own door signs over parsed JSON, knows no clock and no token.
 * https://open.feishu.cn/document/event-subscription-guide/event-subscriptions/event-subscription-configure-/choose-a-subscription-mode/send-notifications-to-developers-server
 */
export async function passDoor(
  request: Request,
  keys: FeishuKeys,
  nowMs: number,
): Promise<DoorDecision> {
  const { encryptKey, verificationToken } = keys;
  if (encryptKey === null && verificationToken === null) {
    return refused(401, 'neither an encrypt key nor a verification token is set');
  }
  const body = await readRawBody(request, bodyBytesMax);
  if (body === null) return refused(413, `body over ${bodyBytesMax} bytes`);
  const outer = parseObject(body.toString('utf8'));
  if (outer === null) return refused(400, 'not a JSON object');
  const signed = readSignature(request.headers);
  if (isOldCard(outer)) return passOldCard({ outer, body, signed, verificationToken, nowMs });
  return encryptKey === null
    ? passToken(outer, verificationToken ?? '', body)
    : passEncrypted({ outer, body, signed, encryptKey, verificationToken, nowMs });
}

interface Signed {
  readonly timestamp: string;
  readonly nonce: string;
  readonly signature: string;
}

function passEncrypted(given: {
  readonly outer: Payload;
  readonly body: Buffer;
  readonly signed: Signed | null;
  readonly encryptKey: string;
  readonly verificationToken: string | null;
  readonly nowMs: number;
}): DoorDecision {
  const { outer, body, signed, encryptKey, verificationToken, nowMs } = given;
  const { encrypt } = outer;
  if (typeof encrypt !== 'string')
    return refused(401, 'not encrypted though an encrypt key is set');
  if (signed !== null) {
    if (!isRecent(signed.timestamp, { nowMs, toleranceSeconds: timestampToleranceSeconds }))
      return refused(401, 'timestamp not within five minutes');
    if (!isSigned(signed, 'sha256', encryptKey, body)) return refused(401, 'wrong signature');
  }
  const payload = parseObject(decrypt(encrypt, encryptKey) ?? '');
  if (payload === null) return refused(signed === null ? 401 : 400, 'cannot be decrypted');
  if (verificationToken !== null && !isToken(payload, verificationToken)) {
    return refused(401, 'wrong verification token');
  }
  const challenge = challengeOf(payload);
  if (challenge !== null) return { kind: 'challenge', challenge };
  if (signed === null) return refused(401, 'no signature');
  return { kind: 'passed', payload, requestKey: keyOf(body, signed), isSigned: true };
}

/** Without an encrypt key Feishu signs nothing: the token is all there is. */
function passToken(payload: Payload, verificationToken: string, body: Buffer): DoorDecision {
  if (payload['encrypt'] !== undefined) return refused(401, 'encrypted, but no encrypt key is set');
  if (!isToken(payload, verificationToken)) return refused(401, 'wrong verification token');
  const challenge = challengeOf(payload);
  if (challenge !== null) return { kind: 'challenge', challenge };
  return { kind: 'passed', payload, requestKey: keyOf(body, null), isSigned: false };
}

/** card.action.trigger_v1: never encrypted, and signed with the verification token. */
function passOldCard(given: {
  readonly outer: Payload;
  readonly body: Buffer;
  readonly signed: Signed | null;
  readonly verificationToken: string | null;
  readonly nowMs: number;
}): DoorDecision {
  const { outer, body, signed, verificationToken, nowMs } = given;
  if (verificationToken === null)
    return refused(401, 'an old card, but no verification token is set');
  if (signed === null) return refused(401, 'no signature');
  if (!isRecent(signed.timestamp, { nowMs, toleranceSeconds: timestampToleranceSeconds }))
    return refused(401, 'timestamp not within five minutes');
  if (!isSigned(signed, 'sha1', verificationToken, body)) return refused(401, 'wrong signature');
  return { kind: 'passed', payload: outer, requestKey: keyOf(body, signed), isSigned: true };
}

/** Callbacks of old cards have neither a version nor a header. */
export function isOldCard(payload: Payload): boolean {
  return (
    payload['schema'] === undefined &&
    payload['encrypt'] === undefined &&
    payload['type'] === undefined &&
    typeof payload['open_message_id'] === 'string' &&
    typeof payload['action'] === 'object'
  );
}

function refused(status: 400 | 401 | 413, reason: string): DoorDecision {
  return { kind: 'refused', status, reason };
}

function readSignature(headers: Headers): Signed | null {
  const timestamp = headers.get('x-lark-request-timestamp');
  const nonce = headers.get('x-lark-request-nonce');
  const signature = headers.get('x-lark-signature');
  if (timestamp === null || nonce === null || signature === null) return null;
  return { timestamp, nonce, signature };
}

function isSigned(
  { timestamp, nonce, signature }: Signed,
  algorithm: 'sha256' | 'sha1',
  secret: string,
  body: Buffer,
): boolean {
  const expected = createHash(algorithm)
    .update(timestamp + nonce + secret)
    .update(body)
    .digest();
  if (!/^[0-9a-f]*$/.test(signature) || signature.length !== expected.length * 2) return false;
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'));
}

/** Both are hashed first, so that they have one length and the time tells nothing. */
function isToken(payload: Payload, expected: string): boolean {
  const { header } = payload;
  const given =
    isObject(header) && header['token'] !== undefined ? header['token'] : payload['token'];
  if (typeof given !== 'string') return false;
  return timingSafeEqual(sha256(given), sha256(expected));
}

/** AES-256-CBC; key: sha256 of the encrypt key; the first 16 bytes are the initialization vector. */
function decrypt(encrypted: string, encryptKey: string): string | null {
  const bytes = Buffer.from(encrypted, 'base64');
  if (bytes.length < 32) return null;
  try {
    const decipher = createDecipheriv('aes-256-cbc', sha256(encryptKey), bytes.subarray(0, 16));
    return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function challengeOf(payload: Payload): string | null {
  const { type, challenge } = payload;
  return type === 'url_verification' && typeof challenge === 'string' ? challenge : null;
}

function keyOf(body: Buffer, signed: Signed | null): string {
  const hash = createHash('sha256').update(signed?.signature ?? '');
  return hash.update(body).digest('hex');
}

function parseObject(json: string): Payload | null {
  try {
    const parsed: unknown = JSON.parse(json);
    return isObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
