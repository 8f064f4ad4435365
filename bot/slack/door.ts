import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { bodyBytesMax, timestampToleranceSeconds } from './limits.ts';
import { isRecent, readRawBody } from '../door.ts';

/** A JSON object from outside, or a form as one. */
export type Payload = Readonly<Record<string, unknown>>;

export type DoorDecision =
  /** `signatureKey` stands for exactly this request, for telling repetitions that carry no id of their own. */
  | { readonly kind: 'passed'; readonly payload: Payload; readonly signatureKey: string }
  /** `reason` holds no secrets and nothing of the request's content. */
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 413 | 415; readonly reason: string };

/**
 * Lets in only what Slack signed over these very bytes within five minutes, either way, and only objects.
 * Bolt itself would take timestamps from the future and die of a signed `null`.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export async function passDoor(
  request: Request,
  signingSecret: string,
  nowMs: number,
): Promise<DoorDecision> {
  const body = await readRawBody(request, bodyBytesMax);
  if (body === null) return refused(413, `body over ${bodyBytesMax} bytes`);
  const timestamp = request.headers.get('x-slack-request-timestamp');
  const signature = request.headers.get('x-slack-signature');
  if (timestamp === null || signature === null) return refused(401, 'no signature');
  if (!isRecent(timestamp, { nowMs, toleranceSeconds: timestampToleranceSeconds }))
    return refused(401, 'timestamp not within five minutes');
  if (!isSigned(body, timestamp, signature, signingSecret)) return refused(401, 'wrong signature');
  return parsePayload(body, request.headers.get('content-type') ?? '', signature);
}

function refused(status: 400 | 401 | 413 | 415, reason: string): DoorDecision {
  return { kind: 'refused', status, reason };
}

function isSigned(body: Buffer, timestamp: string, signature: string, secret: string): boolean {
  if (!/^v0=[0-9a-f]{64}$/.test(signature)) return false;
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature.slice(3), 'hex'));
}

function parsePayload(body: Buffer, contentType: string, signature: string): DoorDecision {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase();
  const text = body.toString('utf8');
  const signatureKey = createHash('sha256').update(signature).digest('hex');
  if (type === 'application/json') return asObject(text, signatureKey);
  if (type !== 'application/x-www-form-urlencoded') {
    return refused(415, 'neither JSON nor a form');
  }
  const form = new URLSearchParams(text);
  const interaction = form.get('payload');
  return interaction === null
    ? { kind: 'passed', payload: Object.fromEntries(form), signatureKey }
    : asObject(interaction, signatureKey);
}

function asObject(json: string, signatureKey: string): DoorDecision {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return refused(400, 'not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return refused(400, 'not a JSON object');
  }
  return { kind: 'passed', payload: parsed as Payload, signatureKey };
}
