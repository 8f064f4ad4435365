import { startFeishu, startFeishuOverSocket } from '../../support/feishu-platform.ts';
import { describeOwnerStory } from './owner-story.ts';

describeOwnerStory({ name: 'Feishu', code: 'feishu' }, startFeishu);
describeOwnerStory(
  { name: 'Feishu, by long connections', code: 'feishu', over: 'socket' },
  startFeishuOverSocket,
);
