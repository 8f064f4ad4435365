import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { createPen } from '../../bot/cards/context.ts';
import { changeBlocks, changeInlines } from '../../bot/cards/request-changes.ts';
import { requestWords } from '../../bot/texts/request-words.ts';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { describeOrigin, describeRow, tableWords } from '../../bot/texts/tag-table.ts';
import type { CommandRefusal, CommandResult } from '../../commands/command.ts';
import {
  bringTagTable,
  lookAtTagTable,
  setTagTableReading,
  stopTagTable,
  takeInTagTable,
  type LookedAtTable,
} from '../../commands/import-tags.ts';
import { fileBytesMax, rowsMax } from '../../config/tag-table/limits.ts';
import {
  listTagImportRows,
  listTagImports,
  type TagImport,
  type TagImportLine,
} from '../../db/stores/tag-imports.ts';
import type { Person } from '../../domain/person.ts';
import { tagCategories } from '../../domain/tag.ts';
import { fieldHeaders, tagFields } from '../../domain/tag-table/fields.ts';
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
const reportRowsAtOnce = 2_000;
/** A small table is written before the page comes back; of a large one the page shows how far it is. */
const waitMs = 1_500;
/** As long as a worker may take to hear of it. */
const stopWaitMs = 8_000;
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
      if (isForWantOfRole(brought.refusal)) return forbidden(context);
      return showUpload(context, await refusalText(brought, visitor), 422);
    }
    return context.redirect(`${tagImportPath}/${brought.importId}`, 303);
  });

  app.get(path, async (context) => {
    const visitor = context.get('signedIn');
    const query = querySchema.parse(context.req.query());
    const { show, offset } = query;
    const kind = show === 'all' ? null : show;
    const looked = await look(context, { kind, offset, limit: rowsPerPage + 1 });
    if (looked instanceof Response) return looked;
    const knowledge = await readKnowledge(visitor.person);
    return context.html(<ImportPage {...{ ...looked, visitor, knowledge, query, publicUrl }} />);
  });

  app.get(`${path}/report.csv`, async (context) => {
    const visitor = context.get('signedIn');
    const looked = await look(context, { kind: null, offset: 0, limit: 0 });
    if (looked instanceof Response) return looked;
    const { id } = looked.brought;
    const toLines = createReport(visitor, await readKnowledge(visitor.person));
    const lines: (readonly string[])[] = [...toLines.head];
    for (let offset = 0; ; offset += reportRowsAtOnce) {
      const page = { kind: null, offset, limit: reportRowsAtOnce };
      const rows = await listTagImportRows(database, id, page);
      lines.push(...rows.map(toLines.line));
      if (rows.length < reportRowsAtOnce) break;
    }
    return csvResponse(lines, `tag-import-${id}.csv`);
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
      waitMs,
    });
    if (result.kind === 'refused') return settle(context, result, '');
    const { outcome } = result.brought;
    return settle(context, result, outcome === null ? null : doneText(outcome, visitor));
  });

  app.post(`${path}/stop`, async (context) => {
    const visitor = context.get('signedIn');
    const importId = Number(context.req.param('id'));
    const result = await stopTagTable(commands, actorOf(visitor), {
      importId,
      waitMs: stopWaitMs,
    });
    return settle(context, result, null);
  });

  async function look(context: Context<WebEnv>, page: Parameters<typeof listTagImportRows>[2]) {
    const visitor = context.get('signedIn');
    const importId = Number(context.req.param('id'));
    const looked = await lookAtTagTable(commands, actorOf(visitor), { importId, ...page });
    if (looked.kind !== 'refused') return looked;
    return isForWantOfRole(looked.refusal) ? forbidden(context) : context.notFound();
  }

  /** `told` null: the page itself says what came of it. */
  async function settle(context: Context<WebEnv>, result: CommandResult, told: string | null) {
    const visitor = context.get('signedIn');
    if (result.kind === 'refused') {
      if (isForWantOfRole(result.refusal)) return forbidden(context);
      sessions.flash(context, { kind: 'refused', text: await refusalText(result, visitor) });
    } else if (told !== null) sessions.flash(context, { kind: 'done', text: told });
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

function isForWantOfRole({ kind }: CommandRefusal): boolean {
  return kind === 'role-needed' || kind === 'beyond-departments';
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
          {imports.map(({ id, fileName, broughtBy, broughtAtMs, taking, outcome }) => (
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
                  ? words.states[taking?.kind ?? 'waiting']
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

interface ImportPageProps extends LookedAtTable {
  readonly visitor: SignedIn;
  readonly knowledge: Knowledge;
  readonly query: Query;
  readonly publicUrl: string;
}

function ImportPage(props: ImportPageProps) {
  const { visitor, brought, counts, rows, query } = props;
  const { locale } = visitor;
  const words = tagImportTexts[locale];
  const all = counts.added + counts.changed + counts.unchanged + counts.refused;
  const page = rows.slice(0, rowsPerPage);
  const at = (change: Partial<Query>) => importUrl(brought.id, { ...query, ...change });
  return (
    <Page
      visitor={visitor}
      title={words.one(brought.fileName)}
      area="tags"
      watch={[`tag-import:${brought.id}`]}
    >
      <a class="crumb" href={tagImportPath}>
        <Icon name="back" />
        {words.title}
      </a>
      <PageHead
        title={words.one(brought.fileName)}
        subtitle={describeOrigin(brought.origin, locale).join(locale === 'en' ? '; ' : '；')}
      >
        <a
          class="button button-default"
          href={`${tagImportPath}/${brought.id}/report.csv`}
          download
        >
          {words.report}
        </a>
      </PageHead>
      <div class="stack">
        <div id="taking" data-live>
          <TakeIn {...props} />
        </div>
        {brought.outcome === null && brought.taking?.kind !== 'running' && <Columns {...props} />}
        <div class="toolbar">
          <Tabs
            label={words.outcome}
            tabs={shown.map((show) => ({
              href: at({ show, offset: 0 }),
              label: show === 'all' ? words.all : tableWords[locale].kind[show],
              count: formatCount(show === 'all' ? all : counts[show], locale),
              current: show === query.show,
            }))}
          />
        </div>
        {page.length === 0 ? <Empty title={words.emptyTab} /> : <RowTable {...props} rows={page} />}
        <NextPage
          visitor={visitor}
          nextHref={rows.length > rowsPerPage ? at({ offset: query.offset + rowsPerPage }) : null}
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

function doneText({ counts }: NonNullable<TagImport['outcome']>, { locale }: SignedIn): string {
  const count = (number: number) => formatCount(number, locale);
  const { added, changed, refused } = counts;
  return tagImportTexts[locale].done(count(added), count(changed), count(refused));
}

/** What has been written or is being written, or the buttons that write it. */
function TakeIn({ visitor, brought, counts, knowledge }: ImportPageProps) {
  const { outcome, taking } = brought;
  const words = tagImportTexts[visitor.locale];
  const who = (code: string, atMs: number) => (
    <small>
      {`${personName(code, knowledge.people, visitor)} · `}
      <Instant atMs={atMs} visitor={visitor} />
    </small>
  );
  if (outcome !== null) {
    return (
      <p class="box box-body">
        {doneText(outcome, visitor)} {who(outcome.by, outcome.atMs)}
      </p>
    );
  }
  if (taking?.kind === 'running') {
    return <Writing visitor={visitor} importId={brought.id} taking={taking} />;
  }
  return (
    <div class="stack">
      {taking !== null && (
        <p class="flash flash-refused" role="status">
          {words.ended[taking.kind]} {taking.kind === 'stopped' && who(taking.by, taking.atMs)}
        </p>
      )}
      <TakeInButtons visitor={visitor} importId={brought.id} counts={counts} />
    </div>
  );
}

function TakeInButtons(props: {
  readonly visitor: SignedIn;
  readonly importId: number;
  readonly counts: LookedAtTable['counts'];
}) {
  const { visitor, importId, counts } = props;
  const { locale } = visitor;
  const words = tagImportTexts[locale];
  const count = (number: number) => formatCount(number, locale);
  const good = counts.added + counts.changed;
  return (
    <form method="post" action={`${tagImportPath}/${importId}/take-in`} class="box box-body form">
      <Csrf visitor={visitor} />
      <p>{words.nothingYet}</p>
      {good === 0 ? (
        <p class="note">{words.nothingToTake}</p>
      ) : (
        <div class="form-actions">
          {counts.refused === 0 ? (
            <button class="button button-primary" name="rows" value="all">
              {words.takeAll(count(good))}
            </button>
          ) : (
            <button class="button button-default" name="rows" value="good">
              {words.takeGood(count(good), count(counts.refused))}
            </button>
          )}
        </div>
      )}
    </form>
  );
}

/** How far writing has come, and the button that stops it. */
function Writing(props: {
  readonly visitor: SignedIn;
  readonly importId: number;
  readonly taking: Extract<TagImport['taking'], { readonly kind: 'running' }>;
}) {
  const { visitor, importId, taking } = props;
  const { locale } = visitor;
  const words = tagImportTexts[locale];
  const { written, toWrite } = taking;
  return (
    <form method="post" action={`${tagImportPath}/${importId}/stop`} class="box box-body form">
      <Csrf visitor={visitor} />
      <p role="status">
        {words.writing(formatCount(written, locale), formatCount(toWrite, locale))}
      </p>
      <progress max={toWrite} value={written} aria-label={words.states.running} />
      <p class="note">{words.allOrNothing}</p>
      <div class="form-actions">
        <button class="button button-default">{words.stop}</button>
      </div>
    </form>
  );
}

/** What each column means; open where one is not known. */
function Columns({ visitor, brought, knowledge }: ImportPageProps) {
  const { locale } = visitor;
  const words = tagImportTexts[locale];
  const { columns, defaults } = brought.reading;
  const { headings } = brought;
  const isDoubtful = columns.some((field, at) => field === null && headings[at]?.header !== '');
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
              {headings.map(({ header, example }, at) => (
                <tr>
                  <td class="main-cell">{header === '' ? `#${at + 1}` : header}</td>
                  <td class="wide-cell" data-label={words.example}>
                    {example}
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
function createReport(visitor: SignedIn, knowledge: Knowledge) {
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
  return {
    head: [[words.row, headers.code, headers.name, words.outcome, words.details]],
    line: (row: PlannedRow): readonly string[] => [
      String(row.row),
      row.code ?? '',
      row.name,
      tableWords[locale].kind[row.kind],
      [describeRow(row, locale), ...changesOf(row)].filter((text) => text !== '').join('\n'),
    ],
  };
}
