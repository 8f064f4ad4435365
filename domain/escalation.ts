import type { Deadline } from './deadline.ts';
import type { EscalationTarget } from './policy.ts';
import type { Warning } from './warning.ts';

/** A step of the policy worked out for one warning. */
export interface ChainStep {
  readonly on: Deadline;
  /** Epoch milliseconds. */
  readonly dueAtMs: number;
  readonly to: EscalationTarget;
  /** Empty where nobody holds the place; such a step is passed over. A group is told as such. */
  readonly personCodes: readonly string[];
}

/** A step that was taken. */
export interface Escalation {
  readonly to: EscalationTarget;
  readonly personCodes: readonly string[];
  readonly atMs: number;
  /** Who took it before its time; absent where its deadline did. */
  readonly by?: string;
}

/** How many steps of the chain a warning has come by now; never fewer than it had. */
export function dueLevel(warning: Warning, chain: readonly ChainStep[], nowMs: number): number {
  let { level } = warning;
  for (const [index, step] of chain.entries()) {
    if (isWaiting(warning, step) && step.dueAtMs <= nowMs) level = Math.max(level, index + 1);
  }
  return level;
}

/** When the next step comes due as things stand; null where none does. Epoch milliseconds. */
export function nextStepAtMs(warning: Warning, chain: readonly ChainStep[]): number | null {
  const due = chain
    .slice(warning.level)
    .filter((step) => isWaiting(warning, step))
    .map((step) => step.dueAtMs);
  return due.length === 0 ? null : Math.min(...due);
}

function reaches({ to, personCodes }: ChainStep): boolean {
  return to.kind === 'group' || personCodes.length > 0;
}

function isWaiting(warning: Warning, step: ChainStep): boolean {
  if (!reaches(step) || warning.state.kind === 'closed') return false;
  return step.on === 'close' || warning.state.kind === 'open';
}

/** The steps that bring a warning to `level`, as taken at an instant. */
export function takeSteps(
  warning: Warning,
  chain: readonly ChainStep[],
  to: { readonly level: number; readonly atMs: number },
): readonly Escalation[] {
  return chain
    .slice(warning.level, to.level)
    .filter(reaches)
    .map((step) => ({ to: step.to, personCodes: step.personCodes, atMs: to.atMs }));
}

/** The next step with somebody in it, taken before its time; null where the chain is at its end. */
export function takeNextStep(
  warning: Warning,
  chain: readonly ChainStep[],
  taken: { readonly by: string; readonly atMs: number },
): { readonly level: number; readonly escalation: Escalation } | null {
  const offset = chain.slice(warning.level).findIndex(reaches);
  const step = chain[warning.level + offset];
  if (offset < 0 || step === undefined) return null;
  const { to, personCodes } = step;
  return { level: warning.level + offset + 1, escalation: { to, personCodes, ...taken } };
}

/** Everybody a warning was escalated to, each once. */
export function escalatedCodes(warning: Pick<Warning, 'escalations'>): readonly string[] {
  return [...new Set(warning.escalations.flatMap((one) => one.personCodes))];
}
