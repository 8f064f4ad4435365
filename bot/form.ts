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
