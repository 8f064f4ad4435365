import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readAccessibilityProblems } from '../support/accessibility.ts';

/** Writing to the CRM, scanning again and redrawing take a second or two on a quiet machine. */
const circleWithinMs = 90_000;

const system = inject('system');
let crm: postgres.Sql;
let browser: Browser;

beforeAll(async () => {
  crm = postgres(system.crmDatabaseUrl, { max: 1 });
  browser = await chromium.launch({
    executablePath: inject('chromiumPath'),
    args: ['--no-sandbox', '--disable-gpu'],
  });
});
afterAll(async () => {
  await browser?.close();
  await crm?.end();
});

interface OpenWarning {
  readonly id: number;
  readonly ownerCode: string;
  readonly customers: number;
}

async function callApi(path: string): Promise<Record<string, unknown>> {
  const { consoleUrl, apiToken } = system;
  const response = await fetch(`${consoleUrl}/api/v1${path}`, {
    headers: { authorization: `Bearer ${apiToken}` },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

/** Tags per customer as the CRM itself has them. */
async function crmTags(refs: readonly string[]): Promise<string> {
  const rows = await crm`
    select customer_id::text, array_agg(tag_id order by tag_id)::text as tags
    from crm.customer_tag where customer_id::text = any(${refs as string[]})
    group by customer_id order by customer_id`;
  return JSON.stringify(rows);
}

/** The button of a card that carries an action, whatever its words are. */
function actionButton(page: Page, kind: string): Locator {
  return page.locator(`.inbox-card form:has(input[value*='"kind":"${kind}"']) button`);
}

test('an owner claims a warning, fixes it, sees it close and the CRM change, and takes it back', async () => {
  const { warnings } = (await callApi('/warnings?state=open&rule=high-value-x-blacklist')) as {
    warnings: OpenWarning[];
  };
  const [warning] = warnings;
  if (warning === undefined) throw new Error('The sample scan opened no such warning.');
  const { customers: concerned } = (await callApi(
    `/warnings/${warning.id}/customers?limit=200`,
  )) as {
    customers: { ref: string }[];
  };
  const refs = concerned.map(({ ref }) => ref);
  const before = await crmTags(refs);

  const page = await (await browser.newContext({ locale: 'en' })).newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });

  await page.goto(system.consoleUrl);
  await page.locator(`button[name=person][value=${warning.ownerCode}]`).first().click();
  await page.waitForURL('**/inbox');
  await page.goto(`${system.consoleUrl}/inbox?item=warning-${warning.id}`);
  expect(await page.locator('.inbox-card .card.tint-red').count()).toBe(1);

  await actionButton(page, 'claim').click();
  await page.locator('.toast').first().waitFor();
  expect(await page.locator('.toast').first().getAttribute('class')).toContain('toast-done');
  await actionButton(page, 'claim').waitFor({ state: 'detached' });

  await actionButton(page, 'open-fix').click();
  const dialog = page.locator('dialog[open]');
  await dialog.locator('input[type=radio]:checked').waitFor();
  complaints.push(...(await readAccessibilityProblems(page)));
  await dialog.locator('.form-actions button').click();
  await dialog.locator(`input[value*='"kind":"confirm-fix"']`).waitFor({ state: 'attached' });
  expect(await crmTags(refs)).toBe(before);
  await dialog.locator('.form-actions button').click();
  await dialog.waitFor({ state: 'hidden' });

  await page.locator('.inbox-card .card.tint-green').waitFor({ timeout: circleWithinMs });
  complaints.push(...(await readAccessibilityProblems(page)));
  const after = await crmTags(refs);
  expect(after).not.toBe(before);
  expect(await callApi(`/warnings/${warning.id}`)).toMatchObject({
    state: { kind: 'closed', reason: 'fixed' },
    fix: { counts: { changed: refs.length } },
  });

  await actionButton(page, 'undo').click();
  await dialog.locator('.form-actions button').click();
  await expect.poll(() => crmTags(refs), { timeout: circleWithinMs }).toBe(before);
  expect(complaints).toEqual([]);
});

test('a data admin claims warnings from the list and from the inbox with the keyboard and is told what was left alone', async () => {
  const page = await (await browser.newContext({ locale: 'en' })).newPage();
  await page.goto(system.consoleUrl);
  await page.locator('button[name=person][value=hu-bin]').first().click();
  await page.waitForURL('**/inbox');
  await page.goto(`${system.consoleUrl}/warnings?severity=low`);
  const inState = (state: RegExp) =>
    page.locator('tr[data-queue-row]').filter({ has: page.locator('.pill', { hasText: state }) });
  const claimed = inState(/^(Claimed|已认领)$/);
  const open = inState(/^(Unclaimed|待认领)$/);
  const claim = page.locator('button[name=do][value=claim]');
  const flash = page.locator('.flash');
  const before = await claimed.count();
  const [one, other] = [open.nth(0), open.nth(1)];
  for (const row of [one, other]) {
    await row.focus();
    await page.keyboard.press('x');
  }
  await claim.click();
  await flash.waitFor();
  expect(await flash.getAttribute('class')).toContain('flash-done');
  expect(await flash.textContent()).toMatch(/2/);
  expect(await claimed.count()).toBe(before + 2);

  await open.first().locator('input[name=id]').check();
  await claimed.first().locator('input[name=id]').check();
  await page.keyboard.press('j');
  await claim.click();
  await flash.waitFor();
  expect(await flash.textContent()).toMatch(/1 .*#\d+/);
  expect(await claimed.count()).toBe(before + 3);

  await page.goto(`${system.consoleUrl}/inbox`);
  const lines = page.locator('#inbox-list [data-queue-row]');
  const inboxClaimed = lines.filter({
    has: page.locator('.pill', { hasText: /^(Claimed|已认领)$/ }),
  });
  const inboxOpen = lines.filter({
    has: page.locator('.pill', { hasText: /^(Unclaimed|待认领)$/ }),
  });
  const mine = await inboxClaimed.count();
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  expect(await lines.first().evaluate((line) => line === line.ownerDocument.activeElement)).toBe(
    true,
  );
  await inboxOpen.first().focus();
  await page.keyboard.press('x');
  await page.locator('#inbox-list button[name=do][value=claim]').click();
  await flash.waitFor();
  expect(await flash.getAttribute('class')).toContain('flash-done');
  expect(new URL(page.url()).pathname).toBe('/inbox');
  await expect.poll(() => inboxClaimed.count(), { timeout: circleWithinMs }).toBe(mine + 1);
  const link = await lines.nth(1).locator('a').getAttribute('href');
  await lines.nth(1).focus();
  await page.keyboard.press('o');
  await page.waitForURL(`${system.consoleUrl}${link ?? ''}`);
  expect(await readAccessibilityProblems(page)).toEqual([]);
});
