import { Temporal } from 'temporal-polyfill';
import type { Condition } from '../../../domain/condition.ts';
import type { CustomerTags } from '../../../domain/customer.ts';
import type { Dictionary } from '../../../domain/dictionary.ts';
import type { Rule } from '../../../domain/rule.ts';
import type { Tag } from '../../../domain/tag.ts';

type Found = readonly [ruleId: number, firstTagId: number, secondTagId: number];

/**
 * Every rule kind as its definition reads, by looking at everything with no regard to cost: what the compiled
 * detector has to agree with. Shares no code with it.
 */
export function detectNaively(
  dictionary: Dictionary,
  customer: CustomerTags,
  nowSeconds: number,
): readonly Found[] {
  const entries = Array.from(customer.tagIds.subarray(0, customer.count), (tagId, index) => ({
    tagId,
    since: customer.sinceSeconds[index] as number,
    actorId: customer.actorIds[index] as number,
    sourceId: customer.sourceIds[index] as number,
  }));
  const present = [...new Set(entries.map((entry) => entry.tagId))];
  const tag = (code: string | null) => dictionary.tags.find((candidate) => candidate.code === code);
  const carries = (code: string) => present.includes(tag(code)?.id ?? -1);
  const idOf = (code: string | null) => tag(code)?.id ?? 0;
  const knownSinces = (carried: Tag) =>
    entries
      .filter((entry) => entry.tagId === carried.id && !Number.isNaN(entry.since))
      .map((entry) => entry.since);

  const findingsOf = (rule: Rule): readonly Found[] => {
    switch (rule.kind) {
      case 'exclusive': {
        const order = [
          ...rule.precedence.filter((code) => rule.tagCodes.includes(code)),
          ...rule.tagCodes.filter((code) => !rule.precedence.includes(code)),
        ];
        const members = [...new Set(order)].filter(carries);
        const isAllowed = (a: string, b: string) =>
          rule.allowedPairs.some(([x, y]) => (x === a && y === b) || (x === b && y === a));
        return members.flatMap((stronger, rank) =>
          members
            .slice(rank + 1)
            .filter((weaker) => !isAllowed(stronger, weaker))
            .map((weaker) => [rule.id, idOf(weaker), idOf(stronger)] as const),
        );
      }
      case 'dominance':
        if (!carries(rule.dominantCode)) return [];
        return [...new Set(rule.dominatedCodes)]
          .filter((code) => code !== rule.dominantCode && carries(code))
          .map((code) => [rule.id, idOf(code), idOf(rule.dominantCode)] as const);
      case 'synonym': {
        const members = [...new Set([rule.canonicalCode, ...rule.synonymCodes])].filter(carries);
        const [stays, ...others] = members;
        return stays === undefined
          ? []
          : others.map((code) => [rule.id, idOf(code), idOf(stays)] as const);
      }
      case 'time-to-live':
        return dictionary.tags
          .filter((t) => rule.tagCodes.length === 0 || rule.tagCodes.includes(t.code))
          .filter((t) => {
            const sinces = knownSinces(t);
            if (t.lifeDays === null || sinces.length === 0) return false;
            return Math.min(...sinces) + t.lifeDays * 86_400 <= nowSeconds;
          })
          .map((t) => [rule.id, t.id, idOf(t.successorCode)] as const);
      case 'stale':
        return dictionary.tags
          .filter((t) => rule.tagCodes.length === 0 || rule.tagCodes.includes(t.code))
          .filter((t) => {
            const sinces = knownSinces(t);
            if (t.confirmEveryDays === null || sinces.length === 0) return false;
            return Math.max(...sinces) + t.confirmEveryDays * 86_400 <= nowSeconds;
          })
          .map((t) => [rule.id, t.id, 0] as const);
      case 'criteria': {
        const checked = tag(rule.tagCode);
        if (checked === undefined || checked.criteria === null) return [];
        const answer = evaluateNaively(checked.criteria, dictionary, customer, nowSeconds);
        const isUnmet = carries(rule.tagCode) && answer === false && rule.direction !== 'missing';
        const isMissing =
          !carries(rule.tagCode) &&
          answer === true &&
          rule.direction !== 'unmet' &&
          checked.status === 'active';
        return isUnmet || isMissing ? [[rule.id, checked.id, 0]] : [];
      }
      case 'overload': {
        const temporary = present.filter(
          (id) => dictionary.tags.find((t) => t.id === id)?.level === 'temporary',
        );
        const isOver =
          (rule.tagsMax !== null && present.length > rule.tagsMax) ||
          (rule.temporaryTagsMax !== null && temporary.length > rule.temporaryTagsMax);
        return isOver ? [[rule.id, 0, 0]] : [];
      }
      case 'unknown':
        return present
          .filter((id) => !dictionary.tags.some((t) => t.id === id && t.status !== 'proposed'))
          .map((id) => [rule.id, id, 0] as const);
      case 'deprecated':
        return dictionary.tags
          .filter((t) => present.includes(t.id))
          .filter((t) => t.status === 'deprecated' || t.status === 'archived')
          .map((t) => [rule.id, t.id, idOf(t.successorCode)] as const);
      case 'implied': {
        const isCalling = (code: string) => rule.tagCodes === null || rule.tagCodes.includes(code);
        const missing = dictionary.tags.flatMap((t) =>
          dictionary.tags
            .filter((needed) => needed.status === 'active' && needed.code !== t.code)
            .filter(
              (needed) =>
                t.parentCode === needed.code ||
                dictionary.relations.some(
                  (r) => r.kind === 'implies' && r.fromCode === t.code && r.toCode === needed.code,
                ),
            )
            .filter((needed) => isCalling(t.code) && carries(t.code) && !carries(needed.code))
            .map((needed) => [rule.id, t.id, needed.id] as const),
        );
        const siblings = [...new Set(rule.singleChoiceCodes)].flatMap((main) =>
          dictionary.tags.flatMap((late) =>
            dictionary.tags
              .filter((early) => early.code < late.code)
              .filter((early) =>
                [early, late].every(
                  (t) => t.parentCode === main && t.code !== main && carries(t.code),
                ),
              )
              .map((early) => [rule.id, late.id, early.id] as const),
          ),
        );
        return [...missing, ...siblings];
      }
      case 'scope':
      case 'sensitivity': {
        const limited = dictionary.tags.filter((t) => {
          if (rule.kind === 'scope' && t.departmentCodes.length === 0) return false;
          if (rule.tagCodes.length > 0) return rule.tagCodes.includes(t.code);
          return rule.kind === 'scope' || t.sensitive;
        });
        return limited
          .filter((t) => {
            const answers = entries
              .filter((entry) => entry.tagId === t.id)
              .map((entry) => mayPutOn(rule, t, entry.actorId, dictionary));
            return answers.includes(false) && !answers.includes(true);
          })
          .map((t) => [rule.id, t.id, 0] as const);
      }
      case 'mismatch':
        return dictionary.tags
          .filter((t) => rule.tagCodes.length === 0 || rule.tagCodes.includes(t.code))
          .filter((t) => {
            const sources = dictionary.origins?.sources ?? [];
            const master = sources.find((source) => source.masterTagCodes.includes(t.code));
            const presentIn = [...customer.presentIn.subarray(0, customer.presentCount)];
            if (master === undefined || !presentIn.includes(master.id)) return false;
            const saysSo = (sourceId: number) =>
              entries.some((entry) => entry.tagId === t.id && entry.sourceId === sourceId);
            return presentIn
              .filter(
                (sourceId) => sourceId !== master.id && saysSo(sourceId) !== saysSo(master.id),
              )
              .some(
                (sourceId) =>
                  saysSo(sourceId) ||
                  sources.some((source) => source.id === sourceId && source.tagIds.includes(t.id)),
              );
          })
          .map((t) => [rule.id, t.id, 0] as const);
      case 'no-definition':
      case 'unowned':
      case 'unused':
      case 'population-jump':
        return [];
    }
  };
  return dictionary.rules
    .filter((rule) => rule.enabled)
    .flatMap(findingsOf)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
}

/** null: it cannot be told. */
function mayPutOn(
  rule: Extract<Rule, { kind: 'scope' | 'sensitivity' }>,
  tag: Tag,
  actorId: number,
  dictionary: Dictionary,
): boolean | null {
  const actor = dictionary.origins?.actors.find((one) => one.id === actorId);
  if (actor === undefined) return null;
  const { person } = actor;
  const own = person === null ? [] : [person.departmentCode, ...person.departmentsAbove];
  if (rule.kind === 'scope') {
    return person === null ? null : own.some((code) => tag.departmentCodes.includes(code));
  }
  if (actor.name === 'Tagwarden' || rule.actorNames.includes(actor.name)) return true;
  if (person === null) return false;
  if (person.code === tag.ownerCode) return true;
  const named = rule.departmentCodes.length > 0 ? rule.departmentCodes : tag.departmentCodes;
  if (named.length === 0 && !tag.sensitive) return true;
  const home = dictionary.origins?.departmentOf.get(tag.ownerCode);
  const allowed = named.length > 0 ? named : [home];
  return own.some((code) => allowed.includes(code));
}

/** null: unknown. */
export function evaluateNaively(
  condition: Condition,
  dictionary: Pick<Dictionary, 'attributes'>,
  customer: CustomerTags,
  nowSeconds: number,
): boolean | null {
  const again = (part: Condition) => evaluateNaively(part, dictionary, customer, nowSeconds);
  switch (condition.kind) {
    case 'all': {
      const answers = condition.conditions.map(again);
      if (answers.includes(false)) return false;
      return answers.includes(null) ? null : true;
    }
    case 'any': {
      const answers = condition.conditions.map(again);
      if (answers.includes(true)) return true;
      return answers.includes(null) ? null : false;
    }
    case 'not': {
      const answer = again(condition.condition);
      return answer === null ? null : !answer;
    }
    case 'at-least': {
      const possible = condition.conditions.map(again).filter((answer) => answer !== false);
      if (possible.filter((answer) => answer === true).length >= condition.count) return true;
      return possible.length >= condition.count ? null : false;
    }
    case 'within-months': {
      const type = dictionary.attributes.find((a) => a.code === condition.attribute)?.type;
      if (type !== 'date') return null;
      const atMs = valueOf(condition.attribute, dictionary, customer);
      if (typeof atMs !== 'number') return null;
      const last = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs))
        .toZonedDateTimeISO('UTC')
        .add({ months: condition.months });
      return atMs <= nowSeconds * 1000 && nowSeconds * 1000 <= last.epochMilliseconds;
    }
    case 'within-days': {
      const type = dictionary.attributes.find((a) => a.code === condition.attribute)?.type;
      if (type !== 'date') return null;
      const atMs = valueOf(condition.attribute, dictionary, customer);
      if (typeof atMs !== 'number') return null;
      const ageMs = nowSeconds * 1000 - atMs;
      return ageMs >= 0 && ageMs <= condition.days * 86_400_000;
    }
    case 'compare': {
      const found = valueOf(condition.attribute, dictionary, customer);
      const wanted =
        typeof condition.value === 'boolean' ? Number(condition.value) : condition.value;
      if (found === null || typeof found !== typeof wanted) return null;
      const type = dictionary.attributes.find((a) => a.code === condition.attribute)?.type;
      if ((type === 'boolean') !== (typeof condition.value === 'boolean')) return null;
      switch (condition.operator) {
        case '<':
          return found < wanted;
        case '<=':
          return found <= wanted;
        case '=':
          return found === wanted;
        case '!=':
          return found !== wanted;
        case '>=':
          return found >= wanted;
        case '>':
          return found > wanted;
      }
    }
  }
}

/** Codes of the attributes whose absence leaves a condition unknown: those of its unknown parts, all the way down. */
export function missingNaively(
  condition: Condition,
  dictionary: Pick<Dictionary, 'attributes'>,
  customer: CustomerTags,
  nowSeconds: number,
): readonly string[] {
  if (evaluateNaively(condition, dictionary, customer, nowSeconds) !== null) return [];
  const again = (part: Condition) => missingNaively(part, dictionary, customer, nowSeconds);
  switch (condition.kind) {
    case 'all':
    case 'any':
    case 'at-least':
      return [...new Set(condition.conditions.flatMap(again))].sort();
    case 'not':
      return again(condition.condition);
    case 'compare':
    case 'within-days':
    case 'within-months':
      return [condition.attribute];
  }
}

function valueOf(
  code: string,
  dictionary: Pick<Dictionary, 'attributes'>,
  customer: CustomerTags,
): number | string | null {
  const attribute = dictionary.attributes.find((candidate) => candidate.code === code);
  if (attribute === undefined) return null;
  if (attribute.type === 'text') return customer.texts[attribute.slot] ?? null;
  const value = customer.numbers[attribute.slot];
  return value === undefined || Number.isNaN(value) ? null : value;
}
