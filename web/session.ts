import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { isAbsent, type Person } from '../domain/person.ts';
import type { Locale } from '../domain/locale.ts';
import { locales } from '../domain/locale.ts';
import {
  createToken,
  deleteSession,
  findSessionPerson,
  insertSession,
} from '../db/stores/access.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { appendAudit } from '../db/stores/audit.ts';
import { countInbox } from '../db/stores/inbox-list.ts';
import type { WebDependencies } from './dependencies.ts';
import { csrfToken } from './security.ts';
import { textsFor, themes, type Flash, type Theme, type Visitor, type WebEnv } from './visitor.ts';

const sessionLifeMs = 7 * 86_400_000;
const preferencesLifeSeconds = 365 * 86_400;
/** From being sent to an identity provider to coming back from it. */
export const signInWithinMs = 10 * 60_000;
const flashLifeSeconds = 60;
const flashCharsMax = 600;

const preferencesSchema = z.object({ locale: z.enum(locales).nullable(), theme: z.enum(themes) });
const flashSchema = z.object({ kind: z.enum(['done', 'refused']), text: z.string() });

const attemptSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  next: z.string(),
  startedAtMs: z.number(),
});
/** A sign-in at an identity provider that this browser has begun. */
export type SignInAttempt = Readonly<z.infer<typeof attemptSchema>>;

type WebContext = Context<WebEnv>;

type HowSignedIn = 'link' | 'oidc' | 'sample';

export interface Sessions {
  /** Sets `visitor`, and `signedIn` where the browser has a session. */
  readonly recognise: MiddlewareHandler<WebEnv>;
  /** Opens a session for a person, records it, and gives the browser its cookie. */
  signIn(context: WebContext, person: Person, how: HowSignedIn): Promise<void>;
  signOut(context: WebContext): Promise<void>;
  keepAttempt(context: WebContext, attempt: SignInAttempt): void;
  /** What was kept, once; null where nothing was. */
  takeAttempt(context: WebContext): SignInAttempt | null;
  flash(context: WebContext, flash: Flash): void;
  remember(
    context: WebContext,
    preferences: { readonly locale: Locale | null; readonly theme: Theme },
  ): void;
  preferences(context: WebContext): { readonly locale: Locale | null; readonly theme: Theme };
}

/** Who is behind a browser. Cookies hold random tokens; the database knows only their hashes. */
export function createSessions(dependencies: WebDependencies): Sessions {
  const { database, now } = dependencies;
  const secure = dependencies.publicUrl.startsWith('https:');
  const prefix = secure ? '__Host-' : '';
  const names = {
    session: `${prefix}tagwarden`,
    browser: `${prefix}tagwarden-browser`,
    attempt: `${prefix}tagwarden-sign-in`,
    flash: `${prefix}tagwarden-flash`,
    preferences: `${prefix}tagwarden-look`,
  };
  const cookie = { path: '/', httpOnly: true, sameSite: 'Lax', secure } as const;

  const readJson = <T>(context: WebContext, name: string, schema: z.ZodType<T>): T | null => {
    const text = getCookie(context, name);
    if (text === undefined) return null;
    const parsed = schema.safeParse(parseBase64Json(text));
    return parsed.success ? parsed.data : null;
  };

  const preferences = (context: WebContext) =>
    readJson(context, names.preferences, preferencesSchema) ?? {
      locale: null,
      theme: 'auto' as const,
    };

  const takeFlash = (context: WebContext): Flash | null => {
    if (context.req.method !== 'GET' || getCookie(context, names.flash) === undefined) return null;
    const flash = readJson(context, names.flash, flashSchema);
    deleteCookie(context, names.flash, cookie);
    return flash;
  };

  /** A browser without a session needs something that its forms are bound to. */
  const browserToken = (context: WebContext): string => {
    const known = getCookie(context, names.browser);
    if (known !== undefined) return known;
    const token = createToken();
    setCookie(context, names.browser, token, cookie);
    return token;
  };

  const findSession = async (context: WebContext) => {
    const token = getCookie(context, names.session);
    if (token === undefined) return null;
    const code = await findSessionPerson(database.query, token, now());
    const person =
      code === null ? undefined : (await readCurrentKnowledge(database)).people.get(code);
    return person === undefined || person.status === 'left' ? null : { token, person };
  };

  return {
    preferences,
    recognise: async (context, next) => {
      const nowMs = now();
      const { locale: chosen, theme } = preferences(context);
      const accepted = acceptedLocale(context.req.header('accept-language') ?? '');
      const url = new URL(context.req.url);
      const visitorOf = (person: Person | null, csrf: string): Visitor => {
        const locale = chosen ?? person?.locale ?? accepted;
        return {
          locale,
          texts: textsFor(locale),
          timeZone: person?.timeZone ?? 'Asia/Shanghai',
          theme,
          csrf,
          flash: null,
          path: url.pathname + url.search,
          nowMs,
        };
      };
      // What goes wrong before it is known who they are is said in their browser's language.
      context.set('visitor', visitorOf(null, ''));
      const session = await findSession(context);
      const visitor = {
        ...visitorOf(session?.person ?? null, csrfToken(session?.token ?? browserToken(context))),
        flash: takeFlash(context),
      };
      const { locale } = visitor;
      context.set('visitor', visitor);
      if (session !== null) {
        const { waiting } = await countInbox(database.sql, {
          personCode: session.person.code,
          severity: null,
          nowMs,
        });
        context.set('signedIn', {
          ...visitor,
          person: { ...session.person, locale },
          waiting,
        });
      }
      await next();
    },
    signIn: async (context, person, how) => {
      const nowMs = now();
      const token = createToken();
      await database.query.transaction(async (transaction) => {
        await insertSession(transaction, {
          token,
          personCode: person.code,
          createdAtMs: nowMs,
          expiresAtMs: nowMs + sessionLifeMs,
        });
        await appendAudit(transaction, [personEntry(person.code, 'person.signed-in', how)], nowMs);
      });
      setCookie(context, names.session, token, { ...cookie, maxAge: sessionLifeMs / 1000 });
      deleteCookie(context, names.browser, cookie);
    },
    signOut: async (context) => {
      const token = getCookie(context, names.session);
      const session = await findSession(context);
      if (token !== undefined && session !== null) {
        await database.query.transaction(async (transaction) => {
          await deleteSession(transaction, token);
          await appendAudit(
            transaction,
            [personEntry(session.person.code, 'person.signed-out', null)],
            now(),
          );
        });
      }
      deleteCookie(context, names.session, cookie);
    },
    keepAttempt: (context, attempt) => {
      const value = Buffer.from(JSON.stringify(attempt)).toString('base64url');
      setCookie(context, names.attempt, value, { ...cookie, maxAge: signInWithinMs / 1000 });
    },
    takeAttempt: (context) => {
      const attempt = readJson(context, names.attempt, attemptSchema);
      deleteCookie(context, names.attempt, cookie);
      return attempt;
    },
    flash: (context, flash) => {
      const text = flash.text.slice(0, flashCharsMax);
      const value = Buffer.from(JSON.stringify({ ...flash, text })).toString('base64url');
      setCookie(context, names.flash, value, { ...cookie, maxAge: flashLifeSeconds });
    },
    remember: (context, chosen) => {
      const value = Buffer.from(JSON.stringify(chosen)).toString('base64url');
      setCookie(context, names.preferences, value, { ...cookie, maxAge: preferencesLifeSeconds });
    },
  };
}

/** Whether a person is at work now, away, or gone for good. */
export function presence(person: Person, nowMs: number): 'active' | 'absent' | 'left' {
  if (person.status === 'left') return 'left';
  return isAbsent(person, nowMs) ? 'absent' : 'active';
}

/** The better liked of the languages there are; English for those who like neither. */
export function acceptedLocale(acceptLanguage: string): Locale {
  const liked = acceptLanguage
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().split(/;\s*q=/);
      return { tag: tag.toLowerCase(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => /^(zh|en)\b/.test(tag) && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return liked[0]?.tag.startsWith('zh') === true ? 'zh-CN' : 'en';
}

function personEntry(code: string, action: string, how: HowSignedIn | null) {
  return {
    actorCode: code,
    through: 'console',
    action,
    subjectKind: 'person',
    subjectId: code,
    before: null,
    after: how === null ? null : { how },
  };
}

function parseBase64Json(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return null;
  }
}
