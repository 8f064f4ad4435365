import type { SeenForm, SeenMessage } from './channel-contract.ts';
import type { SlackMessageSeen, SlackNode, SlackViewSeen } from './slack-server.ts';

/** A posted message as its reader sees it. */
export function readMessage(message: SlackMessageSeen): SeenMessage {
  return {
    ref: { channel: 'slack', conversation: message.channel, message: message.ts },
    text: readBlocks(message.blocks),
    buttons: clickables(message.blocks).map(({ label }) => label),
    pings: [...pingsIn(message.text), ...message.blocks.flatMap(pingsOf)],
  };
}

/** What can be read in blocks, a line each. */
export function readBlocks(blocks: readonly SlackNode[]): string {
  return blocks
    .filter((block) => block['type'] !== 'actions')
    .map(readNode)
    .filter((line) => line !== '')
    .join('\n');
}

export function readForm(seen: SlackViewSeen): SeenForm {
  const blocks = children(seen.view['blocks']);
  const inputs = blocks.filter((block) => block['type'] === 'input');
  return {
    title: readNode(seen.view['title']),
    text: readBlocks(blocks.filter((block) => block['type'] !== 'input')),
    fields: inputs.map((input) => ({
      id: fieldIdOf(input),
      label: readNode(input['label']),
      options: optionsOf(input['element']).map((option) => readNode(option['text'])),
    })),
  };
}

function fieldIdOf(input: SlackNode): string {
  return String(input['block_id']).split(':')[1] ?? '';
}

/** The state Slack sends for a filled-in modal; fields not named keep what stands in them. */
export function fillForm(
  seen: SlackViewSeen,
  values: Readonly<Record<string, string>>,
): Record<string, SlackNode> {
  const inputs = children(seen.view['blocks']).filter((block) => block['type'] === 'input');
  return Object.fromEntries(
    inputs.map((input) => {
      const element = input['element'] as SlackNode;
      const blockId = String(input['block_id']);
      const value = values[fieldIdOf(input)];
      const kept = value === undefined ? seen.filledIn[blockId] : undefined;
      const state = { type: element['type'], ...stateOf(element, value) };
      return [
        blockId,
        (kept as SlackNode | undefined) ?? { [String(element['action_id'])]: state },
      ];
    }),
  );
}

function stateOf(element: SlackNode, value: string | undefined): SlackNode {
  switch (element['type']) {
    case 'plain_text_input':
      return { value: value ?? element['initial_value'] ?? null };
    case 'datepicker':
      return { selected_date: value ?? element['initial_date'] ?? null };
    case 'external_select':
      return value === undefined
        ? { selected_option: element['initial_option'] ?? null }
        : { selected_option: { text: { type: 'plain_text', text: value }, value } };
    default: {
      const chosen =
        value === undefined
          ? element['initial_option']
          : optionsOf(element).find((option) => option['value'] === value);
      if (value !== undefined && chosen === undefined) throw new Error(`No option ${value}.`);
      return { selected_option: chosen ?? null };
    }
  }
}

export interface Clickable {
  readonly label: string;
  /** The `actions` item of a click's payload. */
  readonly click: SlackNode;
}

export function clickables(blocks: readonly SlackNode[]): readonly Clickable[] {
  return blocks
    .filter((block) => block['type'] === 'actions')
    .flatMap((block) => children(block['elements']))
    .flatMap((element): readonly Clickable[] => {
      const { type, action_id, value } = element;
      if (type === 'button') {
        return [{ label: readNode(element['text']), click: { type, action_id, value } }];
      }
      return optionsOf(element).map((option) => ({
        label: readNode(option['text']),
        click: { type, action_id, selected_option: option },
      }));
    });
}

function optionsOf(element: unknown): SlackNode[] {
  const { options, option_groups: groups } = element as SlackNode;
  return [...children(options), ...children(groups).flatMap((group) => children(group['options']))];
}

function children(value: unknown): SlackNode[] {
  return Array.isArray(value) ? (value as SlackNode[]) : [];
}

function readNode(value: unknown): string {
  const node = value as SlackNode;
  const { type, text, elements } = node;
  switch (type) {
    case 'mrkdwn':
      return unescapeSlack(String(text).replaceAll(/<[^|>]*\|([^>]*)>/g, '$1'));
    case 'plain_text':
    case 'text':
      return String(text);
    case 'link':
      return String(text ?? node['url']);
    case 'header':
      return readNode(text);
    case 'rich_text_section':
      return children(elements).map(readNode).join('');
    default:
      return children(elements).map(readNode).join('\n');
  }
}

function unescapeSlack(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function pingsOf(node: SlackNode): string[] {
  const { type, text, elements } = node;
  if (type === 'user' || type === 'broadcast') return [JSON.stringify(node)];
  if (type === 'mrkdwn') return pingsIn(String(text));
  if (type === 'section') return pingsOf(text as SlackNode);
  return children(elements).flatMap(pingsOf);
}

/** What Slack's own format takes for a mention. */
function pingsIn(formatted: string): string[] {
  return formatted.match(/<[@!][^>]*>/g) ?? [];
}
