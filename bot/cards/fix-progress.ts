import { countDone } from '../../domain/fix.ts';
import type { Texts } from '../texts/zh-cn.ts';
import type { FixView } from '../views.ts';

/** How far a fix, or taking it back, has come, as a sentence behind another; empty while nothing is being written. */
export function progressWords({ state, counts, undoCounts }: FixView, texts: Texts): string {
  const moving = state === 'writing' ? counts : state === 'undoing' ? undoCounts : null;
  if (moving === null || moving.customers === 0) return '';
  return `${texts.sentenceGap}${texts.card.fixProgress(countDone(moving), moving.customers)}`;
}
