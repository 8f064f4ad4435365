import type { Command } from 'commander';
import { loadDictionary } from '../../db/stores/dictionary.ts';
import { streamCustomers } from '../../db/stores/mirror-customers.ts';
import { compileDetector } from '../../domain/detect/compile.ts';
import type { Dictionary } from '../../domain/dictionary.ts';
import type { Rule } from '../../domain/rule.ts';
import { configurationDirectory, readConfigurationOrThrow } from '../configuration.ts';
import type { Tool } from './tool.ts';

interface Options {
  readonly rule?: string;
}

interface RuleOutcome {
  readonly rule: string;
  readonly severity: string;
  readonly customers: number;
  readonly share: number;
}

export function addRulesCommands(program: Command, tool: Tool): void {
  program
    .command('rules')
    .description('try rules')
    .command('test [directory]')
    .description(
      'count what the rules of a folder would find in the customers as last read; changes nothing',
    )
    .option('--rule <code>', 'only this rule, even if it is disabled')
    .action(async (directory: string | undefined, options: Options) => {
      const folder = directory ?? configurationDirectory(await tool.environment());
      const { rules } = await readConfigurationOrThrow(folder);
      const chosen = rules.filter(({ code, enabled }) =>
        options.rule === undefined ? enabled : code === options.rule,
      );
      if (chosen.length === 0) throw new Error(`${folder} has no such rule.`);
      const { query } = await tool.database();
      const inForce = await loadDictionary(query);
      const numbered = chosen.map(
        (rule, index): Rule => ({ ...rule, id: index + 1, enabled: true }),
      );
      const { customers, found } = await countFindings(tool, { ...inForce, rules: numbered });
      const outcomes = numbered.map(
        ({ id, code, severity }): RuleOutcome => ({
          rule: code,
          severity,
          customers: found[id] ?? 0,
          share: customers === 0 ? 0 : (found[id] ?? 0) / customers,
        }),
      );
      tool.print(describe(customers, outcomes), { customers, rules: outcomes });
    });
}

/** Customers with a finding, by rule id. */
async function countFindings(
  tool: Tool,
  dictionary: Dictionary,
): Promise<{ readonly customers: number; readonly found: readonly number[] }> {
  const database = await tool.database();
  const detector = compileDetector(dictionary);
  const nowSeconds = Math.floor(Date.now() / 1000);
  const found = Array.from({ length: dictionary.rules.length + 1 }, () => 0);
  const lastCustomer = Array.from({ length: dictionary.rules.length + 1 }, () => 0);
  let customers = 0;
  const report = (ruleId: number): void => {
    if (lastCustomer[ruleId] === customers) return;
    lastCustomer[ruleId] = customers;
    found[ruleId] = (found[ruleId] ?? 0) + 1;
  };
  await streamCustomers(
    database,
    {
      fromId: 0,
      untilId: Number.MAX_SAFE_INTEGER,
      scopeOf: null,
      needs: { texts: true, origins: true, population: false },
    },
    {
      onCustomer: (customer) => {
        customers += 1;
        detector.detect(customer, nowSeconds, report);
      },
      afterChunk: async () => {},
      signal: tool.lifetime.signal,
    },
  );
  return { customers, found };
}

function describe(customers: number, outcomes: readonly RuleOutcome[]): readonly string[] {
  const width = Math.max(...outcomes.map(({ rule }) => rule.length));
  return [
    ...outcomes.map(
      ({ rule, severity, customers: count, share }) =>
        `${rule.padEnd(width)}  ${severity.padEnd(6)}  ${String(count).padStart(8)}  ${(share * 100).toFixed(2)} %`,
    ),
    `${outcomes.length} rules over ${customers} customers.`,
  ];
}
