import { Hono } from 'hono';
import { backTestRule, type BackTest } from '../../commands/back-test-rule.ts';
import { conditionWords } from '../../bot/texts/condition.ts';
import { undecidedWords } from '../../bot/texts/undecided.ts';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { textsFor as cardTextsFor } from '../../bot/texts/texts.ts';
import type { RulePerformance } from '../../db/stores/rule-performance.ts';
import type { ReadRulePerformance } from '../rule-performance-reader.ts';
import { loadPolicy } from '../../db/stores/dictionary.ts';
import { countMuted, type MutedFindings } from '../../db/stores/muted-findings.ts';
import { readLastUndecided, type LastUndecided } from '../../db/stores/undecided.ts';
import { listExceptions } from '../../db/stores/silences.ts';
import { mayTestRule } from '../../domain/department-rights.ts';
import { judgeRule, type RuleVerdict } from '../../domain/rule-performance.ts';
import { tagsNamedBy } from '../../domain/rule-tags.ts';
import type { RuleDefinition } from '../../domain/configuration.ts';
import type { Rule } from '../../domain/rule.ts';
import type { ExceptionLine } from '../../domain/silence.ts';
import type { WebDependencies } from '../dependencies.ts';
import { ExceptionsHere } from '../exceptions.tsx';
import { formatCount, formatDuration, formatInstant, formatPercent } from '../format.ts';
import { Icon } from '../icons.tsx';
import { Csrf, Page } from '../layout.tsx';
import {
  Empty,
  ExportLink,
  FactsBox,
  PageHead,
  Pill,
  SeverityMark,
  withQuery,
  type Fact,
} from '../parts.tsx';
import { ruleFormPath } from '../rule-fields.tsx';
import type { Sessions } from '../session.ts';
import { ruleFormTexts } from '../texts/rule-form.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName, tagNamesIn } from '../words.ts';

const exceptionsShownMax = 50;

/** The rules, how each has done so far, and trying one out. */
export function createRuleRoutes(
  dependencies: WebDependencies,
  sessions: Sessions,
  readers: {
    readonly readKnowledge: ReadKnowledge;
    readonly readRulePerformance: ReadRulePerformance;
  },
): Hono<WebEnv> {
  const { readKnowledge, readRulePerformance } = readers;
  const { database, context: commandContext } = dependencies;
  const app = new Hono<WebEnv>();

  app.get('/rules', async (context) => {
    const visitor = context.get('signedIn');
    const [knowledge, performance, { learning }] = await Promise.all([
      readKnowledge(visitor.person),
      readRulePerformance(),
      loadPolicy(database.query),
    ]);
    const { precisionFloor } = learning;
    return context.html(<RulesPage {...{ visitor, knowledge, performance, precisionFloor }} />);
  });

  async function findRule(visitor: SignedIn, code: string) {
    const knowledge = await readKnowledge(visitor.person);
    const rule = visibleRules(knowledge).find((one) => one.code === code) ?? null;
    if (rule === null) return null;
    const { grouping, learning } = await loadPolicy(database.query);
    const [performance, exceptions, muted, lastUndecided] = await Promise.all([
      readRulePerformance(),
      listExceptions(database.query, { nowMs: visitor.nowMs, ruleId: rule.id }, exceptionsShownMax),
      countMuted(database.sql, grouping.inhibitions, { ruleCode: rule.code }),
      readLastUndecided(database.sql),
    ]);
    return {
      visitor,
      knowledge,
      rule,
      exceptions,
      muted,
      lastUndecided,
      performance: performance.get(rule.id) ?? null,
      precisionFloor: learning.precisionFloor,
    };
  }

  app.get('/rules/:code', async (context) => {
    const found = await findRule(context.get('signedIn'), context.req.param('code'));
    return found === null
      ? context.notFound()
      : context.html(<RulePage {...found} backTest={null} />);
  });

  app.post('/rules/:code', async (context) => {
    const visitor = context.get('signedIn');
    const found = await findRule(visitor, context.req.param('code'));
    if (found === null) return context.notFound();
    const result = await backTestRule(
      commandContext,
      { person: visitor.person, through: 'console' },
      { rule: found.rule.code, signal: context.req.raw.signal },
    );
    if (result.kind === 'refused') {
      const text = describeRefusal(result.refusal, visitor.locale, found.knowledge.people);
      sessions.flash(context, { kind: 'refused', text });
      return context.redirect(rulePath(found.rule), 303);
    }
    return context.html(<RulePage {...found} backTest={result.backTest} />);
  });
  return app;
}

export function visibleRules({ dictionary, hidden }: Knowledge): readonly Rule[] {
  return dictionary.rules.filter((rule) => !hidden.ruleIds.includes(rule.id));
}

export function rulePath(rule: Pick<Rule, 'code'>): string {
  return `/rules/${encodeURIComponent(rule.code)}`;
}

/** What a rule says, in the words of the cards. */
export function ruleWords(rule: RuleDefinition, knowledge: Knowledge, visitor: SignedIn): string {
  const words = cardTextsFor(visitor.locale);
  const names = tagNamesIn(knowledge.dictionary, visitor);
  const name = (code: string | null | undefined) =>
    code === null || code === undefined ? null : words.quote(names.get(code) ?? code);
  const only = (codes: readonly string[]) => (codes.length === 1 ? name(codes[0]) : null);
  const facts = {
    customers: 0,
    first: rule.kind === 'dominance' ? only(rule.dominatedCodes) : only(tagsNamedBy(rule)),
    second: rule.kind === 'dominance' ? name(rule.dominantCode) : null,
    successor: null,
    canonical: rule.kind === 'synonym' ? name(rule.canonicalCode) : null,
    direction: rule.kind === 'criteria' ? rule.direction : null,
    tagsMax: rule.kind === 'overload' ? rule.tagsMax : null,
    temporaryTagsMax: rule.kind === 'overload' ? rule.temporaryTagsMax : null,
  };
  return words.rule[rule.kind].rule(facts);
}

interface RulesPageProps {
  readonly visitor: SignedIn;
  readonly knowledge: Knowledge;
  readonly performance: ReadonlyMap<number, RulePerformance>;
  readonly precisionFloor: number;
}

function RulesPage({ visitor, knowledge, performance, precisionFloor }: RulesPageProps) {
  const { texts, locale } = visitor;
  const rules = visibleRules(knowledge);
  return (
    <Page visitor={visitor} title={texts.rules.title} area="rules">
      <PageHead title={texts.rules.title} subtitle={texts.rules.subtitle}>
        <ExportLink table="rules" visitor={visitor} />
        <a class="button button-primary" href={ruleFormPath}>
          {ruleFormTexts[locale].create}
        </a>
      </PageHead>
      {rules.length === 0 ? (
        <Empty title={texts.rules.empty} hint={texts.rules.emptyHint} />
      ) : (
        <div class="table-frame">
          <table>
            <thead>
              <tr>
                <th scope="col">{texts.rules.rule}</th>
                <th scope="col">{texts.rules.severity}</th>
                <th scope="col">{texts.rules.owner}</th>
                <th scope="col" class="number">
                  {texts.rules.open}
                </th>
                <th scope="col" class="number">
                  {texts.rules.precision}
                </th>
              </tr>
            </thead>
            <tbody>
              {rules.map((rule) => {
                const done = performance.get(rule.id);
                return (
                  <tr>
                    <td class="main-cell">
                      <a href={rulePath(rule)}>{rule.name[locale]}</a>{' '}
                      {!rule.enabled && <Pill tone="neutral">{texts.rules.off}</Pill>}
                      <small>{`${texts.ruleKind[rule.kind]} · ${ruleWords(rule, knowledge, visitor)}`}</small>
                    </td>
                    <td data-label={texts.rules.severity}>
                      <SeverityMark severity={rule.severity} visitor={visitor} />
                    </td>
                    <td data-label={texts.rules.owner}>
                      {ruleOwnerName(rule, knowledge, visitor)}
                    </td>
                    <td class="number" data-label={texts.rules.open}>
                      {formatCount(done?.openFindings ?? 0, locale)}
                    </td>
                    <td class="number" data-label={texts.rules.precision}>
                      <Verdict verdict={verdictOf(done, precisionFloor)} visitor={visitor} />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}

export function ruleOwnerName(rule: Rule, knowledge: Knowledge, visitor: SignedIn): string {
  const { ownerCode } = rule;
  if (ownerCode === null) return visitor.texts.rules.tagOwner;
  const duty = knowledge.duties.get(ownerCode);
  return duty?.name[visitor.locale] ?? personName(ownerCode, knowledge.people, visitor);
}

function verdictOf(done: RulePerformance | null | undefined, precisionFloor: number): RuleVerdict {
  return judgeRule({ right: done?.right ?? 0, wrong: done?.wrong ?? 0 }, precisionFloor);
}

/** A rule's precision with its interval; a doubtful one stands out. */
function Verdict(props: { readonly verdict: RuleVerdict; readonly visitor: SignedIn }) {
  const { verdict, visitor } = props;
  const { texts, locale } = visitor;
  if (verdict.kind === 'unproven')
    return <small title={texts.rules.unproven}>{texts.rules.unprovenShort}</small>;
  const { low, high } = verdict.interval;
  const range = `${formatPercent(low, locale)}–${formatPercent(high, locale)}`;
  return (
    <span title={texts.rules.interval(range)}>
      {formatPercent(verdict.precision, locale)} <small>{range}</small>{' '}
      {verdict.kind === 'doubtful' && <Pill tone="bad">{texts.rules.doubtful}</Pill>}
    </span>
  );
}

interface RulePageProps {
  readonly visitor: SignedIn;
  readonly knowledge: Knowledge;
  readonly rule: Rule;
  readonly performance: RulePerformance | null;
  readonly precisionFloor: number;
  readonly exceptions: readonly ExceptionLine[];
  readonly muted: readonly MutedFindings[];
  /** null: no scan of all customers has ended. */
  readonly lastUndecided: LastUndecided | null;
  readonly backTest: BackTest | null;
}

function RulePage(props: RulePageProps) {
  const { visitor, knowledge, rule, backTest } = props;
  const { texts, locale } = visitor;
  return (
    <Page visitor={visitor} title={rule.name[locale]} area="rules">
      <a class="crumb" href="/rules">
        <Icon name="back" />
        {texts.rules.title}
      </a>
      <PageHead title={rule.name[locale]} subtitle={ruleWords(rule, knowledge, visitor)}>
        <a class="button button-default" href={withQuery(ruleFormPath, { rule: rule.code })}>
          {ruleFormTexts[locale].change}
        </a>
        {mayTestRule(visitor.person, rule.code, knowledge) && (
          <form method="post" action={rulePath(rule)} class="page-actions">
            <Csrf visitor={visitor} />
            <button class="button button-primary">{texts.rules.test}</button>
          </form>
        )}
      </PageHead>
      <div class="stack">
        {backTest !== null && <BackTestBox {...props} backTest={backTest} />}
        <RuleFacts {...props} />
        <ExceptionsHere {...props} />
      </div>
    </Page>
  );
}

function RuleFacts(props: RulePageProps) {
  const { visitor, knowledge, rule, performance, muted, precisionFloor } = props;
  const { texts, locale } = visitor;
  const { rules } = texts;
  const names = tagNamesIn(knowledge.dictionary, visitor);
  const verdict = verdictOf(performance, precisionFloor);
  const tags = tagsNamedBy(rule).map((code) => names.get(code) ?? code);
  const criteria =
    rule.kind === 'criteria'
      ? (knowledge.dictionary.tags.find((tag) => tag.code === rule.tagCode)?.criteria ?? null)
      : null;
  const right = performance?.right ?? 0;
  const wrong = performance?.wrong ?? 0;
  const closeMs = performance?.closeMedianMs ?? null;
  const facts: readonly Fact[] = [
    [rules.code, rule.code],
    [rules.kind, texts.ruleKind[rule.kind]],
    [rules.severity, texts.severity[rule.severity]],
    [rules.owner, ruleOwnerName(rule, knowledge, visitor)],
    [rules.state, rule.enabled ? rules.on : rules.off],
    [rules.autoFix, autoFixWords(rule, visitor)],
    ...(tags.length === 0 ? [] : [[rules.tags, tags.join(' · ')] as const]),
    ...(criteria === null
      ? []
      : [
          [
            rules.criteria,
            conditionWords(criteria, knowledge.dictionary.attributes, locale),
          ] as const,
        ]),
  ];
  const record: readonly Fact[] = [
    [rules.open, formatCount(performance?.openFindings ?? 0, locale)],
    ...mutedFacts(muted, { visitor, knowledge, rule }),
    ...undecidedFacts(props),
    [rules.decided, rules.decisions(formatCount(right, locale), formatCount(wrong, locale))],
    [
      rules.precision,
      verdict.kind === 'unproven'
        ? rules.unproven
        : `${formatPercent(verdict.precision, locale)} (${rules.interval(
            `${formatPercent(verdict.interval.low, locale)}–${formatPercent(verdict.interval.high, locale)}`,
          )})`,
    ],
    [rules.closeMedian, closeMs === null ? texts.common.none : formatDuration(closeMs, locale)],
    [
      rules.recurrence,
      rules.cameBack(
        formatCount(performance?.cameBack ?? 0, locale),
        formatCount(performance?.mended ?? 0, locale),
      ),
    ],
  ];
  return (
    <>
      <FactsBox title={rules.about} facts={facts} />
      <FactsBox title={rules.record} facts={record} />
      {verdict.kind === 'doubtful' && (
        <p class="note">{rules.doubtfulHint(formatPercent(precisionFloor, locale))}</p>
      )}
      <p>
        <a href={withQuery('/warnings', { rule: rule.code })}>{rules.warnings}</a>
      </p>
    </>
  );
}

/** What of this rule waits while warnings of others stand, and what waits behind this rule's own. */
function mutedFacts(
  muted: readonly MutedFindings[],
  { visitor, knowledge, rule }: Pick<RulePageProps, 'visitor' | 'knowledge' | 'rule'>,
): readonly Fact[] {
  const { texts, locale } = visitor;
  const visible = new Map(visibleRules(knowledge).map((one) => [one.code, one.name[locale]]));
  return muted.flatMap(({ mutingRuleCode, ruleCode, findings }): readonly Fact[] => {
    const isMuted = ruleCode === rule.code;
    const other = visible.get(isMuted ? mutingRuleCode : ruleCode);
    if (other === undefined) return [];
    const label = isMuted ? texts.rules.mutedBy(other) : texts.rules.mutes(other);
    return [[label, texts.rules.waiting(formatCount(findings, locale))]];
  });
}

/** Of whom it could not tell, where there are any. */
function undecidedFacts({
  visitor,
  knowledge,
  rule,
  lastUndecided,
}: RulePageProps): readonly Fact[] {
  const { texts, locale } = visitor;
  const undecided = lastUndecided?.byRule.find(({ ruleId }) => ruleId === rule.id);
  if (lastUndecided === null || undecided === undefined) return [];
  const customers = undecidedWords(undecided, knowledge.dictionary.attributes, locale);
  const at = formatInstant(lastUndecided.finishedAtMs, visitor);
  return [[texts.rules.undecided, texts.rules.undecidedAsOf(customers, at)]];
}

function autoFixWords({ autoFix }: Rule, { texts, locale }: SignedIn): string {
  const words = texts.rules.autoFixWords;
  if (autoFix === undefined) return words.off;
  const { mode, customersMax, shareMax } = autoFix;
  return words[mode](formatCount(customersMax, locale), formatPercent(shareMax, locale));
}

export function BackTestBox({
  visitor,
  knowledge,
  backTest,
}: Pick<RulePageProps, 'visitor' | 'knowledge'> & { readonly backTest: BackTest }) {
  const { texts, locale } = visitor;
  const { rules } = texts;
  const names = tagNamesIn(knowledge.dictionary, visitor);
  const ruleName = (code: string) =>
    knowledge.dictionary.rules.find((rule) => rule.code === code)?.name[locale] ?? code;
  const count = (value: number) => formatCount(value, locale);
  const share = backTest.examined === 0 ? 0 : backTest.flagged / backTest.examined;
  const facts: readonly Fact[] = [
    [
      rules.wouldFlag[backTest.about],
      rules.ofAll(count(backTest.flagged), count(backTest.examined), formatPercent(share, locale)),
    ],
    [rules.findings, count(backTest.findings)],
    ...(backTest.standing === 'changed'
      ? ([
          [rules.anew, count(backTest.flaggedAnew)],
          [rules.noLonger, count(backTest.noLongerFlagged)],
        ] as const)
      : []),
    [rules.dismissedBefore, count(backTest.dismissedBefore)],
    ...backTest.overlaps.map(
      ({ ruleCode, flagged }): Fact => [rules.alsoFlagged(ruleName(ruleCode)), count(flagged)],
    ),
    ...(backTest.undecided.customers === 0
      ? []
      : [
          [
            rules.undecided,
            undecidedWords(backTest.undecided, knowledge.dictionary.attributes, locale),
          ] as const,
        ]),
  ];
  return (
    <>
      <FactsBox title={rules.backTest} facts={facts} />
      {backTest.examples.length > 0 && (
        <section class="box">
          <h2>{rules.examples}</h2>
          <ul class="lines">
            {backTest.examples.map((example) => (
              <li>
                {backTest.about === 'tags' ? names.get(example.ref) : example.name}{' '}
                {example.change !== 'flagged' && (
                  <span class="tag">{rules.exampleChange[example.change]}</span>
                )}{' '}
                <small>
                  {[example.ref, ...example.tags.map((tag) => names.get(tag) ?? tag)].join(' · ')}
                </small>
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="note">{rules.nothingWritten}</p>
    </>
  );
}
