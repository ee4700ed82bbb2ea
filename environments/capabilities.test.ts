import { expect, test } from '@playwright/test';
import { type Capability, capabilities, decide } from './capabilities.ts';

const processes = {
  name: 'local',
  description: 'embedded, process runtime',
  capabilities: new Set<Capability>(['ecs:tasks', 'logs', 'runtime:process']),
};

test('a test that requires nothing runs', () => {
  expect(decide([], processes)).toEqual({ run: true });
});

test('a test runs where everything it requires is there', () => {
  expect(decide(['ecs:tasks', 'logs'], processes)).toEqual({ run: true });
});

test('a missing capability skips the test and names the remedy', () => {
  expect(decide(['ecs:tasks', 'runtime:docker'], processes)).toEqual({
    skip:
      'local (embedded, process runtime) lacks runtime:docker (containers with their own file system and kernel namespaces): ' +
      'start Docker and run --project=local with LOCAL_RUNTIME=docker',
  });
});

test('every missing capability is named', () => {
  expect(decide(['ecs:container-instances', 'logs', 'runtime:docker'], processes)).toEqual({
    skip: expect.stringMatching(/ecs:container-instances .*; runtime:docker /),
  });
});

test('a mistyped capability is refused with the valid ones listed', () => {
  const mistyped = ['ecs:taks'] as unknown as Capability[];
  expect(() => decide(mistyped, processes)).toThrow(
    `Unknown capability: ecs:taks. Valid ones are: ${capabilities.join(', ')}.`,
  );
});

test('a mistyped capability is refused even where it would be missing anyway', () => {
  const mistyped = ['runtime:docker', 'toString'] as unknown as Capability[];
  expect(() => decide(mistyped, processes)).toThrow('Unknown capability: toString.');
});
