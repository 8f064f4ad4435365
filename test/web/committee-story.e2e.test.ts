import type { Locator, Page } from 'playwright-core';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { openVisitors, type Visitors } from '../support/visitors.ts';

/** Writing to the CRM, looking again and redrawing take a second or two on a quiet machine. */
const appliedWithinMs = 120_000;

/** The first of them; each further attempt takes tags that no attempt before it has touched. */
const merges = [
  {
    from: { code: 'comeback-shopper', name: '回头客' },
    into: { code: 'repeat-buyer', name: '复购客户' },
    ownerCode: 'wei-qi',
  },
  {
    from: { code: 'silent-user', name: '沉默用户' },
    into: { code: 'dormant-customer', name: '沉睡客户' },
    ownerCode: 'cao-lu',
  },
] as const;
type Merge = (typeof merges)[number];

const system = inject('system');
let crm: postgres.Sql;
let visitors: Visitors;

beforeAll(() => {
  crm = postgres(system.crmDatabaseUrl, { max: 1 });
});
afterAll(() => crm?.end());
beforeEach(async () => {
  visitors = await openVisitors();
});
afterEach(() => visitors?.close());

/** Who wears either tag, as the CRM itself has it. */
async function wearing({
  from,
  into,
}: Merge): Promise<{ readonly from: string; readonly into: string }> {
  const rows = await crm<{ name: string; ids: string }[]>`
    select t.name, string_agg(c.customer_id::text, ' ' order by c.customer_id) as ids
    from crm.customer_tag c join crm.tag t on t.id = c.tag_id
    where t.name in (${from.name}, ${into.name}) group by t.name`;
  const idsOf = (name: string) => rows.find((row) => row.name === name)?.ids ?? '';
  return { from: idsOf(from.name), into: idsOf(into.name) };
}

const card = (page: Page): Locator => page.locator('#request-card .card');
const action = (page: Page, ...parts: readonly string[]): Locator =>
  card(page).locator(
    `form${parts.map((part) => `:has(input[value*='"${part}"'])`).join('')} button`,
  );

/** Opens the request from the inbox, looks at what it would do, and votes with a comment. */
async function approve(page: Page, request: string, comment: string): Promise<void> {
  await page.goto(`/inbox?item=request-${request.split('/').at(-1)}`);
  await page.locator('.inbox-card .card').waitFor();
  await page.goto(request);
  await visitors.look(page);
  await action(page, 'open-vote', 'approve').click();
  const dialog = page.locator('dialog[open]');
  await dialog.locator('[name=field-comment]').fill(comment);
  await visitors.look(page);
  await dialog.locator('.form-actions button').click();
  await dialog.waitFor({ state: 'hidden' });
  await page.locator('#request-card .card', { hasText: comment }).waitFor();
}

test('three members approve a merge in their browsers, each sees the tally move, the CRM changes, and whoever asked takes it back', async ({
  task,
}) => {
  const merge = merges[task.result?.retryCount ?? 0] ?? merges[0];
  const before = await wearing(merge);
  expect(before.from).not.toBe('');

  const requester = await visitors.signIn('wang-fang', 'en');
  await requester.goto(`/requests/new?kind=merge&from=${merge.from.code}&into=${merge.into.code}`);
  await requester.locator('[name=field-reason]').fill('One meaning, two names.');
  await requester.locator('button[name=step][value=look]').click();
  const submit = requester.locator('button[name=step][value=submit]');
  await submit.waitFor();
  await visitors.look(requester);
  await submit.click();
  await requester.waitForURL(/\/requests\/\d+$/);
  const request = new URL(requester.url()).pathname;
  await action(requester, 'withdraw-request').waitFor();
  expect(await action(requester, 'open-vote').count()).toBe(0);

  const withdraw = action(requester, 'withdraw-request');
  await withdraw.focus();
  await withdraw.evaluate((button: { marked?: boolean }) => {
    button.marked = true;
  });

  const first = await visitors.signIn('han-meimei', 'en');
  await approve(first, request, 'Both teams mean the same.');
  const tally = (page: Page, count: number) =>
    card(page)
      .filter({ hasText: new RegExp(`${count} in favour|同意 ${count}（`) })
      .waitFor({ timeout: appliedWithinMs });
  await tally(requester, 1);
  expect(await requester.evaluate('document.activeElement.marked')).toBe(true);
  await approve(await visitors.signIn('zhao-jing', 'zh-CN'), request, '口径一致');
  await tally(first, 2);
  expect(await wearing(merge)).toEqual(before);
  await approve(await visitors.signIn('qian-xue', 'zh-CN'), request, '海外也一样');

  for (const page of [requester, first]) {
    await page.locator('#request-card .card.tint-green').waitFor({ timeout: appliedWithinMs });
  }
  expect(await action(first, 'open-vote').count()).toBe(0);
  expect(await action(first, 'undo').count()).toBe(0);
  const merged = await wearing(merge);
  expect(merged.from).toBe('');
  const ids = (text: string) => text.split(' ').filter((id) => id !== '');
  expect(new Set(ids(merged.into))).toEqual(new Set([...ids(before.from), ...ids(before.into)]));

  const owner = await visitors.signIn(merge.ownerCode, 'en');
  await owner.goto(`/inbox?show=all&item=request-${request.split('/').at(-1)}`);
  await owner.locator('.inbox-card .card.tint-green').waitFor();

  await action(requester, 'undo').click();
  await requester.locator('dialog[open] .form-actions button').click();
  await expect.poll(() => wearing(merge), { timeout: appliedWithinMs }).toEqual(before);
  await action(requester, 'undo').waitFor({ state: 'detached', timeout: appliedWithinMs });
  await visitors.look(requester);
  expect(visitors.complaints).toEqual([]);
});
