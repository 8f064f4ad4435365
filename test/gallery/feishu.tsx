import type { FC } from 'hono/jsx';
import type { FeishuCard } from '../../bot/feishu/card-json.ts';

type Node = Readonly<Record<string, unknown>>;

/** A card as Feishu draws it, from the payload that it is sent. */
export const FeishuCardView: FC<{ card: FeishuCard }> = ({ card }) => (
  <div class="feishu message">
    <div class="avatar">T</div>
    <div class="content">
      <div class="from">
        Tagwarden <span class="app" />
      </div>
      <div class="card">
        {card.header === undefined ? null : (
          <div class={`head ${card.header.template}`}>
            <b>{card.header.title.content}</b>
            {card.header.text_tag_list?.map((tag) => (
              <span class={`tag ${tag.color}`}>{tag.text.content}</span>
            ))}
          </div>
        )}
        <div class="body">
          <Elements elements={card.body.elements} />
        </div>
      </div>
    </div>
  </div>
);

const Elements: FC<{ elements: unknown }> = ({ elements }) => (
  <>
    {nodes(elements).map((element) => (
      <Element element={element} />
    ))}
  </>
);

const Element: FC<{ element: Node }> = ({ element }) => {
  switch (element['tag']) {
    case 'div': {
      const text = element['text'] as Node;
      return (
        <div class={`text ${optional(text['text_size'])} ${optional(text['text_color'])}`}>
          {contentOf(text)}
        </div>
      );
    }
    case 'markdown':
      return (
        <div class={`text ${optional(element['text_size'])}`}>
          <Markdown text={String(element['content'])} />
        </div>
      );
    case 'img':
      return (
        <figure>
          <figcaption>{contentOf(element['title'])}</figcaption>
          <img src={String(element['img_key'])} alt={contentOf(element['alt'])} />
        </figure>
      );
    case 'hr':
      return <hr />;
    case 'column_set':
      return (
        <div class={`columns ${optional(element['flex_mode'])}`}>
          {nodes(element['columns']).map((column) => (
            <div class="column">
              <Elements elements={column['elements']} />
            </div>
          ))}
        </div>
      );
    case 'button':
      return <Button element={element} />;
    case 'overflow':
      return (
        <details>
          <summary>
            <span class="button overflow">···</span>
          </summary>
          <Options options={element['options']} />
        </details>
      );
    case 'form':
      return (
        <div class="form">
          <Elements elements={element['elements']} />
        </div>
      );
    case 'input':
      return (
        <div class="input">
          <label>
            {contentOf(element['label'])}
            {element['required'] === true ? <em> *</em> : null}
          </label>
          <div class={`field ${element['input_type'] === 'multiline_text' ? 'tall' : ''}`}>
            {optional(element['default_value'])}
          </div>
        </div>
      );
    case 'select_static': {
      const initial = nodes(element['options'])[Number(element['initial_index'] ?? 0) - 1];
      return (
        <details>
          <summary>
            <div class="field select">
              <span>
                {initial === undefined ? (
                  <i>{contentOf(element['placeholder'])}</i>
                ) : (
                  contentOf(initial['text'])
                )}
              </span>
              <span>⌄</span>
            </div>
          </summary>
          <Options options={element['options']} />
        </details>
      );
    }
    case 'date_picker':
      return (
        <div class="field select">
          {optional(element['initial_date']) || contentOf(element['placeholder'])}
        </div>
      );
    default:
      throw new Error(`The gallery cannot draw Feishu's element ${String(element['tag'])}.`);
  }
};

const Button: FC<{ element: Node }> = ({ element }) => {
  const button = (
    <span class={`button ${String(element['type'])}`}>{contentOf(element['text'])}</span>
  );
  const confirm = element['confirm'] as Node | undefined;
  if (confirm === undefined) return button;
  return (
    <details>
      <summary>{button}</summary>
      <div class="popover">
        <b>{contentOf(confirm['title'])}</b>
        <p>{contentOf(confirm['text'])}</p>
      </div>
    </details>
  );
};

const Options: FC<{ options: unknown }> = ({ options }) => (
  <div class="popover">
    {nodes(options).map((option) => (
      <div class="option">{contentOf(option['text'])}</div>
    ))}
  </div>
);

/** Links, what is struck out or strong, and signs by their number: our cards write nothing else in Markdown. */
const Markdown: FC<{ text: string }> = ({ text }) => (
  <>
    {text.split(/(\[[^\]]*\]\([^)]*\)|~~[^~]+~~|\*\*[^*]+\*\*)/).map((part) => {
      const link = /^\[(?<label>[^\]]*)\]\((?<url>[^)]*)\)$/.exec(part)?.groups;
      if (link !== undefined) return <a href={link['url']}>{unescape(link['label'] ?? '')}</a>;
      if (/^~~.+~~$/.test(part)) return <del>{unescape(part.slice(2, -2))}</del>;
      if (/^\*\*.+\*\*$/.test(part)) return <b>{unescape(part.slice(2, -2))}</b>;
      return <span>{unescape(part)}</span>;
    })}
  </>
);

function unescape(text: string): string {
  return text.replaceAll(/&#(\d+);/g, (_sign, code: string) => String.fromCodePoint(Number(code)));
}

function nodes(value: unknown): readonly Node[] {
  return Array.isArray(value) ? (value as readonly Node[]) : [];
}

function contentOf(value: unknown): string {
  return optional((value as Node | undefined)?.['content']);
}

function optional(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
