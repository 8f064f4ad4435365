import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { locales } from '../../domain/locale.ts';
import { galleryPage } from './page.tsx';

/** npm run gallery [-- FOLDER]: writes one page for each language and says where. */
const folder = resolve(process.argv[2] ?? join('.data', 'gallery'));
const style = await readFile(new URL('gallery.css', import.meta.url), 'utf8');
await mkdir(folder, { recursive: true });
for (const locale of locales) {
  const file = join(folder, `${locale}.html`);
  await writeFile(file, await galleryPage(locale, style));
  process.stdout.write(`${file}\n`);
}
