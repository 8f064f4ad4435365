import { createRoute, z } from '@hono/zod-openapi';
import { findingReasonWords } from '../../bot/texts/finding-reason.ts';
import { describeWriteRefusal } from '../../bot/texts/write-refusals.ts';
import type { WarningView } from '../../bot/views.ts';
import { claimWarning } from '../../commands/claim-warning.ts';
import type { Actor, CommandResult } from '../../commands/command.ts';
import { commentOnWarning } from '../../commands/comment-on-warning.ts';
import type { CommandContext } from '../../commands/context.ts';
import { dismissWarning } from '../../commands/dismiss-warning.ts';
import { escalateWarning } from '../../commands/escalate-warning.ts';
import { exceptWarning } from '../../commands/except-warning.ts';
import { fixWarning } from '../../commands/fix-warning.ts';
import { reassignWarning } from '../../commands/reassign-warning.ts';
import { confirmClaim } from '../../commands/confirm-claim.ts';
import { prolongException } from '../../commands/prolong-exception.ts';
import { releaseWarning } from '../../commands/release-warning.ts';
import { reportFixedByHand } from '../../commands/report-fixed-by-hand.ts';
import { snoozeWarning } from '../../commands/snooze-warning.ts';
import { turnOffAutoFix } from '../../commands/turn-off-auto-fix.ts';
import { undoFix } from '../../commands/undo-fix.ts';
import { listWarnings } from '../../db/stores/console.ts';
import { fixItemsShown, listFixItems } from '../../db/stores/fix-items.ts';
import type { FindingReason } from '../../domain/finding-reason.ts';
import type { LocalizedText } from '../../domain/locale.ts';
import { severities } from '../../domain/severity.ts';
import type { Warning, WarningState } from '../../domain/warning.ts';
import type { WebDependencies } from '../dependencies.ts';
import { maySeeWarning, withoutHiddenTags } from '../../bot/visibility.ts';
import type { ReadKnowledge } from '../visibility.ts';
import {
  createApiRouter,
  iso,
  isoOrNull,
  jsonBody,
  jsonResponse,
  problemResponses,
} from './environment.ts';
import { expectDone } from './problem.ts';
import {
  customerSchema,
  dismissReason,
  fixChoiceSchema,
  fixItemSchema,
  id,
  idParams,
  instant,
  nextCursor,
  pageQuery,
  warningDetailSchema,
  warningSchema,
  undoAnswer,
} from './schemas.ts';

const tags = ['Warnings'];
const code = z.string().min(1).max(200);
const words = z.string().trim().min(1).max(1_000);

const listRoute = createRoute({
  method: 'get',
  path: '/warnings',
  tags,
  summary: 'Warnings, newest first',
  request: {
    query: pageQuery.extend({
      state: z.enum(['open', 'claimed', 'fixing', 'verifying', 'closed', 'not-closed']).optional(),
      severity: z.enum(severities).optional(),
      owner: code.optional(),
      rule: code.optional(),
      together: z.coerce.number().int().positive().optional(),
      overdue: z.enum(['true', 'false']).optional(),
    }),
  },
  responses: {
    200: jsonResponse(
      z.object({ warnings: z.array(warningSchema), nextCursor }),
      'A page of warnings',
    ),
    ...problemResponses,
  },
});

const readRoute = createRoute({
  method: 'get',
  path: '/warnings/{id}',
  tags,
  summary: 'One warning with its cause, what can be done about it, and its newest fix',
  request: { params: idParams },
  responses: { 200: jsonResponse(warningDetailSchema, 'The warning'), ...problemResponses },
});

const offsetQuery = z.object({
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const customersRoute = createRoute({
  method: 'get',
  path: '/warnings/{id}/customers',
  tags,
  summary: 'Customers that still have the conflict',
  request: { params: idParams, query: offsetQuery },
  responses: {
    200: jsonResponse(
      z.object({ total: z.number().int(), customers: z.array(customerSchema) }),
      'A page of customers',
    ),
    ...problemResponses,
  },
});

const fixItemsRoute = createRoute({
  method: 'get',
  path: '/warnings/{id}/fix-items',
  tags,
  summary: 'What the newest fix did to each customer',
  request: {
    params: idParams,
    query: offsetQuery.extend({ shown: z.enum(fixItemsShown).default('all') }),
  },
  responses: {
    200: jsonResponse(z.object({ items: z.array(fixItemSchema) }), 'A page of customers'),
    ...problemResponses,
  },
});

const actionAnswer = z.object({ result: z.enum(['done', 'unchanged']), warning: warningSchema });

type WarningCommand<Input> = (
  context: CommandContext,
  actor: Actor,
  input: Input & { readonly warningId: number },
) => Promise<CommandResult<{ readonly warning: Warning }>>;

/** Reading warnings and acting on them. Who may do what is decided by the commands. */
export function createWarningApi(dependencies: WebDependencies, readKnowledge: ReadKnowledge) {
  const { database, views, publicUrl, context: commandContext } = dependencies;
  const app = createApiRouter();

  app.openapi(listRoute, async (context) => {
    const query = context.req.valid('query');
    const { person } = context.get('actor');
    const { hidden } = await readKnowledge(person);
    const lines = await listWarnings(
      database.sql,
      {
        state: query.state ?? null,
        severity: query.severity ?? null,
        ownerCodes: query.owner === undefined ? null : [query.owner],
        ruleCode: query.rule ?? null,
        ruleKind: null,
        floodId: query.together ?? null,
        overdue: query.overdue === 'true',
        nowMs: dependencies.now(),
        reader: { personCode: person.code, hiddenRuleIds: hidden.ruleIds },
      },
      {
        order: 'newest',
        beforeId: query.cursor === undefined ? null : Number(query.cursor),
        limit: query.limit + 1,
      },
    );
    const shown = lines.slice(0, query.limit);
    return context.json(
      {
        warnings: shown.map((line) => warningJson(line, publicUrl)),
        nextCursor: lines.length > query.limit ? String(shown.at(-1)?.id) : null,
      },
      200,
    );
  });

  app.openapi(readRoute, async (context) => {
    const view = await readView(
      context.get('actor'),
      context.req.valid('param').id,
      context.get('locale'),
    );
    return context.json(
      {
        ...warningJson(view.warning, publicUrl),
        ruleName: view.rule.name,
        ruleKind: view.rule.kind,
        resolutions: [...view.resolutions],
        cause: view.cause,
        pause: pauseJson(view.warning.pause),
        fix: view.fix === null ? null : fixJson(view.fix, view.leftAfterFix),
        muted: [...view.muted],
      },
      200,
    );
  });

  app.openapi(customersRoute, async (context) => {
    const actor = context.get('actor');
    const warningId = context.req.valid('param').id;
    const view = await readView(actor, warningId, context.get('locale'));
    const knowledge = await readKnowledge(actor.person);
    const nameOf = (name: LocalizedText | string) =>
      typeof name === 'string' ? name : name[context.get('locale')];
    const { total, customers } = await views.customers(warningId, context.req.valid('query'));
    const shown = withoutHiddenTags(
      { ...view, examples: customers },
      actor.person,
      knowledge,
    ).examples;
    return context.json(
      {
        total,
        customers: customers.map((customer, index) => ({
          customerId: customer.customerId,
          ref: customer.ref,
          name: nameOf(customer.name),
          resolutions: [...customer.resolutions],
          missing: [...(shown[index]?.missing ?? [])],
          reasons: (customer.reasons ?? []).map(reasonJson),
          tags: (shown[index]?.tags ?? []).map(({ sinceSeconds, ...tag }) => ({
            ...tag,
            since: isoOrNull(sinceSeconds === null ? null : sinceSeconds * 1000),
          })),
        })),
      },
      200,
    );
  });

  app.openapi(fixItemsRoute, async (context) => {
    const view = await readView(
      context.get('actor'),
      context.req.valid('param').id,
      context.get('locale'),
    );
    const items =
      view.fix === null
        ? []
        : await listFixItems(database.sql, view.fix.id, context.req.valid('query'));
    const describe = (detail: string | null) =>
      detail === null ? null : describeWriteRefusal(detail, context.get('locale'));
    return context.json(
      {
        items: items.map((item) => ({
          ref: item.ref,
          source: item.sourceCode,
          before: [...item.before],
          after: [...item.after],
          outcome: item.outcome,
          detail: describe(item.detail),
          undoOutcome: item.undoOutcome,
          undoDetail: describe(item.undoDetail),
        })),
      },
      200,
    );
  });

  const action = <Body extends z.ZodObject>(
    name: string,
    summary: string,
    body: Body,
    run: WarningCommand<z.output<Body>>,
  ) => {
    const hasFields = Object.keys(body.shape).length > 0;
    const documentedBody: z.ZodObject = body;
    const route = createRoute({
      method: 'post',
      path: `/warnings/{id}/${name}`,
      tags,
      summary,
      request: { params: idParams, ...(hasFields ? { body: jsonBody(documentedBody) } : {}) },
      responses: { 200: jsonResponse(actionAnswer, 'Done, or so already'), ...problemResponses },
    });
    app.openapi(route, async (context) => {
      // The route's validator has parsed the body by this schema already; an action without fields needs none.
      const fields = body.parse(hasFields ? await context.req.json() : {});
      const warningId = id.parse(context.req.param('id'));
      const result = await run(commandContext, context.get('actor'), { ...fields, warningId });
      const done = expectDone(result, context.get('locale'), await views.people());
      return context.json(
        { result: done.kind, warning: warningJson(done.warning, publicUrl) },
        200,
      );
    });
  };

  const none = z.object({});
  const until = z.object({ until: instant });
  action('claim', 'Promise to deal with it', none, claimWarning);
  action('release', 'Give the promise back', none, releaseWarning);
  action('still-on-it', 'Answer that you are still on it', none, confirmClaim);
  action('fix', 'Apply a fix', z.object({ choice: fixChoiceSchema }), fixWarning);
  action('fixed-by-hand', 'Say that the CRM was corrected by hand', none, reportFixedByHand);
  action(
    'dismiss',
    'Rule it not a conflict',
    z.object({ reason: dismissReason, comment: z.string().trim().max(1_000).default('') }),
    dismissWarning,
  );
  action(
    'except',
    'Declare it right until a date',
    until.extend({ reason: words }),
    (context, actor, input) =>
      exceptWarning(context, actor, {
        warningId: input.warningId,
        untilMs: Date.parse(input.until),
        reason: input.reason,
      }),
  );
  action('snooze', 'Be reminded later', until, (context, actor, input) =>
    snoozeWarning(context, actor, {
      warningId: input.warningId,
      untilMs: Date.parse(input.until),
    }),
  );
  action('reassign', 'Hand it to somebody else', z.object({ toCode: code }), reassignWarning);
  action(
    'escalate',
    'Take it to the next step of its chain at once',
    z.object({ reason: words }),
    escalateWarning,
  );
  action('comment', 'Add a comment', z.object({ text: words }), commentOnWarning);

  const turnOffRoute = createRoute({
    method: 'post',
    path: '/warnings/{id}/turn-off-auto-fix',
    tags,
    summary: 'End what its rule does by itself, until the configuration says so again',
    request: { params: idParams },
    responses: {
      200: jsonResponse(
        z.object({ result: z.enum(['done', 'unchanged']), rule: z.string() }),
        'Turned off, or so already',
      ),
      ...problemResponses,
    },
  });
  app.openapi(turnOffRoute, async (context) => {
    const input = { warningId: context.req.valid('param').id };
    const result = await turnOffAutoFix(commandContext, context.get('actor'), input);
    const done = expectDone(result, context.get('locale'), await views.people());
    return context.json({ result: done.kind, rule: done.ruleCode }, 200);
  });

  const prolongRoute = createRoute({
    method: 'post',
    path: '/warnings/{id}/prolong',
    tags,
    summary: 'Ask the committee to let its exception hold for longer',
    request: { params: idParams, body: jsonBody(until.extend({ reason: words })) },
    responses: {
      201: jsonResponse(
        z.object({ requestId: z.number().int() }),
        'The request to the committee; until it approves, the exception ends as before',
      ),
      ...problemResponses,
    },
  });
  app.openapi(prolongRoute, async (context) => {
    const { until: untilText, reason } = context.req.valid('json');
    const warningId = context.req.valid('param').id;
    const input = { warningId, untilMs: Date.parse(untilText), reason };
    const result = await prolongException(commandContext, context.get('actor'), input);
    const done = expectDone(result, context.get('locale'), await views.people());
    return context.json({ requestId: done.request.id }, 201);
  });

  const undoRoute = createRoute({
    method: 'post',
    path: '/warnings/{id}/undo',
    tags,
    summary: 'Undo its newest fix where the customers still are as the fix left them',
    request: { params: idParams },
    responses: {
      200: jsonResponse(undoAnswer, 'Begun'),
      ...problemResponses,
    },
  });
  app.openapi(undoRoute, async (context) => {
    const actor = context.get('actor');
    const locale = context.get('locale');
    const warningId = context.req.valid('param').id;
    const view = await readView(actor, warningId, locale);
    const people = await views.people();
    const result: CommandResult<{ readonly fixId: number }> =
      view.fix === null
        ? { kind: 'refused', refusal: { kind: 'not-found', what: 'fix', id: String(warningId) } }
        : await undoFix(commandContext, actor, { fixId: view.fix.id });
    const done = expectDone(result, locale, people);
    return context.json({ result: done.kind, fixId: done.fixId }, 200);
  });

  /** The warning as the caller may see it; one that they may not see is not there. */
  async function readView(
    actor: Actor,
    warningId: number,
    locale: Parameters<typeof expectDone>[1],
  ): Promise<WarningView> {
    const [view, knowledge] = await Promise.all([
      views.warning(warningId),
      readKnowledge(actor.person),
    ]);
    if (view === null || !maySeeWarning(actor.person, view, knowledge)) {
      const refusal = { kind: 'not-found', what: 'warning', id: String(warningId) } as const;
      expectDone({ kind: 'refused', refusal }, locale, knowledge.people);
      throw new Error('A refusal always ends the request.');
    }
    return withoutHiddenTags(view, actor.person, knowledge);
  }

  return app;
}

function warningJson(
  warning: Pick<
    Warning,
    | 'id'
    | 'ruleCode'
    | 'severity'
    | 'state'
    | 'ownerCode'
    | 'secondLineCode'
    | 'managerCode'
    | 'customers'
    | 'openedAtMs'
    | 'claimDueAtMs'
    | 'closeDueAtMs'
    | 'snoozedUntilMs'
    | 'version'
  > & { readonly level: number },
  publicUrl: string,
) {
  return {
    id: warning.id,
    ruleCode: warning.ruleCode,
    severity: warning.severity,
    state: stateJson(warning.state),
    ownerCode: warning.ownerCode,
    secondLineCode: warning.secondLineCode,
    managerCode: warning.managerCode,
    level: warning.level,
    customers: warning.customers,
    openedAt: iso(warning.openedAtMs),
    claimDueAt: iso(warning.claimDueAtMs),
    closeDueAt: iso(warning.closeDueAtMs),
    snoozedUntil: isoOrNull(warning.snoozedUntilMs),
    version: warning.version,
    url: `${publicUrl}/warnings/${warning.id}`,
  };
}

function stateJson(state: WarningState) {
  return {
    kind: state.kind,
    by: 'by' in state ? state.by : null,
    at: 'atMs' in state ? iso(state.atMs) : null,
    reason: state.kind === 'closed' ? state.reason : null,
    fixId: 'fixId' in state ? state.fixId : null,
  };
}

function pauseJson(pause: Warning['pause']) {
  return pause === null ? null : { from: iso(pause.fromMs), until: iso(pause.untilMs) };
}

function fixJson(fix: NonNullable<WarningView['fix']>, left: WarningView['leftAfterFix']) {
  return {
    id: fix.id,
    state: fix.state,
    counts: fix.counts,
    requestedBy: fix.requestedBy,
    writtenAt: isoOrNull(fix.writtenAtMs),
    undoUntil: isoOrNull(fix.undoUntilMs),
    undoneBy: fix.undoneBy,
    undoCounts: fix.undoCounts,
    left,
  };
}

/** Days are those of UTC. */
function reasonJson(reason: FindingReason): LocalizedText {
  const date = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);
  return {
    'zh-CN': findingReasonWords(reason, 'zh-CN', date),
    en: findingReasonWords(reason, 'en', date),
  };
}
