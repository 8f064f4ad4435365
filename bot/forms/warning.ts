import type { Person } from '../../domain/person.ts';
import { dismissReasons } from '../../domain/warning.ts';
import { plain } from '../card.ts';
import type { Pen } from '../cards/context.ts';
import { nextPlaceWords } from '../cards/escalation.ts';
import { warningTitle } from '../cards/warning.ts';
import { affectedCustomers } from '../cards/warning-words.ts';
import type { Field, Form } from '../form.ts';
import { personName } from '../texts/texts.ts';
import type { WarningException, WarningView } from '../views.ts';

export const commentCharsMax = 1000;
/** What the snooze form offers, in hours. The policy may allow less; the command says so. */
export const snoozeHours = [1, 2, 4, 8, 24] as const;
/** People who are offered before anything is typed. */
const reassignPeopleMax = 20;

export function dismissForm(view: WarningView, pen: Pen): Form {
  const words = pen.texts.form.dismiss;
  return {
    ...head(view, words.title, words.intro, pen),
    fields: [
      {
        kind: 'choice',
        id: 'reason',
        label: words.reason,
        options: dismissReasons.map((reason) => ({
          value: reason,
          ...pen.texts.dismissReason[reason],
        })),
        initial: null,
      },
      commentField({ id: 'comment', label: words.comment, required: false }),
    ],
    submitLabel: words.submit,
    submitStyle: 'primary',
    action: { kind: 'dismiss', warningId: view.warning.id },
  };
}

/** Asks once more before a claim is given up or the CRM is read again. */
export function confirmForm(view: WarningView, kind: 'release' | 'fixed-by-hand', pen: Pen): Form {
  const { confirm } = pen.texts;
  const words = kind === 'release' ? confirm.release : confirm.fixedByHand(affectedCustomers(view));
  return {
    ...head(view, words.title, words.text, pen),
    fields: [],
    submitLabel: words.yes,
    submitStyle: 'primary',
    action: { kind, warningId: view.warning.id },
  };
}

export function exceptForm(view: WarningView, pen: Pen): Form {
  const words = pen.texts.form.except;
  return {
    ...head(view, words.title, words.intro(affectedCustomers(view)), pen),
    fields: [
      { kind: 'date', id: 'until', label: words.until, initial: null },
      commentField({ id: 'reason', label: words.reason, required: true }),
    ],
    submitLabel: words.submit,
    submitStyle: 'primary',
    action: { kind: 'except', warningId: view.warning.id },
  };
}

/** A request to the committee; the reason that was given before stands there to be gone on with. */
export function prolongForm(view: WarningView, standing: WarningException, pen: Pen): Form {
  const words = pen.texts.form.prolong;
  const end = pen.format.date(standing.untilMs - 1);
  return {
    ...head(view, words.title, words.intro(end), pen),
    fields: [
      { kind: 'date', id: 'until', label: pen.texts.form.except.until, initial: null },
      {
        ...commentField({ id: 'reason', label: words.reason, required: true }),
        initial: standing.reason,
      },
    ],
    submitLabel: words.submit,
    submitStyle: 'primary',
    action: { kind: 'prolong', warningId: view.warning.id },
  };
}

export function snoozeForm(view: WarningView, pen: Pen): Form {
  const words = pen.texts.form.snooze;
  return {
    ...head(view, words.title, words.intro, pen),
    fields: [
      {
        kind: 'choice',
        id: 'hours',
        label: words.hours,
        options: snoozeHours.map((hours) => ({
          value: String(hours),
          label: words.option(hours),
          hint: '',
        })),
        initial: String(snoozeHours[0]),
      },
    ],
    submitLabel: words.submit,
    submitStyle: 'primary',
    action: { kind: 'snooze', warningId: view.warning.id },
  };
}

/** Offers who most likely takes it: responsible roles, the owner's own department first. */
export function reassignForm(
  view: WarningView,
  people: ReadonlyMap<string, Person>,
  pen: Pen,
): Form {
  const words = pen.texts.form.reassign;
  const { locale } = pen.reader;
  const candidates = reassignCandidates(view, people, pen);
  const shown = candidates.slice(0, reassignPeopleMax);
  return {
    ...head(view, words.title, words.intro, pen),
    fields: [
      {
        kind: 'search',
        id: 'person',
        label: words.person,
        source: 'people',
        suggestions: shown.map((person) => ({
          value: person.code,
          label: personName(person.code, people, locale),
          hint: '',
        })),
        initial: '',
      },
    ],
    submitLabel: words.submit,
    submitStyle: 'primary',
    action: { kind: 'reassign', warningId: view.warning.id },
  };
}

function reassignCandidates(
  view: WarningView,
  people: ReadonlyMap<string, Person>,
  pen: Pen,
): readonly Person[] {
  const { locale } = pen.reader;
  const ownerDepartment = people.get(view.warning.ownerCode)?.departmentCode;
  const collator = new Intl.Collator(locale);
  const distance = (person: Person) => (person.departmentCode === ownerDepartment ? 0 : 1);
  return [...people.values()]
    .filter(
      (person) =>
        person.status === 'active' &&
        person.code !== view.warning.ownerCode &&
        (person.roles.includes('owner') || person.roles.includes('second-line')),
    )
    .sort((a, b) => distance(a) - distance(b) || collator.compare(a.name[locale], b.name[locale]));
}

/** Says to whom it goes, as far as the policy names them. */
export function escalateForm(view: WarningView, pen: Pen): Form {
  const words = pen.texts.form.escalate;
  const next = nextPlaceWords(view, pen);
  return {
    ...head(view, words.title, next === null ? words.introPlain : words.intro(next), pen),
    fields: [commentField({ id: 'reason', label: words.reason, required: true })],
    submitLabel: words.submit,
    submitStyle: 'danger',
    action: { kind: 'escalate', warningId: view.warning.id },
  };
}

export function commentForm(view: WarningView, pen: Pen): Form {
  const words = pen.texts.form.comment;
  return {
    ...head(view, words.title, null, pen),
    fields: [commentField({ id: 'comment', label: words.comment, required: true })],
    submitLabel: words.submit,
    submitStyle: 'primary',
    action: { kind: 'comment', warningId: view.warning.id },
  };
}

/** Every form about a warning begins with which one. */
function head(
  view: WarningView,
  title: string,
  intro: string | null,
  pen: Pen,
): Pick<Form, 'locale' | 'title' | 'blocks'> {
  const subject = { kind: 'note' as const, text: [plain(warningTitle(view, pen))] };
  return {
    locale: pen.reader.locale,
    title,
    blocks: intro === null ? [subject] : [subject, { kind: 'text', text: [plain(intro)] }],
  };
}

/** A text of people's own words over several lines. */
export function commentField(field: {
  readonly id: string;
  readonly label: string;
  readonly required: boolean;
}): Field {
  return { ...field, kind: 'text', multiline: true, charsMax: commentCharsMax, initial: '' };
}
