import { plain, type Block } from '../card.ts';
import { describeNaming } from '../texts/naming.ts';
import type { RequestPreview } from '../views.ts';
import type { Pen } from './context.ts';

/** What of its names is against the company's convention, as advice. */
export function namingBlocks({ naming }: RequestPreview, pen: Pen): readonly Block[] {
  if (naming.length === 0) return [];
  return [{ kind: 'text', text: [plain(describeNaming(naming, pen.reader.locale))] }];
}
