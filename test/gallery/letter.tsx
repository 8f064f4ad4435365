import type { FC } from 'hono/jsx';
import type { Letter } from '../../bot/email/render.ts';

/** An email as a mail program shows it: sender and subject, and the HTML in a frame of its own. */
export const LetterView: FC<{
  readonly letter: Letter;
  readonly withPictures: (html: string) => string;
}> = ({ letter, withPictures }) => (
  <div class="letter">
    <div class="subject">
      <b>{letter.subject}</b>
      <span>Tagwarden &lt;tagwarden@example.com&gt;</span>
    </div>
    {/* A document of its own, so that no style of this page reaches it. */}
    <iframe
      title={letter.subject}
      sandbox=""
      src={`data:text/html;charset=utf-8,${encodeURIComponent(withPictures(letter.html))}`}
    />
  </div>
);
