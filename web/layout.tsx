import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import { heldRoles, type Role } from '../domain/person.ts';
import { assets } from './assets.ts';
import { Icon, type IconName } from './icons.tsx';
import type { SignedIn, Visitor } from './visitor.ts';

type Area = Extract<
  IconName,
  | 'inbox'
  | 'overview'
  | 'warnings'
  | 'requests'
  | 'tags'
  | 'candidates'
  | 'check'
  | 'scans'
  | 'silences'
  | 'people'
  | 'policy'
  | 'assessment'
  | 'deliveries'
  | 'rules'
  | 'audit'
>;

const areas: readonly {
  readonly area: Area;
  readonly roles: readonly Role[] | null;
}[] = [
  { area: 'inbox', roles: null },
  { area: 'overview', roles: null },
  { area: 'warnings', roles: null },
  { area: 'requests', roles: null },
  { area: 'tags', roles: null },
  { area: 'candidates', roles: ['data-admin', 'committee'] },
  { area: 'rules', roles: null },
  { area: 'check', roles: null },
  { area: 'scans', roles: null },
  { area: 'silences', roles: null },
  { area: 'people', roles: null },
  { area: 'policy', roles: null },
  { area: 'assessment', roles: null },
  { area: 'deliveries', roles: ['data-admin'] },
  { area: 'audit', roles: ['data-admin', 'auditor'] },
];

export interface PageProps {
  readonly visitor: SignedIn;
  readonly title: string;
  readonly area: Area | null;
  /** What the page shows live: inbox, warning:5, request:5, scan. */
  readonly watch?: readonly string[];
  readonly children?: Child;
}

/** A page of the console for somebody signed in. */
export function Page(props: PageProps) {
  const { visitor } = props;
  return (
    <Document visitor={visitor} title={props.title} watch={props.watch ?? []}>
      <a class="skip" href="#content">
        {visitor.texts.nav.skip}
      </a>
      <div class="shell">
        <Sidebar visitor={visitor} area={props.area} />
        <main id="content" tabindex={-1}>
          <FlashLine visitor={visitor} />
          {props.children}
        </main>
      </div>
    </Document>
  );
}

/** A page without the console around it: signing in, and errors for those who are not. */
export function BarePage(props: {
  readonly visitor: Visitor;
  readonly title: string;
  readonly children?: Child;
}) {
  return (
    <Document visitor={props.visitor} title={props.title} watch={[]}>
      <main id="content" class="bare" tabindex={-1}>
        <p class="brand brand-large">
          <img src={assets.icon.path} alt="" width="36" height="36" />
          <span>{props.visitor.texts.product}</span>
        </p>
        <FlashLine visitor={props.visitor} />
        {props.children}
        <Preferences visitor={props.visitor} />
      </main>
    </Document>
  );
}

function Document(props: {
  readonly visitor: Visitor;
  readonly title: string;
  readonly watch: readonly string[];
  readonly children?: Child;
}) {
  const { visitor } = props;
  const { texts } = visitor;
  const page = (
    <html lang={visitor.locale} data-theme={visitor.theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${props.title} · ${texts.product}`}</title>
        <link rel="icon" href={assets.icon.path} type="image/svg+xml" />
        <link rel="stylesheet" href={assets.css.path} />
        <script src={assets.script.path} defer />
      </head>
      <body
        data-watch={props.watch.join(',')}
        data-text-failed={texts.common.failed}
        data-text-loading={texts.common.loading}
      >
        {props.children}
        <dialog id="dialog" class="dialog" aria-label={texts.common.details}>
          <form method="dialog">
            <button class="dialog-close" aria-label={texts.common.close}>
              ×
            </button>
          </form>
          <div id="dialog-body" />
        </dialog>
        <div id="toasts" class="toasts" role="status" aria-live="polite" />
      </body>
    </html>
  );
  return html`<!doctype html>${page}`;
}

function Sidebar(props: { readonly visitor: SignedIn; readonly area: Area | null }) {
  const { visitor, area } = props;
  const { texts, person } = visitor;
  return (
    <header class="sidebar">
      <a class="brand" href="/inbox">
        <img src={assets.icon.path} alt="" width="28" height="28" />
        <span>{texts.product}</span>
      </a>
      <details class="nav-menu">
        <summary>
          <Icon name="menu" />
          <span class="visually-hidden">{texts.nav.menu}</span>
          {visitor.waiting > 0 && <span class="badge">{visitor.waiting}</span>}
        </summary>
        <Navigation visitor={visitor} area={area} />
      </details>
      <div class="nav-wide">
        <Navigation visitor={visitor} area={area} />
      </div>
      <div class="account">
        <p class="account-person">
          <span class="avatar" aria-hidden="true">
            {initial(person.name[visitor.locale])}
          </span>
          <span>
            <a href={`/people#${person.code}`}>{person.name[visitor.locale]}</a>
            <small>
              {heldRoles(person)
                .map((role) => texts.role[role])
                .join(' · ')}
            </small>
          </span>
        </p>
        <Preferences visitor={visitor} />
        <a class="link-button" href="/preferences">
          {texts.account.settings}
        </a>
        <a class="link-button" href="/tokens">
          {texts.account.tokens}
        </a>
        <form method="post" action="/sign-out">
          <Csrf visitor={visitor} />
          <button class="link-button">{texts.account.signOut}</button>
        </form>
      </div>
    </header>
  );
}

function Navigation(props: { readonly visitor: SignedIn; readonly area: Area | null }) {
  const { visitor } = props;
  const { texts, person } = visitor;
  const shown = areas.filter(
    ({ roles }) => roles === null || roles.some((role) => heldRoles(person).includes(role)),
  );
  return (
    <nav aria-label={texts.nav.label}>
      <ul id="areas" data-live>
        {shown.map(({ area }) => (
          <li>
            <a href={`/${area}`} {...(area === props.area ? { 'aria-current': 'page' } : {})}>
              <Icon name={area} />
              <span>{texts.nav[area]}</span>
              {area === 'inbox' && visitor.waiting > 0 && (
                <span class="badge">{visitor.waiting}</span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const nextTheme = { auto: 'light', light: 'dark', dark: 'auto' } as const;

function Preferences(props: { readonly visitor: Visitor }) {
  const { visitor } = props;
  const { account } = visitor.texts;
  const themeLabel = {
    auto: account.themeAuto,
    light: account.themeLight,
    dark: account.themeDark,
  }[visitor.theme];
  return (
    <form method="post" action="/preferences" class="preferences">
      <Csrf visitor={visitor} />
      <input type="hidden" name="return" value={visitor.path} />
      <button
        class="link-button"
        name="locale"
        value={visitor.locale === 'zh-CN' ? 'en' : 'zh-CN'}
        title={account.languageHint}
        lang={visitor.locale === 'zh-CN' ? 'en' : 'zh-CN'}
      >
        {account.language}
      </button>
      <button class="link-button" name="theme" value={nextTheme[visitor.theme]}>
        {themeLabel}
      </button>
    </form>
  );
}

function FlashLine(props: { readonly visitor: Visitor }) {
  const { flash } = props.visitor;
  return flash === null ? null : (
    <p class={`flash flash-${flash.kind}`} role="status">
      {flash.text}
    </p>
  );
}

/** Every form that posts holds one. */
export function Csrf(props: { readonly visitor: Visitor }) {
  return <input type="hidden" name="csrf" value={props.visitor.csrf} />;
}

/** The first character of a name, for a round picture. */
export function initial(name: string): string {
  return name.slice(0, (name.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);
}
