import { startSlack } from '../../support/slack-platform.ts';
import { describeOwnerStory } from './owner-story.ts';

describeOwnerStory({ name: 'Slack', code: 'slack' }, startSlack);
