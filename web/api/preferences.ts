import { createRoute, z } from '@hono/zod-openapi';
import { setPreferences } from '../../commands/set-preferences.ts';
import { digestContents, digestPeriods } from '../../domain/digest.ts';
import { locales } from '../../domain/locale.ts';
import {
  minuteOf,
  timeOfMinute,
  weekdayNumbers,
  type Preference,
} from '../../domain/preference.ts';
import type { WebDependencies } from '../dependencies.ts';
import { createApiRouter, jsonBody, jsonResponse, problemResponses } from './environment.ts';
import { expectDone } from './problem.ts';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const preferenceShape = {
  locale: z.enum(locales).nullable().describe('null: as the directory has it'),
  quietHours: z
    .object({
      from: timeOfDay,
      until: timeOfDay.describe('On the next day where it is not later than `from`'),
      days: z
        .array(z.literal(weekdayNumbers))
        .min(1)
        .max(7)
        .describe('Days on which they begin; 1 is Monday'),
    })
    .nullable()
    .describe("In the person's own time zone; null: none"),
  group: z
    .string()
    .max(100)
    .nullable()
    .describe('Code of the group in chat that has their cards, as policy.yaml offers; null: none'),
  mention: z.boolean().describe('Whether a card in the group may mention them'),
  email: z.boolean().describe('Whether cards and digests may come by email'),
  digest: z
    .enum([...digestPeriods, 'never'])
    .nullable()
    .describe('How often their digest comes; null: as policy.yaml has it for their roles'),
  digestContent: z
    .enum(digestContents)
    .describe('full: all of it; words: no pictures; brief: the numbers alone'),
};
const preferenceSchema = z.object(preferenceShape).openapi('Preference');

const readRoute = createRoute({
  method: 'get',
  path: '/preferences',
  tags: ['People'],
  summary: "How the token's person wants to be reached",
  responses: { 200: jsonResponse(preferenceSchema, 'The preference'), ...problemResponses },
});

const changeRoute = createRoute({
  method: 'patch',
  path: '/preferences',
  tags: ['People'],
  summary: "Change how the token's person wants to be reached; what is left out stays",
  request: { body: jsonBody(z.object(preferenceShape).partial()) },
  responses: { 200: jsonResponse(preferenceSchema, 'The preference'), ...problemResponses },
});

/** A person's own preferences over the API. */
export function createPreferenceApi(dependencies: WebDependencies) {
  const app = createApiRouter();
  const { views } = dependencies;
  app.openapi(readRoute, async (context) =>
    context.json(preferenceJson(await views.preference(context.get('actor').person.code)), 200),
  );
  app.openapi(changeRoute, async (context) => {
    const { quietHours, ...rest } = context.req.valid('json');
    const wanted = Object.fromEntries(
      Object.entries(rest).filter(([, value]) => value !== undefined),
    ) as Partial<Preference>;
    const result = await setPreferences(dependencies.context, context.get('actor'), {
      ...wanted,
      ...(quietHours === undefined ? {} : { quietHours: quietHoursOf(quietHours) }),
    });
    const people = await views.people();
    return context.json(
      preferenceJson(expectDone(result, context.get('locale'), people).preference),
      200,
    );
  });
  return app;
}

type QuietHoursJson = z.infer<typeof preferenceSchema>['quietHours'];

function quietHoursOf(given: QuietHoursJson): Preference['quietHours'] {
  if (given === null) return null;
  return {
    fromMinute: minuteOf(given.from) ?? 0,
    untilMinute: minuteOf(given.until) ?? 0,
    days: weekdayNumbers.filter((day) => given.days.includes(day)),
  };
}

function preferenceJson({ quietHours, ...preference }: Preference) {
  return {
    ...preference,
    quietHours:
      quietHours === null
        ? null
        : {
            from: timeOfMinute(quietHours.fromMinute),
            until: timeOfMinute(quietHours.untilMinute),
            days: [...quietHours.days],
          },
  };
}
