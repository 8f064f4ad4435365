import { locales, type Locale } from '../domain/locale.ts';
import type { Person } from '../domain/person.ts';
import { textsFor } from './texts/texts.ts';

/** Only for the frame around texts that are in every language. */
export const localeOfStrangers: Locale = 'en';

/** A text in every language, for people whose language is not known yet. */
export function inAllLanguages(
  text: (texts: ReturnType<typeof textsFor>['channel']) => string,
): string {
  return locales.map((locale) => text(textsFor(locale).channel)).join('\n');
}

/** Why an account's owner is not let in, for the trail. */
export function strangerReason(person: Person | null): string {
  return person === null ? 'an account that is nobody’s' : 'somebody who has left';
}
