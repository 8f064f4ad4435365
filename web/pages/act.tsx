import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { assertNever } from '../../domain/assert-never.ts';
import { actionSchema, formActionSchema } from '../../bot/actions.ts';
import type { Interaction, Reply } from '../../bot/interaction.ts';
import { CardArticle } from '../card.tsx';
import type { WebDependencies } from '../dependencies.ts';
import { ConfirmSection, FormSection, postedFields } from '../form.tsx';
import { Page } from '../layout.tsx';
import { safePath } from '../security.ts';
import type { Sessions } from '../session.ts';
import type { WebEnv } from '../visitor.ts';
import { ErrorPage } from './error.tsx';

const textCharsMax = 10_000;
const field = z.string().max(textCharsMax);
const jsonField = field.transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
});

const buttonPostSchema = z.object({
  action: field,
  return: field.optional(),
  'confirm-title': field.optional(),
  'confirm-text': field.optional(),
  'confirm-yes': field.optional(),
});

/** The console's script asks for the reply alone, to show it in place. */
const inlineHeader = 'x-tagwarden-inline';

/** Where the buttons and forms of cards post to: the web inbox's inbound. Works with and without scripts. */
export function createActRoutes(dependencies: WebDependencies, sessions: Sessions): Hono<WebEnv> {
  const { interact, publicUrl } = dependencies;
  const app = new Hono<WebEnv>();

  app.post('/act', async (context) => {
    const post = buttonPostSchema.safeParse(await context.req.parseBody());
    if (!post.success) return badRequest(context);
    const action = jsonField.pipe(actionSchema).safeParse(post.data.action);
    if (!action.success) return badRequest(context);
    const returnPath = safePath(post.data.return, '/inbox');
    const confirm = {
      title: post.data['confirm-title'],
      text: post.data['confirm-text'],
      yes: post.data['confirm-yes'],
    };
    if (confirm.title !== undefined && confirm.text !== undefined && confirm.yes !== undefined) {
      return showInPlace(
        context,
        'form',
        confirm.title,
        <ConfirmSection
          visitor={context.get('signedIn')}
          action={post.data.action}
          returnPath={returnPath}
          confirm={{ title: confirm.title, text: confirm.text, yes: confirm.yes }}
        />,
      );
    }
    return answer(context, { kind: 'button', action: action.data }, returnPath);
  });

  app.post('/act/form', async (context) => {
    const body = z.record(z.string(), field).safeParse(await context.req.parseBody());
    if (!body.success) return badRequest(context);
    const action = jsonField.pipe(formActionSchema).safeParse(body.data['action']);
    if (!action.success) return badRequest(context);
    const fields = postedFields(body.data);
    // What a browser was told before its person was known gives way to what they choose for themselves.
    if (action.data.kind === 'set-preferences') {
      sessions.remember(context, { ...sessions.preferences(context), locale: null });
    }
    return answer(
      context,
      { kind: 'form', action: action.data, fields },
      safePath(body.data['return'], '/inbox'),
    );
  });

  async function answer(
    context: Context<WebEnv>,
    interaction: Interaction,
    returnPath: string,
  ): Promise<Response> {
    const visitor = context.get('signedIn');
    const reply = await interact(visitor.person, 'inbox', interaction);
    return showReply(context, reply, returnPath);
  }

  function showReply(context: Context<WebEnv>, reply: Reply, returnPath: string) {
    const visitor = context.get('signedIn');
    switch (reply.kind) {
      case 'done':
      case 'refused': {
        if (context.req.header(inlineHeader) === undefined) {
          sessions.flash(context, reply);
          return context.redirect(returnPath, 303);
        }
        context.header('x-tagwarden-reply', reply.kind);
        return context.html(<span>{reply.text}</span>);
      }
      case 'form':
        return showInPlace(
          context,
          'form',
          reply.form.title,
          <FormSection
            form={reply.form}
            visitor={visitor}
            publicUrl={publicUrl}
            returnPath={returnPath}
          />,
        );
      case 'card':
        return showInPlace(
          context,
          'card',
          reply.card.title,
          <CardArticle
            card={reply.card}
            visitor={{ ...visitor, path: returnPath }}
            publicUrl={publicUrl}
          />,
        );
      default:
        return assertNever(reply);
    }
  }
  return app;
}

function showInPlace(
  context: Context<WebEnv>,
  kind: 'form' | 'card',
  title: string,
  content: ReturnType<typeof CardArticle>,
) {
  if (context.req.header(inlineHeader) !== undefined) {
    context.header('x-tagwarden-reply', kind);
    return context.html(content);
  }
  const visitor = context.get('signedIn');
  return context.html(
    <Page visitor={visitor} title={title} area={null}>
      <div class="narrow">{content}</div>
    </Page>,
  );
}

function badRequest(context: Context<WebEnv>) {
  const visitor = context.get('signedIn');
  const { errors } = visitor.texts;
  return context.html(
    <ErrorPage
      visitor={visitor}
      signedIn={visitor}
      title={errors.badRequestTitle}
      text={errors.badRequest}
    />,
    400,
  );
}
