import type { Block, Card, PictureBlock } from './card.ts';
import { plain } from './card.ts';
import { paintChart } from './charts/paint.ts';
import { ChannelError } from './channel.ts';
import { textsFor } from './texts/texts.ts';
import type { Locale } from '../domain/locale.ts';

export interface PaintedPicture {
  readonly png: Uint8Array;
  readonly title: string;
  readonly alt: string;
}

/**
 * The card with its pictures where the platform keeps them. `hang` brings one there and returns its reference. Where
 * the platform refuses one, that one and those after it stay without, and are told in words.
 */
export async function hangPictures(
  card: Card,
  hang: (picture: PaintedPicture) => Promise<string>,
): Promise<Card> {
  if (!card.blocks.some(({ kind }) => kind === 'picture')) return card;
  const blocks: Block[] = [];
  let isRefused = false;
  for (const block of card.blocks) {
    const reference: string | null =
      block.kind === 'picture' && !isRefused ? await hangOne(block, hang) : null;
    isRefused ||= block.kind === 'picture' && reference === null;
    blocks.push(block.kind === 'picture' ? { ...block, reference } : block);
  }
  return { ...card, blocks };
}

async function hangOne(
  { svg, title, alt }: PictureBlock,
  hang: (picture: PaintedPicture) => Promise<string>,
): Promise<string | null> {
  const png = await paintChart(svg);
  try {
    return await hang({ png, title, alt });
  } catch (error) {
    if (error instanceof ChannelError) return null;
    throw error;
  }
}

export function hasHungPictures({ blocks }: Card): boolean {
  return blocks.some((block) => block.kind === 'picture' && block.reference !== null);
}

/** The card as it is where pictures cannot be shown after all. */
export function withoutPictures(card: Card): Card {
  return {
    ...card,
    blocks: card.blocks.map((block) =>
      block.kind === 'picture' ? { ...block, reference: null } : block,
    ),
  };
}

/** What a picture shows, where it cannot be shown. */
export function pictureWords(
  { title, alt }: PictureBlock,
  locale: Locale,
): Extract<Block, { kind: 'note' }> {
  return { kind: 'note', text: [plain(`${title}${textsFor(locale).colon}${alt}`)] };
}
