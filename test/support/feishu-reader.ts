import type { SeenForm, SeenMessage } from './channel-contract.ts';
import type { FeishuMessageSeen, FeishuNode } from './feishu-server.ts';

/** A posted card as its reader sees it. */
export function readMessage(message: FeishuMessageSeen): SeenMessage {
  return {
    ref: { channel: 'feishu', conversation: message.chatId, message: message.messageId },
    text: readCard(message.card),
    buttons: clickables(message.card).map(({ label }) => label),
    pings: pingsOf(message.card),
  };
}

/** What can be read on a card, a line an element. */
export function readCard(card: FeishuNode): string {
  return [headerText(card), ...elementsOf(card).map(readElement)]
    .filter((line) => line !== '')
    .join('\n');
}

export interface Clickable {
  readonly label: string;
  /** `action` of a callback. */
  readonly action: FeishuNode;
}

/** Buttons and menu entries, without those that submit or leave a form. */
export function clickables(card: FeishuNode): readonly Clickable[] {
  return allElements(card).flatMap((element): readonly Clickable[] => {
    const { tag } = element;
    if (tag === 'button' && element['form_action_type'] === undefined) {
      return [{ label: contentOf(element['text']), action: { tag, value: valueOf(element) } }];
    }
    if (tag !== 'overflow') return [];
    return nodes(element['options']).map((option) => ({
      label: contentOf(option['text']),
      action: { tag, option: option['value'] },
    }));
  });
}

/** The form on a card; null where there is none. */
export function readForm(card: FeishuNode): SeenForm | null {
  const submit = submitOf(card);
  if (submit === null) return null;
  const ids = valueOf(submit)['fields'] as readonly string[];
  const body = elementsOf(card).filter(({ tag }) => tag !== 'form');
  let label = '';
  const fields: SeenForm['fields'][number][] = [];
  for (const element of inputElements(card)) {
    const { tag, name } = element;
    if (typeof name !== 'string') {
      if (tag === 'div' && !isNote(element)) label = readElement(element);
      continue;
    }
    const id = idOf(name, ids);
    // What is typed beside a list is the same field.
    if (fields.some((field) => field.id === id)) continue;
    fields.push({
      id,
      label: element['label'] === undefined ? label : contentOf(element['label']),
      options: nodes(element['options']).map((option) => contentOf(option['text'])),
    });
  }
  return {
    title: headerText(card),
    text: body.map(readElement).join('\n'),
    fields,
  };
}

/** `action` of the callback when the form is submitted; fields not named keep their initial value. */
export function fillForm(card: FeishuNode, values: Readonly<Record<string, string>>): FeishuNode {
  const submit = submitOf(card);
  if (submit === null) throw new Error('There is no form.');
  const value = valueOf(submit);
  const ids = value['fields'] as readonly string[];
  const inputs = inputElements(card).filter(({ name }) => name !== undefined);
  const isInList = (id: string): boolean =>
    inputs.some(
      (input) =>
        idOf(String(input['name']), ids) === id &&
        nodes(input['options']).some(({ value: one }) => one === values[id]),
    );
  const formValue = Object.fromEntries(
    inputs.flatMap((input) => {
      const name = String(input['name']);
      const id = idOf(name, ids);
      const hasBoth = inputs.some((other) => other['name'] === `${name}_typed`);
      const isListed = nodes(input['options']).some(({ value: one }) => one === values[id]);
      const isElsewhere = hasBoth ? !isListed : name.endsWith('_typed') && isInList(id);
      const state = isElsewhere ? undefined : stateOf(input, values[id]);
      return state === undefined ? [] : [[String(input['name']), state]];
    }),
  );
  return {
    tag: 'button',
    timezone: 'Asia/Shanghai',
    value,
    ...(submit['form_action_type'] === undefined
      ? {}
      : { form_value: formValue, name: submit['name'] }),
  };
}

/** Of the field that an input belongs to. */
function idOf(name: string, ids: readonly string[]): string {
  return ids[Number.parseInt(name.replace('field_', ''), 10)] ?? '';
}

/** As Feishu sends it: an empty field not at all, a date with its zone. */
function stateOf(input: FeishuNode, value: string | undefined): string | undefined {
  switch (input['tag']) {
    case 'input': {
      const given = value ?? (input['default_value'] as string | undefined);
      return given === '' ? undefined : given;
    }
    case 'date_picker': {
      const date = value ?? (input['initial_date'] as string | undefined);
      return date === undefined ? undefined : `${date} +0800`;
    }
    default: {
      const options = nodes(input['options']).map((option) => String(option['value']));
      if (value !== undefined && !options.includes(value)) throw new Error(`No option ${value}.`);
      return value ?? options[Number(input['initial_index'] ?? 0) - 1];
    }
  }
}

function inputElements(card: FeishuNode): FeishuNode[] {
  const form = elementsOf(card).find(({ tag }) => tag === 'form');
  return form === undefined ? [] : nodes(form['elements']).filter(({ tag }) => tag !== 'button');
}

function submitOf(card: FeishuNode): FeishuNode | null {
  const buttons = allElements(card).filter(({ tag }) => tag === 'button');
  return buttons.find((button) => valueOf(button)['form'] !== undefined) ?? null;
}

function valueOf(button: FeishuNode): FeishuNode {
  return (nodes(button['behaviors'])[0]?.['value'] ?? {}) as FeishuNode;
}

function headerText(card: FeishuNode): string {
  const header = (card['header'] ?? {}) as FeishuNode;
  const tags = nodes(header['text_tag_list']).map((tag) => contentOf(tag['text']));
  return [contentOf(header['title']), ...tags].filter((text) => text !== '').join('  ');
}

function readElement(element: FeishuNode): string {
  switch (element['tag']) {
    case 'div':
      return contentOf(element['text']);
    case 'markdown':
      return readMarkdown(String(element['content']));
    case 'column_set':
      return nodes(element['columns'])
        .flatMap((column) => nodes(column['elements']).map(readElement))
        .filter((line) => line !== '')
        .join('\n');
    default:
      return '';
  }
}

/** Links as their labels, signs written by number as themselves. */
function readMarkdown(content: string): string {
  return content
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
}

function isNote(element: FeishuNode): boolean {
  return (element['text'] as FeishuNode)['text_size'] === 'notation';
}

function contentOf(text: unknown): string {
  const content = (text as FeishuNode | undefined)?.['content'];
  return typeof content === 'string' ? content : '';
}

function elementsOf(card: FeishuNode): FeishuNode[] {
  return nodes(((card['body'] ?? {}) as FeishuNode)['elements']);
}

function allElements(card: FeishuNode): FeishuNode[] {
  const inside = (element: FeishuNode): FeishuNode[] => [
    element,
    ...nodes(element['elements']).flatMap(inside),
    ...nodes(element['columns']).flatMap((column) => nodes(column['elements']).flatMap(inside)),
  ];
  return elementsOf(card).flatMap(inside);
}

function nodes(value: unknown): FeishuNode[] {
  return Array.isArray(value) ? (value as FeishuNode[]) : [];
}

/** What Feishu's markdown takes for a mention; plain text has none. */
function pingsOf(card: FeishuNode): string[] {
  return allElements(card)
    .filter(({ tag }) => tag === 'markdown')
    .flatMap(({ content }) => String(content).match(/<(?:at|person)\b[^>]*>/g) ?? []);
}
