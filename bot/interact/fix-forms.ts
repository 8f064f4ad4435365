import { resolutionCodes, type FixChoice, type ResolutionCode } from '../../domain/fix.ts';
import {
  confirmedFixSchema,
  customersPerFormMax,
  findCharsMax,
  type ConfirmedFix,
} from '../actions.ts';
import { byCustomerForm, customerOfField, previewForm } from '../forms/fix.ts';
import { exceptForm } from '../forms/warning.ts';
import type { Reply } from '../interaction.ts';
import type { WarningView } from '../views.ts';
import { form, answer, askIfPossible, refused, type Desk } from './desk.ts';

type Fields = Readonly<Record<string, string>>;

/** From a way to fix to its preview; nothing is written here. */
export function chooseFix(desk: Desk, warningId: number, fields: Fields): Promise<Reply> {
  const chosen = fields['resolution'] ?? '';
  if (chosen === 'both-right') {
    return askIfPossible(desk, warningId, 'except', (view) => form(exceptForm(view, desk.pen)));
  }
  return askIfPossible(desk, warningId, 'fix', (view) => {
    if (chosen === 'by-customer') return askByCustomer(desk, view, { offset: 0, text: '' });
    if (chosen === '') return refused(desk.texts.reply.chooseOne);
    const resolution = view.resolutions.find((offered) => offered === chosen);
    return resolution === undefined
      ? refused(desk.texts.reply.staleChoice)
      : preview(desk, view, { kind: 'all', resolution });
  });
}

async function askByCustomer(
  desk: Desk,
  view: WarningView,
  asked: { readonly offset: number; readonly text: string },
): Promise<Reply> {
  const page = { ...asked, limit: customersPerFormMax };
  const { total, customers } = await desk.views.customers(view.warning.id, page);
  if (customers.length > 0) {
    return form(byCustomerForm(view, { ...asked, total, customers }, desk.pen));
  }
  const words = desk.texts.form.byCustomer;
  return refused(asked.text === '' ? words.end : words.notFound(asked.text));
}

/** Previews what was decided for each customer; where all were left as they are, others are asked about. */
export function chooseFixByCustomer(
  desk: Desk,
  submitted: { readonly warningId: number; readonly offset: number; readonly text: string },
  fields: Fields,
): Promise<Reply> {
  return askIfPossible(desk, submitted.warningId, 'fix', (view) => {
    const resolutions = Object.entries(fields)
      .flatMap(([id, value]) => {
        const customerId = customerOfField(id);
        const resolution = asResolution(value);
        return customerId === null || resolution === null ? [] : [{ customerId, resolution }];
      })
      .slice(0, customersPerFormMax);
    return resolutions.length === 0
      ? askByCustomer(desk, view, whichCustomers(submitted, fields))
      : preview(desk, view, { kind: 'by-customer', resolutions });
  });
}

/** Those that were searched for, the page that was chosen, or the next one. */
function whichCustomers(
  submitted: { readonly offset: number; readonly text: string },
  fields: Fields,
): { readonly offset: number; readonly text: string } {
  const text = (fields['find'] ?? submitted.text).trim().slice(0, findCharsMax);
  if (text !== submitted.text) return { offset: 0, text };
  const page = /^\d{1,9}$/u.test(fields['page'] ?? '') ? Number(fields['page']) : null;
  const isChosen = page !== null && page !== submitted.offset;
  return { offset: isChosen ? page : submitted.offset + customersPerFormMax, text };
}

function asResolution(value: string): ResolutionCode | null {
  return resolutionCodes.find((code) => code === value) ?? null;
}

/** What a fix would do, to be confirmed; nothing is written here. */
export async function preview(desk: Desk, view: WarningView, choice: FixChoice): Promise<Reply> {
  const planned = await desk.views.fixPreview(view.warning.id, choice);
  return planned === null || planned.customers === 0
    ? refused(desk.texts.form.preview.nothing)
    : form(previewForm(view, planned, desk.pen));
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
    const planned = await desk.views.fixPreview(warningId, choice);
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
