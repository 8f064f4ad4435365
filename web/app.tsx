import { randomUUID } from 'node:crypto';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { isPassing } from '../commands/passing-errors.ts';
import { setPreferences } from '../commands/set-preferences.ts';
import { fileBytesMax } from '../config/tag-table/limits.ts';
import { locales } from '../domain/locale.ts';
import { addAttempts } from '../db/stores/attempts.ts';
import type { Watched } from '../db/stores/markers.ts';
import { createApi } from './api/app.ts';
import { createTurnAway, type TurnAway } from '../commands/turned-away.ts';
import { createAssetRoutes } from './assets.ts';
import type { WebDependencies } from './dependencies.ts';
import { createCardDrawer } from './draw-card.ts';
import { createPageWatch, type PageWatch } from './events.ts';
import { createActRoutes } from './pages/act.tsx';
import { createAssessmentRoutes } from './pages/assessment.tsx';
import { createAuditRoutes } from './pages/audit.tsx';
import { createCandidateRoutes } from './pages/candidates.tsx';
import { createCheckRoutes } from './pages/check.tsx';
import { createDeliveryRoutes } from './pages/deliveries.tsx';
import { ErrorPage } from './pages/error.tsx';
import { createExportRoutes } from './pages/exports.tsx';
import { createFixRoutes } from './pages/fixes.tsx';
import { createInboxRoutes } from './pages/inbox.tsx';
import { createLinkRoutes } from './pages/links.tsx';
import { createMailRoutes, createUnsubscribeRoutes } from './pages/mail.tsx';
import { createNewBatchRoutes } from './pages/new-batch.tsx';
import { createReviewRoutes } from './pages/review.tsx';
import { createNewRequestRoutes } from './pages/new-request.tsx';
import { createNewRuleRoutes } from './pages/new-rule.tsx';
import { createRulePerformanceReader } from './rule-performance-reader.ts';
import { createOverviewReader } from './overview-reader.ts';
import { createOverviewRoutes } from './pages/overview.tsx';
import { createPeopleRoutes } from './pages/people.tsx';
import { createPolicyRoutes } from './pages/policy.tsx';
import { createPreferencesRoutes } from './pages/preferences.tsx';
import { createRequestRoutes } from './pages/requests.tsx';
import { createRuleRoutes } from './pages/rules.tsx';
import { createScanRoutes } from './pages/scans.tsx';
import { createSilenceRoutes } from './pages/silences.tsx';
import { createTokenRoutes } from './pages/tokens.tsx';
import { createSignInRoutes } from './pages/sign-in.tsx';
import { createTagRoutes } from './pages/tag.tsx';
import { createTagImportRoutes, tagImportPath } from './pages/tag-import.tsx';
import { createTagMapRoutes } from './pages/tag-map.tsx';
import { createTagListRoutes } from './pages/tags.tsx';
import { createWarningRoutes } from './pages/warning.tsx';
import { createWarningsRoutes } from './pages/warnings.tsx';
import { limitBody } from './limit-body.ts';
import { createRateLimit } from './rate-limit.ts';
import { isExpectedHost, isSameOrigin, safePath, securityHeaders } from './security.ts';
import { createSessions, type Sessions } from './session.ts';
import { createKnowledgeReader } from './visibility.ts';
import { textsFor, themes, type SignedIn, type WebEnv } from './visitor.ts';

const bodyBytesMax = 256 * 1024;
const heartbeatMs = 25_000;
/** After which a browser tries again by itself where a database or Temporal does not answer. */
const retrySeconds = 10;
/** Pages anybody may open; everything else needs a session. */
const openPath = /^\/(sign-in(\/|$)|sign-out$|mail\/)/;

/**
 * The console and its JSON API. Mount it after everything else of the server, at `/`: its guard covers every path
 * that nothing before it has answered.
 */
export function createWeb(dependencies: WebDependencies): Hono<WebEnv> {
  const publicUrl = new URL(dependencies.publicUrl);
  const sessions = createSessions(dependencies);
  const turnAway = createTurnAway(dependencies.context);
  const readKnowledge = createKnowledgeReader(dependencies.database);
  const readOverview = createOverviewReader(dependencies.database, dependencies.now);
  const readRulePerformance = createRulePerformanceReader(dependencies.database, dependencies.now);
  const drawCard = createCardDrawer(dependencies, readKnowledge);
  const watch = createPageWatch(dependencies.database.sql, (error) =>
    dependencies.logger.error({ error }, 'Could not look for changes to tell open pages.'),
  );

  const app = new Hono<WebEnv>();
  app.use(securityHeaders(publicUrl.protocol === 'https:'));
  app.use(async (context, next) => {
    if (isExpectedHost(context.req.raw, publicUrl, dependencies.embedded)) return next();
    return context.text(textsFor('en').errors.misdirected(dependencies.publicUrl), 421);
  });
  app.route('/', createAssetRoutes());
  app.route('/api', createApi(dependencies, { readKnowledge, readOverview, readRulePerformance }));
  app.use(
    limitBody({
      bytesMax: bodyBytesMax,
      larger: new Map([[tagImportPath, fileBytesMax + bodyBytesMax]]),
      onTooLarge: tooLarge,
    }),
  );
  app.route('/', createUnsubscribeRoutes(dependencies));
  app.use(sessions.recognise);
  app.use(limitPages(dependencies, turnAway));
  app.use(auditForbidden(turnAway));
  app.use(guardPages());
  app.use(guardPosts(publicUrl, dependencies.embedded, turnAway));
  app.post('/preferences', (context) => savePreferences(context, sessions, dependencies));
  app.get('/events', (context) => streamChanges(context, watch));
  app.route('/', createSignInRoutes(dependencies, sessions));
  app.route('/', createMailRoutes(dependencies));
  app.route('/', createInboxRoutes(dependencies, drawCard));
  app.route('/', createOverviewRoutes(dependencies, sessions, { readKnowledge, readOverview }));
  app.route('/', createActRoutes(dependencies, sessions));
  app.route('/', createWarningsRoutes(dependencies, sessions, readKnowledge));
  app.route('/', createWarningRoutes(dependencies, readKnowledge));
  app.route('/', createTagImportRoutes(dependencies, sessions, readKnowledge));
  app.route('/', createTagMapRoutes(dependencies.database, readKnowledge));
  app.route('/', createTagListRoutes(dependencies, readKnowledge));
  app.route('/', createTagRoutes(dependencies, readKnowledge));
  app.route('/', createCandidateRoutes(dependencies, sessions, readKnowledge));
  app.route('/', createRuleRoutes(dependencies, sessions, { readKnowledge, readRulePerformance }));
  app.route('/', createPeopleRoutes(dependencies));
  app.route('/', createPolicyRoutes(dependencies, readKnowledge));
  app.route('/', createPreferencesRoutes(dependencies));
  app.route('/', createLinkRoutes(dependencies, sessions));
  app.route('/', createReviewRoutes(dependencies, sessions));
  app.route('/', createNewBatchRoutes(dependencies, sessions, readKnowledge));
  app.route('/', createNewRequestRoutes(dependencies, sessions, readKnowledge));
  app.route('/', createNewRuleRoutes(dependencies, sessions, readKnowledge));
  app.route('/', createRequestRoutes(dependencies, readKnowledge));
  app.route('/', createFixRoutes(dependencies));
  app.route('/', createScanRoutes(dependencies, sessions, readKnowledge));
  app.route('/', createCheckRoutes(dependencies, readKnowledge));
  app.route('/', createDeliveryRoutes(dependencies, sessions));
  app.route('/', createSilenceRoutes(dependencies, sessions, readKnowledge));
  app.route('/', createTokenRoutes(dependencies, sessions));
  app.route('/', createAssessmentRoutes(dependencies, sessions, readKnowledge));
  app.route('/', createAuditRoutes(dependencies));
  app.route('/', createExportRoutes(dependencies, readKnowledge));
  app.notFound((context) => {
    const { errors } = context.get('visitor').texts;
    return errorPage(context, 404, errors.notFoundTitle, errors.notFound);
  });
  app.onError((error, context) => {
    const reference = randomUUID();
    dependencies.logger.error(
      { error, reference, method: context.req.method, path: context.req.routePath },
      'A page could not be shown.',
    );
    const texts = (context.get('visitor') as { texts: ReturnType<typeof textsFor> } | undefined)
      ?.texts;
    const { errors } = texts ?? textsFor('en');
    if (texts === undefined) return context.text(`${errors.failed} ${reference}`, 500);
    if (!isPassing(error)) {
      return errorPage(context, 500, errors.failedTitle, errors.failed, reference);
    }
    const triesAgain = context.req.method === 'GET';
    context.header('retry-after', String(retrySeconds));
    if (triesAgain) context.header('refresh', String(retrySeconds));
    const text = errors.unavailable(triesAgain ? retrySeconds : null);
    return errorPage(context, 503, errors.unavailableTitle, text, reference);
  });
  return app;
}

type WebContext = Context<WebEnv>;

function errorPage(
  context: WebContext,
  status: 400 | 403 | 404 | 413 | 429 | 500 | 503,
  title: string,
  text: string,
  reference?: string,
) {
  return context.html(
    <ErrorPage
      visitor={context.get('visitor')}
      signedIn={context.get('signedIn')}
      title={title}
      text={text}
      {...(reference === undefined ? {} : { reference })}
    />,
    status,
  );
}

function tooLarge(context: Context) {
  return context.text(textsFor('en').errors.tooLarge, 413);
}

/** Every POST comes from a page of this console in this browser: the right origin and the browser's token. */
function guardPosts(
  publicUrl: URL,
  embedded: boolean,
  turnAway: TurnAway,
): MiddlewareHandler<WebEnv> {
  return async (context, next) => {
    if (context.req.method === 'GET' || context.req.method === 'HEAD') return next();
    const { csrf, texts } = context.get('visitor');
    const isOurs = isSameOrigin(context.req.raw, publicUrl, embedded);
    const body = isOurs ? await context.req.parseBody() : {};
    if (body['csrf'] === csrf) return next();
    const personCode = context.get('signedIn')?.person.code ?? null;
    const reason = isOurs ? 'a form of another visit' : 'a form of another site';
    await turnAway({ through: 'console', reason, personCode });
    return errorPage(context, 403, texts.errors.expiredTitle, texts.errors.expired);
  };
}

/** So often a minute for each session; the token of its forms is the session's own. */
function limitPages(
  { database, limits, logger, now }: WebDependencies,
  turnAway: TurnAway,
): MiddlewareHandler<WebEnv> {
  const pages = createRateLimit(
    { attemptsMax: limits.pagesPerMinute, windowMs: 60_000 },
    (counts) => addAttempts(database.sql, 'pages', counts),
    (error) => logger.error({ error }, 'Pages are counted by each process for itself.'),
  );
  return async (context, next) => {
    const signedIn = context.get('signedIn') as SignedIn | undefined;
    if (signedIn === undefined) return next();
    const waitMs = pages.waitMs(signedIn.csrf, now());
    if (waitMs === 0) return next();
    const personCode = signedIn.person.code;
    await turnAway({ through: 'console', reason: 'too many pages', personCode });
    const seconds = Math.ceil(waitMs / 1000);
    const { errors } = context.get('visitor').texts;
    context.header('retry-after', String(seconds));
    return errorPage(context, 429, errors.tooManyTitle, errors.tooMany(seconds));
  };
}

/** Pages that are for certain roles only: who asked for one without them stands in the trail. */
function auditForbidden(turnAway: TurnAway): MiddlewareHandler<WebEnv> {
  return async (context, next) => {
    await next();
    const personCode = context.get('signedIn')?.person.code;
    if (context.req.method !== 'GET' || context.res.status !== 403 || personCode === undefined) {
      return;
    }
    const [, page = ''] = context.req.path.split('/');
    await turnAway({ through: 'console', reason: `no right to see /${page}`, personCode });
  };
}

function guardPages(): MiddlewareHandler<WebEnv> {
  return async (context, next) => {
    const { method, path: asked } = context.req;
    const isLook = method === 'POST' && asked === '/preferences';
    if (context.get('signedIn') !== undefined || isLook || openPath.test(asked)) return next();
    const { path } = context.get('visitor');
    if (context.req.method !== 'GET' || context.req.path === '/events') {
      return context.text('', 401);
    }
    return context.redirect(
      path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`,
      303,
    );
  };
}

const preferencesSchema = z.object({
  locale: z.enum(locales).optional(),
  theme: z.enum(themes).optional(),
  return: z.string().optional(),
});

/** A look of this browser; the language is the person's own, wherever they are, once it is known who they are. */
async function savePreferences(
  context: WebContext,
  sessions: Sessions,
  dependencies: WebDependencies,
) {
  const input = preferencesSchema.safeParse(await context.req.parseBody());
  if (!input.success) return context.redirect('/', 303);
  const before = sessions.preferences(context);
  const { locale = before.locale, theme = before.theme } = input.data;
  const signedIn = context.get('signedIn');
  const isOwn = signedIn !== undefined && input.data.locale !== undefined;
  if (isOwn) {
    const actor = { person: signedIn.person, through: 'console' as const };
    await setPreferences(dependencies.context, actor, { locale });
  }
  sessions.remember(context, { locale: isOwn ? null : locale, theme });
  return context.redirect(safePath(input.data.return, '/'), 303);
}

/** Server-sent events: `changed` whenever something on the page has changed. */
function streamChanges(context: WebContext, watch: PageWatch) {
  const { person } = context.get('signedIn');
  const watched = parseWatched(context.req.query('watch') ?? '', person.code);
  return streamSSE(context, async (stream) => {
    let wake = () => {};
    let hasChanged = false;
    const stop = watch.listen(watched, () => {
      hasChanged = true;
      wake();
    });
    if (stop === null) return;
    stream.onAbort(() => {
      stop();
      wake();
    });
    while (!stream.aborted) {
      await stream.writeSSE({ event: hasChanged ? 'changed' : 'still-here', data: '' });
      hasChanged = false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, heartbeatMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  });
}

const watchedMax = 5;
const numbered = ['warning', 'request', 'review', 'tag-import'] as const;

function parseWatched(text: string, personCode: string): readonly Watched[] {
  return text
    .split(',')
    .slice(0, watchedMax)
    .flatMap((part): Watched[] => {
      const [kind, id = ''] = part.split(':');
      if (kind === 'inbox') return [{ kind, id: personCode }];
      if (kind === 'scan') return [{ kind, id: '' }];
      const found = numbered.find((one) => one === kind);
      return found !== undefined && /^\d{1,9}$/.test(id) ? [{ kind: found, id }] : [];
    });
}
