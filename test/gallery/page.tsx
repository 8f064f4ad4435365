import { html } from 'hono/html';
import type { FC } from 'hono/jsx';
import { renderForm as renderFeishuForm } from '../../bot/feishu/form.ts';
import { renderLine } from '../../bot/feishu/frame.ts';
import { renderCard as renderFeishuCard } from '../../bot/feishu/render.ts';
import { renderForm as renderSlackForm } from '../../bot/slack/form.ts';
import { renderCard as renderSlackCard, renderText } from '../../bot/slack/render.ts';
import type { Locale } from '../../domain/locale.ts';
import { cardSamples, sampleContext } from '../support/card-samples.ts';
import { formSamples } from '../support/form-samples.ts';
import { lineSamples } from '../support/line-samples.ts';
import { samplePerson } from '../support/views.ts';
import { FeishuCardView } from './feishu.tsx';
import { SlackMessageView, SlackModalView } from './slack.tsx';

/** Every card and form in every state as both platforms draw them, in one language: a whole HTML page. */
export async function galleryPage(locale: Locale, style: string): Promise<string> {
  const forms = await formSamples(locale);
  const families = [...Object.keys(cardSamples), 'lines', 'forms'];
  const reader = (code: string) => ({ ...samplePerson(code), locale });
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
        {Object.entries(cardSamples).map(([family, draws]) => (
          <section id={family}>
            <h1>{family}</h1>
            {Object.entries(draws).map(([title, draw]) => {
              const card = draw(reader, sampleContext);
              return (
                <Sample family={family} title={title}>
                  <SlackMessageView message={renderSlackCard(card)} />
                  <FeishuCardView card={renderFeishuCard(card)} />
                </Sample>
              );
            })}
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
      </body>
    </html>
  );
  return String(await html`<!doctype html>${page}`);
}

const Sample: FC<{ family: string; title: string; children?: unknown }> = ({
  family,
  title,
  children,
}) => (
  <article id={`${family}-${title.replaceAll(/[^a-z0-9]+/gi, '-')}`}>
    <h2>{title}</h2>
    <div class="pair">{children}</div>
  </article>
);
