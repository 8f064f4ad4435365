import { learnLexicon } from '../../domain/intelligence/lexicon.ts';
import { createMeaningRanking } from '../../domain/intelligence/meaning.ts';
import type { ExtraRankings } from '../../domain/intelligence/similarity.ts';
import { suggest, type Inventory } from '../../domain/intelligence/suggest.ts';
import { chinese } from '../../language/chinese.ts';
import type { Database } from '../client.ts';
import { loadTaughtPairs, replaceCandidates } from './candidates.ts';
import { embeddingKey, loadEmbeddings } from './embeddings.ts';
import { readInventory } from './inventory.ts';

/**
 * Looks the whole dictionary over, with the vectors of a model of meaning where there are any, and makes what was found the open
 * candidates. A second for 1,000 tags.
 */
export async function refreshCandidates(
  database: Database,
  nowMs: number,
): Promise<{ readonly tags: number; readonly open: number }> {
  const [inventory, taught] = await Promise.all([
    readInventory(database),
    loadTaughtPairs(database),
  ]);
  const language = chinese();
  const found = suggest(inventory, {
    language,
    lexicon: learnLexicon(taught, language),
    extra: await meaningOf(database, inventory),
  });
  const tags = inventory.tags.filter(({ isInUse }) => isInUse).length;
  const { open } = await replaceCandidates(database, found, { tags, nowMs });
  return { tags, open };
}

async function meaningOf({ sql }: Database, { tags }: Inventory): Promise<ExtraRankings> {
  const vectors = await loadEmbeddings(sql);
  if (vectors.size === 0) return {};
  return {
    meaning: createMeaningRanking(tags.map((tag) => vectors.get(embeddingKey(tag)) ?? null)),
  };
}
