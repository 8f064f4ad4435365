import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SpanSeen {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: the first of its trace. */
  readonly parentSpanId: string;
  readonly name: string;
}

interface ExportedTraces {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<SpanSeen, 'parentSpanId'> & {
        readonly parentSpanId?: string;
      })[];
    }[];
  }[];
}

/** A loopback OpenTelemetry collector: takes traces as OTLP over HTTP in JSON. Call `close()` when done. */
export async function startTraceCollector() {
  const spans: SpanSeen[] = [];
  const bodies: string[] = [];
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      bodies.push(body);
      const { resourceSpans } = JSON.parse(body) as ExportedTraces;
      for (const span of resourceSpans.flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap((scope) => scope.spans),
      )) {
        const { traceId, spanId, parentSpanId = '', name } = span;
        spans.push({ traceId, spanId, parentSpanId, name });
      }
      response
        .writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/json' })
        .end('{}');
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    spans,
    bodies,
    /** Names of a span and all above it, the span first. */
    pathOf: (span: SpanSeen): readonly string[] => {
      const names: string[] = [];
      for (let at: SpanSeen | undefined = span; at !== undefined; ) {
        const { traceId, parentSpanId, name }: SpanSeen = at;
        names.push(name);
        at = spans.find((other) => other.traceId === traceId && other.spanId === parentSpanId);
      }
      return names;
    },
    close: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}
