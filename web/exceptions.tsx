import { holdsOver, type Person } from '../domain/person.ts';
import type { Rule } from '../domain/rule.ts';
import type { ExceptionLine } from '../domain/silence.ts';
import { hiddenRuleCodes } from '../bot/visibility.ts';
import { textsFor } from '../bot/texts/texts.ts';
import { ActionButton } from './card.tsx';
import { formatCount } from './format.ts';
import { Instant } from './parts.tsx';
import type { Knowledge } from './visibility.ts';
import type { SignedIn } from './visitor.ts';
import { personName } from './words.ts';

/** Those whose rules and tags a reader may see. */
export function visibleExceptions(
  exceptions: readonly ExceptionLine[],
  knowledge: Knowledge,
): readonly ExceptionLine[] {
  const { hidden } = knowledge;
  const hiddenRules = hiddenRuleCodes(knowledge);
  const isShown = (code: string | null) => code === null || !hidden.tagCodes.includes(code);
  return exceptions.filter(
    ({ ruleCode, firstTagCode, secondTagCode }) =>
      !hiddenRules.has(ruleCode) && isShown(firstTagCode) && isShown(secondTagCode),
  );
}

/** What exceptions hide here, beside what they hide it of; nothing where none is in force. */
export function ExceptionsHere(props: {
  readonly visitor: SignedIn;
  readonly exceptions: readonly ExceptionLine[];
  readonly knowledge: Knowledge;
}) {
  const { visitor, knowledge } = props;
  const exceptions = visibleExceptions(props.exceptions, knowledge);
  if (exceptions.length === 0) return null;
  const { people, dictionary } = knowledge;
  const words = visitor.texts.silences;
  return (
    <section class="stack">
      <h2>{words.exceptions}</h2>
      <p>{words.exceptionsHint}</p>
      <ExceptionTable {...{ visitor, exceptions, people }} rules={dictionary.rules} />
    </section>
  );
}

interface ExceptionTableProps {
  readonly visitor: SignedIn;
  readonly exceptions: readonly ExceptionLine[];
  readonly people: ReadonlyMap<string, Person>;
  readonly rules: readonly Rule[];
}

export function ExceptionTable({ visitor, exceptions, people, rules }: ExceptionTableProps) {
  const { texts, locale } = visitor;
  const words = texts.silences;
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.rule}</th>
            <th scope="col">{words.reason}</th>
            <th scope="col" class="number">
              {words.customers}
            </th>
            <th scope="col">{words.by}</th>
            <th scope="col">{words.endsOn}</th>
            <th scope="col">{words.from}</th>
          </tr>
        </thead>
        <tbody>
          {exceptions.map((one) => (
            <tr>
              <td class="main-cell">
                {rules.find(({ code }) => code === one.ruleCode)?.name[locale] ?? one.ruleCode}
                <small>
                  {[one.firstTagCode, one.secondTagCode]
                    .filter((code) => code !== null)
                    .join(' × ')}
                </small>
              </td>
              <td data-label={words.reason}>{one.reason}</td>
              <td class="number" data-label={words.customers}>
                {one.customers === 0 ? texts.common.none : formatCount(one.customers, locale)}
              </td>
              <td data-label={words.by}>{personName(one.grantedBy, people, visitor)}</td>
              <td data-label={words.endsOn}>
                <Instant atMs={one.untilMs} visitor={visitor} />
              </td>
              <td data-label={words.from}>
                <ExceptionOrigin one={one} visitor={visitor} />
                <Prolong one={one} visitor={visitor} people={people} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** For whoever granted it and data admins of its warning's owner; the owner has the button on the reminder. */
function Prolong(props: {
  readonly one: ExceptionLine;
  readonly visitor: SignedIn;
  readonly people: ReadonlyMap<string, Person>;
}) {
  const { one, visitor, people } = props;
  const { person } = visitor;
  const isAdmin = holdsOver(person, 'data-admin', people.get(one.warningOwnerCode ?? ''));
  if (one.warningId === null || !(isAdmin || person.code === one.grantedBy)) return null;
  const { prolong } = textsFor(visitor.locale).button;
  const action = { kind: 'open-prolong', warningId: one.warningId } as const;
  return (
    <ActionButton
      button={{ label: prolong, style: 'default', action, confirm: null }}
      visitor={visitor}
      class="button button-default"
    />
  );
}

function ExceptionOrigin(props: { readonly one: ExceptionLine; readonly visitor: SignedIn }) {
  const { one, visitor } = props;
  const words = visitor.texts.silences;
  if (one.warningId !== null) {
    return <a href={`/warnings/${one.warningId}`}>{words.warning(String(one.warningId))}</a>;
  }
  if (one.requestId === null) return <span>{visitor.texts.common.none}</span>;
  return <a href={`/requests/${one.requestId}`}>{words.request(String(one.requestId))}</a>;
}
