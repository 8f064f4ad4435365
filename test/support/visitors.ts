import { chromium, type Browser, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { connectClient } from '../../app/temporal-client.ts';
import type { CommandContext } from '../../commands/context.ts';
import { openDatabase } from '../../db/client.ts';
import { readAccessibilityProblems } from './accessibility.ts';

/** People at the console of the running product, each with a browser session of their own. */
export interface Visitors {
  /** Scripts that failed and what broke WCAG AA, of all of them. */
  readonly complaints: string[];
  signIn(person: string, locale: 'en' | 'zh-CN'): Promise<Page>;
  /** Adds to the complaints what of WCAG AA a page breaks as it stands. */
  look(page: Page): Promise<void>;
  close(): Promise<void>;
}

export async function openVisitors(): Promise<Visitors> {
  const browser: Browser = await chromium.launch({
    executablePath: inject('chromiumPath'),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const baseURL = inject('system').consoleUrl;
  const complaints: string[] = [];
  return {
    complaints,
    signIn: async (person, locale) => {
      const page = await (await browser.newContext({ locale, baseURL })).newPage();
      page.on('pageerror', (error) => complaints.push(`${person}: ${error.message}`));
      await page.goto('/');
      await page.locator(`button[name=person][value=${person}]`).first().click();
      await page.waitForURL('**/inbox');
      return page;
    },
    look: async (page) => {
      complaints.push(
        ...(await readAccessibilityProblems(page)).map((problem) => `${page.url()}: ${problem}`),
      );
    },
    close: () => browser.close(),
  };
}

/** For what people do elsewhere than in a browser: in chat, on the command line. */
export async function connectCommands(): Promise<
  CommandContext & { readonly close: () => Promise<void> }
> {
  const { databaseUrl, temporalAddress } = inject('system');
  const database = openDatabase(databaseUrl);
  const temporal = await connectClient({
    address: temporalAddress,
    namespace: null,
    apiKey: null,
    tls: null,
  });
  return {
    database,
    temporal,
    now: Date.now,
    close: async () => {
      await temporal.connection.close();
      await database.close();
    },
  };
}
