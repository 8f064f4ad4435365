import { plain } from '../card.ts';
import type { Pen } from '../cards/context.ts';
import type { Form } from '../form.ts';
import { reviewWords } from '../texts/review.ts';
import { commentCharsMax } from './warning.ts';

/** Which of one's own tags are no longer needed; what is not named is kept. */
export function reviewForm(reviewId: number, pen: Pen): Form {
  const { title, form } = reviewWords[pen.reader.locale];
  return {
    locale: pen.reader.locale,
    title,
    blocks: [{ kind: 'text', text: [plain(form.intro)] }],
    fields: [
      {
        kind: 'text',
        id: 'retire',
        label: form.retire,
        multiline: true,
        required: true,
        charsMax: commentCharsMax,
        initial: '',
      },
    ],
    submitLabel: form.submit,
    submitStyle: 'primary',
    action: { kind: 'answer-review', reviewId },
  };
}
