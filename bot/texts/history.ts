import { groupCodeOf } from '../../domain/chat-group.ts';
import type { Person } from '../../domain/person.ts';
import { closeReasons } from '../../domain/warning.ts';
import type { Format } from './format.ts';
import { personName, shorten } from './texts.ts';
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

/** A step of a history in words; what its row says beyond that is left out. */
export function describeStep(
  step: HistoryStep,
  texts: Texts,
  format: Format,
  people: ReadonlyMap<string, Person>,
): StepWords {
  const after = asRecord(step.after);
  const comment = typeof after['comment'] === 'string' ? after['comment'].trim() : '';
  return {
    what: isHistoryAction(step.action)
      ? texts.history.action[step.action](historyFacts(step.after, texts, format, people))
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
  people: ReadonlyMap<string, Person>,
): HistoryFacts {
  const record = asRecord(after);
  const { customers, ownerCode, snoozedUntilMs, escalatedTo, reason } = record;
  const ballot = ballots.find((known) => known === after) ?? null;
  const closeReason = closeReasons.find((known) => known === reason);
  return {
    customers: typeof customers === 'number' ? customers : null,
    owner: typeof ownerCode === 'string' ? personName(ownerCode, people, texts.locale) : null,
    until: typeof snoozedUntilMs === 'number' ? format.dateTime(snoozedUntilMs) : null,
    escalatedTo:
      typeof escalatedTo === 'string'
        ? escalatedTo
            .split(' ')
            .map((code) => escalatedToWords(code, people, texts))
            .join(texts.tagSeparator)
        : null,
    reason: closeReason === undefined ? null : texts.closeReason[closeReason],
    ballot: ballot === null ? null : texts.request.ballot[ballot],
    decision: typeof record['decision'] === 'string' ? record['decision'] : null,
  };
}

function escalatedToWords(code: string, people: ReadonlyMap<string, Person>, texts: Texts): string {
  const group = groupCodeOf(code);
  return group === null
    ? personName(code, people, texts.locale)
    : texts.card.escalatedTo.group(group);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
