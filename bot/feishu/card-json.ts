import type { Locale } from '../../domain/locale.ts';
import type { Action, FormAction } from '../actions.ts';

/** Card JSON 2.0, as far as we use it; unknown properties would be errors. */
export interface FeishuCard {
  readonly schema: '2.0';
  readonly config: {
    readonly update_multi: true;
    readonly enable_forward?: false;
    readonly summary: { readonly content: string };
  };
  readonly header?: {
    readonly title: PlainText;
    readonly template: string;
    readonly text_tag_list?: readonly {
      readonly tag: 'text_tag';
      readonly text: PlainText;
      readonly color: string;
    }[];
  };
  readonly body: { readonly elements: readonly Element[] };
}

export interface PlainText {
  readonly tag: 'plain_text';
  readonly content: string;
  readonly text_size?: 'heading' | 'notation';
  readonly text_color?: 'grey';
}

interface Confirm {
  readonly title: PlainText;
  readonly text: PlainText;
}

export interface ButtonElement {
  readonly tag: 'button';
  readonly type: 'primary_filled' | 'danger' | 'default';
  readonly text: PlainText;
  readonly behaviors: readonly { readonly type: 'callback'; readonly value: ClickValue }[];
  readonly confirm?: Confirm;
  readonly name?: string;
  readonly form_action_type?: 'submit';
}

export interface MenuOption {
  readonly text: PlainText;
  readonly value: string;
}

interface OptionsElement {
  readonly tag: 'select_static';
  readonly name: string;
  readonly required: boolean;
  readonly width: 'fill';
  readonly placeholder?: PlainText;
  readonly initial_index?: number;
  readonly options: readonly MenuOption[];
}

export type Element =
  | { readonly tag: 'div'; readonly text: PlainText }
  | { readonly tag: 'markdown'; readonly content: string; readonly text_size?: 'notation' }
  | { readonly tag: 'hr' }
  | {
      readonly tag: 'img';
      readonly img_key: string;
      readonly alt: PlainText;
      readonly title: PlainText;
      readonly scale_type: 'fit_horizontal';
      readonly preview: true;
    }
  | {
      readonly tag: 'column_set';
      readonly flex_mode: 'bisect' | 'flow';
      readonly horizontal_spacing: string;
      readonly columns: readonly {
        readonly tag: 'column';
        readonly width: 'auto' | 'weighted';
        readonly weight?: number;
        readonly vertical_spacing?: string;
        readonly elements: readonly Element[];
      }[];
    }
  | ButtonElement
  | { readonly tag: 'overflow'; readonly options: readonly MenuOption[] }
  | OptionsElement
  | {
      readonly tag: 'input';
      readonly name: string;
      readonly label: PlainText;
      readonly required: boolean;
      readonly width: 'fill';
      readonly max_length: number;
      readonly default_value?: string;
      readonly input_type?: 'multiline_text';
      readonly rows?: number;
    }
  | {
      readonly tag: 'date_picker';
      readonly name: string;
      readonly required: boolean;
      readonly placeholder: PlainText;
      readonly initial_date?: string;
    }
  | { readonly tag: 'form'; readonly name: string; readonly elements: readonly Element[] };

/** What a button carries; `fields` are a form's field ids in the order of its inputs. */
export type ClickValue =
  | { readonly action: Action }
  | { readonly form: FormAction; readonly fields: readonly string[] }
  | { readonly cancel: Locale };
