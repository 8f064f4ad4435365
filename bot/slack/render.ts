import type { types } from '@slack/bolt';
import { assertNever } from '../../domain/assert-never.ts';
import type { Locale } from '../../domain/locale.ts';
import { actionSchema, type Action, type FormAction } from '../actions.ts';
import type { Button, Card, Tint } from '../card.ts';
import type { Form } from '../form.ts';
import { productName, parseJson } from '../plain-text.ts';
import { textsFor } from '../texts/texts.ts';
import { bodyBlocks, newBudget, richText, textBlock, section } from './body.ts';
import { escapeWithin, plainText, isWebAddress, escapeUrl } from './text.ts';
import * as limits from './limits.ts';

/** Action ids of everything clickable begin so; what was clicked stands in the value. */
export const actionIdPrefix = 'tagwarden:';

export interface SlackMessage {
  /** Fallback for notifications and screen readers, in Slack's escaped form. */
  readonly text: string;
  readonly blocks: types.KnownBlock[];
}

const tintMarks: Readonly<Record<Tint, string>> = {
  red: '🔴',
  orange: '🟠',
  blue: '🔵',
  green: '🟢',
  grey: '⚪',
};

/**
 * A card as a message: never beyond what Slack takes; what does not fit is cut and marked with an ellipsis.
 * `memberIds` are mentioned above it, which notifies them.
 */
export function renderCard(card: Card, memberIds: readonly string[] = []): SlackMessage {
  const mentions = mentionBlocks(memberIds);
  return {
    text: escapeWithin(card.summary, limits.fallbackCharsMax) || productName,
    blocks: [...mentions, ...cardBlocks(card, limits.messageBlocksMax - mentions.length)],
  };
}

function mentionBlocks(memberIds: readonly string[]): types.KnownBlock[] {
  if (memberIds.length === 0) return [];
  return [{ type: 'section', text: { type: 'mrkdwn', text: mentionText(memberIds) } }];
}

/** Member IDs come from people.yaml, which takes nothing but letters and digits. */
function mentionText(memberIds: readonly string[]): string {
  return memberIds
    .slice(0, limits.mentionsMax)
    .map((id) => `<@${id}>`)
    .join(' ');
}

/** A card to read inside a modal. */
export function renderCardView(card: Card): types.ModalView {
  return {
    type: 'modal',
    title: plainText(card.title, limits.modalTitleCharsMax),
    close: plainText(textsFor(card.locale).channel.close, limits.modalSubmitCharsMax),
    blocks: cardBlocks(card, limits.modalBlocksMax),
  };
}

/** A card as the app's home page. */
export function renderHome(card: Card): types.HomeView {
  return { type: 'home', blocks: cardBlocks(card, limits.modalBlocksMax) };
}

/** One line or two inside a modal, such as how it ended. */
export function renderTextView(text: string, locale: Locale): types.ModalView {
  return {
    type: 'modal',
    title: plainText(productName, limits.modalTitleCharsMax),
    close: plainText(textsFor(locale).channel.close, limits.modalSubmitCharsMax),
    blocks: [textBlock(text)],
  };
}

export function renderText(text: string, memberIds: readonly string[] = []): SlackMessage {
  return {
    text: escapeWithin(text, limits.fallbackCharsMax) || productName,
    blocks: [...mentionBlocks(memberIds), textBlock(text)],
  };
}

/** A form where no modal can be opened: its title and a button that asks for it again. */
export function renderFormInvitation(form: Form): SlackMessage {
  const invitation: Button = {
    label: textsFor(form.locale).channel.openForm,
    style: 'primary',
    action: actionThatOpens(form.action),
    confirm: null,
  };
  const message = renderText(form.title);
  return {
    ...message,
    blocks: [...message.blocks, ...actionBlocks([invitation], [], form.locale)],
  };
}

/** The action a click carries; null where the value is not one of ours. */
export function decodeAction(value: string | undefined): Action | null {
  const parsed = actionSchema.safeParse(parseJson(value ?? ''));
  return parsed.success ? parsed.data : null;
}

function cardBlocks(card: Card, blocksMax: number): types.KnownBlock[] {
  const head: types.KnownBlock[] = [
    {
      type: 'header',
      text: plainText(`${tintMarks[card.tint]} ${card.title}`, limits.headerCharsMax),
    },
  ];
  if (card.status !== '') {
    head.push({
      type: 'context',
      elements: [plainText(card.status, limits.headerCharsMax)],
    });
  }
  const foot: types.KnownBlock[] = [];
  if (card.outcome !== null)
    foot.push(richText([section(card.outcome, newBudget(limits.outcomeCharsMax))]));
  foot.push(...actionBlocks(card.buttons, card.menu, card.locale));
  const link = consoleLink(card);
  if (link !== null) foot.push(link);
  const room = blocksMax - head.length - foot.length;
  return [...head, ...bodyBlocks(card, room), ...foot];
}

function consoleLink({ url, locale }: Card): types.ContextBlock | null {
  if (!isWebAddress(url)) return null;
  return {
    type: 'context',
    elements: [
      {
        type: 'mrkdwn',
        text: `<${escapeUrl(url)}|${escapeWithin(textsFor(locale).channel.open, 100)}>`,
      },
    ],
  };
}

function actionBlocks(
  buttons: readonly Button[],
  menu: readonly Button[],
  locale: Locale,
): types.KnownBlock[] {
  // A menu can ask for confirmation only as a whole: what asks for itself becomes a button.
  const asking = menu.filter((item) => item.confirm !== null);
  const quiet = menu.filter((item) => item.confirm === null);
  const elements: types.ActionsBlockElement[] = [...buttons, ...asking]
    .slice(0, limits.actionsElementsMax - 1)
    .map(buttonElement);
  const more = menuElement(quiet, locale);
  if (more !== null) elements.push(more);
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

function buttonElement(button: Button, index: number): types.Button {
  return {
    type: 'button',
    action_id: `${actionIdPrefix}${index}`,
    text: plainText(button.label, limits.buttonTextCharsMax),
    value: encodeAction(button.action),
    ...(button.style === 'default' ? {} : { style: button.style }),
    ...(button.confirm === null ? {} : { confirm: confirmDialog(button) }),
  };
}

function confirmDialog(button: Button): types.ConfirmationDialog {
  return {
    title: plainText(button.confirm?.title ?? '', limits.confirmTitleCharsMax),
    text: plainText(button.confirm?.text ?? '', limits.confirmTextCharsMax),
    confirm: plainText(button.confirm?.yes ?? '', limits.confirmButtonCharsMax),
    ...(button.style === 'default' ? {} : { style: button.style }),
  };
}

function menuElement(
  items: readonly Button[],
  locale: Locale,
): types.Overflow | types.StaticSelect | null {
  const options = items.slice(0, limits.selectOptionsMax).map((item) => ({
    text: plainText(item.label, limits.optionTextCharsMax),
    value: encodeAction(item.action),
  }));
  if (options.length === 0) return null;
  const action_id = `${actionIdPrefix}menu`;
  return options.length <= limits.overflowOptionsMax
    ? { type: 'overflow', action_id, options }
    : {
        type: 'static_select',
        action_id,
        options,
        placeholder: plainText(textsFor(locale).channel.more, limits.headerCharsMax),
      };
}

/** Every action fits an option's 150 characters; a test holds that for all kinds. */
function encodeAction(action: Action): string {
  return JSON.stringify(action);
}

/** The click that leads to a form like this one. */
function actionThatOpens(action: FormAction): Action {
  switch (action.kind) {
    case 'choose-fix':
    case 'choose-fix-by-customer':
    case 'confirm-fix':
      return { kind: 'open-fix', warningId: action.warningId };
    case 'release':
      return { kind: 'open-release', warningId: action.warningId };
    case 'fixed-by-hand':
      return { kind: 'open-fixed-by-hand', warningId: action.warningId };
    case 'dismiss':
      return { kind: 'open-dismiss', warningId: action.warningId };
    case 'except':
      return { kind: 'open-except', warningId: action.warningId };
    case 'prolong':
      return { kind: 'open-prolong', warningId: action.warningId };
    case 'snooze':
      return { kind: 'open-snooze', warningId: action.warningId };
    case 'reassign':
      return { kind: 'open-reassign', warningId: action.warningId };
    case 'escalate':
      return { kind: 'open-escalate', warningId: action.warningId };
    case 'comment':
      return { kind: 'open-comment', warningId: action.warningId };
    case 'vote':
      return { kind: 'open-vote', requestId: action.requestId, ballot: action.ballot };
    case 'withdraw-request':
      return { kind: 'open-withdraw-request', requestId: action.requestId };
    case 'ask':
      return { kind: 'open-ask', requestId: action.requestId };
    case 'answer': {
      const { requestId, questionId } = action;
      return { kind: 'open-answer', requestId, questionId };
    }
    case 'comment-request':
      return { kind: 'open-request-comment', requestId: action.requestId };
    case 'choose-request':
    case 'request-tag':
    case 'request-merge':
    case 'request-retire':
    case 'request-change':
    case 'choose-tag-to-change':
      return { kind: 'open-request' };
    case 'contest':
      return { kind: 'open-contest' };
    case 'decide-points':
      return { kind: 'open-decide-points', pointsId: action.pointsId };
    case 'answer-review':
      return { kind: 'open-review', reviewId: action.reviewId };
    case 'set-preferences':
      return { kind: 'open-preferences' };
    default:
      return assertNever(action);
  }
}
