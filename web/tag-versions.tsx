import { changeBlocks } from '../bot/cards/request-changes.ts';
import { createPen } from '../bot/cards/context.ts';
import type { TagVersionLine } from '../db/stores/tag-versions.ts';
import type { VersionCause } from '../domain/tag-version.ts';
import { Blocks } from './card.tsx';
import { formatCount } from './format.ts';
import { throughText } from './history.tsx';
import { Instant } from './parts.tsx';
import { changeNamesFor } from './tag-words.ts';
import type { Knowledge } from './visibility.ts';
import type { SignedIn } from './visitor.ts';
import { personName } from './words.ts';

/** Stands for nobody in particular in a version's author. */
const systemCode = 'system';

interface TagVersionsProps {
  readonly visitor: SignedIn;
  readonly versions: readonly TagVersionLine[];
  readonly knowledge: Knowledge;
  readonly publicUrl: string;
}

/** How a tag came to be as it is: who changed what, when, why and by which way, what went struck out. */
export function TagVersions({ visitor, versions, knowledge, publicUrl }: TagVersionsProps) {
  const { texts, locale } = visitor;
  const pen = createPen(
    { ...visitor.person, locale },
    { publicUrl, nowMs: visitor.nowMs, inConsole: true },
  );
  const { people } = knowledge;
  const names = changeNamesFor(knowledge);
  return (
    <section class="box" id="versions">
      <h2>{texts.tag.versions}</h2>
      <ol class="lines versions">
        {versions.map((version) => (
          <li>
            <div class="version-head">
              <strong>{texts.tag.version(formatCount(version.version, locale))}</strong>{' '}
              <Cause cause={version.cause} visitor={visitor} />
            </div>
            {version.note !== null && <blockquote>{version.note}</blockquote>}
            {version.version === 1 ? (
              <p class="note">{texts.tag.firstVersion}</p>
            ) : version.changes.length === 0 ? (
              <p class="note">{texts.tag.sameWords}</p>
            ) : (
              <Blocks blocks={changeBlocks(version.changes, names, pen)} publicUrl={publicUrl} />
            )}
            <small>
              {`${version.changedBy === systemCode ? texts.common.system : personName(version.changedBy, people, visitor)} · `}
              <Instant atMs={version.changedAtMs} visitor={visitor} />
              {` · ${throughText(version.through, visitor)}`}
            </small>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Cause({ cause, visitor }: { readonly cause: VersionCause; readonly visitor: SignedIn }) {
  const words = visitor.texts.tag.cause;
  switch (cause.kind) {
    case 'configuration':
      return <span>{words.configuration}</span>;
    case 'request':
    case 'undo':
      return (
        <a href={`/requests/${cause.requestId}`}>{words[cause.kind](String(cause.requestId))}</a>
      );
    case 'import': {
      const text = words.import(String(cause.importId));
      return visitor.person.roles.includes('data-admin') ? (
        <a href={`/tag-imports/${cause.importId}`}>{text}</a>
      ) : (
        <span>{text}</span>
      );
    }
    case 'other':
      return <span>{cause.words}</span>;
  }
}
