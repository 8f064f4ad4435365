import { isAboutSensitiveTags } from '../../domain/rule-tags.ts';
import { pointCauses } from '../../domain/assessment.ts';
import { assertNever } from '../../domain/assert-never.ts';
import type { Dictionary } from '../../domain/dictionary.ts';
import {
  isGroup,
  type CountsBySeverity,
  type Event,
  type EventBody,
  type Subscriber,
  type WarningFacts,
} from '../../domain/event.ts';
import type { Department, Person } from '../../domain/person.ts';
import { severities, type Severity } from '../../domain/severity.ts';
import type { WarningState } from '../../domain/warning.ts';
import { plain, type Block, type Card, type Inline, type Tint } from '../card.ts';
import type { Announcement } from '../outlet.ts';
import { announcementWords, type AnnouncementWords } from '../texts/announcements.ts';
import { digestTexts } from '../texts/digest.ts';
import { createFormat, type Format } from '../texts/format.ts';
import { nameIn, personName, textsFor } from '../texts/texts.ts';
import type { Texts } from '../texts/zh-cn.ts';

/** What announcements are written with. */
export interface AnnouncementKnowledge {
  readonly dictionary: Dictionary;
  readonly people: ReadonlyMap<string, Person>;
  readonly departments: ReadonlyMap<string, Department>;
  /** Of everybody in a group. */
  readonly timeZone: string;
}

export interface AnnouncementDependencies {
  readonly readKnowledge: () => Promise<AnnouncementKnowledge>;
  /** Null: there is no such warning. */
  readonly readWarningState: (warningId: number) => Promise<WarningState['kind'] | null>;
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Draws events for subscribers; null: a group need not hear of it any more. */
export function createDrawAnnouncement(dependencies: AnnouncementDependencies) {
  const { readKnowledge, readWarningState, publicUrl, now } = dependencies;
  return async (event: Event, subscriber: Subscriber): Promise<Announcement | null> => {
    const { body } = event;
    const asksToAct = body.kind === 'warning.opened' || body.kind === 'warning.escalated';
    if (isGroup(subscriber) && asksToAct) {
      const state = await readWarningState(body.warningId);
      if (state === null || state === 'closed') return null;
    }
    const knowledge = await readKnowledge();
    return {
      event: { ...event, body: withoutSensitiveRules(body, knowledge.dictionary) },
      card: announcementCard(body, { ...knowledge, subscriber, publicUrl, nowMs: now() }),
    };
  };
}

/** Stands for the code of a rule about sensitive tags, which says more than whoever reads along may know. */
const sensitiveRuleCode = 'sensitive';

/** An event as a system gets it; who may know its rule reads it from the API by the warning's id. */
function withoutSensitiveRules(body: EventBody, dictionary: Dictionary): EventBody {
  const isSensitive = (code: string) =>
    dictionary.rules.some((rule) => rule.code === code && isAboutSensitiveTags(rule, dictionary));
  const masked = <T extends WarningFacts>(facts: T): T =>
    isSensitive(facts.ruleCode) ? { ...facts, ruleCode: sensitiveRuleCode } : facts;
  switch (body.kind) {
    case 'warning.opened':
    case 'warning.claimed':
    case 'warning.escalated':
    case 'warning.closed':
      return masked(body);
    case 'warnings.opened':
      return { ...body, warnings: body.warnings.map(masked) };
    case 'request.decided':
    case 'digest.created':
    case 'report.daily':
    case 'report.monthly':
      return body;
  }
}

interface AnnouncementContext extends AnnouncementKnowledge {
  readonly subscriber: Pick<Subscriber, 'locale'>;
  readonly publicUrl: string;
  readonly nowMs: number;
}

interface AnnouncementPen extends AnnouncementContext {
  readonly texts: Texts;
  readonly words: AnnouncementWords;
  readonly format: Format;
}

/** An event as a group reads it: who and how many, never a customer, and no name of a rule about sensitive tags. */
export function announcementCard(body: EventBody, context: AnnouncementContext): Card {
  const { locale } = context.subscriber;
  const pen: AnnouncementPen = {
    ...context,
    texts: textsFor(locale),
    words: announcementWords[locale],
    format: createFormat({ locale, timeZone: context.timeZone }, context.nowMs),
  };
  const { title, status, tint, blocks, path, summary } = contents(body, pen);
  return {
    locale,
    tint,
    title,
    status,
    blocks,
    buttons: [],
    menu: [],
    outcome: null,
    url: `${context.publicUrl}${path}`,
    summary: summary ?? `${title}${pen.texts.colon}${status}`,
  };
}

interface Contents {
  readonly title: string;
  readonly status: string;
  readonly tint: Tint;
  readonly blocks: readonly Block[];
  readonly path: string;
  readonly summary?: string;
}

const tints: Readonly<Record<Severity, Tint>> = { high: 'red', medium: 'orange', low: 'blue' };

function contents(body: EventBody, pen: AnnouncementPen): Contents {
  switch (body.kind) {
    case 'warning.opened':
    case 'warning.claimed':
    case 'warning.escalated':
    case 'warning.closed':
      return warningContents(body, pen);
    case 'warnings.opened':
      return manyContents(body, pen);
    case 'request.decided':
      return requestContents(body, pen);
    case 'digest.created': {
      const department = pen.departments.get(body.departmentCode);
      const name =
        department === undefined
          ? pen.words.someDepartment
          : nameIn(pen.subscriber.locale, department.name);
      const total = sum(body.bySeverity);
      return {
        title: digestTexts[pen.subscriber.locale].week.title(name),
        status: `${pen.format.date(body.fromMs)} – ${pen.format.date(body.untilMs)}`,
        tint: total.overdue > 0 ? 'orange' : 'blue',
        blocks: [countsBlock(body.bySeverity, pen)],
        path: '/overview',
        summary: digestTexts[pen.subscriber.locale].week.summary(
          name,
          pen.format.number(total.open),
          pen.format.number(total.overdue),
        ),
      };
    }
    case 'report.daily': {
      const total = sum(body.bySeverity);
      return {
        title: pen.words.daily(body.day),
        status: '',
        tint: total.overdue > 0 ? 'orange' : 'blue',
        blocks: [countsBlock(body.bySeverity, pen)],
        path: '/warnings',
        summary: pen.words.dailySummary(
          body.day,
          pen.format.number(total.open),
          pen.format.number(total.overdue),
        ),
      };
    }
    case 'report.monthly':
      return monthContents(body, pen);
    default:
      return assertNever(body);
  }
}

/** The month's totals; people only where the event names them, which is the policy's to say. */
function monthContents(
  body: Extract<EventBody, { kind: 'report.monthly' }>,
  pen: AnnouncementPen,
): Contents {
  const { texts, words, format } = pen;
  const month = texts.assessment.month(body.month);
  const causes = pointCauses.filter((cause) => body.byCause[cause] > 0);
  const persons = (body.persons ?? []).slice(0, personsMax);
  return {
    title: words.monthly(month),
    status: texts.assessment.status(body.points),
    tint: body.points > 0 ? 'orange' : 'blue',
    blocks: [
      {
        kind: 'facts',
        facts: [
          fact(words.people, [plain(format.number(body.people))]),
          ...causes.map((cause) =>
            fact(texts.assessment.cause[cause], [
              plain(texts.assessment.points(body.byCause[cause])),
            ]),
          ),
          ...(body.contested === 0
            ? []
            : [fact(words.contested, [plain(format.number(body.contested))])]),
        ],
      },
      ...(persons.length === 0
        ? []
        : [
            {
              kind: 'list' as const,
              title: words.byPerson,
              items: persons.map(({ personCode, points }) => [
                person(personCode, pen),
                plain(`${texts.colon}${texts.assessment.points(points)}`),
              ]),
              more: null,
            },
          ]),
    ],
    path: `/assessment?month=${body.month}`,
    summary: `${words.monthly(month)}${texts.colon}${texts.assessment.status(body.points)}`,
  };
}

const personsMax = 10;

function warningContents(
  body: Extract<EventBody, { kind: `warning.${string}` }>,
  pen: AnnouncementPen,
): Contents {
  const { words, texts, format } = pen;
  const base = {
    title: `${texts.severity[body.severity]} · ${ruleName(body.ruleCode, pen)}`,
    path: `/warnings/${body.warningId}`,
    tint: tints[body.severity],
  };
  const facts = [
    fact(words.customers, [plain(format.number(body.customers))]),
    fact(words.owner, [person(body.ownerCode, pen)]),
  ];
  switch (body.kind) {
    case 'warning.opened':
      return {
        ...base,
        status: texts.warningState.open,
        blocks: [
          {
            kind: 'facts',
            facts: [
              ...facts,
              fact(words.claimBy, [plain(format.dateTime(body.claimDueAtMs))]),
              fact(words.closeBy, [plain(format.dateTime(body.closeDueAtMs))]),
            ],
          },
        ],
      };
    case 'warning.claimed':
      return {
        ...base,
        status: texts.warningState.claimed,
        blocks: [...said(body.by, words.claimedBy, pen), { kind: 'facts', facts }],
      };
    case 'warning.escalated': {
      return {
        ...base,
        status: words.escalated,
        blocks: [
          ...escalation(body, pen),
          {
            kind: 'facts',
            facts: [...facts, fact(words.closeBy, [plain(format.dateTime(body.closeDueAtMs))])],
          },
        ],
      };
    }
    case 'warning.closed':
      return {
        ...base,
        tint: 'green',
        status: body.reason === null ? words.closed : texts.closeReason[body.reason],
        blocks: [...said(body.by, words.closedBy, pen), { kind: 'facts', facts }],
      };
    default:
      return assertNever(body);
  }
}

function manyContents(
  body: Extract<EventBody, { kind: 'warnings.opened' }>,
  pen: AnnouncementPen,
): Contents {
  const { words, texts, format } = pen;
  const counted = severities.filter((severity) => body.bySeverity[severity] > 0);
  const count = counted.reduce((all, severity) => all + body.bySeverity[severity], 0);
  return {
    title: words.manyOpened(format.number(count)),
    status: counted
      .map((severity) => `${texts.severity[severity]} ${format.number(body.bySeverity[severity])}`)
      .join(texts.clauseSeparator),
    tint: tints[counted[0] ?? 'low'],
    blocks: [
      {
        kind: 'list',
        title: words.worst,
        items: body.warnings.map((warning) => worstItem(warning, pen)),
        more: count > body.warnings.length ? texts.moreItems(count - body.warnings.length) : null,
      },
    ],
    path: '/warnings',
  };
}

function worstItem(warning: WarningFacts, pen: AnnouncementPen): readonly Inline[] {
  const { texts, publicUrl } = pen;
  return [
    plain(`${texts.severity[warning.severity]} · `),
    {
      kind: 'link',
      text: ruleName(warning.ruleCode, pen),
      url: `${publicUrl}/warnings/${warning.warningId}`,
    },
    plain(`${texts.clauseSeparator}${texts.customers(warning.customers)}`),
  ];
}

function requestContents(
  body: Extract<EventBody, { kind: 'request.decided' }>,
  pen: AnnouncementPen,
): Contents {
  const { words } = pen;
  return {
    title: words.request(body.requestId),
    status: words.outcome[body.outcome],
    tint: body.outcome === 'approved' ? 'green' : 'grey',
    blocks: [
      {
        kind: 'facts',
        facts: [
          fact(words.what, [plain(words.proposal[body.proposal])]),
          fact(words.requester, [person(body.requesterCode, pen)]),
        ],
      },
    ],
    path: `/requests/${body.requestId}`,
  };
}

function ruleName(code: string, pen: AnnouncementPen): string {
  const rule = pen.dictionary.rules.find((one) => one.code === code);
  if (rule === undefined) return code;
  return isAboutSensitiveTags(rule, pen.dictionary)
    ? pen.words.sensitiveRule
    : nameIn(pen.subscriber.locale, rule.name);
}

function fact(label: string, value: readonly Inline[]) {
  return { label, value };
}

function person(code: string, pen: AnnouncementPen): Inline {
  return { kind: 'person', code, name: personName(code, pen.people, pen.subscriber.locale) };
}

/** Nothing where the system did it. */
function escalation(
  { to, by }: Extract<EventBody, { kind: 'warning.escalated' }>,
  pen: AnnouncementPen,
): readonly Block[] {
  const { people, subscriber, texts, words } = pen;
  const nameOf = (code: string) => personName(code, people, subscriber.locale);
  const names = to.length === 0 ? null : to.map(nameOf).join(texts.tagSeparator);
  if (by !== undefined) return said(by, (name) => words.escalatedBy(name, names), pen);
  return names === null ? [] : [{ kind: 'text', text: [plain(words.escalatedTo(names))] }];
}

function said(
  code: string | null,
  sentence: (name: string) => string,
  pen: AnnouncementPen,
): readonly Block[] {
  if (code === null) return [];
  const name = personName(code, pen.people, pen.subscriber.locale);
  return [{ kind: 'text', text: [plain(sentence(name))] }];
}

function countsBlock(bySeverity: CountsBySeverity, pen: AnnouncementPen): Block {
  const { texts } = pen;
  return {
    kind: 'facts',
    facts: [
      ...severities.map((severity) =>
        fact(texts.severity[severity], [plain(texts.digest.counts(bySeverity[severity]))]),
      ),
      fact(texts.digest.total, [plain(texts.digest.counts(sum(bySeverity)))]),
    ],
  };
}

function sum(bySeverity: CountsBySeverity): CountsBySeverity[Severity] {
  const total = (key: keyof CountsBySeverity[Severity]) =>
    severities.reduce((count, severity) => count + bySeverity[severity][key], 0);
  return {
    open: total('open'),
    opened: total('opened'),
    closed: total('closed'),
    overdue: total('overdue'),
  };
}
