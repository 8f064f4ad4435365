import { digestContents, digestPeriods, type DigestChoice } from '../../domain/digest.ts';
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
import type { ChatGroup } from '../../domain/chat-group.ts';
import type { Field, Form, Option } from '../form.ts';
import { preferenceTexts } from '../texts/preferences.ts';
import { nameIn } from '../texts/texts.ts';

/** Value of the list's first entry: no group. The others are told from it by what stands before their code. */
const noGroup = 'direct';
const groupPrefix = 'group:';

/** Value of the list's first entry: no quiet hours. */
const noQuietHours = 'none';
/** Value of the list's first entry: the policy says how often. */
const asPolicy = 'policy' as const;
/** Days that have no name of their own stay as they are. */
const daysAsSet = 'as-set';

/** Finer times are set by saying so; a form in Feishu holds no more. */
const stepMinutes = 60;
const offered = Array.from({ length: (24 * 60) / stepMinutes }, (_, index) => index * stepMinutes);
/** Proposed to whoever has none yet. */
const usual = { fromMinute: 22 * 60, untilMinute: 8 * 60 };

/** How its reader wants to be reached; `groups` are those they may choose from. */
export function preferencesForm(
  preference: Preference,
  groups: readonly ChatGroup[],
  pen: Pen,
): Form {
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
    blocks: [
      { kind: 'note', text: [plain(words.intro(pen.reader.timeZone))] },
      ...(groups.length === 0 ? [] : [{ kind: 'note' as const, text: [plain(words.groupHint)] }]),
    ],
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
      ...groupFields(preference, groups, pen),
      {
        kind: 'select',
        id: 'email',
        label: words.email,
        options: (['yes', 'no'] as const).map((value) => option(value, words.emailOption[value])),
        initial: preference.email ? 'yes' : 'no',
      },
      {
        kind: 'select',
        id: 'digest',
        label: words.digest,
        options: ([asPolicy, ...digestPeriods, 'never'] as const).map((value) =>
          option(value, words.digestOption[value]),
        ),
        initial: preference.digest ?? asPolicy,
      },
      {
        kind: 'select',
        id: 'digestContent',
        label: words.digestContent,
        options: digestContents.map((value) => option(value, words.digestContentOption[value])),
        initial: preference.digestContent,
      },
    ],
    submitLabel: words.submit,
    submitStyle: 'primary',
    action: { kind: 'set-preferences' },
  };
}

/** Where there is nothing to choose, nothing is asked. */
function groupFields(
  { group, mention }: Preference,
  groups: readonly ChatGroup[],
  pen: Pen,
): readonly Field[] {
  if (groups.length === 0) return [];
  const words = preferenceTexts[pen.reader.locale];
  const known = groups.find(({ code }) => code === group);
  return [
    {
      kind: 'select',
      id: 'group',
      label: words.place,
      options: [
        { value: noGroup, label: words.direct, hint: '' },
        ...groups.map(({ code, name }) => ({
          value: `${groupPrefix}${code}`,
          label: nameIn(pen.reader.locale, name),
          hint: '',
        })),
      ],
      initial: known === undefined ? noGroup : `${groupPrefix}${known.code}`,
    },
    {
      kind: 'select',
      id: 'mention',
      label: words.mention,
      options: (['yes', 'no'] as const).map((value) => ({
        value,
        label: words.mentionOption[value],
        hint: '',
      })),
      initial: mention ? 'yes' : 'no',
    },
  ];
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
  const group = readGroup(fields['group'], before);
  const mention = fields['mention'] ?? (before.mention ? 'yes' : 'no');
  const email = fields['email'] ?? (before.email ? 'yes' : 'no');
  if (locale === undefined || quietHours === 'unreadable') return null;
  if (group === 'unreadable') return null;
  if (mention !== 'yes' && mention !== 'no') return null;
  if (email !== 'yes' && email !== 'no') return null;
  const digest = readDigestChoice(fields['digest'], before);
  const digestContent = digestContents.find(
    (known) => known === (fields['digestContent'] ?? before.digestContent),
  );
  if (digest === 'unreadable' || digestContent === undefined) return null;
  return {
    locale,
    quietHours,
    group: group.code,
    mention: mention === 'yes',
    email: email === 'yes',
    digest,
    digestContent,
  };
}

function readDigestChoice(
  field: string | undefined,
  before: Preference,
): DigestChoice | 'unreadable' {
  if (field === undefined) return before.digest;
  if (field === asPolicy) return null;
  if (field === 'never') return field;
  return digestPeriods.find((every) => every === field) ?? 'unreadable';
}

function readGroup(
  field: string | undefined,
  before: Preference,
): { readonly code: string | null } | 'unreadable' {
  if (field === undefined) return { code: before.group };
  if (field === noGroup) return { code: null };
  return field.startsWith(groupPrefix) ? { code: field.slice(groupPrefix.length) } : 'unreadable';
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
