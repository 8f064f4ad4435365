import { partChanges, type PartChange } from './requests/part-change.ts';
import { tagPartValues } from './requests/tag-parts.ts';
import type { Tag } from './tag.ts';

/** What made a version of a tag. */
export type VersionCause =
  | { readonly kind: 'configuration' }
  /** An approved request, and taking back what one did. */
  | { readonly kind: 'request'; readonly requestId: number }
  | { readonly kind: 'undo'; readonly requestId: number }
  /** A table of tags that was taken in. */
  | { readonly kind: 'import'; readonly importId: number }
  /** In the words of an older version or of somebody's own hand. */
  | { readonly kind: 'other'; readonly words: string };

/** The cause as it is stored with the version. */
export function versionReason(cause: VersionCause): string {
  switch (cause.kind) {
    case 'configuration':
      return 'configuration applied';
    case 'request':
      return `request ${cause.requestId}`;
    case 'undo':
      return `undo of request ${cause.requestId}`;
    case 'import':
      return `import ${cause.importId}`;
    case 'other':
      return cause.words;
  }
}

/** The inverse of `versionReason`. */
export function versionCause(reason: string): VersionCause {
  if (reason === 'configuration applied') return { kind: 'configuration' };
  const [, what, number] = /^(request|undo of request|import) (\d{1,9})$/.exec(reason) ?? [];
  const id = Number(number);
  if (what === 'request') return { kind: 'request', requestId: id };
  if (what === 'undo of request') return { kind: 'undo', requestId: id };
  return what === 'import' ? { kind: 'import', importId: id } : { kind: 'other', words: reason };
}

/**
 * Which of a tag's versions, oldest first, made it what it is: what a request made and an undo took back both fall away.
 * null: all of them.
 */
export function standingVersion<V extends { readonly reason: string }>(
  versions: readonly V[],
): V | null {
  const standing: V[] = [];
  for (const version of versions) {
    const cause = versionCause(version.reason);
    const isTakenBack =
      cause.kind === 'undo' &&
      standing.at(-1)?.reason === versionReason({ kind: 'request', requestId: cause.requestId });
    if (isTakenBack) standing.pop();
    else standing.push(version);
  }
  return standing.at(-1) ?? null;
}

/** Every part of a tag that is other than before; of a new tag (`before` null) everything it has. */
export function tagChanges(
  before: Omit<Tag, 'id' | 'version'> | null,
  after: Omit<Tag, 'id' | 'version'>,
): readonly PartChange[] {
  return partChanges(before === null ? {} : tagPartValues(before), tagPartValues(after));
}
