import { z } from 'zod';
import type { WayOut } from '../bot/way-out.ts';
import {
  ModelEndpointError,
  parseAnswer,
  postToModel,
  type CallLimits,
  type ModelAddress,
} from './model-endpoint.ts';

/** An endpoint that speaks OpenAI's embeddings. */
export interface Embedder {
  readonly model: string;
  /** One vector for each text, all of one length. Rejects with a ModelEndpointError. */
  embed(texts: readonly string[], limits: CallLimits): Promise<readonly Float32Array[]>;
}

/** A hundred vectors of 4,096 numbers. */
const answerBytesMax = 12_000_000;
const dimensionsMax = 4_096;

const embeddingsSchema = z.object({
  data: z.array(
    z.object({
      index: z.int().min(0),
      embedding: z.array(z.number()).min(1).max(dimensionsMax),
    }),
  ),
});

export function createEmbedder(address: ModelAddress, wayOut: Pick<WayOut, 'fetch'>): Embedder {
  const { model } = address;
  return {
    model,
    embed: async (texts, limits) => {
      const body = { input: texts, encoding_format: 'float' };
      const call = { path: '/embeddings', body, answerBytesMax, ...limits } as const;
      const answer = embeddingsSchema.safeParse(
        parseAnswer(await postToModel(address, wayOut, call)),
      );
      const vectors = new Map(
        answer.data?.data.map(({ index, embedding }) => [index, Float32Array.from(embedding)]),
      );
      return texts.map((_, index) => {
        const vector = vectors.get(index);
        const isUsable =
          vector !== undefined &&
          vector.length === vectors.get(0)?.length &&
          // A double may be more than a float holds.
          vector.every(Number.isFinite);
        if (isUsable) return vector;
        throw new ModelEndpointError(`${model} did not answer with one vector for each text.`, {
          kind: 'answer',
        });
      });
    },
  };
}
