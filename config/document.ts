import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml';
import type { ConfigurationProblem, NodePath } from './problem.ts';

/** One YAML file: its plain value, and where each part of it stands. */
export interface YamlFile {
  readonly name: string;
  readonly value: unknown;
  /** Line and column (1-based) of the value at `path`, or of the nearest thing around it that exists. */
  locate(path: NodePath): { line: number; column: number };
  /** Line and column of a key of the map at `path`. */
  locateKey(path: NodePath, key: string): { line: number; column: number };
}

export type YamlReading =
  | { readonly kind: 'ok'; readonly file: YamlFile }
  | { readonly kind: 'problems'; readonly problems: readonly ConfigurationProblem[] };

const fileBytesMax = 16 * 1024 * 1024;
/** How often anchors may be repeated, directly or by way of others, before it is taken for an attack. */
const aliasUsesMax = 100;
/** One slip often makes many errors behind it. */
const syntaxErrorsMax = 20;
/** Deep enough for conditions that a person can follow, and far from what overflows a stack. */
const nestingMax = 64;
/** How the parser words a stack overflow of its own, which it takes for an error of the file. */
const stackOverflow = 'Maximum call stack size exceeded';

/** Reads one file of a configuration folder; every syntax error is a problem of its own. */
export async function readYaml(directory: string, name: string): Promise<YamlReading> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(directory, name));
  } catch (error) {
    return failed(name, { ...describeReadError(error) });
  }
  if (bytes.length > fileBytesMax) {
    return failed(name, {
      found: `${bytes.length} bytes`,
      expected: `at most ${fileBytesMax} bytes`,
    });
  }
  const text = decodeUtf8(bytes);
  if (text === null) {
    return failed(name, { found: 'bytes that are not UTF-8', expected: 'a text file in UTF-8' });
  }
  return parseYaml(name, text);
}

/** As `readYaml`, of a text at hand. */
export function parseYaml(name: string, text: string): YamlReading {
  const lines = new LineCounter();
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  } catch (error) {
    return failed(name, describeParserFailure(error));
  }
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const errors = [...document.errors, ...document.warnings].slice(0, syntaxErrorsMax);
  if (errors.some((error) => error.message.includes(stackOverflow))) return failed(name, tooDeep);
  if (errors.length > 0) {
    return {
      kind: 'problems',
      problems: errors.map((error) => ({
        file: name,
        ...at(error.pos[0]),
        path: [],
        ...describeSyntaxError(error),
        suggestion: null,
      })),
    };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: aliasUsesMax });
  } catch (error) {
    return failed(name, describeParserFailure(error));
  }
  if (isNestedDeeperThan(value, nestingMax)) return failed(name, tooDeep);
  return {
    kind: 'ok',
    file: {
      name,
      value,
      locate: (path) => at(offsetOf(document, path)),
      locateKey: (path, key) => at(keyOffset(document, path, key) ?? offsetOf(document, path)),
    },
  };
}

function offsetOf(document: Document.Parsed, path: NodePath): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = nodeAt(document, path.slice(0, length));
    const offset = node?.range?.[0];
    if (offset !== undefined) return offset;
  }
  return 0;
}

function keyOffset(document: Document.Parsed, path: NodePath, key: string): number | null {
  const node = nodeAt(document, path);
  if (!isMap(node)) return null;
  const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? null) : null;
}

function nodeAt(document: Document.Parsed, path: NodePath): Node | null {
  let node: Node | null = document.contents;
  for (const step of path) {
    const parent: Node | null = isAlias(node) ? (node.resolve(document) ?? null) : node;
    if (!isMap(parent) && !isSeq(parent)) return null;
    node = (parent.get(step, true) as Node | undefined) ?? null;
  }
  return node;
}

/** Only what is strictly UTF-8; a byte-order mark at the start is left out. */
function decodeUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

interface FoundAndExpected {
  readonly found: string;
  readonly expected: string;
}

const tooDeep: FoundAndExpected = {
  found: 'nesting too deep to read',
  expected: `at most ${nestingMax} levels`,
};

function isNestedDeeperThan(value: unknown, levels: number): boolean {
  let parts: readonly unknown[] = [value];
  for (let level = 0; level <= levels; level += 1) {
    parts = parts.flatMap((part) =>
      part !== null && typeof part === 'object' ? (Object.values(part) as unknown[]) : [],
    );
    if (parts.length === 0) return false;
  }
  return true;
}

function describeReadError(error: unknown): FoundAndExpected {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return { found: 'no such file', expected: 'one of the five files of a configuration' };
    case 'EACCES':
    case 'EPERM':
      return { found: 'a file that may not be read', expected: 'permission to read it' };
    case 'EISDIR':
      return { found: 'a folder', expected: 'a file' };
    default:
      return { found: `a file that cannot be read (${String(code)})`, expected: 'a readable file' };
  }
}

function describeSyntaxError(error: YAMLError): FoundAndExpected {
  if (error.code === 'DUPLICATE_KEY') {
    return { found: 'a key that stands here twice', expected: 'each key once' };
  }
  if (error.code === 'MULTIPLE_DOCS') {
    return { found: 'a second document (---)', expected: 'one document in a file' };
  }
  const [sentence] = error.message.split('\n');
  return { found: `a YAML error (${sentence ?? error.code})`, expected: 'valid YAML' };
}

function describeParserFailure(error: unknown): FoundAndExpected {
  if (error instanceof ReferenceError && error.message.startsWith('Excessive alias count')) {
    return {
      found: 'anchors that multiply each other',
      expected: `at most ${aliasUsesMax} repetitions by anchors`,
    };
  }
  if (error instanceof RangeError) return tooDeep;
  return {
    found: `a YAML error (${error instanceof Error ? error.message : 'unknown'})`,
    expected: 'valid YAML',
  };
}

function failed(file: string, what: FoundAndExpected): YamlReading {
  return {
    kind: 'problems',
    problems: [{ file, line: 1, column: 1, path: [], ...what, suggestion: null }],
  };
}
