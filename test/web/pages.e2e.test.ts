import { EventEmitter, once } from 'node:events';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readAccessibilityProblems } from '../support/accessibility.ts';

const { consoleUrl } = inject('system');
/** Of pages of one shape (all warnings, all tags) one is opened. */
const pagesMax = 80;
/** While one is drawn and looked at, the server makes the next. */
const tabs = 3;

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: inject('chromiumPath'),
    args: ['--no-sandbox', '--disable-gpu'],
  });
});
afterAll(() => browser?.close());

/** What a page is of: its path without what names a single thing, which form it holds, what it is filtered by. */
function shapeOf({ pathname, searchParams }: URL): string {
  const [area, item, ...rest] = pathname.split('/').slice(1);
  const path = [area, /^new(-|$)/.test(item ?? 'new') ? item : '*', ...rest].join('/');
  const filters = [...searchParams.keys()].filter((key) => key !== 'kind').toSorted();
  return `${path} ${searchParams.get('kind') ?? ''} ${filters.join('&')}`;
}

/** A page of every shape that links lead to, looked at in several tabs at once. */
async function visitEveryPage(
  context: BrowserContext,
  look: (page: Page, path: string) => Promise<void>,
): Promise<number> {
  const waiting = ['/inbox'];
  const seen = new Set<string>();
  let visited = 0;
  let busy = 0;
  const nextPath = () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const shape = shapeOf(new URL(path, consoleUrl));
      if (seen.has(shape) || visited === pagesMax) continue;
      seen.add(shape);
      visited += 1;
      return path;
    }
    return null;
  };
  const visit = async (page: Page, path: string) => {
    await page.goto(consoleUrl + path);
    await look(page, path);
    const links = await page
      .locator('a[href]:not([download])')
      .evaluateAll((all: readonly { getAttribute(name: string): string | null }[]) =>
        all.map((link) => link.getAttribute('href')),
      );
    for (const link of links) {
      const url = new URL(link ?? '', page.url());
      // What two filters show together has the shape of what each shows.
      if (url.origin === consoleUrl && (url.searchParams.size < 2 || url.pathname.endsWith('/new')))
        waiting.push(url.pathname + url.search);
    }
  };
  const changed = new EventEmitter();
  const work = async () => {
    const page = await context.newPage();
    for (;;) {
      const path = nextPath();
      if (path !== null) {
        busy += 1;
        await visit(page, path);
        busy -= 1;
        changed.emit('visited');
      } else if (busy > 0) await once(changed, 'visited');
      else break;
    }
    await page.close();
  };
  await Promise.all(Array.from({ length: tabs }, work));
  return visited;
}

async function signIn(page: Page, person: string, language: string): Promise<void> {
  await page.goto(`${consoleUrl}/sign-in`);
  await page.locator(`button[name=person][value=${person}]`).first().click();
  await page.waitForURL('**/inbox');
  if ((await page.locator('html').getAttribute('lang')) !== language) {
    const menu = page.locator('.nav-menu > summary');
    if (await menu.isVisible()) await menu.click();
    await page.locator(`button[name=locale][value="${language}"]:visible`).click();
    await page.locator(`html[lang="${language}"]`).waitFor();
  }
}

const looks: readonly {
  name: string;
  person: string;
  language: string;
  options: BrowserContextOptions;
}[] = [
  {
    name: 'a data admin at a desk, English, light',
    person: 'hu-bin',
    language: 'en',
    options: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  },
  {
    name: 'a data admin with a phone, Chinese, dark',
    person: 'hu-bin',
    language: 'zh-CN',
    options: { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  },
];

test.each(looks)(
  'every page is usable by everybody and fits: $name',
  async ({ person, language, options }) => {
    const context = await browser.newContext({ ...options, baseURL: consoleUrl });
    const problems: string[] = [];
    context.on('weberror', (error) =>
      problems.push(`${error.page()?.url() ?? ''}: ${error.error().message}`),
    );
    const lost = await context.newPage();
    for (const path of ['/sign-in', '/sign-in/no-such-link', '/mail/no-such-link']) {
      await lost.goto(path);
      for (const problem of await readAccessibilityProblems(lost)) {
        problems.push(`${path}: ${problem}`);
      }
    }
    await signIn(lost, person, language);
    await lost.goto('/no-such-page');
    expect(await lost.locator('html').getAttribute('lang')).toBe(language);
    problems.push(...(await readAccessibilityProblems(lost)));
    await lost.close();
    context.on('console', (message) => {
      if (message.type() === 'error') {
        problems.push(`${message.page()?.url() ?? ''}: ${message.text()}`);
      }
    });
    const visited = await visitEveryPage(context, async (page, path) => {
      for (const problem of await readAccessibilityProblems(page)) {
        problems.push(`${path}: ${problem}`);
      }
      const tooWide = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      if (tooWide > 0) problems.push(`${path}: ${tooWide} px wider than the screen`);
    });
    await context.close();
    expect(visited).toBeGreaterThan(20);
    expect(problems).toEqual([]);
  },
);
