import type { Texts } from './zh-cn.ts';

const numbers = new Intl.NumberFormat('en');
const n = (value: number) => numbers.format(value);
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
  listSeparator: ', ',
  clauseSeparator: ', ',
  colon: ': ',
  parentheses: (text) => ` (${text})`,
  customers,
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
    proposed: 'requested',
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
      advice: ({ direction }) =>
        direction === 'missing'
          ? 'Add the tag; if the data is wrong, mend the data first.'
          : 'Remove the tag; if the data is wrong, mend the data first.',
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
  },

  resolution: {
    'keep-first': ({ first, second }) => `keep ${first}, remove ${second}`,
    'keep-second': ({ first, second }) => `keep ${second}, remove ${first}`,
    remove: ({ first }) => `remove ${first}`,
    replace: ({ first, successor }) => `replace ${first} by ${successor}`,
    add: ({ first }) => `add ${first}`,
    'keep-strongest': () => 'keep only each customer’s strongest tag',
    'remove-weakest': () => 'remove the weakest tags down to the limit',
  },
  resolutionByCustomer: 'decided customer by customer',
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
    causeImport: (name, count, of) => `${n(count)} of ${n(of)} came with the import “${name}”`,
    causeActor: (name, count, of) => `${n(count)} of ${n(of)} were tagged by ${name}`,
    escalated: (reason, role, name) => `${reason}: now with the ${role}, ${name}.`,
    escalatedUnclaimed: (owner) => `Not claimed in time by ${owner}`,
    escalatedUnclosed: 'Not closed in time',
    escalatedLeft: (owner) => `${owner} has left`,
    escalatedPlain: 'Escalated',
    snoozedUntil: (until) => `Snoozed: the next reminder comes ${until}; the deadlines stay.`,
    fixing: (by, choice) => `${by} is fixing this: ${choice}.`,
    fixProgress: (done, of) => `${n(done)} of ${n(of)} done.`,
    verifying: (by) =>
      `${by} has submitted a fix; these customers are being read from the CRM and checked again.`,
    lastFix: 'Last fix',
    undoing: (by) => `${by} is undoing the fix; the changed customers get their tags back.`,
    leftAlone: 'Customers left as they are',
    changedMeanwhile: 'changed during the fix, so left alone',
    refused: 'the CRM refused the change',
    stillOpen: 'They stay in this warning.',
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
    release: 'Give up claim',
    releaseOther: (by) => `Lift ${by}’s claim`,
    fix: 'Fix…',
    fixedByHand: 'Fixed in the CRM',
    dismiss: 'Not a conflict…',
    except: 'Make an exception…',
    snooze: 'Remind me later…',
    reassign: 'Reassign…',
    comment: 'Comment…',
    details: 'Details',
    history: 'History',
    undo: 'Undo fix',
    approve: 'Approve…',
    reject: 'Reject…',
    abstain: 'Abstain…',
    withdraw: 'Withdraw',
    newRequest: 'Request a tag…',
    inbox: 'My warnings',
    confirmYes: 'OK',
  },
  confirm: {
    undo: {
      title: 'Undo this fix?',
      text: 'Only customers that have not changed since are restored; the conflict opens a warning again.',
      yes: 'Undo fix',
    },
    release: {
      title: 'Give up the claim?',
      text: 'The warning is open to claim again; its deadlines stay.',
      yes: 'Give up',
    },
    fixedByHand: {
      title: 'Already fixed in the CRM?',
      text: 'Tagwarden reads these customers again right away and closes the warning only if all are clean.',
      yes: 'Check now',
    },
    withdraw: {
      title: 'Withdraw the request?',
      text: 'Voting ends at once and nothing changes.',
      yes: 'Withdraw',
    },
  },

  channel: {
    more: 'More actions',
    open: 'Open in the console',
    cancel: 'Cancel',
    close: 'Close',
    openForm: 'Open the form',
    outdated: 'This button or form is out of date. Use the newest card.',
    choose: 'Choose one',
    optional: 'optional',
    loading: 'Opening…',
    working: 'Working on it…',
    cut: 'There is more than fits here; see the console for all of it.',
    notLinked: (userId) =>
      `Your account (${userId}) is not linked to anybody in Tagwarden yet. Send this id to a data admin, who can add it to your record.`,
    failed: (reference) =>
      `Something went wrong and this may not have been done. Try again in a moment; if it keeps failing, give an admin the reference ${reference}.`,
  },

  summary: {
    warning: (severity, rule, count, status) =>
      `${severity}: ${rule}, ${count === 0 ? '' : `${customers(count)}, `}${status.toLowerCase()}`,
    claimDue: (at) => `claim by ${at}`,
    closeDue: (at) => `close by ${at}`,
  },
};
