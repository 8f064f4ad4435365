import { Hono } from 'hono';
import { z } from 'zod';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { exportFix } from '../../commands/export-fix.ts';
import { fixItemsShown } from '../../db/stores/fix-items.ts';
import type { WebDependencies } from '../dependencies.ts';
import { fixCsvResponse } from '../fix-csv.ts';
import type { WebEnv } from '../visitor.ts';
import { ErrorPage } from './error.tsx';

const idSchema = z.coerce.number().int().positive().max(2_147_483_647);
const querySchema = z.object({ shown: z.enum(fixItemsShown).catch('all') });

/** What became of each customer of a fix, as a file. */
export function createFixRoutes({ context: commandContext, views }: WebDependencies): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.get('/fixes/:id/items.csv', async (context) => {
    const visitor = context.get('signedIn');
    const id = idSchema.safeParse(context.req.param('id'));
    if (!id.success) return context.notFound();
    const { shown } = querySchema.parse(context.req.query());
    const actor = { person: visitor.person, through: 'console' } as const;
    const result = await exportFix(commandContext, actor, { fixId: id.data, shown });
    if (result.kind !== 'refused') {
      return fixCsvResponse(result.pages, { fixId: id.data, locale: visitor.locale });
    }
    if (result.refusal.kind === 'not-found') return context.notFound();
    const text = describeRefusal(result.refusal, visitor.locale, await views.people());
    const title = visitor.texts.errors.forbiddenTitle;
    return context.html(<ErrorPage signedIn={visitor} {...{ visitor, title, text }} />, 403);
  });
  return app;
}
