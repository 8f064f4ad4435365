import { Hono } from 'hono';
import { recordExport } from '../../commands/record-export.ts';
import { csvByteOrderMark, csvLine } from '../../domain/csv.ts';
import type { WebDependencies } from '../dependencies.ts';
import { tableNames, type Table, type TableName } from '../tables/table.ts';
import { tables } from '../tables/registry.ts';
import type { ReadKnowledge } from '../visibility.ts';
import type { WebEnv } from '../visitor.ts';
import { ErrorPage } from './error.tsx';

/** The table of each page as a file for a spreadsheet, whole. */
export function createExportRoutes(
  dependencies: WebDependencies,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  for (const name of tableNames) {
    app.get(`/export/${name}.csv`, async (context) => {
      const visitor = context.get('signedIn');
      const knowledge = await readKnowledge(visitor.person);
      const query = context.req.query();
      const table = tables[name]({ dependencies, visitor, knowledge, query });
      if (table === null) {
        const { forbiddenTitle: title, forbiddenTable: text } = visitor.texts.errors;
        return context.html(<ErrorPage signedIn={visitor} {...{ visitor, title, text }} />, 403);
      }
      const actor = { person: visitor.person, through: 'console' } as const;
      await recordExport(dependencies.context, actor, { what: 'table', name });
      return csvResponse(table, name);
    });
  }
  return app;
}

function csvResponse(table: Table, name: TableName): Response {
  return new Response(ReadableStream.from(csvBytes(table)), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="tagwarden-${name}.csv"`,
      'cache-control': 'no-store',
    },
  });
}

async function* csvBytes({ heads, pages }: Table): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(csvByteOrderMark + csvLine(heads));
  for await (const lines of pages) yield encoder.encode(lines.map(csvLine).join(''));
}
