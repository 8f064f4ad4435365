import type { types, webApi } from '@slack/bolt';
import { assertNever } from '../../domain/assert-never.ts';
import type { Locale } from '../../domain/locale.ts';
import { ChannelError } from '../channel.ts';
import type { Reply } from '../interaction.ts';
import { renderForm } from './form.ts';
import { callSlack, slackApiUrlDefault, slackTimeoutMsDefault } from './client.ts';
import {
  renderCard,
  renderCardView,
  renderFormInvitation,
  renderHome,
  renderText,
  renderTextView,
  type SlackMessage,
} from './render.ts';
import { textsFor } from '../texts/texts.ts';

/** Where the answer to a person goes: only they see it. */
export interface Surface {
  show(reply: Reply, locale: Locale): Promise<void>;
}

export interface Surfaces {
  /** Opens a modal that says "working on it"; null where the trigger is spent or too old. */
  openModal(triggerId: string, slackUserId: string, locale: Locale): Promise<Surface | null>;
  /** Opens a modal with a form; false where the trigger is spent or too old. */
  openForm(triggerId: string, reply: Extract<Reply, { kind: 'form' }>): Promise<boolean>;
  /** A modal that stands open. */
  modal(viewId: string, slackUserId: string): Surface;
  /** A response_url, good for 30 minutes; their direct conversation where it is not. */
  responseUrl(url: string, slackUserId: string): Surface;
  /** Visible only to this member of the conversation; their direct conversation where that is refused. */
  ephemeral(conversation: string, slackUserId: string): Surface;
  direct(slackUserId: string): Surface;
  home(slackUserId: string): Surface;
}

export interface SurfacesOptions {
  readonly client: webApi.WebClient;
  readonly apiUrl?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

const quiet = { unfurl_links: false, unfurl_media: false, link_names: false } as const;

export function createSurfaces({ client, apiUrl, timeoutMs }: SurfacesOptions): Surfaces {
  async function openView(triggerId: string, view: types.ModalView): Promise<string | null> {
    try {
      const answer = await callSlack('views.open', () =>
        client.views.open({ trigger_id: triggerId, view }),
      );
      return answer.view?.id ?? null;
    } catch (error) {
      if (isGone(error)) return null;
      throw error;
    }
  }

  function direct(slackUserId: string): Surface {
    return {
      show: async (reply) => {
        const opened = await callSlack('conversations.open', () =>
          client.conversations.open({ users: slackUserId }),
        );
        await callSlack('chat.postMessage', () =>
          client.chat.postMessage({
            channel: opened.channel?.id ?? slackUserId,
            ...messageOf(reply),
            ...quiet,
          }),
        );
      },
    };
  }

  function modal(viewId: string, slackUserId: string): Surface {
    return {
      show: async (reply, locale) => {
        try {
          await callSlack('views.update', () =>
            client.views.update({ view_id: viewId, view: viewOf(reply, locale) }),
          );
        } catch (error) {
          // They closed it meanwhile: what was done is said all the same, a question is not.
          if (!isGone(error)) throw error;
          if (reply.kind === 'done' || reply.kind === 'refused') {
            await direct(slackUserId).show(reply, locale);
          }
        }
      },
    };
  }

  function ephemeral(conversation: string, slackUserId: string): Surface {
    return {
      show: async (reply, locale) => {
        try {
          await callSlack('chat.postEphemeral', () =>
            client.chat.postEphemeral({
              channel: conversation,
              user: slackUserId,
              ...messageOf(reply),
              link_names: false,
            }),
          );
        } catch (error) {
          if (!(error instanceof ChannelError) || error.kind !== 'unreachable') throw error;
          await direct(slackUserId).show(reply, locale);
        }
      },
    };
  }

  function responseUrl(url: string, slackUserId: string): Surface {
    return {
      show: async (reply, locale) => {
        const isTaken =
          isSlackAddress(url, apiUrl ?? slackApiUrlDefault) &&
          (await postToResponseUrl(url, messageOf(reply), timeoutMs ?? slackTimeoutMsDefault));
        if (!isTaken) await direct(slackUserId).show(reply, locale);
      },
    };
  }

  return {
    openModal: async (triggerId, slackUserId, locale) => {
      const viewId = await openView(
        triggerId,
        renderTextView(textsFor(locale).channel.loading, locale),
      );
      return viewId === null ? null : modal(viewId, slackUserId);
    },
    openForm: async (triggerId, reply) =>
      (await openView(triggerId, renderForm(reply.form))) !== null,
    modal,
    responseUrl,
    ephemeral,
    direct,
    home: (slackUserId) => ({
      show: async (reply) => {
        const view: types.HomeView =
          reply.kind === 'card'
            ? renderHome(reply.card)
            : { type: 'home', blocks: messageOf(reply).blocks };
        await callSlack('views.publish', () =>
          client.views.publish({ user_id: slackUserId, view }),
        );
      },
    }),
  };
}

/** A reply as a private message. */
function messageOf(reply: Reply): SlackMessage {
  switch (reply.kind) {
    case 'done':
      return renderText(`✅ ${reply.text}`);
    case 'refused':
      return renderText(reply.text);
    case 'form':
      return renderFormInvitation(reply.form);
    case 'card':
      return renderCard(reply.card);
    default:
      return assertNever(reply);
  }
}

/** A reply inside a modal. */
export function viewOf(reply: Reply, locale: Locale): types.ModalView {
  switch (reply.kind) {
    case 'done':
      return renderTextView(`✅ ${reply.text}`, locale);
    case 'refused':
      return renderTextView(reply.text, locale);
    case 'form':
      return renderForm(reply.form);
    case 'card':
      return renderCardView(reply.card);
    default:
      return assertNever(reply);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ChannelError && error.kind === 'too-old';
}

/** Answers go nowhere but to Slack, or to the server that stands in for it. */
function isSlackAddress(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { origin } = new URL(url);
  return origin === 'https://hooks.slack.com' || origin === new URL(apiUrl).origin;
}

/** False where the address is used up or too old, or nobody answered. */
async function postToResponseUrl(
  url: string,
  message: SlackMessage,
  timeoutMs: number,
): Promise<boolean> {
  const body = JSON.stringify({
    response_type: 'ephemeral',
    replace_original: false,
    ...message,
  });
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return response.ok;
  } catch {
    return false;
  }
}
