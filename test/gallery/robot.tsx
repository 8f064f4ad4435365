import type { FC } from 'hono/jsx';

/** What a group's robot is given to say, in the markdown of its platform. */
export const RobotMessageView: FC<{ platform: string; title?: string; markdown: string }> = ({
  platform,
  title,
  markdown,
}) => (
  <div class="robot">
    <div class="from">{platform}</div>
    {title === undefined ? null : <b>{title}</b>}
    <pre>{markdown}</pre>
  </div>
);
