import { groupCodeOf, type ChatGroup } from '../../domain/chat-group.ts';
import type { Person } from '../../domain/person.ts';
import { closeReasons } from '../../domain/warning.ts';
import type { Format } from './format.ts';
import { nameIn, personName, shorten } from './texts.ts';
import { historyActions, type HistoryAction, type HistoryFacts } from './words.ts';
import type { Texts } from './zh-cn.ts';

const ballots = ['approve', 'reject', 'abstain', 'recuse'] as const;

const commentCharsMax = 200;

/** One step of the audit trail, as far as it matters to people. */
export interface HistoryStep {
  /** As in the audit trail, such as warning.claimed. */
  readonly action: string;
  readonly after: unknown;
}

export interface StepWords {
  /** What happened, such as 转派给林涛. An action without words of its own is shown by its name. */
  readonly what: string;
  /** What somebody wrote to it, cut; null for nothing. */
  readonly comment: string | null;
}

/** Who and what a history names by code. A group that is not known is called by its code. */
export interface HistoryNames {
  readonly people: ReadonlyMap<string, Person>;
  readonly groups: readonly Pick<ChatGroup, 'code' | 'name'>[];
}

/** A step of a history in words; what its row says beyond that is left out. */
export function describeStep(
  step: HistoryStep,
  texts: Texts,
  format: Format,
  names: HistoryNames,
): StepWords {
  const after = asRecord(step.after);
  const comment = typeof after['comment'] === 'string' ? after['comment'].trim() : '';
  return {
    what: isHistoryAction(step.action)
      ? texts.history.action[step.action](historyFacts(step.after, texts, format, names))
      : step.action,
    comment: comment === '' ? null : shorten(comment, commentCharsMax),
  };
}

function isHistoryAction(action: string): action is HistoryAction {
  return (historyActions as readonly string[]).includes(action);
}

function historyFacts(
  after: unknown,
  texts: Texts,
  format: Format,
  names: HistoryNames,
): HistoryFacts {
  const record = asRecord(after);
  const { customers, ownerCode, snoozedUntilMs, escalatedTo, reason, untilMs } = record;
  const ballot = ballots.find((known) => known === after) ?? null;
  const closeReason = closeReasons.find((known) => known === reason);
  return {
    customers: typeof customers === 'number' ? customers : null,
    owner: typeof ownerCode === 'string' ? personName(ownerCode, names.people, texts.locale) : null,
    exceptedUntil: typeof untilMs === 'number' ? format.date(untilMs - 1) : null,
    until: typeof snoozedUntilMs === 'number' ? format.dateTime(snoozedUntilMs) : null,
    escalatedTo:
      typeof escalatedTo === 'string'
        ? escalatedTo
            .split(' ')
            .map((code) => escalatedToWords(code, names, texts))
            .join(texts.tagSeparator)
        : null,
    reason: closeReason === undefined ? null : texts.closeReason[closeReason],
    ballot: ballot === null ? null : texts.request.ballot[ballot],
    decision: typeof record['decision'] === 'string' ? record['decision'] : null,
  };
}

function escalatedToWords(code: string, { people, groups }: HistoryNames, texts: Texts): string {
  const groupCode = groupCodeOf(code);
  if (groupCode === null) return personName(code, people, texts.locale);
  const group = groups.find((one) => one.code === groupCode);
  const name = group === undefined ? groupCode : nameIn(texts.locale, group.name);
  return texts.card.escalatedTo.group(name);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
