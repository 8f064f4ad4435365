import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
} from '@opentelemetry/api';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { traceHeader } from '../workflows/messages.ts';
import type { Lifetime } from './lifetime.ts';

const tracerName = 'tagwarden';
const sendWithinMs = 3_000;

/**
 * Sends traces to the OpenTelemetry collector at `endpoint` (OTLP over HTTP) as long as the process lives. The other
 * variables of OpenTelemetry, such as OTEL_EXPORTER_OTLP_HEADERS and OTEL_TRACES_SAMPLER, hold as everywhere. Spans
 * carry ids, counts and states. Without an endpoint nothing is loaded, and what traces elsewhere does nothing.
 */
export async function startTracing(options: {
  readonly endpoint: string | null;
  readonly process: 'server' | 'worker';
  readonly lifetime: Pick<Lifetime, 'onEnd'>;
}): Promise<void> {
  const { endpoint, lifetime } = options;
  if (endpoint === null) return;
  const [
    { BatchSpanProcessor, NodeTracerProvider },
    { OTLPTraceExporter },
    { resourceFromAttributes },
  ] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: sendWithinMs,
  });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': `tagwarden-${options.process}` }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  lifetime.onEnd(async () => {
    // A collector that is away must not keep the process from ending.
    await provider.shutdown().catch(() => {});
    trace.disable();
    context.disable();
    propagation.disable();
  });
}

/** Does the work in a span of its own, in the trace that is under way or in `parent`. */
export async function inSpan<T>(
  span: {
    readonly name: string;
    readonly kind: SpanKind;
    readonly attributes: Attributes;
    readonly parent?: Context;
  },
  work: () => Promise<T>,
  describe: (value: T) => Attributes = () => ({}),
): Promise<T> {
  const { name, kind, attributes, parent = context.active() } = span;
  return trace
    .getTracer(tracerName)
    .startActiveSpan(name, { kind, attributes }, parent, async (active) => {
      try {
        const value = await work();
        active.setAttributes(describe(value));
        return value;
      } catch (error) {
        // The type only: a message may hold what belongs in no trace.
        active.setStatus({ code: SpanStatusCode.ERROR });
        active.setAttribute('error.type', error instanceof Error ? error.name : 'unknown');
        throw error;
      } finally {
        active.end();
      }
    });
}

/** The trace that a W3C traceparent names. */
export function traceOf(traceparent: string | null | undefined): Context {
  return propagation.extract(context.active(), { traceparent: traceparent ?? undefined });
}

function currentHeaders(headers: Headers): Headers {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent === undefined
    ? headers
    : { ...headers, [traceHeader]: defaultPayloadConverter.toPayload(carrier.traceparent) };
}

interface Sent {
  readonly headers: Headers;
}

function send<T extends Sent, R>(
  what: { readonly name: string; readonly workflowId: string | undefined },
  input: T,
  next: (input: T) => Promise<R>,
): Promise<R> {
  const attributes = { 'temporal.workflow_id': what.workflowId ?? '' };
  return inSpan({ name: what.name, kind: SpanKind.CLIENT, attributes }, () =>
    next({ ...input, headers: currentHeaders(input.headers) }),
  );
}

/** Messages to workflows carry the trace they are sent in. */
export const tracedMessages: WorkflowClientInterceptor = {
  start: (input, next) =>
    send(
      { name: `start ${input.workflowType}`, workflowId: input.options.workflowId },
      input,
      next,
    ),
  signal: (input, next) =>
    send(
      { name: `signal ${input.signalName}`, workflowId: input.workflowExecution.workflowId },
      input,
      next,
    ),
  signalWithStart: (input, next) =>
    send({ name: `signal ${input.signalName}`, workflowId: input.options.workflowId }, input, next),
  startUpdate: (input, next) =>
    send(
      { name: `update ${input.updateName}`, workflowId: input.workflowExecution.workflowId },
      input,
      next,
    ),
};

/** Activities run in the trace of what their workflow was told last. */
export const tracedActivities: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    execute: (input, next) => {
      const payload = input.headers[traceHeader];
      const parent = payload === undefined ? null : defaultPayloadConverter.fromPayload(payload);
      return inSpan(
        {
          name: `activity ${info.activityType}`,
          kind: SpanKind.CONSUMER,
          attributes: {
            'temporal.workflow_id': info.workflowExecution?.workflowId ?? '',
            'temporal.workflow_type': info.workflowType ?? '',
            'temporal.attempt': info.attempt,
          },
          parent: traceOf(typeof parent === 'string' ? parent : null),
        },
        () => next(input),
      );
    },
  },
});
