import { expect, test } from '@playwright/test';
import { readOverrides } from './overrides.ts';

const definition = { containerDefinitions: [{ name: 'app' }, { name: 'db' }] };

test('overrides are described with an entry for each container', () => {
  expect(readOverrides(definition, { containerOverrides: [{ name: 'db', command: ['x'] }] })).toEqual({
    containerOverrides: [{ name: 'app' }, { name: 'db', command: ['x'] }],
    inferenceAcceleratorOverrides: [],
  });
});

test('sizes are described in CPU units and MiB', () => {
  expect(readOverrides(definition, { cpu: '.5 vCPU', memory: '2GB' })).toMatchObject({ cpu: '512', memory: '2048' });
  expect(() => readOverrides(definition, { cpu: 'much' })).toThrow("Invalid 'cpu' setting for task.");
});

test('Fargate takes only the sizes that it has', () => {
  const sized = { ...definition, cpu: '256', memory: '512' };
  expect(readOverrides(sized, { memory: '1GB' }, 'FARGATE')).toMatchObject({ memory: '1024' });
  expect(() => readOverrides(sized, { memory: '8GB' }, 'FARGATE')).toThrow(
    'No Fargate configuration exists for given values: 256 CPU, 8192 memory.',
  );
});

test('an override for a container that the definition lacks is refused', () => {
  expect(() => readOverrides(definition, { containerOverrides: [{ name: 'web' }] })).toThrow(
    'Override for container named web is not a container in the TaskDefinition.',
  );
});

test('more than 8192 characters are refused', () => {
  const environment = [{ name: 'LONG', value: 'x'.repeat(8192) }];
  expect(() => readOverrides(definition, { containerOverrides: [{ name: 'app', environment }] })).toThrow(
    'Container Overrides length must be at most 8192',
  );
});
