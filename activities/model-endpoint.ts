import type { WayOut } from '../bot/way-out.ts';

/** An endpoint that speaks OpenAI's HTTP API, and the model asked there. */
export interface ModelAddress {
  /** Ends before /chat/completions and /embeddings, such as https://api.openai.com/v1. */
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly model: string;
}

/** Why an endpoint gave no answer, in one sentence for an admin; holds neither the key nor what was asked. */
export class ModelEndpointError extends Error {
  override readonly name = 'ModelEndpointError';
  /** Whether another question may do better: it was this answer that could not be used. */
  readonly isAboutAnswer: boolean;

  constructor(message: string, isAboutAnswer: boolean) {
    super(message);
    this.isAboutAnswer = isAboutAnswer;
  }
}

const answerWithinMs = 30_000;

/** Posts to one path of an endpoint. Answers with the body's text, cut; rejects with a ModelEndpointError. */
export async function postToModel(
  { baseUrl, apiKey, model }: ModelAddress,
  { fetch }: Pick<WayOut, 'fetch'>,
  call: {
    readonly path: '/chat/completions' | '/embeddings';
    /** Beside the model. */
    readonly body: object;
    readonly answerCharsMax: number;
    readonly signal: AbortSignal;
  },
): Promise<string> {
  const { path, body, answerCharsMax, signal } = call;
  const { host } = new URL(baseUrl);
  const response = await fetch(`${baseUrl.replace(/\/+$/, '')}${path}`, {
    method: 'POST',
    redirect: 'error',
    headers: {
      'content-type': 'application/json',
      ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    body: JSON.stringify({ model, ...body }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    throw new ModelEndpointError(
      isLate
        ? `${host} did not answer within ${answerWithinMs / 1_000} s.`
        : `${host} cannot be reached. Check LLM_BASE_URL.`,
      false,
    );
  });
  if (!response.ok) throw new ModelEndpointError(refusalOf(response.status, host, model), false);
  return (await response.text()).slice(0, answerCharsMax);
}

function refusalOf(status: number, host: string, model: string): string {
  if (status === 401 || status === 403) return `${host} refused the key. Check LLM_API_KEY.`;
  if (status === 404) return `${host} knows no ${model}. Check LLM_BASE_URL and the model's name.`;
  if (status === 429) return `${host} takes no more questions now (429).`;
  return `${host} answered ${status}.`;
}

/** JSON, or null for what is none. */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
