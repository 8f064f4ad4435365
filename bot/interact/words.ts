import type { CheckInput } from '../../commands/check-tags.ts';
import type { CheckAnswer } from '../../commands/check-tags.ts';
import { withoutHiddenFindings } from '../visibility.ts';
import { checkCard, searchCard, signInCard } from '../cards/answers.ts';
import { helpCard } from '../cards/help.ts';
import { understand, type Wish } from '../conversation.ts';
import { chooseRequestForm } from '../forms/new-request.ts';
import type { Reply } from '../interaction.ts';
import { askWhatToContest, showAssessment } from './assessment.ts';
import { showInbox } from './buttons.ts';
import { askPreferences, setLanguage, setQuietHours } from './preferences.ts';
import { form, answer, done, refuse, type Desk } from './desk.ts';

const foundTagsMax = 8;

/** Answers words said to the bot. */
export async function converse(desk: Desk, text: string): Promise<Reply> {
  const { actor, cardContext, commands, context, pen, texts, views } = desk;
  const { person } = actor;
  const wish = understand(text);
  switch (wish.kind) {
    case 'inbox':
      return showInbox(desk);
    case 'check':
      return check(desk, wish);
    case 'request':
      return form(chooseRequestForm(pen));
    case 'search': {
      const tags = await views.searchTags(person, wish.text, foundTagsMax);
      const people = await views.people();
      const found = { text: wish.text, tags };
      return { kind: 'card', card: searchCard(found, people, person, cardContext) };
    }
    case 'scan': {
      const result = await commands.startScan(context, actor, { kind: 'full' });
      return result.kind === 'unchanged'
        ? done(texts.reply.scanJoined(result.scanId))
        : answer(desk, result, ({ scanId }) => texts.reply.scanStarted(scanId));
    }
    case 'digest':
      return answer(
        desk,
        await commands.sendDigest(context, actor, wish.every === null ? {} : { every: wish.every }),
        () => texts.reply.digestSent,
      );
    case 'assessment':
      return showAssessment(desk);
    case 'contest':
      return askWhatToContest(desk);
    case 'sign-in': {
      const result = await commands.createSignInLink(context, actor);
      return result.kind === 'refused'
        ? refuse(desk, result.refusal)
        : { kind: 'card', card: signInCard(result, person, cardContext) };
    }
    case 'preferences':
      return askPreferences(desk);
    case 'quiet-hours':
      return setQuietHours(desk, wish.quietHours);
    case 'language':
      return setLanguage(desk, wish.locale);
    case 'help':
      return { kind: 'card', card: helpCard(person, cardContext) };
    case 'not-understood':
      return { kind: 'card', card: helpCard(person, cardContext, wish) };
  }
}

/** What is no customer's number may be a tag's name: 检查 高价值客户 +黑名单. */
async function check(desk: Desk, wish: Extract<Wish, { kind: 'check' }>): Promise<Reply> {
  const { actor, commands, context } = desk;
  const { subject, add } = wish;
  const result = await commands.checkTags(context, actor, { subject, add });
  if (result.kind !== 'refused') return checked(desk, { subject, add }, result);
  const isNoCustomer =
    result.refusal.kind === 'not-found' &&
    result.refusal.what === 'customer' &&
    subject.kind === 'customer';
  if (!isNoCustomer) return refuse(desk, result.refusal);
  const asTag: CheckInput = { subject: { kind: 'tags', tags: [subject.ref] }, add };
  const second = await commands.checkTags(context, actor, asTag);
  return second.kind === 'refused' ? refuse(desk, result.refusal) : checked(desk, asTag, second);
}

async function checked(desk: Desk, input: CheckInput, found: CheckAnswer): Promise<Reply> {
  const { subject, add } = input;
  const { person } = desk.actor;
  const named = [...(subject.kind === 'tags' ? subject.tags : []), ...(add === null ? [] : [add])];
  const seen = withoutHiddenFindings(found, await desk.views.sight(person), named);
  const asked =
    subject.kind === 'customer' ? subject.ref : subject.tags.join(desk.texts.listSeparator);
  const question = { subject: asked, add };
  return {
    kind: 'card',
    card: checkCard(question, seen, person, desk.cardContext),
  };
}
