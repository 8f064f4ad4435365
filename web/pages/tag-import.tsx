import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { createPen } from '../../bot/cards/context.ts';
import { changeBlocks, changeInlines } from '../../bot/cards/request-changes.ts';
import { requestWords } from '../../bot/texts/request-words.ts';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { describeOrigin, describeRow, tableWords } from '../../bot/texts/tag-table.ts';
import type { CommandResult } from '../../commands/command.ts';
import {
  bringTagTable,
  lookAtTagTable,
  setTagTableReading,
  takeInTagTable,
} from '../../commands/import-tags.ts';
import { fileBytesMax, rowsMax } from '../../config/tag-table/limits.ts';
import { listTagImports, type TagImport, type TagImportLine } from '../../db/stores/tag-imports.ts';
import type { Person } from '../../domain/person.ts';
import { tagCategories } from '../../domain/tag.ts';
import { fieldHeaders, tagFields } from '../../domain/tag-table/fields.ts';
import { countRows } from '../../domain/tag-table/plan.ts';
import type { PlannedRow } from '../../domain/tag-table/planned-row.ts';
import { tagChanges } from '../../domain/tag-version.ts';
import { Blocks } from '../card.tsx';
import { csvResponse } from '../csv-response.ts';
import type { WebDependencies } from '../dependencies.ts';
import { formatCount } from '../format.ts';
import { Icon } from '../icons.tsx';
import { Csrf, Page } from '../layout.tsx';
import {
  Empty,
  Instant,
  NextPage,
  PageHead,
  Pill,
  Tabs,
  withQuery,
  type PillTone,
} from '../parts.tsx';
import type { Sessions } from '../session.ts';
import { changeNamesFor } from '../tag-words.ts';
import { tagImportTexts } from '../texts/tag-import.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName } from '../words.ts';
import { ErrorPage } from './error.tsx';

/** The path that files of tags are posted to; they may be larger than anything else. */
export const tagImportPath = '/tag-imports';
const importsShownMax = 20;
const rowsPerPage = 100;
const exampleCharsMax = 60;
const path = `${tagImportPath}/:id{[0-9]{1,9}}`;

const defaultsShape = {
  owner: z.string().max(100).catch(''),
  category: z.enum(tagCategories).nullable().catch(null),
};
const uploadSchema = z.object({ ...defaultsShape, file: z.instanceof(File) });
const shown = ['all', 'refused', 'added', 'changed', 'unchanged'] as const;
const querySchema = z.object({
  show: z.enum(shown).catch('all'),
  offset: z.coerce.number().int().min(0).max(1_000_000).catch(0),
});
type Query = z.infer<typeof querySchema>;

const tones: Readonly<Record<PlannedRow['kind'], PillTone>> = {
  added: 'good',
  changed: 'active',
  unchanged: 'neutral',
  refused: 'bad',
};

/** Bringing a company's list of tags: read it, look at every row, then write it; for data admins. */
export function createTagImportRoutes(
  dependencies: WebDependencies,
  sessions: Sessions,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const { database, context: commands, publicUrl } = dependencies;
  const app = new Hono<WebEnv>();

  app.get(tagImportPath, async (context) => {
    const visitor = context.get('signedIn');
    if (!isAllowed(visitor)) return forbidden(context);
    return showUpload(context, null, 200);
  });

  app.post(tagImportPath, async (context) => {
    const visitor = context.get('signedIn');
    const upload = uploadSchema.safeParse(await context.req.parseBody());
    const words = tagImportTexts[visitor.locale];
    if (!upload.success || upload.data.file.name === '') {
      return isAllowed(visitor) ? showUpload(context, words.noFile, 422) : forbidden(context);
    }
    const { file, owner, category } = upload.data;
    const brought = await bringTagTable(commands, actorOf(visitor), {
      name: file.name,
      bytes: new Uint8Array(await file.arrayBuffer()),
      defaults: { ownerCode: owner === '' ? null : owner, category },
    });
    if (brought.kind === 'refused') {
      if (brought.refusal.kind === 'role-needed') return forbidden(context);
      return showUpload(context, await refusalText(brought, visitor), 422);
    }
    return context.redirect(`${tagImportPath}/${brought.importId}`, 303);
  });

  app.get(path, async (context) => {
    const visitor = context.get('signedIn');
    const looked = await look(context);
    if (looked instanceof Response) return looked;
    const query = querySchema.parse(context.req.query());
    const knowledge = await readKnowledge(visitor.person);
    return context.html(<ImportPage {...{ ...looked, visitor, knowledge, query, publicUrl }} />);
  });

  app.get(`${path}/report.csv`, async (context) => {
    const visitor = context.get('signedIn');
    const looked = await look(context);
    if (looked instanceof Response) return looked;
    const knowledge = await readKnowledge(visitor.person);
    const lines = reportLines(looked.rows, visitor, knowledge);
    return csvResponse(lines, `tag-import-${looked.brought.id}.csv`);
  });

  app.post(`${path}/columns`, async (context) => {
    const visitor = context.get('signedIn');
    const importId = Number(context.req.param('id'));
    const body = await context.req.parseBody();
    const { owner, category } = z.object(defaultsShape).parse(body);
    const columns = Object.keys(body)
      .flatMap((name) => /^column-(\d{1,3})$/.exec(name)?.[1] ?? [])
      .map(
        (at) =>
          [Number(at), tagFields.find((field) => field === body[`column-${at}`]) ?? null] as const,
      );
    const result = await setTagTableReading(commands, actorOf(visitor), {
      importId,
      reading: {
        columns: Array.from(
          { length: columns.length },
          (_, at) => new Map(columns).get(at) ?? null,
        ),
        defaults: { ownerCode: owner === '' ? null : owner, category },
      },
    });
    return settle(context, result, tagImportTexts[visitor.locale].saved);
  });

  app.post(`${path}/take-in`, async (context) => {
    const visitor = context.get('signedIn');
    const body = z.object({ rows: z.enum(['all', 'good']).catch('all') });
    const result = await takeInTagTable(commands, actorOf(visitor), {
      importId: Number(context.req.param('id')),
      rows: body.parse(await context.req.parseBody()).rows,
    });
    if (result.kind === 'refused') return settle(context, result, '');
    const count = (number: number) => formatCount(number, visitor.locale);
    const { added, changed, refused } = result.outcome.counts;
    const { done } = tagImportTexts[visitor.locale];
    return settle(context, result, done(count(added), count(changed), count(refused)));
  });

  async function look(context: Context<WebEnv>) {
    const visitor = context.get('signedIn');
    const importId = Number(context.req.param('id'));
    const looked = await lookAtTagTable(commands, actorOf(visitor), { importId });
    if (looked.kind !== 'refused') return looked;
    return looked.refusal.kind === 'role-needed' ? forbidden(context) : context.notFound();
  }

  async function settle(context: Context<WebEnv>, result: CommandResult, doneText: string) {
    const visitor = context.get('signedIn');
    if (result.kind === 'refused') {
      if (result.refusal.kind === 'role-needed') return forbidden(context);
      sessions.flash(context, { kind: 'refused', text: await refusalText(result, visitor) });
    } else sessions.flash(context, { kind: 'done', text: doneText });
    return context.redirect(`${tagImportPath}/${context.req.param('id')}`, 303);
  }

  async function refusalText(
    { refusal }: Extract<CommandResult, { kind: 'refused' }>,
    visitor: SignedIn,
  ): Promise<string> {
    return describeRefusal(refusal, visitor.locale, (await readKnowledge(visitor.person)).people);
  }

  async function showUpload(context: Context<WebEnv>, fault: string | null, status: 200 | 422) {
    const visitor = context.get('signedIn');
    const { people } = await readKnowledge(visitor.person);
    const imports = await listTagImports(database, importsShownMax);
    return context.html(<UploadPage {...{ visitor, people, imports, fault }} />, status);
  }

  return app;
}

function actorOf(visitor: SignedIn) {
  return { person: visitor.person, through: 'console' } as const;
}

function isAllowed({ person }: SignedIn): boolean {
  return person.roles.includes('data-admin');
}

function forbidden(context: Context<WebEnv>) {
  const visitor = context.get('signedIn');
  const { errors, role } = visitor.texts;
  const text = errors.forbidden(role['data-admin']);
  return context.html(
    <ErrorPage visitor={visitor} signedIn={visitor} title={errors.forbiddenTitle} text={text} />,
    403,
  );
}

interface UploadPageProps {
  readonly visitor: SignedIn;
  readonly people: ReadonlyMap<string, Person>;
  readonly imports: readonly TagImportLine[];
  readonly fault: string | null;
}

function UploadPage({ visitor, people, imports, fault }: UploadPageProps) {
  const { locale } = visitor;
  const words = tagImportTexts[locale];
  return (
    <Page visitor={visitor} title={words.title} area="tags">
      <Crumb visitor={visitor} />
      <PageHead title={words.title} subtitle={words.subtitle} />
      <div class="stack">
        {fault !== null && (
          <p class="flash flash-refused" role="alert">
            {fault}
          </p>
        )}
        <form
          method="post"
          action={tagImportPath}
          enctype="multipart/form-data"
          class="box form box-body new-request"
        >
          <Csrf visitor={visitor} />
          <label class="field">
            <span>{words.file}</span>
            <input type="file" name="file" required accept=".xlsx,.csv,.tsv,.txt" />
            <small>
              {words.fileHint(
                formatCount(fileBytesMax / 1_048_576, locale),
                formatCount(rowsMax, locale),
              )}
            </small>
          </label>
          <Defaults
            visitor={visitor}
            people={people}
            defaults={{ ownerCode: null, category: null }}
          />
          <div class="form-actions">
            <button class="button button-primary">{words.read}</button>
            <a class="button button-quiet" href="/tags.xlsx" download>
              {words.template}
            </a>
          </div>
        </form>
        <h2>{words.past}</h2>
        {imports.length === 0 ? (
          <Empty title={words.none} hint={words.noneHint} />
        ) : (
          <PastImports {...{ visitor, people, imports }} />
        )}
      </div>
    </Page>
  );
}

function Crumb({ visitor }: { readonly visitor: SignedIn }) {
  return (
    <a class="crumb" href="/tags">
      <Icon name="back" />
      {visitor.texts.tags.title}
    </a>
  );
}

function Defaults(props: {
  readonly visitor: SignedIn;
  readonly people: ReadonlyMap<string, Person>;
  readonly defaults: TagImport['reading']['defaults'];
}) {
  const { visitor, defaults } = props;
  const words = tagImportTexts[visitor.locale];
  const owners = [...props.people.values()].filter(
    ({ status, roles }) => status === 'active' && roles.includes('owner'),
  );
  return (
    <div class="form-grid">
      <label class="field">
        <span>{words.owner}</span>
        <select name="owner">
          <option value="">{words.noDefault}</option>
          {owners.map(({ code, name }) => (
            <option value={code} selected={code === defaults.ownerCode}>
              {name[visitor.locale]}
            </option>
          ))}
        </select>
        <small>{words.defaultsHint}</small>
      </label>
      <label class="field">
        <span>{words.category}</span>
        <select name="category">
          <option value="">{words.noDefault}</option>
          {tagCategories.map((category) => (
            <option value={category} selected={category === defaults.category}>
              {visitor.texts.tagCategory[category]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function PastImports({ visitor, people, imports }: Omit<UploadPageProps, 'fault'>) {
  const { locale } = visitor;
  const words = tagImportTexts[locale];
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.file}</th>
            <th scope="col">{words.who}</th>
            <th scope="col">{words.when}</th>
            <th scope="col">{words.state}</th>
          </tr>
        </thead>
        <tbody>
          {imports.map(({ id, fileName, broughtBy, broughtAtMs, outcome }) => (
            <tr>
              <td class="main-cell">
                <a href={`${tagImportPath}/${id}`}>{fileName}</a>
                <small>{`#${id}`}</small>
              </td>
              <td data-label={words.who}>{personName(broughtBy, people, visitor)}</td>
              <td data-label={words.when}>
                <Instant atMs={broughtAtMs} visitor={visitor} />
              </td>
              <td data-label={words.state}>
                {outcome === null
                  ? words.waiting
                  : words.taken(
                      formatCount(outcome.counts.added, locale),
                      formatCount(outcome.counts.changed, locale),
                    )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ImportPageProps {
  readonly visitor: SignedIn;
  readonly knowledge: Knowledge;
  readonly brought: TagImport;
  readonly rows: readonly PlannedRow[];
  readonly query: Query;
  readonly publicUrl: string;
}

function ImportPage(props: ImportPageProps) {
  const { visitor, brought, rows, query } = props;
  const { locale } = visitor;
  const words = tagImportTexts[locale];
  const counts = countRows(rows);
  const wanted = query.show === 'all' ? rows : rows.filter(({ kind }) => kind === query.show);
  const page = wanted.slice(query.offset, query.offset + rowsPerPage);
  const at = (change: Partial<Query>) => importUrl(brought.id, { ...query, ...change });
  return (
    <Page visitor={visitor} title={words.one(brought.fileName)} area="tags">
      <a class="crumb" href={tagImportPath}>
        <Icon name="back" />
        {words.title}
      </a>
      <PageHead
        title={words.one(brought.fileName)}
        subtitle={describeOrigin(brought.origin, locale).join(locale === 'en' ? '; ' : '；')}
      >
        <a class="button button-default" href={`${tagImportPath}/${brought.id}/report.csv`}>
          {words.report}
        </a>
      </PageHead>
      <div class="stack">
        <TakeIn {...props} />
        {brought.outcome === null && <Columns {...props} />}
        <div class="toolbar">
          <Tabs
            label={words.outcome}
            tabs={shown.map((show) => ({
              href: at({ show, offset: 0 }),
              label: show === 'all' ? words.all : tableWords[locale].kind[show],
              count: formatCount(show === 'all' ? rows.length : counts[show], locale),
              current: show === query.show,
            }))}
          />
        </div>
        {page.length === 0 ? <Empty title={words.emptyTab} /> : <RowTable {...props} rows={page} />}
        <NextPage
          visitor={visitor}
          nextHref={
            wanted.length > query.offset + rowsPerPage
              ? at({ offset: query.offset + rowsPerPage })
              : null
          }
          firstHref={query.offset > 0 ? at({ offset: 0 }) : null}
        />
      </div>
    </Page>
  );
}

function importUrl(id: number, { show, offset }: Query): string {
  return withQuery(`${tagImportPath}/${id}`, {
    show: show === 'all' ? null : show,
    offset: offset === 0 ? null : offset,
  });
}

/** What has been written, or the buttons that write it. */
function TakeIn({ visitor, brought, rows, knowledge }: ImportPageProps) {
  const { locale } = visitor;
  const words = tagImportTexts[locale];
  const count = (number: number) => formatCount(number, locale);
  const { added, changed, refused } = countRows(rows);
  const { outcome } = brought;
  if (outcome !== null) {
    return (
      <p class="box box-body">
        {words.done(count(added), count(changed), count(refused))}{' '}
        <small>
          {`${personName(outcome.by, knowledge.people, visitor)} · `}
          <Instant atMs={outcome.atMs} visitor={visitor} />
        </small>
      </p>
    );
  }
  const good = added + changed;
  return (
    <form method="post" action={`${tagImportPath}/${brought.id}/take-in`} class="box box-body form">
      <Csrf visitor={visitor} />
      <p>{words.nothingYet}</p>
      {good === 0 ? (
        <p class="note">{words.nothingToTake}</p>
      ) : (
        <div class="form-actions">
          {refused === 0 ? (
            <button class="button button-primary" name="rows" value="all">
              {words.takeAll(count(good))}
            </button>
          ) : (
            <button class="button button-default" name="rows" value="good">
              {words.takeGood(count(good), count(refused))}
            </button>
          )}
        </div>
      )}
    </form>
  );
}

/** What each column means; open where one is not known. */
function Columns({ visitor, brought, knowledge }: ImportPageProps) {
  const { locale } = visitor;
  const words = tagImportTexts[locale];
  const { headerAt, columns, defaults } = brought.reading;
  const headers = brought.rows[headerAt] ?? [];
  const isDoubtful = columns.some((field, at) => field === null && headers[at] !== '');
  return (
    <details class="box" open={isDoubtful}>
      <summary class="box-body">{words.columns}</summary>
      <form method="post" action={`${tagImportPath}/${brought.id}/columns`} class="form box-body">
        <Csrf visitor={visitor} />
        <p class="note">{words.columnsHint}</p>
        <div class="table-frame">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.column}</th>
                <th scope="col">{words.example}</th>
                <th scope="col">{words.meaning}</th>
              </tr>
            </thead>
            <tbody>
              {headers.map((header, at) => (
                <tr>
                  <td class="main-cell">{header === '' ? `#${at + 1}` : header}</td>
                  <td class="wide-cell" data-label={words.example}>
                    {exampleOf(brought, at)}
                  </td>
                  <td data-label={words.meaning}>
                    <select name={`column-${at}`} aria-label={`${words.meaning}: ${header}`}>
                      <option value="">{words.leaveOut}</option>
                      {tagFields.map((field) => (
                        <option value={field} selected={field === columns[at]}>
                          {fieldHeaders[locale][field]}
                        </option>
                      ))}
                    </select>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <Defaults visitor={visitor} people={knowledge.people} defaults={defaults} />
        <div class="form-actions">
          <button class="button button-default">{words.saveColumns}</button>
        </div>
      </form>
    </details>
  );
}

function exampleOf({ rows, reading }: TagImport, at: number): string {
  const found = rows.slice(reading.headerAt + 1).find((row) => (row[at] ?? '') !== '')?.[at] ?? '';
  return found.length > exampleCharsMax ? `${found.slice(0, exampleCharsMax)}…` : found;
}

function RowTable(props: ImportPageProps) {
  const { visitor, rows, knowledge, publicUrl } = props;
  const { locale } = visitor;
  const words = tagImportTexts[locale];
  const pen = createPen({ ...visitor.person, locale }, { publicUrl, nowMs: visitor.nowMs });
  const names = changeNamesFor(knowledge);
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">
              {words.row}
            </th>
            <th scope="col">{words.tag}</th>
            <th scope="col">{words.outcome}</th>
            <th scope="col">{words.details}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <td class="number" data-label={words.row}>
                {formatCount(row.row, locale)}
              </td>
              <td class="main-cell">
                {row.kind === 'changed' || row.kind === 'unchanged' ? (
                  <a href={`/tags/${row.code}`}>{row.name === '' ? row.code : row.name}</a>
                ) : (
                  <span>{row.name}</span>
                )}
                {row.code !== null && (
                  <small>
                    <code>{row.code}</code>
                  </small>
                )}
              </td>
              <td data-label={words.outcome}>
                <Pill tone={tones[row.kind]}>{tableWords[locale].kind[row.kind]}</Pill>
              </td>
              <td class="wide-cell versions">
                {describeRow(row, locale)}
                {row.kind === 'changed' && (
                  <Blocks
                    blocks={changeBlocks(tagChanges(row.before, row.tag), names, pen)}
                    publicUrl={publicUrl}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The report with every row, what went in square brackets and what came in braces. */
function reportLines(
  rows: readonly PlannedRow[],
  visitor: SignedIn,
  knowledge: Knowledge,
): readonly (readonly string[])[] {
  const { locale } = visitor;
  const words = tagImportTexts[locale];
  const { part } = requestWords[locale];
  const headers = fieldHeaders[locale];
  const pen = createPen({ ...visitor.person, locale }, { publicUrl: '', nowMs: visitor.nowMs });
  const names = changeNamesFor(knowledge);
  const changesOf = (row: PlannedRow) =>
    row.kind === 'changed'
      ? tagChanges(row.before, row.tag).map((change) =>
          [
            part[change.part],
            pen.texts.colon,
            ...changeInlines(change, names, pen).map((inline) => {
              const text = 'text' in inline ? inline.text : inline.name;
              if (inline.kind === 'removed') return `[-${text}-]`;
              return inline.kind === 'strong' ? `{+${text}+}` : text;
            }),
          ].join(''),
        )
      : [];
  return [
    [words.row, headers.code, headers.name, words.outcome, words.details],
    ...rows.map((row) => [
      String(row.row),
      row.code ?? '',
      row.name,
      tableWords[locale].kind[row.kind],
      [describeRow(row, locale), ...changesOf(row)].filter((text) => text !== '').join('\n'),
    ]),
  ];
}
