/**
 * PostgreSQL's text forms, as COPY … TO STDOUT and a cast to text give them
 * (https://www.postgresql.org/docs/current/sql-copy.html, arrays.html#ARRAYS-IO).
 */

/** One line of COPY's text format, without its newline; null where the column is. */
export function parseCopyLine(line: string): (string | null)[] {
  const fields: (string | null)[] = line.split('\t');
  if (!line.includes('\\')) return fields;
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index];
    if (field?.includes('\\')) fields[index] = field === '\\N' ? null : unescapeCopy(field);
  }
  return fields;
}

const copyEscapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unescapeCopy(field: string): string {
  return field.replace(/\\(.)/gs, (_whole, letter: string) => copyEscapes[letter] ?? letter);
}

/** A one-dimensional array as text; null stands for a NULL element. Throws on anything else. */
export function parseArray(text: string): (string | null)[] {
  if (text === '{}') return [];
  if (!text.startsWith('{') || !text.endsWith('}')) throw new Error('not a one-dimensional array');
  if (!text.includes('"')) {
    const elements: (string | null)[] = text.slice(1, -1).split(',');
    if (text.includes('NULL')) {
      for (let index = 0; index < elements.length; index += 1) {
        if (elements[index] === 'NULL') elements[index] = null;
      }
    }
    return elements;
  }
  return parseQuotedArray(text);
}

function parseQuotedArray(text: string): (string | null)[] {
  const elements: (string | null)[] = [];
  const end = text.length - 1;
  let from = 1;
  while (from < end) {
    const isQuoted = text[from] === '"';
    const until = isQuoted ? closingQuote(text, from + 1) : commaOrEnd(text, from, end);
    if (until === -1) throw new Error('not a one-dimensional array');
    if (isQuoted) {
      const quoted = text.slice(from + 1, until);
      elements.push(quoted.includes('\\') ? quoted.replaceAll(/\\(.)/gs, '$1') : quoted);
    } else {
      const bare = text.slice(from, until);
      elements.push(bare === 'NULL' ? null : bare);
    }
    from = until + (isQuoted ? 2 : 1);
  }
  return elements;
}

/** Where the quote is that ends an element; -1: nowhere. */
function closingQuote(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  for (let start = from; quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (quote - backslashes > start && text[quote - backslashes - 1] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote;
    start = quote + 1;
  }
  return -1;
}

function commaOrEnd(text: string, from: number, end: number): number {
  const comma = text.indexOf(',', from);
  return comma === -1 ? end : comma;
}

/** An array literal of texts, whatever characters they have. */
export function arrayLiteral(elements: readonly string[]): string {
  const quoted = elements.map((element) =>
    needsEscaping.test(element) ? `"${element.replaceAll(/["\\]/g, '\\$&')}"` : `"${element}"`,
  );
  return `{${quoted.join(',')}}`;
}

const needsEscaping = /["\\]/;
