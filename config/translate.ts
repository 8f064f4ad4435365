import type { AttributeType, Condition } from '../domain/condition.ts';
import type {
  AttributeDefinition,
  Configuration,
  RuleDefinition,
  SourceDefinition,
  TagDefinition,
} from '../domain/configuration.ts';
import { usualEvents, usualSeverities, usualVariables, type Subscriber } from '../domain/event.ts';
import { usualMention, type ChatGroup } from '../domain/chat-group.ts';
import type { LocalizedText } from '../domain/locale.ts';
import { roles, type Person } from '../domain/person.ts';
import type { Duty, Rotation } from '../domain/duty.ts';
import {
  defaultGrouping,
  defaultExceptionRemindDays,
  defaultNewsEveryMs,
  defaultQuietHours,
  defaultLearning,
  defaultModels,
  defaultVoting,
  type EscalationStep,
  type EscalationTarget,
  type GroupingPolicy,
  type MinuteRange,
  type Policy,
  type SeverityPolicy,
  type WorkingCalendar,
} from '../domain/policy.ts';
import { defaultRetention, retentionKinds, type RetentionPolicy } from '../domain/retention.ts';
import type { AutoFix } from '../domain/automatic-fix.ts';
import { assertNever } from '../domain/assert-never.ts';
import { toAssessment } from './assessment.ts';
import { toCleanUp } from './clean-up.ts';
import { toRequestTemplates } from './request-templates.ts';
import { toNaming } from './naming.ts';
import type { Draft } from './draft.ts';
import { durationMs, minuteOfDay, momentMs } from './moments.ts';
import { comparisonKeys, comparisonOperators, type ConditionEntry } from './schema/condition.ts';
import { weekdays, type CalendarEntry, type PersonEntry } from './schema/people.ts';
import type { DutyEntry, GroupEntry, PolicyFile, SubscriberEntry } from './schema/policy.ts';
import { autoFixDefaults, ruleDefaults, type RuleEntry } from './schema/rules.ts';
import type { AttributeEntry, SourceEntry } from './schema/sources.ts';
import type { TagEntry } from './schema/tags.ts';

/** The domain's view of a draft that passed every check. */
export function toConfiguration(draft: Draft, policy: PolicyFile): Configuration {
  const timeZones = new Map(
    draft.calendars.entries.map(({ value }) => [value.code, value.timeZone]),
  );
  const types = new Map(draft.attributes.entries.map(({ value }) => [value.code, value.type]));
  return {
    departments: draft.departments.entries.map(({ value }) => ({
      code: value.code,
      name: nameOf(value),
      parentCode: value.parent ?? null,
      calendarCode: value.calendar ?? null,
    })),
    calendars: draft.calendars.entries.map(({ value }) => toCalendar(value)),
    people: draft.people.entries.map(({ value }) => toPerson(draft, value, timeZones)),
    tags: draft.tags.entries.map(({ value }) => toTag(value, types)),
    relations: draft.relations.entries.map(({ value }) => ({
      kind: value.kind,
      fromCode: value.from,
      toCode: value.to,
    })),
    rules: draft.rules.entries.map(({ value }) => toRule(value)),
    policy: toPolicy(policy),
    attributes: draft.attributes.entries.map(({ value }) => toAttribute(value)),
    sources: draft.sources.entries.map(({ value }) => toSource(value)),
  };
}

function nameOf(entry: { readonly name: string; readonly nameEn: string }): LocalizedText {
  return { 'zh-CN': entry.name, en: entry.nameEn };
}

function toCalendar(entry: CalendarEntry): WorkingCalendar {
  const day = (name: (typeof weekdays)[number]) => (entry.week[name] ?? []).map(toMinuteRange);
  return {
    code: entry.code,
    timeZone: entry.timeZone,
    week: {
      1: day('monday'),
      2: day('tuesday'),
      3: day('wednesday'),
      4: day('thursday'),
      5: day('friday'),
      6: day('saturday'),
      7: day('sunday'),
    },
    holidays: entry.holidays ?? null,
  };
}

export function toMinuteRange(text: string): MinuteRange {
  const [from, until] = text.split('-');
  return { fromMinute: minuteOfDay(from ?? ''), untilMinute: minuteOfDay(until ?? '') };
}

/** The code of a person's calendar, their own or their department's; undefined where neither is said. */
export function calendarOf(draft: Draft, person: PersonEntry): string | undefined {
  return person.calendar ?? draft.departments.byCode.get(person.department)?.calendar;
}

/** The departments that one is a part of, nearest first. A circle, which is a problem of its own, is gone round once. */
export function departmentsAbove(draft: Draft, code: string): readonly string[] {
  const above: string[] = [];
  let parent = draft.departments.byCode.get(code)?.parent;
  while (parent !== undefined && parent !== code && !above.includes(parent)) {
    above.push(parent);
    parent = draft.departments.byCode.get(parent)?.parent;
  }
  return above;
}

function toPerson(
  draft: Draft,
  entry: PersonEntry,
  timeZones: ReadonlyMap<string, string>,
): Person {
  const calendarCode = calendarOf(draft, entry);
  const timeZone = entry.timeZone ?? timeZones.get(calendarCode ?? '') ?? 'UTC';
  return {
    code: entry.code,
    name: nameOf(entry),
    email: entry.email ?? null,
    departmentCode: entry.department,
    departmentsAbove: departmentsAbove(draft, entry.department),
    roles: entry.roles.filter((one) => typeof one === 'string'),
    departmentGrants: entry.roles.flatMap((one) =>
      typeof one === 'string' ? [] : [{ role: one.role, departmentCodes: one.departments }],
    ),
    managerCode: entry.manager ?? null,
    secondLineCode: entry.secondLine ?? null,
    deputyCode: entry.deputy ?? null,
    locale: entry.locale ?? 'zh-CN',
    timeZone,
    calendarCode: calendarCode ?? '',
    slackUserId: entry.slackUserId ?? null,
    feishuOpenId: entry.feishuOpenId ?? null,
    oidcSubject: entry.oidcSubject ?? null,
    channels: entry.channels ?? [],
    absences: (entry.absences ?? []).map((absence) => ({
      fromMs: momentMs(absence.from, timeZone),
      untilMs: momentMs(absence.backOn, timeZone),
    })),
    status: entry.status ?? 'active',
  };
}

function toTag(entry: TagEntry, types: ReadonlyMap<string, AttributeType>): TagDefinition {
  return {
    code: entry.code,
    name: nameOf(entry),
    definition: { 'zh-CN': entry.definition, en: entry.definitionEn },
    level: entry.level,
    category: entry.category,
    parentCode: entry.parent ?? null,
    departmentCodes: entry.departments ?? [],
    ownerCode: entry.owner,
    status: entry.status ?? 'active',
    lifeDays: entry.lifeDays ?? null,
    successorCode: entry.successor ?? null,
    confirmEveryDays: entry.confirmEveryDays ?? null,
    criteria: entry.criteria === undefined ? null : toCondition(entry.criteria, types),
    sensitive: entry.sensitive ?? false,
    seenByDepartmentCodes: entry.seenBy ?? [],
  };
}

/** A written condition as the detector evaluates it; dates become epoch milliseconds. */
export function toCondition(
  entry: ConditionEntry,
  types: ReadonlyMap<string, AttributeType>,
): Condition {
  if ('all' in entry) {
    return { kind: 'all', conditions: entry.all.map((part) => toCondition(part, types)) };
  }
  if ('any' in entry) {
    return { kind: 'any', conditions: entry.any.map((part) => toCondition(part, types)) };
  }
  if ('not' in entry) return { kind: 'not', condition: toCondition(entry.not, types) };
  if ('of' in entry) {
    const conditions = entry.of.map((part) => toCondition(part, types));
    return { kind: 'at-least', count: entry.atLeast, conditions };
  }
  const { attribute } = entry;
  if (entry.withinMonths !== undefined) {
    return { kind: 'within-months', attribute, months: entry.withinMonths };
  }
  if (entry.withinDays !== undefined) {
    return { kind: 'within-days', attribute, days: entry.withinDays };
  }
  for (const key of comparisonKeys) {
    const value = entry[key];
    if (value === undefined) continue;
    const isDate = types.get(attribute) === 'date' && typeof value === 'string';
    return {
      kind: 'compare',
      attribute,
      operator: comparisonOperators[key],
      value: isDate ? Date.parse(value) : value,
    };
  }
  throw new Error(`A comparison of ${attribute} has no operator although it passed its schema.`);
}

/** A rule as rules.yaml declares it; `entry` passed its schema. */
export function toRule(entry: RuleEntry): RuleDefinition {
  const base = {
    code: entry.code,
    name: nameOf(entry),
    severity: entry.severity,
    ownerCode: entry.owner ?? null,
    enabled: entry.enabled ?? true,
    ...(entry.autoFix === undefined ? {} : { autoFix: toAutoFix(entry.autoFix) }),
  };
  switch (entry.kind) {
    case 'exclusive':
      return {
        ...base,
        kind: entry.kind,
        tagCodes: entry.tags,
        precedence: entry.precedence ?? [],
        allowedPairs: entry.allowedPairs ?? [],
      };
    case 'dominance':
      return {
        ...base,
        kind: entry.kind,
        dominantCode: entry.dominant,
        dominatedCodes: entry.dominated,
      };
    case 'synonym':
      return {
        ...base,
        kind: entry.kind,
        canonicalCode: entry.canonical,
        synonymCodes: entry.synonyms,
      };
    case 'time-to-live':
    case 'stale':
      return { ...base, kind: entry.kind, tagCodes: entry.tags ?? [] };
    case 'criteria':
      return { ...base, kind: entry.kind, tagCode: entry.tag, direction: entry.direction };
    case 'overload':
      return {
        ...base,
        kind: entry.kind,
        tagsMax: entry.tagsMax ?? null,
        temporaryTagsMax: entry.temporaryTagsMax ?? null,
      };
    case 'unknown':
    case 'deprecated':
    case 'unowned':
      return { ...base, kind: entry.kind };
    case 'implied':
      return {
        ...base,
        kind: entry.kind,
        tagCodes: entry.tags ?? (entry.singleChoice === undefined ? null : []),
        singleChoiceCodes: entry.singleChoice ?? [],
      };
    case 'scope':
    case 'mismatch':
      return { ...base, kind: entry.kind, tagCodes: entry.tags ?? [] };
    case 'sensitivity':
      return {
        ...base,
        kind: entry.kind,
        tagCodes: entry.tags ?? [],
        departmentCodes: entry.departments ?? [],
        actorNames: entry.actors ?? [],
      };
    case 'no-definition':
      return {
        ...base,
        kind: entry.kind,
        definitionCharsMin: entry.definitionCharsMin ?? ruleDefaults.definitionCharsMin,
      };
    case 'unused':
      return {
        ...base,
        kind: entry.kind,
        customersMax: entry.customersMax ?? ruleDefaults.customersMax,
        daysMin: entry.daysMin ?? ruleDefaults.daysMin,
      };
    case 'population-jump':
      return {
        ...base,
        kind: entry.kind,
        tagCodes: entry.tags ?? [],
        deviationsMax: entry.deviationsMax ?? ruleDefaults.deviationsMax,
        shareMin: entry.shareMin ?? ruleDefaults.shareMin,
        customersMin: entry.customersMin ?? ruleDefaults.customersMin,
      };
    default:
      return assertNever(entry);
  }
}

function toAutoFix(entry: NonNullable<RuleEntry['autoFix']>): AutoFix {
  return {
    mode: entry.mode,
    customersMax: entry.customersMax ?? autoFixDefaults.customersMax,
    shareMax: entry.shareMax ?? autoFixDefaults.shareMax,
  };
}

function toPolicy(file: PolicyFile): Policy {
  return {
    severities: {
      high: toSeverityPolicy(file.severities.high),
      medium: toSeverityPolicy(file.severities.medium),
      low: toSeverityPolicy(file.severities.low),
    },
    escalation: file.escalation.map(toEscalationStep),
    duties: (file.duties ?? []).map((entry) => toDuty(entry, file.scans.timeZone)),
    grouping: toGrouping(file.grouping ?? {}),
    quietHours: file.quietHours ?? defaultQuietHours,
    snooze: { longestMs: durationMs(file.snooze.longest), timesMax: file.snooze.times },
    fix: {
      undoWithinMs: durationMs(file.fix.undoWithin),
      batchCustomers: file.fix.batchCustomers,
    },
    exceptions: {
      daysMax: file.exceptions.daysMax,
      remindDays: file.exceptions.remindDays ?? defaultExceptionRemindDays,
    },
    voting: {
      quorum: file.voting.quorum,
      votingWithinMs: durationMs(file.voting.within),
      vetoCodes: file.voting.veto ?? [],
      seats: file.voting.seats ?? defaultVoting.seats,
      ownersVote: file.voting.ownersVote ?? defaultVoting.ownersVote,
      chair:
        file.voting.chair === undefined
          ? null
          : {
              code: file.voting.chair.person,
              withinMs: durationMs(file.voting.chair.within),
            },
      consoleAboveCustomers: file.voting.consoleAbove ?? null,
    },
    learning: {
      precisionFloor: file.learning?.precisionFloor ?? defaultLearning.precisionFloor,
      quietMs:
        file.learning?.quietFor === undefined
          ? defaultLearning.quietMs
          : durationMs(file.learning.quietFor),
    },
    models: {
      questionsPerDay: file.models?.questionsPerDay ?? defaultModels.questionsPerDay,
      textsPerDay: file.models?.textsPerDay ?? defaultModels.textsPerDay,
    },
    naming: file.naming === undefined ? null : toNaming(file.naming),
    cleanUp: toCleanUp(file.cleanUp),
    requestTemplates: toRequestTemplates(file.requestTemplates),
    claim:
      file.claim === undefined
        ? null
        : {
            expiresAfterMs: durationMs(file.claim.expiresAfter),
            answerWithinMs: durationMs(file.claim.answerWithin),
          },
    assessment: file.assessment === undefined ? null : toAssessment(file.assessment),
    digest: {
      weekday: (weekdays.indexOf(file.digest.weekday) + 1) as Policy['digest']['weekday'],
      hour: file.digest.hour,
      roles: file.digest.roles,
      ...(file.digest.report === undefined
        ? {}
        : {
            report: {
              groupCode: file.digest.report.group,
              every: [...new Set(file.digest.report.every)],
            },
          }),
    },
    groups: (file.groups ?? []).map(toGroup),
    subscribers: (file.subscribers ?? []).map(toSubscriber),
    scans: {
      fullCron: file.scans.full,
      incrementalCron: file.scans.incremental,
      timeZone: file.scans.timeZone,
    },
    retention: toRetention(file.retention ?? {}),
  };
}

function toRetention(entry: NonNullable<PolicyFile['retention']>): RetentionPolicy {
  const own = retentionKinds.flatMap((kind) => {
    const kept = entry[kind];
    return kept === undefined ? [] : [[kind, durationMs(kept)] as const];
  });
  return { ...defaultRetention, ...Object.fromEntries(own) };
}

function toGroup(entry: GroupEntry): ChatGroup {
  return {
    code: entry.code,
    name: { 'zh-CN': entry.name, en: entry.nameEn },
    slackChannelId: entry.slackChannelId ?? null,
    feishuChatId: entry.feishuChatId ?? null,
    mention: entry.mention ?? usualMention,
    locale: entry.locale ?? 'zh-CN',
  };
}

function toSubscriber(entry: SubscriberEntry): Subscriber {
  const { code, kind } = entry;
  const usual = kind === 'webhook' ? { url: '', secret: null } : usualVariables[kind];
  return {
    code,
    kind,
    urlVariable: entry.urlVariable ?? usual.url,
    // The usual secret belongs to the usual address.
    secretVariable: entry.secretVariable ?? (entry.urlVariable === undefined ? usual.secret : null),
    events: entry.events ?? usualEvents(kind),
    severities: entry.severities ?? usualSeverities(kind),
    locale: entry.locale ?? 'zh-CN',
  };
}

function toGrouping(entry: NonNullable<PolicyFile['grouping']>): GroupingPolicy {
  const { by = {}, wait, warningsMax, flood = {}, recurrenceWithin, inhibit = [] } = entry;
  const { by: usual } = defaultGrouping;
  return {
    by: {
      high: by.high ?? usual.high,
      medium: by.medium ?? usual.medium,
      low: by.low ?? usual.low,
    },
    waitMs: wait === undefined ? defaultGrouping.waitMs : durationMs(wait),
    warningsMax: warningsMax ?? defaultGrouping.warningsMax,
    flood: {
      cardsMax: flood.cardsMax ?? defaultGrouping.flood.cardsMax,
      singly: flood.singly ?? defaultGrouping.flood.singly,
    },
    recurrenceWithinMs:
      recurrenceWithin === undefined
        ? defaultGrouping.recurrenceWithinMs
        : durationMs(recurrenceWithin),
    inhibitions: inhibit.map(({ rule, mutes }) => ({ ruleCode: rule, mutedRuleCodes: mutes })),
  };
}

function toEscalationStep(entry: PolicyFile['escalation'][number]): EscalationStep {
  return {
    on: entry.on,
    afterMs: entry.after === undefined ? 0 : durationMs(entry.after),
    to: toTarget(entry),
  };
}

/** The checks made sure that `who` is there where it has to be and names what it should. */
function toTarget({ to, who = '' }: PolicyFile['escalation'][number]): EscalationTarget {
  switch (to) {
    case 'second-line':
    case 'manager':
      return { kind: to };
    case 'person':
    case 'duty':
    case 'group':
      return { kind: to, code: who };
    case 'role': {
      const role = roles.find((one) => one === who);
      if (role === undefined) throw new Error(`There is no role ${who}, although it was checked.`);
      return { kind: 'role', role };
    }
    default:
      return assertNever(to);
  }
}

export const defaultHandOver = '09:00';

function toDuty(entry: DutyEntry, timeZone: string): Duty {
  return {
    code: entry.code,
    name: nameOf(entry),
    memberCodes: entry.members,
    rotation: toRotation(entry, timeZone),
  };
}

function toRotation(entry: DutyEntry, timeZone: string): Rotation {
  if (entry.turns === 'everybody' || entry.turns === 'round-robin') return { kind: entry.turns };
  return {
    kind: 'shifts',
    every: entry.turns === 'daily' ? 'day' : 'week',
    startsOn: entry.startsOn ?? '',
    handOverMinute: minuteOfDay(entry.handOver ?? defaultHandOver),
    timeZone: entry.timeZone ?? timeZone,
  };
}

function toSeverityPolicy(entry: PolicyFile['severities']['high']): SeverityPolicy {
  return {
    claimWithinMs: durationMs(entry.claimWithin),
    closeWithinMs: durationMs(entry.closeWithin),
    clock: entry.clock,
    pausesUnattended: entry.pauseUnattended ?? false,
    reminderFractions: entry.remindAt,
    newsEveryMs: entry.newsEvery === undefined ? defaultNewsEveryMs : durationMs(entry.newsEvery),
    repeatEveryMs: entry.repeatEvery === undefined ? null : durationMs(entry.repeatEvery),
  };
}

function toAttribute(entry: AttributeEntry): AttributeDefinition {
  return { code: entry.code, type: entry.type, name: nameOf(entry) };
}

function toSource(entry: SourceEntry): SourceDefinition {
  return {
    code: entry.code,
    name: nameOf(entry),
    kind: entry.kind,
    urlVariable: entry.urlVariable,
    masterTagCodes: entry.masterTags ?? [],
    mapping: entry.mapping,
  };
}
