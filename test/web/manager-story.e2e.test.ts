import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sendDigest } from '../../commands/send-digest.ts';
import { readDigestView } from '../../db/stores/digests.ts';
import { loadPeople } from '../../db/stores/people.ts';
import { sumCounts } from '../../db/stores/warning-figures.ts';
import { connectCommands, openVisitors, type Visitors } from '../support/visitors.ts';

let visitors: Visitors;
let commands: Awaited<ReturnType<typeof connectCommands>>;
beforeAll(async () => {
  commands = await connectCommands();
});
afterAll(() => commands?.close());
beforeEach(async () => {
  visitors = await openVisitors();
});
afterEach(() => visitors?.close());

test('a manager looks at the day’s digest without being sent it, and goes from the week’s to the figures, to the warnings of one field, to one whole story and the file, and the numbers agree', async () => {
  const person = (await loadPeople(commands.database.query)).get('zhang-wei');
  if (person === undefined) throw new Error('The sample has no zhang-wei.');
  const sent = await sendDigest(commands, { person, through: 'slack' });
  if (sent.kind === 'refused') throw new Error(`Refused: ${sent.refusal.kind}.`);
  const digest = await readDigestView(commands.database, sent.digestId);
  if (digest === null) throw new Error('There is no digest.');
  const { open, overdue } = sumCounts(digest.bySeverity);
  expect(open).toBeGreaterThan(0);

  const page = await visitors.signIn('zhang-wei', 'zh-CN');
  await page.goto('/overview');
  await page.locator('select[name="every"]').selectOption('day');
  await page.locator('button[name="to"][value="page"]').click();
  await page.waitForURL('**/inbox?show=all&item=digest-*');
  expect(await page.locator('.inbox-card .card h2').textContent()).toBe('标签日报 · 销售部');
  await visitors.look(page);
  const shown = new URL(page.url()).searchParams.get('item');
  expect(await page.locator(`a[href*="item=${shown}"]`).count()).toBe(0);

  await expect
    .poll(
      async () => {
        await page.goto(`/inbox?item=digest-${sent.digestId}`);
        return page.locator('.inbox-card .card').count();
      },
      { timeout: 60_000 },
    )
    .toBe(1);
  await visitors.look(page);
  await page.locator('.inbox-card .card a[href$="/overview?of=mine"]').first().click();
  await page.waitForURL('**/overview?of=mine');
  await visitors.look(page);
  const tiles = page.locator('.tile strong');
  expect(await tiles.nth(0).textContent()).toBe(String(open));
  expect(await tiles.nth(1).textContent()).toBe(String(overdue));
  const fields = page.locator('a.heat-link');
  const counts = await fields
    .locator('text')
    .evaluateAll((all: readonly { readonly textContent: string | null }[]) =>
      all.map(({ textContent }) => Number(textContent)),
    );
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(open);

  await fields.first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/warnings?*');
  await visitors.look(page);
  const rows = page.locator('tr[data-queue-row]');
  expect(await rows.count()).toBe(counts[0]);
  const downloading = page.waitForEvent('download');
  await page.locator('a[download]').click();
  const file = await readFile(await (await downloading).path(), 'utf8');
  expect(file.trim().split('\r\n')).toHaveLength(1 + (counts[0] ?? 0));

  const name = await rows.first().locator('a[data-open]').textContent();
  await rows.first().locator('a[data-open]').click();
  await page.waitForURL(/\/warnings\/\d+$/);
  await visitors.look(page);
  expect(await page.locator('main').textContent()).toContain(name?.trim());
  expect(await page.locator('main table tbody tr').count()).toBeGreaterThan(0);
  expect(await page.locator('.history li, .timeline li').count()).toBeGreaterThan(0);
  expect(visitors.complaints).toEqual([]);
});
