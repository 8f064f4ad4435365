import type { FixChoice, ResolutionCode } from '../../domain/fix.ts';
import { isAboutDictionary } from '../../domain/rules/registry.ts';
import type { Tag } from '../../domain/tag.ts';
import { nameIn } from '../texts/texts.ts';
import type { RuleFacts, TagNames } from '../texts/words.ts';
import type { EvidenceTag, FixView, WarningView } from '../views.ts';
import type { Pen } from './context.ts';

/** The sentences of a warning's rule are made of these. */
export function ruleFacts(view: WarningView, pen: Pen): RuleFacts {
  const { rule } = view;
  const first = quoted(view.firstTag, pen);
  const second = quoted(view.secondTag, pen);
  const successor = quoted(view.successor, pen);
  return {
    customers: affectedCustomers(view),
    first,
    second,
    successor:
      successor ?? (rule.kind === 'time-to-live' || rule.kind === 'deprecated' ? second : null),
    canonical: canonicalName(view, pen),
    direction: rule.kind === 'criteria' ? rule.direction : null,
    tagsMax: rule.kind === 'overload' ? rule.tagsMax : null,
    temporaryTagsMax: rule.kind === 'overload' ? rule.temporaryTagsMax : null,
  };
}

/** How much a warning is about, in words: customers, or tags of the dictionary. */
export function affectedWords(view: Pick<WarningView, 'rule'>, count: number, pen: Pen): string {
  return isAboutDictionary(view.rule) ? pen.texts.tags(count) : pen.texts.customers(count);
}

/** A resolved card keeps its body: how many it was about, where the warning itself counts nobody any more. */
export function affectedCustomers(view: WarningView): number {
  return view.warning.customers || (view.fix?.counts.customers ?? 0);
}

function canonicalName(view: WarningView, pen: Pen): string | null {
  const { rule } = view;
  if (rule.kind !== 'synonym') return null;
  const canonical = [view.secondTag, view.firstTag, view.successor].find(
    (tag) => tag?.code === rule.canonicalCode,
  );
  return quoted(canonical ?? null, pen);
}

function quoted(tag: Pick<Tag, 'name'> | null, pen: Pen): string | null {
  return tag === null ? null : pen.texts.quote(nameIn(pen.reader.locale, tag.name));
}

/** Names for a resolution of all findings at once. */
export function tagNames(view: WarningView, pen: Pen): TagNames {
  const roles = pen.texts.tagRole[view.rule.kind];
  const second = quoted(view.secondTag, pen) ?? roles.second;
  return {
    first: quoted(view.firstTag, pen) ?? roles.first,
    second,
    successor: quoted(view.successor, pen) ?? second,
  };
}

/** Names for a resolution of one customer, whose own tags they are. */
export function customerTagNames(
  view: WarningView,
  tags: readonly EvidenceTag[],
  pen: Pen,
): TagNames {
  const all = tagNames(view, pen);
  const [first, second] = tags;
  return {
    first: first === undefined ? all.first : (quoted(first, pen) ?? all.first),
    second: second === undefined ? all.second : (quoted(second, pen) ?? all.second),
    successor: all.successor,
  };
}

export function resolutionWords(resolution: ResolutionCode, names: TagNames, pen: Pen): string {
  return pen.texts.resolution[resolution](names);
}

/** A choice in words, such as 保留「黑名单」，移除「高价值客户」. */
export function choiceWords(choice: FixChoice, view: WarningView, pen: Pen): string {
  switch (choice.kind) {
    case 'all':
      return resolutionWords(choice.resolution, tagNames(view, pen), pen);
    case 'recommended':
      return pen.texts.resolutionRecommended;
    case 'again':
      return pen.texts.resolutionAgain;
    case 'by-customer':
      return pen.texts.resolutionByCustomer;
  }
}

/** The short state on the right of a card's title. */
export function statusWords(view: Pick<WarningView, 'warning' | 'fix'>, pen: Pen): string {
  const { warning, fix } = view;
  const { state } = warning;
  if (state.kind === 'closed') {
    if (isTakenBack(fix)) return pen.texts.fixTakenBack[fix.state];
    return pen.texts.closeReason[state.reason];
  }
  const status = pen.texts.warningState[state.kind];
  const isSnoozed = warning.snoozedUntilMs !== null && warning.snoozedUntilMs > pen.nowMs;
  return isSnoozed ? `${status} · ${pen.texts.snoozed}` : status;
}

/** A closed warning whose fix was undone is no success any more. */
export function isTakenBack(
  fix: FixView | null,
): fix is FixView & { readonly state: 'undoing' | 'undone' } {
  return fix !== null && (fix.state === 'undoing' || fix.state === 'undone');
}
