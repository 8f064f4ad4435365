import type {
  ChangeOutcome,
  Connector,
  CustomerChange,
  SourceCustomer,
  SourceTag,
} from '../../crm/connector.ts';

/** A CRM in memory that keeps the port's promises; each fault happens once, a refused password stays refused. */
export interface FakeCrm extends Connector {
  /** Tags by customer ref. */
  readonly customers: Map<string, Set<string>>;
  /** Changes that were really made, in order. */
  readonly written: readonly CustomerChange[];
  /** Refs of customers the CRM refuses to change. */
  readonly refused: Set<string>;
  fail: 'before-write' | 'after-write' | 'auth' | null;
}

const meanings: Readonly<Record<string, string>> = { HV: 'high-value', BL: 'blacklisted' };

function describeTag(tagRef: string): SourceTag {
  return { tagRef, name: tagRef, meaning: { kind: 'code', value: meanings[tagRef] ?? tagRef } };
}

export function createFakeCrm(customers: Readonly<Record<string, readonly string[]>>): FakeCrm {
  const state = new Map(Object.entries(customers).map(([ref, tags]) => [ref, new Set(tags)]));
  const written: CustomerChange[] = [];

  function apply(change: CustomerChange): ChangeOutcome {
    const { customerRef } = change;
    const tags = state.get(customerRef);
    if (tags === undefined) return { kind: 'changed-meanwhile', customerRef };
    const isSo =
      change.addTagRefs.every((ref) => tags.has(ref)) &&
      !change.removeTagRefs.some((ref) => tags.has(ref));
    if (isSo) return { kind: 'already-so', customerRef };
    const expected = new Set(change.expectedTagRefs);
    if (expected.size !== tags.size || [...tags].some((ref) => !expected.has(ref))) {
      return { kind: 'changed-meanwhile', customerRef };
    }
    if (crm.refused.has(customerRef)) {
      return { kind: 'refused', customerRef, why: 'The record is locked.' };
    }
    for (const ref of change.removeTagRefs) tags.delete(ref);
    for (const ref of change.addTagRefs) tags.add(ref);
    written.push(change);
    return { kind: 'changed', customerRef };
  }

  const crm: FakeCrm = {
    customers: state,
    written,
    refused: new Set(),
    fail: null,
    capabilities: {
      readChanges: false,
      write: true,
      atomicCompareAndSet: true,
      batchCustomersMax: 100,
      customersPerSecondMax: null,
    },
    attributeCodes: [],
    readTags: async () => Object.keys(meanings).map(describeTag),
    describeTag,
    readAll: async () => ({ cursor: '', batches: (async function* () {})() }),
    readChanges: async function* () {},
    readCustomers: async (refs) => ({
      customers: refs.flatMap((ref): SourceCustomer[] => {
        const tags = state.get(ref);
        if (tags === undefined) return [];
        const assignments = [...tags].map((tagRef) => ({
          tagRef,
          sinceSeconds: null,
          actor: null,
          importName: null,
        }));
        return [{ ref, name: ref, attributes: {}, assignments }];
      }),
      removedRefs: refs.filter((ref) => !state.has(ref)),
      rejected: [],
    }),
    applyChanges: async (changes) => {
      const fault = crm.fail;
      if (fault === 'auth') throw connectorError('auth', 'The CRM refuses the password.');
      crm.fail = null;
      if (fault === 'before-write') throw connectorError('unreachable', 'The CRM is away.');
      const outcomes = changes.map(apply);
      if (fault === 'after-write') throw connectorError('unreachable', 'The line broke.');
      return outcomes;
    },
    close: async () => {},
  };
  return crm;
}

function connectorError(kind: 'auth' | 'unreachable', message: string): Error {
  return Object.assign(new Error(message), { name: 'ConnectorError', kind });
}
