import type { WayOut } from '../bot/way-out.ts';

/** An endpoint that speaks OpenAI's HTTP API, and the model asked there. */
export interface ModelAddress {
  /** Ends before /chat/completions and /embeddings, such as https://api.openai.com/v1. */
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly model: string;
}

/** What stands in the way of an answer. */
export type ModelFault =
  /** This answer could not be used: another question may do better. */
  | { readonly kind: 'answer' }
  /** It takes no more questions for now; `retryAfterMs` null: it does not say for how long. */
  | { readonly kind: 'busy'; readonly retryAfterMs: number | null }
  | { readonly kind: 'unavailable' };

/** Why an endpoint gave no answer, in one sentence for an admin; holds neither the key nor what was asked. */
export class ModelEndpointError extends Error {
  override readonly name = 'ModelEndpointError';
  readonly fault: ModelFault;

  constructor(message: string, fault: ModelFault) {
    super(message);
    this.fault = fault;
  }
}

/** How long a call may take, and what ends it early. */
export interface CallLimits {
  readonly signal: AbortSignal;
  /** @default 30,000 */
  readonly withinMs?: number;
}

const answerWithinMs = 30_000;

/**
 * Posts to one path of an endpoint. Answers with the body's text, which may have so many bytes; rejects with a
 * ModelEndpointError, and with the signal's reason where that ended it.
 */
export async function postToModel(
  { baseUrl, apiKey, model }: ModelAddress,
  { fetch }: Pick<WayOut, 'fetch'>,
  call: CallLimits & {
    readonly path: '/chat/completions' | '/embeddings';
    /** Beside the model. */
    readonly body: object;
    readonly answerBytesMax: number;
  },
): Promise<string> {
  const { path, body, answerBytesMax, signal } = call;
  const withinMs = Math.min(answerWithinMs, call.withinMs ?? answerWithinMs);
  const { host } = new URL(baseUrl);
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}${path}`, {
      method: 'POST',
      redirect: 'error',
      headers: {
        'content-type': 'application/json',
        ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({ model, ...body }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw refusalOf(response, host, model);
    }
    const text = await readUpTo(response, answerBytesMax);
    if (text === null) {
      throw new ModelEndpointError(`${host} answered with more than is asked for.`, {
        kind: 'answer',
      });
    }
    return text;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ModelEndpointError) throw error;
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    throw new ModelEndpointError(
      isLate
        ? `${host} did not answer within ${Math.ceil(withinMs / 1_000)} s.`
        : `${host} cannot be reached. Check LLM_BASE_URL.`,
      { kind: 'unavailable' },
    );
  }
}

/** null: it is longer; the rest is not read. */
async function readUpTo(response: Response, bytesMax: number): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function refusalOf({ status, headers }: Response, host: string, model: string): ModelEndpointError {
  if (status === 429) {
    const retryAfterMs = waitOf(headers.get('retry-after'));
    return new ModelEndpointError(`${host} takes no more questions now (429).`, {
      kind: 'busy',
      retryAfterMs,
    });
  }
  const unavailable = { kind: 'unavailable' } as const;
  if (status === 401 || status === 403) {
    return new ModelEndpointError(`${host} refused the key. Check LLM_API_KEY.`, unavailable);
  }
  if (status === 404) {
    const advice = "Check LLM_BASE_URL and the model's name.";
    return new ModelEndpointError(`${host} knows no ${model}. ${advice}`, unavailable);
  }
  return new ModelEndpointError(`${host} answered ${status}.`, unavailable);
}

/** Retry-After: whole seconds, or a date (RFC 9110, 10.2.3); null where it is neither. */
function waitOf(retryAfter: string | null): number | null {
  if (retryAfter === null) return null;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const atMs = Date.parse(retryAfter);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - Date.now());
}

/** JSON, or null for what is none. */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
