import type { Child } from 'hono/jsx';
import type { RequestState } from '../domain/request.ts';
import type { Severity } from '../domain/severity.ts';
import type { WarningState } from '../domain/warning.ts';
import { formatExactInstant, formatInstant } from './format.ts';
import type { TableName } from './tables/table.ts';
import type { Visitor } from './visitor.ts';

/** Small pieces that several pages share. */
export function PageHead(props: {
  readonly title: string;
  readonly subtitle?: string;
  readonly children?: Child;
}) {
  return (
    <header class="page-head">
      <div>
        <h1>{props.title}</h1>
        {props.subtitle !== undefined && <p>{props.subtitle}</p>}
      </div>
      {props.children !== undefined && <div class="page-actions">{props.children}</div>}
    </header>
  );
}

export function SeverityMark(props: { readonly severity: Severity; readonly visitor: Visitor }) {
  return (
    <span class={`severity severity-${props.severity}`}>
      {props.visitor.texts.severity[props.severity]}
    </span>
  );
}

export type PillTone = 'neutral' | 'active' | 'good' | 'bad' | 'notice';

export function Pill(props: { readonly tone: PillTone; readonly children?: Child }) {
  return <span class={`pill pill-${props.tone}`}>{props.children}</span>;
}

const warningTones: Readonly<Record<WarningState['kind'], PillTone>> = {
  open: 'notice',
  claimed: 'active',
  fixing: 'active',
  verifying: 'active',
  closed: 'good',
};

/** Where a warning stands; a closed one says why. */
export function WarningStatePill(props: {
  readonly state: WarningState;
  readonly visitor: Visitor;
}) {
  const { state, visitor } = props;
  const { texts } = visitor;
  const isSetAside =
    state.kind === 'closed' && (state.reason === 'not-a-conflict' || state.reason === 'excepted');
  return (
    <Pill tone={isSetAside ? 'neutral' : warningTones[state.kind]}>
      {state.kind === 'closed' ? texts.closeReason[state.reason] : texts.warningState[state.kind]}
    </Pill>
  );
}

const requestTones: Readonly<Record<RequestState['kind'], PillTone>> = {
  voting: 'notice',
  applying: 'active',
  applied: 'good',
  rejected: 'bad',
  expired: 'neutral',
  withdrawn: 'neutral',
  failed: 'bad',
};

export function RequestStatePill(props: {
  readonly state: RequestState['kind'];
  /** Applied, and taken back since. @default false */
  readonly isUndone?: boolean;
  readonly visitor: Visitor;
}) {
  const { requestState, requestUndone } = props.visitor.texts;
  if (props.isUndone === true) return <Pill tone="neutral">{requestUndone}</Pill>;
  return <Pill tone={requestTones[props.state]}>{requestState[props.state]}</Pill>;
}

export function Instant(props: { readonly atMs: number; readonly visitor: Visitor }) {
  const { atMs, visitor } = props;
  return (
    <time
      datetime={new Date(atMs).toISOString()}
      title={formatExactInstant(atMs, visitor.timeZone)}
    >
      {formatInstant(atMs, visitor)}
    </time>
  );
}

export function Empty(props: { readonly title: string; readonly hint?: string }) {
  return (
    <div class="empty">
      <strong>{props.title}</strong>
      {props.hint !== undefined && <p>{props.hint}</p>}
    </div>
  );
}

export interface Tab {
  readonly href: string;
  readonly label: string;
  readonly count: string | null;
  readonly current: boolean;
}

export function Tabs(props: { readonly label: string; readonly tabs: readonly Tab[] }) {
  return (
    <nav class="tabs" aria-label={props.label}>
      {props.tabs.map((tab) => (
        <a href={tab.href} {...(tab.current ? { 'aria-current': 'page' } : {})}>
          {tab.label}
          {tab.count !== null && <span class="tab-count">{tab.count}</span>}
        </a>
      ))}
    </nav>
  );
}

export function Select(props: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}) {
  return (
    <label class="filter">
      <span class="visually-hidden">{props.label}</span>
      <select name={props.name}>
        {props.options.map((option) => (
          <option value={option.value} selected={option.value === props.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Leads to the rows after the last one of this page; nothing on a single page. */
export function NextPage(props: {
  readonly visitor: Visitor;
  readonly nextHref: string | null;
  readonly firstHref: string | null;
}) {
  const { common } = props.visitor.texts;
  if (props.nextHref === null && props.firstHref === null) return null;
  return (
    <nav class="paging" aria-label={common.next}>
      {props.firstHref !== null && (
        <a class="button button-quiet" href={props.firstHref}>
          {common.first}
        </a>
      )}
      {props.nextHref !== null && (
        <a class="button button-default" href={props.nextHref} rel="next">
          {common.next}
        </a>
      )}
    </nav>
  );
}

/** A page's whole table as a file, with the filters it is shown with. */
export function ExportLink(props: {
  readonly table: TableName;
  readonly visitor: Visitor;
  /** @default none */
  readonly query?: Readonly<Record<string, string | number | null | undefined>>;
}) {
  // Where the page stands within the table is nothing to the whole of it.
  const { before: _before, offset: _offset, ...filters } = props.query ?? {};
  return (
    <a class="button button-quiet" href={withQuery(`/export/${props.table}.csv`, filters)} download>
      {props.visitor.texts.table.download}
    </a>
  );
}

/** A path with the given query; empty values are left out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | null | undefined>>,
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

export type Fact = readonly [label: string, value: string];

export function FactsBox(props: { readonly title?: string; readonly facts: readonly Fact[] }) {
  return (
    <section class="box">
      {props.title !== undefined && <h2>{props.title}</h2>}
      <div class="box-body">
        <dl class="facts facts-plain facts-wide">
          {props.facts.map(([label, value]) => (
            <div>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}
