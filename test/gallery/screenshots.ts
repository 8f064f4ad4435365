import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { locales, type Locale } from '../../domain/locale.ts';
import { resolveChromium } from '../support/chromium.ts';
import { sampleId } from './page.tsx';

/** What docs/slack.md and docs/feishu.md show, by the name of the picture. */
const shown = {
  warning: sampleId('warnings', 'open, to its owner'),
  fix: sampleId('forms', 'fix: preview'),
  request: sampleId('requests', 'new tag, to a member'),
} as const;
const platforms = ['slack', 'feishu'] as const;
const suffix: Readonly<Record<Locale, string>> = { 'zh-CN': 'zh', en: 'en' };
const viewport = { width: 1400, height: 1000 };

/** Takes pictures of some samples of the gallery in one folder into another one; answers which files. */
export async function takeScreenshots(gallery: string, pictures: string): Promise<string[]> {
  await mkdir(pictures, { recursive: true });
  const browser = await chromium.launch({
    executablePath: await resolveChromium((line) => process.stderr.write(`${line}\n`)),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ viewport });
    const files: string[] = [];
    for (const locale of locales) {
      await page.goto(`file://${join(gallery, `${locale}.html`)}`);
      for (const platform of platforms) {
        files.push(...(await takeOf(page, { platform, pictures, suffix: suffix[locale] })));
      }
    }
    return files;
  } finally {
    await browser.close();
  }
}

async function takeOf(
  page: Page,
  what: { readonly platform: string; readonly pictures: string; readonly suffix: string },
): Promise<string[]> {
  const files: string[] = [];
  for (const [name, id] of Object.entries(shown)) {
    const path = join(what.pictures, `${what.platform}-${name}-${what.suffix}.png`);
    await page.locator(`#${id} .${what.platform}`).first().screenshot({ path });
    files.push(path);
  }
  return files;
}
