import { collectDefaultMetrics, Gauge, Histogram, Registry, type Metric } from 'prom-client';
import type { Sql } from '../db/client.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly requests: Histogram<'area' | 'status'>;
}

export interface MetricsDependencies {
  readonly sql: Sql;
  /** Tasks that wait for a worker, by task queue. */
  readonly readBacklogs: () => Promise<ReadonlyMap<string, number>>;
}

type Row = Readonly<Record<string, unknown>>;

const minuteSeconds = 60;
const hourSeconds = 3_600;
const daySeconds = 86_400;
/** What people ask of a deadline: minutes, hours, days. */
const lifeBuckets = [
  5 * minuteSeconds,
  30 * minuteSeconds,
  hourSeconds,
  2 * hourSeconds,
  4 * hourSeconds,
  8 * hourSeconds,
  daySeconds,
  2 * daySeconds,
  7 * daySeconds,
  30 * daySeconds,
];

/**
 * What Prometheus reads: the process, HTTP, and what the database and Temporal say when it asks. Every server of an
 * installation answers the same for what is read from there. No names of people or customers.
 */
export function createMetrics({ sql, readBacklogs }: MetricsDependencies): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'tagwarden_http_request_duration_seconds',
    help: 'Time to answer HTTP requests',
    labelNames: ['area', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
    registers: [registry],
  });
  for (const metric of [
    ...warningMetrics(sql),
    ...scanMetrics(sql),
    ...deliveryMetrics(sql),
    ...clickMetrics(sql),
    ...fixMetrics(sql),
    ...sizeMetrics(sql),
    read('gauge', {
      name: 'tagwarden_task_queue_backlog',
      help: 'Tasks that wait for a worker',
      labels: ['queue'],
      rows: async () => [...(await readBacklogs())].map(([queue, value]) => ({ queue, value })),
    }),
  ]) {
    registry.registerMetric(metric);
  }
  return { registry, requests };
}

function warningMetrics(sql: Sql): readonly Metric[] {
  return [
    read('gauge', {
      name: 'tagwarden_warnings',
      help: 'Warnings that are not closed',
      labels: ['severity', 'state'],
      rows: () => sql`
        select severity, state, count(*)::int as value from warning
        where state <> 'closed' group by severity, state`,
    }),
    read('gauge', {
      name: 'tagwarden_warnings_overdue',
      help: 'Warnings that are not closed and past a deadline',
      labels: ['severity', 'deadline'],
      rows: () => sql`
        select severity, deadline, count(*) filter (where late)::int as value from warning
        cross join lateral (values
          ('claim', state = 'open' and claim_due_at < now()), ('close', close_due_at < now())
        ) as due (deadline, late)
        where state <> 'closed' group by severity, deadline`,
    }),
    read('counter', {
      name: 'tagwarden_warnings_opened_total',
      help: 'Warnings that were opened',
      labels: ['severity'],
      rows: () => sql`select severity, count(*)::int as value from warning group by severity`,
    }),
    read('counter', {
      name: 'tagwarden_warnings_closed_total',
      help: 'Warnings that were closed, by why',
      labels: ['severity', 'reason'],
      rows: () => sql`
        select severity, state_body ->> 'reason' as reason, count(*)::int as value from warning
        where state = 'closed' group by severity, reason`,
    }),
    lifeHistogram({
      name: 'tagwarden_warning_time_to_claim_seconds',
      help: 'From opened to first claimed',
      rows: () => sql`
        select severity, extract(epoch from claimed_at - opened_at)::float8 as seconds
        from warning where claimed_at is not null`,
    }),
    lifeHistogram({
      name: 'tagwarden_warning_time_to_close_seconds',
      help: 'From opened to closed',
      rows: () => sql`
        select severity, extract(epoch from closed_at - opened_at)::float8 as seconds
        from warning where closed_at is not null`,
    }),
    read('gauge', {
      name: 'tagwarden_requests',
      help: 'Tag requests by state',
      labels: ['state'],
      rows: () => sql`select state, count(*)::int as value from request group by state`,
    }),
  ];
}

function scanMetrics(sql: Sql): readonly Metric[] {
  const newest = (name: string, help: string, value: string) =>
    read('gauge', {
      name,
      help,
      labels: ['kind'],
      rows: () => sql`
        select distinct on (kind) kind, ${sql.unsafe(value)} as value
        from scan where state = 'done' and kind <> 'customers' order by kind, finished_at desc`,
    });
  return [
    read('counter', {
      name: 'tagwarden_scans_total',
      help: 'Scans that ended, by how',
      labels: ['kind', 'state'],
      rows: () => sql`
        select kind, state, count(*)::int as value from scan
        where state <> 'running' group by kind, state`,
    }),
    newest(
      'tagwarden_scan_last_finished_timestamp_seconds',
      'When the newest scan that went well finished, in seconds since 1970',
      'extract(epoch from finished_at)::float8',
    ),
    newest(
      'tagwarden_scan_last_duration_seconds',
      'How long the newest scan that went well took, with reading the sources',
      'extract(epoch from finished_at - started_at)::float8',
    ),
    newest(
      'tagwarden_scan_last_customers',
      'Customers that the newest scan that went well looked at',
      'customers::float8',
    ),
    newest(
      'tagwarden_findings_open',
      'Open findings after the newest scan that went well',
      'findings_open::float8',
    ),
  ];
}

function deliveryMetrics(sql: Sql): readonly Metric[] {
  return [
    read('gauge', {
      name: 'tagwarden_deliveries',
      help: 'Cards by channel and state; failed: given up',
      labels: ['channel', 'state'],
      rows: () => sql`
        select channel, state, count(*)::int as value from delivery group by channel, state`,
    }),
    read('gauge', {
      name: 'tagwarden_delivery_oldest_waiting_seconds',
      help: 'Since when the oldest card waits to be posted, those left out that wait for quiet hours to end',
      labels: ['channel'],
      rows: () => sql`
        select channel, coalesce(max(extract(epoch from now() - created_at))
          filter (where state = 'posting' or (state = 'pending' and (urgent
            or recipient_code not in (select quiet_people(now()))))), 0)::float8 as value
        from delivery group by channel`,
    }),
  ];
}

function clickMetrics(sql: Sql): readonly Metric[] {
  return [
    read('gauge', {
      name: 'tagwarden_click_oldest_waiting_seconds',
      help: 'Since when the oldest click that came through a chat platform waits to be done',
      labels: ['channel'],
      rows: () => sql`
        select channel, extract(epoch from now() - min(received_at))::float8 as value
        from inbound_event where work is not null group by channel`,
    }),
  ];
}

function fixMetrics(sql: Sql): readonly Metric[] {
  return [
    read('gauge', {
      name: 'tagwarden_fixes',
      help: 'Fixes by state',
      labels: ['state'],
      rows: () => sql`select state, count(*)::int as value from fix group by state`,
    }),
    read('counter', {
      name: 'tagwarden_fix_customers_total',
      help: 'What became of the customers of fixes that were written to their end',
      labels: ['outcome'],
      rows: () => sql`
        select outcome, coalesce(sum((after ->> field)::bigint), 0)::float8 as value
        from (values ('changed', 'changed'), ('already-so', 'alreadySo'),
          ('changed-meanwhile', 'changedMeanwhile'), ('refused', 'refused')) as o (outcome, field)
        left join audit_row on subject_kind = 'fix' and action = 'fix.written'
        group by outcome`,
    }),
    read('gauge', {
      name: 'tagwarden_audit_rows',
      help: 'Number of the last row of the audit trail',
      labels: [],
      rows: () => sql`select coalesce(max(id), 0)::float8 as value from audit_row`,
    }),
  ];
}

/** From the catalogue, which knows without counting. */
function sizeMetrics(sql: Sql): readonly Metric[] {
  return [
    read('gauge', {
      name: 'tagwarden_table_bytes',
      help: 'Size of each table with its indexes',
      labels: ['table'],
      rows: () => sql`
        select relname as table, pg_total_relation_size(oid)::float8 as value from pg_class
        where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    }),
  ];
}

interface Reading {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Rows, each with a `value` and the labels. */
  readonly rows: () => PromiseLike<readonly Row[]>;
}

/** A metric whose values are read when Prometheus asks. A counter is counted by the database and only told here. */
function read(type: 'gauge' | 'counter', reading: Reading): Metric {
  const { name, help, labels } = reading;
  const gauge = new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [],
    async collect() {
      this.reset();
      for (const row of await reading.rows()) {
        this.set(labelsOf(row, labels), Number(row['value']));
      }
    },
  });
  return Object.assign(gauge, { type });
}

/** Durations by severity, read when Prometheus asks; each row has `severity` and `seconds`. */
function lifeHistogram(reading: Omit<Reading, 'labels'>): Metric {
  const { name, help } = reading;
  const histogram = new Histogram({
    name,
    help,
    labelNames: ['severity'],
    buckets: lifeBuckets,
    registers: [],
    async collect() {
      this.reset();
      for (const row of await reading.rows()) {
        this.observe(labelsOf(row, ['severity']), Number(row['seconds']));
      }
    },
  });
  return histogram;
}

function labelsOf(row: Row, labels: readonly string[]): Record<string, string> {
  return Object.fromEntries(labels.map((label) => [label, String(row[label])]));
}
