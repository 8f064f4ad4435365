import type { LocalizedText } from './locale.ts';

/** How members of a duty take turns. */
export type Rotation =
  /** Nobody does: all of them have it. */
  | { readonly kind: 'everybody' }
  /** Each new warning goes to the next one. */
  | { readonly kind: 'round-robin' }
  /** One member after another for a day or a week, from `startsOn` (such as 2026-11-23) on. */
  | {
      readonly kind: 'shifts';
      readonly every: 'day' | 'week';
      readonly startsOn: string;
      /** Minutes since midnight in `timeZone`. */
      readonly handOverMinute: number;
      readonly timeZone: string;
    };

/** People who answer for something together. */
export interface Duty {
  readonly code: string;
  readonly name: LocalizedText;
  /** In the order of their turns. */
  readonly memberCodes: readonly string[];
  readonly rotation: Rotation;
}

/** Whether a member can take a turn now, only later, or never again. */
export type Presence = 'here' | 'away' | 'left';

/**
 * Who has the turn: the member it falls on, or the next one who is here. Where all are away, whoever it falls on of
 * those who have not left; empty where all have left. `turn` counts from 0 and goes round.
 */
export function membersOnDuty(
  duty: Duty,
  turn: number,
  presenceOf: (code: string) => Presence,
): readonly string[] {
  const { memberCodes: members, rotation } = duty;
  const remaining = members.filter((code) => presenceOf(code) !== 'left');
  if (rotation.kind === 'everybody') {
    const here = remaining.filter((code) => presenceOf(code) === 'here');
    return here.length > 0 ? here : remaining;
  }
  const start = ((turn % members.length) + members.length) % members.length;
  const inTurn = [...members.slice(start), ...members.slice(0, start)];
  const next =
    inTurn.find((code) => presenceOf(code) === 'here') ??
    inTurn.find((code) => presenceOf(code) === 'away');
  return next === undefined ? [] : [next];
}
