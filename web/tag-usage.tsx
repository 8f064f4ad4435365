import { raw } from 'hono/html';
import { lineChart } from '../bot/charts/line.ts';
import { niceTop } from '../bot/charts/columns.ts';
import type { TagUsage } from '../db/stores/tag-usage.ts';
import { calendarDay, formatCount, formatPercent } from './format.ts';
import { Instant } from './parts.tsx';
import { tagUsageTexts } from './texts/tag-usage.ts';
import type { Knowledge } from './visibility.ts';
import type { SignedIn } from './visitor.ts';
import { personName } from './words.ts';

interface TagUsageProps {
  readonly usage: TagUsage;
  readonly visitor: SignedIn;
  readonly knowledge: Knowledge;
}

/** How many customers carry a tag, from where, since when, and who puts it on. */
export function TagUsageBox(props: TagUsageProps) {
  const { usage, visitor } = props;
  const { texts, locale } = visitor;
  const words = tagUsageTexts[locale];
  const { customers, allCustomers, lastPutOnAtMs, sources, trend } = usage;
  return (
    <section class="box usage">
      <h2>{words.usage}</h2>
      <div class="box-body">
        <dl class="facts facts-plain facts-wide">
          <div>
            <dt>{texts.tag.customers}</dt>
            <dd>
              {customers === null ? texts.common.none : formatCount(customers, locale)}
              {customers !== null && allCustomers > 0 && (
                <small>{` · ${words.coverage(formatPercent(customers / allCustomers, locale))}`}</small>
              )}
            </dd>
          </div>
          <div>
            <dt>{words.lastPutOn}</dt>
            <dd>
              {lastPutOnAtMs === null ? (
                words.unknown
              ) : (
                <Instant atMs={lastPutOnAtMs} visitor={visitor} />
              )}
            </dd>
          </div>
          {sources.length > 0 && (
            <div>
              <dt>{words.sources}</dt>
              <dd>
                {sources
                  .map(
                    ({ name, customers: count }) => `${name[locale]} ${formatCount(count, locale)}`,
                  )
                  .join(' · ')}
              </dd>
            </div>
          )}
        </dl>
        {trend.length > 1 && (
          <>
            <h3>{words.trend}</h3>
            {raw(
              lineChart({
                label: words.trend,
                steps: trend.map(({ countedAtMs }) => calendarDay(countedAtMs, visitor.timeZone)),
                lines: [
                  {
                    label: words.trend,
                    tone: 'blue',
                    values: trend.map((one) => one.customers),
                  },
                ],
                scale: { low: 0, high: niceTop(Math.max(1, ...trend.map((one) => one.customers))) },
                format: (value) => formatCount(Math.round(value), locale),
                width: 640,
              }),
            )}
          </>
        )}
        <h3>{words.actors}</h3>
        <Actors {...props} />
      </div>
    </section>
  );
}

function Actors({ usage, visitor, knowledge }: TagUsageProps) {
  const { locale } = visitor;
  const words = tagUsageTexts[locale];
  const { actors, sampled } = usage;
  if (actors.length === 0) return <p class="note">{words.noActors}</p>;
  const count = formatCount(sampled.customers, locale);
  return (
    <>
      <ul>
        {actors.map(({ name, personCode, departmentCode, customers }) => (
          <li>
            {personCode === null ? name : personName(personCode, knowledge.people, visitor)}
            <small>
              {departmentCode === null
                ? ''
                : ` · ${knowledge.departments.get(departmentCode)?.name[locale] ?? departmentCode}`}
              {` · ${formatPercent(customers / sampled.customers, locale)}`}
            </small>
          </li>
        ))}
      </ul>
      <p class="note">{sampled.isAll ? words.everyone(count) : words.sampled(count)}</p>
    </>
  );
}
