import { expect, test } from '@playwright/test';
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../service.ts';
import { batchModel } from '../services/batch/model.ts';
import { dynamodbModel } from '../services/dynamodb/model.ts';
import { ecsModel } from '../services/ecs/model.ts';
import { logsModel } from '../services/logs/model.ts';
import { s3Model } from '../services/s3/model.ts';
import { stsModel } from '../services/sts/model.ts';
import type { Constraint } from './constraints.ts';
import { compilePattern } from './patterns.ts';
import { defineServiceModel, type ServiceModel } from './service-model.ts';

const models = [batchModel, dynamodbModel, ecsModel, logsModel, s3Model, stsModel];

test('operations carry their schemas and the REST ones their route', () => {
  expect(ecsModel.operations.get('RunTask')).toMatchObject({ name: 'RunTask', http: undefined });
  expect(ecsModel.operations.get('RunTask')?.input.getName()).toBe('RunTaskRequest');
  expect(s3Model.operations.get('GetBucketAcl')?.http).toEqual({ method: 'GET', uri: '/?acl', status: 200 });
});

test('errors are found by name and by the code that awsQuery gives them', () => {
  expect(ecsModel.errors.get('ClusterNotFoundException')?.getName()).toBe('ClusterNotFoundException');
  expect(stsModel.errors.get('IDPRejectedClaim')?.getName()).toBe('IDPRejectedClaimException');
  expect(stsModel.errors.get('IDPRejectedClaimException')?.getName()).toBe('IDPRejectedClaimException');
  expect(ecsModel.errors.has('ECSServiceException')).toBe(false);
});

test('a module without operation schemas is refused by name', () => {
  const definition = {
    name: 'coffee',
    protocol: 'restJson1',
    apiVersion: '1',
    schemas: { CoffeeClient: () => undefined },
    constraints: { structures: {} },
    refuse: () => new AwsError('Refused', ''),
  } as const;
  expect(() => defineServiceModel(definition)).toThrow('The SDK client of coffee exports no operation schema.');
});

for (const model of models) {
  test(`the generated constraints of ${model.name} fit the SDK's schemas and can be compiled`, () => {
    const structures = inputStructures(model);
    expect(model.constraints.source).toMatch(/^botocore \d+\.\d+\.\d+, /);
    expect(Object.keys(model.constraints.structures).length).toBeGreaterThan(0);
    for (const [name, members] of Object.entries(model.constraints.structures)) {
      expect(structures.has(name), `${name}: run npm run generate:constraints again`).toBe(true);
      for (const [member, constraint] of Object.entries(members)) {
        expect(structures.get(name), `${name}.${member}`).toContain(member);
        for (const pattern of patternsOf(constraint)) expect(() => compilePattern(pattern)).not.toThrow();
      }
    }
  });
}

/** Every structure that can be part of an input, with the names of its members. */
function inputStructures(model: ServiceModel): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const visit = (schema: NormalizedSchema): void => {
    if (schema.isListSchema() || schema.isMapSchema()) visit(schema.getValueSchema());
    const name = schema.getName() ?? '';
    if (!schema.isStructSchema() || found.has(name)) return;
    const members = [...schema.structIterator()];
    found.set(
      name,
      members.map(([member]) => member),
    );
    for (const [, member] of members) visit(member);
  };
  for (const { input } of model.operations.values()) visit(input);
  return found;
}

function patternsOf({ pattern, key, member }: Constraint): string[] {
  return [
    ...(pattern === undefined ? [] : [pattern]),
    ...[key, member].flatMap((nested) => (nested ? patternsOf(nested) : [])),
  ];
}
