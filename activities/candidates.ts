import { Context } from '@temporalio/activity';
import type { Database } from '../db/client.ts';
import { listCandidates, recordFailedSearch, saveOpinion } from '../db/stores/candidates.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import {
  embeddingKey,
  forgetOtherEmbeddings,
  loadEmbeddings,
  saveEmbeddings,
} from '../db/stores/embeddings.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { readInventoryTags } from '../db/stores/inventory.ts';
import { embeddedText } from '../domain/intelligence/meaning.ts';
import { askedOf, opinionTagsOf, type OpinionTag } from '../domain/intelligence/opinion.ts';
import { whileAlive } from './heartbeat.ts';
import type { Embedder } from './embedder.ts';
import type { LanguageModel } from './language-model.ts';
import { ModelEndpointError } from './model-endpoint.ts';
import { createModelTurn, type ModelTurn } from './model-turn.ts';
import type { ScanRunner } from './scan-runner.ts';

interface Question {
  /** Of the candidate. */
  readonly id: number;
  readonly tags: readonly [OpinionTag, OpinionTag];
  readonly asked: string;
}

export interface OpinionCounts {
  readonly answered: number;
  readonly failed: number;
}

/** Questions to a language model after one look over the dictionary; the policy bounds those of a day. */
const questionsMax = 50;
/** Open candidates looked at for questions that were not asked yet. */
const askableMax = 500;
/** Texts embedded before one look over the dictionary, and in one call. */
const textsMax = 5_000;
const textsAtOnce = 100;
/** An endpoint that fails so often in a row is left alone until the next look. */
const failuresMax = 3;

/** However slow an endpoint is: the look waits for vectors no longer than this, and goes on with those there are. */
const usualTimes = { meaningsWithinMs: 60_000, opinionsWithinMs: 600_000 };

export interface CandidateDependencies {
  readonly database: Database;
  /** null: nobody is asked. */
  readonly languageModel: LanguageModel | null;
  /** null: what tags mean is not asked. */
  readonly embedder: Embedder | null;
  /** How long models are asked in one look. @default a minute for vectors, ten for opinions */
  readonly modelTimes?: typeof usualTimes;
  readonly runner: Pick<ScanRunner, 'findCandidates'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type CandidateActivities = ReturnType<typeof createCandidateActivities>;

/** Finds what a person should decide about the dictionary. Each activity may be repeated. */
export function createCandidateActivities(dependencies: CandidateDependencies) {
  const { database, languageModel, embedder, runner, now } = dependencies;
  const times = dependencies.modelTimes ?? usualTimes;

  /** What may be asked about and was not yet as it stands now, the most pressing first. */
  async function openQuestions(model: string): Promise<readonly Question[]> {
    const [found, tags, { dictionary }] = await Promise.all([
      listCandidates(
        database,
        { kind: null, state: 'open', hiddenTagIds: [], ofTagIds: null },
        { offset: 0, limit: askableMax },
      ),
      readInventoryTags(database),
      readCurrentKnowledge(database),
    ]);
    const byId = new Map(tags.map((tag) => [tag.id, tag]));
    const sensitive = new Set(dictionary.tags.filter((tag) => tag.sensitive).map(({ id }) => id));
    return found
      .flatMap((candidate) => {
        const pair = opinionTagsOf(candidate, byId, sensitive);
        if (pair === null) return [];
        const asked = askedOf(pair, model);
        return asked === candidate.opinion?.asked ? [] : [{ id: candidate.id, tags: pair, asked }];
      })
      .slice(0, questionsMax);
  }

  /** Of the model that is asked; what ends it early is logged. */
  async function beginTurn(what: 'question' | 'text'): Promise<ModelTurn> {
    const { cancellationSignal: signal, log } = Context.current();
    const { models } = await loadPolicy(database.query);
    return createModelTurn(database.sql, {
      what,
      perDay: what === 'question' ? models.questionsPerDay : models.textsPerDay,
      withinMs: what === 'question' ? times.opinionsWithinMs : times.meaningsWithinMs,
      signal,
      now,
      onOver: (why) => log.info(why),
    });
  }

  /**
   * Asks the language model, where there is one, what it makes of the open candidates it was not asked about yet. What
   * it does not answer is left for the next time; an endpoint that fails again and again is left alone.
   */
  async function askForOpinions(): Promise<OpinionCounts> {
    if (languageModel === null) return { answered: 0, failed: 0 };
    const { model } = languageModel;
    const counts = { answered: 0, failed: 0 };
    return whileAlive(
      async () => {
        const questions = await openQuestions(model);
        const turn = await beginTurn('question');
        let failuresInARow = 0;
        for (const { id, tags, asked } of questions) {
          if ((await turn.take(1)) === 0) break;
          try {
            const answer = await turn.ask((limits) => languageModel.compare(tags, limits));
            await saveOpinion(database, id, { ...answer, model, asked, atMs: now() });
            counts.answered += 1;
            failuresInARow = 0;
          } catch (error) {
            if (!(error instanceof ModelEndpointError)) throw error;
            counts.failed += 1;
            failuresInARow += error.fault.kind === 'answer' ? 0 : 1;
            Context.current().log.warn(error.message);
          }
          if (failuresInARow === failuresMax) break;
        }
        return counts;
      },
      () => counts,
    );
  }

  /**
   * Asks for the vectors of texts that are not known yet, once each. Sensitive tags are never asked about. What fails is
   * left for the next look: tags without a vector are compared by their words alone.
   */
  async function learnMeanings(): Promise<void> {
    const { sql } = database;
    if (embedder === null) return forgetOtherEmbeddings(sql, null, []);
    const [tags, { dictionary }] = await Promise.all([
      readInventoryTags(database),
      readCurrentKnowledge(database),
    ]);
    const sensitive = new Set(dictionary.tags.filter((tag) => tag.sensitive).map(({ id }) => id));
    const wanted = new Map(
      tags
        .filter(({ id }) => !sensitive.has(id))
        .map((tag) => [embeddingKey(tag), embeddedText(tag)]),
    );
    await forgetOtherEmbeddings(sql, embedder.model, [...wanted.keys()]);
    const known = await loadEmbeddings(sql);
    const missing = [...wanted].filter(([key]) => !known.has(key)).slice(0, textsMax);
    const turn = await beginTurn('text');
    try {
      let from = 0;
      while (from < missing.length) {
        const taken = await turn.take(Math.min(textsAtOnce, missing.length - from));
        if (taken === 0) return;
        const some = missing.slice(from, from + taken);
        const texts = some.map(([, text]) => text);
        const vectors = await turn.ask((limits) => embedder.embed(texts, limits));
        await saveEmbeddings(
          sql,
          embedder.model,
          new Map(some.map(([key], at) => [key, vectors[at] ?? new Float32Array(0)])),
        );
        from += taken;
      }
    } catch (error) {
      if (!(error instanceof ModelEndpointError)) throw error;
      Context.current().log.warn(error.message);
    }
  }

  return {
    askForOpinions,
    findCandidates: (): Promise<void> =>
      whileAlive(async () => {
        await learnMeanings();
        await runner.findCandidates(now());
      }),
    recordFailedSearch: (): Promise<void> => recordFailedSearch(database, now()),
  };
}
