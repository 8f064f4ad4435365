import { plain } from '../card.ts';
import { entryWords } from '../cards/assessment.ts';
import type { Pen } from '../cards/context.ts';
import type { Form } from '../form.ts';
import { personName, shorten } from '../texts/texts.ts';
import type { AssessmentEntry, PointsView } from '../views.ts';
import { commentCharsMax, commentField } from './warning.ts';

/** Asks which points of their own somebody contests, and why. */
export function contestForm(contestable: readonly AssessmentEntry[], pen: Pen): Form {
  const words = pen.texts.form.contest;
  const options = contestable.map((points) => ({
    value: String(points.id),
    label: entryWords(points, pen),
    hint: '',
  }));
  return {
    locale: pen.reader.locale,
    title: words.title,
    blocks: [],
    fields: [
      {
        kind: 'select',
        id: 'points',
        label: words.which,
        options,
        initial: options[0]?.value ?? null,
      },
      commentField({ id: 'reason', label: words.reason, required: true }),
    ],
    submitLabel: words.submit,
    submitStyle: 'primary',
    action: { kind: 'contest' },
  };
}

/** Asks what becomes of points that somebody contested. */
export function decidePointsForm({ points, people }: PointsView, pen: Pen): Form {
  const words = pen.texts.form.decidePoints;
  const { state } = points;
  const reason = state.kind === 'standing' ? '' : shorten(state.reason, commentCharsMax);
  const name = personName(points.personCode, people, pen.reader.locale);
  return {
    locale: pen.reader.locale,
    title: words.title,
    blocks: [
      { kind: 'note', text: [plain(`${name} · ${entryWords(points, pen)}`)] },
      {
        kind: 'text',
        text: [plain(`${pen.texts.assessment.reason}${pen.texts.colon}${reason}`)],
      },
    ],
    fields: [
      {
        kind: 'choice',
        id: 'decision',
        label: words.decision,
        options: [
          { value: 'withdrawn', label: words.withdrawn, hint: words.withdrawnHint },
          { value: 'upheld', label: words.upheld, hint: words.upheldHint },
        ],
        initial: null,
      },
      commentField({ id: 'answer', label: words.answer, required: true }),
    ],
    submitLabel: words.submit,
    submitStyle: 'primary',
    action: { kind: 'decide-points', pointsId: points.id },
  };
}
