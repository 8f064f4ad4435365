import {
  type Channel,
  type ChannelCapabilities,
  type ChannelError,
  type GroupPost,
  type MessageRef,
  type PostRequest,
  type ThreadLine,
} from '../../bot/channel.ts';
import type { ChannelName, Person } from '../../domain/person.ts';

export interface FakeChannel extends Channel {
  readonly posts: PostRequest[];
  readonly updates: { message: string; title: string }[];
  /** What went into groups, cards and lines. */
  readonly groupPosts: GroupPost[];
  readonly lines: ThreadLine[];
  readonly retired: string[];
  /** The next call fails and does nothing. */
  failNext(error: ChannelError): void;
  /** What is retired from now on stays. */
  letNothingGo(): void;
  /** The next post happens and then fails. */
  swallowNext(error: ChannelError): void;
  /** Happens while the next update is under way. */
  duringNext(act: () => Promise<void>): void;
}

/** A channel that remembers what it was given. */
export function createFakeChannel(
  name: ChannelName,
  capabilities: ChannelCapabilities,
): FakeChannel {
  const posts: PostRequest[] = [];
  const updates: { message: string; title: string }[] = [];
  const groupPosts: GroupPost[] = [];
  const lines: ThreadLine[] = [];
  const retired: string[] = [];
  const groupRef = (index: number): MessageRef => ({
    channel: name,
    conversation: groupPosts[index]?.conversation ?? '',
    message: `${name}-group-${index + 1}`,
  });
  let failure: ChannelError | null = null;
  let letsNothingGo = false;
  let swallowed: ChannelError | null = null;
  let meanwhile: (() => Promise<void>) | null = null;
  const refOf = (index: number): MessageRef => ({
    channel: name,
    conversation: '',
    message: `${name}-${index + 1}`,
  });
  function failIfAsked(): void {
    const error = failure;
    failure = null;
    if (error !== null) throw error;
  }
  return {
    name,
    capabilities,
    posts,
    updates,
    groupPosts,
    lines,
    retired,
    failNext: (error) => {
      failure = error;
    },
    letNothingGo: () => {
      letsNothingGo = true;
    },
    swallowNext: (error) => {
      swallowed = error;
    },
    duringNext: (act) => {
      meanwhile = act;
    },
    reaches: (person: Person) => person.status === 'active',
    post: async (request) => {
      failIfAsked();
      posts.push(request);
      const error = swallowed;
      swallowed = null;
      if (error !== null) throw error;
      return refOf(posts.length - 1);
    },
    update: async (message, card) => {
      failIfAsked();
      updates.push({ message: message.message, title: card.title });
      const act = meanwhile;
      meanwhile = null;
      await act?.();
    },
    find: async (deliveryId) => {
      const index = posts.findIndex((post) => post.deliveryId === deliveryId);
      return index < 0 ? null : refOf(index);
    },
    retire: async ({ message }) => {
      retired.push(message);
      return letsNothingGo ? 'stays' : 'gone';
    },
    groups:
      name === 'slack' || name === 'feishu'
        ? {
            post: async (request) => {
              failIfAsked();
              groupPosts.push(request);
              return groupRef(groupPosts.length - 1);
            },
            reply: async (line) => {
              failIfAsked();
              lines.push(line);
              return { ...line.under, message: `${name}-line-${lines.length}` };
            },
            find: async () => null,
          }
        : null,
  };
}
