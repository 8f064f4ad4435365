import { textsFor as botTexts } from '../bot/texts/texts.ts';
import type { Actor } from '../commands/command.ts';
import type { CommandContext } from '../commands/context.ts';
import { exportTags } from '../commands/export-tags.ts';
import { writeWorkbook, type TableWords } from '../config/tag-table/write-table.ts';
import type { Locale } from '../domain/locale.ts';
import type { Tag } from '../domain/tag.ts';
import { csvResponse, fileHeaders } from './csv-response.ts';
import { textsFor } from './visitor.ts';

export const exportFormats = ['csv', 'xlsx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The tags that somebody may see and wants, as a file that can be imported again. */
export async function exportResponse(
  context: CommandContext,
  actor: Actor,
  wanted: {
    readonly format: ExportFormat;
    readonly locale: Locale;
    readonly isWanted: (tag: Tag) => boolean;
  },
): Promise<Response> {
  const { format, locale, isWanted } = wanted;
  const rows = await exportTags(context, actor, { words: tableWordsIn(locale), isWanted });
  if (format === 'csv') return csvResponse(rows, 'tags.csv');
  const workbook = await writeWorkbook(rows, textsFor(locale).tags.title);
  return new Response(Buffer.from(workbook), { headers: fileHeaders(workbookType, 'tags.xlsx') });
}

function tableWordsIn(locale: Locale): TableWords {
  const { tagLevel, tagCategory, tagStatus } = botTexts(locale);
  const { yes, no } = textsFor(locale).tags;
  return { locale, level: tagLevel, category: tagCategory, status: tagStatus, yes, no };
}
