import { html } from 'hono/html';
import type { FC } from 'hono/jsx';
import type { Card } from '../../bot/card.ts';
import { hangPictures, type PaintedPicture } from '../../bot/pictures.ts';
import { renderForDingtalk } from '../../bot/dingtalk/outlet.ts';
import { renderCard as renderLetter } from '../../bot/email/render.ts';
import { renderForm as renderFeishuForm } from '../../bot/feishu/form.ts';
import { renderLine } from '../../bot/feishu/frame.ts';
import { renderCard as renderFeishuCard } from '../../bot/feishu/render.ts';
import { renderForm as renderSlackForm } from '../../bot/slack/form.ts';
import { renderCard as renderSlackCard, renderText } from '../../bot/slack/render.ts';
import { renderForWecom } from '../../bot/wecom/outlet.ts';
import type { Locale } from '../../domain/locale.ts';
import { announcementSamples } from '../support/announcement-samples.ts';
import { cardSamples, sampleContext } from '../support/card-samples.ts';
import { formSamples } from '../support/form-samples.ts';
import { emailed, sampleMailLinks } from '../support/letter-samples.ts';
import { lineSamples } from '../support/line-samples.ts';
import { samplePerson } from '../support/views.ts';
import { FeishuCardView } from './feishu.tsx';
import { LetterView } from './letter.tsx';
import { RobotMessageView } from './robot.tsx';
import { SlackMessageView, SlackModalView } from './slack.tsx';

/** Where a sample stands on the page. */
export function sampleId(family: string, title: string): string {
  return `${family}-${title.replaceAll(/[^a-z0-9]+/gi, '-')}`;
}

/**
 * Every card and form in every state as both platforms draw them, and what emails and robots make of some, in one
 * language: a whole HTML page.
 */
export async function galleryPage(locale: Locale, style: string): Promise<string> {
  const forms = await formSamples(locale);
  const families = [...Object.keys(cardSamples), 'lines', 'forms', 'emails', 'robots'];
  const reader = (code: string) => ({ ...samplePerson(code), locale });
  const pictures = new Pictures();
  const cards = new Map<string, Map<string, Card>>();
  for (const [family, draws] of Object.entries(cardSamples)) {
    const drawn = new Map<string, Card>();
    for (const [title, draw] of Object.entries(draws)) {
      drawn.set(title, await hangPictures(draw(reader, sampleContext), pictures.hang));
    }
    cards.set(family, drawn);
  }
  const page = (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <title>{`Tagwarden: cards (${locale})`}</title>
        {/* oxlint-disable-next-line react/no-danger -- the style sheet of this folder */}
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <nav>
          <b>Tagwarden</b>
          {families.map((family) => (
            <a href={`#${family}`}>{family}</a>
          ))}
          <a href="zh-CN.html">中文</a>
          <a href="en.html">English</a>
        </nav>
        {[...cards].map(([family, drawn]) => (
          <section id={family}>
            <h1>{family}</h1>
            {[...drawn].map(([title, card]) => (
              <Sample family={family} title={title}>
                <SlackMessageView message={renderSlackCard(card)} />
                <FeishuCardView card={renderFeishuCard(card)} />
              </Sample>
            ))}
          </section>
        ))}
        <section id="lines">
          <h1>lines</h1>
          {Object.entries(lineSamples(locale)).map(([title, line]) => (
            <Sample family="lines" title={title}>
              <SlackMessageView message={renderText(line)} />
              <FeishuCardView card={renderLine(line)} />
            </Sample>
          ))}
        </section>
        <section id="forms">
          <h1>forms</h1>
          {Object.entries(forms).map(([title, form]) => (
            <Sample family="forms" title={title}>
              <SlackModalView view={renderSlackForm(form)} />
              <FeishuCardView card={renderFeishuForm(form)} />
            </Sample>
          ))}
        </section>
        <section id="emails">
          <h1>emails</h1>
          {emailed.map(([family, title]) => {
            const card = cards.get(family)?.get(title);
            if (card === undefined) throw new Error(`There is no sample ${family}: ${title}.`);
            return (
              <Sample family="emails" title={title}>
                <LetterView
                  letter={renderLetter(card, sampleMailLinks(card))}
                  withPictures={(letter) => pictures.placeIn(letter)}
                />
                <pre class="plain letter">{renderLetter(card, sampleMailLinks(card)).text}</pre>
              </Sample>
            );
          })}
        </section>
        <section id="robots">
          <h1>robots</h1>
          {Object.entries(announcementSamples(locale)).map(([kind, card]) => {
            const { title, text } = renderForDingtalk(card).markdown;
            return (
              <Sample family="robots" title={kind}>
                <RobotMessageView platform="DingTalk" title={title} markdown={text} />
                <RobotMessageView
                  platform="WeCom"
                  markdown={renderForWecom(card).markdown.content}
                />
              </Sample>
            );
          })}
        </section>
      </body>
    </html>
  );
  return pictures.placeIn(String(await html`<!doctype html>${page}`));
}

/** Keeps pictures as a platform does, and puts them where a page refers to them. */
class Pictures {
  private readonly kept: PaintedPicture[] = [];

  readonly hang = async (picture: PaintedPicture): Promise<string> =>
    `picture-${this.kept.push(picture) - 1}`;

  placeIn(page: string): string {
    return page.replaceAll(/src="(?:cid:)?picture-(\d+)"/g, (found, index) => {
      const picture = this.kept[Number(index)];
      if (picture === undefined) return found;
      return `src="data:image/png;base64,${Buffer.from(picture.png).toString('base64')}"`;
    });
  }
}

const Sample: FC<{ family: string; title: string; children?: unknown }> = ({
  family,
  title,
  children,
}) => (
  <article id={sampleId(family, title)}>
    <h2>{title}</h2>
    <div class="pair">{children}</div>
  </article>
);
