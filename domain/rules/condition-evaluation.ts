import { assertNever } from '../assert-never.ts';
import { monthsAfter } from '../calendar-months.ts';
import type { Attribute, Condition } from '../condition.ts';
import type { CustomerTags } from '../customer.ts';

/** `unknown`: an attribute that decides is missing. */
export type Truth = 'true' | 'false' | 'unknown';

const dayMs = 86_400_000;

/** A condition bound to attribute slots. One evaluation at a time: nodes remember their last answer and its end. */
export interface CompiledCondition {
  /** Kleene's three-valued logic; `nowSeconds` is a whole epoch second. Allocates nothing. */
  evaluate(customer: CustomerTags, nowSeconds: number): Truth;
  /** What was answered last. */
  readonly answer: Truth;
  /** The epoch second up to which, by time alone, the last answer surely holds; Infinity: for ever. */
  readonly untilSeconds: number;
  /** After `unknown`: the codes of the attributes whose absence left it open, some more than once. */
  eachMissing(visit: (attributeCode: string) => void): void;
}

/**
 * Binds a condition to the slots of its attributes. An attribute that is not declared, or is compared with a
 * value of another type, is unknown for everybody. `all` of nothing is true, `any` of nothing is false.
 */
export function compileCondition(
  condition: Condition,
  attributes: readonly Attribute[],
): CompiledCondition {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const parts = condition.conditions.map((part) => compileCondition(part, attributes));
      return new Junction(parts, condition.kind === 'all' ? 'false' : 'true');
    }
    case 'not':
      return new Negation(compileCondition(condition.condition, attributes));
    case 'at-least': {
      const parts = condition.conditions.map((part) => compileCondition(part, attributes));
      return new AtLeast(parts, condition.count);
    }
    case 'compare':
      return compileComparison(condition, attributes);
    case 'within-days': {
      const lengthMs = condition.days * dayMs;
      return compileWindow(condition.attribute, attributes, (fromMs) => fromMs + lengthMs);
    }
    case 'within-months': {
      const { attribute, months } = condition;
      return compileWindow(attribute, attributes, (fromMs) => monthsAfter(fromMs, months));
    }
    default:
      return assertNever(condition);
  }
}

/** Of an attribute that is not declared, or not of the type that is asked for. */
function alwaysUnknown(attributeCode: string): CompiledCondition {
  return {
    evaluate: () => 'unknown',
    answer: 'unknown',
    untilSeconds: Number.POSITIVE_INFINITY,
    eachMissing: (visit) => visit(attributeCode),
  };
}

/** An answer that is not known was left open by those parts whose own is not. */
function eachMissingOf(
  parts: readonly CompiledCondition[],
  visit: (attributeCode: string) => void,
): void {
  for (const part of parts) if (part.answer === 'unknown') part.eachMissing(visit);
}

/** `all` is decided by one false part, `any` by one true part. */
class Junction implements CompiledCondition {
  answer: Truth = 'unknown';
  untilSeconds = Number.POSITIVE_INFINITY;
  readonly #parts: readonly CompiledCondition[];
  readonly #decisive: 'true' | 'false';
  readonly #otherwise: 'true' | 'false';

  constructor(parts: readonly CompiledCondition[], decisive: 'true' | 'false') {
    this.#parts = parts;
    this.#decisive = decisive;
    this.#otherwise = decisive === 'true' ? 'false' : 'true';
  }

  evaluate(customer: CustomerTags, nowSeconds: number): Truth {
    let answer: Truth = this.#otherwise;
    let decidedUntil = 0;
    let undecidedUntil = Number.POSITIVE_INFINITY;
    for (const part of this.#parts) {
      const value = part.evaluate(customer, nowSeconds);
      if (value === this.#decisive) {
        answer = value;
        decidedUntil = Math.max(decidedUntil, part.untilSeconds);
        // Nothing that the other parts say can change the answer any more.
        if (decidedUntil === Number.POSITIVE_INFINITY) break;
      } else if (value === 'unknown' && answer === this.#otherwise) {
        answer = value;
      }
      undecidedUntil = Math.min(undecidedUntil, part.untilSeconds);
    }
    this.untilSeconds = answer === this.#decisive ? decidedUntil : undecidedUntil;
    this.answer = answer;
    return answer;
  }

  eachMissing(visit: (attributeCode: string) => void): void {
    eachMissingOf(this.#parts, visit);
  }
}

class Negation implements CompiledCondition {
  answer: Truth = 'unknown';
  untilSeconds = Number.POSITIVE_INFINITY;
  readonly #part: CompiledCondition;

  constructor(part: CompiledCondition) {
    this.#part = part;
  }

  evaluate(customer: CustomerTags, nowSeconds: number): Truth {
    const value = this.#part.evaluate(customer, nowSeconds);
    this.untilSeconds = this.#part.untilSeconds;
    if (value === 'unknown') this.answer = value;
    else this.answer = value === 'true' ? 'false' : 'true';
    return this.answer;
  }

  eachMissing(visit: (attributeCode: string) => void): void {
    this.#part.eachMissing(visit);
  }
}

/** Decided as soon as so many parts are true, or too few are left that may be. */
class AtLeast implements CompiledCondition {
  answer: Truth = 'unknown';
  untilSeconds = Number.POSITIVE_INFINITY;
  readonly #parts: readonly CompiledCondition[];
  readonly #count: number;

  constructor(parts: readonly CompiledCondition[], count: number) {
    this.#parts = parts;
    this.#count = count;
  }

  evaluate(customer: CustomerTags, nowSeconds: number): Truth {
    let met = 0;
    let open = 0;
    this.untilSeconds = Number.POSITIVE_INFINITY;
    for (const part of this.#parts) {
      const value = part.evaluate(customer, nowSeconds);
      if (value === 'true') met += 1;
      else if (value === 'unknown') open += 1;
      this.untilSeconds = Math.min(this.untilSeconds, part.untilSeconds);
    }
    if (met >= this.#count) this.answer = 'true';
    else this.answer = met + open >= this.#count ? 'unknown' : 'false';
    return this.answer;
  }

  eachMissing(visit: (attributeCode: string) => void): void {
    eachMissingOf(this.#parts, visit);
  }
}

function compileWindow(
  code: string,
  attributes: readonly Attribute[],
  lastMsOf: (fromMs: number) => number,
): CompiledCondition {
  const attribute = attributes.find((candidate) => candidate.code === code);
  return attribute?.type === 'date' ? new Within(attribute, lastMsOf) : alwaysUnknown(code);
}

/** From the instant itself up to and including the last one of its window. */
class Within implements CompiledCondition {
  answer: Truth = 'unknown';
  untilSeconds = Number.POSITIVE_INFINITY;
  readonly #attribute: Attribute;
  readonly #lastMsOf: (fromMs: number) => number;

  constructor(attribute: Attribute, lastMsOf: (fromMs: number) => number) {
    this.#attribute = attribute;
    this.#lastMsOf = lastMsOf;
  }

  evaluate(customer: CustomerTags, nowSeconds: number): Truth {
    this.answer = this.#look(customer, nowSeconds);
    return this.answer;
  }

  eachMissing(visit: (attributeCode: string) => void): void {
    visit(this.#attribute.code);
  }

  #look(customer: CustomerTags, nowSeconds: number): Truth {
    this.untilSeconds = Number.POSITIVE_INFINITY;
    const fromMs = customer.numbers[this.#attribute.slot] ?? Number.NaN;
    if (Number.isNaN(fromMs)) return 'unknown';
    if (nowSeconds * 1000 < fromMs) {
      this.untilSeconds = Math.ceil(fromMs / 1000);
      return 'false';
    }
    const lastSeconds = this.#lastMsOf(fromMs) / 1000;
    if (nowSeconds > lastSeconds) return 'false';
    this.untilSeconds = Math.floor(lastSeconds) + 1;
    return 'true';
  }
}

type Comparison = Extract<Condition, { kind: 'compare' }>;

function compileComparison(
  condition: Comparison,
  attributes: readonly Attribute[],
): CompiledCondition {
  const attribute = attributes.find((candidate) => candidate.code === condition.attribute);
  if (attribute === undefined) return alwaysUnknown(condition.attribute);
  const { slot, type } = attribute;
  const { operator, value } = condition;
  if (type === 'text') {
    if (typeof value !== 'string') return alwaysUnknown(attribute.code);
    return new Compared(attribute.code, (customer) => {
      const found = customer.texts[slot] ?? null;
      return found === null ? 'unknown' : truthOf(compare(found, operator, value));
    });
  }
  const expectsBoolean = type === 'boolean';
  if (typeof value !== (expectsBoolean ? 'boolean' : 'number')) {
    return alwaysUnknown(attribute.code);
  }
  const limit = Number(value);
  return new Compared(attribute.code, (customer) => {
    const found = customer.numbers[slot] ?? Number.NaN;
    return Number.isNaN(found) ? 'unknown' : truthOf(compare(found, operator, limit));
  });
}

class Compared implements CompiledCondition {
  answer: Truth = 'unknown';
  readonly untilSeconds = Number.POSITIVE_INFINITY;
  readonly #attributeCode: string;
  readonly #look: (customer: CustomerTags) => Truth;

  constructor(attributeCode: string, look: (customer: CustomerTags) => Truth) {
    this.#attributeCode = attributeCode;
    this.#look = look;
  }

  evaluate(customer: CustomerTags): Truth {
    this.answer = this.#look(customer);
    return this.answer;
  }

  eachMissing(visit: (attributeCode: string) => void): void {
    visit(this.#attributeCode);
  }
}

function compare<T extends number | string>(
  left: T,
  operator: Comparison['operator'],
  right: T,
): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '>=':
      return left >= right;
    case '>':
      return left > right;
    default:
      return assertNever(operator);
  }
}

function truthOf(value: boolean): Truth {
  return value ? 'true' : 'false';
}
