import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { rounded } from './benchmark.ts';

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** '' : none. */
  readonly body: string;
}

export interface Latencies {
  /** Answered, over the time it took until all were. */
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

const connectionsMax = 64;
/** With so many unanswered calls the server does not keep up, and latencies only tell for how long that went on. */
const waitingMax = 20_000;

/**
 * Calls at an even rate, whether or not answers have come: a call counts from when it was due, so a server that
 * stalls is not spared the calls it kept from being made. Throws where one is not answered with 200.
 */
export async function callAtRate(
  callAt: (index: number) => Call,
  load: { readonly perSecond: number; readonly seconds: number; readonly signal: AbortSignal },
): Promise<Latencies> {
  const { perSecond, signal } = load;
  const count = perSecond * load.seconds;
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax });
  const latenciesMs = new Float64Array(count);
  let answered = 0;
  const failures: Error[] = [];
  const take = async (index: number, dueAtMs: number): Promise<void> => {
    try {
      await answer(agent, callAt(index));
      latenciesMs[index] = performance.now() - dueAtMs;
      answered += 1;
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const pending: Promise<void>[] = [];
  const startedAtMs = performance.now();
  try {
    for (let next = 0; next < count && failures.length === 0; ) {
      signal.throwIfAborted();
      const due = Math.min(count, ((performance.now() - startedAtMs) * perSecond) / 1_000);
      for (; next < due; next += 1) {
        pending.push(take(next, startedAtMs + (next * 1_000) / perSecond));
      }
      if (next - answered > waitingMax) {
        throw new Error(
          `The server does not keep up with ${perSecond} requests a second. Ask for fewer: --rate.`,
        );
      }
      await delay(1);
    }
    await Promise.all(pending);
    const [failure] = failures;
    if (failure !== undefined) throw failure;
    const seconds = (performance.now() - startedAtMs) / 1_000;
    return { requestsPerSecond: rounded(count / seconds, 0), ...percentiles(latenciesMs) };
  } finally {
    agent.destroy();
  }
}

function answer(agent: Agent, { method, url, headers, body }: Call): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers }, (response) => {
      response.resume();
      response.once('error', reject);
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${method} ${url} was answered with ${response.statusCode}.`));
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Sorts them in place. */
export function percentiles(latenciesMs: Float64Array): Omit<Latencies, 'requestsPerSecond'> {
  latenciesMs.sort();
  const at = (share: number) =>
    rounded(latenciesMs[Math.ceil(latenciesMs.length * share) - 1] ?? 0, 2);
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}
