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

const quotedElement = /"((?:[^"\\]|\\.)*)"|([^,{}"]+)/gs;

function parseQuotedArray(text: string): (string | null)[] {
  const elements: (string | null)[] = [];
  for (const [, quoted, bare] of text.slice(1, -1).matchAll(quotedElement)) {
    if (quoted !== undefined) elements.push(quoted.replaceAll(/\\(.)/gs, '$1'));
    else elements.push(bare === 'NULL' || bare === undefined ? null : bare);
  }
  return elements;
}

/** An array literal of texts, whatever characters they have. */
export function arrayLiteral(elements: readonly string[]): string {
  const quoted = elements.map((element) => `"${element.replaceAll(/["\\]/g, '\\$&')}"`);
  return `{${quoted.join(',')}}`;
}
