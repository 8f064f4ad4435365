import { undecidedJson } from './schemas.ts';
import { contradictionsFor } from '../../bot/cards/request-contradictions.ts';
import { whyNotApplied } from '../../bot/cards/request-failure.ts';
import type { Pen } from '../../bot/cards/context.ts';
import { describeNaming } from '../../bot/texts/naming.ts';
import type { FixView, RequestPreview, RequestView } from '../../bot/views.ts';
import type { RequestLine } from '../../db/stores/console.ts';
import type { AttachedBackTest } from '../../domain/back-test.ts';
import type { RequestProposal, RequestState, TagRequest } from '../../domain/request.ts';
import { iso } from './environment.ts';

/** A request as the API and the command line answer it. */
export function requestJson(request: TagRequest, publicUrl: string) {
  return {
    id: request.id,
    proposal: request.proposal,
    requesterCode: request.requesterCode,
    reason: request.reason,
    state: request.state.kind,
    quorum: request.quorum,
    votes: request.votes.map(({ by, ballot, comment, atMs }) => ({
      by,
      ballot,
      comment,
      at: iso(atMs),
    })),
    memberCodes: [...request.memberCodes],
    createdAt: iso(request.createdAtMs),
    dueAt: iso(request.dueAtMs),
    version: request.version,
    url: `${publicUrl}/requests/${request.id}`,
  };
}

/** The same with what it would flag, what became of it, and of each change of a batch. */
export function requestDetailJson(view: RequestView, pen: Pen) {
  const { request, backTest, items, fix } = view;
  const why = (state: RequestState) =>
    state.kind === 'failed' ? whyNotApplied(state, view, pen) : null;
  return {
    ...requestJson(request, pen.publicUrl),
    why: why(request.state),
    backTest: backTest === null ? null : attachedJson(backTest),
    items: items.map(({ proposal, requestId, state, customers, undo }) => ({
      proposal,
      requestId,
      state: state?.kind ?? ('waiting' as const),
      why: state === null ? null : why(state),
      customers,
      undo: undo?.kind ?? null,
      customersLeft: undo?.kind === 'undone' ? undo.customersLeft : 0,
    })),
    undo: fix === null ? null : undoJson(fix),
  };
}

function undoJson({ state, undoUntilMs, undoneBy }: FixView) {
  return {
    state: state === 'undoing' || state === 'undone' ? state : ('not-undone' as const),
    until: undoUntilMs === null ? null : iso(undoUntilMs),
    by: undoneBy,
  };
}

function attachedJson({ testedAtMs, overlaps, undecided, ...figures }: AttachedBackTest) {
  return {
    ...figures,
    overlaps: [...overlaps],
    undecided: undecidedJson(undecided),
    testedAt: iso(testedAtMs),
  };
}

export function requestLineJson(line: RequestLine, publicUrl: string) {
  const { id, proposal, requesterCode, state, approve, reject, quorum } = line;
  return {
    id,
    proposal,
    requesterCode,
    state,
    approve,
    reject,
    quorum,
    createdAt: iso(line.createdAtMs),
    dueAt: iso(line.dueAtMs),
    url: `${publicUrl}/requests/${id}`,
  };
}

/** What the committee would see of a proposal that nobody has asked for yet. */
export function previewJson(
  { proposal, preview }: { readonly proposal: RequestProposal; readonly preview: RequestPreview },
  pen: Pen,
) {
  const { similar, impact, naming } = preview;
  return {
    proposal,
    similar: similar.map(({ code, name, customers, why }) => ({ code, name, customers, why })),
    impact: {
      ...impact,
      rules: [...impact.rules],
      sources: [...impact.sources],
      tags: [...impact.tags],
      usedBy:
        impact.usedBy === null
          ? null
          : {
              ...impact.usedBy,
              departments: [...impact.usedBy.departments],
              people: [...impact.usedBy.people],
            },
    },
    contradictions: [...contradictionsFor(preview, pen)],
    naming: naming.length === 0 ? null : describeNaming(naming, pen.reader.locale),
  };
}
