import type { types } from '@slack/bolt';
import type { FC } from 'hono/jsx';
import type { SlackMessage } from '../../bot/slack/render.ts';

type Node = Readonly<Record<string, unknown>>;

/** A message as Slack draws it, from the payload that it is sent. */
export const SlackMessageView: FC<{ message: SlackMessage }> = ({ message }) => (
  <div class="slack message">
    <div class="avatar">T</div>
    <div class="content">
      <div class="from">
        <b>Tagwarden</b> <span class="app">APP</span> <time>09:30</time>
      </div>
      <Blocks blocks={message.blocks} />
    </div>
  </div>
);

/** A modal as Slack draws it. */
export const SlackModalView: FC<{ view: types.ModalView }> = ({ view }) => (
  <div class="slack modal">
    <div class="bar">
      <b>{view.title.text}</b>
      <span>✕</span>
    </div>
    <div class="content">
      <Blocks blocks={view.blocks} />
    </div>
    <div class="foot">
      {view.close === undefined ? null : <span class="button">{view.close.text}</span>}
      {view.submit === undefined ? null : <span class="button primary">{view.submit.text}</span>}
    </div>
  </div>
);

const Blocks: FC<{ blocks: readonly unknown[] }> = ({ blocks }) => (
  <>
    {blocks.map((block) => (
      <Block block={block as Node} />
    ))}
  </>
);

const Block: FC<{ block: Node }> = ({ block }) => {
  switch (block['type']) {
    case 'header':
      return <Header text={textOf(block['text'])} />;
    case 'divider':
      return <hr />;
    case 'context':
      return (
        <div class="context">
          {nodes(block['elements']).map((element) =>
            element['type'] === 'mrkdwn' ? (
              <Markdown text={String(element['text'])} />
            ) : (
              <span>{textOf(element)}</span>
            ),
          )}
        </div>
      );
    case 'rich_text':
      return (
        <div class="rich">
          {nodes(block['elements']).map((element) => (
            <RichText element={element} />
          ))}
        </div>
      );
    case 'image': {
      const { id } = block['slack_file'] as Node;
      return (
        <figure>
          <figcaption>{textOf(block['title'])}</figcaption>
          <img src={String(id)} alt={String(block['alt_text'])} />
        </figure>
      );
    }
    case 'actions':
      return (
        <div class="actions">
          {nodes(block['elements']).map((element) => (
            <Control element={element} />
          ))}
        </div>
      );
    case 'input':
      return (
        <div class="input">
          <label>
            {textOf(block['label'])}
            {block['optional'] === true ? <i> (optional)</i> : null}
          </label>
          <Control element={block['element'] as Node} />
        </div>
      );
    default:
      throw new Error(`The gallery cannot draw Slack's block ${String(block['type'])}.`);
  }
};

/** Not every machine has a font with pictures: the mark of the severity is drawn. */
const Header: FC<{ text: string }> = ({ text }) => {
  const [mark = '', ...rest] = text;
  const color = markColors.get(mark);
  return color === undefined ? (
    <h3>{text}</h3>
  ) : (
    <h3>
      <span class="mark" style={`background:${color}`} />
      {rest.join('')}
    </h3>
  );
};

const markColors: ReadonlyMap<string, string> = new Map([
  ['🔴', '#dd2e44'],
  ['🟠', '#f4900c'],
  ['🔵', '#55acee'],
  ['🟢', '#78b159'],
  ['⚪', '#ccd6dd'],
]);

const RichText: FC<{ element: Node }> = ({ element }) => {
  switch (element['type']) {
    case 'rich_text_section':
      return (
        <div class="section">
          {nodes(element['elements']).map((piece) => (
            <Piece piece={piece} />
          ))}
        </div>
      );
    case 'rich_text_list':
      return (
        <ul>
          {nodes(element['elements']).map((item) => (
            <li>
              <RichText element={item} />
            </li>
          ))}
        </ul>
      );
    default:
      throw new Error(`The gallery cannot draw Slack's rich text ${String(element['type'])}.`);
  }
};

const Piece: FC<{ piece: Node }> = ({ piece }) => {
  const text = String(piece['text']);
  if (piece['type'] === 'link') return <a href={String(piece['url'])}>{text}</a>;
  const style = piece['style'] as
    | { readonly bold?: boolean; readonly strike?: boolean }
    | undefined;
  if (style?.strike === true) return <del>{text}</del>;
  return style?.bold === true ? <b>{text}</b> : <span>{text}</span>;
};

/** Only links stand in Slack's own format. */
const Markdown: FC<{ text: string }> = ({ text }) => {
  const link = /^<(?<url>[^|>]+)\|(?<label>[^>]*)>$/.exec(text)?.groups;
  return link === undefined ? (
    <span>{text}</span>
  ) : (
    <a href={link['url']}>{unescape(link['label'] ?? '')}</a>
  );
};

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

const Control: FC<{ element: Node }> = ({ element }) => {
  const options = nodes(
    element['options'] ??
      nodes(element['option_groups']).flatMap((group) => nodes(group['options'])),
  );
  switch (element['type']) {
    case 'button':
      return (
        <Popover panel={<Confirm confirm={element['confirm'] as Node | undefined} />}>
          <span class={`button ${typeof element['style'] === 'string' ? element['style'] : ''}`}>
            {textOf(element['text'])}
          </span>
        </Popover>
      );
    case 'overflow':
      return (
        <Popover panel={<Options options={options} />}>
          <span class="button overflow">⋯</span>
        </Popover>
      );
    case 'static_select':
    case 'external_select':
      return (
        <Popover panel={<Options options={options} />}>
          <span class="select">
            {textOf(
              (element['initial_option'] as Node | undefined)?.['text'] ?? element['placeholder'],
            )}
            <span>⌄</span>
          </span>
        </Popover>
      );
    case 'radio_buttons':
      return (
        <div class="radios">
          {options.map((option) => (
            <div>
              <span class={`dot ${isSame(option, element['initial_option']) ? 'on' : ''}`} />
              {textOf(option['text'])}
              {option['description'] === undefined ? null : (
                <small>{textOf(option['description'])}</small>
              )}
            </div>
          ))}
        </div>
      );
    case 'plain_text_input':
      return (
        <div class={`field ${element['multiline'] === true ? 'tall' : ''}`}>
          {typeof element['initial_value'] === 'string' ? element['initial_value'] : ''}
        </div>
      );
    case 'datepicker':
      return (
        <div class="field date">
          {typeof element['initial_date'] === 'string' ? element['initial_date'] : 'YYYY-MM-DD'}
        </div>
      );
    default:
      throw new Error(`The gallery cannot draw Slack's element ${String(element['type'])}.`);
  }
};

const Popover: FC<{ panel: unknown; children?: unknown }> = ({ panel, children }) =>
  panel === null ? (
    <>{children}</>
  ) : (
    <details>
      <summary>{children}</summary>
      <div class="popover">{panel}</div>
    </details>
  );

const Options: FC<{ options: readonly Node[] }> = ({ options }) => (
  <>
    {options.map((option) => (
      <div class="option">{textOf(option['text'])}</div>
    ))}
  </>
);

const Confirm: FC<{ confirm: Node | undefined }> = ({ confirm }) =>
  confirm === undefined ? null : (
    <>
      <b>{textOf(confirm['title'])}</b>
      <p>{textOf(confirm['text'])}</p>
      <span class="button primary">{textOf(confirm['confirm'])}</span>
    </>
  );

function isSame(one: Node, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function nodes(value: unknown): readonly Node[] {
  return Array.isArray(value) ? (value as readonly Node[]) : [];
}

function textOf(value: unknown): string {
  const text = (value as Node | undefined)?.['text'];
  return typeof text === 'string' ? text : '';
}
