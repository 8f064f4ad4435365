import postgres from 'postgres';
import { buildReadQueries } from '../crm/postgres/read-query.ts';
import { readShape } from '../crm/postgres/source-shape.ts';
import { rounded, type Benchmark } from './benchmark.ts';
import { openCompany, type Company } from './company.ts';
import { timeCopy } from './copy.ts';

/** `copyMs` is the middle of the runs before and after the import. */
export const importBenchmark: Benchmark<'customers'> = {
  summary: "a whole CRM read into an empty mirror, against a bare COPY of the source's read query",
  options: {
    customers: { default: 200_000, min: 100, max: 20_000_000, meaning: 'how many the CRM has' },
  },
  async run({ customers }, context) {
    const { say } = context;
    const company = await openCompany(customers, context);
    const query = await readQuery(company);
    await timeCopy(company.crmUrl, query, 'text');
    const copyBeforeMs = await timeCopy(company.crmUrl, query, 'text');
    say(`Bare COPY: ${rounded(copyBeforeMs, 0)} ms. Importing …`);
    const startedAtMs = performance.now();
    const { assignments } = await company.readCrm();
    const importMs = performance.now() - startedAtMs;
    say(`Import: ${rounded(importMs, 0)} ms.`);
    const copyMs = (copyBeforeMs + (await timeCopy(company.crmUrl, query, 'text'))) / 2;
    return {
      customers,
      assignments,
      importMs: rounded(importMs, 0),
      copyMs: rounded(copyMs, 0),
      ratioToCopy: rounded(importMs / copyMs, 2),
    };
  },
};

async function readQuery({ crmUrl, crmMapping }: Company): Promise<string> {
  const sql = postgres(crmUrl, { max: 1, onnotice: () => {} });
  try {
    return buildReadQueries(crmMapping, await readShape(sql, crmMapping, 'crm'), 'crm').all;
  } finally {
    await sql.end();
  }
}
