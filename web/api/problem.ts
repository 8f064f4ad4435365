import type { CommandRefusal, CommandResult } from '../../commands/command.ts';
import { describeExpected, describeRefusal, describeRuleFault } from '../../bot/texts/refusals.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Person } from '../../domain/person.ts';

export type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;

/** RFC 9457 problem details. `detail` says what to do. */
export interface ProblemDetails {
  /** urn:tagwarden:problem:<kind>; stable, for programs. */
  readonly type: string;
  readonly title: string;
  readonly status: ProblemStatus;
  readonly detail: string;
  /** Where in the request the fault is, for what could not be read. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  /** To find the log line by. */
  readonly reference?: string;
  /** The same call may be made again after so long. */
  readonly retryAfterSeconds?: number;
}

const retryAfterSecondsDefault = 5;

/** Ends a request with problem details. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly details: ProblemDetails;

  constructor(kind: string, details: Omit<ProblemDetails, 'type'>) {
    super(details.title);
    this.details = { type: `urn:tagwarden:problem:${kind}`, ...details };
  }

  /** Built by hand: what ends a request may come from before any route. */
  toResponse(): Response {
    const { status, retryAfterSeconds = retryAfterSecondsDefault } = this.details;
    return new Response(JSON.stringify(this.details), {
      status,
      headers: {
        'content-type': 'application/problem+json; charset=utf-8',
        ...(status === 401 ? { 'www-authenticate': 'Bearer realm="tagwarden"' } : {}),
        ...(status === 503 || status === 429 ? { 'retry-after': String(retryAfterSeconds) } : {}),
      },
    });
  }
}

const refusalStatus: Readonly<Record<CommandRefusal['kind'], ProblemStatus>> = {
  closed: 409,
  'already-claimed': 409,
  'not-claimed': 409,
  busy: 409,
  'snoozed-too-often': 409,
  'already-yours': 409,
  'chain-ended': 409,
  'not-involved': 403,
  'already-answered': 409,
  'own-request': 403,
  'not-a-member': 403,
  'voting-over': 409,
  'same-vote': 409,
  'former-member': 403,
  recused: 409,
  'owner-of-it': 403,
  'seat-taken': 409,
  'two-seats': 409,
  'not-absent': 403,
  'chair-decides': 403,
  'chair-chooses': 422,
  'console-needed': 403,
  'not-responsible': 403,
  'claimed-by-other': 403,
  'role-needed': 403,
  'beyond-departments': 403,
  'may-not-use': 403,
  'not-found': 404,
  'undo-over': 409,
  'changed-since': 409,
  'review-over': 409,
  invalid: 422,
  naming: 422,
  'rule-misfit': 422,
  'rule-field': 422,
  'unreadable-table': 422,
  'taken-in-before': 409,
  'being-taken-in': 409,
  'rows-refused': 409,
  'conflicts-with': 409,
  taken: 409,
  'committee-decides': 409,
  'batch-item': 422,
  'batch-rivals': 422,
  'points-of-other': 403,
  'may-not-decide': 403,
  'contest-over': 409,
  'contested-before': 409,
  'not-contested': 409,
  unavailable: 503,
};

const statusTitles: Readonly<Record<ProblemStatus, Readonly<Record<Locale, string>>>> = {
  400: { 'zh-CN': '请求无法识别', en: 'The request could not be read' },
  401: { 'zh-CN': '需要有效的令牌', en: 'A valid token is needed' },
  403: { 'zh-CN': '没有权限', en: 'Not allowed' },
  404: { 'zh-CN': '不存在', en: 'Not found' },
  409: { 'zh-CN': '与当前状态冲突', en: 'It stands differently by now' },
  413: { 'zh-CN': '请求过大', en: 'The request is too large' },
  422: { 'zh-CN': '内容不符合要求', en: 'A value is not what it should be' },
  429: { 'zh-CN': '请求过于频繁', en: 'Too many requests' },
  500: { 'zh-CN': '出错了', en: 'Something went wrong' },
  503: { 'zh-CN': '暂时不可用', en: 'Not available right now' },
};

export function problemTitle(status: ProblemStatus, locale: Locale): string {
  return statusTitles[status][locale];
}

/** What a command did; a refusal becomes a problem in words. */
export function expectDone<T>(
  result: CommandResult<T>,
  locale: Locale,
  people: ReadonlyMap<string, Person>,
): { readonly kind: 'done' | 'unchanged' } & T {
  if (result.kind !== 'refused') return result;
  const status = refusalStatus[result.refusal.kind];
  throw new Problem(result.refusal.kind, {
    title: problemTitle(status, locale),
    status,
    detail: describeRefusal(result.refusal, locale, people),
    ...placesOf(result.refusal, locale),
  });
}

/** Where in what was sent the fault is. */
function placesOf(refusal: CommandRefusal, locale: Locale): Pick<ProblemDetails, 'errors'> {
  if (refusal.kind === 'invalid') {
    return { errors: [{ path: refusal.field, message: describeExpected(refusal, locale) }] };
  }
  if (refusal.kind === 'batch-item') {
    const inside = placesOf(refusal.fault, locale).errors ?? [];
    const at = `items.${refusal.item - 1}`;
    return { errors: inside.map(({ path, message }) => ({ path: `${at}.${path}`, message })) };
  }
  if (refusal.kind === 'rule-misfit') {
    const message = describeRuleFault(refusal.misfit, locale);
    return { errors: [{ path: refusal.misfit.part, message }] };
  }
  if (refusal.kind === 'rule-field') {
    const message = describeRuleFault(refusal.fault, locale);
    return { errors: [{ path: refusal.field, message }] };
  }
  return {};
}
