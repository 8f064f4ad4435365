import { Ajv } from 'ajv';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { beforeEach, describe, expect, test } from 'vitest';
import { diffConfiguration } from '../../config/diff.ts';
import { configurationFiles } from '../../config/files.ts';
import { configurationSchemas } from '../../config/json-schemas.ts';
import { describeProblem } from '../../config/problem.ts';
import { readConfiguration } from '../../config/read.ts';
import { writeConfiguration } from '../../config/write.ts';
import type { Configuration } from '../../domain/configuration.ts';
import type { RuleKind } from '../../domain/rule.ts';
import { ruleKinds } from '../../domain/rules/registry.ts';
import { company } from './company.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tagwarden-config-'));
  for (const [key, { name }] of Object.entries(configurationFiles)) {
    await writeFile(join(directory, name), company[key as keyof typeof company]);
  }
  return () => rm(directory, { recursive: true, force: true });
});

async function lines(): Promise<readonly string[]> {
  const reading = await readConfiguration(directory);
  return reading.kind === 'ok' ? [] : reading.problems.map(describeProblem);
}

async function read(folder: string): Promise<Configuration> {
  const reading = await readConfiguration(folder);
  if (reading.kind === 'ok') return reading.configuration;
  throw new Error(reading.problems.map(describeProblem).join('\n'));
}

describe('a folder', () => {
  test('that is sound is read', async () => {
    expect(await lines()).toEqual([]);
  });

  test('without some files: each is named', async () => {
    await rm(join(directory, 'tags.yaml'));
    await rm(join(directory, 'policy.yaml'));
    expect(await lines()).toEqual([
      'tags.yaml:1:1: found no such file, expected one of the five files of a configuration',
      'policy.yaml:1:1: found no such file, expected one of the five files of a configuration',
    ]);
  });

  test('that does not exist: all five are named', async () => {
    const reading = await readConfiguration(join(directory, 'nowhere'));
    expect(reading.kind === 'problems' && reading.problems.length).toBe(5);
  });

  test('in which a file is a folder', async () => {
    await rm(join(directory, 'rules.yaml'));
    await mkdir(join(directory, 'rules.yaml'));
    expect(await lines()).toEqual(['rules.yaml:1:1: found a folder, expected a file']);
  });

  test('with a file in another encoding', async () => {
    const gbk = Buffer.from([0xb8, 0xdf, 0xbc, 0xdb, 0xd6, 0xb5]);
    await writeFile(join(directory, 'tags.yaml'), Buffer.concat([Buffer.from('tags: ['), gbk]));
    expect(await lines()).toEqual([
      'tags.yaml:1:1: found bytes that are not UTF-8, expected a text file in UTF-8',
    ]);
  });

  test('with a byte-order mark, as Windows editors write it, is read', async () => {
    await writeFile(join(directory, 'tags.yaml'), `\uFEFF${company.tags}`);
    expect(await lines()).toEqual([]);
  });

  test('with Windows line ends is read, and lines are counted as editors do', async () => {
    const text = company.tags.replace('level: main', 'level: mian').replaceAll('\n', '\r\n');
    await writeFile(join(directory, 'tags.yaml'), text);
    expect((await lines()).map((line) => line.split(' ')[0])).toEqual(['tags.yaml:7:12']);
  });

  test.skipIf(process.getuid?.() === 0)('with a file that may not be read', async () => {
    await chmod(join(directory, 'people.yaml'), 0o000);
    expect(await lines()).toEqual([
      'people.yaml:1:1: found a file that may not be read, expected permission to read it',
    ]);
  });
});

describe('the sample company', () => {
  test('has the size and the people that the stories need', async () => {
    const sample = await read('sample');
    expect(sample.departments).toHaveLength(6);
    expect(sample.people).toHaveLength(30);
    expect(sample.tags).toHaveLength(150);
    const committee = sample.people.filter((person) => person.roles.includes('committee'));
    expect([committee.length, sample.policy.voting.quorum]).toEqual([5, 3]);
    const kinds = new Set(sample.rules.map((rule) => rule.kind));
    expect(Object.keys(ruleKinds).filter((kind) => !kinds.has(kind as RuleKind))).toEqual([]);
  });

  test('is the same after export', async () => {
    const sample = await read('sample');
    await writeConfiguration(directory, sample);
    expect(await read(directory)).toEqual(sample);
    expect(diffConfiguration(sample, await read(directory))).toEqual([]);
  });
});

describe('the JSON Schemas', () => {
  test('are the ones that the code reads by (npm run schemas writes them)', async () => {
    for (const [name, schema] of configurationSchemas()) {
      const written: unknown = JSON.parse(await readFile(join('sample/schemas', name), 'utf8'));
      expect(written).toEqual(schema);
    }
  });

  test('accept the sample and refuse what the reader refuses', async () => {
    for (const [key, { name }] of Object.entries(configurationFiles)) {
      const schema = configurationSchemas().get(`${key}.schema.json`) ?? {};
      const validate = new Ajv({ allErrors: true, strictTypes: false }).compile(schema);
      const text = await readFile(join('sample', name), 'utf8');
      expect(text.split('\n')[0]).toBe(
        `# yaml-language-server: $schema=./schemas/${key}.schema.json`,
      );
      validate(parse(text));
      expect(validate.errors).toBeNull();
      expect(validate({ ...(parse(text) as object), unknown: 1 })).toBe(false);
    }
  });
});
