import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import { expect, test } from '@playwright/test';
import type { ContainerSpec } from '../../../runtimes/runtime.ts';
import { containerSpec, sandboxSpec } from './container-spec.ts';
import { taskTestBench, type RunOptions } from './task-test-bench.ts';

const urls = { gateway: 'http://127.0.0.1:4566', agent: 'http://169.254.170.2:4566' };
const app: ContainerDefinition = { name: 'app', image: 'busybox' };

function specOf(container: ContainerDefinition, options: RunOptions = {}): ContainerSpec {
  const others = options.definition?.containerDefinitions ?? [];
  const record = taskTestBench().run([container, ...others], {
    ...options,
    definition: { ...options.definition, containerDefinitions: [container, ...others] },
  });
  return containerSpec(record, container, { region: 'us-east-1', urls, onOutput: () => undefined });
}

test('ECS gives a container what an SDK needs to reach the emulator', () => {
  const { environment } = specOf(app);
  expect(environment).toEqual({
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: urls.gateway,
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: expect.stringMatching(
      /^http:\/\/169\.254\.170\.2:4566\/_testbed\/ecs\/credentials\/[0-9a-f-]{36}$/,
    ),
    ECS_CONTAINER_METADATA_URI: expect.stringMatching(/\/_testbed\/ecs\/v3\/[0-9a-f]{32}-0000000000$/),
    ECS_CONTAINER_METADATA_URI_V4: expect.stringMatching(/\/_testbed\/ecs\/v4\/[0-9a-f]{32}-0000000000$/),
    ECS_AGENT_URI: expect.stringMatching(/\/_testbed\/ecs\/api\/[0-9a-f]{32}-0000000000$/),
  });
});

test('the definition wins over what ECS injects, the override over the definition', () => {
  const { environment } = specOf(
    {
      ...app,
      environment: [
        { name: 'AWS_REGION', value: 'eu-west-1' },
        { name: 'MODE', value: 'definition' },
      ],
    },
    { overrides: { containerOverrides: [{ name: 'app', environment: [{ name: 'MODE', value: 'override' }] }] } },
  );
  expect(environment).toMatchObject({ AWS_REGION: 'eu-west-1', MODE: 'override' });
});

test('an override replaces the command, an empty one does not', () => {
  const definition = { ...app, entryPoint: ['sh', '-c'], command: ['definition'] };
  const withCommand = (command: string[]) =>
    specOf(definition, { overrides: { containerOverrides: [{ name: 'app', command }] } });
  expect(withCommand(['override'])).toMatchObject({ entryPoint: ['sh', '-c'], command: ['override'] });
  expect(withCommand([]).command).toEqual(['definition']);
  expect(specOf({ ...app, entryPoint: [], command: [] })).not.toHaveProperty('command');
});

test("a container's limits are its own, the override's, or the task's", () => {
  expect(specOf(app)).toMatchObject({ memory: 512 });
  expect(specOf({ ...app, cpu: 128, memory: 64, memoryReservation: 32 })).toMatchObject({
    cpu: 128,
    memory: 64,
    memoryReservation: 32,
  });
  const containerOverrides = [{ name: 'app', cpu: 64, memory: 128, memoryReservation: 100 }];
  expect(specOf({ ...app, cpu: 128, memory: 64 }, { overrides: { containerOverrides } })).toMatchObject({
    cpu: 64,
    memory: 128,
    memoryReservation: 100,
  });
});

test('volumesFrom mounts what the other container mounts, read-only where either says so', () => {
  const data: ContainerDefinition = {
    name: 'data',
    mountPoints: [
      { sourceVolume: 'one', containerPath: '/one' },
      { sourceVolume: 'two', containerPath: '/two', readOnly: true },
    ],
  };
  const { mounts } = specOf(
    {
      ...app,
      mountPoints: [{ sourceVolume: 'own', containerPath: '/one' }],
      volumesFrom: [{ sourceContainer: 'data' }],
    },
    { definition: { containerDefinitions: [data] } },
  );
  expect(mounts).toEqual([
    { volume: 'own', containerPath: '/one', readOnly: false },
    { volume: 'two', containerPath: '/two', readOnly: true },
  ]);
});

test('a container carries the labels of the ECS agent besides its own', () => {
  expect(specOf({ ...app, dockerLabels: { team: 'blue' } }).dockerLabels).toEqual({
    team: 'blue',
    'com.amazonaws.ecs.cluster': expect.stringMatching(/:cluster\/default$/),
    'com.amazonaws.ecs.container-name': 'app',
    'com.amazonaws.ecs.task-arn': expect.stringMatching(/:task\/default\/[0-9a-f]{32}$/),
    'com.amazonaws.ecs.task-definition-family': 'web',
    'com.amazonaws.ecs.task-definition-version': '3',
  });
});

const modes: { networkMode: TaskDefinition['networkMode']; hostPort: number }[] = [
  { networkMode: 'awsvpc', hostPort: 80 },
  { networkMode: 'host', hostPort: 80 },
  { networkMode: 'bridge', hostPort: 0 },
];

for (const { networkMode, hostPort } of modes) {
  test(`in network mode ${networkMode} a port without a host port gets ${hostPort || 'a free one'}`, () => {
    const definition = { networkMode, containerDefinitions: [{ ...app, portMappings: [{ containerPort: 80 }] }] };
    const record = taskTestBench().run([], { definition });
    expect(sandboxSpec(record).portMappings).toEqual([{ containerPort: 80, hostPort, protocol: 'tcp' }]);
  });
}
