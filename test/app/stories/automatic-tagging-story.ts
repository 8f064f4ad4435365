import { describe, expect, test } from 'vitest';
import { until, type System } from '../../support/system.ts';

const ruleCode = 'overdue-missing';
const tagName = '逾期客户';
const owner = 'he-jun';
/** More customers at once are left to a person. */
const customersMax = 4;
const members = ['han-meimei', 'zhao-jing', 'qian-xue'];

interface Seen {
  readonly id: number;
  readonly state: { readonly kind: string; readonly reason: string | null };
  readonly customers: number;
}

/** A rule of criteria goes from suggestions to tagging by itself; on a system whose customers are scanned already. */
export function describeAutomaticTagging(systemOf: () => System): void {
  describe('A rule tags by criteria, first by suggestion, then by itself', () => {
    let suggested: Seen;
    let itself: Seen;
    let few: readonly string[] = [];

    const system = () => systemOf();
    const warnings = async (): Promise<readonly Seen[]> => {
      const api = await system().api(owner);
      const { body } = await api('GET', `/warnings?rule=${ruleCode}&limit=50`);
      return (body as { readonly warnings: readonly Seen[] }).warnings;
    };
    const warningThat = async (what: string, isSo: (seen: Seen) => boolean): Promise<Seen> => {
      const found = await until(`a warning of ${ruleCode} ${what}`, warnings, (all) =>
        all.some(isSo),
      );
      const [one] = found.filter(isSo);
      if (one === undefined) throw new Error('There is none.');
      return one;
    };
    const isClosed = ({ state }: Seen) => state.kind === 'closed';
    const lacking = async (): Promise<readonly string[]> => {
      const rows = await system().crm<{ id: string }[]>`
        select id::text as id from crm.customer
        where overdue_days >= 30 and not exists (
          select from crm.customer_tag c join crm.tag t on t.id = c.tag_id
          where c.customer_id = customer.id and t.name = ${tagName})
        order by id`;
      return rows.map(({ id }) => id);
    };
    /** So many customers who are not overdue become so in the CRM. */
    const fallOverdue = async (count: number): Promise<readonly string[]> => {
      const rows = await system().crm<{ id: string }[]>`
        update crm.customer set overdue_days = 45 where id in (
          select id from crm.customer where overdue_days = 0 and not exists (
            select from crm.customer_tag c join crm.tag t on t.id = c.tag_id
            where c.customer_id = customer.id and t.name = ${tagName})
          order by id limit ${count})
        returning id::text as id`;
      return rows.map(({ id }) => id).toSorted();
    };
    const decisionOn = async (id: number): Promise<string | null> => {
      const [row] = await system().database.sql<{ decision: string | null }[]>`
        select automatic_fix ->> 'decision' as decision from warning where id = ${id}`;
      return row?.decision ?? null;
    };
    const cardOn = async (id: number): Promise<string> =>
      (await (await system().browser(owner)).get(`/warnings/${id}`)).text();

    test('suggested: its owner hears who should have the tag, and nothing is put on', async () => {
      const expected = await lacking();
      expect(expected.length).toBeGreaterThan(0);
      suggested = await warningThat('is open', ({ state }) => state.kind === 'open');
      expect(suggested.customers).toBe(expected.length);
      expect(await decisionOn(suggested.id)).toBeNull();
    });

    test('the committee sees what it would do and turns it automatic; what was open stays with its owner', async () => {
      const admin = await system().api('hu-bin');
      const asked = await admin('POST', '/requests', {
        proposal: {
          kind: 'change-rule',
          rule: {
            code: ruleCode,
            name: '逾期客户漏打标签',
            nameEn: 'Overdue but not tagged',
            kind: 'criteria',
            severity: 'high',
            tag: 'overdue',
            direction: 'missing',
            autoFix: { mode: 'automatic', customersMax, shareMax: 1 },
          },
        },
        reason: '连续两周全部属实',
      });
      expect(asked).toMatchObject({ status: 201 });
      const { id } = asked.body as { readonly id: number };
      await until(
        'the request has its back-test',
        async () => (await admin('GET', `/requests/${id}`)).body as { readonly backTest: unknown },
        ({ backTest }) => backTest !== null,
      );
      expect((await admin('GET', `/requests/${id}`)).body).toMatchObject({
        backTest: { flagged: suggested.customers, flaggedAnew: 0, noLongerFlagged: 0 },
      });
      for (const code of members) {
        const api = await system().api(code);
        await api('POST', `/requests/${id}/votes`, { ballot: 'approve', comment: '' });
      }
      await until(
        'the rule is automatic',
        () => system().database.sql<{ mode: string | null }[]>`
          select body #>> '{autoFix,mode}' as mode from rule where code = ${ruleCode}`,
        ([rule]) => rule?.mode === 'automatic',
      );
      await system().scan();
      expect(await lacking()).toHaveLength(suggested.customers);
      expect(await decisionOn(suggested.id)).toBeNull();
    });

    test('accepted: the owner has the tag put on, and the scan verifies it', async () => {
      const api = await system().api(owner);
      const fixed = await api('POST', `/warnings/${suggested.id}/fix`, {
        choice: { kind: 'recommended' },
      });
      expect(fixed).toMatchObject({ status: 200 });
      const closed = await warningThat(
        'is fixed',
        (one) => isClosed(one) && one.id === suggested.id,
      );
      expect(closed.state.reason).toBe('fixed');
      expect(await lacking()).toEqual([]);
    });

    test('automatic: within its limits it writes the tag, verifies and says so', async () => {
      few = await fallOverdue(3);
      expect(await lacking()).toEqual(few);
      await system().scan();
      itself = await warningThat('is fixed', (one) => isClosed(one) && one.id > suggested.id);
      expect(itself.state.reason).toBe('fixed');
      expect(await lacking()).toEqual([]);
      expect(await decisionOn(itself.id)).toBe('fix');
      const [trail] = await system().database.sql<{ actions: readonly string[] }[]>`
        select array_agg(action order by id) as actions from audit_row
        where subject_kind = 'warning' and subject_id = ${String(itself.id)}`;
      expect(trail?.actions).toContain('warning.automatic-fix-decided');
      const api = await system().api(owner);
      expect((await api('GET', `/warnings/${itself.id}`)).body).toMatchObject({
        fix: { requestedBy: 'Tagwarden', counts: { changed: few.length } },
      });
    });

    test('beyond its limits it leaves everything to its owner, and the card says why', async () => {
      const many = await fallOverdue(customersMax + 1);
      await system().scan();
      const left = await warningThat('is left', ({ state }) => state.kind === 'open');
      await until(
        'it is decided',
        () => decisionOn(left.id),
        (decision) => decision !== null,
      );
      expect(await decisionOn(left.id)).toBe('too-many');
      expect(await lacking()).toEqual(many);
      expect(await cardOn(left.id)).toContain(`上限是 ${customersMax} 位`);
      const api = await system().api(owner);
      await api('POST', `/warnings/${left.id}/fix`, { choice: { kind: 'recommended' } });
      await warningThat('is fixed by hand', (one) => isClosed(one) && one.id === left.id);
    });

    test('undone: the tag goes again, and the rule leaves it to people from then on', async () => {
      const api = await system().api(owner);
      expect(await api('POST', `/warnings/${itself.id}/undo`)).toMatchObject({ status: 200 });
      await until('the tag is off again', lacking, (ids) => ids.join() === few.join());
      const anew = await warningThat('warns anew', ({ state }) => state.kind === 'open');
      await until(
        'it is decided',
        () => decisionOn(anew.id),
        (decision) => decision !== null,
      );
      expect(await decisionOn(anew.id)).toBe('taken-back');
      await system().scan();
      expect(await lacking()).toEqual(few);
    });
  });
}
