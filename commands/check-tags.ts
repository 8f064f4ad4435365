import type { LocalizedText } from '../domain/locale.ts';
import type { RuleKind } from '../domain/rule.ts';
import type { Severity } from '../domain/severity.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

export interface CheckInput {
  /** Ref of a customer in the mirror, or the tags a customer would have. Tags by code or by name in either language. */
  readonly subject:
    | { readonly kind: 'customer'; readonly ref: string }
    | { readonly kind: 'tags'; readonly tags: readonly string[] };
  /** Tag to add, by code or by name; null checks the subject as it is. */
  readonly add: string | null;
}

export interface CheckedFinding {
  readonly ruleCode: string;
  readonly ruleKind: RuleKind;
  readonly ruleName: LocalizedText;
  readonly severity: Severity;
  readonly tags: readonly { readonly code: string; readonly name: LocalizedText }[];
  /** What to do instead, in both languages. */
  readonly advice: LocalizedText;
}

export interface CheckAnswer {
  /** False where adding the tag brings a finding that was not there before. */
  readonly allowed: boolean;
  /** Findings with the tag added; those it brings come first. */
  readonly findings: readonly CheckedFinding[];
}

/** Whether tags may go together, by the same detector that scans. Writes nothing; anyone may ask. */
export async function checkTags(
  _context: CommandContext,
  _actor: Actor,
  _input: CheckInput,
): Promise<CommandResult<CheckAnswer>> {
  throw new Error('checkTags is not built yet.');
}
