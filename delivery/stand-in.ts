import type { Database } from '../db/client.ts';
import type { Delivery } from '../db/stores/deliveries.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { loadWarning } from '../db/stores/warnings.ts';
import type { Person } from '../domain/person.ts';
import { standInCode } from '../domain/rights.ts';

/**
 * Who is told that somebody cannot be reached about a warning: whoever may act in their place, which is the deputy of
 * somebody absent, the second line, then the manager. Null: there is nobody, or it is no warning that waits for them.
 */
export async function findStandIn(
  database: Database,
  missed: { readonly delivery: Delivery; readonly recipient: Person; readonly nowMs: number },
): Promise<Person | null> {
  const { delivery, recipient, nowMs } = missed;
  if (delivery.subjectKind !== 'warning' || delivery.purpose.startsWith('reminder-')) return null;
  const warning = await loadWarning(database.query, delivery.subjectId);
  if (warning === null || warning.state.kind === 'closed') return null;
  const { people } = await readCurrentKnowledge(database);
  const codes = [standInCode(recipient, nowMs), warning.secondLineCode, warning.managerCode];
  const standIns = codes.flatMap((code) => (code === null ? [] : (people.get(code) ?? [])));
  return (
    standIns.find(({ code, status }) => code !== recipient.code && status === 'active') ?? null
  );
}
