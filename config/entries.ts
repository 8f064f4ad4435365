import { assertNever } from '../domain/assert-never.ts';
import type { AttributeType, Condition } from '../domain/condition.ts';
import type {
  Configuration,
  RuleDefinition,
  SourceDefinition,
  TagDefinition,
} from '../domain/configuration.ts';
import { usualEvents, usualSeverities, usualVariables, type Subscriber } from '../domain/event.ts';
import { usualMention, type ChatGroup } from '../domain/chat-group.ts';
import type { LocalizedText } from '../domain/locale.ts';
import type { Person } from '../domain/person.ts';
import type { Duty } from '../domain/duty.ts';
import {
  defaultGrouping,
  defaultLearning,
  defaultModels,
  defaultExceptionRemindDays,
  defaultNewsEveryMs,
  defaultQuietHours,
  type EscalationStep,
  type FloodPolicy,
  type GroupingPolicy,
  type LearningPolicy,
  type ModelPolicy,
  type MinuteRange,
  type Policy,
  type SeverityPolicy,
  type WorkingCalendar,
} from '../domain/policy.ts';
import { defaultRetention, retentionKinds, type RetentionPolicy } from '../domain/retention.ts';
import { severities } from '../domain/severity.ts';
import { assessmentEntryOf } from './assessment.ts';
import { cleanUpEntryOf } from './clean-up.ts';
import { namingEntryOf } from './naming.ts';
import { requestTemplateEntriesOf } from './request-templates.ts';
import { durationText, momentText, timeOfDay } from './moments.ts';
import { comparisonKeys, comparisonOperators, type ConditionEntry } from './schema/condition.ts';
import {
  weekdays,
  type CalendarEntry,
  type DepartmentEntry,
  type PersonEntry,
} from './schema/people.ts';
import type { DutyEntry, GroupEntry, PolicyFile, SubscriberEntry } from './schema/policy.ts';
import { autoFixDefaults, ruleDefaults, type RuleEntry } from './schema/rules.ts';
import type { AttributeEntry, SourceEntry } from './schema/sources.ts';
import type { RelationEntry, TagEntry } from './schema/tags.ts';
import { defaultHandOver } from './translate.ts';

/** A configuration in the words of its files. What is as it would be unsaid is left out. */
export interface ConfigurationEntries {
  readonly departments: readonly DepartmentEntry[];
  readonly calendars: readonly CalendarEntry[];
  readonly people: readonly PersonEntry[];
  readonly tags: readonly TagEntry[];
  readonly relations: readonly RelationEntry[];
  readonly rules: readonly RuleEntry[];
  readonly policy: PolicyFile;
  readonly attributes: readonly AttributeEntry[];
  readonly sources: readonly SourceEntry[];
}

/** The inverse of reading. */
export function toEntries(configuration: Configuration): ConfigurationEntries {
  const timeZones = new Map(configuration.calendars.map((one) => [one.code, one.timeZone]));
  const calendars = new Map(configuration.departments.map((one) => [one.code, one.calendarCode]));
  const types = new Map(configuration.attributes.map((one) => [one.code, one.type]));
  return {
    departments: configuration.departments.map((one) => ({
      code: one.code,
      ...names(one.name),
      ...unlessNull('parent', one.parentCode),
      ...unlessNull('calendar', one.calendarCode),
    })),
    calendars: configuration.calendars.map(calendarEntryOf),
    people: configuration.people.map((one) =>
      personEntryOf(one, calendars.get(one.departmentCode), timeZones),
    ),
    tags: configuration.tags.map((one) => tagEntryOf(one, types)),
    relations: configuration.relations.map((one) => ({
      kind: one.kind,
      from: one.fromCode,
      to: one.toCode,
    })),
    rules: configuration.rules.map(ruleEntryOf),
    policy: policyFileOf(configuration.policy),
    attributes: configuration.attributes.map((one) => ({
      code: one.code,
      ...names(one.name),
      type: one.type,
    })),
    sources: configuration.sources.map(sourceEntryOf),
  };
}

function names(name: LocalizedText): { name: string; nameEn: string } {
  return { name: name['zh-CN'], nameEn: name.en };
}

function calendarEntryOf(calendar: WorkingCalendar): CalendarEntry {
  const week: CalendarEntry['week'] = {};
  for (const [index, day] of weekdays.entries()) {
    const ranges = calendar.week[(index + 1) as keyof WorkingCalendar['week']];
    if (ranges.length > 0) week[day] = ranges.map(rangeText);
  }
  return {
    code: calendar.code,
    timeZone: calendar.timeZone,
    ...(calendar.holidays === null ? {} : { holidays: calendar.holidays }),
    week,
  };
}

function rangeText(range: MinuteRange): string {
  return `${timeOfDay(range.fromMinute)}-${timeOfDay(range.untilMinute)}`;
}

function personEntryOf(
  person: Person,
  departmentCalendar: string | null | undefined,
  timeZones: ReadonlyMap<string, string>,
): PersonEntry {
  const { timeZone } = person;
  return {
    code: person.code,
    ...names(person.name),
    ...unlessNull('email', person.email),
    department: person.departmentCode,
    roles: [
      ...person.roles,
      ...person.departmentGrants.map(({ role, departmentCodes }) => ({
        role,
        departments: [...departmentCodes],
      })),
    ],
    ...unlessNull('manager', person.managerCode),
    ...unlessNull('secondLine', person.secondLineCode),
    ...unlessNull('deputy', person.deputyCode),
    ...(person.locale === 'zh-CN' ? {} : { locale: person.locale }),
    ...(person.calendarCode === departmentCalendar ? {} : { calendar: person.calendarCode }),
    ...(timeZone === timeZones.get(person.calendarCode) ? {} : { timeZone }),
    ...unlessNull('slackUserId', person.slackUserId),
    ...unlessNull('feishuOpenId', person.feishuOpenId),
    ...unlessNull('oidcSubject', person.oidcSubject),
    ...unlessEmpty('channels', person.channels),
    ...unlessEmpty(
      'absences',
      person.absences.map((absence) => ({
        from: momentText(absence.fromMs, timeZone),
        backOn: momentText(absence.untilMs, timeZone),
      })),
    ),
    ...(person.status === 'active' ? {} : { status: person.status }),
  };
}

function tagEntryOf(tag: TagDefinition, types: ReadonlyMap<string, AttributeType>): TagEntry {
  return {
    code: tag.code,
    ...names(tag.name),
    definition: tag.definition['zh-CN'],
    definitionEn: tag.definition.en,
    level: tag.level,
    category: tag.category,
    ...unlessNull('parent', tag.parentCode),
    ...unlessEmpty('departments', tag.departmentCodes),
    owner: tag.ownerCode,
    ...(tag.status === 'active' ? {} : { status: tag.status }),
    ...unlessNull('lifeDays', tag.lifeDays),
    ...unlessNull('successor', tag.successorCode),
    ...unlessNull('confirmEveryDays', tag.confirmEveryDays),
    ...unlessNull('criteria', tag.criteria === null ? null : conditionEntryOf(tag.criteria, types)),
    ...(tag.sensitive ? { sensitive: true } : {}),
    ...unlessEmpty('seenBy', tag.seenByDepartmentCodes),
  };
}

/** The inverse of `toCondition`. */
export function conditionEntryOf(
  condition: Condition,
  types: ReadonlyMap<string, AttributeType>,
): ConditionEntry {
  switch (condition.kind) {
    case 'all':
      return { all: condition.conditions.map((part) => conditionEntryOf(part, types)) };
    case 'any':
      return { any: condition.conditions.map((part) => conditionEntryOf(part, types)) };
    case 'not':
      return { not: conditionEntryOf(condition.condition, types) };
    case 'at-least':
      return {
        atLeast: condition.count,
        of: condition.conditions.map((part) => conditionEntryOf(part, types)),
      };
    case 'within-months':
      return { attribute: condition.attribute, withinMonths: condition.months };
    case 'within-days':
      return { attribute: condition.attribute, withinDays: condition.days };
    case 'compare': {
      const key = comparisonKeys.find((one) => comparisonOperators[one] === condition.operator);
      const isDate =
        types.get(condition.attribute) === 'date' && typeof condition.value === 'number';
      const value = isDate ? new Date(condition.value).toISOString() : condition.value;
      return { attribute: condition.attribute, [key ?? 'equals']: value };
    }
    default:
      return assertNever(condition);
  }
}

/** A rule as rules.yaml declares it. */
export function ruleEntryOf(rule: RuleDefinition): RuleEntry {
  const base = {
    code: rule.code,
    ...names(rule.name),
    severity: rule.severity,
    ...unlessNull('owner', rule.ownerCode),
    ...(rule.enabled ? {} : { enabled: false }),
    ...autoFixEntryOf(rule.autoFix),
  };
  switch (rule.kind) {
    case 'exclusive':
      return {
        ...base,
        kind: rule.kind,
        tags: [...rule.tagCodes],
        ...unlessEmpty('precedence', rule.precedence),
        ...unlessEmpty(
          'allowedPairs',
          rule.allowedPairs.map(([a, b]): [string, string] => [a, b]),
        ),
      };
    case 'dominance':
      return {
        ...base,
        kind: rule.kind,
        dominant: rule.dominantCode,
        dominated: [...rule.dominatedCodes],
      };
    case 'synonym':
      return {
        ...base,
        kind: rule.kind,
        canonical: rule.canonicalCode,
        synonyms: [...rule.synonymCodes],
      };
    case 'time-to-live':
    case 'stale':
      return { ...base, kind: rule.kind, ...unlessEmpty('tags', rule.tagCodes) };
    case 'criteria':
      return { ...base, kind: rule.kind, tag: rule.tagCode, direction: rule.direction };
    case 'overload':
      return {
        ...base,
        kind: rule.kind,
        ...unlessNull('tagsMax', rule.tagsMax),
        ...unlessNull('temporaryTagsMax', rule.temporaryTagsMax),
      };
    case 'unknown':
    case 'deprecated':
    case 'unowned':
      return { ...base, kind: rule.kind };
    case 'implied':
      return {
        ...base,
        kind: rule.kind,
        ...unlessEmpty('tags', rule.tagCodes ?? []),
        ...unlessEmpty('singleChoice', rule.singleChoiceCodes),
      };
    case 'scope':
    case 'mismatch':
      return { ...base, kind: rule.kind, ...unlessEmpty('tags', rule.tagCodes) };
    case 'sensitivity':
      return {
        ...base,
        kind: rule.kind,
        ...unlessEmpty('tags', rule.tagCodes),
        ...unlessEmpty('departments', rule.departmentCodes),
        ...unlessEmpty('actors', rule.actorNames),
      };
    case 'no-definition':
      return { ...base, kind: rule.kind, ...unlessDefault(rule, 'definitionCharsMin') };
    case 'unused':
      return {
        ...base,
        kind: rule.kind,
        ...unlessDefault(rule, 'customersMax'),
        ...unlessDefault(rule, 'daysMin'),
      };
    case 'population-jump':
      return {
        ...base,
        kind: rule.kind,
        ...unlessEmpty('tags', rule.tagCodes),
        ...unlessDefault(rule, 'deviationsMax'),
        ...unlessDefault(rule, 'shareMin'),
        ...unlessDefault(rule, 'customersMin'),
      };
    default:
      return assertNever(rule);
  }
}

function autoFixEntryOf(autoFix: RuleDefinition['autoFix']): Pick<RuleEntry, 'autoFix'> {
  if (autoFix === undefined) return {};
  const { mode, customersMax, shareMax } = autoFix;
  return {
    autoFix: {
      mode,
      ...(customersMax === autoFixDefaults.customersMax ? {} : { customersMax }),
      ...(shareMax === autoFixDefaults.shareMax ? {} : { shareMax }),
    },
  };
}

function policyFileOf(policy: Policy): PolicyFile {
  return {
    severities: {
      high: severityEntryOf(policy.severities.high),
      medium: severityEntryOf(policy.severities.medium),
      low: severityEntryOf(policy.severities.low),
    },
    escalation: policy.escalation.map(escalationEntryOf),
    ...unlessEmpty(
      'duties',
      policy.duties.map((duty) => dutyEntryOf(duty, policy.scans.timeZone)),
    ),
    ...(policy.claim === null
      ? {}
      : {
          claim: {
            expiresAfter: durationText(policy.claim.expiresAfterMs, 'h'),
            answerWithin: durationText(policy.claim.answerWithinMs, 'h'),
          },
        }),
    ...groupingEntryOf(policy.grouping),
    ...(isDefaultQuietHours(policy)
      ? {}
      : { quietHours: { breakThrough: [...policy.quietHours.breakThrough] } }),
    snooze: { longest: durationText(policy.snooze.longestMs), times: policy.snooze.timesMax },
    fix: {
      undoWithin: durationText(policy.fix.undoWithinMs),
      batchCustomers: policy.fix.batchCustomers,
    },
    exceptions: {
      daysMax: policy.exceptions.daysMax,
      ...(policy.exceptions.remindDays === defaultExceptionRemindDays
        ? {}
        : { remindDays: policy.exceptions.remindDays }),
    },
    voting: {
      quorum: policy.voting.quorum,
      within: durationText(policy.voting.votingWithinMs),
      ...unlessEmpty('veto', policy.voting.vetoCodes),
      ...(policy.voting.seats === 'members' ? {} : { seats: policy.voting.seats }),
      ...(policy.voting.ownersVote ? {} : { ownersVote: false }),
      ...(policy.voting.chair === null
        ? {}
        : {
            chair: {
              person: policy.voting.chair.code,
              within: durationText(policy.voting.chair.withinMs),
            },
          }),
      ...(policy.voting.consoleAboveCustomers === null
        ? {}
        : { consoleAbove: policy.voting.consoleAboveCustomers }),
    },
    ...learningEntryOf(policy.learning),
    ...modelsEntryOf(policy.models),
    ...cleanUpEntryOf(policy.cleanUp),
    ...requestTemplateEntriesOf(policy.requestTemplates),
    ...(policy.naming === null ? {} : { naming: namingEntryOf(policy.naming) }),
    ...(policy.assessment === null ? {} : { assessment: assessmentEntryOf(policy.assessment) }),
    digest: {
      weekday: weekdays[policy.digest.weekday - 1] ?? 'monday',
      hour: policy.digest.hour,
      roles: [...policy.digest.roles],
      ...(policy.digest.report === undefined
        ? {}
        : {
            report: {
              group: policy.digest.report.groupCode,
              every: [...policy.digest.report.every],
            },
          }),
    },
    ...unlessEmpty('groups', policy.groups.map(groupEntryOf)),
    ...unlessEmpty('subscribers', policy.subscribers.map(subscriberEntryOf)),
    scans: {
      full: policy.scans.fullCron,
      incremental: policy.scans.incrementalCron,
      timeZone: policy.scans.timeZone,
    },
    ...retentionEntryOf(policy.retention),
  };
}

function groupEntryOf(group: ChatGroup): GroupEntry {
  const { code, name, slackChannelId, feishuChatId, mention, locale } = group;
  return {
    code,
    name: name['zh-CN'],
    nameEn: name.en,
    ...(slackChannelId === null ? {} : { slackChannelId }),
    ...(feishuChatId === null ? {} : { feishuChatId }),
    ...(mention.join() === usualMention.join() ? {} : { mention: [...mention] }),
    ...(locale === 'zh-CN' ? {} : { locale }),
  };
}

function learningEntryOf(learning: LearningPolicy): Pick<PolicyFile, 'learning'> {
  const { precisionFloor, quietMs } = learning;
  const entry = {
    ...(precisionFloor === defaultLearning.precisionFloor ? {} : { precisionFloor }),
    ...(quietMs === defaultLearning.quietMs ? {} : { quietFor: durationText(quietMs) }),
  };
  return Object.keys(entry).length === 0 ? {} : { learning: entry };
}

function modelsEntryOf({ questionsPerDay, textsPerDay }: ModelPolicy): Pick<PolicyFile, 'models'> {
  const entry = {
    ...(questionsPerDay === defaultModels.questionsPerDay ? {} : { questionsPerDay }),
    ...(textsPerDay === defaultModels.textsPerDay ? {} : { textsPerDay }),
  };
  return Object.keys(entry).length === 0 ? {} : { models: entry };
}

function retentionEntryOf(retention: RetentionPolicy): Pick<PolicyFile, 'retention'> {
  const own = retentionKinds
    .filter((kind) => retention[kind] !== defaultRetention[kind])
    .map((kind) => [kind, durationText(retention[kind])]);
  return own.length === 0 ? {} : { retention: Object.fromEntries(own) };
}

function isDefaultQuietHours({ quietHours }: Policy): boolean {
  return quietHours.breakThrough.join() === defaultQuietHours.breakThrough.join();
}

function groupingEntryOf(grouping: GroupingPolicy): Pick<PolicyFile, 'grouping'> {
  const { by, waitMs, warningsMax, flood, recurrenceWithinMs, inhibitions } = grouping;
  const usual = defaultGrouping;
  const own = Object.fromEntries(
    severities.filter((one) => by[one] !== usual.by[one]).map((one) => [one, by[one]]),
  );
  const entry: NonNullable<PolicyFile['grouping']> = {
    ...(Object.keys(own).length === 0 ? {} : { by: own }),
    ...(waitMs === usual.waitMs ? {} : { wait: durationText(waitMs, 'h') }),
    ...(warningsMax === usual.warningsMax ? {} : { warningsMax }),
    ...floodEntryOf(flood),
    ...(recurrenceWithinMs === usual.recurrenceWithinMs
      ? {}
      : { recurrenceWithin: durationText(recurrenceWithinMs) }),
    ...unlessEmpty(
      'inhibit',
      inhibitions.map((one) => ({ rule: one.ruleCode, mutes: [...one.mutedRuleCodes] })),
    ),
  };
  return Object.keys(entry).length === 0 ? {} : { grouping: entry };
}

function floodEntryOf({
  cardsMax,
  singly,
}: FloodPolicy): Pick<NonNullable<PolicyFile['grouping']>, 'flood'> {
  const usual = defaultGrouping.flood;
  const entry = {
    ...(cardsMax === usual.cardsMax ? {} : { cardsMax }),
    ...(isSame(singly, usual.singly) ? {} : { singly: [...singly] }),
  };
  return Object.keys(entry).length === 0 ? {} : { flood: entry };
}

function subscriberEntryOf(subscriber: Subscriber): SubscriberEntry {
  const { code, kind, urlVariable, secretVariable, events, severities: wanted } = subscriber;
  const usual = kind === 'webhook' ? { url: null, secret: null } : usualVariables[kind];
  const isUsual = urlVariable === usual.url;
  return {
    code,
    kind,
    ...(isUsual ? {} : { urlVariable }),
    ...unlessNull(
      'secretVariable',
      isUsual && secretVariable === usual.secret ? null : secretVariable,
    ),
    ...(isSame(events, usualEvents(kind)) ? {} : { events: [...events] }),
    ...(isSame(wanted, usualSeverities(kind)) ? {} : { severities: [...wanted] }),
    ...(subscriber.locale === 'zh-CN' ? {} : { locale: subscriber.locale }),
  };
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one));
}

function escalationEntryOf({ on, afterMs, to }: EscalationStep): PolicyFile['escalation'][number] {
  const who = to.kind === 'role' ? to.role : 'code' in to ? to.code : null;
  return {
    on,
    ...(afterMs === 0 ? {} : { after: durationText(afterMs, 'h') }),
    to: to.kind,
    ...unlessNull('who', who),
  };
}

function dutyEntryOf({ code, name, memberCodes, rotation }: Duty, timeZone: string): DutyEntry {
  const entry = { code, ...names(name), members: [...memberCodes] };
  if (rotation.kind !== 'shifts') return { ...entry, turns: rotation.kind };
  const handOver = timeOfDay(rotation.handOverMinute);
  return {
    ...entry,
    turns: rotation.every === 'day' ? 'daily' : 'weekly',
    startsOn: rotation.startsOn,
    ...(handOver === defaultHandOver ? {} : { handOver }),
    ...(rotation.timeZone === timeZone ? {} : { timeZone: rotation.timeZone }),
  };
}

function severityEntryOf(severity: SeverityPolicy): PolicyFile['severities']['high'] {
  return {
    claimWithin: durationText(severity.claimWithinMs, 'h'),
    closeWithin: durationText(severity.closeWithinMs, 'h'),
    clock: severity.clock,
    ...(severity.pausesUnattended ? { pauseUnattended: true } : {}),
    remindAt: [...severity.reminderFractions],
    ...(severity.newsEveryMs === defaultNewsEveryMs
      ? {}
      : { newsEvery: durationText(severity.newsEveryMs, 'h') }),
    ...(severity.repeatEveryMs === null
      ? {}
      : { repeatEvery: durationText(severity.repeatEveryMs, 'h') }),
  };
}

function sourceEntryOf(source: SourceDefinition): SourceEntry {
  return {
    code: source.code,
    ...names(source.name),
    kind: source.kind,
    urlVariable: source.urlVariable,
    ...unlessEmpty('masterTags', source.masterTagCodes),
    // Written from a mapping that its connector's schema accepted.
    mapping: source.mapping as SourceEntry['mapping'],
  };
}

function unlessNull<K extends string, V>(key: K, value: V | null): { [P in K]?: V } {
  return (value === null ? {} : { [key]: value }) as { [P in K]?: V };
}

function unlessDefault<K extends keyof typeof ruleDefaults>(
  rule: { readonly [P in K]: number },
  key: K,
): { [P in K]?: number } {
  return unlessNull(key, rule[key] === ruleDefaults[key] ? null : rule[key]);
}

function unlessEmpty<K extends string, V>(key: K, list: readonly V[]): { [P in K]?: V[] } {
  return (list.length === 0 ? {} : { [key]: [...list] }) as { [P in K]?: V[] };
}
