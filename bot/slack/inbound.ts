import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  App,
  type AckFn,
  type CodedError,
  type Receiver,
  type ViewResponseAction,
} from '@slack/bolt';
import { locales, type Locale } from '../../domain/locale.ts';
import type { Person } from '../../domain/person.ts';
import { ChannelError } from '../channel.ts';
import { searchSources } from '../form.ts';
import type { InboundDependencies, Interaction, Reply } from '../interaction.ts';
import { createSlackClient, silentLogger, type SlackClientOptions } from './client.ts';
import { passDoor, type DoorDecision, type Payload } from './door.ts';
import { acknowledgeWithinMs, triggerLifeMs } from './limits.ts';
import {
  clickedValue,
  clickSchema,
  commandSchema,
  eventKey,
  judge,
  messageSchema,
  plainWords,
  submissionSchema,
  suggestionSchema,
  type Click,
  type Message,
  type Submission,
} from './payloads.ts';
import {
  decodeFields,
  decodeFormAction,
  formCallbackId,
  renderOptions,
  searchActionPrefix,
} from './form.ts';
import { actionIdPrefix, decodeAction, renderTextView } from './render.ts';
import { createSlackSocket, within } from './socket.ts';
import { createSurfaces, viewOf, type Surface } from './surface.ts';
import { textsFor } from '../texts/texts.ts';

export interface SlackInboundOptions extends SlackClientOptions {
  /** Verifies requests over HTTP; null where only socket mode is used, and then every request is refused. */
  readonly signingSecret: string | null;
  /** App-level token: `start` opens socket mode. @default none */
  readonly appToken?: string | undefined;
  /** How long a submitted form waits for its answer before "working on it" is shown. @default 1500 */
  readonly formPatienceMs?: number | undefined;
  /** What went wrong with one event; `reference` is what the person was told, if they could be. */
  onError(error: unknown, reference: string): void;
}

export interface SlackInbound {
  /** Answers POST /slack/events: events, interactions and slash commands. Never rejects. */
  handle(request: Request): Promise<Response>;
  /** Opens socket mode where an app token is given; rejects where Slack refuses that token. */
  start(): Promise<void>;
  /** Resolves when no event is being worked on. */
  settled(): Promise<void>;
  /** Closes socket mode and waits up to ten seconds for what is under way. */
  stop(): Promise<void>;
}

const formPatienceMsDefault = 1500;
/** After "working on it" went out as a form's answer, so that the update that follows is not overtaken by it. */
const settleMs = 500;
const stopWithinMs = 10_000;
/** Only for the frame around texts that are in both languages. */
const localeOfStrangers: Locale = 'en';

/** What Slack brought: who did what, and where they can be answered. */
interface Visit {
  readonly slackUserId: string;
  readonly interaction: Interaction | null;
  readonly surface: Surface;
  /** Opens modals for three seconds from `arrivedAtMs`; null where there is none or none is wanted. */
  readonly triggerId: string | null;
  readonly arrivedAtMs: number;
}

/**
 * The way in from Slack, over HTTP and socket mode: a strict door, each event once, an acknowledgement within three
 * seconds whatever happens behind it, and answers that only the person sees.
 */
export function createSlackInbound(
  dependencies: InboundDependencies,
  options: SlackInboundOptions,
): SlackInbound {
  const surfaces = createSurfaces({ ...options, client: createSlackClient(options) });
  const app = createApp(options);
  const underWay = new Set<Promise<void>>();
  const socket =
    options.appToken === undefined
      ? null
      : createSlackSocket({
          ...options,
          appToken: options.appToken,
          onEnvelope: ({ envelopeId, body, acknowledge }) => {
            const key = eventKey(body, `envelope:${envelopeId}`);
            void track(process(body, key, acknowledge, acknowledge), () => {});
          },
          onError: (error) => options.onError(error, newReference()),
        });

  /** Runs one event through Bolt, unless it was seen before. `acknowledgeRepeated` answers one that was. */
  async function process(
    body: Payload,
    key: string,
    acknowledge: AckFn<unknown>,
    acknowledgeRepeated: () => Promise<void>,
    onAccepted: () => void = () => {},
  ): Promise<void> {
    if (await dependencies.acceptOnce('slack', key)) {
      onAccepted();
      await app.processEvent({ body, ack: acknowledge });
    } else {
      await acknowledgeRepeated();
    }
  }

  function track(work: Promise<void>, onFailure: () => void): Promise<void> {
    const tracked = work
      .catch((error: unknown) => {
        options.onError(error, newReference());
        onFailure();
      })
      .finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  }

  /** Resolves with the acknowledgement; the work goes on behind it. */
  function answer(payload: Payload, key: string, signatureKey: string): Promise<Response> {
    const signature = `signature:${signatureKey}`;
    return new Promise((resolve) => {
      const acknowledge = async (response?: unknown): Promise<void> =>
        resolve(toResponse(response));
      const timer = setTimeout(() => resolve(toResponse()), acknowledgeWithinMs);
      // Slack signs what it sends again anew: the very same signature is somebody's copy.
      const acknowledgeRepeated = async (): Promise<void> => {
        if (await dependencies.acceptOnce('slack', signature)) return acknowledge();
        await dependencies.refuseAtDoor('slack', 'a request that was replayed');
        resolve(new Response(null, { status: 401 }));
      };
      const acceptSignature = (): void => {
        const accept = async (): Promise<void> => {
          await dependencies.acceptOnce('slack', signature);
        };
        void track(accept(), () => {});
      };
      const work = process(payload, key, acknowledge, acknowledgeRepeated, acceptSignature);
      // A failure before anything was done is no acknowledgement: Slack sends events again.
      void track(work, () => resolve(new Response(null, { status: 500 }))).finally(() => {
        clearTimeout(timer);
        resolve(toResponse());
      });
    });
  }

  async function settled(): Promise<void> {
    while (underWay.size > 0) await Promise.allSettled(underWay);
  }

  async function handle(request: Request): Promise<Response> {
    try {
      const decision: DoorDecision =
        options.signingSecret === null
          ? { kind: 'refused', status: 401, reason: 'no signing secret is set' }
          : await passDoor(request, options.signingSecret, dependencies.now());
      if (decision.kind === 'refused') {
        await dependencies.refuseAtDoor('slack', decision.reason);
        return new Response(null, { status: decision.status });
      }
      const { payload, signatureKey } = decision;
      if (payload['type'] === 'url_verification') return challengeResponse(payload);
      switch (judge(payload)) {
        case 'unknown':
          return toResponse();
        case 'malformed':
          await dependencies.refuseAtDoor('slack', 'signed, but not what Slack sends');
          return new Response(null, { status: 400 });
        case 'ours':
          break;
      }
      return await answer(payload, eventKey(payload, `request:${signatureKey}`), signatureKey);
    } catch (error) {
      options.onError(error, newReference());
      return new Response(null, { status: 500 });
    }
  }

  /** Asks what the person may and wants to know; a fault becomes one sentence with a reference. */
  async function ask(person: Person, interaction: Interaction | null): Promise<Reply> {
    if (interaction === null) {
      return { kind: 'refused', text: textsFor(person.locale).channel.outdated };
    }
    try {
      return await dependencies.interact(person, 'slack', interaction);
    } catch (error) {
      const reference = newReference();
      options.onError(error, reference);
      return { kind: 'refused', text: textsFor(person.locale).channel.failed(reference) };
    }
  }

  function isTriggerFresh(visit: Visit): visit is Visit & { readonly triggerId: string } {
    return visit.triggerId !== null && dependencies.now() - visit.arrivedAtMs < triggerLifeMs;
  }

  async function serve(visit: Visit): Promise<void> {
    const person = await findPerson(visit.slackUserId);
    if (person === null) {
      return visit.surface.show(
        { kind: 'refused', text: notLinked(visit.slackUserId) },
        localeOfStrangers,
      );
    }
    const { locale } = person;
    const [modal, reply] = await Promise.all([
      openAhead(visit, locale),
      ask(person, visit.interaction),
    ]);
    if (modal !== null) return modal.show(reply, locale);
    await showWithoutModal(visit, reply, locale);
  }

  /** Null where no modal is wanted or none could be opened: the answer then goes to the conversation. */
  async function openAhead(visit: Visit, locale: Locale): Promise<Surface | null> {
    if (!opensModal(visit.interaction) || !isTriggerFresh(visit)) return null;
    try {
      return await surfaces.openModal(visit.triggerId, visit.slackUserId, locale);
    } catch (error) {
      options.onError(error, newReference());
      return null;
    }
  }

  async function showWithoutModal(visit: Visit, reply: Reply, locale: Locale): Promise<void> {
    const canOpen = !opensModal(visit.interaction) && isTriggerFresh(visit);
    if (reply.kind === 'form' && canOpen) {
      if (await surfaces.openForm(visit.triggerId, reply)) return;
    }
    await visit.surface.show(reply, locale);
  }

  async function findPerson(slackUserId: string): Promise<Person | null> {
    const person = await dependencies.findPerson('slack', slackUserId);
    return person?.status === 'active' ? person : null;
  }

  /** A form's answer takes its place in the modal: at once where it is ready in time, by an update where not. */
  async function serveForm(
    submission: Submission,
    acknowledge: AckFn<ViewResponseAction>,
  ): Promise<void> {
    const { user, view } = submission;
    const answering = answerForm(submission);
    const patience = new AbortController();
    const ready = await Promise.race([
      answering,
      sleep(options.formPatienceMs ?? formPatienceMsDefault, null, patience),
    ]).finally(() => patience.abort());
    if (ready !== null) {
      await acknowledge({ response_action: 'update', view: viewOf(ready.reply, ready.locale) });
      return;
    }
    await acknowledge({ response_action: 'update', view: loadingView() });
    const { reply, locale } = await answering;
    await sleep(settleMs);
    await surfaces.modal(view.id, user.id).show(reply, locale);
  }

  async function answerForm({
    user,
    view,
  }: Submission): Promise<{ readonly reply: Reply; readonly locale: Locale }> {
    const person = await findPerson(user.id);
    if (person === null) {
      return {
        reply: { kind: 'refused', text: notLinked(user.id) },
        locale: localeOfStrangers,
      };
    }
    const action = decodeFormAction(view.private_metadata);
    const interaction: Interaction | null =
      action === null ? null : { kind: 'form', action, fields: decodeFields(view.state.values) };
    return { reply: await ask(person, interaction), locale: person.locale };
  }

  app.action({ action_id: new RegExp(`^${actionIdPrefix}`) }, async ({ ack, body }) => {
    await ack();
    const arrivedAtMs = dependencies.now();
    const click = clickSchema.parse(body);
    const action = decodeAction(clickedValue(click));
    await serve({
      slackUserId: click.user.id,
      interaction: action === null ? null : { kind: 'button', action },
      surface: surfaceOfClick(click),
      // A click inside a modal is answered in that modal.
      triggerId: click.view?.type === 'modal' ? null : (click.trigger_id ?? null),
      arrivedAtMs,
    });
  });

  function surfaceOfClick(click: Click): Surface {
    const slackUserId = click.user.id;
    if (click.view?.type === 'modal') return surfaces.modal(click.view.id, slackUserId);
    if (click.response_url !== undefined) {
      return surfaces.responseUrl(click.response_url, slackUserId);
    }
    return surfaces.direct(slackUserId);
  }

  app.view(formCallbackId, async ({ ack, body }) => {
    await serveForm(submissionSchema.parse(body), ack as AckFn<ViewResponseAction>);
  });

  app.options<'block_suggestion'>(
    { action_id: new RegExp(`^${searchActionPrefix}`) },
    async ({ ack, body }) => {
      const { user, action_id: actionId, value } = suggestionSchema.parse(body);
      const person = await findPerson(user.id);
      const source = searchSources.find((known) => actionId === `${searchActionPrefix}${known}`);
      const found =
        person === null || source === undefined
          ? []
          : await dependencies.suggest(person, source, value);
      await ack({ options: renderOptions(found) });
    },
  );

  app.command(/^\//, async ({ ack, body }) => {
    await ack();
    const arrivedAtMs = dependencies.now();
    const command = commandSchema.parse(body);
    await serve({
      slackUserId: command.user_id,
      interaction: { kind: 'words', text: plainWords(command.text) },
      surface: surfaces.responseUrl(command.response_url, command.user_id),
      triggerId: command.trigger_id,
      arrivedAtMs,
    });
  });

  app.event('message', async ({ event }) => {
    const message = messageSchema.safeParse(event);
    if (!message.success || message.data.channel_type !== 'im') return;
    await serveWords(message.data, surfaces.direct(message.data.user));
  });

  app.event('app_mention', async ({ event }) => {
    const mention = messageSchema.safeParse(event);
    if (!mention.success) return;
    await serveWords(mention.data, surfaces.ephemeral(mention.data.channel, mention.data.user));
  });

  async function serveWords(message: Message, surface: Surface): Promise<void> {
    await serve({
      slackUserId: message.user,
      interaction: { kind: 'words', text: plainWords(message.text) },
      surface,
      triggerId: null,
      arrivedAtMs: dependencies.now(),
    });
  }

  app.event('app_home_opened', async ({ event }) => {
    if (event.tab !== 'home') return;
    await serve({
      slackUserId: event.user,
      interaction: { kind: 'button', action: { kind: 'show-inbox' } },
      surface: surfaces.home(event.user),
      triggerId: null,
      arrivedAtMs: dependencies.now(),
    });
  });

  app.error(async ({ error, body }: { error: CodedError; body: unknown }) => {
    const cause: unknown = error.original ?? error;
    const reference = newReference();
    options.onError(cause, reference);
    // Where Slack itself did not take the answer, another one would fare no better.
    if (cause instanceof ChannelError) return;
    await apologize(body, reference).catch((failure: unknown) =>
      options.onError(failure, reference),
    );
  });

  async function apologize(body: unknown, reference: string): Promise<void> {
    const click = clickSchema.safeParse(body);
    const command = commandSchema.safeParse(body);
    const text = inAllLanguages((texts) => texts.failed(reference));
    if (click.success) {
      await surfaceOfClick(click.data).show({ kind: 'refused', text }, localeOfStrangers);
    } else if (command.success) {
      const { response_url: url, user_id: slackUserId } = command.data;
      await surfaces
        .responseUrl(url, slackUserId)
        .show({ kind: 'refused', text }, localeOfStrangers);
    }
  }

  return {
    handle,
    start: async () => {
      await socket?.start();
    },
    stop: async () => {
      await socket?.stop();
      await within(stopWithinMs, settled());
    },
    settled,
  };
}

/** Bolt with our own receiver; it verifies no token at start, since every call would say that it is wrong. */
function createApp({ token }: SlackInboundOptions): App {
  const receiver: Receiver = {
    init: () => {},
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
  return new App({
    receiver,
    authorize: () => Promise.resolve({ botToken: token }),
    logger: silentLogger,
    convoStore: false,
    extendedErrorHandler: true,
  });
}

/** Clicks that lead to a form or something to read: their modal is opened at once, before it is known what it says. */
function opensModal(interaction: Interaction | null): boolean {
  return (
    interaction?.kind === 'button' &&
    (interaction.action.kind.startsWith('open-') || interaction.action.kind.startsWith('show-'))
  );
}

function loadingView(): ReturnType<typeof renderTextView> {
  const text = inAllLanguages((texts) => texts.working);
  return renderTextView(text, localeOfStrangers);
}

function notLinked(slackUserId: string): string {
  return inAllLanguages((texts) => texts.notLinked(slackUserId));
}

/** For people whose language is not known yet. */
function inAllLanguages(text: (texts: ReturnType<typeof textsFor>['channel']) => string): string {
  return locales.map((locale) => text(textsFor(locale).channel)).join('\n');
}

function newReference(): string {
  return randomBytes(4).toString('hex').toUpperCase();
}

function challengeResponse({ challenge }: Payload): Response {
  return typeof challenge === 'string'
    ? Response.json({ challenge })
    : new Response(null, { status: 400 });
}

/** An acknowledgement as HTTP: nothing, a text, or an object. */
function toResponse(response?: unknown): Response {
  if (response === undefined || response === null || response === '') {
    return new Response(null, { status: 200 });
  }
  return typeof response === 'string' ? new Response(response) : Response.json(response);
}
