import { cronWords } from '../cron-words.ts';
import { Hono } from 'hono';
import { findPolicy } from '../../db/stores/dictionary.ts';
import { pointCauses } from '../../domain/assessment.ts';
import { assertNever } from '../../domain/assert-never.ts';
import { timeOfMinute } from '../../domain/preference.ts';
import type { EscalationStep, EscalationTarget, Policy } from '../../domain/policy.ts';
import { retentionKinds } from '../../domain/retention.ts';
import { severities, type Severity } from '../../domain/severity.ts';
import type { WebDependencies } from '../dependencies.ts';
import { formatCount, formatDuration, formatPercent } from '../format.ts';
import { Page } from '../layout.tsx';
import { Empty, FactsBox, PageHead, SeverityMark, type Fact } from '../parts.tsx';
import { policyTexts } from '../texts/policy.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName } from '../words.ts';

const hourMs = 3_600_000;

/** The policy as it is in force, in words; it is changed as configuration. */
export function createPolicyRoutes(
  { database }: WebDependencies,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.get('/policy', async (context) => {
    const visitor = context.get('signedIn');
    const [policy, knowledge] = await Promise.all([
      findPolicy(database.query),
      readKnowledge(visitor.person),
    ]);
    const words = policyTexts[visitor.locale];
    return context.html(
      <Page visitor={visitor} title={words.title} area="policy">
        <PageHead title={words.title} subtitle={words.subtitle} />
        {policy === null ? (
          <Empty title={words.notYet} hint={words.hint} />
        ) : (
          <PolicySections {...{ visitor, policy, knowledge }} />
        )}
      </Page>,
    );
  });
  return app;
}

interface PolicyProps {
  readonly visitor: SignedIn;
  readonly policy: Policy;
  readonly knowledge: Knowledge;
}

function PolicySections(props: PolicyProps) {
  const words = policyTexts[props.visitor.locale];
  return (
    <div class="stack">
      <p class="note">{words.hint}</p>
      <Deadlines {...props} />
      <Escalation {...props} />
      <FactsBox title={words.telling} facts={tellingFacts(props)} />
      <FactsBox title={words.committee} facts={committeeFacts(props)} />
      <FactsBox title={words.fixing} facts={fixFacts(props)} />
      <FactsBox title={words.reports} facts={reportFacts(props)} />
      <FactsBox title={words.scans} facts={scanFacts(props)} />
      <FactsBox title={words.retention} facts={retentionFacts(props)} />
      <p class="note">{words.keptForever}</p>
    </div>
  );
}

function Deadlines({ visitor, policy }: PolicyProps) {
  const { locale, texts } = visitor;
  const words = policyTexts[locale];
  const duration = (ms: number) => formatDuration(ms, locale);
  // A day of working time is no day of the calendar.
  const deadline = (of: Severity, ms: number) =>
    policy.severities[of].clock === 'working' && ms >= hourMs
      ? words.hours(formatCount(ms / hourMs, locale))
      : duration(ms);
  const columns: readonly (readonly [string, (severity: Severity) => string])[] = [
    [words.claimWithin, (of) => deadline(of, policy.severities[of].claimWithinMs)],
    [words.closeWithin, (of) => deadline(of, policy.severities[of].closeWithinMs)],
    [words.clock, (of) => words.clocks[policy.severities[of].clock]],
    [words.pauses, (of) => (policy.severities[of].pausesUnattended ? words.yes : words.no)],
    [
      words.reminders,
      (of) =>
        policy.severities[of].reminderFractions
          .map((fraction) => formatPercent(fraction, locale))
          .join(' · ') || texts.common.none,
    ],
    [
      words.repeat,
      (of) => {
        const { repeatEveryMs } = policy.severities[of];
        return repeatEveryMs === null ? words.never : duration(repeatEveryMs);
      },
    ],
    [words.grouping, (of) => words.groupings[policy.grouping.by[of]]],
  ];
  return (
    <section class="box">
      <h2>{words.deadlines}</h2>
      <div class="table-frame">
        <table>
          <thead>
            <tr>
              <td />
              {severities.map((severity) => (
                <th scope="col">
                  <SeverityMark severity={severity} visitor={visitor} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {columns.map(([label, value]) => (
              <tr>
                <th scope="row">{label}</th>
                {severities.map((severity) => (
                  <td data-label={texts.severity[severity]}>{value(severity)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Escalation(props: PolicyProps) {
  const { visitor, policy } = props;
  const words = policyTexts[visitor.locale];
  return (
    <section class="box">
      <h2>{words.escalation}</h2>
      {policy.escalation.length === 0 ? (
        <p class="box-body">{words.escalationNone}</p>
      ) : (
        <ol class="lines">
          {policy.escalation.map((step) => (
            <li class="line">
              <span>{stepMoment(step, visitor)}</span>
              <strong>{targetName(step.to, props)}</strong>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function stepMoment({ on, afterMs }: EscalationStep, { locale }: SignedIn): string {
  const words = policyTexts[locale];
  const deadline = words.missed[on];
  return afterMs === 0
    ? words.at(deadline)
    : words.after(formatDuration(afterMs, locale), deadline);
}

function targetName(target: EscalationTarget, { visitor, policy, knowledge }: PolicyProps): string {
  const { locale, texts } = visitor;
  const words = policyTexts[locale];
  switch (target.kind) {
    case 'second-line':
    case 'manager':
      return words.to[target.kind];
    case 'person':
      return personName(target.code, knowledge.people, visitor);
    case 'role':
      return words.everybodyWith(texts.role[target.role]);
    case 'duty': {
      const duty = policy.duties.find(({ code }) => code === target.code);
      return words.onDuty(duty?.name[locale] ?? target.code);
    }
    case 'group': {
      const group = policy.groups.find(({ code }) => code === target.code);
      return words.group(group?.name[locale] ?? target.code);
    }
    default:
      return assertNever(target);
  }
}

function tellingFacts({ visitor, policy, knowledge }: PolicyProps): readonly Fact[] {
  const { locale, texts } = visitor;
  const words = policyTexts[locale];
  const { claim, grouping, quietHours, snooze } = policy;
  const duration = (ms: number) => formatDuration(ms, locale);
  const listed = (names: readonly string[]) => names.join(' · ') || texts.common.none;
  const members = (codes: readonly string[]) =>
    codes.map((code) => personName(code, knowledge.people, visitor)).join(' → ');
  return [
    [words.breakThrough, listed(quietHours.breakThrough.map((one) => texts.severity[one]))],
    [words.flood, words.floodAbove(formatCount(grouping.flood.cardsMax, locale))],
    [
      words.snooze,
      words.snoozeWords(duration(snooze.longestMs), formatCount(snooze.timesMax, locale)),
    ],
    [
      words.claimExpires,
      claim === null
        ? words.noLimit
        : words.claimWords(duration(claim.expiresAfterMs), duration(claim.answerWithinMs)),
    ],
    [words.recurrence, duration(grouping.recurrenceWithinMs)],
    [
      words.duties,
      listed(
        policy.duties.map(({ name, memberCodes }) =>
          words.dutyOf(name[locale], members(memberCodes)),
        ),
      ),
    ],
    [words.groups, listed(policy.groups.map(({ name }) => name[locale]))],
    [words.subscribers, listed(policy.subscribers.map(({ code, kind }) => `${code} (${kind})`))],
  ];
}

function committeeFacts({ visitor, policy, knowledge }: PolicyProps): readonly Fact[] {
  const { locale, texts } = visitor;
  const words = policyTexts[locale];
  const { voting, learning, models, naming, cleanUp } = policy;
  const { chair, consoleAboveCustomers } = voting;
  const name = (code: string) => personName(code, knowledge.people, visitor);
  return [
    [words.quorum, formatCount(voting.quorum, locale)],
    [words.voting, formatDuration(voting.votingWithinMs, locale)],
    [words.seats, words.seatsOf[voting.seats]],
    [words.ownersVote, voting.ownersVote ? words.yes : words.no],
    [words.veto, voting.vetoCodes.map(name).join(' · ') || texts.common.none],
    [
      words.chair,
      chair === null
        ? words.no
        : words.chairWords(name(chair.code), formatDuration(chair.withinMs, locale)),
    ],
    [
      words.consoleOnly,
      consoleAboveCustomers === null
        ? words.no
        : words.above(formatCount(consoleAboveCustomers, locale)),
    ],
    [
      words.precisionFloor,
      learning.precisionFloor === 0
        ? words.no
        : words.below(formatPercent(learning.precisionFloor, locale)),
    ],
    [
      words.models,
      words.modelsWords(
        formatCount(models.questionsPerDay, locale),
        formatCount(models.textsPerDay, locale),
      ),
    ],
    [words.naming, naming === null ? words.no : words.namingWords[naming.enforce]],
    [
      words.goal,
      cleanUp.goalTags === null
        ? texts.common.none
        : words.goalTags(formatCount(cleanUp.goalTags, locale)),
    ],
  ];
}

function fixFacts({ visitor, policy }: PolicyProps): readonly Fact[] {
  const words = policyTexts[visitor.locale];
  return [
    [words.undo, formatDuration(policy.fix.undoWithinMs, visitor.locale)],
    [words.exceptions, words.days(formatCount(policy.exceptions.daysMax, visitor.locale))],
  ];
}

function reportFacts({ visitor, policy }: PolicyProps): readonly Fact[] {
  const { locale, texts } = visitor;
  const words = policyTexts[locale];
  const { assessment, digest } = policy;
  const digestFact: Fact = [
    words.digest,
    words.digestWords(
      texts.workingHours.weekdayNames[digest.weekday],
      timeOfMinute(digest.hour * 60),
      digest.roles.map((role) => texts.role[role]).join(' · '),
    ),
  ];
  if (assessment === null) return [digestFact, [words.assessment, words.no]];
  return [
    digestFact,
    ...pointCauses.map(
      (cause): Fact => [
        words.pointsFor(texts.assessment.cause[cause]),
        severities
          .map(
            (one) => `${texts.severity[one]} ${formatCount(assessment.points[cause][one], locale)}`,
          )
          .join(' · '),
      ],
    ),
    [words.contestWithin, formatDuration(assessment.contestWithinMs, locale)],
  ];
}

function scanFacts({ visitor, policy: { scans } }: PolicyProps): readonly Fact[] {
  const words = policyTexts[visitor.locale];
  const { weekdayNames } = visitor.texts.workingHours;
  const when = (cron: string) => cronWords(cron, words.cron, weekdayNames);
  return [
    [words.fullScan, when(scans.fullCron)],
    [words.incrementalScan, when(scans.incrementalCron)],
    [words.timeZone, scans.timeZone],
  ];
}

function retentionFacts({ visitor, policy }: PolicyProps): readonly Fact[] {
  const words = policyTexts[visitor.locale];
  return retentionKinds.map(
    (kind): Fact => [words.kept[kind], formatDuration(policy.retention[kind], visitor.locale)],
  );
}
