import { Hono, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { roles, type Person, type Role } from '../../domain/person.ts';
import { consumeSignInLink } from '../../db/stores/access.ts';
import { readCurrentKnowledge } from '../../db/stores/current-knowledge.ts';
import { countOpenWarningsByOwner } from '../../db/stores/console.ts';
import { countAttempt, forgiveAttempt } from '../../db/stores/attempts.ts';
import { findPerson } from '../../db/stores/people.ts';
import type { WebDependencies } from '../dependencies.ts';
import { formatCount } from '../format.ts';
import { BarePage, Csrf, initial } from '../layout.tsx';
import { createTurnAway } from '../../commands/turned-away.ts';
import { peerAddress, safePath } from '../security.ts';
import type { Sessions } from '../session.ts';
import type { Visitor, WebEnv } from '../visitor.ts';
import { createOpenIdRoutes, OpenIdLink } from './open-id.tsx';

const suggestedMax = 3;
const tokenSchema = z.string().regex(/^[\w-]{43}$/);
const sampleSchema = z.object({ person: z.string().max(200), next: z.string().optional() });

/** Of attempts that are turned away: whoever signs in may do so as often as they like. */
const signInLimit = { of: 'sign-in', attemptsMax: 30, windowMs: 60_000 } as const;

/**
 * Signing in: by a one-time link from the bot, at the company's identity provider or, in the embedded sample only, by
 * choosing a person.
 */
export function createSignInRoutes(
  dependencies: WebDependencies,
  sessions: Sessions,
): Hono<WebEnv> {
  const { database, embedded, openId, now } = dependencies;
  const turnAway = createTurnAway(dependencies.context);
  const app = new Hono<WebEnv>();

  app.get('/sign-in', async (context) => {
    const visitor = context.get('visitor');
    const next = safePath(context.req.query('next'), '/inbox');
    const provider =
      openId === null
        ? null
        : { name: openId.name, next, isAfter: context.req.query('after') === 'sign-out' };
    if (!embedded) return context.html(<SignIn visitor={visitor} provider={provider} />);
    const [{ people }, open] = await Promise.all([
      readCurrentKnowledge(database),
      countOpenWarningsByOwner(database.sql),
    ]);
    const present = [...people.values()].filter((person) => person.status === 'active');
    return context.html(<ChoosePerson {...{ visitor, open, next, provider }} people={present} />);
  });

  const limitAttempts: MiddlewareHandler<WebEnv> = async (context, next) => {
    const address = peerAddress(context);
    const waitMs = await countAttempt(database.query, signInLimit, { address, nowMs: now() });
    if (waitMs === 0) {
      await next();
      if (context.res.status < 400) await forgiveAttempt(database.query, signInLimit, address);
      return undefined;
    }
    await turnAway({ through: 'console', reason: 'too many attempts to sign in' });
    context.header('retry-after', String(Math.ceil(waitMs / 1000)));
    return context.html(<TooMany visitor={context.get('visitor')} />, 429);
  };

  app.post('/sign-in', limitAttempts, async (context) => {
    if (!embedded) return context.notFound();
    const input = sampleSchema.safeParse(await context.req.parseBody());
    const person = input.success ? await findPerson(database.query, input.data.person) : null;
    if (!input.success || person === null || person.status === 'left') {
      const reason = person === null ? 'nobody of that code' : 'somebody who has left';
      await turnAway({ through: 'console', reason, personCode: person?.code ?? null });
      return context.html(<NoSuchPerson visitor={context.get('visitor')} />, 403);
    }
    await sessions.signOut(context);
    await sessions.signIn(context, person, 'sample');
    return context.redirect(safePath(input.data.next, '/inbox'), 303);
  });

  if (openId !== null) {
    const guards = { turnAway, limitAttempts };
    app.route('/', createOpenIdRoutes({ ...dependencies, openId }, sessions, guards));
  }

  // Previewers of links fetch them: only the button's POST uses the link up.
  app.get('/sign-in/:token', (context) =>
    context.html(<ConfirmLink visitor={context.get('visitor')} />),
  );

  app.post('/sign-in/:token', limitAttempts, async (context) => {
    const token = tokenSchema.safeParse(context.req.param('token'));
    const code = token.success ? await consumeSignInLink(database.query, token.data, now()) : null;
    const person = code === null ? null : await findPerson(database.query, code);
    if (person === null || person.status === 'left') {
      const reason =
        person === null ? 'sign-in link used, over or unknown' : 'somebody who has left';
      await turnAway({ through: 'console', reason, personCode: person?.code ?? null });
      return context.html(<LinkOver visitor={context.get('visitor')} />, 403);
    }
    await sessions.signOut(context);
    await sessions.signIn(context, person, 'link');
    return context.redirect('/inbox', 303);
  });

  app.post('/sign-out', async (context) => {
    const { texts } = context.get('visitor');
    await sessions.signOut(context);
    sessions.flash(context, { kind: 'done', text: texts.signIn.signedOut });
    return context.redirect(openId === null ? '/sign-in' : '/sign-in?after=sign-out', 303);
  });
  return app;
}

function NoSuchPerson(props: { readonly visitor: Visitor }) {
  const { texts } = props.visitor;
  return (
    <BarePage visitor={props.visitor} title={texts.signIn.title}>
      <section class="panel">
        <h1>{texts.signIn.personGone}</h1>
        <p>
          <a href="/sign-in">{texts.signIn.title}</a>
        </p>
      </section>
    </BarePage>
  );
}

interface Provider {
  readonly name: string;
  readonly next: string;
  /** Whoever looks has just signed out here. */
  readonly isAfter: boolean;
}

interface SignInProps {
  readonly visitor: Visitor;
  readonly provider: Provider | null;
}

function SignIn({ visitor, provider }: SignInProps) {
  const { texts } = visitor;
  return (
    <BarePage visitor={visitor} title={texts.signIn.title}>
      <WithProvider visitor={visitor} provider={provider} />
      <section class="panel">
        {provider === null ? (
          <h1>{texts.signIn.production}</h1>
        ) : (
          <h2>{texts.signIn.production}</h2>
        )}
        <p>{texts.signIn.productionHint}</p>
      </section>
    </BarePage>
  );
}

function WithProvider({ visitor, provider }: SignInProps) {
  const { texts } = visitor;
  if (provider === null) return null;
  return (
    <section class="panel">
      <h1>{texts.signIn.title}</h1>
      <OpenIdLink visitor={visitor} name={provider.name} next={provider.next} />
      {provider.isAfter && (
        <p>
          {texts.openId.stillThere(provider.name)}{' '}
          <a href="/sign-in/oidc/sign-out">{texts.openId.signOutThere(provider.name)}</a>
        </p>
      )}
    </section>
  );
}

function ConfirmLink(props: { readonly visitor: Visitor }) {
  const { texts } = props.visitor;
  return (
    <BarePage visitor={props.visitor} title={texts.signIn.title}>
      <form method="post" class="panel">
        <h1>{texts.signIn.confirmTitle}</h1>
        <p>{texts.signIn.confirmHint}</p>
        <Csrf visitor={props.visitor} />
        <button class="button button-primary">{texts.signIn.confirm}</button>
      </form>
    </BarePage>
  );
}

function LinkOver(props: { readonly visitor: Visitor }) {
  const { texts } = props.visitor;
  return (
    <BarePage visitor={props.visitor} title={texts.signIn.title}>
      <section class="panel">
        <h1>{texts.signIn.linkOver}</h1>
        <p>{texts.signIn.linkOverHint}</p>
      </section>
    </BarePage>
  );
}

function TooMany(props: { readonly visitor: Visitor }) {
  const { texts } = props.visitor;
  return (
    <BarePage visitor={props.visitor} title={texts.signIn.title}>
      <section class="panel">
        <h1>{texts.signIn.tooMany}</h1>
      </section>
    </BarePage>
  );
}

interface ChooseProps extends SignInProps {
  readonly people: readonly Person[];
  readonly open: ReadonlyMap<string, number>;
  readonly next: string;
}

/** Whom a person is listed under: the role that tells them apart most. */
const groupOrder: readonly Role[] = [
  'owner',
  'second-line',
  'committee',
  'manager',
  'data-admin',
  'auditor',
  'tagger',
];
const rarestFirst: readonly Role[] = [
  'data-admin',
  'auditor',
  'manager',
  'committee',
  'second-line',
  'owner',
  'tagger',
];

function ChoosePerson(props: ChooseProps) {
  const { visitor, people, open } = props;
  const { texts } = visitor;
  const suggested = people
    .filter((person) => (open.get(person.code) ?? 0) > 0)
    .sort((a, b) => (open.get(b.code) ?? 0) - (open.get(a.code) ?? 0))
    .slice(0, suggestedMax);
  return (
    <BarePage visitor={visitor} title={texts.signIn.title}>
      <WithProvider visitor={visitor} provider={props.provider} />
      <form method="post" action="/sign-in" class="panel panel-wide">
        <h1>{texts.signIn.embedded}</h1>
        <p>{texts.signIn.embeddedHint}</p>
        <Csrf visitor={visitor} />
        <input type="hidden" name="next" value={props.next} />
        {suggested.length > 0 && (
          <PersonGroup {...props} title={texts.signIn.suggested} people={suggested} />
        )}
        {groupOrder.map((role) => {
          const members = people.filter(
            (person) =>
              (rarestFirst.find((rare) => person.roles.includes(rare)) ?? roles[0]) === role,
          );
          return members.length === 0 ? null : (
            <PersonGroup {...props} title={texts.role[role]} people={members} />
          );
        })}
      </form>
    </BarePage>
  );
}

function PersonGroup(props: ChooseProps & { readonly title: string }) {
  const { visitor, open } = props;
  const { texts, locale } = visitor;
  return (
    <section class="person-group">
      <h2>{props.title}</h2>
      <ul>
        {props.people.map((person) => {
          const count = open.get(person.code) ?? 0;
          const name = person.name[locale];
          return (
            <li>
              <button name="person" value={person.code}>
                <span class="avatar" aria-hidden="true">
                  {initial(name)}
                </span>
                <span>
                  {name}
                  <small>
                    {count > 0
                      ? texts.signIn.openWarnings(formatCount(count, locale))
                      : person.roles.map((role) => texts.role[role]).join(' · ')}
                  </small>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
