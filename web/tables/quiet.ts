import { hiddenRuleCodes } from '../../bot/visibility.ts';
import { readAssessment } from '../../commands/read-assessment.ts';
import { listExceptions, listSilences } from '../../db/stores/silences.ts';
import { isInForce, type Silence } from '../../domain/silence.ts';
import { visibleExceptions } from '../exceptions.tsx';
import { assessmentQuerySchema } from '../pages/assessment.tsx';
import { visibleSilences } from '../visibility.ts';
import { personName } from '../words.ts';
import { allAtOnce, countCell, instantCell, tableOf, type OpenTable } from './table.ts';

const linesMax = 100_000;

/** Silences, past ones too. */
export const openSilences: OpenTable = ({ dependencies, visitor, knowledge }) => {
  const { texts, locale } = visitor;
  const words = texts.silences;
  const { people, dictionary } = knowledge;
  const rule = ({ ruleCode }: Silence) =>
    dictionary.rules.find(({ code }) => code === ruleCode)?.name[locale] ?? ruleCode ?? '';
  const state = (silence: Silence) => {
    if (silence.endedBy !== null) {
      return words.endedBy(personName(silence.endedBy, people, visitor));
    }
    return isInForce(silence, visitor.nowMs) ? words.inForce : words.over;
  };
  return tableOf(
    [
      ['#', ({ id }) => String(id)],
      [words.severity, ({ severity }) => (severity === null ? '' : texts.severity[severity])],
      [words.rule, rule],
      [words.tag, ({ tagCode }) => tagCode ?? ''],
      [words.reason, ({ reason }) => reason],
      [words.by, ({ createdBy }) => personName(createdBy, people, visitor)],
      [words.endsOn, ({ untilMs }) => instantCell(untilMs, visitor)],
      [words.state, state],
    ],
    allAtOnce(async () =>
      visibleSilences(await listSilences(dependencies.database.query, linesMax), knowledge),
    ),
  );
};

/** Exceptions that are in force. */
export const openExceptions: OpenTable = ({ dependencies, visitor, knowledge }) => {
  const { locale, nowMs } = visitor;
  const words = visitor.texts.silences;
  const { people, dictionary } = knowledge;
  return tableOf(
    [
      [
        words.rule,
        ({ ruleCode }) =>
          dictionary.rules.find(({ code }) => code === ruleCode)?.name[locale] ?? ruleCode,
      ],
      [
        words.tag,
        ({ firstTagCode, secondTagCode }) =>
          [firstTagCode, secondTagCode].filter((code) => code !== null).join(' × '),
      ],
      [words.reason, ({ reason }) => reason],
      [words.customers, ({ customers }) => (customers === 0 ? '' : countCell(customers))],
      [words.by, ({ grantedBy }) => personName(grantedBy, people, visitor)],
      [words.endsOn, ({ untilMs }) => instantCell(untilMs, visitor)],
      [
        words.from,
        ({ warningId, requestId }) => {
          if (warningId !== null) return words.warning(String(warningId));
          return requestId === null ? '' : words.request(String(requestId));
        },
      ],
    ],
    allAtOnce(async () =>
      visibleExceptions(
        await listExceptions(dependencies.database.query, { nowMs }, linesMax),
        knowledge,
      ),
    ),
  );
};

/** The points of a month, entry by entry. */
export const openAssessment: OpenTable = ({ dependencies, visitor, knowledge, query: asked }) => {
  const { month, person: personCode } = assessmentQuerySchema.parse(asked);
  const { texts } = visitor;
  const words = texts.assessment;
  const secretRules = hiddenRuleCodes(knowledge);
  const actor = { person: visitor.person, through: 'console' } as const;
  return tableOf(
    [
      ['#', ({ id }) => String(id)],
      [words.person, (line) => personName(line.personCode, knowledge.people, visitor)],
      [texts.people.department, (line) => departmentOf(line.personCode)],
      [words.why, ({ cause }) => words.cause[cause]],
      [texts.warnings.severity, ({ severity }) => texts.severity[severity]],
      [texts.warnings.warning, ({ warningId }) => String(warningId)],
      [
        texts.warnings.ruleFilter,
        ({ ruleCode }) => (secretRules.has(ruleCode) ? texts.common.none : ruleCode),
      ],
      [words.when, ({ atMs }) => instantCell(atMs, visitor)],
      [words.points, ({ points }) => countCell(points)],
      [words.state, ({ state }) => words.states[state.kind]],
    ],
    allAtOnce(async () => {
      const input = { month, personCode, pointsMax: linesMax };
      return (await readAssessment(dependencies.context, actor, input)).points;
    }),
  );

  function departmentOf(code: string): string {
    const department = knowledge.people.get(code)?.departmentCode ?? '';
    return knowledge.departments.get(department)?.name[visitor.locale] ?? department;
  }
};
