/** Fields of COPY … FROM STDIN in text format (https://www.postgresql.org/docs/current/sql-copy.html). */

const copyCharacters: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

// oxlint-disable-next-line no-control-regex -- NUL is what PostgreSQL cannot hold
const specialCharacters = /[\\\n\r\t\0]/;
// oxlint-disable-next-line no-control-regex -- the same, for all of them
const everySpecialCharacter = /[\\\n\r\t\0]/g;

/** A text as a field. NUL, which PostgreSQL cannot hold, is left out. */
export function copyText(text: string): string {
  if (!specialCharacters.test(text)) return text;
  return text.replaceAll(everySpecialCharacter, (character) => copyCharacters[character] ?? '');
}
