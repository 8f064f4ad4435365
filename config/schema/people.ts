import { z } from 'zod';
import { locales } from '../../domain/locale.ts';
import { channelNames, departmentRoles, roles } from '../../domain/person.ts';
import { codeSchema, momentSchema, namesShape, timeZoneSchema } from './values.ts';

const hoursSchema = z
  .array(
    z
      .string()
      .regex(
        /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/,
        'working hours such as 09:00-12:00',
      ),
  )
  .optional();

/** Weekdays in the order of `WorkingCalendar.week`, Monday is 1. */
export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

export const departmentEntry = z.strictObject({
  code: codeSchema,
  ...namesShape,
  parent: codeSchema
    .optional()
    .describe('The department it is a part of: its people belong to that one too.'),
  calendar: codeSchema
    .optional()
    .describe('When its people work; whoever names a calendar of their own keeps to that.'),
});

export const calendarEntry = z.strictObject({
  code: codeSchema,
  timeZone: timeZoneSchema,
  holidays: z
    .enum(['CN'])
    .optional()
    .describe('Whose public holidays and make-up working days apply.'),
  week: z
    .strictObject({
      monday: hoursSchema,
      tuesday: hoursSchema,
      wednesday: hoursSchema,
      thursday: hoursSchema,
      friday: hoursSchema,
      saturday: hoursSchema,
      sunday: hoursSchema,
    })
    .describe('Working hours by weekday; a day that is not named is free.'),
});

export const personEntry = z.strictObject({
  code: codeSchema,
  ...namesShape,
  email: z
    .string()
    .max(254, 'an email address')
    .regex(/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/, 'an email address')
    .optional(),
  department: codeSchema,
  roles: z
    .array(
      z.union([
        z.strictObject({
          role: z.enum(departmentRoles),
          departments: z.array(codeSchema).min(1, 'at least one department'),
        }),
        z.enum(roles),
      ]),
    )
    .min(1, 'at least one role')
    .describe(
      'A role by itself holds for the whole company; with departments for those and below.',
    ),
  manager: codeSchema
    .optional()
    .describe('Person who gets what is overdue at the last escalation.'),
  secondLine: codeSchema
    .optional()
    .describe('Person who takes over when this person misses a deadline.'),
  deputy: codeSchema.optional().describe('Person who stands in during absences.'),
  locale: z.enum(locales).optional().describe('Language of cards and pages; zh-CN unless said.'),
  calendar: codeSchema.optional().describe("The department's unless said."),
  timeZone: timeZoneSchema.optional().describe("The calendar's time zone unless said."),
  slackUserId: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,}$/, 'a Slack user id such as U012AB3CD')
    .optional(),
  feishuOpenId: z
    .string()
    .regex(/^ou_[A-Za-z0-9]+$/, 'a Feishu open id such as ou_1a2b…')
    .optional(),
  oidcSubject: z
    .string()
    .regex(
      /^[\x21-\x7e]{1,255}$/,
      'the subject (sub) of an account, up to 255 characters without blanks',
    )
    .optional()
    .describe('Account at the OpenID Connect provider this person signs in with (claim sub).'),
  channels: z
    .array(z.enum(channelNames))
    .optional()
    .describe('Where cards go besides the inbox, most liked first.'),
  absences: z
    .array(
      z.strictObject({
        from: momentSchema,
        backOn: momentSchema.describe('First day (or instant) at work again.'),
      }),
    )
    .optional(),
  status: z.enum(['active', 'left']).optional().describe('active unless said.'),
});

/** people.yaml */
export const peopleFileSchema = z.strictObject({
  departments: z.array(departmentEntry),
  calendars: z.array(calendarEntry),
  people: z.array(personEntry),
});

export type DepartmentEntry = z.infer<typeof departmentEntry>;
export type CalendarEntry = z.infer<typeof calendarEntry>;
export type PersonEntry = z.infer<typeof personEntry>;
