import { assertNever } from '../../domain/assert-never.ts';
import type { Card, Tint } from '../card.ts';
import { cut, harmless, productName } from '../plain-text.ts';
import { textsFor } from '../texts/texts.ts';
import { bodyParts, isWebAddress, outcomeRuns, type Part, type Run } from './body.ts';
import * as limits from './limits.ts';

/** A card as an email in both forms. */
export interface Letter {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** Where the recipient acts on the card, each link once and for them alone. */
export interface MailLinks {
  readonly actions: readonly { readonly label: string; readonly url: string }[];
  readonly unsubscribeUrl: string;
}

/** A card to read, with the way to the page where one acts on it; what does not fit is cut and says so. */
export function renderCard(card: Card, links: MailLinks | null = null): Letter {
  const outcome = card.outcome === null ? [] : outcomeRuns(card.outcome);
  const url = isWebAddress(card.url) ? card.url : null;
  const subject = [card.title, card.status].filter((text) => text !== '').join(' · ');
  for (let charsMax = limits.bodyCharsMax; ; charsMax = Math.floor(charsMax / 2)) {
    const letter = { card, parts: bodyParts(card, charsMax), outcome, url, links };
    const drawn = html(letter);
    // Signs that are escaped are several bytes each, and each part has its markup.
    if (Buffer.byteLength(drawn) >= limits.htmlBytesMax && charsMax > 0) continue;
    return {
      subject: line(subject, limits.subjectCharsMax) || productName,
      html: drawn,
      text: plainText(letter),
    };
  }
}

interface Contents {
  readonly card: Card;
  readonly parts: readonly Part[];
  readonly outcome: readonly Run[];
  readonly url: string | null;
  readonly links: MailLinks | null;
}

function line(text: string, charsMax: number): string {
  return cut(harmless(text).replaceAll(/\s+/gu, ' ').trim(), charsMax);
}

function plainText({ card, parts, outcome, url, links }: Contents): string {
  const { channel } = textsFor(card.locale);
  const { colon } = textsFor(card.locale);
  const body = parts.map((part) => partText(part, colon)).filter((text) => text !== '');
  return [
    line(card.title, limits.subjectCharsMax),
    line(card.status, limits.subjectCharsMax),
    '',
    ...body,
    ...(outcome.length === 0 ? [] : ['', runsText(outcome)]),
    ...(url === null ? [] : ['', `${channel.open}${colon}${url}`]),
    ...(links?.actions ?? []).map((link) => `${link.label}${colon}${link.url}`),
    '',
    '-- ',
    channel.emailWhy,
    ...(links === null ? [] : [`${channel.emailEnd}${colon}${links.unsubscribeUrl}`]),
    '',
  ].join('\n');
}

function partText(part: Part, colon: string): string {
  switch (part.kind) {
    case 'text':
    case 'note':
      return runsText(part.runs);
    case 'fact':
      return `${part.label}${colon}${runsText(part.runs)}`;
    case 'title':
      return `\n${part.text}`;
    case 'item':
      return `- ${runsText(part.runs)}`;
    case 'picture':
      return `${part.title}${colon}${part.alt}`;
    case 'divider':
      return '---';
    default:
      return assertNever(part);
  }
}

function runsText(runs: readonly Run[]): string {
  return runs
    .map(({ text, look, url }) => {
      if (url !== null) return `${text} <${url}>`;
      return look === 'removed' ? `[-${text}-]` : text;
    })
    .join('');
}

/** Readable on white; the same severities as on the console. */
const tintColors: Readonly<Record<Tint, string>> = {
  red: '#c62828',
  orange: '#b45309',
  blue: '#1d4ed8',
  green: '#15803d',
  grey: '#4b5563',
};

const font =
  "font-family:-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',Helvetica,Arial,sans-serif";

/** Tables and inline styles, since mail programs know little else. */
function html({ card, parts, outcome, url, links }: Contents): string {
  const { channel } = textsFor(card.locale);
  const color = tintColors[card.tint];
  const title = escape(line(card.title, limits.subjectCharsMax));
  const status = escape(line(card.status, limits.subjectCharsMax));
  const summary = escape(line(card.summary, limits.subjectCharsMax));
  return `<!doctype html>
<html lang="${card.locale}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body style="margin:0;padding:16px;background:#f3f4f6;${font};font-size:14px;line-height:1.6;color:#111827">
<div style="display:none;max-height:0;overflow:hidden">${summary}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;margin:0 auto;background:#ffffff;border-top:4px solid ${color}">
<tr><td style="padding:20px 24px 0"><h1 style="margin:0;font-size:18px;line-height:1.4">${title}</h1>
${status === '' ? '' : `<p style="margin:4px 0 0;color:${color}">${status}</p>`}</td></tr>
<tr><td style="padding:8px 24px 16px">
${bodyHtml(parts)}
${outcome.length === 0 ? '' : `<p style="margin:12px 0;padding-top:12px;border-top:1px solid #e5e7eb">${runsHtml(outcome)}</p>`}
${url === null ? '' : `<p style="margin:20px 0 4px"><a href="${escape(url)}" style="display:inline-block;padding:9px 18px;background:#1d4ed8;color:#ffffff;text-decoration:none;border-radius:4px">${escape(channel.open)}</a></p>`}
${(links?.actions ?? []).map(linkHtml).join('\n')}
</td></tr>
</table>
<p style="max-width:600px;margin:12px auto 0;font-size:12px;color:#4b5563">${escape(channel.emailWhy)}${links === null ? '' : ` <a href="${escape(links.unsubscribeUrl)}" style="color:#4b5563">${escape(channel.emailEnd)}</a>`}</p>
</body>
</html>
`;
}

function linkHtml({ label, url }: MailLinks['actions'][number]): string {
  return `<a href="${escape(url)}" style="display:inline-block;margin:6px 12px 0 0;color:#1d4ed8">${escape(label)}</a>`;
}

/** Facts that follow each other share a table, items a list. */
function bodyHtml(parts: readonly Part[]): string {
  return parts
    .map((part, index) => {
      const [before, after] = [parts[index - 1]?.kind, parts[index + 1]?.kind];
      const open = before === part.kind ? '' : (frames[part.kind]?.open ?? '');
      const close = after === part.kind ? '' : (frames[part.kind]?.close ?? '');
      return `${open}${partHtml(part)}${close}`;
    })
    .join('\n');
}

const frames: Readonly<
  Partial<Record<Part['kind'], { readonly open: string; readonly close: string }>>
> = {
  fact: {
    open: '<table cellpadding="0" cellspacing="0" style="margin:8px 0">',
    close: '</table>',
  },
  item: { open: '<ul style="margin:4px 0 8px;padding-left:20px">', close: '</ul>' },
};

function partHtml(part: Part): string {
  switch (part.kind) {
    case 'text':
      return `<p style="margin:8px 0">${runsHtml(part.runs)}</p>`;
    case 'note':
      return `<p style="margin:8px 0;font-size:12px;color:#4b5563">${runsHtml(part.runs)}</p>`;
    case 'fact':
      return `<tr><td style="padding:2px 16px 2px 0;color:#4b5563;vertical-align:top">${escape(part.label)}</td><td style="padding:2px 0">${runsHtml(part.runs)}</td></tr>`;
    case 'title':
      return `<p style="margin:12px 0 0;font-weight:600">${escape(part.text)}</p>`;
    case 'item':
      return `<li>${runsHtml(part.runs)}</li>`;
    case 'picture':
      return `<p style="margin:12px 0 4px;font-weight:600">${escape(part.title)}</p><img src="cid:${escape(part.contentId)}" alt="${escape(part.alt)}" width="400" style="display:block;width:100%;max-width:400px;height:auto">`;
    case 'divider':
      return '<hr style="border:0;border-top:1px solid #e5e7eb;margin:12px 0">';
    default:
      return assertNever(part);
  }
}

function runsHtml(runs: readonly Run[]): string {
  return runs
    .map(({ text, look, url }) => {
      const shown = escape(text).replaceAll('\n', '<br>');
      if (url !== null) return `<a href="${escape(url)}" style="color:#1d4ed8">${shown}</a>`;
      switch (look) {
        case 'strong':
          return `<strong>${shown}</strong>`;
        case 'removed':
          return `<del>${shown}</del>`;
        case 'normal':
          return shown;
        default:
          return assertNever(look);
      }
    })
    .join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
