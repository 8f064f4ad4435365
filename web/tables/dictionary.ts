import { candidateScope, mayDecideOnCandidates } from '../../commands/decide-candidates.ts';
import { candidateKindWords, describeOpinion, describeReason } from '../../bot/texts/candidates.ts';
import { listTags, listUndefinedTags } from '../../db/stores/console.ts';
import { listCandidates, type StoredCandidate } from '../../db/stores/candidates.ts';
import { rankTags } from '../../db/stores/tag-search.ts';
import { readInventoryTags } from '../../db/stores/inventory.ts';
import { loadRulePerformance, type RulePerformance } from '../../db/stores/rule-performance.ts';
import type { InventoryTag } from '../../domain/intelligence/suggest.ts';
import type { Rule } from '../../domain/rule.ts';
import { candidatesQuerySchema } from '../pages/candidates.tsx';
import { ruleOwnerName, visibleRules } from '../pages/rules.tsx';
import { tagsQuerySchema } from '../pages/tags.tsx';
import { tagMapQuerySchema, visibleLinks } from '../pages/tag-map.tsx';
import { personName, tagNamesIn } from '../words.ts';
import { allAtOnce, countCell, pagesByOffset, tableOf, type OpenTable } from './table.ts';

/** Tags of the dictionary, or those that only sources have, as the page is filtered. */
export const openTags: OpenTable = ({ dependencies, visitor, knowledge, query: asked }) => {
  const { database } = dependencies;
  const { sql } = database;
  const { q, status } = tagsQuerySchema.parse(asked);
  const { texts, locale } = visitor;
  if (status === 'undefined') {
    return tableOf(
      [
        [texts.tags.tag, ({ name }) => name],
        [texts.tag.sources, ({ sources }) => sources.map((name) => name[locale]).join('; ')],
        [texts.tags.customers, ({ customers }) => countCell(customers)],
      ],
      pagesByOffset((page) => listUndefinedTags(sql, q, page)),
    );
  }
  const filter = {
    hiddenCodes: knowledge.hidden.tagCodes,
    status: status === 'all' ? null : status,
  };
  return tableOf(
    [
      [texts.tag.code, ({ code }) => code],
      [texts.tags.tag, ({ name }) => name[locale]],
      [texts.tags.definition, ({ definition }) => definition[locale]],
      [texts.tags.status, (tag) => texts.tagStatus[tag.status]],
      [texts.tags.level, ({ level }) => texts.tagLevel[level]],
      [texts.tag.category, ({ category }) => texts.tagCategory[category]],
      [texts.tags.owner, ({ ownerCode }) => personName(ownerCode, knowledge.people, visitor)],
      [texts.tags.sensitive, ({ sensitive }) => (sensitive ? '✓' : '')],
      [texts.tags.customers, ({ customers }) => countCell(customers)],
    ],
    pagesByOffset(async (page) =>
      listTags(sql, { ...filter, ranks: await rankTags(database, q) }, page),
    ),
  );
};

/** What stands between tags, as the map is filtered. */
export const openRelations: OpenTable = ({ visitor, knowledge, query }) => {
  const words = visitor.texts.tagMap;
  const names = tagNamesIn(knowledge.dictionary, visitor);
  const links = visibleLinks(tagMapQuerySchema.parse(query), knowledge);
  const { code } = visitor.texts.table;
  return tableOf(
    [
      [words.from, ({ fromCode }) => names.get(fromCode) ?? fromCode],
      [`${words.from} · ${code}`, ({ fromCode }) => fromCode],
      [words.kind, ({ kind }) => words.kinds[kind]],
      [words.to, ({ toCode }) => names.get(toCode) ?? toCode],
      [`${words.to} · ${code}`, ({ toCode }) => toCode],
    ],
    allAtOnce(() => Promise.resolve(links)),
  );
};

/** The rules, with how each has done. */
export const openRules: OpenTable = ({ dependencies, visitor, knowledge }) => {
  const { texts, locale } = visitor;
  const words = texts.rules;
  const read = async () => {
    const performance = await loadRulePerformance(dependencies.database.sql, null);
    return visibleRules(knowledge).map(
      (rule): { readonly rule: Rule; readonly done: RulePerformance | null } => ({
        rule,
        done: performance.get(rule.id) ?? null,
      }),
    );
  };
  return tableOf(
    [
      [words.rule, ({ rule }) => rule.name[locale]],
      [texts.table.code, ({ rule }) => rule.code],
      [texts.table.kind, ({ rule }) => texts.ruleKind[rule.kind]],
      [words.off, ({ rule }) => (rule.enabled ? '' : '✓')],
      [words.severity, ({ rule }) => texts.severity[rule.severity]],
      [words.owner, ({ rule }) => ruleOwnerName(rule, knowledge, visitor)],
      [words.open, ({ done }) => countCell(done?.openFindings ?? 0)],
      [texts.overview.right, ({ done }) => countCell(done?.right ?? 0)],
      [texts.overview.wrong, ({ done }) => countCell(done?.wrong ?? 0)],
    ],
    allAtOnce(read),
  );
};

/** What a person should decide about the dictionary; of every kind where the page shows whichever has most. */
export const openCandidates: OpenTable = (context) => {
  const { dependencies, visitor, knowledge } = context;
  if (!mayDecideOnCandidates(visitor.person)) return null;
  const { database } = dependencies;
  const query = candidatesQuerySchema.parse(context.query);
  const { texts, locale } = visitor;
  const filter = {
    kind: query.kind ?? null,
    state: query.state,
    ...candidateScope(visitor.person, knowledge),
  };
  let tags: ReadonlyMap<number, InventoryTag> = new Map();
  const name = (tagId: number) => (tagId === 0 ? '' : (tags.get(tagId)?.name[locale] ?? ''));
  const departments = new Map(
    [...knowledge.departments].map(([code, department]) => [code, department.name[locale]]),
  );
  const why = ({ reasons, opinion }: StoredCandidate) =>
    [
      ...reasons.map((reason) => describeReason(reason, locale, departments)),
      ...(opinion === null ? [] : [describeOpinion(opinion, locale)]),
    ].join('; ');
  return tableOf(
    [
      [texts.candidates.queues, ({ kind }) => candidateKindWords[locale][kind].name],
      [`${texts.candidates.tags} 1`, ({ firstTagId }) => name(firstTagId)],
      [`${texts.candidates.tags} 2`, ({ secondTagId }) => name(secondTagId)],
      [texts.candidates.why, why],
    ],
    pagesByOffset(async (page) => {
      if (tags.size === 0) {
        tags = new Map((await readInventoryTags(database)).map((tag) => [tag.id, tag]));
      }
      return listCandidates(database, filter, page);
    }),
  );
};
