import { resolutionCodes, type FixChoice, type ResolutionCode } from '../../domain/fix.ts';
import {
  carriedDecisionsMax,
  confirmedFixSchema,
  customersPerFormMax,
  findCharsMax,
  type ConfirmedFix,
  type FormAction,
} from '../actions.ts';
import {
  byCustomerForm,
  customerOfField,
  previewForm,
  readDecisions,
  type Decisions,
} from '../forms/fix.ts';
import { exceptForm } from '../forms/warning.ts';
import type { Reply } from '../interaction.ts';
import type { WarningView } from '../views.ts';
import { form, answer, askIfPossible, refused, turnDown, type Desk } from './desk.ts';

type Fields = Readonly<Record<string, string>>;

/** From a way to fix to its preview; nothing is written here. */
export function chooseFix(desk: Desk, warningId: number, fields: Fields): Promise<Reply> {
  const chosen = fields['resolution'] ?? '';
  if (chosen === 'both-right') {
    return askIfPossible(desk, warningId, 'except', (view) => form(exceptForm(view, desk.pen)));
  }
  return askIfPossible(desk, warningId, 'fix', (view) => {
    if (chosen === 'by-customer')
      return askByCustomer(desk, view, { ...firstPage, decided: new Map() });
    if (chosen === '') return refused(desk.texts.reply.chooseOne);
    const resolution = view.resolutions.find((offered) => offered === chosen);
    return resolution === undefined
      ? refused(desk.texts.reply.staleChoice)
      : preview(desk, view, { kind: 'all', resolution });
  });
}

interface AskedCustomers {
  readonly offset: number;
  readonly text: string;
}

const firstPage: AskedCustomers = { offset: 0, text: '' };

/** What was decided is never lost: a search in vain shows everybody, a page that is no more the preview. */
async function askByCustomer(
  desk: Desk,
  view: WarningView,
  asked: AskedCustomers & { readonly decided: Decisions },
  inVain: string | null = null,
): Promise<Reply> {
  const { offset, text, decided } = asked;
  const page = { offset, text, limit: customersPerFormMax };
  const { total, customers } = await desk.views.customers(view.warning.id, page);
  if (customers.length > 0) {
    return form(byCustomerForm(view, { ...asked, total, customers, inVain }, desk.pen));
  }
  if (text !== '') return askByCustomer(desk, view, { ...firstPage, decided }, text);
  return decided.size > 0
    ? previewDecisions(desk, view, decided)
    : refused(desk.texts.form.byCustomer.end);
}

type ByCustomerAction = Extract<FormAction, { kind: 'choose-fix-by-customer' }>;

/** Keeps what was decided on each page, shows the customers that are asked for, and otherwise previews. */
export function chooseFixByCustomer(
  desk: Desk,
  submitted: ByCustomerAction,
  fields: Fields,
): Promise<Reply> {
  return askIfPossible(desk, submitted.warningId, 'fix', (view) => {
    const decided = decisionsOf(submitted, fields);
    const asked = whichCustomers(submitted, fields);
    const isFull = decided.size >= carriedDecisionsMax;
    if (decided.size > 0 && (asked === null || isFull)) {
      return previewDecisions(desk, view, decided);
    }
    const next = { offset: submitted.offset + customersPerFormMax, text: submitted.text };
    return askByCustomer(desk, view, { ...(asked ?? next), decided });
  });
}

/** Of this form and those before; who is left as they are on this one is decided no more. */
function decisionsOf(submitted: ByCustomerAction, fields: Fields): Decisions {
  const decided = new Map(readDecisions(submitted.decided));
  let left = customersPerFormMax;
  for (const [id, value] of Object.entries(fields)) {
    const customerId = customerOfField(id);
    if (customerId === null || left === 0) continue;
    left -= 1;
    const resolution = asResolution(value);
    if (resolution === null) decided.delete(customerId);
    else decided.set(customerId, resolution);
  }
  return decided;
}

function previewDecisions(desk: Desk, view: WarningView, decided: Decisions): Promise<Reply> {
  const resolutions = [...decided]
    .slice(0, carriedDecisionsMax + customersPerFormMax)
    .map(([customerId, resolution]) => ({ customerId, resolution }));
  return preview(desk, view, { kind: 'by-customer', resolutions });
}

/** Those that are searched for or the page that was chosen; null where they ask for no others. */
function whichCustomers(submitted: ByCustomerAction, fields: Fields): AskedCustomers | null {
  const text = (fields['find'] ?? submitted.text).trim().slice(0, findCharsMax);
  if (text !== submitted.text) return { offset: 0, text };
  const page = /^\d{1,9}$/u.test(fields['page'] ?? '') ? Number(fields['page']) : null;
  return page === null || page === submitted.offset ? null : { offset: page, text };
}

function asResolution(value: string): ResolutionCode | null {
  return resolutionCodes.find((code) => code === value) ?? null;
}

/** What a fix would do, to be confirmed; nothing is written here. */
export async function preview(desk: Desk, view: WarningView, choice: FixChoice): Promise<Reply> {
  const { warning } = view;
  const planned = await desk.views.fixPreview(warning.id, choice, desk.actor.person);
  if (planned === null || planned.customers === 0) return refused(desk.texts.form.preview.nothing);
  if (planned.mayNotUse === null) return form(previewForm(view, planned, desk.pen));
  const attempt = { action: 'fix', subjectKind: 'warning', subjectId: String(warning.id) } as const;
  return turnDown(desk, attempt, planned.mayNotUse);
}

/**
 * Writes what was confirmed. Where meanwhile other customers would change than the preview said, the new
 * preview is shown instead: nobody confirms what they have not seen.
 */
export function confirmFix(desk: Desk, warningId: number, confirmation: string): Promise<Reply> {
  const confirmed = parseConfirmation(confirmation);
  if (confirmed === null) return Promise.resolve(refused(desk.texts.reply.malformed));
  const { choice } = confirmed;
  return askIfPossible(desk, warningId, 'fix', async (view) => {
    if (choice.kind === 'all' && !view.resolutions.includes(choice.resolution)) {
      return refused(desk.texts.reply.staleChoice);
    }
    const planned = await desk.views.fixPreview(warningId, choice, desk.actor.person);
    if (planned === null || planned.customers !== confirmed.customers) {
      return preview(desk, view, choice);
    }
    const { actor, commands, context, texts } = desk;
    const result = await commands.fixWarning(context, actor, { warningId, choice });
    return answer(desk, result, () => texts.reply.fixStarted);
  });
}

function parseConfirmation(text: string): ConfirmedFix | null {
  try {
    const parsed = confirmedFixSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
