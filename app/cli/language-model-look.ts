import { createEmbedder } from '../../activities/embedder.ts';
import { createLanguageModel } from '../../activities/language-model.ts';
import type { ModelAddress } from '../../activities/model-endpoint.ts';
import type { WayOut } from '../../bot/way-out.ts';
import type { OpinionTag } from '../../domain/intelligence/opinion.ts';

/** Asks what is easy to answer. Answers with what was said; rejects with what is wrong. */
export async function lookAtLanguageModel(llm: ModelAddress, wayOut: WayOut): Promise<string> {
  const nothing = { 'zh-CN': '', en: '' };
  const vip: OpinionTag = { name: { 'zh-CN': '贵宾', en: 'VIP' }, definition: nothing };
  const guest: OpinionTag = {
    name: { 'zh-CN': '重要客户', en: 'Important customer' },
    definition: nothing,
  };
  const { verdict } = await createLanguageModel(llm, wayOut).compare([vip, guest], {
    signal: new AbortController().signal,
  });
  return `${llm.model} answers; of VIP and Important customer it says: ${verdict}.`;
}

/** Asks for one vector. Answers with how long it is; rejects with what is wrong. */
export async function lookAtEmbedder(address: ModelAddress, wayOut: WayOut): Promise<string> {
  const [vector] = await createEmbedder(address, wayOut).embed(['VIP'], {
    signal: new AbortController().signal,
  });
  return `${address.model} answers with ${vector?.length ?? 0} numbers for a text.`;
}
