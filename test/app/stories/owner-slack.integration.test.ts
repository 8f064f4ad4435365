import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTracing } from '../../../app/tracing.ts';
import { startSlack, startSlackOverSocket } from '../../support/slack-platform.ts';
import { until } from '../../support/system.ts';
import { startTraceCollector } from '../../support/trace-collector.ts';
import { describeOwnerStory } from './owner-story.ts';

let collector: Awaited<ReturnType<typeof startTraceCollector>>;
let stopTracing: (() => Promise<void>) | undefined;
beforeAll(async () => {
  collector = await startTraceCollector();
  await startTracing({
    endpoint: collector.endpoint,
    process: 'server',
    lifetime: { onEnd: (step) => void (stopTracing = step) },
  });
});
afterAll(async () => {
  await stopTracing?.();
  await collector.close();
});

describeOwnerStory({ name: 'Slack', code: 'slack' }, startSlack);
describeOwnerStory(
  { name: 'Slack, in socket mode', code: 'slack', over: 'socket' },
  startSlackOverSocket,
);

test('one trace leads from a click through its workflow to the call of the platform', async () => {
  const paths = await until(
    'the trace has arrived',
    async () =>
      collector.spans.filter(({ name }) => name === 'deliver slack').map(collector.pathOf),
    (all) => all.some((path) => path.at(-1) === 'POST slack-events'),
  );
  const fromClicks = paths.filter((path) => path.at(-1) === 'POST slack-events');
  expect(fromClicks).toContainEqual([
    'deliver slack',
    'activity projectWarning',
    'update warning',
    'POST slack-events',
  ]);
  // Names of people, tags and customers are Chinese here.
  expect(collector.bodies.join('\n')).not.toMatch(/\p{Script=Han}/u);
});
