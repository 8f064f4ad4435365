import { Temporal } from 'temporal-polyfill';
import { assertNever } from '../domain/assert-never.ts';
import { membersOnDuty, type Duty, type Presence, type Rotation } from '../domain/duty.ts';
import type { Escalation } from '../domain/escalation.ts';
import { departmentRoles, holdsOver, isAbsent, type Person, type Role } from '../domain/person.ts';
import type { EscalationTarget } from '../domain/policy.ts';
import type { Warning } from '../domain/warning.ts';
import type { DeadlinePlan } from '../workflows/messages.ts';
import { instantOf } from './working-time.ts';

const dayMs = 86_400_000;
/** A step to a role that many have reaches this many of them, by code. */
const peoplePerStepMax = 20;

/** Who works here, and the duties they share. */
export interface Company {
  readonly people: ReadonlyMap<string, Person>;
  readonly duties: readonly Duty[];
}

/** Whom a step of the policy reaches at an instant; whoever is away brings their deputy. Empty: nobody. */
export function peopleOfStep(
  to: EscalationTarget,
  context: { readonly warning: Warning; readonly company: Company; readonly atMs: number },
): readonly string[] {
  const { warning, company, atMs } = context;
  const { people, duties } = company;
  const withDeputy = (...codes: readonly (string | null)[]) => {
    const person = codes.flatMap((code) => activePerson(code, people) ?? [])[0];
    if (person === undefined) return [];
    const deputy = isAbsent(person, atMs) ? activePerson(person.deputyCode, people) : null;
    return deputy === null ? [person.code] : [person.code, deputy.code];
  };
  const owner = people.get(warning.ownerCode);
  const secondLine = owner === undefined ? warning.secondLineCode : owner.secondLineCode;
  const manager = owner === undefined ? warning.managerCode : owner.managerCode;
  switch (to.kind) {
    case 'second-line':
      return withDeputy(secondLine, manager);
    case 'manager':
      return withDeputy(manager, secondLine);
    case 'person':
      return withDeputy(to.code);
    case 'role':
      return [...people.values()]
        .filter((person) => person.status === 'active' && hasRoleFor(person, to.role, owner))
        .map((person) => person.code)
        .sort()
        .slice(0, peoplePerStepMax);
    case 'duty': {
      const duty = duties.find(({ code }) => code === to.code);
      return duty === undefined ? [] : onDuty(duty, { people, atMs, turn: warning.id });
    }
    case 'group':
      return [];
    default:
      return assertNever(to);
  }
}

function hasRoleFor(person: Person, role: Role, owner: Person | undefined): boolean {
  const ofDepartment = departmentRoles.find((one) => one === role);
  return ofDepartment === undefined
    ? person.roles.includes(role)
    : holdsOver(person, ofDepartment, owner);
}

/** Who has a duty at an instant. `turn` counts warnings for a duty whose members take them in turn. */
export function onDuty(
  duty: Duty,
  context: {
    readonly people: ReadonlyMap<string, Person>;
    readonly atMs: number;
    readonly turn: number;
  },
): readonly string[] {
  const { people, atMs, turn } = context;
  const shift = duty.rotation.kind === 'shifts' ? shiftAt(duty.rotation, atMs).number : turn;
  return membersOnDuty(duty, shift, (code): Presence => {
    const person = people.get(code);
    if (person === undefined || person.status === 'left') return 'left';
    return isAbsent(person, atMs) ? 'away' : 'here';
  });
}

/** Shifts are counted from 0 at the first one's beginning; before it they are negative. */
export function shiftAt(
  rotation: Extract<Rotation, { kind: 'shifts' }>,
  atMs: number,
): { readonly number: number; readonly untilMs: number } {
  const { startsOn, handOverMinute, timeZone } = rotation;
  const days = rotation.every === 'day' ? 1 : 7;
  const start = Temporal.PlainDate.from(startsOn);
  const today = Temporal.Instant.fromEpochMilliseconds(atMs)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
  const isBeforeHandOver = atMs < instantOf(today, handOverMinute, timeZone);
  const since = start.until(today, { largestUnit: 'day' }).days - (isBeforeHandOver ? 1 : 0);
  const number = Math.floor(since / days);
  const next = start.add({ days: (number + 1) * days });
  return { number, untilMs: instantOf(next, handOverMinute, timeZone) };
}

/** A new owner brings their own second line and manager. */
export function responders(
  warning: Warning,
  owner: Person | null,
  people: ReadonlyMap<string, Person>,
): Pick<DeadlinePlan, 'secondLineCode' | 'managerCode'> {
  if (owner === null) {
    return { secondLineCode: warning.secondLineCode, managerCode: warning.managerCode };
  }
  return {
    secondLineCode: activePerson(owner.secondLineCode, people)?.code ?? null,
    managerCode: activePerson(owner.managerCode, people)?.code ?? null,
  };
}

/** The member who has the turn of the owner's duty now; null where the owner has it or somebody has claimed it. */
export function handOverTo(warning: Warning, company: Company, nowMs: number): string | null {
  const duty = company.duties.find(({ code }) => code === warning.dutyCode);
  if (duty === undefined || warning.state.kind !== 'open') return null;
  const owner = company.people.get(warning.ownerCode);
  const isHere = owner !== undefined && owner.status === 'active' && !isAbsent(owner, nowMs);
  // In turns by warning the owner keeps it while here; a shift ends for everybody.
  if (isHere && duty.rotation.kind !== 'shifts') return null;
  const [next] = onDuty(duty, { people: company.people, atMs: nowMs, turn: warning.id });
  return next === undefined || next === warning.ownerCode ? null : next;
}

/** The steps taken, with new people where everybody of a step has left; null where nothing changes. */
export function reroutedEscalations(
  warning: Warning,
  company: Company,
  nowMs: number,
): readonly Escalation[] | null {
  const works = (code: string) => activePerson(code, company.people) !== null;
  let isChanged = false;
  const rerouted = warning.escalations.map((taken) => {
    if (taken.personCodes.some(works)) return taken;
    const personCodes = peopleOfStep(taken.to, { warning, company, atMs: nowMs });
    if (personCodes.length === 0) return taken;
    isChanged = true;
    return { ...taken, personCodes };
  });
  return isChanged ? rerouted : null;
}

/** When somebody's absence begins or ends or a shift changes; at the latest a day from now. */
export function nextLookAtMs(warning: Warning, company: Company, nowMs: number): number {
  const { people, duties } = company;
  const edges = (people.get(warning.ownerCode)?.absences ?? [])
    .flatMap((absence) => [absence.fromMs, absence.untilMs])
    .filter((edgeMs) => edgeMs > nowMs);
  const duty = duties.find(({ code }) => code === warning.dutyCode);
  const shiftEnd = duty?.rotation.kind === 'shifts' ? [shiftAt(duty.rotation, nowMs).untilMs] : [];
  return Math.min(nowMs + dayMs, ...edges, ...shiftEnd);
}

function activePerson(code: string | null, people: ReadonlyMap<string, Person>): Person | null {
  const person = code === null ? undefined : people.get(code);
  return person === undefined || person.status === 'left' ? null : person;
}
