import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { SpanKind } from '@opentelemetry/api';
import { createMetrics, type MetricsDependencies } from './metrics.ts';
import { inSpan, traceOf } from './tracing.ts';

export interface HttpDependencies {
  /** Console and API. */
  readonly web: { fetch(request: Request, bindings?: unknown): Response | Promise<Response> };
  /** Doors of the chat platforms by path; each checks who knocks. */
  readonly doors: ReadonlyMap<string, (request: Request) => Promise<Response>>;
  /** What the process cannot work without, by name; each rejects where it does not answer. */
  readonly dependencies: ReadonlyMap<string, () => Promise<void>>;
  /** What `/metrics` tells besides the process itself. */
  readonly metrics: MetricsDependencies;
}

/** Chat platforms send at most a few hundred kilobytes. */
const doorBodyBytesMax = 1_048_576;
const readyWithinMs = 3_000;

/** Everything that answers on the port of `server`. */
export function createHttp({ web, doors, dependencies, metrics: told }: HttpDependencies): Hono {
  const app = new Hono();
  const metrics = createMetrics(told);
  app.use(async (context, next) => {
    const startedAtMs = performance.now();
    const area = areaOf(context.req.path, doors);
    const { method } = context.req;
    await inSpan(
      {
        name: `${method} ${area}`,
        kind: SpanKind.SERVER,
        attributes: { 'http.request.method': method },
        parent: traceOf(context.req.header('traceparent')),
      },
      next,
      () => ({ 'http.response.status_code': context.res.status }),
    );
    const seconds = (performance.now() - startedAtMs) / 1000;
    metrics.requests.observe({ area, status: String(context.res.status) }, seconds);
  });
  app.get('/healthz', (context) => context.text('ok\n'));
  app.get('/readyz', async (context) => {
    const states = await checkAll(dependencies);
    const ready = Object.values(states).every((state) => state === 'ok');
    return context.json({ ready, ...states }, ready ? 200 : 503);
  });
  app.get('/metrics', async (context) => {
    const text = await metrics.registry.metrics();
    return context.text(text, 200, { 'Content-Type': metrics.registry.contentType });
  });
  for (const [path, handle] of doors) {
    app.post(path, bodyLimit({ maxSize: doorBodyBytesMax }), (context) => handle(context.req.raw));
  }
  // With the bindings, which hold the peer's address.
  app.all('*', (context) => web.fetch(context.req.raw, context.env));
  return app;
}

async function checkAll(
  dependencies: HttpDependencies['dependencies'],
): Promise<Readonly<Record<string, 'ok' | 'unreachable'>>> {
  const states = await Promise.all(
    [...dependencies].map(async ([name, check]) => [name, await answers(check)] as const),
  );
  return Object.fromEntries(states);
}

async function answers(check: () => Promise<void>): Promise<'ok' | 'unreachable'> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<'unreachable'>((resolve) => {
    timer = setTimeout(() => resolve('unreachable'), readyWithinMs);
  });
  const answer = check().then(
    () => 'ok' as const,
    () => 'unreachable' as const,
  );
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
}

function areaOf(path: string, doors: HttpDependencies['doors']): string {
  if (doors.has(path)) return path.slice(1).replace('/', '-');
  if (path.startsWith('/api/')) return 'api';
  return path === '/healthz' || path === '/readyz' || path === '/metrics' ? 'health' : 'console';
}
