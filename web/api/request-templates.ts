import { createRoute, z } from '@hono/zod-openapi';
import { askedKinds } from '../../domain/asked-kind.ts';
import type { WebDependencies } from '../dependencies.ts';
import { readTemplates } from '../request-templates.ts';
import type { ReadKnowledge } from '../visibility.ts';
import { createApiRouter, jsonResponse, problemResponses } from './environment.ts';

const templateSchema = z
  .object({
    code: z.string(),
    name: z.object({ 'zh-CN': z.string(), en: z.string() }),
    kind: z.enum(askedKinds),
    fields: z.record(z.string(), z.string()),
    url: z.url().describe('The form in the console, filled in'),
  })
  .openapi('RequestTemplate');

const listRoute = createRoute({
  method: 'get',
  path: '/request-templates',
  tags: ['Requests'],
  summary: 'Requests that the policy offers prefilled to the caller',
  responses: {
    200: jsonResponse(z.object({ templates: z.array(templateSchema) }), 'The templates'),
    ...problemResponses,
  },
});

/** What people often ask for, prefilled. */
export function createRequestTemplateApi(
  { database, publicUrl }: WebDependencies,
  readKnowledge: ReadKnowledge,
) {
  const router = createApiRouter();
  router.openapi(listRoute, async (context) => {
    const { person } = context.get('actor');
    const templates = await readTemplates(database, readKnowledge, person);
    return context.json(
      {
        templates: templates.map(({ code, name, kind, fields }) => ({
          code,
          name,
          kind,
          fields,
          url: `${publicUrl}/requests/new?template=${encodeURIComponent(code)}`,
        })),
      },
      200,
    );
  });
  return router;
}
