import { randomUUID } from 'node:crypto';
import type { CommandContext } from '../commands/context.ts';
import { isPassing } from '../commands/passing-errors.ts';
import type { ActingChannelName, Person } from '../domain/person.ts';
import { createPen } from './cards/context.ts';
import type { FormAction } from './actions.ts';
import type { Interact, Interaction, Reply } from './interaction.ts';
import { contest, decide } from './interact/assessment.ts';
import { answerReview } from './interact/review.ts';
import { press } from './interact/buttons.ts';
import { allCommands, type Commands } from './interact/commands.ts';
import type { Desk } from './interact/desk.ts';
import { chooseFix, chooseFixByCustomer, confirmFix } from './interact/fix-forms.ts';
import {
  chooseRequest,
  chooseTagToChange,
  newRequest,
  talk,
  vote,
} from './interact/request-forms.ts';
import { setPreferences } from './interact/preferences.ts';
import {
  comment,
  dismiss,
  escalate,
  except,
  prolong,
  reassign,
  snooze,
} from './interact/warning-forms.ts';
import { converse } from './interact/words.ts';
import { textsFor } from './texts/texts.ts';
import type { ViewReader } from './views.ts';

export interface InteractLogger {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface InteractDependencies {
  readonly context: CommandContext;
  readonly views: ViewReader;
  /** Base address of the console, without a slash at the end. */
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly logger: InteractLogger;
  /** @default the commands of commands/ */
  readonly commands?: Commands;
}

/**
 * The one door behind all channels. Never rejects: what fails unexpectedly is logged under a reference that the
 * person hears.
 */
export function createInteract(dependencies: InteractDependencies): Interact {
  const { context, views, publicUrl, now, logger, commands = allCommands } = dependencies;
  return async (person, through, interaction, actId) => {
    const texts = textsFor(person.locale);
    if (person.status === 'left') return { kind: 'refused', text: texts.reply.left };
    const cardContext = { publicUrl, nowMs: now() };
    const pen = createPen(person, cardContext);
    const actor = { person, through, actId };
    try {
      return await respond(
        { actor, pen, texts, cardContext, context, commands, views },
        interaction,
      );
    } catch (error) {
      const reference = randomUUID().slice(0, referenceChars);
      logger.error(
        { reference, ...origin(person, through, interaction), ...describeError(error) },
        'An interaction failed.',
      );
      if (isPassing(error)) {
        return { kind: 'refused', text: texts.refusal.unavailable, isPassing: true };
      }
      return { kind: 'refused', text: texts.channel.failed(reference) };
    }
  };
}

const referenceChars = 8;
const stackLinesMax = 12;

async function respond(desk: Desk, interaction: Interaction): Promise<Reply> {
  switch (interaction.kind) {
    case 'button':
      return press(desk, interaction.action);
    case 'form':
      return submit(desk, interaction.action, interaction.fields);
    case 'words':
      return converse(desk, interaction.text);
  }
}

async function submit(
  desk: Desk,
  action: FormAction,
  fields: Readonly<Record<string, string>>,
): Promise<Reply> {
  switch (action.kind) {
    case 'choose-fix':
      return chooseFix(desk, action.warningId, fields);
    case 'choose-fix-by-customer':
      return chooseFixByCustomer(desk, action, fields);
    case 'confirm-fix':
      return confirmFix(desk, action.warningId, action.choice);
    case 'release':
    case 'fixed-by-hand':
      return press(desk, action);
    case 'dismiss':
      return dismiss(desk, action.warningId, fields);
    case 'except':
      return except(desk, action.warningId, fields);
    case 'prolong':
      return prolong(desk, action.warningId, fields);
    case 'snooze':
      return snooze(desk, action.warningId, fields);
    case 'reassign':
      return reassign(desk, action.warningId, fields);
    case 'escalate':
      return escalate(desk, action.warningId, fields);
    case 'comment':
      return comment(desk, action.warningId, fields);
    case 'vote':
      return vote(desk, action, fields);
    case 'withdraw-request':
      return press(desk, action);
    case 'ask':
    case 'answer':
    case 'comment-request':
      return talk(desk, action, fields);
    case 'choose-request':
      return chooseRequest(desk, fields);
    case 'request-tag':
      return newRequest(desk, { what: 'create', similarSeen: action.similarSeen }, fields);
    case 'request-merge':
      return newRequest(desk, { what: 'merge', similarSeen: action.similarSeen }, fields);
    case 'request-retire':
      return newRequest(desk, { what: 'retire', similarSeen: action.similarSeen }, fields);
    case 'request-change':
      return newRequest(desk, action, { tag: action.tag, ...fields });
    case 'choose-tag-to-change':
      return chooseTagToChange(desk, fields);
    case 'contest':
      return contest(desk, fields);
    case 'decide-points':
      return decide(desk, action.pointsId, fields);
    case 'answer-review':
      return answerReview(desk, action.reviewId, fields);
    case 'set-preferences':
      return setPreferences(desk, fields);
  }
}

function origin(person: Person, through: ActingChannelName | 'email', interaction: Interaction) {
  return {
    personCode: person.code,
    through,
    kind: interaction.kind === 'words' ? 'words' : interaction.action.kind,
  };
}

/** An error without its message, which may quote a query's parameters and so a customer. */
function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { errorType: typeof error };
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /u.test(line))
    .slice(0, stackLinesMax);
  const { cause } = error;
  return {
    errorType: error.name,
    ...('code' in error ? { errorCode: error.code } : {}),
    frames,
    ...(cause instanceof Error
      ? { causeType: cause.name, ...('code' in cause ? { causeCode: cause.code } : {}) }
      : {}),
  };
}
