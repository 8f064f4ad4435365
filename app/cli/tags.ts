import { Option, type Command } from 'commander';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { createPen } from '../../bot/cards/context.ts';
import { changeInlines, type ChangeNames } from '../../bot/cards/request-changes.ts';
import type { Inline } from '../../bot/card.ts';
import { requestWords } from '../../bot/texts/request-words.ts';
import { describeOrigin, describeRow, tableWords } from '../../bot/texts/tag-table.ts';
import { textsFor } from '../../bot/texts/texts.ts';
import { exportTags } from '../../commands/export-tags.ts';
import { bringTagTable, lookAtTagTable, takeInTagTable } from '../../commands/import-tags.ts';
import { writeCsv, writeWorkbook } from '../../config/tag-table/write-table.ts';
import { readCurrentKnowledge } from '../../db/stores/current-knowledge.ts';
import { listTagVersions, type TagVersionLine } from '../../db/stores/tag-versions.ts';
import { visibleDictionary } from '../../domain/hidden.ts';
import { tagCategories, type TagCategory } from '../../domain/tag.ts';
import type { PlannedRow } from '../../domain/tag-table/planned-row.ts';
import type { Taking } from '../../domain/tag-table/table.ts';
import { versionReason } from '../../domain/tag-version.ts';
import type { Tool } from './tool.ts';

const versionsMax = 200;
/** Refused ones come first. */
const rowsToldMax = 500;
/** Writing the largest table takes some seconds; a worker that is busy or gone takes longer. */
const takingMsMax = 10 * 60_000;

const notTaken: Readonly<Record<Taking['kind'], (importId: number) => string>> = {
  running: (id) => `Import #${id} is still being written; the console shows how far it is.`,
  stopped: (id) => `Somebody stopped writing import #${id}; the dictionary is as it was.`,
  overtaken: (id) =>
    `The dictionary changed since the rows were looked over, so nothing was written: look at import #${id} again.`,
  failed: (id) => `Import #${id} could not be written; the dictionary is as it was.`,
};

export function addTagCommands(program: Command, tool: Tool): void {
  const tags = program
    .command('tags')
    .description('the dictionary: its history, taking in a list of tags, and writing one');
  addImportCommand(tags, tool);
  addExportCommand(tags, tool);

  tags
    .command('history <code>')
    .description('how a tag came to be as it is: who changed what, when and why, newest first')
    .action(async (code: string) => {
      const database = await tool.database();
      const { person } = await tool.actor();
      const { dictionary, people, departments, duties } = await readCurrentKnowledge(database);
      const visible = visibleDictionary(dictionary, person, people);
      const seen = new Map(visible.tags.map((tag) => [tag.code, tag]));
      if (!seen.has(code)) throw new Error(`There is no tag with the code ${code}.`);
      const versions = await listTagVersions(database.sql, code, {
        beforeVersion: null,
        limit: versionsMax,
        hiddenCodes: dictionary.tags.map((tag) => tag.code).filter((one) => !seen.has(one)),
      });
      const { attributes } = dictionary;
      const names = { tags: seen, attributes, departments, duties, people };
      const reader = { ...person, locale: tool.locale };
      const pen = createPen(reader, { publicUrl: '', nowMs: Date.now() });
      tool.print(
        versions.flatMap((version) => versionLines(version, names, pen)),
        { code, versions },
      );
    });
}

interface ImportOptions {
  readonly take?: 'all' | 'good';
  readonly owner?: string;
  readonly category?: TagCategory;
}

/** Stands under `tags`, and by itself: what others script calls it `tagwarden import`. */
export function addImportCommand(parent: Command, tool: Tool): void {
  parent
    .command('import <file>')
    .description(
      'read a list of tags (.xlsx or CSV) and tell what would become of each row; writes only with --take',
    )
    .addOption(
      new Option('--take <rows>', 'write it: all rows or none, or the good rows').choices([
        'all',
        'good',
      ]),
    )
    .option('--owner <person>', 'owner of new tags whose row names none')
    .addOption(
      new Option('--category <category>', 'of new tags whose row names none').choices(
        tagCategories,
      ),
    )
    .action(async (file: string, { take, owner, category }: ImportOptions) => {
      const context = { database: await tool.database(), now: Date.now };
      const actor = await tool.actor();
      const { locale } = tool;
      const { importId } = await tool.expectDone(
        await bringTagTable(context, actor, {
          name: basename(file),
          bytes: await readFile(file),
          defaults: { ownerCode: owner ?? null, category: category ?? null },
        }),
      );
      const look = async (kind: PlannedRow['kind'], limit: number) => {
        const page = { kind, offset: 0, limit };
        return tool.expectDone(await lookAtTagTable(context, actor, { importId, ...page }));
      };
      const { brought, counts, rows: refusedRows } = await look('refused', rowsToldMax);
      const told = [...refusedRows];
      for (const kind of ['changed', 'added'] as const) {
        told.push(...(await look(kind, rowsToldMax - told.length)).rows);
      }
      const rest = counts.refused + counts.changed + counts.added - told.length;
      const lines = [
        ...describeOrigin(brought.origin, locale),
        ...told.map((row) =>
          [
            row.row,
            tableWords[locale].kind[row.kind],
            row.code ?? '',
            row.name,
            describeRow(row, locale),
          ]
            .filter((text) => text !== '')
            .join('  '),
        ),
        ...(rest > 0
          ? [`… and ${rest} more: the console has all, under import #${importId}.`]
          : []),
      ];
      if (take !== undefined) {
        const order = { importId, rows: take, waitMs: takingMsMax };
        const foundations = await tool.foundations();
        const { brought: after } = await tool.expectDone(
          await takeInTagTable(foundations, actor, order),
        );
        if (after.outcome === null) {
          throw new Error(notTaken[after.taking?.kind ?? 'running'](importId));
        }
      }
      const { added, changed, unchanged, refused } = counts;
      const summary = `${added} new, ${changed} changed, ${unchanged} unchanged, ${refused} refused; ${
        take === undefined ? 'nothing was written (--take all or --take good writes)' : 'written'
      }.`;
      tool.print([...lines, summary], {
        importId,
        counts,
        taken: take ?? null,
        rows: told,
      });
      if (take === undefined && refused > 0) tool.answerNo();
    });
}

function addExportCommand(tags: Command, tool: Tool): void {
  tags
    .command('export <file>')
    .description('write the dictionary to a .csv or .xlsx file that can be taken in again')
    .action(async (file: string) => {
      const context = { database: await tool.database(), now: Date.now };
      const { tagLevel, tagCategory, tagStatus } = textsFor(tool.locale);
      const words = {
        locale: tool.locale,
        level: tagLevel,
        category: tagCategory,
        status: tagStatus,
        yes: 'yes',
        no: 'no',
      };
      const rows = await exportTags(context, await tool.actor(), { words, isWanted: () => true });
      const content =
        extname(file) === '.xlsx' ? await writeWorkbook(rows, 'tags') : writeCsv(rows);
      await writeFile(file, content);
      tool.print([`${rows.length - 1} tags written to ${file}.`], { file, tags: rows.length - 1 });
    });
}

function versionLines(
  version: TagVersionLine,
  names: ChangeNames,
  pen: ReturnType<typeof createPen>,
): readonly string[] {
  const { part } = requestWords[pen.reader.locale];
  const at = new Date(version.changedAtMs).toISOString();
  const head = [
    String(version.version),
    at,
    version.changedBy,
    version.through,
    versionReason(version.cause),
  ].join('  ');
  return [
    version.note === null ? head : `${head}: ${version.note}`,
    ...(version.version === 1 ? [] : version.changes).map(
      (change) =>
        `    ${part[change.part]}${pen.texts.colon}${changeInlines(change, names, pen).map(inlineText).join('')}`,
    ),
  ];
}

/** What went in square brackets, what came in braces, as `git diff --word-diff` marks them. */
function inlineText(inline: Inline): string {
  if (inline.kind === 'removed') return `[-${inline.text}-]`;
  if (inline.kind === 'strong') return `{+${inline.text}+}`;
  return inline.kind === 'person' ? inline.name : inline.text;
}
