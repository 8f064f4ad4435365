import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** WCAG 2.2 at level AA, with everything it builds on. */
const criteria = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What of WCAG AA a page breaks as it stands now: rule, what to do, and where. */
export async function readAccessibilityProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const options: RunOptions = {
    runOnly: { type: 'tag', values: criteria },
    resultTypes: ['violations'],
  };
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(document, ${JSON.stringify(options)})`,
  );
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes
        .slice(0, 3)
        .map(({ target, any }) => `${target.join(' ')} ${any[0]?.message ?? ''}`)
        .join(' | ')}`,
  );
}
