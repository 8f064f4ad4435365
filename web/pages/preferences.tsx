import { Hono } from 'hono';
import { createPen } from '../../bot/cards/context.ts';
import { preferencesForm } from '../../bot/forms/preferences.ts';
import { listLinkProposals } from '../../db/stores/links.ts';
import type { WebDependencies } from '../dependencies.ts';
import { FormSection } from '../form.tsx';
import { Page } from '../layout.tsx';
import { LinkProposals } from './links.tsx';
import type { WebEnv } from '../visitor.ts';

/** How the visitor wants to be reached: the same form as in the chats. */
export function createPreferencesRoutes(dependencies: WebDependencies): Hono<WebEnv> {
  const { database, views, publicUrl } = dependencies;
  const app = new Hono<WebEnv>();
  app.get('/preferences', async (context) => {
    const visitor = context.get('signedIn');
    const { code } = visitor.person;
    const [preference, groups, proposals, people] = await Promise.all([
      views.preference(code),
      views.groups(code),
      listLinkProposals(database.query, code),
      views.people(),
    ]);
    const pen = createPen(visitor.person, { publicUrl, nowMs: visitor.nowMs });
    const form = preferencesForm(preference, groups, pen);
    return context.html(
      <Page visitor={visitor} title={form.title} area={null}>
        <div class="narrow">
          <LinkProposals {...{ visitor, proposals, people }} />
          <FormSection {...{ form, visitor, publicUrl }} returnPath="/preferences" />
        </div>
      </Page>,
    );
  });
  return app;
}
