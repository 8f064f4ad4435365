import { assertNever } from '../../domain/assert-never.ts';
import type { RequestState } from '../../domain/request.ts';
import { describeRefusal } from '../texts/refusals.ts';
import { requestWords } from '../texts/request-words.ts';
import { nameIn, shorten } from '../texts/texts.ts';
import type { RequestView } from '../views.ts';
import type { Pen } from './context.ts';
import { tagName } from './request-title.ts';

const detailCharsMax = 120;

/** In the reader's words; one that an older version wrote down is told as it was written. */
export function whyNotApplied(
  { why, detail }: Extract<RequestState, { readonly kind: 'failed' }>,
  view: Pick<RequestView, 'tags' | 'rules' | 'people'>,
  pen: Pen,
): string {
  const words = requestWords[pen.reader.locale].notApplied;
  if (why === undefined) return shorten(detail.replace(/\.$/, ''), detailCharsMax);
  const quoted = (code: string) => pen.texts.quote(tagName(view, code, pen));
  switch (why.kind) {
    case 'rule-changed': {
      const rule = view.rules.get(why.code);
      const name =
        rule === undefined ? shorten(why.code, 60) : nameIn(pen.reader.locale, rule.name);
      return words[why.kind](pen.texts.quote(name));
    }
    case 'successors-in-a-circle':
      return words[why.kind](why.codes.map(quoted).join(' → '));
    case 'warning-over':
      return words[why.kind](`#${why.warningId}`);
    case 'rival-first':
      return words[why.kind](`#${why.requestId}`);
    case 'no-item-applied':
      return words[why.kind]('');
    case 'no-longer-fits':
      return words[why.kind](
        describeRefusal(why.fault, pen.reader.locale, view.people).replace(/[.。]$/u, ''),
      );
    case 'tag-gone':
    case 'tag-changed':
    case 'no-successor':
      return words[why.kind](quoted(why.code));
    default:
      return assertNever(why);
  }
}
