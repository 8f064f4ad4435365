import { describe, expect, test } from 'vitest';
import { committeeFor } from '../../domain/committee.ts';
import type { VotingPolicy } from '../../domain/policy.ts';
import {
  chairsTurn,
  doorRefusal,
  seatsOf,
  standsInFor,
  tally,
  verdict,
  voteRefusal,
  withVote,
  type Ballot,
  type RequestProposal,
  type RequestState,
  type TagRequest,
  type VoteRefusal,
  type VotingTerms,
} from '../../domain/request.ts';
import { buildPerson, buildTag } from '../support/builders.ts';

const dueAtMs = 1_000;
const member = (code: string, departmentCode = code) =>
  buildPerson({ code, departmentCode, roles: ['committee'] });
const people = new Map(
  [
    member('ann', 'sales'),
    member('bob', 'sales'),
    member('cai', 'risk'),
    member('dan', 'data'),
    buildPerson({ code: 'eve', departmentCode: 'risk', roles: ['tagger'] }),
  ].map((person) => [person.code, person]),
);
const policy: VotingPolicy = {
  quorum: 2,
  votingWithinMs: 1,
  vetoCodes: ['cai'],
  seats: 'members',
  chair: null,
  ownersVote: true,
  consoleAboveCustomers: null,
};
const merge: RequestProposal = { kind: 'merge-tags', fromCode: 'vip', intoCode: 'gold' };

/** Who votes on what `eve` or `requesterCode` asks for, by a policy. */
function committee(
  voting: Partial<VotingPolicy> = {},
  asked: { readonly requesterCode?: string; readonly carrying?: number } = {},
) {
  return committeeFor(
    { proposal: merge, requesterCode: 'eve', carrying: 10, ...asked },
    {
      people,
      duties: new Map(),
      tags: [
        buildTag({ code: 'vip', ownerCode: 'dan' }),
        buildTag({ code: 'gold', ownerCode: 'li' }),
      ],
      rules: [],
      voting: { ...policy, ...voting },
    },
  );
}

type Voted = Pick<
  TagRequest,
  'requesterCode' | 'memberCodes' | 'quorum' | 'vetoCodes' | 'votes' | 'state' | 'dueAtMs'
> & { readonly terms: VotingTerms };

function request(
  of: ReturnType<typeof committee> = committee(),
  votes: readonly (readonly [string, Ballot])[] = [],
  state: RequestState = { kind: 'voting' },
): Voted {
  const cast = votes.map(([by, ballot]) => ({ by, ballot, comment: '', atMs: 0 }));
  return { ...of, requesterCode: 'eve', votes: cast, state, dueAtMs };
}

const chair = { code: 'dan', withinMs: 10 };

describe('whose seats they are', () => {
  test('each member has one, and a department shares one', () => {
    expect(seatsOf(committee()).map(({ code }) => code)).toEqual(['ann', 'bob', 'cai', 'dan']);
    expect(seatsOf(committee({ seats: 'departments' }))).toEqual([
      { code: 'data', personCodes: ['dan'] },
      { code: 'risk', personCodes: ['cai'] },
      { code: 'sales', personCodes: ['ann', 'bob'] },
    ]);
  });

  test('whoever asks has none, nor has the owner of what would change where owners do not vote', () => {
    expect(committee({}, { requesterCode: 'ann' }).memberCodes).toEqual(['bob', 'cai', 'dan']);
    const { memberCodes, terms } = committee({ ownersVote: false });
    expect(memberCodes).toEqual(['ann', 'bob', 'cai']);
    expect(terms.ownerCodes).toEqual(['dan']);
  });

  test('what changes more customers than the policy says is decided in the console alone', () => {
    const few = request(committee({ consoleAboveCustomers: 10 }));
    const many = request(committee({ consoleAboveCustomers: 9 }));
    expect(doorRefusal(few, 'slack')).toBeNull();
    expect(['slack', 'feishu', 'api', 'cli'].map((door) => doorRefusal(many, door)?.kind)).toEqual(
      Array.from({ length: 4 }, () => 'console-needed'),
    );
    expect(['console', 'inbox'].map((door) => doorRefusal(many, door))).toEqual([null, null]);
  });
});

describe('a vote', () => {
  const cases: readonly (readonly [
    string,
    Voted,
    { readonly by: string; readonly ballot?: Ballot; readonly inPlaceOf?: string; atMs?: number },
    VoteRefusal | null,
  ])[] = [
    ['of a member', request(), { by: 'ann' }, null],
    ['one may change', request(committee(), [['ann', 'reject']]), { by: 'ann' }, null],
    ['twice', request(committee(), [['ann', 'approve']]), { by: 'ann' }, { kind: 'same-vote' }],
    ['at the deadline', request(), { by: 'ann', atMs: dueAtMs }, { kind: 'voting-over' }],
    ['just before it', request(), { by: 'ann', atMs: dueAtMs - 1 }, null],
    [
      'once it is decided',
      request(committee(), [], { kind: 'applying' }),
      { by: 'ann' },
      { kind: 'voting-over' },
    ],
    ['on one’s own request', request(), { by: 'eve' }, { kind: 'own-request' }],
    [
      'on one’s own request as a member’s deputy',
      request(),
      { by: 'eve', inPlaceOf: 'ann' },
      { kind: 'own-request' },
    ],
    ['of somebody else', request(), { by: 'zoe' }, { kind: 'not-a-member' }],
    ['of a deputy', request(), { by: 'zoe', inPlaceOf: 'ann' }, null],
    ['for two seats', request(), { by: 'bob', inPlaceOf: 'ann' }, { kind: 'two-seats' }],
    [
      'of the owner of what would change, as a deputy too',
      request(committee({ ownersVote: false })),
      { by: 'dan', inPlaceOf: 'ann' },
      { kind: 'owner-of-it' },
    ],
    [
      'for a department that has voted',
      request(committee({ seats: 'departments' }), [['ann', 'approve']]),
      { by: 'bob', ballot: 'reject' },
      { kind: 'seat-taken', by: 'ann' },
    ],
    [
      'after one’s recusal',
      request(committee(), [['ann', 'recuse']]),
      { by: 'ann' },
      { kind: 'recused' },
    ],
    [
      'while the chair is to decide',
      request(committee({ chair }), [], { kind: 'voting', chair: 'tie' }),
      { by: 'ann' },
      { kind: 'chair-decides', personCode: 'dan' },
    ],
    [
      'of the chair who does not choose',
      request(committee({ chair }), [], { kind: 'voting', chair: 'tie' }),
      { by: 'dan', ballot: 'abstain' },
      { kind: 'chair-chooses' },
    ],
    [
      'of the chair who asked for it',
      {
        ...request(committee({ chair }), [], { kind: 'voting', chair: 'tie' }),
        requesterCode: 'dan',
      },
      { by: 'dan' },
      { kind: 'own-request' },
    ],
  ];

  test.each(cases)('%s', (_case, asked, cast, refusal) => {
    expect(voteRefusal(asked, { ballot: 'approve', atMs: 0, ...cast })).toEqual(refusal);
  });

  test('of whoever has the seat takes the place of their deputy’s, and not the other way round', () => {
    const byDeputy = {
      by: 'zoe',
      ballot: 'approve',
      comment: '',
      atMs: 0,
      inPlaceOf: 'ann',
    } as const;
    const asked = { ...request(), votes: [byDeputy] };
    const own = { by: 'ann', ballot: 'reject', atMs: 1 } as const;
    expect(voteRefusal(asked, own)).toBeNull();
    const votes = withVote(asked, { ...own, comment: '' });
    expect(votes).toEqual([{ ...own, comment: '' }]);
    expect(voteRefusal({ ...asked, votes }, { ...byDeputy, atMs: 2 })).toEqual({
      kind: 'seat-taken',
      by: 'ann',
    });
  });

  test('is a deputy’s only while the member is away, and never beside a seat of their own', () => {
    const absences = [{ fromMs: 10, untilMs: 20 }];
    const away = { ...member('ann'), absences, deputyCode: 'zoe' };
    const now = { people: new Map([['ann', away]]), atMs: 15 };
    expect(standsInFor(request(), { code: 'zoe' }, now)).toBe('ann');
    expect(standsInFor(request(), { code: 'zoe' }, { ...now, atMs: 20 })).toBeNull();
    const withBob = new Map([['ann', { ...away, deputyCode: 'bob' }]]);
    expect(standsInFor(request(), { code: 'bob' }, { ...now, people: withBob })).toBeNull();
  });
});

describe('what comes of votes', () => {
  const of = (
    votes: readonly (readonly [string, Ballot])[],
    voting: Partial<VotingPolicy> = {},
    state?: RequestState,
  ) => request(committee(voting), votes, state);

  test.each([
    ['nothing yet', of([]), 'open'],
    [
      'a quorum',
      of([
        ['ann', 'approve'],
        ['bob', 'approve'],
      ]),
      'approved',
    ],
    [
      'a veto, whatever the others say',
      of([
        ['ann', 'approve'],
        ['cai', 'reject'],
      ]),
      'vetoed',
    ],
    [
      'a veto of whoever stands in for its holder',
      {
        ...of([['ann', 'approve']]),
        votes: [{ by: 'zoe', inPlaceOf: 'cai', ballot: 'reject', comment: '', atMs: 0 }],
      },
      'vetoed',
    ],
    ['no veto of whoever has none', of([['ann', 'reject']]), 'open'],
    [
      'a quorum that is out of reach',
      of([
        ['ann', 'abstain'],
        ['bob', 'abstain'],
        ['dan', 'recuse'],
      ]),
      'rejected',
    ],
    [
      'a tie that is none yet, out of reach of a quorum, though there is a chair',
      of(
        [
          ['ann', 'approve'],
          ['bob', 'reject'],
          ['cai', 'abstain'],
        ],
        { chair, quorum: 3 },
      ),
      'rejected',
    ],
    [
      'one vote of a department, whoever else of it there is',
      of([['ann', 'approve']], { seats: 'departments' }),
      'open',
    ],
    [
      'no committee',
      { ...of([]), memberCodes: [], terms: { ...of([]).terms, seats: [] } },
      'rejected',
    ],
    [
      'a tie without a chair',
      of([
        ['ann', 'approve'],
        ['bob', 'reject'],
        ['cai', 'abstain'],
        ['dan', 'abstain'],
      ]),
      'rejected',
    ],
    [
      'a tie with a chair',
      of(
        [
          ['ann', 'approve'],
          ['bob', 'reject'],
          ['cai', 'abstain'],
          ['dan', 'abstain'],
        ],
        { chair },
      ),
      'open',
    ],
    [
      'a chair who has not decided',
      of([['dan', 'approve']], { chair, quorum: 1 }, { kind: 'voting', chair: 'time-out' }),
      'open',
    ],
    [
      'a chair in favour',
      of([['dan', 'approve']], { chair }, { kind: 'voting', chair: 'tie', decided: true }),
      'approved',
    ],
    [
      'a chair against, though a quorum is there',
      of(
        [
          ['ann', 'approve'],
          ['bob', 'approve'],
          ['dan', 'reject'],
        ],
        { chair },
        {
          kind: 'voting',
          chair: 'tie',
          decided: true,
        },
      ),
      'rejected',
    ],
  ] as const)('%s', (_case, asked, expected) => {
    expect(verdict(asked)).toBe(expected);
  });

  test('each ballot is counted, and what is to come by seats', () => {
    const votes = [
      ['ann', 'approve'],
      ['cai', 'recuse'],
    ] as const;
    expect(tally(of(votes, { seats: 'departments' }))).toEqual({
      approve: 1,
      reject: 0,
      abstain: 0,
      recuse: 1,
      open: 1,
    });
  });

  test('the chair’s turn comes with a tie of all, or at the deadline, and never for their own request', () => {
    const tie = of(
      [
        ['ann', 'approve'],
        ['bob', 'reject'],
        ['cai', 'abstain'],
        ['dan', 'recuse'],
      ],
      { chair },
    );
    expect(chairsTurn(tie, false)).toBe('tie');
    expect(chairsTurn({ ...tie, votes: tie.votes.slice(1) }, false)).toBeNull();
    expect(chairsTurn(of([], { chair }), true)).toBe('time-out');
    expect(chairsTurn(of([]), true), 'without a chair').toBeNull();
    expect(chairsTurn({ ...of([], { chair }), requesterCode: 'dan' }, true)).toBeNull();
    expect(chairsTurn({ ...tie, state: { kind: 'voting', chair: 'tie' } }, true)).toBeNull();
  });
});
