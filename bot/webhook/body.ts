import type { Event, EventBody } from '../../domain/event.ts';

/** What a receiver gets: instants as ISO 8601, ids and counts, and the console's page about it. */
export interface WebhookBody {
  readonly type: EventBody['kind'];
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function webhookBody({ body, atMs }: Event, publicUrl: string): WebhookBody {
  const { kind, ...facts } = body;
  return {
    type: kind,
    timestamp: new Date(atMs).toISOString(),
    data: {
      ...Object.fromEntries(Object.entries(facts).map(written)),
      url: `${publicUrl}${pathOf(body)}`,
    },
  };
}

/** `claimDueAtMs` is written as `claimDueAt`. */
function written([key, value]: [string, unknown]): [string, unknown] {
  const name = /^(?<name>.+)Ms$/.exec(key)?.groups?.['name'];
  return name === undefined || typeof value !== 'number'
    ? [key, value]
    : [name, new Date(value).toISOString()];
}

/** The console's page about an event. */
export function pathOf(body: EventBody): string {
  switch (body.kind) {
    case 'warning.opened':
    case 'warning.claimed':
    case 'warning.escalated':
    case 'warning.closed':
      return `/warnings/${body.warningId}`;
    case 'request.decided':
      return `/requests/${body.requestId}`;
    case 'digest.created':
      return '/overview';
    case 'warnings.opened':
    case 'report.daily':
      return '/warnings';
    case 'report.monthly':
      return `/assessment?month=${body.month}`;
  }
}
