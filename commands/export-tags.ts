import { tagRows, type TableWords } from '../config/tag-table/write-table.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { visibleDictionary } from '../domain/hidden.ts';
import type { Tag } from '../domain/tag.ts';
import type { Actor } from './command.ts';
import type { CommandContext } from './context.ts';
import { recordExport } from './record-export.ts';

/** The tags that somebody may see as rows below their header; that they took them stands in the trail. */
export async function exportTags(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
  input: { readonly words: TableWords; readonly isWanted: (tag: Tag) => boolean },
): Promise<readonly (readonly string[])[]> {
  const { dictionary, people, departments } = await readCurrentKnowledge(context.database);
  const tags = visibleDictionary(dictionary, actor.person, people).tags.filter(input.isWanted);
  await recordExport(context, actor, { what: 'dictionary', after: { tags: tags.length } });
  return tagRows(tags, input.words, { people, departments, attributes: dictionary.attributes });
}
