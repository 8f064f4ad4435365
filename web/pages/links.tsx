import { Hono } from 'hono';
import { z } from 'zod';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { decideLink } from '../../commands/decide-link.ts';
import type { LinkProposal } from '../../db/stores/links.ts';
import type { Person } from '../../domain/person.ts';
import type { WebDependencies } from '../dependencies.ts';
import { Csrf } from '../layout.tsx';
import { safePath } from '../security.ts';
import type { Sessions } from '../session.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName } from '../words.ts';

const decisionSchema = z.object({
  channel: z.enum(['slack', 'feishu', 'oidc']),
  account: z.string().min(1).max(255),
  decision: z.enum(['confirm', 'refuse']),
  return: z.string().optional(),
});

/** Where it is decided whether an account of a chat or an identity provider is a person's. */
export function createLinkRoutes(dependencies: WebDependencies, sessions: Sessions): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.post('/links', async (context) => {
    const { person, locale, texts } = context.get('signedIn');
    const input = decisionSchema.safeParse(await context.req.parseBody());
    if (!input.success) return context.redirect('/preferences', 303);
    const { channel, account, decision } = input.data;
    const isTheirs = decision === 'confirm';
    const result = await decideLink(
      dependencies.context,
      { person, through: 'console' },
      { channel, platformUserId: account, isTheirs },
    );
    if (result.kind === 'refused') {
      const people = await dependencies.views.people();
      const text = describeRefusal(result.refusal, locale, people);
      sessions.flash(context, { kind: 'refused', text });
    } else {
      const text = isTheirs ? texts.links.confirmed : texts.links.refused;
      sessions.flash(context, { kind: 'done', text });
    }
    return context.redirect(safePath(input.data.return, '/preferences'), 303);
  });
  return app;
}

/** Accounts that may be somebody's, with the two answers; nothing where there are none. */
export function LinkProposals(props: {
  readonly visitor: SignedIn;
  readonly proposals: readonly LinkProposal[];
  readonly people: ReadonlyMap<string, Person>;
}) {
  const { visitor, proposals, people } = props;
  const { texts } = visitor;
  if (proposals.length === 0) return null;
  return (
    <section class="box">
      <h2>{texts.links.title}</h2>
      <p>{texts.links.hint}</p>
      {proposals.map(({ channel, platformUserId, personCode }) => (
        <form method="post" action="/links" class="form-actions">
          <Csrf visitor={visitor} />
          <input type="hidden" name="return" value={visitor.path} />
          <input type="hidden" name="channel" value={channel} />
          <input type="hidden" name="account" value={platformUserId} />
          <span>
            {texts.links.question(
              texts.links.kind[channel],
              platformUserId,
              personName(personCode, people, visitor),
            )}
          </span>
          <button class="button button-primary" name="decision" value="confirm">
            {texts.links.confirm}
          </button>
          <button class="button button-default" name="decision" value="refuse">
            {texts.links.refuse}
          </button>
        </form>
      ))}
    </section>
  );
}
