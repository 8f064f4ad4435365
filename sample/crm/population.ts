import type { CrmAssignment, CrmCustomer } from './consequences.ts';
import type { Random } from './random.ts';
import { meets, type Rulebook } from './rulebook.ts';

const dayMs = 86_400_000;
const daySeconds = 86_400;

/** Where who tagged what comes from. */
export interface Provenance {
  /** Names of people and systems; the first tag most. */
  readonly actors: readonly string[];
  /** Imports of the past, and how many days ago each was. */
  readonly imports: readonly { readonly name: string; readonly daysAgo: number }[];
}

interface Facts {
  readonly isCompany: boolean;
  readonly spend: number;
  readonly orders: number;
  readonly lastOrderDays: number;
  readonly registeredDays: number;
  readonly logins: number;
  readonly region: string | null;
}

/** One of the tags goes on with this chance; earlier ones more often. */
interface Suggestion {
  readonly codes: readonly string[];
  readonly chance: (facts: Facts) => number;
}

const suggestions: readonly Suggestion[] = [
  {
    codes: ['high-value'],
    chance: (f) => (f.spend >= 100_000 && f.lastOrderDays < 170 ? 0.75 : 0),
  },
  { codes: ['mid-value'], chance: (f) => (f.spend >= 20_000 && f.spend < 100_000 ? 0.7 : 0) },
  { codes: ['low-value'], chance: (f) => (f.spend < 20_000 ? 0.4 : 0) },
  { codes: ['active-customer'], chance: (f) => (f.lastOrderDays < 88 ? 0.65 : 0) },
  { codes: ['churned-customer'], chance: (f) => (f.lastOrderDays > 367 ? 0.7 : 0) },
  { codes: ['new-customer'], chance: (f) => (f.registeredDays < 85 ? 0.8 : 0) },
  {
    codes: ['returning-customer'],
    chance: (f) => (f.registeredDays > 400 && f.lastOrderDays < 170 ? 0.3 : 0),
  },
  { codes: ['regular-customer'], chance: (f) => (f.registeredDays > 100 ? 0.2 : 0) },
  { codes: ['enterprise'], chance: (f) => (f.isCompany ? 0.8 : 0) },
  { codes: ['individual'], chance: (f) => (f.isCompany ? 0 : 0.35) },
  {
    codes: ['small-business', 'large-enterprise', 'listed-company', 'state-owned'],
    chance: (f) => (f.isCompany ? 0.45 : 0),
  },
  {
    codes: ['industry-manufacturing', 'industry-retail', 'industry-finance', 'industry-healthcare'],
    chance: (f) => (f.isCompany ? 0.6 : 0),
  },
  {
    codes: ['framework-contract', 'distributor', 'strategic-account', 'bulk-buyer'],
    chance: (f) => (f.isCompany && f.spend > 50_000 ? 0.35 : 0),
  },
  { codes: ['female', 'male'], chance: (f) => (f.isCompany ? 0 : 0.4) },
  {
    codes: ['age-25-34', 'age-35-44', 'age-18-24', 'age-45-59', 'age-60-plus'],
    chance: (f) => (f.isCompany ? 0 : 0.3),
  },
  { codes: ['married', 'single'], chance: (f) => (f.isCompany ? 0 : 0.08) },
  { codes: ['identity-verified', 'identity-unverified'], chance: () => 0.3 },
  {
    codes: ['member-bronze', 'member-silver', 'member-gold', 'member-platinum', 'member-diamond'],
    chance: (f) => (f.orders > 0 ? 0.3 : 0.05),
  },
  { codes: ['member'], chance: (f) => (f.orders > 0 ? 0.3 : 0.05) },
  { codes: ['high-frequency'], chance: (f) => (f.orders >= 12 ? 0.6 : 0) },
  { codes: ['medium-frequency'], chance: (f) => (f.orders >= 4 && f.orders < 12 ? 0.4 : 0) },
  { codes: ['low-frequency'], chance: (f) => (f.orders >= 1 && f.orders < 4 ? 0.3 : 0) },
  { codes: ['repeat-buyer'], chance: (f) => (f.orders >= 2 ? 0.35 : 0) },
  { codes: ['app-user'], chance: (f) => (f.logins > 0 ? 0.5 : 0) },
  { codes: ['region-east'], chance: (f) => (f.region === '华东' ? 0.4 : 0) },
  { codes: ['region-north'], chance: (f) => (f.region === '华北' ? 0.4 : 0) },
  { codes: ['region-south'], chance: (f) => (f.region === '华南' ? 0.4 : 0) },
  { codes: ['region-southwest'], chance: (f) => (f.region === '西南' ? 0.4 : 0) },
  { codes: ['overseas'], chance: (f) => (f.region === '海外' ? 0.8 : 0) },
  { codes: ['satisfied', 'neutral-rating', 'dissatisfied'], chance: () => 0.1 },
  { codes: ['price-sensitive', 'price-insensitive'], chance: () => 0.12 },
  { codes: ['prefer-wechat', 'prefer-phone', 'prefer-sms', 'prefer-email'], chance: () => 0.2 },
  {
    codes: ['churn-risk-low', 'churn-risk-medium', 'churn-risk-high'],
    chance: (f) => (f.lastOrderDays > 60 ? 0.25 : 0.05),
  },
  {
    codes: ['credit-a', 'credit-b', 'credit-c', 'credit-d'],
    chance: (f) => (f.isCompany ? 0.3 : 0.04),
  },
  { codes: ['whitelist', 'greylist', 'blacklist'], chance: () => 0.015 },
  { codes: ['do-not-disturb'], chance: () => 0.02 },
  {
    codes: ['coupon-issued', 'sms-campaign', 'double-eleven-2026', 'email-campaign'],
    chance: () => 0.15,
  },
];

const regions = [
  { name: '华东', share: 0.36 },
  { name: '华北', share: 0.19 },
  { name: '华南', share: 0.2 },
  { name: '西南', share: 0.1 },
  { name: '华中', share: 0.1 },
  { name: '海外', share: 0.03 },
] as const;

/** Attributes are kept this far from every threshold in days, so that a manifest holds for a day. */
const keptFreeDays: readonly (readonly [from: number, until: number])[] = [
  [87, 94],
  [177, 184],
  [362, 369],
];

/** Makes ordinary customers, of whom no rule finds anything. */
export function createPopulation(input: {
  readonly rulebook: Rulebook;
  readonly provenance: Provenance;
  readonly random: Random;
  readonly nowMs: number;
}): (ref: string) => CrmCustomer {
  const { rulebook, provenance, random, nowMs } = input;
  const known = new Set(rulebook.tags.map((tag) => tag.code));
  const offered = suggestions.map(({ codes, chance }) => ({
    chance,
    places: codes.filter((code) => known.has(code)).map((code) => rulebook.place(code)),
  }));
  const suggested = new Set(offered.flatMap(({ places }) => places));
  const others = rulebook.tags.flatMap((tag, place) =>
    suggested.has(place) || tag.status !== 'active' ? [] : [place],
  );
  const zipf = zipfPicker(others, random);
  const isTemporary = rulebook.tags.map((tag) => tag.level === 'temporary');
  const nowSeconds = Math.floor(nowMs / 1000);

  /** Earlier places are likelier: each has half again the weight of the next. */
  const pickFalling = (places: readonly number[]) => {
    let index = 0;
    while (index < places.length - 1 && random.chance(0.4)) index += 1;
    return places[index];
  };

  return (ref) => {
    const isCompany = random.chance(0.14);
    const facts = drawFacts(random, isCompany);
    const attributes = toAttributes(facts, random, nowMs);
    const places: number[] = [];
    let temporaryTags = 0;
    const add = (place: number) => {
      if (rulebook.usable[place] !== true || places.includes(place)) return;
      if ((rulebook.daysMax[place] ?? 0) < 5) return;
      if (places.some((other) => rulebook.conflict(place, other))) return;
      if (isTemporary[place] === true && temporaryTags >= rulebook.temporaryTagsMax - 1) return;
      if (places.length >= rulebook.tagsMax - 1) return;
      const criteria = rulebook.tags[place]?.criteria ?? null;
      const mustMeet = rulebook.mustMeetCriteria[place] === true;
      if (criteria !== null && mustMeet && meets(criteria, attributes, nowMs) === false) return;
      for (const needed of rulebook.needs[place] ?? []) {
        add(needed);
        if (!places.includes(needed)) return;
      }
      // What was needed may be in the way of what needed it.
      if (places.some((other) => rulebook.conflict(place, other))) return;
      if (places.length >= rulebook.tagsMax - 1) return;
      places.push(place);
      if (isTemporary[place] === true) temporaryTags += 1;
    };
    for (const { place, condition } of rulebook.mandatory) {
      if (meets(condition, attributes, nowMs) === true) add(place);
    }
    for (const { places: candidates, chance } of offered) {
      if (!random.chance(chance(facts))) continue;
      const place = pickFalling(candidates);
      if (place !== undefined) add(place);
    }
    const wanted = 2 + random.below(6);
    for (let tries = 0; places.length < wanted && tries < 12; tries += 1) add(zipf());
    return {
      ref,
      attributes,
      assignments: places.map((place) =>
        toAssignment(place, { rulebook, provenance, random, nowSeconds, facts }),
      ),
      marketing: null,
    };
  };
}

function toAssignment(
  place: number,
  parts: {
    readonly rulebook: Rulebook;
    readonly provenance: Provenance;
    readonly random: Random;
    readonly nowSeconds: number;
    readonly facts: Facts;
  },
): CrmAssignment {
  const { rulebook, provenance, random, nowSeconds, facts } = parts;
  const longestDays = Math.max(
    1,
    Math.min((rulebook.daysMax[place] ?? Infinity) - 3, facts.registeredDays, 900),
  );
  const tag = { kind: 'dictionary', place } as const;
  if (random.chance(0.18)) {
    const batch = random.pick(provenance.imports);
    if (batch.daysAgo < longestDays) {
      return {
        tag,
        sinceSeconds: nowSeconds - batch.daysAgo * daySeconds - random.below(1_200),
        actor: null,
        importBatch: batch.name,
      };
    }
  }
  // Squared, so that recent tags are the more frequent ones.
  const days = longestDays * random.next() ** 2;
  const actors = provenance.actors.filter((name) => rulebook.mayPutOn(place, name));
  const actor = actors[Math.floor(actors.length * random.next() ** 2)];
  return {
    tag,
    sinceSeconds: random.chance(0.01) ? null : nowSeconds - Math.floor(days * daySeconds) - 60,
    actor: actor ?? null,
    importBatch: null,
  };
}

function drawFacts(random: Random, isCompany: boolean): Facts {
  const wealth = random.normal();
  const spend = Math.exp(8.6 + (isCompany ? 1.1 : 0) + 1.5 * wealth);
  const orders = random.chance(0.08)
    ? 0
    : Math.min(400, Math.round(Math.exp(0.9 + 0.8 * wealth + 0.5 * random.normal())));
  const registeredDays = 2 + Math.floor(1_800 * random.next() ** 1.3);
  let lastOrderDays = Math.min(
    registeredDays,
    Math.floor(-Math.log(1 - random.next()) * (wealth > 0.5 ? 60 : 150)),
  );
  for (const [from, until] of keptFreeDays) {
    if (lastOrderDays >= from && lastOrderDays < until) lastOrderDays = from - 2;
  }
  const share = random.next();
  let sum = 0;
  const region = regions.find((candidate) => (sum += candidate.share) > share);
  return {
    isCompany,
    spend: orders === 0 ? 0 : Math.round(spend * 100) / 100,
    orders,
    lastOrderDays,
    registeredDays,
    logins: random.chance(0.55) ? 1 + random.below(30) : 0,
    region: region?.name ?? null,
  };
}

function toAttributes(facts: Facts, random: Random, nowMs: number): CrmCustomer['attributes'] {
  const hasFigures = !random.chance(0.03);
  const daysAgo = (days: number) => nowMs - days * dayMs - random.below(3_600) * 1_000;
  return {
    spend_12m: hasFigures ? facts.spend : null,
    orders_12m: hasFigures ? facts.orders : null,
    last_order_at: random.chance(0.02) ? null : daysAgo(facts.lastOrderDays),
    registered_at: daysAgo(facts.registeredDays),
    complaints_6m: random.chance(0.9) ? 0 : Math.min(9, 1 + Math.floor(random.next() ** 3 * 5)),
    overdue_days: random.chance(0.94) ? 0 : Math.floor(random.next() ** 2 * 90),
    logins_30d: facts.logins,
    risk_score: Math.round(100 * random.next() ** 2.5 * 100) / 100,
    birthday_at: facts.isCompany || random.chance(0.4) ? null : daysAgo(random.below(365)),
    region: facts.region,
    is_company: random.chance(0.01) ? null : facts.isCompany,
  };
}

/** Picks places with a chance that falls as one over their rank. */
function zipfPicker(places: readonly number[], random: Random): () => number {
  const sums: number[] = [];
  let sum = 0;
  for (let rank = 1; rank <= places.length; rank += 1) {
    sum += 1 / rank;
    sums.push(sum);
  }
  return () => {
    const target = random.next() * sum;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < target) low = middle + 1;
      else high = middle;
    }
    return places[low] ?? 0;
  };
}
