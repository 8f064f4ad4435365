import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { locales } from '../../domain/locale.ts';
import { galleryPage } from './page.tsx';
import { takeScreenshots } from './screenshots.ts';

/**
 * npm run gallery [-- FOLDER] [--screenshots FOLDER]: writes one page for each language and says where; with
 * screenshots, also the pictures of docs/slack.md and docs/feishu.md.
 */
const { values, positionals } = parseArgs({
  options: { screenshots: { type: 'string' } },
  allowPositionals: true,
});
const folder = resolve(positionals[0] ?? join('.data', 'gallery'));
const style = await readFile(new URL('gallery.css', import.meta.url), 'utf8');
await mkdir(folder, { recursive: true });
for (const locale of locales) {
  const file = join(folder, `${locale}.html`);
  await writeFile(file, await galleryPage(locale, style));
  process.stdout.write(`${file}\n`);
}
if (values.screenshots !== undefined) {
  const pictures = resolve(values.screenshots);
  for (const file of await takeScreenshots(folder, pictures)) process.stdout.write(`${file}\n`);
}
