/** A table or view by its name, or a query in its place. */
export type MappedRelation = string | { readonly query: string };

export interface CompiledStatement {
  /** With $1, $2 … in place of the named parameters. */
  readonly text: string;
  /** The parameter that stands at each place: names[0] is $1. */
  readonly names: readonly string[];
}

/** Literals, quoted identifiers, comments, dollar quotes and casts, in which a colon is no parameter; or a parameter. */
const statementTokens =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|(\$[A-Za-z_]*\$)[\s\S]*?\1|::|:([a-z]+)/g;

/** Turns named parameters into numbered ones; values are never part of the text. */
export function compileStatement(text: string): CompiledStatement {
  const names: string[] = [];
  const compiled = text.replace(statementTokens, (token, _tag: unknown, name?: string) => {
    if (name === undefined) return token;
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  return { text: compiled, names };
}

/** An identifier as SQL, whatever characters it has. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A relation as it stands after FROM, without its alias. */
export function relationSql(mapped: MappedRelation): string {
  return typeof mapped === 'string'
    ? mapped.split('.').map(quoteIdentifier).join('.')
    : `(${mapped.query.trim().replace(/;$/, '')}\n)`;
}

/** A text as an SQL literal. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
