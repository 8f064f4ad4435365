import type { CommandRefusal } from '../../commands/command.ts';
import type { RuleFault, RuleField } from '../../commands/fill-rule.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Person } from '../../domain/person.ts';
import type { PartName } from '../../domain/requests/part-change.ts';
import { describeNaming } from './naming.ts';
import { requestWords } from './request-words.ts';
import { ruleFaultWords } from './rule-faults.ts';
import { describeTableFault, tableWords } from './tag-table.ts';
import { nameIn, personName, shorten, textsFor } from './texts.ts';

const quotedCharsMax = 60;

/** Why nothing was done and what to do instead, for whoever asked. */
export function describeRefusal(
  refusal: CommandRefusal,
  locale: Locale,
  people: ReadonlyMap<string, Person>,
): string {
  const texts = textsFor(locale);
  const words = texts.refusal;
  const nameOf = (code: string) => personName(code, people, locale);
  switch (refusal.kind) {
    case 'closed':
      return words.closed(
        refusal.by === null ? null : nameOf(refusal.by),
        texts.closeReason[refusal.reason],
      );
    case 'already-claimed':
    case 'busy':
    case 'claimed-by-other':
      return words[refusal.kind](nameOf(refusal.by));
    case 'not-responsible':
      return words['not-responsible'](nameOf(refusal.responsibleCode));
    case 'not-claimed':
    case 'already-yours':
    case 'chain-ended':
    case 'own-request':
    case 'not-a-member':
    case 'voting-over':
    case 'same-vote':
    case 'former-member':
    case 'recused':
    case 'owner-of-it':
    case 'two-seats':
    case 'chair-chooses':
    case 'console-needed':
    case 'not-involved':
    case 'already-answered':
    case 'undo-over':
    case 'changed-since':
    case 'contested-before':
    case 'not-contested':
    case 'contest-over':
    case 'review-over':
    case 'taken':
    case 'unavailable':
      return words[refusal.kind];
    case 'snoozed-too-often':
      return words['snoozed-too-often'](refusal.timesMax);
    case 'seat-taken':
      return words['seat-taken'](nameOf(refusal.by));
    case 'not-absent':
    case 'chair-decides':
    case 'points-of-other':
    case 'may-not-decide':
      return words[refusal.kind](nameOf(refusal.personCode));
    case 'may-not-use':
      return words['may-not-use'](
        nameIn(locale, refusal.tagName),
        nameOf(refusal.ownerCode),
        refusal.departmentNames.map((name) => nameIn(locale, name)),
      );
    case 'role-needed':
    case 'beyond-departments':
      return words[refusal.kind](texts.role[refusal.role]);
    case 'not-found':
      return words['not-found'][refusal.what](shorten(refusal.id, quotedCharsMax));
    case 'invalid':
      return describeInvalid(refusal, locale);
    case 'rule-misfit': {
      const { misfit } = refusal;
      return words.invalid(ruleFieldName(misfit.part, locale), describeRuleFault(misfit, locale));
    }
    case 'rule-field': {
      const { field, fault } = refusal;
      return words.invalid(ruleFieldName(field, locale), describeRuleFault(fault, locale));
    }
    case 'unreadable-table':
      return describeTableFault(refusal.fault, locale);
    case 'taken-in-before':
      return tableWords[locale].takenBefore;
    case 'being-taken-in':
      return tableWords[locale].beingTaken;
    case 'rows-refused':
      return tableWords[locale].rowsRefused(refusal.count);
    case 'naming':
      return describeNaming(refusal.faults, locale);
    case 'conflicts-with':
      return words['conflicts-with'][refusal.what](
        shorten(refusal.name, quotedCharsMax),
        refusal.id,
      );
    case 'batch-item':
      return words['batch-item'](refusal.item, describeRefusal(refusal.fault, locale, people));
    case 'batch-rivals':
      return words['batch-rivals'](...refusal.items);
    case 'committee-decides':
      return words['committee-decides'](refusal.daysMax, refusal.requestId);
  }
}

/** Why a part of a rule does not do, with the tag or owner by code. */
export function describeRuleFault(fault: RuleFault, locale: Locale): string {
  const code = 'code' in fault ? shorten(fault.code, quotedCharsMax) : '';
  return ruleFaultWords[locale](fault, textsFor(locale).quote(code));
}

/** A field of the form is named as what of the rule it holds. */
function ruleFieldName(field: RuleField | PartName, locale: Locale): string {
  const parts: Readonly<Record<string, string>> = requestWords[locale].part;
  const labels: Readonly<Record<string, { readonly label: string }>> = textsFor(locale).field;
  return parts[field] ?? parts[`${field}Codes`] ?? labels[field]?.label ?? field;
}

/** What a field should hold. */
export function describeExpected(
  { field, expected }: Extract<CommandRefusal, { kind: 'invalid' }>,
  locale: Locale,
): string {
  const known = Object.entries(textsFor(locale).field).find(([name]) => name === field);
  return locale === 'en' || known === undefined ? expected : known[1].expected;
}

/** Fields that people fill in have words in both languages; what only a program can get wrong is said in English. */
function describeInvalid(
  refusal: Extract<CommandRefusal, { kind: 'invalid' }>,
  locale: Locale,
): string {
  const { field, refusal: words } = textsFor(locale);
  const known = Object.entries(field).find(([name]) => name === refusal.field);
  return words.invalid(known?.[1].label ?? refusal.field, describeExpected(refusal, locale));
}
