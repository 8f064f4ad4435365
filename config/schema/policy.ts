import { askedKinds } from '../../domain/asked-kind.ts';
import { digestPeriods } from '../../domain/digest.ts';
import { z } from 'zod';
import { eventKinds, subscriberKinds } from '../../domain/event.ts';
import { locales } from '../../domain/locale.ts';
import { roles } from '../../domain/person.ts';
import { groupings } from '../../domain/policy.ts';
import { retentionMsMin } from '../../domain/retention.ts';
import { severities } from '../../domain/severity.ts';
import { tagCategories } from '../../domain/tag.ts';
import { durationMs } from '../moments.ts';
import { weekdays } from './people.ts';
import {
  codeSchema,
  dayPattern,
  durationSchema,
  namesShape,
  timeZoneSchema,
  variableSchema,
} from './values.ts';

const severitySchema = z.strictObject({
  claimWithin: durationSchema,
  closeWithin: durationSchema,
  clock: z
    .enum(['elapsed', 'working'])
    .describe("elapsed: round the clock; working: only the owner's working hours count."),
  pauseUnattended: z
    .boolean()
    .optional()
    .describe(
      'Whether time stands still while neither owner, duty, deputy nor second line is at work; it runs on unless said.',
    ),
  remindAt: z
    .array(
      z
        .number()
        .gt(0, 'a part of the deadline between 0 and 1')
        .lt(1, 'a part of the deadline between 0 and 1'),
    )
    .max(5, 'at most 5 reminders')
    .describe('Parts of each deadline at which the responsible person is reminded: [0.5, 0.9].'),
  newsEvery: durationSchema
    .optional()
    .describe(
      'More customers of a warning that nobody has taken: told so long after people last heard of it, on its clock; 4h unless said.',
    ),
  repeatEvery: durationSchema
    .optional()
    .describe(
      'While nobody takes it, told again so long after people last heard of it, on its clock; never unless said.',
    ),
});

export const escalationTargets = [
  'second-line',
  'manager',
  'person',
  'role',
  'duty',
  'group',
] as const;
const escalationStepsMax = 10;

const waitMaxMs = 3_600_000;

const timeOfDaySchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 09:00');

const dutyEntry = z.strictObject({
  code: codeSchema,
  ...namesShape,
  members: z
    .array(codeSchema)
    .min(1, 'at least one member')
    .max(100, 'at most 100 members')
    .describe('People in the order of their turns.'),
  turns: z
    .enum(['everybody', 'round-robin', 'daily', 'weekly'])
    .describe(
      'everybody: all at once; round-robin: each new warning goes to the next; daily, weekly: shifts.',
    ),
  startsOn: z
    .string()
    .regex(dayPattern, 'a day such as 2026-11-23')
    .refine((text) => !Number.isNaN(Date.parse(text)), 'a day such as 2026-11-23')
    .optional()
    .describe("First day of the first member's shift."),
  handOver: timeOfDaySchema.optional().describe('When a shift begins; 09:00 unless said.'),
  timeZone: timeZoneSchema.optional().describe('That of the scans unless said.'),
});

export type DutyEntry = z.infer<typeof dutyEntry>;

const groupsMax = 50;

const groupEntry = z.strictObject({
  code: codeSchema,
  ...namesShape,
  slackChannelId: z
    .string()
    .regex(/^[CG][A-Z0-9]{2,}$/, 'a Slack channel id such as C012AB3CD')
    .optional()
    .describe('The channel that the app was invited to.'),
  feishuChatId: z
    .string()
    .regex(/^oc_[A-Za-z0-9]+$/, 'a Feishu chat id such as oc_1a2b…')
    .optional()
    .describe('The group that the bot was added to.'),
  mention: z
    .array(z.enum(severities))
    .optional()
    .describe('Severities whose cards may mention whoever they are for; high unless said.'),
  locale: z.enum(locales).optional().describe('Language of the group; zh-CN unless said.'),
});

export type GroupEntry = z.infer<typeof groupEntry>;

const subscribersMax = 50;

const subscriberEntry = z.strictObject({
  code: codeSchema,
  kind: z
    .enum(subscriberKinds)
    .describe("webhook: another system; dingtalk, wecom: a group's robot."),
  urlVariable: variableSchema('OPS_WEBHOOK_URL', 'url')
    .optional()
    .describe(
      'Environment variable with the address; DINGTALK_WEBHOOK or WECOM_WEBHOOK unless said.',
    ),
  secretVariable: variableSchema('OPS_WEBHOOK_SECRET', 'secret')
    .optional()
    .describe(
      'Environment variable with the secret that signs what is sent; DINGTALK_SECRET unless said.',
    ),
  events: z
    .array(z.enum(eventKinds))
    .min(1, 'at least one event')
    .optional()
    .describe(
      'What it is told; a webhook everything, a group what opens, escalates and is counted, unless said.',
    ),
  severities: z
    .array(z.enum(severities))
    .min(1, 'at least one severity')
    .optional()
    .describe('Of which warnings; a webhook of all, a group of high ones, unless said.'),
  locale: z.enum(locales).optional().describe('Language of a group; zh-CN unless said.'),
});

export type SubscriberEntry = z.infer<typeof subscriberEntry>;

const cronSchema = z
  .string()
  .regex(/^\S+( \S+){4}$/, {
    abort: true,
    error: 'a cron expression of five fields such as "0 2 * * *" (minute hour day month weekday)',
  })
  .refine(isCron, 'a cron expression whose fields are numbers, *, lists, ranges and steps');

/** Minute, hour, day of month, month, weekday. */
const cronBounds = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

function isCron(text: string): boolean {
  return text.split(' ').every((field, index) => {
    const [least, most] = cronBounds[index] ?? [0, 0];
    return field.split(',').every((part) => isCronPart(part, least, most));
  });
}

function isCronPart(part: string, least: number, most: number): boolean {
  const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
  if (match === null) return false;
  const [, from, until, step] = match;
  const low = from === undefined ? least : Number(from);
  const high = until === undefined ? Math.max(low, least) : Number(until);
  return low >= least && high <= most && low <= high && (step === undefined || Number(step) > 0);
}

const pointsMax = 100;
const pointsSchema = z
  .number()
  .int('a whole number of points')
  .min(0, 'at least 0 points')
  .max(pointsMax, `at most ${pointsMax} points`);
const pointsBySeverity = z
  .strictObject({
    high: pointsSchema.optional(),
    medium: pointsSchema.optional(),
    low: pointsSchema.optional(),
  })
  .optional();

const assessmentSchema = z.strictObject({
  claimMissed: pointsBySeverity.describe('Nobody claimed the warning in time.'),
  closeMissed: pointsBySeverity.describe('The warning was not closed in time.'),
  recurred: pointsBySeverity.describe(
    'What somebody had fixed came back within recurrenceWithin; for whoever fixed it.',
  ),
  contestWithin: durationSchema
    .optional()
    .describe('How long points may be contested after they were counted; 14d unless said.'),
  namesInReports: z
    .boolean()
    .optional()
    .describe(
      'Whether groups and other systems hear of a month by person; only totals unless said.',
    ),
});

const wordSchema = z
  .string()
  .regex(/\S/, 'a text that is not blank')
  .max(80, 'at most 80 characters');

const requestTemplateSchema = z.strictObject({
  code: codeSchema,
  ...namesShape,
  departments: z
    .array(codeSchema)
    .max(100, 'at most 100 departments')
    .optional()
    .describe('Whose people it is offered to; everybody unless said.'),
  kind: z.enum(askedKinds).describe('What is asked for: the form that opens.'),
  fields: z
    .record(z.string(), z.string().max(2_000, 'at most 2,000 characters'))
    .describe(
      'What is filled in already, by the names of the form’s fields: {level: temporary, lifeDays: "90", reason: …}.',
    ),
});

const namingSchema = z.strictObject({
  enforce: z
    .enum(['warning', 'error'])
    .optional()
    .describe('error: a name against it is refused; warning (unless said): it is told.'),
  charsMax: z
    .number()
    .int('a whole number of characters')
    .min(2, 'at least 2 characters')
    .max(80, 'at most 80 characters')
    .optional()
    .describe('How long a Chinese name may be.'),
  pattern: z
    .strictObject({
      matches: z
        .string()
        .max(200, 'at most 200 characters')
        .refine(isExpression, 'a regular expression'),
      words: wordSchema.describe('The same in Chinese, such as 只用汉字和数字.'),
      wordsEn: wordSchema.describe('The same in English.'),
    })
    .optional()
    .describe('What the whole Chinese name has to match.'),
  forbidden: z
    .array(wordSchema)
    .max(200, 'at most 200 words')
    .optional()
    .describe('Words that no name holds, in either language.'),
  prefixes: z
    .array(
      z
        .strictObject({
          department: codeSchema.optional(),
          category: z.enum(tagCategories).optional(),
          prefix: wordSchema,
        })
        .refine(
          ({ department, category }) => (department === undefined) !== (category === undefined),
          'either department or category',
        ),
    )
    .max(100, 'at most 100 prefixes')
    .optional()
    .describe(
      'What Chinese names begin with: of tags that are for one department alone, or of one category.',
    ),
});

function isExpression(source: string): boolean {
  try {
    return new RegExp(`^(?:${source})$`, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

const keptSchema = durationSchema
  .refine((text) => durationMs(text) >= retentionMsMin, 'at least 30d')
  .optional();

/** policy.yaml */
export const policyFileSchema = z.strictObject({
  severities: z.strictObject({
    high: severitySchema,
    medium: severitySchema,
    low: severitySchema,
  }),
  escalation: z
    .array(
      z.strictObject({
        on: z.enum(['claim-missed', 'close-missed']),
        after: durationSchema
          .optional()
          .describe("Time after the deadline, on the severity's clock; at once unless said."),
        to: z.enum(escalationTargets),
        who: codeSchema
          .optional()
          .describe(
            'The code of the person, duty or group, or the role; not for second-line and manager.',
          ),
      }),
    )
    .max(escalationStepsMax, `at most ${escalationStepsMax} steps`)
    .describe('Who gets a warning when a deadline is missed, step by step.'),
  claim: z
    .strictObject({
      expiresAfter: durationSchema.describe(
        'Nothing done for so long, and the claimer is asked whether they are still on it.',
      ),
      answerWithin: durationSchema.describe('Without an answer in this time it is open again.'),
    })
    .optional()
    .describe("When a claim runs out, on the severity's clock; never unless said."),
  duties: z
    .array(dutyEntry)
    .optional()
    .describe('Groups that answer for something in turns: owners of rules, steps of escalation.'),
  grouping: z
    .strictObject({
      by: z
        .strictObject({
          high: z.enum(groupings).optional(),
          medium: z.enum(groupings).optional(),
          low: z.enum(groupings).optional(),
        })
        .optional()
        .describe(
          'What of one rule and owner makes a warning of its own: rule (nothing more, unless said), import, tag-pair, customer.',
        ),
      wait: durationSchema
        .refine((text) => durationMs(text) <= waitMaxMs, 'at most 1h')
        .optional()
        .describe('How long a new warning waits before its first card; none unless said.'),
      warningsMax: z
        .number()
        .int('a whole number of warnings')
        .min(1, 'at least 1 warning')
        .max(1000, 'at most 1000 warnings')
        .optional()
        .describe(
          'Would one scan open more of one rule and owner, it opens one with all customers; 20 unless said.',
        ),
      flood: z
        .strictObject({
          cardsMax: z
            .number()
            .int('a whole number of cards')
            .min(1, 'at least 1 card')
            .max(1000, 'at most 1000 cards')
            .optional()
            .describe(
              'Would one scan bring a person more cards, they get one with a list; 10 unless said.',
            ),
          singly: z
            .array(z.enum(severities))
            .optional()
            .describe('Severities that come as cards of their own all the same; high unless said.'),
        })
        .optional()
        .describe('One summary instead of many cards, where a scan opens many warnings at once.'),
      recurrenceWithin: durationSchema
        .optional()
        .describe(
          'A warning like one closed within this time counts as its return; 14d unless said.',
        ),
      inhibit: z
        .array(z.strictObject({ rule: codeSchema, mutes: z.array(codeSchema).min(1, 'a rule') }))
        .optional()
        .describe('While a customer breaks the rule, what it explains is not told as well.'),
    })
    .optional()
    .describe('How findings become warnings, and what keeps them from becoming too many.'),
  quietHours: z
    .strictObject({
      breakThrough: z
        .array(z.enum(severities))
        .describe(
          'Severities whose cards reach people in their quiet hours too; high unless said.',
        ),
    })
    .optional()
    .describe('Quiet hours are each person’s own; the policy says what they do not hold.'),
  snooze: z.strictObject({
    longest: durationSchema,
    times: z.number().int('a whole number').min(0, 'at least 0').max(20, 'at most 20'),
  }),
  fix: z.strictObject({
    undoWithin: durationSchema,
    batchCustomers: z
      .number()
      .int('a whole number')
      .min(1, 'at least 1 customer')
      .max(5000, 'at most 5000 customers')
      .describe('Customers written to the source in one call.'),
  }),
  exceptions: z.strictObject({
    daysMax: z
      .number()
      .int('a whole number of days')
      .min(1, 'at least 1 day')
      .max(3650, 'at most 3650 days')
      .describe('An exception that lasts longer is a request to the committee.'),
    remindDays: z
      .number()
      .int('a whole number of days')
      .min(0, 'at least 0 days')
      .max(90, 'at most 90 days')
      .optional()
      .describe(
        'So many days before an exception ends, whoever asked for it and the owner hear of it; 0: nobody does; 7 unless said.',
      ),
  }),
  voting: z.strictObject({
    quorum: z
      .number()
      .int('a whole number of votes')
      .min(1, 'at least 1 vote')
      .max(100, 'at most 100 votes')
      .describe('Votes in favour that are needed.'),
    within: durationSchema,
    veto: z
      .array(codeSchema)
      .optional()
      .describe('People whose rejection ends the vote; while one is absent, their deputy’s does.'),
    seats: z
      .enum(['members', 'departments'])
      .optional()
      .describe(
        'members (unless said): each has a seat. departments: members of one department share a seat, and the first of them to vote has it.',
      ),
    ownersVote: z
      .boolean()
      .optional()
      .describe('Whether owners vote on changes of their own tags and rules; true unless said.'),
    chair: z
      .strictObject({
        person: codeSchema,
        within: durationSchema.describe('How long the chair has to decide.'),
      })
      .optional()
      .describe('Decides a tie, and what has no quorum by the deadline; nobody does unless said.'),
    consoleAbove: z
      .number()
      .int('a whole number of customers')
      .min(0, 'at least 0 customers')
      .optional()
      .describe('What changes more customers than this is voted on in the console only.'),
  }),
  learning: z
    .strictObject({
      precisionFloor: z
        .number()
        .min(0, 'a share from 0 to 1')
        .max(1, 'a share from 0 to 1')
        .optional()
        .describe(
          'A rule that is surely right in a smaller share of its warnings is brought before the committee; 0.7 unless said, and 0 for none.',
        ),
      quietFor: durationSchema
        .optional()
        .describe(
          'After the committee decided about such a rule, it is not asked again for so long; 30d unless said.',
        ),
    })
    .optional()
    .describe('When what people decided speaks against a rule.'),
  models: z
    .strictObject({
      questionsPerDay: z
        .number()
        .int('a whole number of questions')
        .min(0, 'at least 0 questions')
        .max(1_000_000, 'at most 1,000,000 questions')
        .optional()
        .describe(
          'Opinions asked of the language model in a day; 200 unless said, and 0 for none.',
        ),
      textsPerDay: z
        .number()
        .int('a whole number of texts')
        .min(0, 'at least 0 texts')
        .max(10_000_000, 'at most 10,000,000 texts')
        .optional()
        .describe(
          'Names and definitions given to the model of meaning in a day; 20000 unless said, and 0 for none.',
        ),
    })
    .optional()
    .describe(
      'What models may cost: so much is asked of them in a day of UTC, by all processes together.',
    ),
  cleanUp: z
    .strictObject({
      goalTags: z
        .number()
        .int('a whole number of tags')
        .min(1, 'at least 1 tag')
        .optional()
        .describe('So many tags in use are wanted; progress is measured against it.'),
      review: z
        .strictObject({
          on: cronSchema.describe(
            'When owners are asked which of their tags are still needed, in the time zone of the scans: 0 9 1 1,4,7,10 * is 9:00 on the first day of every quarter.',
          ),
          within: durationSchema.optional().describe('How long they may answer; 14d unless said.'),
          remindAt: z
            .array(
              z
                .number()
                .gt(0, 'a part of the time between 0 and 1')
                .lt(1, 'a part of the time between 0 and 1'),
            )
            .max(5, 'at most 5 reminders')
            .optional()
            .describe(
              'Parts of that time at which the silent are reminded; [0.5, 0.9] unless said.',
            ),
        })
        .optional()
        .describe('Only when a data admin starts one, unless said.'),
    })
    .optional()
    .describe('What is to come of cleaning up the dictionary.'),
  requestTemplates: z
    .array(requestTemplateSchema)
    .max(50, 'at most 50 templates')
    .optional()
    .describe('Requests that people often make, with what is the same each time filled in.'),
  naming: namingSchema
    .optional()
    .describe('How tags are to be called; any name will do unless said.'),
  assessment: assessmentSchema
    .optional()
    .describe('Points of the monthly assessment by severity; none are counted unless said.'),
  digest: z.strictObject({
    weekday: z.enum(weekdays),
    hour: z
      .number()
      .int('a whole hour from 0 to 23')
      .min(0, 'a whole hour from 0 to 23')
      .max(23, 'a whole hour from 0 to 23')
      .describe("In each reader's own time zone."),
    roles: z
      .array(z.enum(roles))
      .describe('Who gets the weekly digest, unless they choose otherwise.'),
    report: z
      .strictObject({
        group: codeSchema.describe('Code of one of the groups below.'),
        every: z
          .array(z.enum(digestPeriods))
          .min(1, 'at least one of day, week and month')
          .max(digestPeriods.length)
          .describe('A month is reported on its successor’s first day.'),
      })
      .optional()
      .describe('A report on everybody’s warnings to a group in chat, at the same hour.'),
  }),
  groups: z
    .array(groupEntry)
    .max(groupsMax, `at most ${groupsMax} groups`)
    .optional()
    .describe(
      'Groups in chat in which people may have their warnings instead of a direct message.',
    ),
  subscribers: z
    .array(subscriberEntry)
    .max(subscribersMax, `at most ${subscribersMax} subscribers`)
    .optional()
    .describe('Groups and other systems that are told of what happens.'),
  scans: z.strictObject({
    full: cronSchema.describe('When every customer is read and scanned again.'),
    incremental: cronSchema.describe('When what changed is read and scanned.'),
    timeZone: timeZoneSchema,
  }),
  retention: z
    .strictObject({
      findings: keptSchema.describe('Findings that are gone, from the end of their warning.'),
      cards: keptSchema.describe('Cards and their delivery, from the end of what they show.'),
      scans: keptSchema.describe('Records of scans.'),
      fixDetails: keptSchema.describe(
        'What a fix did to each customer, from when it can no longer be taken back.',
      ),
      tagHistory: keptSchema.describe('Who put which tag on which customer.'),
      digests: keptSchema.describe('Weekly digests.'),
    })
    .optional()
    .describe(
      'How long what is over is kept. The audit trail, warnings, fixes, requests and votes are kept for ever.',
    ),
});

export type PolicyFile = z.infer<typeof policyFileSchema>;
