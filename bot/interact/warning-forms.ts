import { Temporal } from 'temporal-polyfill';
import type { Person } from '../../domain/person.ts';
import { dismissReasons } from '../../domain/warning.ts';
import { snoozeHours } from '../forms/warning.ts';
import type { Reply } from '../interaction.ts';
import { searchPeople } from '../suggest.ts';
import { personName } from '../texts/texts.ts';
import { answer, missing, ownWords, refuse, refused, type Desk } from './desk.ts';

type Fields = Readonly<Record<string, string>>;

const hourMs = 3_600_000;

export async function dismiss(desk: Desk, warningId: number, fields: Fields): Promise<Reply> {
  const { actor, commands, context, texts } = desk;
  const reason = dismissReasons.find((known) => known === fields['reason']);
  if (reason === undefined) return refused(texts.reply.chooseOne);
  const explanation = ownWords(fields['comment']);
  if (reason === 'other' && explanation === '') return missing(desk, 'comment');
  const input = { warningId, reason, comment: explanation };
  const result = await commands.dismissWarning(context, actor, input);
  return answer(desk, result, () => texts.reply.dismissed);
}

/** The exception holds until the end of the chosen day where the asker lives. */
export async function except(desk: Desk, warningId: number, fields: Fields): Promise<Reply> {
  const { actor, commands, context, texts, pen } = desk;
  const day = fields['until']?.trim() ?? '';
  const untilMs = endOfDayMs(day, pen.reader.timeZone);
  if (untilMs === null || untilMs <= pen.nowMs) return refused(texts.reply.notADate);
  const reason = ownWords(fields['reason']);
  if (reason === '') return missing(desk, 'reason');
  const input = { warningId, untilMs, reason };
  const result = await commands.exceptWarning(context, actor, input);
  return answer(desk, result, () => texts.reply.excepted(day));
}

/** Asks the committee; the exception would hold until the end of the chosen day where the asker lives. */
export async function prolong(desk: Desk, warningId: number, fields: Fields): Promise<Reply> {
  const { actor, commands, context, texts, pen } = desk;
  const untilMs = endOfDayMs(fields['until']?.trim() ?? '', pen.reader.timeZone);
  if (untilMs === null || untilMs <= pen.nowMs) return refused(texts.reply.notADate);
  const reason = ownWords(fields['reason']);
  if (reason === '') return missing(desk, 'reason');
  const input = { warningId, untilMs, reason };
  const result = await commands.prolongException(context, actor, input);
  return answer(desk, result, ({ request }) => texts.reply.prolongAsked(request.id));
}

/** The first instant after a day written as YYYY-MM-DD in a time zone, in epoch milliseconds; null where it is no day. */
export function endOfDayMs(day: string, timeZone: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(day)) return null;
  try {
    return Temporal.PlainDate.from(day, { overflow: 'reject' })
      .add({ days: 1 })
      .toZonedDateTime(timeZone).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

export async function snooze(desk: Desk, warningId: number, fields: Fields): Promise<Reply> {
  const { actor, commands, context, texts, pen } = desk;
  const hours = snoozeHours.find((offered) => String(offered) === fields['hours']);
  if (hours === undefined) return refused(texts.reply.notHours);
  const untilMs = pen.nowMs + hours * hourMs;
  const result = await commands.snoozeWarning(context, actor, { warningId, untilMs });
  return answer(desk, result, () => texts.reply.snoozed(pen.format.dateTime(untilMs)));
}

export async function reassign(desk: Desk, warningId: number, fields: Fields): Promise<Reply> {
  const { actor, commands, context, texts, pen, views } = desk;
  const wanted = ownWords(fields['person']);
  if (wanted === '') return refused(texts.reply.chooseOne);
  const people = await views.people();
  const toCode = findColleague(wanted, people);
  if (toCode === null) return refuse(desk, { kind: 'not-found', what: 'person', id: wanted });
  const result = await commands.reassignWarning(context, actor, { warningId, toCode });
  const name = personName(toCode, people, pen.reader.locale);
  return answer(desk, result, () => texts.reply.reassigned(name));
}

export async function escalate(desk: Desk, warningId: number, fields: Fields): Promise<Reply> {
  const { actor, commands, context, texts } = desk;
  const reason = ownWords(fields['reason']);
  if (reason === '') return missing(desk, 'reason');
  const result = await commands.escalateWarning(context, actor, { warningId, reason });
  return answer(desk, result, () => texts.reply.escalated);
}

export async function comment(desk: Desk, warningId: number, fields: Fields): Promise<Reply> {
  const { actor, commands, context, texts } = desk;
  const text = ownWords(fields['comment']);
  if (text === '') return missing(desk, 'comment');
  const result = await commands.commentOnWarning(context, actor, { warningId, text });
  return answer(desk, result, () => texts.reply.commented);
}

/** By code or whole name; by part of a name where only one colleague has it. */
function findColleague(wanted: string, people: ReadonlyMap<string, Person>): string | null {
  const found = searchPeople(wanted, people.values());
  const exact = found.find((person) =>
    [person.code, ...Object.values(person.name)].some(
      (name) => name.toLowerCase() === wanted.toLowerCase(),
    ),
  );
  return exact?.code ?? (found.length === 1 ? (found[0]?.code ?? null) : null);
}
