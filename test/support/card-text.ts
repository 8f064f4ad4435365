import type { Block, Button, Card, Inline } from '../../bot/card.ts';
import type { Form } from '../../bot/form.ts';

/** A card as lines of text that hold everything the card says, for reading and for golden files. */
export function cardText(card: Card): string {
  return [
    `[${card.tint}] ${card.title} | ${card.status}`,
    ...card.blocks.flatMap((block) => blockLines(block, markedText)),
    ...(card.outcome === null ? [] : [`=> ${markedText(card.outcome)}`]),
    ...card.buttons.map((button) => `(${button.style}) ${buttonText(button)}`),
    ...card.menu.map((button) => `(menu) ${buttonText(button)}`),
    `url: ${card.url ?? 'none'}`,
    `summary: ${card.summary}`,
    '',
  ].join('\n');
}

export function formText(form: Form): string {
  return [
    `FORM ${form.title}`,
    ...form.blocks.flatMap((block) => blockLines(block, markedText)),
    ...form.fields.flatMap((field) => {
      const head = `<${field.kind} ${field.id}> ${field.label}`;
      switch (field.kind) {
        case 'search':
          return [
            `${head} (${field.source}) "${field.initial}"`,
            ...field.suggestions.map((option) => `   ( ) ${option.label} [${option.value}]`),
          ];
        case 'choice':
        case 'select':
          return [
            head,
            ...field.options.map(
              (option) =>
                `   ${option.value === field.initial ? '(x)' : '( )'} ${option.label} [${option.value}]${option.hint === '' ? '' : ` -- ${option.hint}`}`,
            ),
          ];
        case 'text':
          return [
            `${head} (${field.required ? 'required' : 'optional'}, ${field.multiline ? 'lines' : 'line'}, ${field.charsMax}) "${field.initial}"`,
          ];
        case 'date':
          return [`${head} ${field.initial ?? ''}`];
      }
    }),
    `(${form.submitStyle}) ${form.submitLabel} ${JSON.stringify(form.action)}`,
    '',
  ].join('\n');
}

/** What a person reads of a card, without marks. */
export function cardLines(card: Card): readonly string[] {
  return [
    card.title,
    card.status,
    ...card.blocks.flatMap((block) => blockLines(block, bareText)),
    bareText(card.outcome ?? []),
  ];
}

function blockLines(
  block: Block,
  inlineText: (inlines: readonly Inline[]) => string,
): readonly string[] {
  switch (block.kind) {
    case 'text':
      return [inlineText(block.text)];
    case 'note':
      return [`~ ${inlineText(block.text)}`];
    case 'picture':
      return [`[${block.title}: ${block.alt}]`];
    case 'divider':
      return ['---'];
    case 'facts':
      return block.facts.map((fact) => `${fact.label}: ${inlineText(fact.value)}`);
    case 'list':
      return [
        `${block.title}:`,
        ...block.items.map((item) => `- ${inlineText(item)}`),
        ...(block.more === null ? [] : [`- ${block.more}`]),
      ];
  }
}

function bareText(inlines: readonly Inline[]): string {
  return inlines.map((inline) => ('text' in inline ? inline.text : inline.name)).join('');
}

function markedText(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      switch (inline.kind) {
        case 'plain':
          return inline.text;
        case 'strong':
          return `*${inline.text}*`;
        case 'removed':
          return `~${inline.text}~`;
        case 'link':
          return `[${inline.text}](${inline.url})`;
        case 'person':
          return `@${inline.name}`;
      }
    })
    .join('');
}

function buttonText(button: Button): string {
  const confirm =
    button.confirm === null
      ? ''
      : ` ? ${button.confirm.title} / ${button.confirm.text} / ${button.confirm.yes}`;
  return `${button.label} ${JSON.stringify(button.action)}${confirm}`;
}
