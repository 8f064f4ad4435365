import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { findPoints, movePoints } from '../db/stores/assessment.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { loadPeople } from '../db/stores/people.ts';
import {
  contestRefusal,
  decideRefusal,
  defaultContestWithinMs,
  type AssessmentPoints,
  type PointsState,
} from '../domain/assessment.ts';
import { temporalConfig } from '../temporal.config.ts';
import { pointsWorkflowId } from '../workflows/messages.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { noteFault } from './note.ts';
import { auditingRefusal } from './refused.ts';
import { isUnavailable } from './temporal-errors.ts';

type PointsResult = CommandResult<{ readonly points: AssessmentPoints }>;

/** Contests points of one's own and says why; they count until somebody decides. Refused attempts are audited. */
export async function contestPoints(
  context: CommandContext,
  actor: Actor,
  input: { readonly pointsId: number; readonly reason: string },
): Promise<PointsResult> {
  const { assessment } = await loadPolicy(context.database.query);
  const contestWithinMs = assessment?.contestWithinMs ?? defaultContestWithinMs;
  const nowMs = context.now();
  return move(context, actor, { ...input, action: 'contest', text: input.reason }, (points) => {
    const refusal = contestRefusal(actor.person, points, { nowMs, contestWithinMs });
    if (refusal !== null) return { kind: 'refused', refusal };
    const after = { kind: 'contested', atMs: nowMs, reason: input.reason.trim() } as const;
    return { kind: 'moves', after };
  });
}

/** Decides on contested points with an answer to whoever contested them: they stand, or count no more. */
export async function decidePoints(
  context: CommandContext,
  actor: Actor,
  input: {
    readonly pointsId: number;
    readonly decision: 'upheld' | 'withdrawn';
    readonly answer: string;
  },
): Promise<PointsResult> {
  const people = await loadPeople(context.database.query);
  const { decision: kind, answer } = input;
  return move(context, actor, { ...input, action: 'decide', text: answer }, (points) => {
    const refusal = decideRefusal(actor.person, points, people);
    if (refusal !== null) return { kind: 'refused', refusal };
    const reason = points.state.kind === 'contested' ? points.state.reason : '';
    const by = actor.person.code;
    const after = { kind, by, atMs: context.now(), reason, answer: answer.trim() };
    return { kind: 'moves', after };
  });
}

/** At once where Temporal answers; otherwise within the hour, by what looks for news nobody was told of. */
async function tellOf(
  { temporal }: CommandContext,
  { id, state }: AssessmentPoints,
): Promise<void> {
  try {
    await temporal.workflow.start('notices', {
      workflowId: pointsWorkflowId(id, state.kind),
      taskQueue: temporalConfig.taskQueues.warnings,
      args: [{ pointsId: id }],
    });
  } catch (error) {
    const isTold = error instanceof WorkflowExecutionAlreadyStartedError;
    if (!isTold && !isUnavailable(error)) throw error;
  }
}

type Step =
  | { readonly kind: 'refused'; readonly refusal: CommandRefusal }
  | { readonly kind: 'moves'; readonly after: PointsState };

async function move(
  context: CommandContext,
  actor: Actor,
  input: {
    readonly pointsId: number;
    readonly action: 'contest' | 'decide';
    readonly text: string;
  },
  step: (points: AssessmentPoints) => Step,
): Promise<PointsResult> {
  const { pointsId, action } = input;
  const points = await findPoints(context.database.query, pointsId);
  if (points === null) {
    const id = String(pointsId);
    return { kind: 'refused', refusal: { kind: 'not-found', what: 'points', id } };
  }
  const field = action === 'contest' ? 'reason' : 'answer';
  const fault = noteFault(input.text, { field, required: true });
  const asked = step(points);
  const next: Step =
    asked.kind === 'moves' && fault !== null ? { kind: 'refused', refusal: fault } : asked;
  if (next.kind === 'refused') {
    const attempt = { action, subjectKind: 'assessment', subjectId: String(pointsId) };
    const card = { kind: 'points', id: pointsId } as const;
    return auditingRefusal(context, actor, { ...attempt, card }, next);
  }
  const by = {
    personCode: actor.person.code,
    through: actor.through,
    nowMs: context.now(),
  };
  const states = { before: points.state, after: next.after };
  const moved = await movePoints(context.database, pointsId, states, by);
  if (moved !== null) {
    await tellOf(context, moved);
    return { kind: 'done', points: moved };
  }
  const kind = action === 'contest' ? 'contested-before' : 'not-contested';
  return { kind: 'refused', refusal: { kind } };
}
