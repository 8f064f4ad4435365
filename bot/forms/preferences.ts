import { locales } from '../../domain/locale.ts';
import {
  daySetOf,
  daysOf,
  daySets,
  minuteOf,
  timeOfMinute,
  type Preference,
} from '../../domain/preference.ts';
import { plain } from '../card.ts';
import type { Pen } from '../cards/context.ts';
import type { Form, Option } from '../form.ts';
import { preferenceTexts } from '../texts/preferences.ts';

/** Value of the list's first entry: no quiet hours. */
const noQuietHours = 'none';
/** Days that have no name of their own stay as they are. */
const daysAsSet = 'as-set';

/** Finer times are set by saying so; a form in Feishu holds no more. */
const stepMinutes = 60;
const offered = Array.from({ length: (24 * 60) / stepMinutes }, (_, index) => index * stepMinutes);
/** Proposed to whoever has none yet. */
const usual = { fromMinute: 22 * 60, untilMinute: 8 * 60 };

/** How its reader wants to be reached. */
export function preferencesForm(preference: Preference, pen: Pen): Form {
  const words = preferenceTexts[pen.reader.locale];
  const { quietHours } = preference;
  const option = (value: string, label: string, hint = ''): Option => ({ value, label, hint });
  const daySet = quietHours === null ? 'every-day' : daySetOf(quietHours.days);
  const asSet =
    quietHours !== null && daySet === null
      ? [
          option(
            daysAsSet,
            quietHours.days.map((day) => words.weekday[day]).join(pen.texts.listSeparator),
          ),
        ]
      : [];
  return {
    locale: pen.reader.locale,
    title: words.title,
    blocks: [{ kind: 'note', text: [plain(words.intro(pen.reader.timeZone))] }],
    fields: [
      {
        kind: 'select',
        id: 'language',
        label: words.language,
        options: locales.map((locale) => option(locale, words.languageOption[locale])),
        initial: pen.reader.locale,
      },
      {
        kind: 'select',
        id: 'quietFrom',
        label: words.quietFrom,
        options: [option(noQuietHours, words.noQuietHours), ...times(quietHours?.fromMinute)],
        initial: quietHours === null ? noQuietHours : timeOfMinute(quietHours.fromMinute),
      },
      {
        kind: 'select',
        id: 'quietUntil',
        label: words.quietUntil,
        options: times(quietHours?.untilMinute),
        initial: timeOfMinute((quietHours ?? usual).untilMinute),
      },
      {
        kind: 'select',
        id: 'quietDays',
        label: words.quietDays,
        options: [...asSet, ...daySets.map((set) => option(set, words.daySet[set]))],
        initial: daySet ?? daysAsSet,
      },
      {
        kind: 'select',
        id: 'email',
        label: words.email,
        options: (['yes', 'no'] as const).map((value) => option(value, words.emailOption[value])),
        initial: preference.email ? 'yes' : 'no',
      },
    ],
    submitLabel: words.submit,
    submitStyle: 'primary',
    action: { kind: 'set-preferences' },
  };
}

/** Every hour, and the time that is set where it lies between. */
function times(setMinute: number | undefined): readonly Option[] {
  const minutes =
    setMinute === undefined || offered.includes(setMinute) ? offered : [...offered, setMinute];
  return minutes
    .toSorted((a, b) => a - b)
    .map((minute) => ({ value: timeOfMinute(minute), label: timeOfMinute(minute), hint: '' }));
}

/** What was filled in; null where a field says nothing the form offers. What a platform had no room for stays as `before`. */
export function readPreferences(
  fields: Readonly<Record<string, string>>,
  before: Preference,
): Preference | null {
  const locale = locales.find((known) => known === fields['language']);
  const quietHours = readQuietFields(fields, before);
  const email = fields['email'] ?? (before.email ? 'yes' : 'no');
  if (locale === undefined || quietHours === 'unreadable') return null;
  if (email !== 'yes' && email !== 'no') return null;
  return {
    locale,
    quietHours,
    email: email === 'yes',
  };
}

function readQuietFields(
  fields: Readonly<Record<string, string>>,
  before: Preference,
): Preference['quietHours'] | 'unreadable' {
  if (fields['quietFrom'] === noQuietHours) return null;
  const fromMinute = minuteOf(fields['quietFrom'] ?? '');
  const untilMinute = minuteOf(fields['quietUntil'] ?? '');
  if (fromMinute === null || untilMinute === null) return 'unreadable';
  const set = daySets.find((known) => known === fields['quietDays']);
  if (set !== undefined) return { fromMinute, untilMinute, days: daysOf(set) };
  const days = fields['quietDays'] === daysAsSet ? before.quietHours?.days : undefined;
  return days === undefined ? 'unreadable' : { fromMinute, untilMinute, days };
}
