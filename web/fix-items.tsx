import { describeWriteRefusal } from '../bot/texts/write-refusals.ts';
import type { FixView } from '../bot/views.ts';
import type { FixCounts, FixOutcome } from '../domain/fix.ts';
import type { LocalizedText } from '../domain/locale.ts';
import type { Person } from '../domain/person.ts';
import type { FixItemLine, FixItemsShown } from '../db/stores/fix-items.ts';
import { formatCount } from './format.ts';
import { Empty, Instant, NextPage, Pill, Tabs, type PillTone } from './parts.tsx';
import type { SignedIn } from './visitor.ts';
import { personName } from './words.ts';

export const fixItemsPerPage = 25;

interface FixBoxProps {
  readonly visitor: SignedIn;
  readonly fix: FixView;
  /** One more than a page where there is a next one. */
  readonly items: readonly FixItemLine[];
  readonly shown: FixItemsShown;
  readonly offset: number;
  readonly people: ReadonlyMap<string, Person>;
  /** Whether the reader may take all of it away as a file. */
  readonly mayExport: boolean;
  readonly pathOf: (page: { readonly shown: FixItemsShown; readonly offset: number }) => string;
}

const outcomeTones: Readonly<Record<FixOutcome, PillTone>> = {
  pending: 'neutral',
  changed: 'good',
  'already-so': 'good',
  'changed-meanwhile': 'notice',
  refused: 'bad',
};

/** What a fix did to each customer, and its undo; narrowed to one outcome on demand. */
export function FixBox(props: FixBoxProps) {
  const { visitor, fix, shown, offset, pathOf } = props;
  const { texts } = visitor;
  const items = props.items.slice(0, fixItemsPerPage);
  const isUndone = fix.undoCounts !== null;
  return (
    <section class="box">
      <h2>
        {texts.warning.fix} <Pill tone="active">{texts.fixState[fix.state]}</Pill>
        <small>
          {' '}
          {texts.warning.fixBy(personName(fix.requestedBy, props.people, visitor))}
          {fix.writtenAtMs !== null && (
            <>
              {' · '}
              <Instant atMs={fix.writtenAtMs} visitor={visitor} />
            </>
          )}
        </small>
      </h2>
      <div class="toolbar">
        <Tabs label={texts.warning.outcome} tabs={outcomeTabs(props)} />
        {props.mayExport && (
          <a
            class="button button-default"
            href={`/fixes/${fix.id}/items.csv?shown=${shown}`}
            download
          >
            {texts.warning.exportFix}
          </a>
        )}
      </div>
      {items.length === 0 ? (
        <Empty title={texts.common.none} />
      ) : (
        <div class="table-frame">
          <table>
            <thead>
              <tr>
                <th scope="col">{texts.warning.customer}</th>
                <th scope="col">{texts.warning.before}</th>
                <th scope="col">{texts.warning.after}</th>
                <th scope="col">{texts.warning.outcome}</th>
                {isUndone && <th scope="col">{texts.warning.undoOutcome}</th>}
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <ItemRow {...{ item, visitor, isUndone }} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <NextPage
        visitor={visitor}
        nextHref={
          props.items.length > fixItemsPerPage
            ? pathOf({ shown, offset: offset + fixItemsPerPage })
            : null
        }
        firstHref={offset > 0 ? pathOf({ shown, offset: 0 }) : null}
      />
    </section>
  );
}

function outcomeTabs({ visitor, fix, shown, pathOf }: FixBoxProps) {
  const { texts, locale } = visitor;
  const tab = (which: FixItemsShown, label: string, count: number) => ({
    href: pathOf({ shown: which, offset: 0 }),
    label,
    count: formatCount(count, locale),
    current: shown === which,
  });
  const { counts, undoCounts } = fix;
  const notGivenBack = undoCounts === null ? 0 : undoCounts.changedMeanwhile + undoCounts.refused;
  return [
    tab('all', texts.common.all, counts.customers),
    ...countedOutcomes(counts).map(([outcome, count]) =>
      tab(outcome, texts.fixOutcome[outcome], count),
    ),
    ...(notGivenBack > 0 ? [tab('not-undone', texts.warning.notUndone, notGivenBack)] : []),
  ];
}

function countedOutcomes(counts: FixCounts): readonly (readonly [FixOutcome, number])[] {
  const all = [
    ['changed', counts.changed],
    ['already-so', counts.alreadySo],
    ['changed-meanwhile', counts.changedMeanwhile],
    ['refused', counts.refused],
  ] as const;
  return all.filter(([, count]) => count > 0);
}

function ItemRow(props: {
  readonly item: FixItemLine;
  readonly visitor: SignedIn;
  readonly isUndone: boolean;
}) {
  const { item, visitor } = props;
  const { texts } = visitor;
  return (
    <tr>
      <td class="main-cell">
        <strong>{item.name}</strong>
        <small>{`${item.ref} · ${item.sourceCode}`}</small>
      </td>
      <td data-label={texts.warning.before}>
        <TagNames names={item.before} visitor={visitor} />
      </td>
      <td data-label={texts.warning.after}>
        <TagNames names={item.after} visitor={visitor} />
      </td>
      <td data-label={texts.warning.outcome}>
        <Outcome outcome={item.outcome} detail={item.detail} visitor={visitor} />
      </td>
      {props.isUndone && (
        <td data-label={texts.warning.undoOutcome}>
          {item.undoOutcome !== null && (
            <Outcome outcome={item.undoOutcome} detail={item.undoDetail} visitor={visitor} />
          )}
        </td>
      )}
    </tr>
  );
}

function Outcome(props: {
  readonly outcome: FixOutcome;
  readonly detail: string | null;
  readonly visitor: SignedIn;
}) {
  const { outcome, detail, visitor } = props;
  return (
    <>
      <Pill tone={outcomeTones[outcome]}>{visitor.texts.fixOutcome[outcome]}</Pill>
      {detail !== null && detail !== '' && (
        <small class="detail">{describeWriteRefusal(detail, visitor.locale)}</small>
      )}
    </>
  );
}

function TagNames(props: { readonly names: readonly LocalizedText[]; readonly visitor: SignedIn }) {
  const { names, visitor } = props;
  return names.length === 0 ? (
    <>{visitor.texts.common.none}</>
  ) : (
    <>
      {names.map((name) => (
        <span class="tag">{name[visitor.locale]}</span>
      ))}
    </>
  );
}
