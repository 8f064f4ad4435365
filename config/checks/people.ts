import { problemAt, type Draft, type Entry } from '../draft.ts';
import { momentMs } from '../moments.ts';
import type { ConfigurationProblem } from '../problem.ts';
import {
  weekdays,
  type CalendarEntry,
  type DepartmentEntry,
  type PersonEntry,
} from '../schema/people.ts';
import { calendarOf, toMinuteRange } from '../translate.ts';
import { departmentExpected, missing, missingColleague, present } from './reference.ts';

/** What people.yaml says of people, calendars and each other. */
export function peopleProblems(draft: Draft): readonly ConfigurationProblem[] {
  return [
    ...draft.calendars.entries.flatMap(calendarProblems),
    ...draft.departments.entries.flatMap((entry) => departmentProblems(draft, entry)),
    ...draft.people.entries.flatMap((entry) => personProblems(draft, entry)),
    ...dataAdminProblems(draft),
  ];
}

function calendarProblems(entry: Entry<CalendarEntry>): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  let ranges = 0;
  for (const day of weekdays) {
    const texts = entry.value.week[day] ?? [];
    let untilMinute = 0;
    for (const [index, text] of texts.entries()) {
      const range = toMinuteRange(text);
      ranges += 1;
      if (range.fromMinute >= range.untilMinute) {
        problems.push(
          problemAt(entry, ['week', day, index], { expected: 'hours that end after they begin' }),
        );
      } else if (range.fromMinute < untilMinute) {
        problems.push(
          problemAt(entry, ['week', day, index], {
            expected: 'hours in order, without an overlap with those before',
          }),
        );
      }
      untilMinute = Math.max(untilMinute, range.untilMinute);
    }
  }
  if (ranges === 0) {
    problems.push(
      problemAt(entry, ['week'], {
        found: 'no working hours',
        expected: 'working hours on at least one day',
      }),
    );
  }
  return problems;
}

const calendarExpected = 'the code of a calendar in people.yaml';

function departmentProblems(
  draft: Draft,
  entry: Entry<DepartmentEntry>,
): readonly ConfigurationProblem[] {
  const { calendar, parent } = entry.value;
  return present([
    missing({ entry, path: ['calendar'], code: calendar }, draft.calendars, calendarExpected),
    missing({ entry, path: ['parent'], code: parent }, draft.departments, departmentExpected),
  ]);
}

/** Roles for some departments: those there are, and none that the person has for all of them already. */
function roleProblems(draft: Draft, entry: Entry<PersonEntry>): readonly ConfigurationProblem[] {
  const { roles } = entry.value;
  return roles.flatMap((grant, index) => {
    if (typeof grant === 'string') return [];
    const { role, departments } = grant;
    return present([
      roles.includes(role)
        ? problemAt(entry, ['roles', index], {
            expected: `${role} once: by itself it holds for every department already`,
          })
        : null,
      ...departments.map((code, at) =>
        missing(
          { entry, path: ['roles', index, 'departments', at], code },
          draft.departments,
          departmentExpected,
        ),
      ),
    ]);
  });
}

/** A department that is unknown is a problem of its own. */
function lacksCalendar(draft: Draft, person: PersonEntry): boolean {
  return calendarOf(draft, person) === undefined && draft.departments.byCode.has(person.department);
}

function personProblems(draft: Draft, entry: Entry<PersonEntry>): readonly ConfigurationProblem[] {
  const { value } = entry;
  const problems = present([
    missing(
      { entry, path: ['department'], code: value.department },
      draft.departments,
      departmentExpected,
    ),
    missing({ entry, path: ['calendar'], code: value.calendar }, draft.calendars, calendarExpected),
    lacksCalendar(draft, value)
      ? problemAt(entry, ['calendar'], {
          expected: `${calendarExpected}, or one of the department`,
        })
      : null,
    ...(['manager', 'secondLine', 'deputy'] as const).map((field) => {
      const reference = { entry, path: [field], code: value[field] };
      return value.status === 'left'
        ? missing(reference, draft.people, 'the code of a person in people.yaml')
        : missingColleague(draft, reference);
    }),
  ]);
  return [...problems, ...roleProblems(draft, entry), ...absenceProblems(draft, entry)];
}

function absenceProblems(draft: Draft, entry: Entry<PersonEntry>): readonly ConfigurationProblem[] {
  const { value } = entry;
  const calendar = draft.calendars.byCode.get(calendarOf(draft, value) ?? '');
  const timeZone = value.timeZone ?? calendar?.timeZone ?? 'UTC';
  return (value.absences ?? []).flatMap((absence, index) =>
    momentMs(absence.from, timeZone) < momentMs(absence.backOn, timeZone)
      ? []
      : [
          problemAt(entry, ['absences', index, 'backOn'], {
            expected: `a time after the absence begins (${absence.from})`,
          }),
        ],
  );
}

/** Tags that nobody owns have to land with somebody. */
function dataAdminProblems(draft: Draft): readonly ConfigurationProblem[] {
  const [first] = draft.people.entries;
  const someAreBroken = draft.people.entries.length !== draft.people.codes?.size;
  const hasAdmin = draft.people.entries.some(
    ({ value }) => value.status !== 'left' && value.roles.includes('data-admin'),
  );
  if (first === undefined || someAreBroken || hasAdmin) return [];
  return [
    problemAt({ ...first, path: ['people'] }, [], {
      found: 'nobody with the role data-admin',
      expected: 'at least one, who still works here',
    }),
  ];
}
