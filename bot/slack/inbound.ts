import { setTimeout as sleep } from 'node:timers/promises';
import {
  App,
  type AckFn,
  type CodedError,
  type Context,
  type Receiver,
  type ViewResponseAction,
} from '@slack/bolt';
import type { Locale } from '../../domain/locale.ts';
import type { Person } from '../../domain/person.ts';
import { assertNever } from '../../domain/assert-never.ts';
import { ChannelError } from '../channel.ts';
import { searchSources } from '../form.ts';
import {
  isPassing,
  type InboundDependencies,
  type Interaction,
  type Reply,
} from '../interaction.ts';
import { createKeeper, type Served as Outcome, type Visit } from '../keeper.ts';
import { newReference } from '../reference.ts';
import { inAllLanguages, localeOfStrangers, strangerReason } from '../strangers.ts';
import {
  createSlackClient,
  isConversationEmpty,
  readEmail,
  silentLogger,
  type SlackClientOptions,
} from './client.ts';
import type { Payload } from './door.ts';
import { triggerLifeMs } from './limits.ts';
import {
  clickSchema,
  commandSchema,
  messageSchema,
  submissionSchema,
  suggestionSchema,
  type Message,
  type Submission,
} from './payloads.ts';
import { formCallbackId, renderOptions, searchActionPrefix } from './form.ts';
import { createReception, lineView, type LineToStrangers, type Ongoing } from './reception.ts';
import { actionIdPrefix } from './render.ts';
import { createSlackSocket, within } from './socket.ts';
import { createSurfaces, viewOf, type Surface } from './surface.ts';
import {
  clickOf,
  formOf,
  opensModal,
  placeSchema,
  readVisit,
  whereClicked,
  whereSaid,
  wordsOf,
  type Place,
  type Whereabouts,
} from './visit.ts';
import { createFormat } from '../texts/format.ts';
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

/** What Slack brought: who did what, and where they can be answered. */
interface Served extends Whereabouts {
  readonly interaction: Interaction | null;
  /** Opens modals for three seconds from `arrivedAtMs`; null where there is none or none is wanted. */
  readonly triggerId: string | null;
  readonly arrivedAtMs: number;
}

/**
 * The way in from Slack, over HTTP and socket mode: a strict door, each event once, kept until it is done, an
 * acknowledgement within three seconds whatever happens behind it, and answers that only the person sees.
 */
export function createSlackInbound(
  dependencies: InboundDependencies,
  options: SlackInboundOptions,
): SlackInbound {
  const client = createSlackClient(options);
  const surfaces = createSurfaces({ ...options, client });
  const app = createApp(options);
  const keeper = createKeeper({
    channel: 'slack',
    events: dependencies.events,
    secret: options.token,
    now: () => dependencies.now(),
    onError: (error) => options.onError(error, newReference()),
    resume,
    giveUp,
  });
  const reception = createReception({
    signingSecret: options.signingSecret,
    keeper,
    now: () => dependencies.now(),
    refuseAtDoor: (channel, reason) => dependencies.refuseAtDoor(channel, reason),
    attend: (body, ongoing, ack) => app.processEvent({ body, ack, customProperties: { ongoing } }),
    say,
    onError: (error, reference) => options.onError(error, reference),
  });
  const socket =
    options.appToken === undefined
      ? null
      : createSlackSocket({
          ...options,
          appToken: options.appToken,
          onEnvelope: (envelope) => reception.takeEnvelope(envelope),
          onError: (error) => options.onError(error, newReference()),
        });

  /** A line in both languages, since it may not be known yet who this is. */
  async function say({ slackUserId, place }: Whereabouts, line: LineToStrangers): Promise<void> {
    const text = inAllLanguages((texts) => texts[line]);
    await surfaceOf(place, slackUserId).show({ kind: 'refused', text }, localeOfStrangers);
  }

  function surfaceOf(place: Place, slackUserId: string): Surface {
    switch (place.kind) {
      case 'modal':
        return surfaces.modal(place.viewId, slackUserId);
      case 'response-url':
        return surfaces.responseUrl(place.url, slackUserId);
      case 'ephemeral':
        return surfaces.ephemeral(place.channel, slackUserId);
      case 'direct':
        return surfaces.direct(slackUserId);
      case 'home':
        return surfaces.home(slackUserId);
      default:
        return assertNever(place);
    }
  }

  /** Does what was not done when it came. */
  async function resume(visit: Visit, actId: string): Promise<Outcome> {
    const place = placeSchema.safeParse(visit.place);
    const { platformUserId: slackUserId, interaction } = visit;
    const person = await recognise(slackUserId);
    const reply = 'kind' in person ? person : await ask(person, interaction, actId);
    if (isPassing(reply)) return 'passing';
    const surface = surfaceOf(place.success ? place.data : { kind: 'direct' }, slackUserId);
    await surface.show(reply, 'kind' in person ? localeOfStrangers : person.locale);
    return 'done';
  }

  async function giveUp(slackUserId: string, receivedAtMs: number): Promise<void> {
    const person = await recognise(slackUserId);
    if ('kind' in person) return;
    const when = createFormat(person, dependencies.now()).dateTime(receivedAtMs);
    const text = textsFor(person.locale).channel.givenUp(when);
    await surfaces.direct(slackUserId).show({ kind: 'refused', text }, person.locale);
  }

  async function settled(): Promise<void> {
    do {
      await Promise.allSettled(reception.underWay);
      await keeper.settled();
    } while (reception.underWay.size > 0);
  }

  /** Asks what the person may and wants to know; a fault becomes one sentence with a reference. */
  async function ask(
    person: Person,
    interaction: Interaction | null,
    actId?: string,
  ): Promise<Reply> {
    if (interaction === null) {
      return { kind: 'refused', text: textsFor(person.locale).channel.outdated };
    }
    try {
      return await dependencies.interact(person, 'slack', interaction, actId);
    } catch (error) {
      const reference = newReference();
      options.onError(error, reference);
      return { kind: 'refused', text: textsFor(person.locale).channel.failed(reference) };
    }
  }

  /** The person, or what is said where nobody is found. */
  async function recognise(slackUserId: string): Promise<Person | Reply> {
    try {
      const person = await dependencies.findPerson('slack', slackUserId);
      if (person?.status === 'active') return person;
      if (person === null) {
        await dependencies.meet('slack', slackUserId, () => readEmail(client, slackUserId));
      }
      await dependencies.refuseAtDoor('slack', strangerReason(person));
      return { kind: 'refused', text: inAllLanguages((texts) => texts.notLinked(slackUserId)) };
    } catch (error) {
      const reference = newReference();
      options.onError(error, reference);
      const text = inAllLanguages((texts) => texts.failed(reference));
      return { kind: 'refused', text, isPassing: true };
    }
  }

  /** What cannot be done now and is kept is done later, and so it is said. */
  function settle(reply: Reply, ongoing: Ongoing, locale: Locale | null): Reply {
    if (ongoing.actId === undefined || !isPassing(reply)) return reply;
    ongoing.outcome = 'passing';
    const text =
      locale === null ? inAllLanguages(({ kept }) => kept) : textsFor(locale).channel.kept;
    return { kind: 'refused', text };
  }

  function isTriggerFresh(visit: Served): visit is Served & { readonly triggerId: string } {
    return visit.triggerId !== null && dependencies.now() - visit.arrivedAtMs < triggerLifeMs;
  }

  async function serve(visit: Served, ongoing: Ongoing): Promise<void> {
    const surface = surfaceOf(visit.place, visit.slackUserId);
    const person = await recognise(visit.slackUserId);
    if ('kind' in person) return surface.show(settle(person, ongoing, null), localeOfStrangers);
    const { locale } = person;
    const [modal, asked] = await Promise.all([
      openAhead(visit, locale),
      ask(person, visit.interaction, ongoing.actId),
    ]);
    const reply = settle(asked, ongoing, locale);
    if (modal !== null) return modal.show(reply, locale);
    const canOpen = !opensModal(visit.interaction) && isTriggerFresh(visit);
    if (reply.kind === 'form' && canOpen && (await surfaces.openForm(visit.triggerId, reply))) {
      return;
    }
    await surface.show(reply, locale);
  }

  /** Null where no modal is wanted or none could be opened: the answer then goes to the conversation. */
  async function openAhead(visit: Served, locale: Locale): Promise<Surface | null> {
    if (!opensModal(visit.interaction) || !isTriggerFresh(visit)) return null;
    try {
      return await surfaces.openModal(visit.triggerId, visit.slackUserId, locale);
    } catch (error) {
      options.onError(error, newReference());
      return null;
    }
  }

  /** A form's answer takes its place in the modal: at once where it is ready in time, by an update where not. */
  async function serveForm(
    submission: Submission,
    ongoing: Ongoing,
    acknowledge: AckFn<ViewResponseAction>,
  ): Promise<void> {
    const { user, view } = submission;
    const answering = answerForm(submission, ongoing);
    const patience = new AbortController();
    const ready = await Promise.race([
      answering,
      sleep(options.formPatienceMs ?? formPatienceMsDefault, null, patience),
    ]).finally(() => patience.abort());
    if (ready !== null && !ongoing.isLate) {
      await acknowledge({ response_action: 'update', view: viewOf(ready.reply, ready.locale) });
      return;
    }
    await acknowledge({ response_action: 'update', view: lineView('working') });
    const { reply, locale } = await answering;
    await sleep(settleMs);
    await surfaces.modal(view.id, user.id).show(reply, locale);
  }

  async function answerForm(
    submission: Submission,
    ongoing: Ongoing,
  ): Promise<{ readonly reply: Reply; readonly locale: Locale }> {
    const person = await recognise(submission.user.id);
    if ('kind' in person) {
      return { reply: settle(person, ongoing, null), locale: localeOfStrangers };
    }
    const asked = await ask(person, formOf(submission), ongoing.actId);
    return { reply: settle(asked, ongoing, person.locale), locale: person.locale };
  }

  app.action({ action_id: new RegExp(`^${actionIdPrefix}`) }, async ({ ack, body, context }) => {
    await ack();
    const arrivedAtMs = dependencies.now();
    const click = clickSchema.parse(body);
    const whereabouts = whereClicked(click);
    const isInModal = whereabouts.place.kind === 'modal';
    const triggerId = isInModal ? null : (click.trigger_id ?? null);
    await serve(
      { ...whereabouts, interaction: clickOf(click), triggerId, arrivedAtMs },
      ongoingOf(context),
    );
  });

  app.view(formCallbackId, async ({ ack, body, context }) => {
    const acknowledge = ack as AckFn<ViewResponseAction>;
    await serveForm(submissionSchema.parse(body), ongoingOf(context), acknowledge);
  });

  app.options<'block_suggestion'>(
    { action_id: new RegExp(`^${searchActionPrefix}`) },
    async ({ ack, body }) => {
      const { user, action_id: actionId, value } = suggestionSchema.parse(body);
      const person = await recognise(user.id);
      const source = searchSources.find((known) => actionId === `${searchActionPrefix}${known}`);
      const found =
        'kind' in person || source === undefined
          ? []
          : await dependencies.suggest(person, source, value);
      await ack({ options: renderOptions(found) });
    },
  );

  app.command(/^\//, async ({ ack, body, context }) => {
    await ack();
    const arrivedAtMs = dependencies.now();
    const command = commandSchema.parse(body);
    await serve(
      {
        slackUserId: command.user_id,
        interaction: wordsOf(command),
        place: { kind: 'response-url', url: command.response_url },
        triggerId: command.trigger_id,
        arrivedAtMs,
      },
      ongoingOf(context),
    );
  });

  app.event('message', async ({ event, context }) => {
    const message = messageSchema.safeParse(event);
    if (!message.success || message.data.channel_type !== 'im') return;
    await serveWords(message.data, ongoingOf(context));
  });

  app.event('app_mention', async ({ event, context }) => {
    const mention = messageSchema.safeParse(event);
    if (mention.success) await serveWords(mention.data, ongoingOf(context));
  });

  async function serveWords(message: Message, ongoing: Ongoing): Promise<void> {
    const said = { ...whereSaid(message), interaction: wordsOf(message) };
    await serve({ ...said, triggerId: null, arrivedAtMs: dependencies.now() }, ongoing);
  }

  app.event('app_home_opened', async ({ event, context }) => {
    if (event.tab === 'messages') {
      await greet({ slackUserId: event.user, channel: event.channel }, ongoingOf(context));
      return;
    }
    if (event.tab !== 'home') return;
    await serve(
      {
        slackUserId: event.user,
        interaction: { kind: 'button', action: { kind: 'show-inbox' } },
        place: { kind: 'home' },
        triggerId: null,
        arrivedAtMs: dependencies.now(),
      },
      ongoingOf(context),
    );
  });

  /** Whoever opens the conversation for the first time is told what can be said there, or how to be known. */
  async function greet(
    { slackUserId, channel }: { readonly slackUserId: string; readonly channel: string },
    ongoing: Ongoing,
  ): Promise<void> {
    if (!(await isConversationEmpty(client, channel))) return;
    const said = { interaction: { kind: 'words', text: '' }, place: { kind: 'direct' } } as const;
    const arrivedAtMs = dependencies.now();
    await serve({ slackUserId, ...said, triggerId: null, arrivedAtMs }, ongoing);
  }

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
    const found = readVisit(body as Payload);
    if (found === null || found.whereabouts.place.kind === 'modal') return;
    const text = inAllLanguages((texts) => texts.failed(reference));
    const { place, slackUserId } = found.whereabouts;
    await surfaceOf(place, slackUserId).show({ kind: 'refused', text }, localeOfStrangers);
  }

  return {
    handle: (request) => reception.handle(request),
    start: async () => {
      keeper.start();
      await socket?.start();
    },
    stop: async () => {
      await socket?.stop();
      keeper.stop();
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

function ongoingOf(context: Context): Ongoing {
  return context['ongoing'] as Ongoing;
}
