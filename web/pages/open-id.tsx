import { Hono, type MiddlewareHandler } from 'hono';
import { proposeLink } from '../../commands/propose-link.ts';
import type { TurnAway } from '../../commands/turned-away.ts';
import { findPersonByAccount } from '../../db/stores/people.ts';
import type { WebDependencies } from '../dependencies.ts';
import { BarePage } from '../layout.tsx';
import type { OpenId, OpenIdFault, OpenIdIdentity } from '../open-id.ts';
import { openIdCallbackPath } from '../open-id.ts';
import { safePath } from '../security.ts';
import { signInWithinMs, type Sessions } from '../session.ts';
import type { Visitor, WebEnv } from '../visitor.ts';

/** How a sign-in ends that ends without a session. */
type Outcome =
  | { readonly kind: 'fault'; readonly fault: OpenIdFault; readonly code: string }
  /** Nobody is linked to this account; `isVerified`: the provider confirms its email. */
  | { readonly kind: 'unknown'; readonly subject: string; readonly isVerified: boolean }
  | { readonly kind: 'left' };

/**
 * Signing in at the company's OpenID Connect provider. Begun by a link rather than a form: browsers hold forms'
 * redirects against `form-action 'self'`.
 */
export function createOpenIdRoutes(
  dependencies: WebDependencies & { readonly openId: OpenId },
  sessions: Sessions,
  guards: { readonly turnAway: TurnAway; readonly limitAttempts: MiddlewareHandler<WebEnv> },
): Hono<WebEnv> {
  const { database, openId, now, logger } = dependencies;
  const { turnAway, limitAttempts } = guards;
  const app = new Hono<WebEnv>();

  async function refuse(visitor: Visitor, outcome: Outcome, personCode: string | null = null) {
    if (outcome.kind === 'fault') {
      const { fault, code } = outcome;
      logger.error({ fault, code }, 'Signing in with OpenID Connect failed.');
    }
    await turnAway({ through: 'console', reason: reasonOf(outcome), personCode });
    return <NotSignedIn visitor={visitor} name={openId.name} outcome={outcome} />;
  }

  app.get('/sign-in/oidc', limitAttempts, async (context) => {
    const begun = await openId.begin();
    if (begun.kind === 'refused') {
      const { fault, code } = begun;
      const page = await refuse(context.get('visitor'), { kind: 'fault', fault, code });
      return context.html(page, 502);
    }
    const next = safePath(context.req.query('next'), '/inbox');
    sessions.keepAttempt(context, { ...begun.attempt, next, startedAtMs: now() });
    return context.redirect(begun.url, 302);
  });

  app.get(openIdCallbackPath, limitAttempts, async (context) => {
    const visitor = context.get('visitor');
    const attempt = sessions.takeAttempt(context);
    const isOver = attempt !== null && now() - attempt.startedAtMs > signInWithinMs;
    if (attempt === null || isOver) {
      const fault = isOver ? 'expired' : 'forged';
      return context.html(await refuse(visitor, { kind: 'fault', fault, code: 'attempt' }), 403);
    }
    const answer = await openId.finish(new URL(context.req.url).search, attempt);
    if (answer.kind === 'refused') {
      const { fault, code } = answer;
      const page = await refuse(visitor, { kind: 'fault', fault, code });
      return context.html(page, fault === 'unreachable' ? 502 : 403);
    }
    const person = await findPersonByAccount(database.query, 'oidc', answer.subject);
    if (person === null) return context.html(await refuse(visitor, await meet(answer)), 403);
    if (person.status === 'left') {
      return context.html(await refuse(visitor, { kind: 'left' }, person.code), 403);
    }
    await sessions.signOut(context);
    await sessions.signIn(context, person, 'oidc');
    return context.redirect(attempt.next, 303);
  });

  app.get('/sign-in/oidc/sign-out', async (context) =>
    context.redirect((await openId.signOutUrl()) ?? '/sign-in', 302),
  );

  /** Somebody of the company whom nobody here is linked to yet: their confirmed email may say who they are. */
  async function meet({ subject, readVerifiedEmail }: OpenIdIdentity): Promise<Outcome> {
    const email = await readVerifiedEmail();
    if (email !== null) {
      await proposeLink(dependencies.context, { channel: 'oidc', platformUserId: subject, email });
    }
    return { kind: 'unknown', subject, isVerified: email !== null };
  }
  return app;
}

/** For the trail; holds nothing that was sent. */
function reasonOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'fault':
      return `OpenID Connect: ${outcome.fault} (${outcome.code})`;
    case 'unknown':
      return outcome.isVerified
        ? 'OpenID Connect: an account of nobody here'
        : 'OpenID Connect: an account of nobody here, without a confirmed email';
    case 'left':
      return 'OpenID Connect: somebody who has left';
  }
}

/** On the page to sign in. */
export function OpenIdLink(props: {
  readonly visitor: Visitor;
  readonly name: string;
  readonly next: string;
}) {
  const { texts } = props.visitor;
  return (
    <a class="button button-primary" href={`/sign-in/oidc?next=${encodeURIComponent(props.next)}`}>
      {texts.openId.signIn(props.name)}
    </a>
  );
}

function NotSignedIn(props: {
  readonly visitor: Visitor;
  readonly name: string;
  readonly outcome: Outcome;
}) {
  const { visitor, name, outcome } = props;
  const { texts } = visitor;
  const [title, hint] = wordsOf(outcome, name, texts);
  return (
    <BarePage visitor={visitor} title={texts.signIn.title}>
      <section class="panel">
        <h1>{title}</h1>
        {hint !== null && <p>{hint}</p>}
        <p>
          <a href="/sign-in">{texts.signIn.title}</a>
        </p>
      </section>
    </BarePage>
  );
}

function wordsOf(
  outcome: Outcome,
  name: string,
  { openId, signIn }: Visitor['texts'],
): readonly [title: string, hint: string | null] {
  switch (outcome.kind) {
    case 'fault':
      return [
        openId.fault[outcome.fault](name),
        openId.faultHint[outcome.fault](name, outcome.code),
      ];
    case 'unknown':
      return [
        openId.unknown(name),
        outcome.isVerified
          ? openId.unknownHint(outcome.subject)
          : openId.unverifiedHint(name, outcome.subject),
      ];
    case 'left':
      return [signIn.personGone, null];
  }
}
