import type { Locale } from '../domain/locale.ts';
import type { FormAction } from './actions.ts';
import type { Block } from './card.ts';

export type Field =
  | {
      /** One of a few, all visible. */
      readonly kind: 'choice';
      readonly id: string;
      readonly label: string;
      readonly options: readonly Option[];
      readonly initial: string | null;
    }
  | {
      /** One of many, in a drop-down. */
      readonly kind: 'select';
      readonly id: string;
      readonly label: string;
      readonly options: readonly Option[];
      readonly initial: string | null;
    }
  | {
      /** One of more than a list can hold, found by typing; submitted as the option's value or as what was typed. */
      readonly kind: 'search';
      readonly id: string;
      readonly label: string;
      readonly source: SearchSource;
      /** Offered before anything is typed; may be empty. */
      readonly suggestions: readonly Option[];
      readonly initial: string;
    }
  | {
      readonly kind: 'text';
      readonly id: string;
      readonly label: string;
      readonly multiline: boolean;
      readonly required: boolean;
      readonly charsMax: number;
      readonly initial: string;
    }
  /** A day, as YYYY-MM-DD. */
  | {
      readonly kind: 'date';
      readonly id: string;
      readonly label: string;
      readonly initial: string | null;
    };

/** What can be searched while typing. */
export const searchSources = ['people', 'tags', 'rules'] as const;
export type SearchSource = (typeof searchSources)[number];

export interface Option {
  readonly value: string;
  readonly label: string;
  /** One line below the label; empty for none. */
  readonly hint: string;
}

/** A question to the person who clicked: a modal in Slack, a form card in Feishu, a page in the inbox. */
export interface Form {
  /** The asker's language. */
  readonly locale: Locale;
  readonly title: string;
  readonly blocks: readonly Block[];
  readonly fields: readonly Field[];
  readonly submitLabel: string;
  readonly submitStyle: 'primary' | 'danger';
  readonly action: FormAction;
}
