import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { Interaction, Reply } from '../../bot/interaction.ts';
import { isPassing } from '../../bot/interaction.ts';
import { setPreferences } from '../../commands/set-preferences.ts';
import { createTurnAway } from '../../commands/turned-away.ts';
import {
  findMailLink,
  giveBackMailLink,
  useMailLink,
  type MailLink,
} from '../../db/stores/mail-links.ts';
import { findPerson } from '../../db/stores/people.ts';
import { assertNever } from '../../domain/assert-never.ts';
import type { MailPurpose } from '../../domain/mail-link.ts';
import type { Person } from '../../domain/person.ts';
import { Blocks } from '../card.tsx';
import type { WebDependencies } from '../dependencies.ts';
import { FieldView, postedFields } from '../form.tsx';
import { BarePage, Csrf } from '../layout.tsx';
import { textsFor, type Visitor, type WebEnv } from '../visitor.ts';

const tokenSchema = z.string().regex(/^[\w-]{43}$/);
const fieldsSchema = z.record(z.string(), z.string().max(10_000));

/** RFC 8058: the mail program posts exactly this, without cookies. The token says who asks. */
const oneClickSchema = z.object({ 'List-Unsubscribe': z.literal('One-Click') });

type Act = Extract<MailPurpose, { kind: 'act' }>;

/** Ends emails to a person: mounted before the guard of posts, since mail programs have no page of ours. */
export function createUnsubscribeRoutes(dependencies: WebDependencies): Hono {
  const { database, context: commands, now } = dependencies;
  const turnAway = createTurnAway(commands);
  const app = new Hono();
  app.post('/mail/unsubscribe/:token', async (context) => {
    const token = tokenSchema.safeParse(context.req.param('token'));
    const body = oneClickSchema.safeParse(await context.req.parseBody());
    const link = token.success ? await findMailLink(database.query, token.data, now()) : null;
    const person = link === null ? null : await findPerson(database.query, link.personCode);
    const { mail } = textsFor(person?.locale ?? 'en');
    if (!body.success || link?.purpose.kind !== 'unsubscribe' || person === null) {
      const personCode = person?.code ?? null;
      await turnAway({ through: 'email', reason: 'link over or unknown', personCode });
      return context.text(`${mail.over}\n`, 403);
    }
    await setPreferences(commands, { person, through: 'email' }, { email: false });
    return context.text(`${mail.unsubscribed}\n`);
  });
  return app;
}

/** Pages behind the links of emails. Looking at one does nothing: previewers and scanners fetch them. */
export function createMailRoutes(dependencies: WebDependencies): Hono<WebEnv> {
  const { database, interact, now } = dependencies;
  const turnAway = createTurnAway(dependencies.context);
  const app = new Hono<WebEnv>();

  app.get('/mail/unsubscribe/:token', (context) => {
    const visitor = context.get('visitor');
    const { mail } = visitor.texts;
    return context.html(
      <BarePage visitor={visitor} title={mail.unsubscribe}>
        <form method="post" class="panel">
          <h1>{mail.unsubscribe}</h1>
          <p>{mail.unsubscribeHint}</p>
          <input type="hidden" name="List-Unsubscribe" value="One-Click" />
          <button class="button button-primary">{mail.unsubscribe}</button>
        </form>
      </BarePage>,
    );
  });

  app.get('/mail/:token', async (context) => {
    const found = await find(context);
    if (found === null) return over(context);
    const { person, act } = found;
    const opening = openingOf(act);
    const reply: Reply | null =
      opening === null
        ? null
        : await interact(person, 'email', { kind: 'button', action: opening });
    return show(context, person, act, reply);
  });

  app.post('/mail/:token', async (context) => {
    const found = await find(context);
    const fields = fieldsSchema.safeParse(await context.req.parseBody());
    if (
      found === null ||
      !fields.success ||
      !(await useMailLink(database.query, found.token, now()))
    ) {
      const personCode = found?.person.code ?? null;
      await turnAway({ through: 'email', reason: 'link used, over or unknown', personCode });
      return over(context);
    }
    const { person, act, token } = found;
    let reply: Reply;
    try {
      reply = await interact(person, 'email', interactionOf(act, fields.data));
    } catch (error) {
      await giveBackMailLink(database.query, token);
      throw error;
    }
    if (reply.kind === 'form' || isPassing(reply)) await giveBackMailLink(database.query, token);
    return show(context, person, act, reply);
  });

  async function find(
    context: Context<WebEnv>,
  ): Promise<{ readonly person: Person; readonly act: Act; readonly token: string } | null> {
    const token = tokenSchema.safeParse(context.req.param('token'));
    const link: MailLink | null = token.success
      ? await findMailLink(database.query, token.data, now())
      : null;
    const person = link === null ? null : await findPerson(database.query, link.personCode);
    if (!token.success || link?.purpose.kind !== 'act' || person?.status !== 'active') return null;
    return { person, act: link.purpose, token: token.data };
  }

  function over(context: Context<WebEnv>) {
    const visitor = context.get('visitor');
    const { mail } = visitor.texts;
    return context.html(
      <BarePage visitor={visitor} title={mail.over}>
        <section class="panel">
          <h1>{mail.over}</h1>
          <p>{mail.overHint}</p>
          <p>
            <a href="/">{mail.open}</a>
          </p>
        </section>
      </BarePage>,
      403,
    );
  }

  function show(context: Context<WebEnv>, person: Person, act: Act, reply: Reply | null) {
    const { locale } = person;
    const visitor: Visitor = { ...context.get('visitor'), locale, texts: textsFor(locale) };
    const { mail } = visitor.texts;
    const title = mail.act[act.act](String(act.warningId));
    const form = reply?.kind === 'form' ? reply.form : null;
    const isDecided = reply?.kind === 'done' || reply?.kind === 'refused';
    return context.html(
      <BarePage visitor={visitor} title={title}>
        <form method="post" class="panel panel-wide form">
          <h1>{title}</h1>
          {isDecided && <p role="status">{reply.text}</p>}
          {form !== null && <Blocks blocks={form.blocks} publicUrl={dependencies.publicUrl} />}
          {form?.fields.map((field) => (
            <FieldView field={field} />
          ))}
          {!isDecided && (
            <>
              <p>{mail.hint(person.name[locale])}</p>
              <Csrf visitor={visitor} />
              <button class="button button-primary">{form?.submitLabel ?? mail.confirm}</button>
            </>
          )}
          <p>
            <a href={`/warnings/${act.warningId}`}>{mail.open}</a>
          </p>
        </form>
      </BarePage>,
    );
  }
  return app;
}

function openingOf({ act, warningId }: Act) {
  switch (act) {
    case 'claim':
      return null;
    case 'snooze':
      return { kind: 'open-snooze', warningId } as const;
    case 'fixed-by-hand':
      return { kind: 'open-fixed-by-hand', warningId } as const;
    case 'dismiss':
      return { kind: 'open-dismiss', warningId } as const;
    default:
      return assertNever(act);
  }
}

function interactionOf(
  { act, warningId }: Act,
  posted: Readonly<Record<string, string>>,
): Interaction {
  if (act === 'claim') return { kind: 'button', action: { kind: 'claim', warningId } };
  return { kind: 'form', action: { kind: act, warningId }, fields: postedFields(posted) };
}
