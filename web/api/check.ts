import { createRoute, z } from '@hono/zod-openapi';
import { checkTags, type CheckAnswer } from '../../commands/check-tags.ts';
import type { WebDependencies } from '../dependencies.ts';
import { withoutHiddenFindings } from '../../bot/visibility.ts';
import type { ReadKnowledge } from '../visibility.ts';
import { createApiRouter, jsonBody, jsonResponse, problemResponses } from './environment.ts';
import { expectDone } from './problem.ts';
import { checkAnswerSchema, checkAnswersSchema } from './schemas.ts';

const text = z.string().trim().min(1).max(200);
const customersMax = 1_000;
const tagsMax = 500;

const checkRoute = createRoute({
  method: 'post',
  path: '/check',
  tags: ['Check'],
  summary: 'Whether tags may go together, before anybody puts them on a customer',
  request: {
    body: jsonBody(
      z
        .object({
          /** Number of a customer in the CRM. One of this, `customers` and `tags`. */
          customer: text.optional(),
          /** Numbers of many customers; answered one by one, in the same order. */
          customers: z.array(text).min(1).max(customersMax).optional(),
          /** Tags a customer would have, by code or name. */
          tags: z.array(text).min(1).max(tagsMax).optional(),
          /** Tag to add, by code or name; without it, what is there is checked. */
          add: text.optional(),
          /** Who is about to add it, by code, email or name: a sensitive tag is not for everybody. */
          by: text.optional(),
        })
        .refine(
          ({ customer, customers, tags }) =>
            [customer, customers, tags].filter((subject) => subject !== undefined).length === 1,
          { message: 'give one of customer, customers and tags', path: ['customer'] },
        ),
    ),
  },
  responses: {
    200: jsonResponse(z.union([checkAnswerSchema, checkAnswersSchema]), 'The answer'),
    ...problemResponses,
  },
});

/** The check before tagging: what a CRM asks before it lets somebody put a tag on. */
export function createCheckApi(dependencies: WebDependencies, readKnowledge: ReadKnowledge) {
  const app = createApiRouter();
  app.openapi(checkRoute, async (context) => {
    const { customer, customers, tags = [], add = null, by } = context.req.valid('json');
    const actor = context.get('actor');
    const current = context.get('current');
    const knowledge = await readKnowledge(actor.person, current);
    const named = add === null ? tags : [...tags, add];
    const present = (answer: CheckAnswer) =>
      answerJson(withoutHiddenFindings(answer, knowledge, named));
    const check = (subject: Parameters<typeof checkTags>[2]['subject']) =>
      checkTags(dependencies.context, actor, { subject, add, by, current });
    const expect = (result: Awaited<ReturnType<typeof check>>) =>
      expectDone(result, context.get('locale'), knowledge.people);

    if (customers === undefined) {
      const subject =
        customer === undefined
          ? ({ kind: 'tags', tags } as const)
          : ({ kind: 'customer', ref: customer } as const);
      return context.json(present(expect(await check(subject))), 200);
    }
    const answers = await Promise.all(
      customers.map(async (ref) => {
        const result = await check({ kind: 'customer', ref });
        const isGone =
          result.kind === 'refused' &&
          result.refusal.kind === 'not-found' &&
          result.refusal.what === 'customer';
        return { customer: ref, answer: isGone ? null : present(expect(result)) };
      }),
    );
    return context.json({ answers }, 200);
  });
  return app;
}

function answerJson({ allowed, findings }: CheckAnswer) {
  return {
    allowed,
    findings: findings.map((finding) => ({ ...finding, tags: [...finding.tags] })),
  };
}
