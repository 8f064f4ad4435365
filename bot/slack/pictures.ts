import { setTimeout as sleep } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { ChannelError } from '../channel.ts';
import type { PaintedPicture } from '../pictures.ts';
import { directWayOut } from '../way-out.ts';
import { callSlack, slackTimeoutMsDefault, type SlackClientOptions } from './client.ts';
import { altCharsMax, fileLookEveryMs, fileLooksMax } from './limits.ts';

const fileName = 'chart.png';

/** Of files.info: what it is stands there once Slack has looked through it. */
const fileSchema = z.object({ file: z.object({ mimetype: z.string().default('') }) });

/**
 * Brings a picture into the workspace as a file that nobody has but the bot, to be shown by its id in messages
 * (https://docs.slack.dev/messaging/working-with-files#uploading_files). Resolves when Slack is ready to show it.
 */
export function createPictureUpload(
  client: webApi.WebClient,
  {
    wayOut = directWayOut,
    timeoutMs = slackTimeoutMsDefault,
  }: Pick<SlackClientOptions, 'wayOut' | 'timeoutMs'>,
): (picture: PaintedPicture) => Promise<string> {
  return async ({ png, title, alt }) => {
    const { upload_url: url, file_id: id } = await callSlack('files.getUploadURLExternal', () =>
      client.files.getUploadURLExternal({
        filename: fileName,
        length: png.byteLength,
        alt_text: alt.slice(0, altCharsMax),
      }),
    );
    if (url === undefined || id === undefined) {
      throw new ChannelError(
        'server',
        'Slack files.getUploadURLExternal: an answer without a file.',
      );
    }
    await callSlack('file upload', async () => {
      const response = await wayOut.fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'image/png' },
        body: png,
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.arrayBuffer();
      if (!response.ok) {
        throw new ChannelError('server', `Slack file upload: HTTP ${response.status}.`);
      }
    });
    await callSlack('files.completeUploadExternal', () =>
      client.files.completeUploadExternal({ files: [{ id, title }] }),
    );
    await waitUntilReady(client, id);
    return id;
  };
}

async function waitUntilReady(client: webApi.WebClient, file: string): Promise<void> {
  for (let look = 0; look < fileLooksMax; look += 1) {
    const answer = await callSlack('files.info', () => client.files.info({ file }));
    const found = fileSchema.safeParse(answer);
    if (found.success && found.data.file.mimetype !== '') return;
    await sleep(fileLookEveryMs);
  }
  throw new ChannelError('server', 'Slack files.info: the picture is not ready to be shown.');
}
