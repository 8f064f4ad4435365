import { mayTurnOffAutoFix, permission, type WarningAction } from '../../domain/rights.ts';
import type { Button } from '../card.ts';
import { personName } from '../texts/texts.ts';
import type { WarningView } from '../views.ts';
import type { Pen } from './context.ts';
import { stepsAhead } from './escalation.ts';
import { affectedCustomers } from './warning-words.ts';

export interface Buttons {
  readonly buttons: readonly Button[];
  readonly menu: readonly Button[];
}

type WarningButtonKind =
  | 'claim'
  | 'stillOnIt'
  | 'release'
  | 'fix'
  | 'fixedByHand'
  | 'dismiss'
  | 'except'
  | 'snooze'
  | 'reassign'
  | 'escalate'
  | 'comment'
  | 'fixAgain'
  | 'undo'
  | 'turnOffAutoFix'
  | 'details'
  | 'history';

/** Which right a button needs; null: looking is free. */
const rightFor: Readonly<Record<WarningButtonKind, WarningAction | null>> = {
  claim: 'claim',
  stillOnIt: 'claim',
  release: 'release',
  fix: 'fix',
  fixedByHand: 'fixed-by-hand',
  dismiss: 'dismiss',
  except: 'except',
  snooze: 'snooze',
  reassign: 'reassign',
  escalate: 'escalate',
  comment: 'comment',
  fixAgain: 'fix',
  undo: 'undo',
  turnOffAutoFix: null,
  details: null,
  history: null,
};

/** What this reader can do with the warning as it is now: two or three buttons, the rest in the menu. */
export function warningButtons(view: WarningView, pen: Pen): Buttons {
  const { main, rest } = offered(view, pen);
  const allowed = (kind: WarningButtonKind) => isAllowed(kind, view, pen);
  const mainAllowed = main.filter(allowed);
  const restAllowed = rest.filter(allowed);
  // Who may only look still gets a button to look closer with.
  const [shown, menu] =
    mainAllowed.length > 0
      ? [mainAllowed, restAllowed]
      : [['details'] as const, restAllowed.filter((kind) => kind !== 'details')];
  return {
    buttons: shown.map((kind, index) => button(kind, view, pen, index === 0)),
    menu: menu.map((kind) => menuItem(kind, view, pen)),
  };
}

interface Offer {
  readonly main: readonly WarningButtonKind[];
  readonly rest: readonly WarningButtonKind[];
}

function offered(view: WarningView, pen: Pen): Offer {
  const { state } = view.warning;
  const fixable: readonly WarningButtonKind[] = view.resolutions.length > 0 ? ['fix'] : [];
  const upwards: readonly WarningButtonKind[] = stepsAhead(view).length > 0 ? ['escalate'] : [];
  const again: readonly WarningButtonKind[] =
    fixable.length > 0 && (view.leftAfterFix?.notFixed ?? 0) > 0 ? ['fixAgain'] : [];
  const looking: readonly WarningButtonKind[] = [...turningOff(view, pen), 'details', 'history'];
  switch (state.kind) {
    case 'open':
      return fixable.length > 0
        ? {
            main: ['claim', 'fix', 'dismiss'],
            rest: [
              ...again,
              'fixedByHand',
              'except',
              'snooze',
              'reassign',
              ...upwards,
              'comment',
              ...looking,
            ],
          }
        : {
            main: ['claim', 'fixedByHand', 'dismiss'],
            rest: ['except', 'snooze', 'reassign', ...upwards, 'comment', ...looking],
          };
    case 'claimed':
      return state.by === pen.reader.code
        ? {
            ...(state.answerByMs === undefined
              ? { main: [...fixable, 'fixedByHand', 'dismiss'] as const }
              : { main: ['stillOnIt', ...fixable, 'fixedByHand'] as const }),
            rest: [
              ...again,
              ...(state.answerByMs === undefined ? [] : (['dismiss'] as const)),
              'except',
              'snooze',
              'reassign',
              'release',
              ...upwards,
              'comment',
              ...looking,
            ],
          }
        : { main: [], rest: ['release', 'reassign', ...upwards, 'comment', ...looking] };
    case 'fixing':
    case 'verifying':
      return { main: [], rest: ['comment', ...looking] };
    case 'closed':
      return canUndo(view, pen) ? { main: ['undo'], rest: looking } : { main: [], rest: looking };
  }
}

function turningOff(view: WarningView, pen: Pen): readonly WarningButtonKind[] {
  const { rule, warning } = view;
  const is =
    rule.autoFix !== undefined && mayTurnOffAutoFix(pen.reader, rule, warning, view.people);
  return is ? ['turnOffAutoFix'] : [];
}

/** Whether the warning's fix can still be taken back, whoever asks. */
export function canUndo(view: WarningView, pen: Pen): boolean {
  const { fix } = view;
  return (
    fix !== null &&
    fix.state === 'written' &&
    fix.counts.changed > 0 &&
    fix.undoUntilMs !== null &&
    fix.undoUntilMs > pen.nowMs
  );
}

function isAllowed(kind: WarningButtonKind, view: WarningView, pen: Pen): boolean {
  const right = rightFor[kind];
  return (
    right === null ||
    permission(pen.reader, view.warning, right, {
      deputyCode: view.deputyCode,
      owner: view.people.get(view.warning.ownerCode),
    }).kind === 'allowed'
  );
}

/** A menu cannot ask before it acts: what has to be asked opens a form. */
function menuItem(kind: WarningButtonKind, view: WarningView, pen: Pen): Button {
  const item = button(kind, view, pen, false);
  const { action } = item;
  if (action.kind !== 'release' && action.kind !== 'fixed-by-hand') return item;
  return {
    ...item,
    label: `${item.label}${pen.texts.goesOn}`,
    action: { kind: `open-${action.kind}`, warningId: action.warningId },
    confirm: null,
  };
}

function button(kind: WarningButtonKind, view: WarningView, pen: Pen, isFirst: boolean): Button {
  const { texts } = pen;
  const warningId = view.warning.id;
  const style = isFirst && kind !== 'details' && kind !== 'undo' ? 'primary' : 'default';
  const plainButton = { style, confirm: null } as const;
  switch (kind) {
    case 'claim':
      return { ...plainButton, label: texts.button.claim, action: { kind: 'claim', warningId } };
    case 'stillOnIt':
      return {
        ...plainButton,
        label: texts.button.stillOnIt,
        action: { kind: 'still-on-it', warningId },
      };
    case 'release':
      return {
        style,
        label: releaseLabel(view, pen),
        action: { kind: 'release', warningId },
        confirm: texts.confirm.release,
      };
    case 'fix':
      return { ...plainButton, label: texts.button.fix, action: { kind: 'open-fix', warningId } };
    case 'fixedByHand':
      return {
        style,
        label: texts.button.fixedByHand,
        action: { kind: 'fixed-by-hand', warningId },
        confirm: texts.confirm.fixedByHand(affectedCustomers(view)),
      };
    case 'dismiss':
      return {
        ...plainButton,
        label: texts.button.dismiss,
        action: { kind: 'open-dismiss', warningId },
      };
    case 'except':
      return {
        ...plainButton,
        label: texts.button.except,
        action: { kind: 'open-except', warningId },
      };
    case 'snooze':
      return {
        ...plainButton,
        label: texts.button.snooze,
        action: { kind: 'open-snooze', warningId },
      };
    case 'reassign':
      return {
        ...plainButton,
        label: texts.button.reassign,
        action: { kind: 'open-reassign', warningId },
      };
    case 'escalate':
      return {
        ...plainButton,
        label: texts.button.escalate,
        action: { kind: 'open-escalate', warningId },
      };
    case 'comment':
      return {
        ...plainButton,
        label: texts.button.comment,
        action: { kind: 'open-comment', warningId },
      };
    case 'fixAgain':
      return {
        ...plainButton,
        label: texts.button.fixAgain(view.leftAfterFix?.notFixed ?? 0),
        action: { kind: 'open-fix-again', warningId, fixId: view.fix?.id ?? 0 },
      };
    case 'undo':
      return {
        style,
        label: texts.button.undo,
        action: { kind: 'undo', fixId: view.fix?.id ?? 0 },
        confirm: texts.confirm.undo(view.fix?.counts.changed ?? 0),
      };
    case 'turnOffAutoFix':
      return {
        ...plainButton,
        label: texts.button.turnOffAutoFix,
        action: { kind: 'turn-off-auto-fix', warningId },
      };
    case 'details':
      return {
        ...plainButton,
        label: texts.button.details,
        action: { kind: 'show-details', warningId },
      };
    case 'history':
      return {
        ...plainButton,
        label: texts.button.history,
        action: { kind: 'show-history', warningId },
      };
  }
}

function releaseLabel(view: WarningView, pen: Pen): string {
  const { state } = view.warning;
  return state.kind === 'claimed' && state.by !== pen.reader.code
    ? pen.texts.button.releaseOther(personName(state.by, view.people, pen.reader.locale))
    : pen.texts.button.release;
}
