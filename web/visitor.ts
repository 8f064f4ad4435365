import type { Locale } from '../domain/locale.ts';
import type { Person } from '../domain/person.ts';
import { en } from './texts/en.ts';
import type { ConsoleTexts } from './texts/en.ts';
import { zhCn } from './texts/zh-cn.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** One line to show on the next page, about what was just done. */
export interface Flash {
  readonly kind: 'done' | 'refused';
  readonly text: string;
}

/** Whoever looks at a page, signed in or not, and how they like it. */
export interface Visitor {
  readonly locale: Locale;
  readonly texts: ConsoleTexts;
  readonly timeZone: string;
  readonly theme: Theme;
  /** Must come back with every POST of this browser. */
  readonly csrf: string;
  readonly flash: Flash | null;
  /** Path and query of this page, to come back to. */
  readonly path: string;
  readonly nowMs: number;
}

/** A visitor whose session was checked. `person.locale` is the language they look at the console in. */
export interface SignedIn extends Visitor {
  readonly person: Person;
  /** Cards in the inbox that wait for them. */
  readonly waiting: number;
}

/** What every request of the console carries. */
export interface WebEnv {
  Variables: {
    visitor: Visitor;
    signedIn: SignedIn;
  };
}

export function textsFor(locale: Locale): ConsoleTexts {
  return locale === 'zh-CN' ? zhCn : en;
}
