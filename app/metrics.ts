import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Sql } from '../db/client.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly requests: Histogram<'area' | 'status'>;
}

/** What Prometheus reads: the process, HTTP, and what the database says now. No names of people or customers. */
export function createMetrics(sql: Sql): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'tagwarden_http_request_seconds',
    help: 'Time to answer HTTP requests',
    labelNames: ['area', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
    registers: [registry],
  });
  registry.registerMetric(
    gauge(
      'tagwarden_warnings',
      'Warnings that are not closed',
      ['severity', 'state'],
      () => sql`
      select severity, state, count(*)::int as value from warning
      where state <> 'closed' group by severity, state`,
    ),
  );
  registry.registerMetric(
    gauge(
      'tagwarden_deliveries',
      'Cards by channel and state',
      ['channel', 'state'],
      () => sql`
      select channel, state, count(*)::int as value from delivery group by channel, state`,
    ),
  );
  registry.registerMetric(
    gauge(
      'tagwarden_last_scan_finished_seconds',
      'When the newest scan that went well finished, in seconds since 1970',
      ['kind'],
      () => sql`
      select kind, extract(epoch from max(finished_at))::float8 as value
      from scan where state = 'done' group by kind`,
    ),
  );
  return { registry, requests };
}

/** A gauge whose rows, each with a `value` and its labels, are read when Prometheus asks. */
function gauge(
  name: string,
  help: string,
  labelNames: readonly string[],
  read: () => PromiseLike<readonly Readonly<Record<string, unknown>>[]>,
): Gauge {
  return new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [],
    async collect() {
      this.reset();
      for (const row of await read()) {
        const labels = Object.fromEntries(labelNames.map((label) => [label, String(row[label])]));
        this.set(labels, Number(row['value']));
      }
    },
  });
}
