import { decideRefusal } from '../../domain/assessment.ts';
import { assessmentCard } from '../cards/assessment.ts';
import { contestForm, decidePointsForm } from '../forms/assessment.ts';
import type { Reply } from '../interaction.ts';
import { answer, missing, ownWords, refuse, refused, turnDown, type Desk } from './desk.ts';

type Fields = Readonly<Record<string, string>>;

/** The reader's points of this month. */
export async function showAssessment({ actor, cardContext, views }: Desk): Promise<Reply> {
  const view = await views.assessmentNow(actor.person);
  return { kind: 'card', card: assessmentCard(view, actor.person, cardContext) };
}

export async function askWhatToContest({ actor, pen, texts, views }: Desk): Promise<Reply> {
  const contestable = await views.contestable(actor.person);
  return contestable.length === 0
    ? refused(texts.assessment.nothingToContest)
    : { kind: 'form', form: contestForm(contestable, pen) };
}

export async function contest(desk: Desk, fields: Fields): Promise<Reply> {
  const { actor, commands, context, texts } = desk;
  const pointsId = Number(fields['points']);
  if (!Number.isInteger(pointsId)) return refused(texts.reply.chooseOne);
  const reason = ownWords(fields['reason']);
  if (reason === '') return missing(desk, 'reason');
  const result = await commands.contestPoints(context, actor, { pointsId, reason });
  return answer(desk, result, () => texts.reply.contested);
}

/** Asks only whoever may decide now; the command looks again. */
export async function askForDecision(desk: Desk, pointsId: number): Promise<Reply> {
  const { actor, pen, views } = desk;
  const view = await views.points(pointsId, actor.person);
  const id = String(pointsId);
  if (view === null) return refuse(desk, { kind: 'not-found', what: 'points', id });
  const refusal = decideRefusal(actor.person, view.points, view.people);
  if (refusal === null) return { kind: 'form', form: decidePointsForm(view, pen) };
  const attempt = { action: 'decide', subjectKind: 'assessment', subjectId: id } as const;
  return turnDown(desk, { ...attempt, card: { kind: 'points', id: pointsId } }, refusal);
}

export async function decide(desk: Desk, pointsId: number, fields: Fields): Promise<Reply> {
  const { actor, commands, context, texts } = desk;
  const decision = (['upheld', 'withdrawn'] as const).find((one) => one === fields['decision']);
  if (decision === undefined) return refused(texts.reply.chooseOne);
  const words = ownWords(fields['answer']);
  if (words === '') return missing(desk, 'answer');
  const result = await commands.decidePoints(context, actor, {
    pointsId,
    decision,
    answer: words,
  });
  return answer(desk, result, () => texts.reply.pointsDecided[decision]);
}
