import {
  allHandlersFinished,
  condition,
  continueAsNew,
  patched,
  setHandler,
} from '@temporalio/workflow';
import {
  findingsChangedSignal,
  lookAgainSignal,
  warningUpdate,
  type UpdateResult,
  type WarningInput,
  type WarningMessage,
} from './messages.ts';
import { eventOf, nextStepFor, validate, wordsOf } from './warning-acts.ts';
import { createFixer } from './warning-fixer.ts';
import { createMessenger } from './warning-messenger.ts';
import { countAgainst, planWarning } from './warning-responsibility.ts';
import { createWarningRun } from './warning-run.ts';
import { createTimekeeper } from './warning-timekeeper.ts';

/**
 * The life of one warning. Four things go on side by side: people's Updates and scans' signals change its state,
 * one at a time; a clock escalates and reminds; a worker writes and verifies the fix that the state names;
 * a messenger brings the state to the cards. So a chat platform that is down holds up no deadline, and a source
 * that is down holds up no click.
 */
export async function warning(input: WarningInput): Promise<void> {
  const abilities = {
    isAssessed: patched('assessment'),
    claimsRunOut: patched('claim-expiry'),
    tellsAnew: patched('telling'),
  };
  const run = createWarningRun(input);
  const { current, inTurn } = run;
  const timekeeper = createTimekeeper(run, abilities);
  const fixer = createFixer(run);
  let successorId: number | null = null;
  let newestCustomers: number | null = null;
  const messenger = createMessenger(run, input, {
    isTryingByItself: fixer.isTryingByItself,
    isSucceeded: () => successorId !== null,
  });

  setHandler(
    warningUpdate,
    async (message) => {
      await condition(() => run.held() !== null);
      return inTurn(() => act(message));
    },
    { validator: (message) => validate(message, run.held()) },
  );
  setHandler(findingsChangedSignal, async (news) => {
    // A warning that opened while this one was closing; it has the same workflow id and needs the next run.
    if (news.warningId !== input.warningId) {
      successorId = news.warningId;
      return;
    }
    newestCustomers = news.customers;
    await condition(() => run.held() !== null);
    await inTurn(takeNews);
  });
  setHandler(lookAgainSignal, timekeeper.lookAgain);

  await run.begin();
  if (input.carried === undefined && !run.isClosed()) {
    await inTurn(async () => {
      await planWarning(run, 'begin');
      if (abilities.isAssessed && current().warning.recurrences > 0) {
        await countAgainst(run, 'recurred');
      }
    });
  }
  if (input.carried === undefined) fixer.considerAutomaticFix();

  await Promise.all([
    timekeeper.keepTime(),
    fixer.workOnFix(),
    messenger.bringCards(),
    messenger.bringPredecessorsCard(),
    messenger.makeRoom(),
  ]);
  await condition(allHandlersFinished);
  if (!run.isClosed()) {
    await continueAsNew<typeof warning>({ warningId: input.warningId, carried: current() });
  }
  if (successorId !== null) {
    const predecessor = current().isDeliveryDue ? { predecessorId: input.warningId } : {};
    await continueAsNew<typeof warning>({ warningId: successorId, ...predecessor });
  }

  async function act({ by, update }: WarningMessage): Promise<UpdateResult> {
    const event =
      update.kind === 'fix'
        ? await fixer.fixEvent(by, update)
        : eventOf(by, update, { ...current().plan, next: nextStepFor(by, current()) });
    const answer = await run.apply(event, wordsOf(by, update));
    if (answer.kind === 'refused') return answer;
    if (answer.kind === 'accepted' && event.kind === 'reassigned') {
      await planWarning(run, 'reassigned');
    }
    const { warning: now } = current();
    return { kind: answer.kind === 'accepted' ? 'done' : 'unchanged', warning: now };
  }

  async function takeNews(): Promise<void> {
    if (newestCustomers === null) return;
    const customers = newestCustomers;
    newestCustomers = null;
    const answer = await run.apply({ kind: 'findings-changed', customers });
    if (answer.kind === 'accepted') fixer.considerAutomaticFix();
  }
}
