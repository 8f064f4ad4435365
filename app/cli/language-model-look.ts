import { createLanguageModel } from '../../activities/language-model.ts';
import type { WayOut } from '../../bot/way-out.ts';
import type { OpinionTag } from '../../domain/intelligence/opinion.ts';
import type { LlmEnvironment } from '../env.ts';

/** Asks what is easy to answer. Answers with what was said; rejects with what is wrong. */
export async function lookAtLanguageModel(llm: LlmEnvironment, wayOut: WayOut): Promise<string> {
  const nothing = { 'zh-CN': '', en: '' };
  const vip: OpinionTag = { name: { 'zh-CN': '贵宾', en: 'VIP' }, definition: nothing };
  const guest: OpinionTag = {
    name: { 'zh-CN': '重要客户', en: 'Important customer' },
    definition: nothing,
  };
  const { verdict } = await createLanguageModel(llm, wayOut).compare(
    [vip, guest],
    new AbortController().signal,
  );
  return `${llm.model} answers; of VIP and Important customer it says: ${verdict}.`;
}
