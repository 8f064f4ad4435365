import type { Deadline } from '../../domain/deadline.ts';
import type { Escalation } from '../../domain/escalation.ts';
import { nameIn, personName } from '../texts/texts.ts';
import type { WarningView } from '../views.ts';
import type { Pen } from './context.ts';

type Target = Pick<Escalation, 'to' | 'personCodes'>;

const namesMax = 3;

/** To whom a step of escalation goes, such as 二级响应人 韩梅梅. */
export function targetWords({ to, personCodes }: Target, view: WarningView, pen: Pen): string {
  const { texts, reader } = pen;
  const words = texts.card.escalatedTo;
  const shown = personCodes.slice(0, namesMax);
  const rest = personCodes.length - shown.length;
  const names = [
    shown.map((code) => personName(code, view.people, reader.locale)).join(texts.tagSeparator),
    ...(rest > 0 ? [texts.more(rest)] : []),
  ].join(texts.tagSeparator);
  switch (to.kind) {
    case 'second-line':
    case 'manager':
      return words.place(texts.role[to.kind], names);
    case 'role':
      return names === ''
        ? words.role(texts.role[to.role])
        : words.place(texts.role[to.role], names);
    case 'person':
      return names;
    case 'group': {
      const group = view.groups.find(({ code }) => code === to.code);
      return words.group(group === undefined ? to.code : nameIn(reader.locale, group.name));
    }
    case 'duty': {
      const duty = view.duties.find(({ code }) => code === to.code);
      const name = duty === undefined ? to.code : nameIn(reader.locale, duty.name);
      return names === '' ? words.duty(name) : words.onDuty(name, names);
    }
  }
}

/** To whom the policy takes a warning next when this deadline is missed; null where it goes no further. */
export function nextTargetWords(deadline: Deadline, view: WarningView, pen: Pen): string | null {
  const on = deadline === 'claim' ? 'claim-missed' : 'close-missed';
  const step = stepsAhead(view).find((one) => one.on === on);
  return step === undefined ? null : placeWords(step.to, view, pen);
}

/** To whom the next step of the policy goes, whichever deadline it waits for; null where nobody is known to come. */
export function nextPlaceWords(view: WarningView, pen: Pen): string | null {
  const [step] = stepsAhead(view);
  return step === undefined ? null : placeWords(step.to, view, pen);
}

/** The steps that are still to come. */
export function stepsAhead({ warning, escalation }: WarningView): WarningView['escalation'] {
  return escalation.slice(warning.level);
}

function placeWords(to: Escalation['to'], view: WarningView, pen: Pen): string | null {
  const { warning } = view;
  const inPlace =
    to.kind === 'second-line'
      ? (warning.secondLineCode ?? warning.managerCode)
      : (warning.managerCode ?? warning.secondLineCode);
  if (to.kind === 'person') return targetWords({ to, personCodes: [to.code] }, view, pen);
  if (to.kind === 'role' || to.kind === 'duty' || to.kind === 'group') {
    return targetWords({ to, personCodes: [] }, view, pen);
  }
  if (inPlace === null || inPlace === pen.reader.code) return null;
  return targetWords({ to, personCodes: [inPlace] }, view, pen);
}
