import type { Attribute } from '../../domain/condition.ts';
import type {
  AttributeValue,
  RejectedRow,
  SourceAssignment,
  SourceCustomer,
} from '../connector.ts';
import type { ReadQueries } from './read-query.ts';
import { parseArray } from './text-format.ts';

/** A row of `ReadQueries`, decoded. */
export type DecodedRow =
  | { readonly kind: 'customer'; readonly customer: SourceCustomer }
  | { readonly kind: 'removed'; readonly ref: string }
  | { readonly kind: 'rejected'; readonly row: RejectedRow };

export type MappedAttribute = Pick<Attribute, 'code' | 'type'>;

/** PostgreSQL's own limit for a text is 1 GB; nobody's name is longer than this. */
const nameCharsMax = 1_000;
const refCharsMax = 200;

class UnreadableError extends Error {}

/** Makes a decoder for rows of texts in the order that `ReadQueries` gives. */
export function createRowDecoder(
  queries: Pick<ReadQueries, 'attributeCodes' | 'arrays'>,
  attributes: readonly MappedAttribute[],
): (fields: readonly (string | null)[]) => DecodedRow {
  const types = new Map(attributes.map((attribute) => [attribute.code, attribute.type]));
  const columns = queries.attributeCodes.map((code) => ({ code, type: types.get(code) ?? 'text' }));
  const firstArray = 3 + columns.length;
  const place = (array: ReadQueries['arrays'][number]) => {
    const index = queries.arrays.indexOf(array);
    return index === -1 ? null : firstArray + index;
  };
  const places = {
    tags: place('tags') ?? firstArray,
    since: place('since'),
    actors: place('actors'),
    imports: place('imports'),
  };
  return (fields) => {
    const ref = fields[0] ?? null;
    if (ref === null || ref === '' || ref.length > refCharsMax) {
      const found =
        ref === null ? 'NULL' : ref === '' ? 'an empty text' : `${ref.length} characters`;
      return reject(null, `ref: found ${found}, expected 1 to ${refCharsMax} characters`);
    }
    if (fields[1] === 'f' || fields[1] === 'false') return { kind: 'removed', ref };
    try {
      const values: Record<string, AttributeValue> = {};
      for (let index = 0; index < columns.length; index += 1) {
        const column = columns[index];
        if (column !== undefined) values[column.code] = decodeValue(fields[3 + index], column);
      }
      return {
        kind: 'customer',
        customer: {
          ref,
          name: (fields[2] ?? '').slice(0, nameCharsMax),
          attributes: values,
          assignments: decodeAssignments(fields, places),
        },
      };
    } catch (error) {
      if (error instanceof UnreadableError) return reject(ref, error.message);
      throw error;
    }
  };
}

function reject(ref: string | null, problem: string): DecodedRow {
  return { kind: 'rejected', row: { ref, problem } };
}

function decodeValue(
  text: string | null | undefined,
  { code, type }: MappedAttribute,
): AttributeValue {
  if (text === null || text === undefined) return null;
  switch (type) {
    case 'text':
      return text;
    case 'boolean':
      return decodeBoolean(text.toLowerCase(), code);
    case 'date':
      return text === '' ? null : Math.round(decodeSeconds(text, code) * 1000);
    case 'number': {
      if (text.trim() === '' || text === 'NaN') return null;
      const value = Number(text);
      if (Number.isFinite(value)) return value;
      throw new UnreadableError(`${code}: found a text, expected a number`);
    }
  }
}

function decodeBoolean(text: string, code: string): boolean | null {
  if (text === '') return null;
  if (['t', 'true', '1', 'y', 'yes', '是'].includes(text)) return true;
  if (['f', 'false', '0', 'n', 'no', '否'].includes(text)) return false;
  throw new UnreadableError(`${code}: found another text, expected true or false`);
}

/** Numbers from here on are epoch milliseconds, below it epoch seconds: 1e11 seconds is the year 5138. */
const millisecondsFrom = 1e11;
/** The year 275760, as far as time stamps go (https://tc39.es/ecma262/#sec-time-values-and-time-range). */
const secondsMax = 8.64e12;

function decodeSeconds(text: string, code: string): number {
  const number = Number(text);
  if (Number.isFinite(number)) {
    const seconds = Math.abs(number) >= millisecondsFrom ? number / 1000 : number;
    if (Math.abs(seconds) <= secondsMax) return seconds;
    throw new UnreadableError(`${code}: found a number, expected a time stamp`);
  }
  const atMs = Date.parse(text);
  if (Number.isFinite(atMs)) return atMs / 1000;
  throw new UnreadableError(
    `${code}: found ${/infinity/i.test(text) ? 'infinity' : 'a text'}, expected a time stamp`,
  );
}

interface ArrayPlaces {
  readonly tags: number;
  readonly since: number | null;
  readonly actors: number | null;
  readonly imports: number | null;
}

const noElements: readonly (string | null)[] = [];

function decodeAssignments(
  fields: readonly (string | null)[],
  places: ArrayPlaces,
): readonly SourceAssignment[] {
  const tags = decodeArray(fields, places.tags, 'tags');
  if (tags.length === 0) return [];
  const since = decodeArray(fields, places.since, 'since');
  const actors = decodeArray(fields, places.actors, 'actor');
  const imports = decodeArray(fields, places.imports, 'importName');
  const assignments: SourceAssignment[] = [];
  for (let index = 0; index < tags.length; index += 1) {
    const tagRef = tags[index];
    if (tagRef === null || tagRef === undefined || tagRef === '') {
      throw new UnreadableError(
        `tag: found ${tagRef === '' ? 'an empty text' : 'NULL'}, expected a tag`,
      );
    }
    const sinceText = since[index] ?? null;
    assignments.push({
      tagRef,
      sinceSeconds: sinceText === null ? null : Math.floor(decodeSeconds(sinceText, 'since')),
      actor: emptyToNull(actors[index]),
      importName: emptyToNull(imports[index]),
    });
  }
  return hasDuplicates(assignments) ? withoutDuplicates(assignments) : assignments;
}

/** Customers with more tags than this are searched with a set instead of along the list. */
const linearSearchMax = 24;

function hasDuplicates(assignments: readonly SourceAssignment[]): boolean {
  if (assignments.length > linearSearchMax) {
    return new Set(assignments.map((assignment) => assignment.tagRef)).size < assignments.length;
  }
  for (let later = 1; later < assignments.length; later += 1) {
    for (let earlier = 0; earlier < later; earlier += 1) {
      if (assignments[earlier]?.tagRef === assignments[later]?.tagRef) return true;
    }
  }
  return false;
}

/** A tag that is on a customer twice counts once, since the earlier time. */
function withoutDuplicates(assignments: readonly SourceAssignment[]): readonly SourceAssignment[] {
  const byTag = new Map<string, SourceAssignment>();
  for (const assignment of assignments) {
    const other = byTag.get(assignment.tagRef);
    const isEarlier =
      other === undefined ||
      (assignment.sinceSeconds ?? Infinity) < (other.sinceSeconds ?? Infinity);
    if (isEarlier) byTag.set(assignment.tagRef, assignment);
  }
  return [...byTag.values()];
}

function emptyToNull(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

function decodeArray(
  fields: readonly (string | null)[],
  place: number | null,
  name: string,
): readonly (string | null)[] {
  const text = place === null ? null : fields[place];
  if (text === null || text === undefined) return noElements;
  try {
    return parseArray(text);
  } catch {
    throw new UnreadableError(`${name}: found something else, expected a list`);
  }
}
