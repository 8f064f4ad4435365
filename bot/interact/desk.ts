import type { Actor, CommandRefusal, CommandResult } from '../../commands/command.ts';
import type { CommandContext } from '../../commands/context.ts';
import type { CardSubject } from '../../commands/refused.ts';
import { permission, type Permission, type WarningAction } from '../../domain/rights.ts';
import { transition, type WarningEvent } from '../../domain/warning.ts';
import type { CardContext, Pen } from '../cards/context.ts';
import { commentCharsMax } from '../forms/warning.ts';
import type { Form } from '../form.ts';
import type { Reply } from '../interaction.ts';
import { describeRefusal } from '../texts/refusals.ts';
import type { Texts } from '../texts/zh-cn.ts';
import type { RequestView, ViewReader, WarningView } from '../views.ts';
import { maySeeRequest, maySeeWarning, withoutHiddenTags } from '../visibility.ts';
import type { Commands } from './commands.ts';

/** Where one interaction of one person is answered. */
export interface Desk {
  readonly actor: Actor;
  readonly pen: Pen;
  readonly texts: Texts;
  readonly cardContext: CardContext;
  readonly context: CommandContext;
  readonly commands: Commands;
  readonly views: ViewReader;
}

export function done(text: string): Reply {
  return { kind: 'done', text };
}

export function refused(text: string): Extract<Reply, { kind: 'refused' }> {
  return { kind: 'refused', text };
}

export async function refuse(desk: Desk, refusal: CommandRefusal): Promise<Reply> {
  const text = describeRefusal(refusal, desk.pen.reader.locale, await desk.views.people());
  // Going to the committee is what becomes of a long exception, not a failure of the asker.
  if (refusal.kind === 'committee-decides') return done(text);
  return refusal.kind === 'unavailable' ? { ...refused(text), isPassing: true } : refused(text);
}

/** What is refused before anything is asked goes on the trail as the command's refusal would, and its card is drawn anew. */
export async function turnDown(
  desk: Desk,
  attempt: {
    readonly action: string;
    readonly subjectKind: 'warning' | 'request' | 'assessment';
    readonly subjectId: string;
    readonly card?: CardSubject;
  },
  refusal: CommandRefusal,
): Promise<Reply> {
  await desk.commands.auditRefusal(desk.context, desk.actor, attempt, refusal);
  return refuse(desk, refusal);
}

/** A command's result as an answer. */
export async function answer<T>(
  desk: Desk,
  result: CommandResult<T>,
  doneText: (value: T) => string,
): Promise<Reply> {
  switch (result.kind) {
    case 'done':
      return done(doneText(result));
    case 'unchanged':
      return done(desk.texts.reply.unchanged);
    case 'refused':
      return refuse(desk, result.refusal);
  }
}

/** Reads a warning and goes on with what of it this person may see, or says that there is none. */
export async function withWarning(
  desk: Desk,
  warningId: number,
  goOn: (view: WarningView) => Reply | Promise<Reply>,
): Promise<Reply> {
  const { person } = desk.actor;
  const [view, sight] = await Promise.all([
    desk.views.warning(warningId),
    desk.views.sight(person),
  ]);
  return view === null || !maySeeWarning(person, view, sight)
    ? refuse(desk, { kind: 'not-found', what: 'warning', id: String(warningId) })
    : goOn(withoutHiddenTags(view, person, sight));
}

export async function withRequest(
  desk: Desk,
  requestId: number,
  goOn: (view: RequestView) => Reply | Promise<Reply>,
): Promise<Reply> {
  const { person } = desk.actor;
  const [view, sight] = await Promise.all([
    desk.views.request(requestId),
    desk.views.sight(person),
  ]);
  return view === null || !maySeeRequest(person, view.request, sight)
    ? refuse(desk, { kind: 'not-found', what: 'request', id: String(requestId) })
    : goOn(view);
}

/** Asks only what can be done: the right and the state are looked at before a form opens, and by the command again. */
export async function askIfPossible(
  desk: Desk,
  warningId: number,
  action: WarningAction,
  ask: (view: WarningView) => Reply | Promise<Reply>,
): Promise<Reply> {
  return withWarning(desk, warningId, (view) => {
    const refusal = refusalNow(desk, view, action);
    if (refusal === null) return ask(view);
    const attempt = { action, subjectKind: 'warning', subjectId: String(warningId) } as const;
    return turnDown(desk, attempt, refusal);
  });
}

/** Whether whoever asks may do this to a warning, whatever its state. */
export function rightTo(desk: Desk, view: WarningView, action: WarningAction): Permission {
  return permission(desk.actor.person, view.warning, action, {
    deputyCode: view.deputyCode,
    owner: view.people.get(view.warning.ownerCode),
  });
}

function refusalNow(desk: Desk, view: WarningView, action: WarningAction): CommandRefusal | null {
  const { person } = desk.actor;
  const right = rightTo(desk, view, action);
  if (right.kind !== 'allowed') return right;
  const event = eventOf(action, person.code);
  if (event === null) return null;
  const answered = transition(view.warning, event, desk.pen.nowMs);
  return answered.kind === 'refused' ? answered.refusal : null;
}

const nobodyYet = { to: { kind: 'manager' }, personCodes: [], atMs: 0 } as const;

/** The event an action would be, as far as a refusal depends on it; null where every state allows it. */
function eventOf(action: WarningAction, by: string): WarningEvent | null {
  switch (action) {
    case 'fix':
      return { kind: 'fix-started', by, fixId: 0 };
    case 'dismiss':
      return { kind: 'dismissed', by, reason: 'other' };
    case 'except':
      return { kind: 'excepted', by };
    case 'snooze':
      return { kind: 'snoozed', by, untilMs: 0, timesMax: Number.POSITIVE_INFINITY };
    case 'reassign':
      return { kind: 'reassigned', by, to: '' };
    case 'claim':
      return { kind: 'claimed', by };
    case 'release':
      return { kind: 'released', by };
    case 'fixed-by-hand':
      return { kind: 'fixed-by-hand', by };
    case 'escalate':
      // Who comes next is known to the warning's workflow, which refuses where nobody does.
      return { kind: 'escalated-now', by, next: { level: 0, escalation: nobodyYet } };
    case 'comment':
    case 'undo':
      return null;
  }
}

/** What a person wrote, no longer than the form allows. */
export function ownWords(text: string | undefined): string {
  return (text ?? '').trim().slice(0, commentCharsMax);
}

export function missing(desk: Desk, field: keyof Desk['texts']['field']): Reply {
  return refused(desk.texts.reply.fieldMissing(desk.texts.field[field].label));
}

export function form(asked: Form): Reply {
  return { kind: 'form', form: asked };
}
