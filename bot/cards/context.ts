import type { Person } from '../../domain/person.ts';
import type { Inline } from '../card.ts';
import { createFormat, type Format } from '../texts/format.ts';
import { personName, textsFor } from '../texts/texts.ts';
import type { Texts } from '../texts/zh-cn.ts';

/** What a card needs besides its view and its reader. */
export interface CardContext {
  /** Base address of the console, without a slash at the end. */
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** It is drawn in the console, where everything may be done. @default false */
  readonly inConsole?: boolean;
}

/** A reader's texts, dates and numbers. */
export interface Pen {
  readonly reader: Person;
  readonly texts: Texts;
  readonly format: Format;
  readonly nowMs: number;
  readonly publicUrl: string;
  readonly inConsole: boolean;
}

export function createPen(reader: Person, context: CardContext): Pen {
  return {
    reader,
    texts: textsFor(reader.locale),
    format: createFormat(reader, context.nowMs),
    nowMs: context.nowMs,
    publicUrl: context.publicUrl,
    inConsole: context.inConsole ?? false,
  };
}

export function personInline(pen: Pen, code: string, people: ReadonlyMap<string, Person>): Inline {
  return { kind: 'person', code, name: personName(code, people, pen.reader.locale) };
}

export function warningUrl(pen: Pen, warningId: number): string {
  return `${pen.publicUrl}/warnings/${warningId}`;
}

export function requestUrl(pen: Pen, requestId: number): string {
  return `${pen.publicUrl}/requests/${requestId}`;
}
