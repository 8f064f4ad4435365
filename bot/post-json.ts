import { ChannelError, untrustedAdvice, whyNeverLeft } from './channel.ts';
import type { WayOut } from './way-out.ts';

/** What came back, as far as it matters; `body` is text of at most `answerCharsMax` characters. */
export interface PostAnswer {
  readonly status: number;
  /** What Retry-After asks for; 0 where it is not there. */
  readonly retryAfterMs: number;
  readonly body: string;
}

const answerCharsMax = 4_000;
const retryAfterMsMax = 86_400_000;

/**
 * One POST, tried once; redirects are not followed, since what is sent is signed for one address. Rejects with a
 * ChannelError where there was no answer; `name` is named in its message.
 */
export async function postJson(
  wayOut: WayOut,
  request: {
    readonly name: string;
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: string;
    readonly timeoutMs: number;
  },
): Promise<PostAnswer> {
  const { name, url, headers, body, timeoutMs } = request;
  try {
    const response = await wayOut.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    return {
      status: response.status,
      retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
      body: text.slice(0, answerCharsMax),
    };
  } catch (error) {
    throw unanswered(name, error);
  }
}

/** Whether anybody answers there, whatever they say. Rejects like `postJson`. */
export async function reach(
  wayOut: WayOut,
  request: { readonly name: string; readonly url: string; readonly timeoutMs: number },
): Promise<void> {
  const { name, url, timeoutMs } = request;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    await wayOut.fetch(url, { method: 'HEAD', redirect: 'manual', signal });
  } catch (error) {
    throw unanswered(name, error);
  }
}

function unanswered(name: string, error: unknown): ChannelError {
  switch (whyNeverLeft(error)) {
    case 'unreached':
      return new ChannelError(
        'not-sent',
        `${name}: cannot be reached; check the address and the proxy.`,
      );
    case 'untrusted':
      return new ChannelError('not-sent', `${name}: ${untrustedAdvice}`);
    case null:
      return new ChannelError('server', `${name}: no answer (network or time-out).`);
  }
}

/** Seconds, or an HTTP date (RFC 9110, section 10.2.3). */
function retryAfterMs(header: string | null): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), retryAfterMsMax) : 0;
}

/** The address that a variable holds. Rejects with a ChannelError where there is none to use. */
export function addressIn(
  variable: (name: string) => string | null,
  { name, urlVariable }: { readonly name: string; readonly urlVariable: string },
): string {
  const address = variable(urlVariable);
  if (address === null) {
    throw new ChannelError('auth', `${name}: ${urlVariable} is not set.`);
  }
  const isWeb = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  if (isWeb) return address;
  throw new ChannelError('auth', `${name}: ${urlVariable} should be an http or https address.`);
}
