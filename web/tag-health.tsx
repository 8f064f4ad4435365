import type { TagHealth } from '../db/stores/tag-usage.ts';
import { shareOf } from '../domain/health.ts';
import { formatCount, formatPercent } from './format.ts';
import { tagUsageTexts } from './texts/tag-usage.ts';
import type { SignedIn } from './visitor.ts';

/** A tag's health as a number; what lowers it stands in words below, or beside the pointer. */
export function HealthFigure(props: {
  readonly health: TagHealth | undefined;
  readonly visitor: SignedIn;
}) {
  const { health, visitor } = props;
  const score = health?.score ?? null;
  if (health === undefined || score === null) return <>{visitor.texts.common.none}</>;
  const { lowered } = tagUsageTexts[visitor.locale];
  const why = health.parts.filter(({ good, of }) => good < of).map(({ kind }) => lowered[kind]);
  return (
    <span title={why.join(visitor.locale === 'en' ? '; ' : '；')}>
      {formatCount(Math.round(score), visitor.locale)}
    </span>
  );
}

/** The formula with its parts, and what lowers them. */
export function TagHealthBox(props: {
  readonly health: TagHealth | null;
  readonly visitor: SignedIn;
}) {
  const { health, visitor } = props;
  const { locale } = visitor;
  const words = tagUsageTexts[locale];
  const score = health?.score ?? null;
  return (
    <section class="box">
      <h2>
        {words.health}
        {score !== null && <small>{` ${formatCount(Math.round(score), locale)}`}</small>}
      </h2>
      {health === null || score === null ? (
        <p class="box-body note">{words.noHealth}</p>
      ) : (
        <>
          <ul class="lines">
            {health.parts.map((part) => {
              const share = shareOf(part) ?? 1;
              return (
                <li class="line">
                  <span>
                    {words.part[part.kind]}
                    {share < 1 && <small>{` · ${words.lowered[part.kind]}`}</small>}
                  </span>
                  <span>{formatPercent(share, locale)}</span>
                </li>
              );
            })}
          </ul>
          <p class="box-body note">{words.formula}</p>
        </>
      )}
    </section>
  );
}
