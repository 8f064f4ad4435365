import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { ExpectedFinding } from './consequences.ts';

/** A customer that looks like a conflict and is none. */
export interface NearMiss {
  readonly ruleCode: string;
  readonly customerRef: string;
  readonly why: string;
}

/** What is in a generated CRM: the truth that a scan is held against. */
export interface Manifest {
  readonly seed: number;
  readonly nowMs: number;
  /** Until then time alone changes nothing of what must be found. */
  readonly validUntilMs: number;
  readonly customers: number;
  readonly assignments: number;
  /** Customers with at least one expected finding. */
  readonly plantedCustomers: number;
  /** All that must be found; nothing else may be. */
  readonly expectedFindings: readonly ExpectedFinding[];
  readonly nearMisses: readonly NearMiss[];
}

/** Writes a manifest as JSON lines: first the counts, then each expected finding, then each near miss. */
export async function writeManifest(manifest: Manifest, path: string): Promise<void> {
  const { expectedFindings, nearMisses, ...counts } = manifest;
  const stream = createWriteStream(path);
  const write = async (line: object) => {
    if (!stream.write(`${JSON.stringify(line)}\n`)) await once(stream, 'drain');
  };
  await write({ kind: 'counts', ...counts });
  for (const finding of expectedFindings) await write({ kind: 'finding', ...finding });
  for (const nearMiss of nearMisses) await write({ kind: 'near-miss', ...nearMiss });
  stream.end();
  await once(stream, 'finish');
}
