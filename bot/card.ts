import type { Locale } from '../domain/locale.ts';
import type { Action } from './actions.ts';

/**
 * A piece of text. Every `text` is plain: names, comments and other people's words go in as they are,
 * and each renderer escapes them for its platform.
 */
export type Inline =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  /** What is no longer to be; struck out where the channel can. */
  | { readonly kind: 'removed'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  /** A person by name; never a mention that pings. */
  | { readonly kind: 'person'; readonly code: string; readonly name: string };

export type Block =
  | { readonly kind: 'text'; readonly text: readonly Inline[] }
  | {
      readonly kind: 'facts';
      readonly facts: readonly { readonly label: string; readonly value: readonly Inline[] }[];
    }
  /** `more` stands where items were left out, such as "36 more". */
  | {
      readonly kind: 'list';
      readonly title: string;
      readonly items: readonly (readonly Inline[])[];
      readonly more: string | null;
    }
  | PictureBlock
  /** Small print. */
  | { readonly kind: 'note'; readonly text: readonly Inline[] }
  | { readonly kind: 'divider' };

/** A chart. Pages show the drawing itself; where only pictures are taken it is painted, and where none are, told. */
export interface PictureBlock {
  readonly kind: 'picture';
  readonly title: string;
  /** What it shows, in words and figures. */
  readonly alt: string;
  /** Of `charts/`. */
  readonly svg: string;
  /** Where a platform keeps the painted picture; null until it does. */
  readonly reference: string | null;
}

export interface Button {
  readonly label: string;
  readonly style: 'primary' | 'danger' | 'default';
  readonly action: Action;
  /** Asked before anything happens. */
  readonly confirm: { readonly title: string; readonly text: string; readonly yes: string } | null;
}

/** The colour of a card's head: by severity while open, green when resolved, grey when it needs nobody. */
export type Tint = 'red' | 'orange' | 'blue' | 'green' | 'grey';

/** What every channel shows of one subject, in one reader's language. */
export interface Card {
  /** The reader's language; what a renderer adds of its own (`textsFor(locale).channel`) is in it too. */
  readonly locale: Locale;
  readonly tint: Tint;
  readonly title: string;
  /** Short state on the right of the title, such as 待认领. */
  readonly status: string;
  readonly blocks: readonly Block[];
  /** At most three. */
  readonly buttons: readonly Button[];
  /** The rest, in a menu. */
  readonly menu: readonly Button[];
  /** Who did what and when; stands where buttons were on a decided card. */
  readonly outcome: readonly Inline[] | null;
  /** The console's page about it. */
  readonly url: string | null;
  /** One plain line for notifications and screen readers. */
  readonly summary: string;
}

export function plain(text: string): Inline {
  return { kind: 'plain', text };
}

export function strong(text: string): Inline {
  return { kind: 'strong', text };
}
