import { learnLexicon } from '../../domain/intelligence/lexicon.ts';
import { suggest } from '../../domain/intelligence/suggest.ts';
import { chinese } from '../../language/chinese.ts';
import type { Database } from '../client.ts';
import { loadTaughtPairs, replaceCandidates } from './candidates.ts';
import { readInventory } from './inventory.ts';

/** Looks the whole dictionary over and makes what was found the open candidates. A second for 1,000 tags. */
export async function refreshCandidates(
  database: Database,
  nowMs: number,
): Promise<{ readonly tags: number; readonly open: number }> {
  const [inventory, taught] = await Promise.all([
    readInventory(database),
    loadTaughtPairs(database),
  ]);
  const language = chinese();
  const found = suggest(inventory, { language, lexicon: learnLexicon(taught, language) });
  const tags = inventory.tags.length;
  const { open } = await replaceCandidates(database, found, { tags, nowMs });
  return { tags, open };
}
