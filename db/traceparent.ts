import { isSpanContextValid, trace } from '@opentelemetry/api';

/** The trace in which this runs, as a W3C traceparent, for whoever goes on with the work elsewhere; null: none. */
export function traceparent(): string | null {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return null;
  const flags = span.traceFlags.toString(16).padStart(2, '0');
  return `00-${span.traceId}-${span.spanId}-${flags}`;
}
