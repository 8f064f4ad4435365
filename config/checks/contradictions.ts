import { problemAt, type Draft, type Entry } from '../draft.ts';
import { describePath, type ConfigurationProblem, type NodePath } from '../problem.ts';
import type { RuleEntry } from '../schema/rules.ts';

/** One statement about two tags, where it stands, and how it reads. */
interface Statement {
  readonly from: string;
  readonly to: string;
  readonly entry: Entry<unknown>;
  readonly path: NodePath;
  readonly words: string;
}

interface Statements {
  /** `from` calls for `to`. */
  readonly implications: readonly Statement[];
  /** `from` and `to` must not stand together. */
  readonly exclusions: readonly Statement[];
  /** `from` removes `to`. */
  readonly dominances: readonly Statement[];
  /** `from` is another word for `to`. */
  readonly synonyms: readonly Statement[];
  /** `from` is kept rather than `to`. */
  readonly precedences: readonly Statement[];
}

/** Rules and relations that cannot all be obeyed, with the chain that leads to it. Disabled rules do not count. */
export function contradictions(draft: Draft): readonly ConfigurationProblem[] {
  const statements = collect(draft);
  const apart = [...statements.exclusions, ...statements.dominances];
  return [
    ...chainsAgainst(statements.implications, apart),
    ...chainsAgainst(statements.synonyms, statements.exclusions),
    ...circles(statements.dominances),
    ...circles(statements.synonyms),
    ...circles(statements.implications),
    ...secondMeanings(statements.synonyms),
    ...reversals(statements.precedences, statements.dominances),
    ...oppositeRanks(statements.precedences),
  ];
}

function collect(draft: Draft): Statements {
  const ruleStatements = draft.rules.entries
    .filter(({ value }) => value.enabled !== false)
    .map((entry) => statementsOfRule(draft, entry));
  const ofRelations = (kind: string, verb: string) =>
    draft.relations.entries
      .filter(({ value }) => value.kind === kind)
      .map((entry) => statement(entry, [], entry.value.from, verb, entry.value.to));
  const ofRules = (part: keyof Statements) => ruleStatements.flatMap((one) => one[part] ?? []);
  return {
    implications: [...ofRelations('implies', 'implies'), ...callsForMainTag(draft)],
    exclusions: [...ofRelations('exclusive-with', 'excludes'), ...ofRules('exclusions')],
    dominances: [...ofRelations('dominates', 'removes'), ...ofRules('dominances')],
    synonyms: [...ofRelations('synonym-of', 'means'), ...ofRules('synonyms')],
    precedences: ofRules('precedences'),
  };
}

/** Where a rule says that sub tags need their main tag, belonging is implying. */
function callsForMainTag(draft: Draft): readonly Statement[] {
  const rules = draft.rules.entries.filter(
    ({ value }) => value.kind === 'implied' && value.enabled !== false,
  );
  return draft.tags.entries.flatMap((entry) => {
    const { code, parent, status } = entry.value;
    if (parent === undefined || status === 'archived') return [];
    const isCalled = rules.some(
      ({ value }) =>
        value.kind === 'implied' &&
        (value.tags?.includes(code) ?? value.singleChoice === undefined),
    );
    return isCalled ? [statement(entry, ['parent'], code, 'needs', parent)] : [];
  });
}

function statement(
  entry: Entry<unknown>,
  path: NodePath,
  from: string,
  verb: string,
  to: string,
): Statement {
  const place = describePath([...entry.path, ...path]);
  return { from, to, entry, path, words: `${from} ${verb} ${to} (${place})` };
}

function statementsOfRule(draft: Draft, entry: Entry<RuleEntry>): Partial<Statements> {
  const { value } = entry;
  if (value.kind === 'dominance') {
    return {
      dominances: value.dominated.map((code, index) =>
        statement(entry, ['dominated', index], value.dominant, 'removes', code),
      ),
    };
  }
  if (value.kind === 'synonym') {
    return {
      synonyms: value.synonyms.map((code, index) =>
        statement(entry, ['synonyms', index], code, 'means', value.canonical),
      ),
    };
  }
  if (value.kind === 'implied') {
    return {
      exclusions: (value.singleChoice ?? []).flatMap((main, index) =>
        pairsOf(
          draft.tags.entries
            .filter((tag) => tag.value.parent === main)
            .map((tag) => tag.value.code),
        ).map(([a, b]) => statement(entry, ['singleChoice', index], a, 'excludes', b)),
      ),
    };
  }
  if (value.kind !== 'exclusive') return {};
  const isAllowed = (a: string, b: string) =>
    (value.allowedPairs ?? []).some((pair) => pair.includes(a) && pair.includes(b));
  const precedence = value.precedence ?? [];
  return {
    exclusions: pairsOf(value.tags)
      .filter(([a, b]) => a !== b && !isAllowed(a, b))
      .map(([a, b]) => statement(entry, ['tags'], a, 'excludes', b)),
    precedences: pairsOf(precedence).map(([a, b]) =>
      statement(entry, ['precedence'], a, 'outranks', b),
    ),
  };
}

function pairsOf(codes: readonly string[]): readonly (readonly [string, string])[] {
  return codes.flatMap((a, index) =>
    codes.slice(index + 1).map((b): readonly [string, string] => [a, b]),
  );
}

/** A chain from one tag to another whose ends must not stand together. */
function chainsAgainst(
  links: readonly Statement[],
  apart: readonly Statement[],
): readonly ConfigurationProblem[] {
  const from = outgoing(links);
  return apart.flatMap((against) => {
    const chain =
      chainBetween(from, against.from, against.to) ?? chainBetween(from, against.to, against.from);
    return chain === null ? [] : [contradiction(against, chain)];
  });
}

/** Chains that come back to their first tag, each told once. */
function circles(links: readonly Statement[]): readonly ConfigurationProblem[] {
  const from = outgoing(links);
  const told = new Set<string>();
  return links.flatMap((link) => {
    if (link.from === link.to || told.has(link.from)) return [];
    const back = chainBetween(from, link.to, link.from);
    if (back === null) return [];
    for (const part of [link, ...back]) told.add(part.from);
    return [contradiction(link, back)];
  });
}

/** A tag that is said to mean two different ones. */
function secondMeanings(synonyms: readonly Statement[]): readonly ConfigurationProblem[] {
  return synonyms.flatMap((one, index) => {
    const earlier = synonyms
      .slice(0, index)
      .find((other) => other.from === one.from && other.to !== one.to);
    return earlier === undefined ? [] : [contradiction(one, [earlier])];
  });
}

/** A group keeps the tag that a dominance removes. */
function reversals(
  precedences: readonly Statement[],
  dominances: readonly Statement[],
): readonly ConfigurationProblem[] {
  return precedences.flatMap((kept) =>
    dominances
      .filter((removes) => removes.from === kept.to && removes.to === kept.from)
      .map((removes) => contradiction(kept, [removes])),
  );
}

/** Of two tags each is kept rather than the other. */
function oppositeRanks(precedences: readonly Statement[]): readonly ConfigurationProblem[] {
  const earlier = new Map<string, Statement>();
  return precedences.flatMap((kept) => {
    earlier.set(JSON.stringify([kept.from, kept.to]), kept);
    const opposite = earlier.get(JSON.stringify([kept.to, kept.from]));
    return opposite === undefined ? [] : [contradiction(kept, [opposite])];
  });
}

function outgoing(links: readonly Statement[]): ReadonlyMap<string, readonly Statement[]> {
  const from = new Map<string, Statement[]>();
  for (const link of links) from.set(link.from, [...(from.get(link.from) ?? []), link]);
  return from;
}

/** The shortest chain of statements between two tags; null where there is none. */
function chainBetween(
  from: ReadonlyMap<string, readonly Statement[]>,
  start: string,
  end: string,
): readonly Statement[] | null {
  const chains: (readonly Statement[])[] = (from.get(start) ?? []).map((link) => [link]);
  const seen = new Set([start]);
  for (let index = 0; index < chains.length; index += 1) {
    const chain = chains[index] ?? [];
    const at = chain.at(-1)?.to ?? start;
    if (at === end) return chain;
    if (seen.has(at)) continue;
    seen.add(at);
    for (const link of from.get(at) ?? []) chains.push([...chain, link]);
  }
  return null;
}

function contradiction(statementAt: Statement, chain: readonly Statement[]): ConfigurationProblem {
  return problemAt(statementAt.entry, statementAt.path, {
    found: `a contradiction: ${[statementAt, ...chain].map(({ words }) => words).join(', ')}`,
    expected: 'rules and relations that can all be obeyed',
  });
}
