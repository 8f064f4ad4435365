import { createRoute, z } from '@hono/zod-openapi';
import { exportFix } from '../../commands/export-fix.ts';
import { undoFix } from '../../commands/undo-fix.ts';
import { fixItemsShown } from '../../db/stores/fix-items.ts';
import type { WebDependencies } from '../dependencies.ts';
import { fixCsvResponse } from '../fix-csv.ts';
import { createApiRouter, jsonResponse, problemResponses } from './environment.ts';
import { expectDone } from './problem.ts';
import { idParams, undoAnswer } from './schemas.ts';

const tags = ['Fixes'];

const exportRoute = createRoute({
  method: 'get',
  path: '/fixes/{id}/items.csv',
  tags,
  summary: 'What a fix did to each customer, as a file for a spreadsheet',
  request: {
    params: idParams,
    query: z.object({ shown: z.enum(fixItemsShown).default('all') }),
  },
  responses: {
    200: {
      content: { 'text/csv': { schema: z.string() } },
      description: 'One line a customer; column names follow Accept-Language',
    },
    ...problemResponses,
  },
});

const undoRoute = createRoute({
  method: 'post',
  path: '/fixes/{id}/undo',
  tags,
  summary: 'Undo a fix where the customers still are as it left them',
  request: { params: idParams },
  responses: {
    200: jsonResponse(undoAnswer, 'Begun'),
    ...problemResponses,
  },
});

/** Fixes of warnings and of requests by their own number. Who may do what is decided by the commands. */
export function createFixApi({ context: commandContext, views }: WebDependencies) {
  const app = createApiRouter();

  app.openapi(exportRoute, async (context) => {
    const locale = context.get('locale');
    const fixId = context.req.valid('param').id;
    const { shown } = context.req.valid('query');
    const result = await exportFix(commandContext, context.get('actor'), { fixId, shown });
    const { pages } = expectDone(result, locale, await views.people());
    return fixCsvResponse(pages, { fixId, locale });
  });

  app.openapi(undoRoute, async (context) => {
    const fixId = context.req.valid('param').id;
    const result = await undoFix(commandContext, context.get('actor'), { fixId });
    const done = expectDone(result, context.get('locale'), await views.people());
    return context.json({ result: done.kind, fixId: done.fixId }, 200);
  });

  return app;
}
