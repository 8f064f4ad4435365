import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { lookAgainAtWarnings } from '../../commands/look-again.ts';
import { applyConfiguration, loadConfiguration } from '../../db/stores/configuration.ts';
import { connectCommands, openVisitors, type Visitors } from '../support/visitors.ts';

/** A scan of the sample takes a second or two on a quiet machine. */
const scannedWithinMs = 120_000;
const { consoleUrl } = inject('system');

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

test('a data admin scans, sets a silence, keeps settings, makes and revokes a token, imports tags, and finds all of it in the audit trail', async () => {
  const page = await visitors.signIn('hu-bin', 'en');
  // Each attempt is another one.
  const unique = `e2e-${Date.now().toString(36)}`;
  const flash = page.locator('.flash');

  await page.goto('/scans');
  expect(await page.locator('.line', { hasText: 'CRM' }).count()).toBeGreaterThan(0);
  await page.locator('button[name=kind][value=full]').click();
  await flash.waitFor();
  await visitors.look(page);
  const newest = page.locator('#scans tbody tr').first();
  const number = await newest.locator('td').first().textContent();
  await page.evaluate('window.stayedOpen = true');
  await newest.locator('.pill-good').waitFor({ timeout: scannedWithinMs });
  expect(await newest.locator('td').first().textContent()).toBe(number);
  expect(await page.evaluate('window.stayedOpen')).toBe(true);

  await page.goto('/silences');
  await page.locator('select[name=severity]').selectOption('low');
  await page.locator('input[name=until]').fill(`${new Date().getUTCFullYear() + 1}-01-01`);
  await page.locator('input[name=reason]').fill(unique);
  await page.locator('button[formmethod=get]').click();
  await page.waitForURL('**/silences?*');
  const [, hidden] =
    /\d+ \D+(\d+)/.exec((await page.locator('form .flash').textContent()) ?? '') ?? [];
  expect(Number(hidden)).toBeGreaterThan(0);
  expect(await page.locator('tr', { hasText: unique }).count()).toBe(0);
  await visitors.look(page);
  await page.locator('form.box .button-primary').click();
  const silence = page.locator('tr', { hasText: unique });
  await silence.locator('.pill-notice').waitFor();
  await silence.locator('button').click();
  await silence.locator('.pill-neutral').waitFor();

  await page.goto('/preferences');
  const [digest] = await page
    .locator('select')
    .evaluateAll(
      (all: readonly { readonly name: string; readonly options: { length: number } }[]) =>
        all.map(({ name }) => name).filter((name) => name.includes('digest')),
    );
  const choice = page.locator(`select[name="${digest ?? ''}"]`);
  await choice.selectOption({ index: 1 });
  const chosen = await choice.inputValue();
  await page.locator('main .form-actions button').first().click();
  await page.locator('.toast-done, .flash-done').first().waitFor();
  await page.goto('/preferences');
  expect(await choice.inputValue()).toBe(chosen);

  await page.goto('/tokens');
  await page.locator('input[name=name]').fill(unique);
  await page.locator('input[name=role][value=data-admin]').check();
  await page.locator('form.box .button-primary').click();
  const token = await page.locator('code.token').textContent();
  await visitors.look(page);
  const call = () =>
    fetch(`${consoleUrl}/api/v1/scans`, { headers: { authorization: `Bearer ${token ?? ''}` } });
  expect((await call()).status).toBe(200);
  await page.locator('tr', { hasText: unique }).locator('button').click();
  await flash.waitFor();
  expect(await page.locator('tr', { hasText: unique }).count()).toBe(0);
  expect((await call()).status).toBe(401);

  await page.goto('/tag-imports');
  await page.locator('input[type=file]').setInputFiles({
    name: `${unique}.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from(
      `编码,名称,定义,类别,责任人\n${unique},新标签 ${unique},浏览器里导入的标签,行为,li-lei\nbad-${unique},坏行,没有责任人,行为,nobody-here\n`,
    ),
  });
  await page.locator('main .form-actions .button-primary').click();
  await page.waitForURL(/\/tag-imports\/\d+$/);
  expect(await page.locator('main table').last().textContent()).toContain('nobody-here');
  await visitors.look(page);
  await page.locator('button[name=rows][value=good]').click();
  await page.locator('.flash-done').waitFor();
  await expect
    .poll(async () => (await page.goto(`/tags/${unique}`))?.status(), { timeout: 60_000 })
    .toBe(200);
  expect(await page.locator('h1').textContent()).toContain(unique);
  expect((await page.goto(`/tags/bad-${unique}`))?.status()).toBe(404);

  await page.goto('/candidates');
  const candidates = page.locator('[data-queue-row]');
  const second = await candidates.nth(1).textContent();
  await page.keyboard.press('j');
  await page.keyboard.press('l');
  await page.locator('.flash-done').waitFor();
  expect(await page.locator('[data-queue-row]:focus').textContent()).toBe(second);
  await page.locator('nav a[href*="state=later"]').click();
  await page.waitForURL(/state=later/);
  await candidates.first().locator('button[data-key=c]').click();
  await page.locator('.flash-done').waitFor();
  await visitors.look(page);
  await page.locator('nav a[href*="state=confirmed"]').click();
  await page.waitForURL(/state=confirmed/);
  await candidates.first().locator('button[data-key=o]').click();
  await page.locator('.flash-done').waitFor();

  await page.goto('/audit?actor=hu-bin');
  const actions = await page.locator('td small code').allTextContents();
  for (const action of [
    'scan.started',
    'silence.began',
    'silence.ended',
    'api-token.made',
    'api-token.revoked',
    'tag-import.brought',
    'tag-import.taken-in',
  ])
    expect(actions).toContain(action);
  await visitors.look(page);
  expect(visitors.complaints).toEqual([]);
});

test('the map of tags is moved by mouse and keys, sets off what hangs together, and leads on', async () => {
  const page = await visitors.signIn('hu-bin', 'en');
  await page.goto('/tag-map');
  const map = page.locator('[data-map]');
  const view = async () => ((await map.getAttribute('viewBox')) ?? '').split(' ').map(Number);
  const whole = await view();
  const [left = 0, top = 0, width = 0] = whole;

  const tag = map.locator('[data-map-tag]').first();
  await tag.focus();
  expect(await map.locator('line.map-near').count()).toBeGreaterThan(0);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  const [movedLeft = 0, movedTop = 0] = await view();
  expect([movedLeft > left, movedTop > top]).toEqual([true, true]);
  await page.keyboard.press('+');
  expect((await view())[2]).toBeLessThan(width);
  await page.keyboard.press('0');
  expect(await view()).toEqual(whole);

  await page.locator('[data-map-zoom=in]').click();
  const [zoomedLeft = 0] = await view();
  await map.hover({ position: { x: 400, y: 200 } });
  const place = await map.boundingBox();
  if (place === null) throw new Error('The map is nowhere.');
  await page.mouse.down();
  await page.mouse.move(place.x + 250, place.y + 260, { steps: 4 });
  await page.mouse.up();
  expect((await view())[0]).toBeGreaterThan(zoomedLeft);
  expect(new URL(page.url()).search).toBe('');

  await tag.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/tag-map\?tag=/);
  await map.locator('.map-here').waitFor();
  await visitors.look(page);
  expect(visitors.complaints).toEqual([]);
});

test('who is marked as having left is replaced at once: their warnings come to their deputy', async () => {
  const deputy = await visitors.signIn('luo-min', 'en');
  const { query, sql } = commands.database;
  const concerned = await sql<{ id: number }[]>`
    select id from warning where owner_code = 'song-jia' and state <> 'closed' order by id limit 1`;
  const [warning] = concerned;
  if (warning === undefined) throw new Error('The sample gives song-jia nothing to do.');
  const before = await loadConfiguration(query);
  if (before === null) throw new Error('No configuration is in force.');
  const people = before.people.map((person) =>
    person.code === 'song-jia' ? { ...person, status: 'left' as const } : person,
  );
  await applyConfiguration(
    query,
    { ...before, people },
    { by: 'hu-bin', through: 'cli', nowMs: Date.now() },
  );
  await lookAgainAtWarnings(commands);

  await deputy.goto('/people?q=song-jia');
  await expect
    .poll(
      async () => {
        await deputy.reload();
        return deputy.locator('#song-jia .pill').count();
      },
      { timeout: 60_000 },
    )
    .toBe(1);
  await expect
    .poll(
      async () => {
        await deputy.goto(`/inbox?item=warning-${warning.id}`);
        return deputy.locator(`#inbox-list a[href*="warning-${warning.id}"]`).count();
      },
      { timeout: 60_000 },
    )
    .toBeGreaterThan(0);
  await deputy.locator(`.inbox-card form:has(input[value*='"kind":"claim"']) button`).waitFor();
  await visitors.look(deputy);
  expect(visitors.complaints).toEqual([]);
});
