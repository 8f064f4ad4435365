import type { Command } from 'commander';
import { createPen } from '../../bot/cards/context.ts';
import { changeInlines, type ChangeNames } from '../../bot/cards/request-changes.ts';
import type { Inline } from '../../bot/card.ts';
import { requestWords } from '../../bot/texts/request-words.ts';
import { readCurrentKnowledge } from '../../db/stores/current-knowledge.ts';
import { listTagVersions, type TagVersionLine } from '../../db/stores/tag-versions.ts';
import { visibleDictionary } from '../../domain/hidden.ts';
import { versionReason } from '../../domain/tag-version.ts';
import type { Tool } from './tool.ts';

const versionsMax = 200;

export function addTagCommands(program: Command, tool: Tool): void {
  const tags = program.command('tags').description('the dictionary: its history');

  tags
    .command('history <code>')
    .description('how a tag came to be as it is: who changed what, when and why, newest first')
    .action(async (code: string) => {
      const database = await tool.database();
      const { person } = await tool.actor();
      const { dictionary, people, departments } = await readCurrentKnowledge(database);
      const visible = visibleDictionary(dictionary, person, people);
      const seen = new Map(visible.tags.map((tag) => [tag.code, tag]));
      if (!seen.has(code)) throw new Error(`There is no tag with the code ${code}.`);
      const versions = await listTagVersions(database.sql, code, {
        beforeVersion: null,
        limit: versionsMax,
        hiddenCodes: dictionary.tags.map((tag) => tag.code).filter((one) => !seen.has(one)),
      });
      const names = { tags: seen, attributes: dictionary.attributes, departments, people };
      const reader = { ...person, locale: tool.locale };
      const pen = createPen(reader, { publicUrl: '', nowMs: Date.now() });
      tool.print(
        versions.flatMap((version) => versionLines(version, names, pen)),
        { code, versions },
      );
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
