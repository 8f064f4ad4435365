import { startFeishu } from '../../support/feishu-platform.ts';
import { describeOwnerStory } from './owner-story.ts';

describeOwnerStory({ name: 'Feishu', code: 'feishu' }, startFeishu);
