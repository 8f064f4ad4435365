import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import type { Actor } from '../../commands/command.ts';
import { createTurnAway } from '../../commands/turned-away.ts';
import { hashToken } from '../../db/stores/access.ts';
import { addAttempts, countAttempt } from '../../db/stores/attempts.ts';
import {
  readCurrentKnowledge,
  type ApiToken,
  type CurrentKnowledge,
} from '../../db/stores/current-knowledge.ts';
import type { Locale } from '../../domain/locale.ts';
import { withOnlyRoles, type Person } from '../../domain/person.ts';
import type { WebDependencies } from '../dependencies.ts';
import { createRateLimit } from '../rate-limit.ts';
import { peerAddress } from '../security.ts';
import { acceptedLocale } from '../session.ts';
import { Problem, problemTitle } from './problem.ts';
import { problemSchema } from './schemas.ts';

export interface ApiEnv {
  Variables: {
    /** The token's person with no more roles than the token has. */
    actor: Actor;
    locale: Locale;
    /** As it was when the call came in. */
    current: CurrentKnowledge;
  };
}

/** A router whose unreadable requests are answered with problem details. */
export function createApiRouter(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      return unreadable(result.error, requestLocale(context)).toResponse();
    },
  });
}

const faultsMax = 20;

function unreadable(error: z.core.$ZodError, locale: Locale): Problem {
  return new Problem('invalid', {
    title: problemTitle(422, locale),
    status: 422,
    detail:
      locale === 'zh-CN'
        ? '请按 errors 中的说明修改后重试；字段定义见 /api/openapi.json。'
        : 'Correct what `errors` names and try again; /api/openapi.json defines every field.',
    errors: error.issues.slice(0, faultsMax).map((issue) => ({
      path: issue.path.map(String).join('.'),
      message: issue.message,
    })),
  });
}

/** The caller's language: Accept-Language where given. */
export function requestLocale(context: Context): Locale {
  return acceptedLocale(context.req.header('accept-language') ?? '');
}

const minuteMs = 60_000;
const failedAttempts = { of: 'api-token', attemptsMax: 60, windowMs: minuteMs } as const;
/** Counted apart, so that a script cannot hold up the check that a CRM shows as its pop-up. */
const checkPath = '/v1/check';

/** Lets in whoever carries a bearer token that is known and has not run out, as its person, and so often a minute. */
export function authenticate(dependencies: WebDependencies): MiddlewareHandler<ApiEnv> {
  const { database, now, logger } = dependencies;
  const { callsPerMinute, checksPerMinute } = dependencies.limits;
  const limitTo = (of: string, attemptsMax: number) =>
    createRateLimit(
      { attemptsMax, windowMs: minuteMs },
      (counts) => addAttempts(database.sql, of, counts),
      (error) => logger.error({ error }, 'API calls are counted by each process for itself.'),
    );
  const calls = limitTo('api-calls', callsPerMinute);
  const checks = limitTo('api-checks', checksPerMinute);
  const turnAway = createTurnAway(dependencies.context);
  return async (context, next) => {
    const language = context.req.header('accept-language');
    const locale = requestLocale(context);
    const token = /^Bearer ([\w-]{20,200})$/.exec(context.req.header('authorization') ?? '')?.[1];
    const current = await readCurrentKnowledge(database);
    const { apiTokens, people } = current;
    const found = token === undefined ? undefined : apiTokens.get(hashToken(token));
    const person = people.get(found?.personCode ?? '');
    const isOver = found !== undefined && found.expiresAtMs <= now();
    if (found === undefined || isOver || person === undefined || person.status === 'left') {
      const address = peerAddress(context);
      const waitMs = await countAttempt(database.query, failedAttempts, { address, nowMs: now() });
      const reason =
        waitMs === 0 ? strangerReason(token, { found, isOver, person }) : tooManyReason;
      await turnAway({ through: 'api', reason, personCode: person?.code ?? null });
      throw waitMs === 0 ? unauthorized(locale) : tooMany('too-many-attempts', { locale, waitMs });
    }
    const ownLocale = language === undefined ? person.locale : locale;
    const isCheck = context.req.path.endsWith(checkPath);
    const waitMs = (isCheck ? checks : calls).waitMs(found.tokenHash, now());
    if (waitMs > 0) {
      const reason = isCheck ? 'too many checks' : 'too many calls';
      await turnAway({ through: 'api', reason, personCode: person.code });
      throw tooMany('too-many-calls', { locale: ownLocale, waitMs });
    }
    context.set('locale', ownLocale);
    context.set('actor', { person: withOnlyRoles(person, found.roles), through: 'api' });
    context.set('current', current);
    await next();
  };
}

const tooManyReason = 'too many attempts';

function strangerReason(
  token: string | undefined,
  known: {
    readonly found: ApiToken | undefined;
    readonly isOver: boolean;
    readonly person: Person | undefined;
  },
): string {
  if (token === undefined) return 'no API token';
  if (known.found === undefined) return 'unknown API token';
  if (known.isOver) return 'API token over';
  return known.person === undefined ? 'API token of nobody' : 'API token of somebody who has left';
}

function unauthorized(locale: Locale): Problem {
  return new Problem('unauthorized', {
    title: problemTitle(401, locale),
    status: 401,
    detail:
      locale === 'zh-CN'
        ? '请在 Authorization: Bearer 中提供有效的 API 令牌；可在控制台的「API 令牌」页面或用 tagwarden token create 创建。'
        : 'Send an API token that holds as Authorization: Bearer; the console’s page “API tokens” or `tagwarden token create` makes one.',
  });
}

function tooMany(
  kind: 'too-many-attempts' | 'too-many-calls',
  { locale, waitMs }: { readonly locale: Locale; readonly waitMs: number },
): Problem {
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  return new Problem(kind, {
    title: problemTitle(429, locale),
    status: 429,
    detail:
      locale === 'zh-CN'
        ? `请在 ${retryAfterSeconds} 秒后再试。`
        : `Wait ${retryAfterSeconds} ${retryAfterSeconds === 1 ? 'second' : 'seconds'} and try again.`,
    retryAfterSeconds,
  });
}

/** Problems a route can answer with, for its documentation. */
export const problemResponses = {
  default: {
    description: 'What is wrong and what to do (RFC 9457)',
    content: { 'application/problem+json': { schema: problemSchema } },
  },
} as const;

export function jsonResponse<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

export function jsonBody<S extends z.ZodType>(schema: S) {
  return { required: true, content: { 'application/json': { schema } } };
}

export function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}

export function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
