import type { Preference } from '../../domain/preference.ts';
import { preferencesForm, readPreferences } from '../forms/preferences.ts';
import type { Reply } from '../interaction.ts';
import { quietHoursFacts } from '../quiet-hours.ts';
import { preferenceTexts } from '../texts/preferences.ts';
import { done, refuse, refused, type Desk } from './desk.ts';

export async function askPreferences(desk: Desk): Promise<Reply> {
  const { code } = desk.actor.person;
  const [preference, groups] = await Promise.all([
    desk.views.preference(code),
    desk.views.groups(code),
  ]);
  return { kind: 'form', form: preferencesForm(preference, groups, desk.pen) };
}

export async function setPreferences(
  desk: Desk,
  fields: Readonly<Record<string, string>>,
): Promise<Reply> {
  const before = await desk.views.preference(desk.actor.person.code);
  const wanted = readPreferences(fields, before);
  return wanted === null
    ? refused(desk.texts.reply.chooseOne)
    : change(desk, wanted, (words) => words.saved);
}

export function setQuietHours(desk: Desk, quietHours: Preference['quietHours']): Promise<Reply> {
  return change(desk, { quietHours }, (words) =>
    quietHours === null ? words.quietOff : words.quietSet(quietHoursFacts(quietHours)),
  );
}

export function setLanguage(desk: Desk, locale: NonNullable<Preference['locale']>): Promise<Reply> {
  return change(desk, { locale }, (words) => words.languageSet);
}

/** What was so already is confirmed all the same; the answer is in the language that counts from now on. */
async function change(
  desk: Desk,
  wanted: Partial<Preference>,
  words: (texts: (typeof preferenceTexts)['en']) => string,
): Promise<Reply> {
  const { actor, commands, context } = desk;
  const result = await commands.setPreferences(context, actor, wanted);
  if (result.kind === 'refused') return refuse(desk, result.refusal);
  return done(words(preferenceTexts[wanted.locale ?? actor.person.locale]));
}
