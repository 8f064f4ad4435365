import { randomUUID } from 'node:crypto';
import { HTTPException } from 'hono/http-exception';
import { isPassing } from '../../commands/passing-errors.ts';
import { fileBytesMax } from '../../config/tag-table/limits.ts';
import type { WebDependencies } from '../dependencies.ts';
import { limitBody } from '../limit-body.ts';
import type { ReadOverview } from '../overview-reader.ts';
import type { ReadRulePerformance } from '../rule-performance-reader.ts';
import type { ReadKnowledge } from '../visibility.ts';
import { authenticate, createApiRouter, requestLocale } from './environment.ts';
import { Problem, problemTitle } from './problem.ts';
import { createAssessmentApi } from './assessment.ts';
import { createCheckApi } from './check.ts';
import { createDigestApi } from './digests.ts';
import { createDraftApi } from './drafts.ts';
import { createFixApi } from './fixes.ts';
import { createOverviewApi } from './overview.ts';
import { createCandidateApi } from './candidates.ts';
import { createPreferenceApi } from './preferences.ts';
import { createRequestTemplateApi } from './request-templates.ts';
import { createRequestTalkApi } from './request-talk.ts';
import { createRequestApi } from './requests.ts';
import { createRecordApi } from './records.ts';
import { createReviewApi } from './reviews.ts';
import { createSilenceApi } from './silences.ts';
import { createRuleApi } from './rules.ts';
import { createTagImportApi } from './tag-imports.ts';
import { createTagApi } from './tags.ts';
import { createWarningApi } from './warnings.ts';

const bodyBytesMax = 1_048_576;

const failureDetails = {
  500: {
    'zh-CN': '数据没有丢失。请重试；如果仍然出错，请把 reference 告诉运维人员。',
    en: 'Nothing was lost. Try again; if it stays, give `reference` to whoever runs Tagwarden.',
  },
  503: {
    'zh-CN': '数据库或 Temporal 没有响应，请稍后重试；/readyz 会说明是哪个服务没有响应。',
    en: 'The database or Temporal does not answer. Try again in a moment; /readyz says which.',
  },
} as const;

/** The JSON API under /api, described by /api/openapi.json. Every answer that is not a success is problem details. */
export function createApi(
  dependencies: WebDependencies,
  readers: {
    readonly readKnowledge: ReadKnowledge;
    readonly readOverview: ReadOverview;
    readonly readRulePerformance: ReadRulePerformance;
  },
) {
  const { readKnowledge } = readers;
  const app = createApiRouter();
  app.use(
    limitBody({
      bytesMax: bodyBytesMax,
      // A file is a third longer in base64.
      larger: new Map([['/api/v1/tags/imports', Math.ceil(fileBytesMax * 1.4)]]),
      onTooLarge: (context) => {
        const locale = requestLocale(context);
        return new Problem('too-large', {
          title: problemTitle(413, locale),
          status: 413,
          detail:
            locale === 'zh-CN'
              ? `请求体不能超过 ${bodyBytesMax} 字节。`
              : `A request body holds at most ${bodyBytesMax} bytes.`,
        }).toResponse();
      },
    }),
  );
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Tagwarden',
      version: dependencies.version,
      description:
        'Checks, scans, warnings, tag requests and the audit trail. Errors are RFC 9457 problem details; their words follow Accept-Language (zh-CN or en).',
    },
    servers: [{ url: `${dependencies.publicUrl}/api` }],
    security: [{ token: [] }],
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
  });
  app.use('/v1/*', authenticate(dependencies));
  app.route('/v1', createWarningApi(dependencies, readKnowledge));
  app.route('/v1', createFixApi(dependencies));
  app.route('/v1', createCheckApi(dependencies, readKnowledge));
  app.route('/v1', createOverviewApi(readers));
  app.route('/v1', createRecordApi(dependencies, readKnowledge));
  app.route('/v1', createTagApi(dependencies, readKnowledge));
  app.route('/v1', createTagImportApi(dependencies));
  app.route('/v1', createSilenceApi(dependencies, readKnowledge));
  app.route('/v1', createPreferenceApi(dependencies));
  app.route('/v1', createRequestTemplateApi(dependencies, readKnowledge));
  app.route('/v1', createRequestApi(dependencies, readKnowledge));
  app.route('/v1', createRequestTalkApi(dependencies, readKnowledge));
  app.route('/v1', createDraftApi(dependencies));
  app.route('/v1', createReviewApi(dependencies));
  app.route('/v1', createDigestApi(dependencies));
  app.route('/v1', createAssessmentApi(dependencies));
  app.route('/v1', createRuleApi(dependencies, readers));
  app.route('/v1', createCandidateApi(dependencies, readKnowledge));
  app.all('*', (context) => {
    const locale = requestLocale(context);
    return new Problem('no-such-path', {
      title: problemTitle(404, locale),
      status: 404,
      detail:
        locale === 'zh-CN'
          ? '接口不存在，请查看 /api/openapi.json。'
          : 'There is no such path or method; see /api/openapi.json.',
    }).toResponse();
  });
  app.onError((error, context) => {
    if (error instanceof Problem) return error.toResponse();
    const locale = requestLocale(context);
    if (error instanceof HTTPException && error.status === 400) {
      return new Problem('unreadable', {
        title: problemTitle(400, locale),
        status: 400,
        detail:
          locale === 'zh-CN' ? '请求体不是有效的 JSON。' : 'The request body is not valid JSON.',
      }).toResponse();
    }
    const reference = randomUUID();
    const status = isPassing(error) ? 503 : 500;
    dependencies.logger.error(
      { error, reference, path: context.req.routePath },
      'An API call failed.',
    );
    return new Problem(status === 503 ? 'unavailable' : 'failed', {
      title: problemTitle(status, locale),
      status,
      detail: failureDetails[status][locale],
      reference,
    }).toResponse();
  });
  return app;
}
