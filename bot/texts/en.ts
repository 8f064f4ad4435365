import type { Texts } from './zh-cn.ts';

const numbers = new Intl.NumberFormat('en');
const n = (value: number) => numbers.format(value);
const percents = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const percent = (share: number) => percents.format(share);
const unchanged = (run: { readonly leftAsTheyAre: number }) =>
  run.leftAsTheyAre === 0 ? '' : ` and ${n(run.leftAsTheyAre)} stay as they are`;
const counted = (count: number, one: string, many = `${one}s`) =>
  `${n(count)} ${count === 1 ? one : many}`;
const customers = (count: number) => counted(count, 'customer');
/** "1 customer carries", "37 customers carry". */
const carry = (count: number) => `${customers(count)} ${count === 1 ? 'carries' : 'carry'}`;

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const en: Texts = {
  locale: 'en',
  quote: (name) => `“${name}”`,
  asLabel: sentence,
  listSeparator: ', ',
  listBreak: ' · ',
  clauseSeparator: ', ',
  tagSeparator: '; ',
  colon: ': ',
  parentheses: (text) => ` (${text})`,
  goesOn: '…',
  customers,
  tags: (count) => counted(count, 'tag'),
  fullStop: '.',
  sentenceGap: ' ',
  more: (count) => `…and ${n(count)} more`,
  moreItems: (count) => `…and ${n(count)} more`,
  moreTags: (count) => counted(count, 'more tag'),
  system: 'Tagwarden',

  severity: { high: 'Severe', medium: 'Warning', low: 'Notice' },
  role: {
    tagger: 'tagger',
    owner: 'owner',
    'second-line': 'second-line responder',
    committee: 'tag committee member',
    manager: 'manager',
    'data-admin': 'data admin',
    auditor: 'auditor',
  },
  tagLevel: { main: 'Main tag', sub: 'Sub tag', temporary: 'Temporary tag' },
  tagCategory: {
    basic: 'Basic',
    transaction: 'Transaction',
    behaviour: 'Behaviour',
    prediction: 'Prediction',
  },
  tagStatus: {
    proposed: 'proposed',
    active: 'in use',
    deprecated: 'deprecated',
    archived: 'archived',
  },

  warningState: {
    open: 'Unclaimed',
    claimed: 'In progress',
    fixing: 'Fixing',
    verifying: 'Checking',
  },
  closeReason: {
    fixed: 'Fixed',
    'fixed-by-hand': 'Fixed by hand',
    'not-a-conflict': 'Not a conflict',
    excepted: 'Excepted',
    gone: 'Gone',
  },
  fixTakenBack: { undoing: 'Being undone', undone: 'Fix undone' },
  snoozed: 'Snoozed',
  dismissReason: {
    'rule-wrong': {
      label: 'The rule is wrong',
      hint: 'Unreasonable or too strict; counts against the rule’s precision',
    },
    'data-wrong': {
      label: 'The data is wrong',
      hint: 'The tags are right; the source or its sync is not',
    },
    'special-customer': {
      label: 'These customers are special',
      hint: 'The rule still holds for everyone else',
    },
    other: { label: 'Something else', hint: 'Please say what in the comment' },
  },

  rule: {
    exclusive: {
      what: ({ customers: count, first, second }) =>
        first && second
          ? `${carry(count)} both ${first} and ${second}.`
          : `${carry(count)} tags that cannot stand together.`,
      rule: ({ first, second }) =>
        first && second
          ? 'These two tags exclude each other; a customer may keep only one.'
          : 'The tags of this group exclude each other; a customer may keep only one.',
      why: () =>
        'With both on, whatever is done by either of them, be it a campaign, a service level or a report, may be wrong.',
      advice: () => 'See which tag fits the customer today, keep it and remove the other.',
    },
    dominance: {
      what: ({ customers: count, first, second }) =>
        first && second
          ? `${carry(count)} both ${first} and ${second}.`
          : `${carry(count)} ${second ?? 'an overriding tag'} along with tags that should be gone.`,
      rule: ({ first, second }) =>
        `Once ${second ?? 'the overriding tag'} is on, ${first ?? 'the tags it overrides'} must go.`,
      why: ({ first }) =>
        `With both on, these customers are still treated as ${first ?? 'what they no longer are'} and may get campaigns and benefits they should not.`,
      advice: ({ first, second }) =>
        `Remove ${first ?? 'the overridden tags'}; if ${second ?? 'the overriding tag'} is the mistake, remove that instead.`,
    },
    synonym: {
      what: ({ customers: count, first, second }) =>
        first && second
          ? `${carry(count)} both ${first} and ${second}, which mean the same.`
          : `${carry(count)} several tags that mean the same.`,
      rule: ({ canonical }) =>
        canonical
          ? `They are synonyms; the one to use is ${canonical}.`
          : 'They are synonyms; only the standard one stays.',
      why: () =>
        'One kind of customer is split over several tags: audiences miss people and reports count them twice.',
      advice: ({ canonical }) => `Keep ${canonical ?? 'the standard tag'} and remove its synonyms.`,
    },
    'time-to-live': {
      what: ({ customers: count, first }) =>
        first
          ? `${carry(count)} ${first} past the end of its life.`
          : `${carry(count)} tags past the end of their life.`,
      rule: ({ successor }) =>
        successor
          ? `When its time is up, ${successor} takes its place.`
          : 'When its time is up, the tag must go.',
      why: () =>
        'A tag that outlives its time keeps customers in an old stage, such as regulars who still get the welcome gift.',
      advice: ({ first, successor }) =>
        successor
          ? `Replace ${first ?? 'the expired tag'} by ${successor}.`
          : `Remove ${first ?? 'the expired tag'}.`,
    },
    stale: {
      what: ({ customers: count, first }) =>
        first
          ? `${carry(count)} ${first} without anybody having confirmed it for too long.`
          : `${carry(count)} tags that nobody has confirmed for too long.`,
      rule: () => 'Tags like this must be confirmed regularly; after that they cannot be trusted.',
      why: () => 'What nobody confirms drifts away from the facts and is used all the same.',
      advice: () => 'Where it still holds, put the tag on again in the CRM; where not, remove it.',
    },
    criteria: {
      what: ({ customers: count, first, direction }) => {
        const tag = first ?? 'the tag';
        if (direction === 'unmet') {
          return `${carry(count)} ${tag} without meeting its criteria.`;
        }
        if (direction === 'missing') {
          return `${customers(count)} ${count === 1 ? 'meets' : 'meet'} the criteria of ${tag} but ${count === 1 ? 'lacks' : 'lack'} it.`;
        }
        return `For ${customers(count)}, ${tag} and the data disagree: it is on where it should not be, or missing where it should be on.`;
      },
      rule: ({ direction }) => {
        if (direction === 'unmet') return 'Only customers who meet the criteria may carry the tag.';
        if (direction === 'missing')
          return 'Every customer who meets the criteria carries the tag.';
        return 'A customer carries the tag exactly when the criteria are met.';
      },
      why: () =>
        'Where tags and data disagree, campaigns reach the wrong people and miss the right ones.',
      advice: ({ direction }) => {
        if (direction === 'unmet')
          return 'Remove the tag; if the data is wrong, mend the data first.';
        if (direction === 'missing')
          return 'Add the tag; if the data is wrong, mend the data first.';
        return 'Add or remove the tag as the data says; if the data is wrong, mend it first.';
      },
    },
    overload: {
      what: ({ customers: count }) => `${carry(count)} more tags than allowed.`,
      rule: ({ tagsMax, temporaryTagsMax }) => {
        if (tagsMax !== null && temporaryTagsMax !== null) {
          return `At most ${counted(tagsMax, 'tag')} per customer, of which at most ${n(temporaryTagsMax)} temporary.`;
        }
        return tagsMax === null
          ? `At most ${counted(temporaryTagsMax ?? 0, 'temporary tag')} per customer.`
          : `At most ${counted(tagsMax, 'tag')} per customer.`;
      },
      why: () =>
        'With too many tags nobody can say which to trust, and audiences pick the wrong people.',
      advice: () => 'Remove the weakest tags, or decide customer by customer.',
    },
    unknown: {
      what: ({ customers: count, first }) =>
        first
          ? `${carry(count)} ${first}, a tag that is not in the dictionary.`
          : `${carry(count)} tags that are not in the dictionary.`,
      rule: () => 'Only tags of the dictionary may be used.',
      why: () =>
        'A tag outside the dictionary has no definition and no owner; everyone reads it differently.',
      advice: () =>
        'Remove it; if it is really needed, request it for the dictionary or merge it into an existing tag.',
    },
    deprecated: {
      what: ({ customers: count, first }) =>
        first
          ? `${carry(count)} ${first}, which is deprecated.`
          : `${carry(count)} deprecated tags.`,
      rule: ({ successor }) =>
        successor
          ? `A deprecated tag gives way to ${successor}.`
          : 'Deprecated tags must be removed.',
      why: () => 'Nobody maintains a deprecated tag; audiences built on it get worse every day.',
      advice: ({ first, successor }) =>
        successor
          ? `Replace ${first ?? 'the deprecated tag'} by ${successor}.`
          : `Remove ${first ?? 'the deprecated tag'}.`,
    },
    implied: {
      what: ({ customers: count, first, second }) =>
        first && second
          ? `For ${customers(count)}, ${first} and ${second} do not fit together.`
          : `For ${customers(count)}, sub tags do not fit their main tags.`,
      rule: ({ first, second }) =>
        `${first ?? 'A sub tag'} goes together with ${second ?? 'its main tag'}; of a single-choice group a customer has only one.`,
      why: () =>
        'An audience built on the main tag misses these customers, and of several choices nobody knows which holds.',
      advice: ({ first, second }) =>
        `Add ${second ?? 'the missing main tag'}; if ${first ?? 'the sub tag'} is the mistake, remove it.`,
    },
    scope: {
      what: ({ customers: count, first }) =>
        `${carry(count)} ${first ?? 'a department’s tag'}, put on by somebody of another department.`,
      rule: ({ first }) =>
        `Only people of its own departments put ${first ?? 'a department’s tag'} on.`,
      why: () =>
        'Another department means something else by it; the tag blurs, and its owner cannot answer for it.',
      advice: ({ first }) =>
        `Remove ${first ?? 'the tag'}; if the department needs it, request a wider scope first.`,
    },
    sensitivity: {
      what: ({ customers: count, first }) =>
        `${carry(count)} ${first ?? 'a sensitive tag'}, put on by somebody without the right to.`,
      rule: () =>
        'Sensitive tags are put on only by their owner and by departments and systems with the right to.',
      why: () =>
        'Sensitive tags touch privacy and risk; of unclear origin they are a matter of compliance.',
      advice: () =>
        'Check where they came from and remove what has no ground; for lasting use, request the right first.',
    },
    mismatch: {
      what: ({ customers: count, first }) =>
        `For ${customers(count)}, the systems disagree on ${first ?? 'tags'}.`,
      rule: ({ first }) => `For ${first ?? 'these tags'} the master source is right.`,
      why: () => 'One customer is a target in one system and none in the other.',
      advice: () => 'Follow the master source; if the master is wrong, put it right there first.',
    },
    'no-definition': {
      what: ({ customers: count, first }) =>
        first
          ? `${first} has no definition worth the name.`
          : `${counted(count, 'tag')} without a definition worth the name.`,
      rule: () => 'Every tag says in both languages which customers should have it.',
      why: () => 'Without a definition every department reads the tag in its own way.',
      advice: () => 'Have the owner write it down; where nobody can, request to deprecate the tag.',
    },
    unowned: {
      what: ({ customers: count, first }) =>
        first
          ? `Nobody who works here owns ${first}.`
          : `${counted(count, 'tag')} that nobody who works here owns.`,
      rule: () => 'Every tag has an owner who works here.',
      why: () => 'Without an owner nobody handles its conflicts or keeps its meaning up to date.',
      advice: () => 'Name a new owner; where nobody needs it, request to deprecate the tag.',
    },
    unused: {
      what: ({ customers: count, first }) =>
        first
          ? `Hardly any customer carries ${first}.`
          : `${counted(count, 'tag')} that hardly any customer carries.`,
      rule: () => 'A tag that stays without customers is taken out of use.',
      why: () => 'Unused tags make the dictionary slow to search and wrong choices likely.',
      advice: () =>
        'Make sure it has no purpose, then request to deprecate it or merge it into a similar tag.',
    },
    'population-jump': {
      what: ({ customers: count, first }) =>
        first
          ? `The number of customers with ${first} has suddenly changed.`
          : `${counted(count, 'tag')} whose number of customers has suddenly changed.`,
      rule: () =>
        'A tag’s number of customers follows its own history; large changes need a reason.',
      why: () =>
        'Mostly an import went wrong; left alone, campaigns go to many people they should not.',
      advice: () =>
        'Look at the latest import and take a wrong one back at its source; where it is right, say why and mark it as no conflict.',
    },
  },

  tagRole: {
    exclusive: { first: 'the weaker tag', second: 'the stronger tag' },
    dominance: { first: 'the overridden tags', second: 'the overriding tag' },
    synonym: { first: 'the synonym', second: 'the standard tag' },
    'time-to-live': { first: 'the expired tag', second: 'its successor' },
    stale: { first: 'the unconfirmed tag', second: 'its successor' },
    criteria: { first: 'the tag', second: 'its successor' },
    overload: { first: 'the surplus tags', second: 'the rest' },
    unknown: { first: 'the unknown tag', second: 'an existing tag' },
    deprecated: { first: 'the deprecated tag', second: 'its successor' },
    implied: { first: 'the sub tag', second: 'its main tag' },
    scope: { first: 'the department’s tag', second: 'an existing tag' },
    sensitivity: { first: 'the sensitive tag', second: 'an existing tag' },
    mismatch: { first: 'the tag in dispute', second: 'an existing tag' },
    'no-definition': { first: 'the undefined tag', second: 'an existing tag' },
    unowned: { first: 'the tag without an owner', second: 'an existing tag' },
    unused: { first: 'the unused tag', second: 'an existing tag' },
    'population-jump': { first: 'the tag that jumped', second: 'an existing tag' },
  },

  resolution: {
    'keep-first': ({ first, second }) => `keep ${first}, remove ${second}`,
    'keep-second': ({ first, second }) => `keep ${second}, remove ${first}`,
    remove: ({ first }) => `remove ${first}`,
    replace: ({ first, successor }) => `replace ${first} by ${successor}`,
    add: ({ first }) => `add ${first}`,
    'add-second': ({ second }) => `add ${second}`,
    'follow-master': () => 'make every source follow the master',
    'keep-strongest': () => 'keep only each customer’s strongest tag',
    'keep-latest': () => 'keep only the tag each customer got last',
    'remove-weakest': () => 'remove the weakest tags down to the limit',
  },
  resolutionAgain: 'as chosen before, for those that were not fixed',
  resolutionByCustomer: 'decided customer by customer',
  resolutionRecommended: 'as the rule recommends',
  recommended: 'recommended',

  card: {
    rule: 'Rule',
    owner: 'Owner',
    secondLine: 'Second line',
    manager: 'Manager',
    claimer: 'Claimed by',
    claimDue: 'Claim by',
    closeDue: 'Close by',
    overdue: 'overdue',
    absent: (deputy) => (deputy === null ? 'away' : `away, ${deputy} stands in`),
    left: 'has left',
    examples: 'Examples',
    exampleTag: (tag, from) => `${tag} ← ${from}`,
    imported: (name) => `import “${name}”`,
    missing: (tag) => `lacks ${tag}`,
    cause: 'Likely cause',
    causeOf: {
      import: (name, count, of) => `${n(count)} of ${n(of)} came with the import “${name}”`,
      actor: (name, count, of) => `${n(count)} of ${n(of)} were tagged by ${name}`,
      department: (name, count, of) => `${n(count)} of ${n(of)} were tagged by people of ${name}`,
      source: (name, count, of) => `${n(count)} of ${n(of)} have the tags from ${name}`,
      rule: (name, count, of) =>
        `${n(count)} of ${n(of)} were tagged by fixes of the rule “${name}”`,
    },
    causeLift: (words, times) => `${words}, ${n(times)} times the usual share`,
    escalated: (reason, to) => `${reason}: now with ${to}.`,
    escalatedTo: {
      place: (role, names) => `the ${role}, ${names}`,
      role: (role) => `everyone with the role ${role}`,
      onDuty: (duty, names) => `${names} (on duty: ${duty})`,
      duty: (duty) => `whoever is on duty (${duty})`,
      group: (group) => `the group ${group}`,
    },
    stillOnIt: (by, due) =>
      `Still on it? ${by} has until ${due} to say so; then it is open to claim again.`,
    escalatedUnclaimed: (owner) => `Not claimed in time by ${owner}`,
    escalatedUnclosed: 'Not closed in time',
    escalatedLeft: (owner) => `${owner} has left`,
    escalatedPlain: 'Escalated',
    escalatedBy: (by) => `${by} escalated it early`,
    recurred: (times, previousId) =>
      `Back for the ${ordinal(times)} time; the last was warning #${previousId}.`,
    snoozedUntil: (until) => `Snoozed: the next reminder comes ${until}; the deadlines stay.`,
    pausedUntil: (until) => `Time stands still until ${until}: nobody is on duty.`,
    pausesFrom: (from, until) =>
      `Time stands still from ${from} until ${until}: nobody is on duty then.`,
    fixing: (by, choice) => `${by} is fixing this: ${choice}.`,
    fixProgress: (done, of) => `${n(done)} of ${n(of)} done.`,
    verifying: (by) =>
      `${by} has submitted a fix; these customers are being read from the CRM and checked again.`,
    verifyingByHand: (by) =>
      `${by} has fixed this in the CRM; these customers are being read again and checked.`,
    lastFix: 'Last fix',
    automatic: {
      'dry-run': (run) =>
        `Automatic fix (dry run): as the rule recommends, ${customers(run.customers)} would change${unchanged(run)}. Nothing has been changed.`,
      'too-many': (run) =>
        `The automatic fix stopped for you to decide: as the rule recommends, ${customers(run.customers)} would change${unchanged(run)}. The rule concerns ${customers(run.ruleCustomers)} in all; its limit is ${n(run.customersMax)}.`,
      'too-large-a-share': (run) =>
        `The automatic fix stopped for you to decide: as the rule recommends, ${customers(run.customers)} would change${unchanged(run)}. That is ${percent(run.share)} of the tag's customers; the limit is ${percent(run.shareMax)}.`,
      'no-right': (run) =>
        `The automatic fix stopped for you to decide: as the rule recommends, ${customers(run.customers)} would change${unchanged(run)}; it would put on a sensitive tag that the rule's owner may not use.`,
      'taken-back': (run) =>
        `The automatic fix stopped for you to decide: not long ago somebody undid one of this rule. As the rule recommends, ${customers(run.customers)} would change${unchanged(run)}.`,
    },
    undoing: (by) => `${by} is undoing the fix; the changed customers get their tags back.`,
    leftAlone: 'Customers left as they are',
    changedMeanwhile: 'changed during the fix, so left alone',
    refused: 'the CRM refused the change',
    stillOpen: (remaining, why) => {
      const parts = [
        why !== null && why.notFixed > 0 ? `${n(why.notFixed)} not fixed` : '',
        why !== null && why.notTreated > 0 ? `${n(why.notTreated)} not part of that fix` : '',
        why !== null && why.foundSince > 0 ? `${n(why.foundSince)} found since` : '',
      ].filter(Boolean);
      const left = `${customers(remaining)} ${remaining === 1 ? 'is' : 'are'} left in this warning`;
      return `${left}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
    },
    outcome: {
      fixed: (by, at, choice) => `Fixed by ${by} ${at}: ${choice}.`,
      fixedPlain: (by, at) => `Fixed by ${by} ${at}.`,
      'fixed-by-hand': (by, at) => `Fixed in the CRM by ${by} and found clean ${at}.`,
      'not-a-conflict': (by, at) => `Ruled not a conflict by ${by} ${at}.`,
      excepted: (by, at) => `Declared an exception by ${by} ${at}.`,
      gone: (at) => `A scan found the conflict gone ${at}; closed by itself.`,
      undone: (by) => `The fix was undone by ${by}.`,
      undoUntil: (until) => `Can be undone until ${until}.`,
    },
  },

  writeRefusal: {
    'foreign-key': 'a foreign key forbids it',
    'unique-key': 'a unique key forbids it',
    check: 'a check constraint forbids it',
    constraint: 'a constraint forbids it',
    'view-check': "the view's check forbids it",
    'no-right': 'the connecting user may not write there',
    trigger: 'a trigger refused it',
    locked: 'another transaction holds it',
    value: 'a value does not fit its column',
    'no-effect': 'the configured statements changed nothing; check `write` in sources.yaml',
    'read-only': 'this source is read only',
    'unknown-tag': 'the source does not know this tag',
    'no-answer': 'the source did not say what became of this customer',
    'customer-gone': 'the customer no longer exists',
    'rule-gone': 'the rule no longer exists',
    'source-auth': 'the source refused access',
    'source-configuration': 'the source is not set up right',
    'source-unreachable': 'the source could not be reached',
    'too-late': 'the source did not answer in time',
  },

  fixCounts: (counts) =>
    sentence(
      [
        counts.changed > 0 ? `${n(counts.changed)} changed` : '',
        counts.alreadySo > 0 ? `${n(counts.alreadySo)} already right` : '',
        counts.changedMeanwhile > 0
          ? `${n(counts.changedMeanwhile)} changed meanwhile and left alone`
          : '',
        counts.refused > 0 ? `${n(counts.refused)} refused by the CRM` : '',
      ]
        .filter(Boolean)
        .join(', ') || 'no customer needed a change',
    ),
  undoCounts: (counts) =>
    sentence(
      [
        counts.changed > 0 ? `${n(counts.changed)} restored` : '',
        counts.alreadySo > 0 ? `${n(counts.alreadySo)} already restored` : '',
        counts.changedMeanwhile > 0
          ? `${n(counts.changedMeanwhile)} changed since and left alone`
          : '',
        counts.refused > 0 ? `${n(counts.refused)} refused by the CRM` : '',
      ]
        .filter(Boolean)
        .join(', ') || 'no customer needed restoring',
    ),

  button: {
    claim: 'Claim',
    stillOnIt: 'Still on it',
    release: 'Give up claim',
    releaseOther: (by) => `Lift ${by}’s claim`,
    fix: 'Fix…',
    fixedByHand: 'Fixed in the CRM',
    dismiss: 'Not a conflict…',
    except: 'Make an exception…',
    prolong: 'Ask for longer…',
    snooze: 'Remind me later…',
    reassign: 'Reassign…',
    escalate: 'Escalate now…',
    comment: 'Comment…',
    details: 'Details',
    history: 'History',
    fixAgain: (count) => `Retry the ${n(count)} not fixed…`,
    undo: 'Undo fix',
    turnOffAutoFix: 'Turn off automatic fixes',
    approve: 'Approve…',
    reject: 'Reject…',
    abstain: 'Abstain…',
    recuse: 'Recuse yourself…',
    ask: 'Ask the requester…',
    answer: 'Answer…',
    withdraw: 'Withdraw',
    newRequest: 'Request a tag…',
    inbox: 'My warnings',
    preferences: 'Settings…',
    contest: 'Contest…',
    decidePoints: 'Decide…',
    confirmYes: 'OK',
  },
  confirm: {
    undo: (count) => ({
      title: 'Undo this fix?',
      text: `${customers(count)} will be as before, except those that changed since; the conflict opens a warning again.`,
      yes: 'Undo fix',
    }),
    release: {
      title: 'Give up the claim?',
      text: 'The warning is open to claim again; its deadlines stay.',
      yes: 'Give up',
    },
    fixedByHand: (count) => ({
      title: 'Already fixed in the CRM?',
      text: `Tagwarden reads ${count === 0 ? 'the customers' : `the ${customers(count)}`} again right away and closes the warning only if all are clean.`,
      yes: 'Check now',
    }),
    withdraw: {
      title: 'Withdraw the request?',
      text: 'Voting ends at once and nothing changes.',
      yes: 'Withdraw',
    },
  },

  reply: {
    claimed: 'It is yours; the card will show it in a moment.',
    stillOnIt: 'Noted: you are still on it, and the claim stays yours.',
    released: 'Claim given up; the warning is open again.',
    fixStarted: 'The fix has begun and is checked when written; the card shows how it goes.',
    checking: 'Reading these customers again and checking them; the card shows the result.',
    dismissed: 'Ruled not a conflict; the reason counts towards the rule’s precision.',
    excepted: (until) => `Made an exception until the end of ${until}.`,
    prolongAsked: (requestId) => `Request #${requestId} has been made; you will hear the outcome.`,
    snoozed: (until) => `You will be reminded ${until}. The deadlines stay.`,
    reassigned: (name) => `Reassigned to ${name}, who gets the card.`,
    escalated: 'Escalated; the next in line gets the card in a moment.',
    commented: 'Comment noted; it shows in the history.',
    undoing: 'The undo has begun; the card will show the result.',
    autoFixTurnedOff:
      'Automatic fixes of this rule are off; from now on its owners decide. To turn them on again, set autoFix in rules.yaml.',
    voted: (ballot) => `Your vote is noted: ${ballot}. You may change it while voting runs.`,
    withdrawn: 'The request is withdrawn.',
    asked:
      'The requester gets your question, and you hear the answer at once. The deadline of the vote stays.',
    answered: 'Your answer is with whoever asked, and on every member’s card.',
    draftKept: (url) => `Kept as a draft that only you see. Go on with it in the console: ${url}`,
    submitted: (id) => `Request #${id} is with the tag committee; you will hear the outcome.`,
    scanStarted: (id) => `Scan #${id} has begun; owners hear of what it finds.`,
    scanJoined: (id) => `Scan #${id} is already running; there is no need for another.`,
    digestSent: 'The digest is on its way to you.',
    contested: 'Contested. Your manager or a data admin decides; until then the points count.',
    pointsDecided: {
      upheld: 'The points are upheld; whoever contested them gets your answer.',
      withdrawn: 'The points are withdrawn; whoever contested them gets your answer.',
    },
    unchanged: 'It is so already; nothing was done twice.',
    nothingToFix: 'No customer was chosen, so nothing has changed.',
    malformed: 'This button no longer works. Please use the newest card.',
    staleChoice: 'The warning has changed. Please choose again how to fix it.',
    needsCrm:
      'This has to be put right in the CRM, customer by customer. Then choose “Fixed in the CRM”.',
    notADate: 'That is not a date to come. Please write it as 2026-12-31.',
    notHours: 'Please choose one of the times offered.',
    chooseOne: 'Please choose one first.',
    nothingDue: 'Nothing needs you right now.',
    noSuchTag: (text) => `No tag has to do with “${text}”.`,
    fieldMissing: (label) => `Please fill in “${label}”.`,
    left: 'Your record in Tagwarden says that you have left. If that is wrong, tell a data admin.',
  },

  refusal: {
    closed: (by, reason) =>
      by === null
        ? `This warning is closed already (${reason.toLowerCase()}); there is nothing left to do.`
        : `${by} has closed this warning (${reason.toLowerCase()}); there is nothing left to do.`,
    'already-claimed': (by) =>
      `${by} has claimed this. To take over, talk to them, or ask the second-line responder to lift the claim.`,
    'not-claimed': 'Nobody has claimed this, so there is no claim to give up.',
    busy: (by) =>
      `${by}’s fix is being written or checked. Please wait until it is done, usually under a minute.`,
    'snoozed-too-often': (timesMax) =>
      `This warning has been put off ${counted(timesMax, 'time')} and cannot be again. Claim it, reassign it, or rule it not a conflict.`,
    'already-yours': 'You have claimed this already and can go on to fix it.',
    'chain-ended':
      'The chain of escalation is at its end; there is nobody left to hand it to. Reassign it to a colleague, or say in a comment what is needed.',
    'own-request': 'Nobody votes on their own request; the other members decide.',
    'not-a-member': 'Only the committee members of this vote may vote.',
    'voting-over': 'Voting is over; the card shows the outcome.',
    'former-member': 'You are no longer a member of the tag committee and cannot vote.',
    recused: 'This seat is recused; that cannot be taken back.',
    'owner-of-it': 'The tag or rule that would change is yours; the other members decide.',
    'seat-taken': (name) => `${name} has voted for this seat already; a seat has one vote.`,
    'two-seats':
      'You have a seat of your own and cannot vote for another one: one person, one vote.',
    'not-absent': (name) =>
      `${name} is not away, or you are not their deputy, so you cannot vote for them.`,
    'chair-decides': (name) => `The members could not decide; now the chair does: ${name}.`,
    'chair-chooses': 'The chair has to approve or to reject.',
    'console-needed':
      'This concerns many customers and is voted on in the console; open it by the link on the card.',
    'same-vote': 'That is your vote already.',
    'not-involved':
      'Questions are for the members of this vote, answers for the requester, comments for them and data admins.',
    'already-answered': 'This question has its answer; see the card.',
    'not-responsible': (name) =>
      `You are not responsible for this warning and cannot do that. Ask its owner, ${name}, or their deputy, second line or manager.`,
    'claimed-by-other': (name) =>
      `${name} has claimed this; only they, the second line, the manager or a data admin can change that. Talk to ${name} first.`,
    'may-not-use': (tag, owner, departments) =>
      `“${tag}” is sensitive: only its owner, ${owner},${departments.length === 0 ? '' : ` and people of ${departments.join(', ')}`} may put it on customers. Ask one of them, or choose a way that does not put it on.`,
    'beyond-departments': (role) =>
      `Your role of ${role} holds for some departments, and this goes beyond them. Ask a ${role} of the whole company.`,
    'role-needed': (role) =>
      `This takes the role of ${role}. Ask a data admin for it, or a colleague who has it to do this.`,
    'not-found': {
      warning: (id) => `There is no warning ${id}. Please check the number.`,
      request: (id) => `There is no request ${id}. Please check the number.`,
      link: (id) =>
        `There is nothing to confirm for the account ${id}; it was decided already, or the person has another account.`,
      question: (id) => `There is no question ${id}. Please use the newest card.`,
      fix: (id) => `There is no fix ${id}. Please use the newest card.`,
      tag: (id) => `There is no tag “${id}”. Try “search ${id}” for tags like it.`,
      customer: (id) =>
        `There is no customer “${id}”. Please check the number; a new one appears with the next sync.`,
      rule: (id) => `There is no rule “${id}”. Please check its code.`,
      candidate: (id) => `There is no candidate ${id}. Please look at the list again.`,
      person: (id) => `Nobody here is “${id}”, or they have left. Please choose somebody else.`,
      scan: (id) => `There is no scan ${id}. Please check the number.`,
      exception: (id) => `Nothing of warning ${id} is excepted any more.`,
      silence: (id) => `There is no silence ${id}. Please check the number.`,
      'tag-import': (id) => `There is no import #${id}, or it was forgotten by now.`,
      'api-token': (id) =>
        `There is no API token ${id}: it was revoked, has run out, or is not yours.`,
      review: (id) => `There is no tag review #${id}.`,
      digest: (id) => `There is no digest #${id} of yours.`,
      draft: (id) => `There is no draft #${id} of yours. It may have been sent or deleted.`,
      points: (id) => `There are no assessment points #${id}. Please look at the list again.`,
    },
    'points-of-other': (name) => `These points are ${name}’s; only they can contest them.`,
    'contest-over':
      'The time to contest these points is over. Talk to your manager if they are wrong.',
    'contested-before': 'These points have been contested already; the list shows how it stands.',
    'not-contested': 'Nobody contests these points now; the list shows how it stands.',
    'may-not-decide': (name) =>
      `Only ${name}’s manager or a data admin decides on these points, and nobody on their own.`,
    'changed-since':
      'It has changed again since and cannot be taken back; ask for what is needed as things are now.',
    'undo-over':
      'The time to undo this fix is over. To go back, change the customers in the CRM by hand.',
    invalid: (field, expected) => `“${field}” will not do: ${expected}`,
    'conflicts-with': {
      tag: (name, id) =>
        `The tag “${name}” (${id}) exists already. Use it, or choose another name and code.`,
      request: (name, id) =>
        `Request #${id} about “${name}” is being voted on. Please wait for its outcome.`,
    },
    taken: 'This name or code is taken. Choose another one.',
    'review-over': 'This review is over. To retire a tag now, please make a request.',
    'batch-item': (item, why) => `Change ${item}: ${why}`,
    'batch-rivals': (one, other) =>
      `Changes ${one} and ${other} cannot both come true. Please keep one of them.`,
    'committee-decides': (daysMax, requestId) =>
      `Exceptions longer than ${counted(daysMax, 'day')} are for the tag committee. Request #${requestId} has been made for you; you will hear the outcome.`,
    unavailable:
      'The system does not answer right now. Please try again in a moment; what was noted is safe, and nothing happens twice.',
  },
  field: {
    code: {
      label: 'Code',
      expected: 'lower-case words joined by hyphens, such as high-net-worth.',
    },
    name: { label: 'Name', expected: '1–60 characters, in both languages.' },
    nameEn: { label: 'English name', expected: '1–60 characters.' },
    definition: {
      label: 'Definition',
      expected: 'say which customers should carry it, in at most 1,000 characters.',
    },
    level: { label: 'Level', expected: 'choose one of the list.' },
    category: { label: 'Category', expected: 'choose one of the list.' },
    reason: { label: 'Reason', expected: 'give a reason of at most 1,000 characters.' },
    answer: { label: 'Answer', expected: 'say why, in at most 1,000 characters.' },
    comment: { label: 'Comment', expected: 'it cannot be empty, and 1,000 characters at most.' },
    text: { label: 'Comment', expected: 'it cannot be empty, and 1,000 characters at most.' },
    until: { label: 'Until', expected: 'a day to come, written as 2026-12-31.' },
    untilMs: { label: 'Until', expected: 'a time to come, within what is allowed.' },
    hours: { label: 'When', expected: 'longer than is allowed; choose a shorter time.' },
    resolutions: {
      label: 'How to fix',
      expected: 'decide for at least one customer, and once for each.',
    },
    lifeDays: { label: 'Life', expected: 'a whole number of days, or empty for no end.' },
    tokenName: { label: 'What for', expected: 'who uses it for what, in 1–80 characters.' },
    tokenRoles: { label: 'Roles', expected: 'choose at least one.' },
    tokenDays: { label: 'Days', expected: 'a whole number from 1 to 366.' },
    person: { label: 'Person', expected: 'choose a colleague who works here.' },
    toCode: { label: 'Person', expected: 'choose a colleague who works here.' },
    from: { label: 'Tag to merge away', expected: 'the code or name of a tag in the dictionary.' },
    into: { label: 'Merge into', expected: 'another tag, one that is in use.' },
    choice: { label: 'How to fix', expected: 'things have changed; please choose again.' },
    resolution: { label: 'How to fix', expected: 'choose one.' },
    what: { label: 'Request', expected: 'choose one.' },
    group: { label: 'Group', expected: 'one of the groups on offer.' },
    tag: { label: 'Tag', expected: 'the code or name of a tag that is in use.' },
    successor: { label: 'Successor', expected: 'another tag, one that is active.' },
    criterion: { label: 'Condition', expected: 'an attribute that a source has.' },
    criteria: {
      label: 'Criteria',
      expected: 'a condition as JSON, over attributes that a source has.',
    },
    attribute: { label: 'Attribute', expected: 'one of the list.' },
    operator: { label: 'Comparison', expected: 'one of the list.' },
    value: { label: 'Value', expected: 'a figure, or two tags separated by a comma.' },
    rule: { label: 'Rule', expected: 'the code or name of a rule; its kind stays.' },
    change: {
      label: 'Change',
      expected: 'something that is not so already and that rules of this kind have.',
    },
    parent: { label: 'Main tag', expected: 'a tag that is not below this one.' },
    departments: { label: 'Departments', expected: 'departments of this company.' },
    seenBy: {
      label: 'Also seen by',
      expected: 'departments of this company; none, where the tag is not sensitive.',
    },
    items: { label: 'Changes', expected: '1–100 changes of one kind.' },
    draft: { label: 'Draft', expected: '50 drafts at most, of 60,000 characters each.' },
    scope: { label: 'What is silenced', expected: 'a rule, a tag or a severity.' },
    confirmEveryDays: {
      label: 'To be confirmed every',
      expected: 'a whole number of days, or none.',
    },
    customer: { label: 'Customer', expected: 'a customer number.' },
    tags: { label: 'Tags', expected: 'at least one tag, separated by commas.' },
    add: { label: 'Tag to add', expected: 'one tag.' },
  },

  form: {
    fix: {
      title: 'Fix the conflict',
      question: 'What should happen?',
      bothRight: 'Both are right, until a date',
      excepted: 'Allow it, until a date',
      bothRightHint: 'An exception; checked again afterwards',
      byCustomer: 'Decide customer by customer',
      byCustomerHint: (count) => `${customers(count)}, 20 to a page, with search`,
      recommendedHint: 'Recommended: it is what the rule asks for',
      next: 'Next: see what changes',
    },
    byCustomer: {
      title: 'Customer by customer',
      range: (from, to, total) =>
        `Customers ${n(from)}–${n(to)} of ${n(total)}. Those left as they are stay in the warning.`,
      otherPages:
        'For others, choose a page or write what to search for and submit: what you have decided is kept. Submit with nothing decided to see the next ones.',
      decidedElsewhere: (count, max) =>
        `Decided on other pages: ${n(count)}. At ${n(max)} you are asked to confirm them first.`,
      find: 'Only some customers (part of their number or name)',
      notFound: (text) =>
        `No customer of this warning has “${text}” in their number or name. Here are all of them.`,
      page: 'Which ones',
      pageOption: (from, to) => `${n(from)}–${n(to)}`,
      leave: 'Leave as is',
      end: 'There are no more customers. Open the fix again to start over.',
    },
    contest: {
      title: 'Contest points',
      which: 'Which',
      reason: 'Why should these points not count?',
      submit: 'Contest',
    },
    decidePoints: {
      title: 'Decide on contested points',
      decision: 'What is right?',
      withdrawn: 'Withdraw the points',
      withdrawnHint: 'They count no more',
      upheld: 'Uphold them',
      upheldHint: 'They go on counting',
      answer: 'Your answer to whoever contested them',
      submit: 'Decide',
    },
    preview: {
      title: 'Confirm the fix',
      what: (count, choice) => `${customers(count)} will change: ${choice}.`,
      added: (tag, count) => `Add ${tag}: ${customers(count)}`,
      removed: (tag, count) => `Remove ${tag}: ${customers(count)}`,
      changes: 'What changes',
      examples: 'For example',
      exampleAdded: (tags) => `add ${tags}`,
      exampleRemoved: (tags) => `remove ${tags}`,
      left: (count) =>
        `${customers(count)} ${count === 1 ? 'stays as it is' : 'stay as they are'}, in the warning.`,
      sources: (names) =>
        `This is written to ${names}. Each customer is looked at again first; whoever has changed meanwhile is left alone.`,
      undo: 'The result is checked, and can be undone for a while.',
      nothing: 'No customer needs a change; somebody may just have made it.',
      confirm: (count) => `Change ${customers(count)}`,
    },
    dismiss: {
      title: 'Not a conflict',
      intro:
        'The warning closes and these customers are not reported by this rule again. The reason helps to improve the rule.',
      reason: 'Why is it not a conflict?',
      comment: 'Comment',
      submit: 'Not a conflict',
    },
    except: {
      title: 'Make an exception',
      intro: (count) =>
        `${customers(count)} will not be reported until the date and ${count === 1 ? 'is' : 'are'} checked again after it. Long exceptions are for the tag committee to decide.`,
      until: 'Until and including',
      reason: 'Why is this right?',
      submit: 'Make exception',
    },
    prolong: {
      title: 'Prolong the exception',
      intro: (end) =>
        `The exception lasts until ${end}. Longer is for the tag committee to decide; until it does, the exception ends as it would have.`,
      reason: 'Why is it still right?',
      submit: 'Ask the committee',
    },
    snooze: {
      title: 'Remind me later',
      intro: 'No reminders until then; deadlines and escalation go on as they are.',
      hours: 'When',
      option: (hours) => `In ${counted(hours, 'hour')}`,
      submit: 'Remind me later',
    },
    reassign: {
      title: 'Reassign',
      intro: 'They get the card and become its owner; the deadlines stay.',
      person: 'To whom (name)',
      submit: 'Reassign',
    },
    escalate: {
      title: 'Escalate now',
      intro: (to) =>
        `It goes to ${to} at once, without waiting for the deadline. Whoever has it can still deal with it; the deadlines stay.`,
      introPlain:
        'It goes to the next in line at once, without waiting for the deadline. Whoever has it can still deal with it; the deadlines stay.',
      reason: 'Why does it have to go up?',
      submit: 'Escalate now',
    },
    comment: { title: 'Comment', comment: 'Comment', submit: 'Save comment' },
    talk: {
      ask: {
        title: 'Ask the requester',
        intro:
          'The requester gets it at once. All members see question and answer; the deadline of the vote stays.',
        label: 'Question',
        submit: 'Send',
      },
      answer: {
        title: 'Answer a member’s question',
        intro: 'It goes to whoever asked at once; the other members see it too.',
        label: 'Answer',
        submit: 'Answer',
      },
      'comment-request': {
        title: 'Comment on the request',
        intro: 'The requester and all members can read it; nobody is notified.',
        label: 'Comment',
        submit: 'Add',
      },
    },
    vote: {
      title: {
        approve: 'Approve',
        reject: 'Reject',
        abstain: 'Abstain',
        recuse: 'Recuse yourself',
      },
      comment: 'Comment',
      rejectHint: 'Tell the requester why, and what would make it acceptable.',
      recuseHint:
        'For a conflict of interest. The seat no longer counts, and that cannot be taken back.',
      chair: (why) =>
        why === 'tie'
          ? 'Votes are equal; your vote decides.'
          : 'There was no quorum by the deadline; your vote decides.',
      veto: 'You have a veto: rejecting ends the vote at once.',
      deputyVeto: (member) =>
        `You stand in for ${member}, who has a veto: rejecting ends the vote at once.`,
    },
    request: {
      title: 'Request',
      question: 'What would you like?',
      whichTag: (named: string) =>
        `${named} may mean one of these tags; choose, then submit again.`,
      next: 'Next',
      retired: 'Tag to retire (code or name)',
      code: 'Code (lower-case words joined by hyphens)',
      name: 'Chinese name',
      nameEn: 'English name',
      definition: 'Definition: who should carry it',
      level: 'Level',
      category: 'Category',
      from: 'Tag to merge away (code or name)',
      into: 'Merge into (code or name)',
      reason: 'Why it is needed',
      submit: 'Send to committee',
      similarTitle: 'Look at these first',
      similarIntro: 'They may already say what you mean. If one does, use it and leave it there.',
      similarSubmit: 'None fits, go on',
    },
  },

  request: {
    title: (kind, what) => `${kind} request · ${what}`,
    takeBack: {
      create: {
        button: 'Undo',
        confirm: () => ({
          title: 'Take this new tag back?',
          text: 'The tag is archived and can no longer be used; customers who carry it already keep it.',
          yes: 'Take back',
        }),
        undoing: (by) => `${by} is taking the new tag back.`,
        undone: (by) => `The new tag was taken back by ${by} and is archived.`,
        state: { undoing: 'Being undone', undone: 'Taken back' },
      },
      dictionary: {
        button: 'Undo',
        confirm: () => ({
          title: 'Undo this change?',
          text: 'The tag will be what it was before; customers keep the tags they have.',
          yes: 'Undo',
        }),
        undoing: (by) => `${by} is undoing the change.`,
        undone: (by) => `The change was undone by ${by}; the tag is what it was before.`,
        state: { undoing: 'Being undone', undone: 'Undone' },
      },
      rule: {
        button: 'Undo',
        confirm: () => ({
          title: 'Undo this change of the rule?',
          text: 'The rule will be what it was before, and a new one goes; it counts from the next scan on.',
          yes: 'Undo',
        }),
        undoing: (by) => `${by} is undoing the change of the rule.`,
        undone: (by) =>
          `The change of the rule was undone by ${by}; it counts from the next scan on.`,
        state: { undoing: 'Being undone', undone: 'Undone' },
      },
      merge: {
        button: 'Undo merge',
        confirm: (count) => ({
          title: 'Undo this merge?',
          text: `${customers(count)} will be as before, except those that changed since; the merged tag is in use again.`,
          yes: 'Undo merge',
        }),
        undoing: (by) => `${by} is undoing the merge.`,
        undone: (by) => `The merge was undone by ${by}; the merged tag is in use again.`,
        state: { undoing: 'Being undone', undone: 'Merge undone' },
      },
      retire: {
        button: 'Bring it back',
        confirm: (count) => ({
          title: 'Bring this tag back?',
          text: `${customers(count)} will carry it again, except those that changed since; the tag is in use again.`,
          yes: 'Bring it back',
        }),
        undoing: (by) => `${by} is bringing the tag back.`,
        undone: (by) => `The tag was brought back by ${by} and is in use again.`,
        state: { undoing: 'Being undone', undone: 'Brought back' },
      },
      batch: {
        button: 'Undo the batch',
        confirm: (items) => ({
          title: 'Undo the whole batch?',
          text: `Changes that are in force: ${n(items)}. They are undone one by one, the latest first; tags, rules and customers that changed since stay as they are.`,
          yes: 'Undo the batch',
        }),
        undoing: (by) => `${by} is undoing the batch.`,
        undone: (by) => `The batch was undone by ${by}.`,
        state: { undoing: 'Being undone', undone: 'Batch undone' },
      },
      other: {
        button: 'Undo',
        confirm: (count) => ({
          title: 'Undo this change?',
          text: `${customers(count)} will be as before, except those that changed since; so will the tag.`,
          yes: 'Undo',
        }),
        undoing: (by) => `${by} is undoing the change.`,
        undone: (by) => `The change was undone by ${by}; the tag is what it was before.`,
        state: { undoing: 'Being undone', undone: 'Undone' },
      },
    },
    what: {
      merge: (from, into) => `${from} → ${into}`,
      exception: (warningId) => `Warning #${warningId}`,
    },
    state: {
      voting: 'Voting',
      applying: 'Being applied',
      applied: 'Applied',
      rejected: 'Rejected',
      vetoed: 'Vetoed',
      expired: 'Expired',
      withdrawn: 'Withdrawn',
      failed: 'Failed',
    },
    requester: 'Requester',
    reason: 'Reason',
    code: 'Code',
    definition: 'Definition',
    levelAndCategory: 'Level / category',
    owner: 'Owner',
    scope: 'Departments',
    everyDepartment: 'all',
    life: 'Life',
    lifeDays: (days) => (days === null ? 'no end' : counted(days, 'day')),
    due: 'Vote by',
    tally: 'Votes',
    chair: 'Chair',
    chairTurn: (name, why) =>
      why === 'tie' ? `votes are equal; ${name} decides` : `no quorum in time; ${name} decides`,
    consoleOnly: 'It concerns many customers: please vote in the console.',
    ownersExcluded: (names) => `${names} (owner of what would change)`,
    noVote: 'Without a vote',
    tallyWords: (count) =>
      `${n(count.approve)} in favour (${n(count.quorum)} needed), ${n(count.reject)} against, ${counted(count.abstain, 'abstention')}${count.recuse === 0 ? '' : `, ${n(count.recuse)} recused`}, ${n(count.open)} to come`,
    votes: 'Votes so far',
    messages: 'Questions and comments',
    said: {
      comment: 'commented',
      question: 'asks',
      answer: (asker) => `answers ${asker}`,
    },
    unanswered: 'no answer yet',
    questionTitle: 'Please answer',
    answerTitle: 'The requester has answered',
    about: 'About',
    voteGoesOn: 'The vote goes on meanwhile; a quick answer helps the members decide.',
    answered: (when) => `You answered ${when}.`,
    ballot: { approve: 'in favour', reject: 'against', abstain: 'abstains', recuse: 'recused' },
    yourVote: (ballot) => `Your vote: ${ballot}`,
    similar: 'Tags that may mean the same',
    similarItem: (count, why) => `${customers(count)}, ${why}`,
    similarWhy: {
      'same-name': 'same name',
      'known-synonym': 'confirmed synonyms',
      'short-form': 'short for each other',
      'name-alike': 'similar name',
      'sounds-alike': 'sounds alike',
      'meaning-alike': 'similar meaning, says the embedding model',
      'definition-alike': 'similar definition',
      'another-value': 'another value of the same property',
    },
    noSimilar: 'No tag seems to mean the same.',
    impact: 'Impact',
    impactWords: (impact) =>
      [
        impact.customers === 0
          ? 'No customer changes'
          : `${customers(impact.customers)} will change`,
        ...(impact.customers === 0 && impact.carrying > 0
          ? [`${customers(impact.carrying)} ${impact.carrying === 1 ? 'carries' : 'carry'} it`]
          : []),
        impact.rules.length === 0
          ? 'no rule is affected'
          : `rules affected: ${impact.rules.join(', ')}`,
        ...(impact.warnings === 0 ? [] : [`open warnings: ${n(impact.warnings)}`]),
        ...(impact.sources.length === 0 ? [] : [`sources: ${impact.sources.join(', ')}`]),
        ...(impact.usedBy === null ? [] : [`put on by ${impact.usedBy}`]),
        ...(impact.tags.length === 0 ? [] : [`parent or successor of: ${impact.tags.join(', ')}`]),
      ].join('; '),
    useWords: (use) =>
      [
        ...use.departments,
        ...(use.automatic === null ? [] : [`systems or unknown ${use.automatic}`]),
        ...(use.peopleCount === 0
          ? []
          : [
              use.people.length === 0
                ? `${n(use.peopleCount)} ${use.peopleCount === 1 ? 'person' : 'people'}`
                : use.people.length < use.peopleCount
                  ? `${use.people.join(', ')} and ${n(use.peopleCount - use.people.length)} more`
                  : use.people.join(', '),
            ]),
      ].join(', '),
    outcome: {
      applying: 'Approved and being applied.',
      applied: (at) => `Approved; in force since ${at}.`,
      chairRejected: (at) => `Rejected ${at} by the chair.`,
      rejected: (at) => `Rejected ${at}: the votes needed could no longer be reached.`,
      vetoed: (at) => `Vetoed ${at}.`,
      expired: (at) => `Too few votes by ${at}; nothing was changed.`,
      withdrawn: (at) => `Withdrawn by the requester ${at}.`,
      failed: (at, detail) => `Approved, but it could not be applied ${at}: ${detail}.`,
    },
    summary: (title, state) => `${title}, ${state.toLowerCase()}`,
  },

  channelName: { inbox: 'inbox', slack: 'Slack', feishu: 'Feishu', email: 'email' },

  undelivered: {
    'conversation-gone': 'the conversation is gone',
    'bot-removed': 'the bot was removed',
    'person-deactivated': 'the account is deactivated',
    'scope-missing': 'the app lacks a permission',
    'token-refused': 'the app’s token is refused',
    'card-expired': 'the card has expired',
    'rate-limited': 'too many messages',
    server: 'the platform fails',
    'not-sent': 'the platform cannot be reached',
    auth: 'the app is refused',
    unreachable: 'nobody with this id there',
    invalid: 'the content is refused',
    'too-old': 'the message is gone',
    uncertain: 'no answer',
  },

  reminder: {
    claimTitle: 'Please claim',
    closeTitle: 'Please finish',
    voteTitle: 'Please vote',
    overdueTitle: 'Overdue',
    claim: (left, due) => `To be claimed by ${due}: ${left} left, and nobody has.`,
    close: (left, due) => `To be closed by ${due}: ${left} left, and it is still open.`,
    vote: (left, due) => `Voting ends ${due}: ${left} left, and your vote is missing.`,
    overdue: (due) => `The deadline was ${due} and has passed.`,
    stillTitle: 'Still on it?',
    still: (since, due) =>
      `You claimed this ${since}, and nothing has happened since. Unless you answer by ${due}, it is open to claim again.`,
    stillOver: 'This has been answered.',
    newsTitle: 'More found',
    news: (more, all) =>
      `${all} now, ${n(more.count)} more than when you were last told. Nobody has claimed it.`,
    repeatTitle: 'Still open to claim',
    repeat: (due) => `Nobody has claimed this warning yet. To be claimed by ${due}.`,
    claimNext: (to) => `Unclaimed by then, it goes to ${to}.`,
    closeNext: (to) => `Still open by then, it goes to ${to}.`,
    voteNext: 'A request without enough votes lapses at its deadline.',
    exceptionTitle: 'Exception about to end',
    exception: (count, end) =>
      `${customers(count)} ${count === 1 ? 'is' : 'are'} excepted until ${end} and checked again after it. What still conflicts is reported again.`,
    exceptionNext:
      'If that is right, there is nothing to do. If the exception should stay, ask for longer in time.',
    grantedBy: 'Granted by',
    unreachedTitle: 'Please stand in',
    unreached: (name, channel, why) =>
      `${name} does not get this warning (${channel}: ${why}), so it comes to you.`,
    unreachedNext: (name) =>
      `Handle it yourself, tell ${name}, or reassign it. The deadlines stay as they are.`,
  },

  digest: {
    counts: (count) =>
      `${n(count.open)} open, ${n(count.opened)} new, ${n(count.closed)} closed, ${n(count.overdue)} overdue`,
    total: 'Total',
    change: (label, change) =>
      change === 0
        ? `${label} unchanged`
        : `${label} ${change > 0 ? 'up' : 'down'} ${n(Math.abs(change))}`,
    open: 'open',
    opened: 'new',
    closed: 'closed',
    overdue: 'overdue',
    medianClaim: 'Median time to claim',
    medianClose: 'Median time to close',
    recurred: 'Came back',
    recurredWords: (count, opened) =>
      `${n(count)} of ${counted(opened, 'new warning')} had been closed before`,
    recurredCount: (count) => count,
    assessment: 'Assessment this month',
    assessmentWords: (of) =>
      of.points === 0 && of.contested === 0
        ? 'no points'
        : `${counted(of.points, 'point')} of ${of.people === 1 ? '1 person' : `${n(of.people)} people`}${of.contested === 0 ? '' : `, ${n(of.contested)} to decide`}`,
    causes: 'Main causes',
    causeOf: {
      import: (name, count, of) => `Import “${name}”: ${n(count)} of ${customers(of)}`,
      actor: (name, count, of) => `Tagged by ${name}: ${n(count)} of ${customers(of)}`,
      department: (name, count, of) =>
        `Tagged by people of ${name}: ${n(count)} of ${customers(of)}`,
      source: (name, count, of) => `From ${name}: ${n(count)} of ${customers(of)}`,
      rule: (name, count, of) =>
        `Tagged by fixes of the rule “${name}”: ${n(count)} of ${customers(of)}`,
    },
    needAttention: 'Needs you',
    allQuiet: 'Nothing needs you.',
    overdueMark: 'overdue',
  },

  assessment: {
    month: (month) => {
      const [year = 0, number = 1] = month.split('-').map(Number);
      return new Intl.DateTimeFormat('en', {
        month: 'long',
        year: 'numeric',
        timeZone: 'UTC',
      }).format(Date.UTC(year, number - 1));
    },
    title: (month, name) => `Assessment for ${month} · ${name}`,
    status: (points) => (points === 0 ? 'No points' : counted(points, 'point')),
    lineStatus: (points) => `${counted(points, 'point')} of those you lead`,
    own: 'Your points',
    cause: {
      'claim-missed': 'Not claimed in time',
      'close-missed': 'Not closed in time',
      recurred: 'Came back after it was fixed',
    },
    at: { 'claim-missed': 'due', 'close-missed': 'due', recurred: 'came back' },
    points: (points) => counted(points, 'point'),
    monthBefore: (points) => `${points === 0 ? 'none' : counted(points, 'point')} the month before`,
    entries: 'Why',
    moreEntries: '… more in the console',
    warning: (id) => `Warning #${id}`,
    state: {
      standing: 'counts',
      contested: 'contested, counts until decided',
      upheld: 'contested and upheld',
      withdrawn: 'withdrawn, does not count',
    },
    line: 'Points of those you lead',
    lineTotal: 'All you lead',
    contested: (count) => `${n(count)} to decide`,
    none: 'Everything was claimed and closed in time, and stayed fixed.',
    contestBy: (date) =>
      `You can contest points until ${date} at the latest; they count until somebody decides.`,
    summary: (month, points) =>
      `Assessment for ${month}: ${points === 0 ? 'no points' : counted(points, 'point')}`,
    lineSummary: (month, points) =>
      `Assessment for ${month}: ${counted(points, 'point')} of those you lead`,
    contestedTitle: (name) => `${name} contests points`,
    contestedStatus: { contested: 'To decide', upheld: 'Upheld', withdrawn: 'Withdrawn' },
    person: 'Person',
    what: 'What for',
    reason: 'Why they contest',
    answer: 'Answer',
    decided: {
      upheld: (name, when) => `Upheld by ${name}, ${when}`,
      withdrawn: (name, when) => `Withdrawn by ${name}, ${when}`,
    },
    stillCounts: 'They count until somebody decides.',
    nothingToContest: 'You have no points to contest now. Say “assessment” to see your month.',
  },

  details: {
    title: (id) => `Warning #${id} in detail`,
    why: 'Why it matters',
    advice: 'What to do',
    resolutions: 'Ways to fix it',
    opened: 'Found',
    customers: 'Customers',
    tags: 'Tags',
    snoozes: 'Put off',
    snoozedTimes: (count) => counted(count, 'time'),
    ruleCode: 'Rule code',
    muted: 'Held back',
    mutedFindings: (count) =>
      `${counted(count, 'finding')} of other rules; those that are still there once this is solved are told then`,
  },

  flood: {
    title: {
      opened: (count) => `One scan opened ${counted(count, 'warning')} for you`,
      escalated: (count) => `Not dealt with in time: a batch of ${counted(count, 'warning')}`,
      claim: (count) => `To be claimed soon · a batch of ${counted(count, 'warning')}`,
      close: (count) => `To be closed soon · a batch of ${counted(count, 'warning')}`,
      repeat: (count) => `Still waiting · a batch of ${counted(count, 'warning')}`,
    },
    left: (count) => `${n(count)} left`,
    allClosed: 'All closed',
    allClosedWords: (count) => `All ${counted(count, 'warning')} are closed.`,
    standing: (standing, unclaimed) =>
      unclaimed === 0
        ? `${n(standing)} not closed yet, all of them claimed.`
        : `${n(standing)} not closed yet, ${n(unclaimed)} of them open to claim.`,
    bySeverity: 'Severity',
    firstClaimDue: 'First claim due',
    firstCloseDue: 'First close due',
    byRule: 'By rule',
    count: (count) => n(count),
    worst: 'Look at these first',
    more: (count) => `…and ${n(count)} more`,
    why: 'They are too many for a card each, so they come as one. Deadlines, reminders and escalation still count for each warning; the console has the whole list.',
  },

  history: {
    title: (id) => `History of warning #${id}`,
    requestTitle: (id) => `History of request #${id}`,
    empty: 'Nothing has happened yet.',
    list: 'Oldest first',
    status: (count) => counted(count, 'step'),
    earlier: (count) => `${n(count)} earlier ones are in the console.`,
    through: {
      slack: 'Slack',
      feishu: 'Feishu',
      inbox: 'inbox',
      console: 'console',
      api: 'API',
      cli: 'command line',
      system: 'system',
    },
    action: {
      'warning.opened': ({ customers: count }) =>
        `found the conflict${count === null ? '' : ` on ${customers(count)}`}`,
      'warning.claimed': () => 'claimed it',
      'warning.released': () => 'gave up the claim',
      'warning.claim-asked': () => 'asked the claimer: still on it?',
      'warning.claim-confirmed': () => 'is still on it',
      'warning.claim-expired': () => 'the claim ran out without an answer; open again',
      'warning.reassigned': ({ owner }) => `reassigned it${owner === null ? '' : ` to ${owner}`}`,
      'warning.snoozed': ({ until }) =>
        `put reminders off${until === null ? '' : ` until ${until}`}`,
      'warning.woke': () => 'reminders go on',
      'warning.automatic-fix-decided': ({ customers: count, decision }) =>
        `tried the automatic fix${count === null ? '' : `: ${customers(count)} would change`}${decision === 'fix' ? ', within the limits' : ', nothing changed'}`,
      'rule.auto-fix-turned-off': () => 'turned off the automatic fixes of a rule',
      'warning.fix-started': () => 'began a fix',
      'warning.fix-written': () => 'wrote the fix to the CRM and began the check',
      'warning.fixed-by-hand': () => 'fixed it in the CRM; the check began',
      'warning.verified': ({ customers: count }) =>
        count === null || count === 0
          ? 'finished the check'
          : `finished the check: ${customers(count)} left`,
      'warning.excepted': () => 'made it an exception',
      'warning.exception-prolonged': ({ exceptedUntil }) =>
        `Exception prolonged${exceptedUntil === null ? '' : ` until ${exceptedUntil}`}`,
      'warning.findings-changed': ({ customers: count }) =>
        `scanned again${count === null ? '' : `: now ${customers(count)}`}`,
      'warning.escalated': ({ escalatedTo }) =>
        `deadline missed: escalated${escalatedTo === null ? '' : ` to ${escalatedTo}`}`,
      'warning.escalated-now': ({ escalatedTo }) =>
        `escalated early${escalatedTo === null ? '' : ` to ${escalatedTo}`}`,
      'warning.rerouted': ({ escalatedTo }) =>
        `the people it was escalated to have left${escalatedTo === null ? '' : `: now with ${escalatedTo}`}`,
      'warning.handed-over': ({ owner }) =>
        `the shift changed${owner === null ? '' : `: now with ${owner}`}`,
      'warning.planned': ({ owner }) =>
        `worked out responders and deadlines again${owner === null ? '' : `; owner ${owner}`}`,
      'warning.closed': ({ reason }) =>
        `closed it${reason === null ? '' : `: ${reason.toLowerCase()}`}`,
      'warning.commented': () => 'commented',
      'warning.refused': () => 'was refused',
      'fix.refused': () => 'was refused a fix or an undo',
      'fix.undo-started': () => 'began the undo',
      'fix.written': () => 'finished writing the changes',
      'fix.undone': () => 'finished the undo',
      'fix.exported': () => 'exported what became of each customer',
      'request.submitted': () => 'made the request',
      'request.chair-asked': () => 'left it to the chair',
      'request.chair-decided': ({ ballot }) =>
        `decided as the chair${ballot === null ? '' : `: ${ballot}`}`,
      'request.voted': ({ ballot }) => `voted${ballot === null ? '' : `: ${ballot}`}`,
      'request.commented': () => 'commented on the request',
      'request.asked': () => 'asked the requester',
      'request.answered': () => 'answered a question',
      'request.item-begun': () => 'began to apply a change of a batch',
      'request.item-applied': () => 'applied a change of a batch',
      'request.item-failed': () => 'could not apply a change of a batch',
      'request.contradicted': () => 'asked for something that contradicts it',
      'request.rival-applied': () => 'was first with a request that contradicts it',
      'request.rival-over': () => 'no longer contradicts it: the other request is over',
      'request.withdrawn': () => 'withdrew it',
      'request.expired': () => 'lapsed for want of votes',
      'request.rejected': () => 'rejected',
      'request.approved': () => 'approved; being applied',
      'request.applied': () => 'applied',
      'request.failed': () => 'could not be applied',
      'tag.created': () => 'tag added to the dictionary',
      'tag.changed': () => 'tag changed',
      'tag.deprecated': () => 'tag deprecated',
      'tag.archived': () => 'tag archived',
      'tag.activated': () => 'tag put into use',
      'tag.restored': () => 'tag as before',
      'rule.created': () => 'rule added',
      'rule.changed': () => 'rule changed',
      'rule.restored': () => 'rule as before',
      'configuration.applied': () => 'applied a configuration',
      'person.sign-in-link-made': () => 'asked for a sign-in link',
      'person.preferences-set': () => 'changed their settings',
      'scan.started': () => 'started a scan',
      'source.rows-rejected': () => 'skipped malformed rows of a source',
      'person.signed-in': () => 'signed in',
      'door.refused': () => 'turned away a request that did not prove where it came from',
      'digest.created': () => 'made a digest',
    },
    comment: (text) => `“${text}”`,
  },

  help: {
    title: 'What Tagwarden can do',
    status: 'Help',
    intro: 'Write to me directly, or after the slash command',
    unknown: 'That was not clear to me; you can say',
    nearest: (words) => `That was not clear to me. Perhaps you mean “${words}”, or`,
    commands: [
      { verb: 'inbox', words: 'inbox', does: 'the warnings that need you now' },
      {
        verb: 'check',
        words: 'check C-10293 +Blacklist',
        does: 'before tagging: may this customer get this tag?',
      },
      { verb: 'check', words: 'check High value, Blacklist', does: 'whether tags go together' },
      { verb: 'search', words: 'search high value', does: 'find tags in the dictionary' },
      { verb: 'request', words: 'request', does: 'ask for a new tag or a merge' },
      { verb: 'scan', words: 'scan', does: 'scan now (data admins)' },
      {
        verb: 'assessment',
        words: 'assessment',
        does: 'your points of this month, and how to contest them',
      },
      { verb: 'contest', words: 'contest', does: 'contest points of yours' },
      { verb: 'digest', words: 'digest', does: 'your weekly digest, now (managers)' },
      {
        verb: 'quiet-hours',
        words: 'quiet hours 22:00-8:00',
        does: 'when not to disturb you; “quiet hours off” ends it',
      },
      { verb: 'language', words: 'language 中文', does: 'another language' },
      { verb: 'preferences', words: 'settings', does: 'language, quiet hours, email' },
      { verb: 'sign-in', words: 'sign in', does: 'a one-time link to the console' },
      { verb: 'help', words: 'help', does: 'this list' },
    ],
    otherLanguage:
      '也可以说中文：我的预警、检查、搜索、申请、扫描、考核、申诉、周报、免打扰、语言、设置、登录、帮助。',
  },

  inbox: {
    title: 'My warnings',
    status: (count, hasMore) => `${n(count)}${hasMore ? '+' : ''}`,
    item: (count, state, due) => `${customers(count)}, ${state.toLowerCase()}, ${due}`,
    more: 'There are more; see the console',
    list: 'Most urgent first',
  },

  check: {
    hiddenRule: 'A rule about a sensitive tag',
    hiddenAdvice: 'Ask the data admin; the tag is visible only to its departments.',
    title: (subject, add) => (add === null ? `Check ${subject}` : `Check ${subject} + ${add}`),
    allowed: 'Go ahead',
    refused: 'Better not',
    conflicts: 'Conflicts',
    allowedWords: (add) =>
      add === null ? 'No conflict.' : `“${add}” can be added; it brings no new conflict.`,
    alreadyThere: 'Conflicts this customer has already',
    refusedWords: (add) => `Better not add “${add}” yet:`,
    findings: 'Conflicts',
    adviceWords: (advice) => `Advice: ${advice}`,
  },

  search: {
    title: (text) => `Search “${text}”`,
    status: (count) => counted(count, 'tag'),
    list: 'Tags',
    item: (count, status, owner) => `${customers(count)}, ${status}, owner ${owner}`,
  },

  signIn: {
    title: 'Sign in to the console',
    status: 'One-time link',
    text: (until) =>
      `This link is for you alone, works once and until ${until}. Please do not pass it on.`,
    link: 'Open the console',
  },

  channel: {
    more: 'More actions',
    open: 'Open in the console',
    cancel: 'Cancel',
    cancelled: 'Cancelled; nothing was changed.',
    close: 'Close',
    openForm: 'Open the form',
    replaced: 'This card became too old to be changed; the newest one stands below.',
    olderStands:
      'An older card of this still stands above; nobody can change it or take it back any more. This one counts.',
    outdated: 'This button or form is out of date. Use the newest card.',
    choose: 'Choose one',
    search: 'Type to search',
    orTyped: 'Not in the list? Write it here',
    optional: 'optional',
    loading: 'Opening…',
    working: 'Working on it…',
    cut: 'There is more than fits here; see the console for all of it.',
    emailWhy:
      'Tagwarden writes to you because email is among your channels; choose under Settings in the console. Replies are not processed.',
    emailEnd: 'No more emails',
    notLinked: (userId) =>
      `Hello, I am Tagwarden: I find conflicting customer tags and bring them to whoever owns them; tags can be requested and checked here too. Your account (${userId}) is not linked to anybody in Tagwarden yet. If your work email is on record, confirm this account in the console under Settings, or ask a data admin to confirm it under People; if it is not, send this id to a data admin. Once linked, say “help” to begin.`,
    kept: 'Your action is kept. The system does not answer right now; it will be done as soon as it does, and you will hear here. No need to click again.',
    givenUp: (when) =>
      `What you did ${when} could not be done: the system did not answer for too long. Please try again on the newest card.`,
    notTaken:
      'The system does not answer right now and could not take this. Please try again in a moment.',
    failed: (reference) =>
      `Something went wrong and this may not have been done. Try again in a moment; if it keeps failing, give an admin the reference ${reference}.`,
  },

  summary: {
    warning: (severity, rule, affected, status) =>
      `${severity}: ${rule}, ${affected === null ? '' : `${affected}, `}${status.toLowerCase()}`,
    claimDue: (at) => `claim by ${at}`,
    closeDue: (at) => `close by ${at}`,
  },
};

/** 2nd, 3rd, 11th. */
function ordinal(count: number): string {
  const endings = { one: 'st', two: 'nd', few: 'rd' } as const;
  const rule = new Intl.PluralRules('en', { type: 'ordinal' }).select(count);
  const ending = Object.entries(endings).find(([name]) => name === rule)?.[1] ?? 'th';
  return `${count}${ending}`;
}
