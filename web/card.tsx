import { raw } from 'hono/html';
import { assertNever } from '../domain/assert-never.ts';
import type { Block, Button, Card, Inline } from '../bot/card.ts';
import { Icon } from './icons.tsx';
import { Csrf } from './layout.tsx';
import { safeUrl } from './security.ts';
import type { SignedIn } from './visitor.ts';

interface CardContext {
  readonly visitor: SignedIn;
  readonly publicUrl: string;
}

interface CardProps extends CardContext {
  readonly card: Card;
  /** Level of the heading within the page. @default 2 */
  readonly headingLevel?: 1 | 2;
  /** Leaves out the link to the page that the reader is on. */
  readonly withoutLink?: boolean;
}

/** A card as the web inbox shows it: the same facts and the same buttons as on every other channel. */
export function CardArticle(props: CardProps) {
  const { card, visitor, publicUrl } = props;
  const url = card.url === null || props.withoutLink === true ? null : safeUrl(card.url, publicUrl);
  return (
    <article class={`card tint-${card.tint}`} aria-label={card.summary}>
      <header class="card-head">
        {props.headingLevel === 1 ? <h1>{card.title}</h1> : <h2>{card.title}</h2>}
        <span class="card-status">{card.status}</span>
      </header>
      <div class="card-body">
        <Blocks blocks={card.blocks} publicUrl={publicUrl} />
      </div>
      {card.outcome !== null && (
        <p class="card-outcome">
          <Icon name="done" />
          <span>
            <InlineText text={card.outcome} publicUrl={publicUrl} />
          </span>
        </p>
      )}
      <CardActions card={card} visitor={visitor} url={url} />
    </article>
  );
}

function CardActions(props: {
  readonly card: Card;
  readonly visitor: SignedIn;
  readonly url: string | null;
}) {
  const { card, visitor, url } = props;
  if (card.buttons.length === 0 && card.menu.length === 0 && url === null) return null;
  return (
    <footer class="card-actions">
      {card.buttons.map((button) => (
        <ActionButton button={button} visitor={visitor} class={`button button-${button.style}`} />
      ))}
      {url !== null && (
        <a class="button button-quiet" href={url}>
          {visitor.texts.common.open}
        </a>
      )}
      {card.menu.length > 0 && (
        <details class="menu">
          <summary class="button button-default" aria-label={visitor.texts.common.more}>
            <Icon name="more" />
          </summary>
          <div class="menu-items">
            {card.menu.map((button) => (
              <ActionButton button={button} visitor={visitor} class="menu-item" />
            ))}
          </div>
        </details>
      )}
    </footer>
  );
}

/** A button that acts as those of cards do. */
export function ActionButton(props: {
  readonly button: Button;
  readonly visitor: SignedIn;
  readonly class: string;
}) {
  const { button, visitor } = props;
  return (
    <form method="post" action="/act" data-enhance>
      <Csrf visitor={visitor} />
      <input type="hidden" name="return" value={visitor.path} />
      <input type="hidden" name="action" value={JSON.stringify(button.action)} />
      {button.confirm !== null && (
        <>
          <input type="hidden" name="confirm-title" value={button.confirm.title} />
          <input type="hidden" name="confirm-text" value={button.confirm.text} />
          <input type="hidden" name="confirm-yes" value={button.confirm.yes} />
        </>
      )}
      <button class={props.class}>{button.label}</button>
    </form>
  );
}

export function Blocks(props: { readonly blocks: readonly Block[]; readonly publicUrl: string }) {
  return (
    <>
      {props.blocks.map((block) => (
        <BlockView block={block} publicUrl={props.publicUrl} />
      ))}
    </>
  );
}

function BlockView(props: { readonly block: Block; readonly publicUrl: string }) {
  const { block, publicUrl } = props;
  switch (block.kind) {
    case 'text':
      return (
        <p>
          <InlineText text={block.text} publicUrl={publicUrl} />
        </p>
      );
    case 'facts':
      return (
        <dl class="facts">
          {block.facts.map((fact) => (
            <div>
              <dt>{fact.label}</dt>
              <dd>
                <InlineText text={fact.value} publicUrl={publicUrl} />
              </dd>
            </div>
          ))}
        </dl>
      );
    case 'list':
      return (
        <section class="card-list">
          {block.title !== '' && <h3>{block.title}</h3>}
          <ul>
            {block.items.map((item) => (
              <li>
                <InlineText text={item} publicUrl={publicUrl} />
              </li>
            ))}
          </ul>
          {block.more !== null && <p class="note">{block.more}</p>}
        </section>
      );
    case 'note':
      return (
        <p class="note">
          <InlineText text={block.text} publicUrl={publicUrl} />
        </p>
      );
    case 'picture':
      return (
        <figure class="card-picture">
          <figcaption>{block.title}</figcaption>
          {raw(block.svg)}
        </figure>
      );
    case 'divider':
      return <hr />;
    default:
      return assertNever(block);
  }
}

function InlineText(props: { readonly text: readonly Inline[]; readonly publicUrl: string }) {
  return (
    <>
      {props.text.map((part) => (
        <InlinePart part={part} publicUrl={props.publicUrl} />
      ))}
    </>
  );
}

const dates = /((?:\d{4}-)?\d{2}-\d{2}(?: \d{2}:\d{2})?)/;

/** Text whose dates stay on one line: browsers break Chinese lines after any hyphen. */
function Unbroken({ text }: { readonly text: string }) {
  return (
    <>
      {text
        .split(dates)
        .map((part, index) => (index % 2 === 1 ? <span class="unbroken">{part}</span> : part))}
    </>
  );
}

function InlinePart(props: { readonly part: Inline; readonly publicUrl: string }) {
  const { part } = props;
  switch (part.kind) {
    case 'plain':
      return <Unbroken text={part.text} />;
    case 'strong':
      return <strong>{part.text}</strong>;
    case 'removed':
      return <del>{part.text}</del>;
    case 'person':
      return <span class="person">{part.name}</span>;
    case 'link': {
      const url = safeUrl(part.url, props.publicUrl);
      return url === null ? <>{part.text}</> : <a href={url}>{part.text}</a>;
    }
    default:
      return assertNever(part);
  }
}
