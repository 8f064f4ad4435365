import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readAccessibilityProblems } from '../support/accessibility.ts';

/** Writing to the CRM, looking again and redrawing take a second or two on a quiet machine. */
const appliedWithinMs = 120_000;

const system = inject('system');
let crm: postgres.Sql;
let browser: Browser;
const complaints: string[] = [];

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

async function signIn(person: string, locale: 'en' | 'zh-CN'): Promise<Page> {
  const page = await (await browser.newContext({ locale })).newPage();
  page.on('pageerror', (error) => complaints.push(`${person}: ${error.message}`));
  await page.goto(system.consoleUrl);
  await page.locator(`button[name=person][value=${person}]`).first().click();
  await page.waitForURL('**/inbox');
  return page;
}

/** Who wears either tag, as the CRM itself has it. */
async function wearing(): Promise<{ readonly from: string; readonly into: string }> {
  const rows = await crm<{ name: string; ids: string }[]>`
    select t.name, string_agg(c.customer_id::text, ' ' order by c.customer_id) as ids
    from crm.customer_tag c join crm.tag t on t.id = c.tag_id
    where t.name in ('回头客', '复购客户') group by t.name`;
  const idsOf = (name: string) => rows.find((row) => row.name === name)?.ids ?? '';
  return { from: idsOf('回头客'), into: idsOf('复购客户') };
}

const card = (page: Page): Locator => page.locator('#request-card .card');
const action = (page: Page, ...parts: readonly string[]): Locator =>
  card(page).locator(
    `form${parts.map((part) => `:has(input[value*='"${part}"'])`).join('')} button`,
  );

/** Opens the request from the inbox, looks at what it would do, and votes with a comment. */
async function approve(page: Page, request: string, comment: string): Promise<void> {
  await page.goto(`${system.consoleUrl}/inbox?item=request-${request.split('/').at(-1)}`);
  await page.locator('.inbox-card .card').waitFor();
  await page.goto(system.consoleUrl + request);
  complaints.push(...(await readAccessibilityProblems(page)));
  await action(page, 'open-vote', 'approve').click();
  const dialog = page.locator('dialog[open]');
  await dialog.locator('[name=field-comment]').fill(comment);
  complaints.push(...(await readAccessibilityProblems(page)));
  await dialog.locator('.form-actions button').click();
  await dialog.waitFor({ state: 'hidden' });
  await page.locator('#request-card .card', { hasText: comment }).waitFor();
}

test('three members approve a merge in their browsers, each sees the tally move, the CRM changes, and whoever asked takes it back', async () => {
  const before = await wearing();
  expect(before.from).not.toBe('');

  const requester = await signIn('wang-fang', 'en');
  await requester.goto(
    `${system.consoleUrl}/requests/new?kind=merge&from=comeback-shopper&into=repeat-buyer`,
  );
  await requester.locator('[name=field-reason]').fill('One meaning, two names.');
  await requester.locator('button[name=step][value=look]').click();
  const submit = requester.locator('button[name=step][value=submit]');
  await submit.waitFor();
  complaints.push(...(await readAccessibilityProblems(requester)));
  await submit.click();
  await requester.waitForURL(/\/requests\/\d+$/);
  const request = new URL(requester.url()).pathname;
  await action(requester, 'withdraw-request').waitFor();
  expect(await action(requester, 'open-vote').count()).toBe(0);

  const first = await signIn('han-meimei', 'en');
  await approve(first, request, 'Both teams mean the same.');
  const tally = (page: Page, count: number) =>
    card(page)
      .filter({ hasText: new RegExp(`${count} in favour|同意 ${count}（`) })
      .waitFor({ timeout: appliedWithinMs });
  await tally(requester, 1);
  await approve(await signIn('zhao-jing', 'zh-CN'), request, '口径一致');
  await tally(first, 2);
  expect(await wearing()).toEqual(before);
  await approve(await signIn('qian-xue', 'zh-CN'), request, '海外也一样');

  for (const page of [requester, first]) {
    await page.locator('#request-card .card.tint-green').waitFor({ timeout: appliedWithinMs });
  }
  expect(await action(first, 'open-vote').count()).toBe(0);
  expect(await action(first, 'undo').count()).toBe(0);
  const merged = await wearing();
  expect(merged.from).toBe('');
  const ids = (text: string) => text.split(' ').filter((id) => id !== '');
  expect(new Set(ids(merged.into))).toEqual(new Set([...ids(before.from), ...ids(before.into)]));

  const owner = await signIn('wei-qi', 'en');
  await owner.goto(`${system.consoleUrl}/inbox?show=all&item=request-${request.split('/').at(-1)}`);
  await owner.locator('.inbox-card .card.tint-green').waitFor();

  await action(requester, 'undo').click();
  await requester.locator('dialog[open] .form-actions button').click();
  await expect.poll(wearing, { timeout: appliedWithinMs }).toEqual(before);
  await action(requester, 'undo').waitFor({ state: 'detached', timeout: appliedWithinMs });
  complaints.push(...(await readAccessibilityProblems(requester)));
  expect(complaints).toEqual([]);
});
