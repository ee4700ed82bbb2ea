import type { PlacementConstraint, PlacementStrategy, TaskDefinition } from '@aws-sdk/client-ecs';
import { expect, test } from '@playwright/test';
import { manualClock } from '../../../clock.ts';
import type { ContainerInstanceRecord, EcsState, TaskRecord } from '../state.ts';
import { describeContainerInstance, tasksByInstance } from './instances.ts';
import { placeTask, reasonNotToRunOn, type PlacementRequest } from './placement.ts';
import { addContainerInstances, type SimulatedInstances } from './registration.ts';
import { release, reserve, taskResources } from './resources.ts';

test('a cluster without container instances is refused in AWS words', () => {
  const world = newWorld();
  expect(() => place(world, {})).toThrow(
    expect.objectContaining({
      code: 'InvalidParameterException',
      message: 'No Container Instances were found in your cluster.',
    }),
  );
});

test('instances of another cluster and draining ones do not count', () => {
  const world = newWorld();
  add(world, { cluster: 'other' });
  const [draining] = add(world, {});
  Object.assign(instanceOf(draining), { status: 'DRAINING' });
  expect(() => place(world, {})).toThrow('No Container Instances were found in your cluster.');
});

const lacking: readonly (readonly [
  reason: string,
  definition: TaskDefinition,
  instances: Partial<SimulatedInstances>,
])[] = [
  ['RESOURCE:CPU', { cpu: '2048' }, { cpu: 1024 }],
  ['RESOURCE:MEMORY', { memory: '2048' }, { memory: 1024 }],
  ['RESOURCE:PORTS', withPort(22), {}],
  ['RESOURCE:GPU', { containerDefinitions: [{ resourceRequirements: [{ type: 'GPU', value: '2' }] }] }, { gpus: 1 }],
  ['ATTRIBUTE', { requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.gmsa' }] }, {}],
  ['ATTRIBUTE', { requiresAttributes: [{ name: 'ecs.os-type', value: 'windows' }] }, {}],
  [
    'MemberOf placement constraint unsatisfied.',
    { placementConstraints: [{ type: 'memberOf', expression: 'attribute:ecs.instance-type == m5.large' }] },
    {},
  ],
];

for (const [reason, definition, instances] of lacking) {
  test(`every instance that cannot take the task is named with ${reason}: ${JSON.stringify(definition)}`, () => {
    const world = newWorld();
    const added = add(world, { count: 2, ...instances });
    expect(place(world, { definition })).toEqual({
      failures: added.map((record) => ({ arn: record.instance.containerInstanceArn, reason })),
    });
  });
}

test('an instance whose agent is away gives AGENT', () => {
  const world = newWorld();
  const [record] = add(world, {});
  Object.assign(instanceOf(record), { agentConnected: false });
  expect(place(world, {})).toMatchObject({ failures: [{ reason: 'AGENT' }] });
});

test('what a task takes is missing until it gives it back', () => {
  const world = newWorld();
  const [record] = add(world, { cpu: 1024, memory: 512, gpus: 2 });
  const before = structuredClone(instanceOf(record).remainingResources);
  const resources = taskResources({
    networkMode: 'bridge',
    containerDefinitions: [
      {
        cpu: 256,
        memory: 300,
        memoryReservation: 200,
        portMappings: [
          { containerPort: 80, hostPort: 8080 },
          { containerPort: 81, hostPort: 0 },
          { containerPort: 53, hostPort: 5353, protocol: 'udp' },
        ],
        resourceRequirements: [{ type: 'GPU', value: '1' }],
      },
      { cpu: 256, memory: 100 },
    ],
  });
  expect(resources).toEqual({ cpu: 512, memory: 300, ports: [8080], udpPorts: [5353], gpus: 1 });

  reserve(required(record), resources);
  const taken = new Map(instanceOf(record).remainingResources?.map((resource) => [resource.name, resource]));
  expect(taken.get('CPU')?.integerValue).toBe(512);
  expect(taken.get('MEMORY')?.integerValue).toBe(212);
  expect(taken.get('PORTS')?.stringSetValue).toContain('8080');
  expect(taken.get('PORTS_UDP')?.stringSetValue).toEqual(['5353']);
  expect(taken.get('GPU')?.stringSetValue).toHaveLength(1);
  expect(instanceOf(record).registeredResources).toEqual(before);

  release(required(record), resources);
  const sorted = (resources = instanceOf(record).remainingResources) =>
    resources?.map((resource) => ({ ...resource, stringSetValue: resource.stringSetValue?.toSorted() }));
  expect(sorted()).toEqual(sorted(before));
});

test('the size of a task goes before its containers, and overrides before both', () => {
  const definition: TaskDefinition = {
    cpu: '1024',
    memory: '2048',
    networkMode: 'host',
    containerDefinitions: [{ name: 'app', cpu: 10, memory: 64, portMappings: [{ containerPort: 3000 }] }],
  };
  expect(taskResources(definition)).toEqual({ cpu: 1024, memory: 2048, ports: [3000], udpPorts: [], gpus: 0 });
  expect(taskResources(definition, { cpu: '256', memory: '512' })).toMatchObject({ cpu: 256, memory: 512 });
  const { cpu: _cpu, memory: _memory, ...unsized } = definition;
  expect(
    taskResources(unsized, { containerOverrides: [{ name: 'app', cpu: 20, memoryReservation: 32 }] }),
  ).toMatchObject({ cpu: 20, memory: 32 });
});

test('binpack chooses the instance with the least left that still fits', () => {
  const world = newWorld();
  const [large] = add(world, { cpu: 4096, memory: 8192 });
  const [small] = add(world, { cpu: 1024, memory: 2048 });
  const request: Partial<PlacementRequest> = {
    definition: { cpu: '512', memory: '512' },
    placementStrategy: [{ type: 'binpack', field: 'memory' }],
  };
  expect(placeAndStart(world, request, 4)).toEqual([small, small, large, large]);
});

test('spread by instanceId takes turns, and host means the same', () => {
  for (const field of ['instanceId', 'host']) {
    const world = newWorld();
    const [first, second] = add(world, { count: 2 });
    expect(placeAndStart(world, { placementStrategy: [{ type: 'spread', field }] }, 4)).toEqual([
      first,
      second,
      first,
      second,
    ]);
  }
});

test('spread by zone, then binpack within it', () => {
  const world = newWorld();
  const [a1] = add(world, { availabilityZones: ['us-east-1a'], cpu: 4096 });
  add(world, { availabilityZones: ['us-east-1a'], cpu: 8192 });
  const [b1] = add(world, { availabilityZones: ['us-east-1b'], cpu: 8192 });
  const placementStrategy: PlacementStrategy[] = [
    { type: 'spread', field: 'attribute:ecs.availability-zone' },
    { type: 'binpack', field: 'cpu' },
  ];
  const chosen = placeAndStart(world, { definition: { cpu: '256' }, placementStrategy }, 4);
  expect(chosen).toEqual([a1, b1, a1, b1]);
});

test('spread counts the tasks of the same group only', () => {
  const world = newWorld();
  const [first, second] = add(world, { count: 2 });
  placeAndStart(world, { group: 'family:other', definition: { cpu: '16' } }, 1);
  const placementStrategy: PlacementStrategy[] = [{ type: 'spread', field: 'instanceId' }];
  // Both have none of the group, so the tie goes to the one with fewer tasks of any kind.
  expect(placeAndStart(world, { group: 'family:web', placementStrategy }, 2)).toEqual([second, first]);
});

test('random places on every candidate sooner or later, and on nothing else', () => {
  const world = newWorld();
  const fitting = add(world, { count: 3 });
  add(world, { count: 3, cpu: 1 });
  const request = { definition: { cpu: '2' }, placementStrategy: [{ type: 'random' as const }] };
  const chosen = new Set(Array.from({ length: 200 }, () => placed(place(world, request))));
  expect(chosen).toEqual(new Set(fitting));
});

test('distinctInstance gives each task of a group an instance of its own', () => {
  const world = newWorld();
  const added = add(world, { count: 2 });
  const placementConstraints: PlacementConstraint[] = [{ type: 'distinctInstance' }];
  expect(placeAndStart(world, { group: 'family:web', placementConstraints }, 2)).toEqual(added);
  expect(place(world, { group: 'family:web', placementConstraints })).toMatchObject({
    failures: [
      { reason: 'DistinctInstance placement constraint unsatisfied.' },
      { reason: 'DistinctInstance placement constraint unsatisfied.' },
    ],
  });
  expect(place(world, { group: 'family:db', placementConstraints })).toHaveProperty('instance');
});

test('memberOf narrows the choice, by attribute and by the groups that run there', () => {
  const world = newWorld();
  const [first] = add(world, {});
  const [blue] = add(world, { attributes: { stack: 'blue' } });
  const memberOf = (expression: string): Partial<PlacementRequest> => ({
    placementConstraints: [{ type: 'memberOf', expression }],
  });
  expect(placeAndStart(world, { group: 'family:web', ...memberOf('attribute:stack == blue') }, 1)).toEqual([blue]);
  expect(placed(place(world, memberOf('task:group == family:web')))).toBe(blue);
  expect(placed(place(world, memberOf('not(task:group == family:web)')))).toBe(first);
  expect(placed(place(world, memberOf('runningTasksCount == 0')))).toBe(first);
});

test('a capacity provider places on its own instances only', () => {
  const world = newWorld();
  associate(world, ['blue', 'green', 'FARGATE']);
  const [none] = add(world, {});
  const [green] = add(world, { capacityProvider: 'green' });
  expect(instanceOf(none).capacityProviderName).toBeUndefined();
  expect(instanceOf(green).capacityProviderName).toBe('green');
  expect(placed(place(world, { capacityProvider: 'green' }))).toBe(green);
  expect(placed(place(world, {}))).toBe(none);
  expect(place(world, { capacityProvider: 'green', definition: { cpu: '99999' } })).toEqual({
    failures: [{ arn: instanceOf(green).containerInstanceArn, reason: 'RESOURCE:CPU' }],
  });
  expect(() => place(world, { capacityProvider: 'blue' })).toThrow(
    expect.objectContaining({
      code: 'InvalidParameterException',
      message: 'No Container Instances were found in your capacity provider.',
    }),
  );
  for (const capacityProvider of ['red', 'FARGATE']) {
    expect(() => add(world, { capacityProvider })).toThrow(
      `no Auto Scaling group capacity provider ${capacityProvider}`,
    );
  }
});

test('instances belong to the only Auto Scaling group provider of their cluster', () => {
  const world = newWorld();
  associate(world, ['FARGATE', 'blue']);
  const [record] = add(world, {});
  expect(instanceOf(record).capacityProviderName).toBe('blue');
});

test('placing goes once over the tasks, however many instances there are', () => {
  let walks = 0;
  class CountingMap<Key, Value> extends Map<Key, Value> {
    override values(): ReturnType<Map<Key, Value>['values']> {
      walks += 1;
      return super.values();
    }
  }
  const world = { ...newWorld(), tasks: new CountingMap<string, TaskRecord>() };
  add(world, { count: 20 });
  placeAndStart(world, { group: 'family:web' }, 3);
  walks = 0;
  place(world, {
    group: 'family:web',
    placementConstraints: [{ type: 'distinctInstance' }, { type: 'memberOf', expression: 'runningTasksCount < 9' }],
    placementStrategy: [
      { type: 'spread', field: 'attribute:ecs.availability-zone' },
      { type: 'spread', field: 'instanceId' },
    ],
  });
  expect(walks).toBe(1);
});

const refused: readonly (readonly [message: string, Partial<PlacementRequest>])[] = [
  [
    'Maximum number of constraints is 10.',
    { placementConstraints: Array.from({ length: 11 }, () => ({ type: 'distinctInstance' as const })) },
  ],
  [
    'Maximum number of strategies is 5.',
    { placementStrategy: Array.from({ length: 6 }, () => ({ type: 'random' as const })) },
  ],
  ["binpack field 'disk' is invalid.", { placementStrategy: [{ type: 'binpack', field: 'disk' }] }],
  ["spread field 'zone' is invalid.", { placementStrategy: [{ type: 'spread', field: 'zone' }] }],
  [
    'distinctInstance expression should not be specified.',
    { placementConstraints: [{ type: 'distinctInstance', expression: 'attribute:a exists' }] },
  ],
  ['memberOf expression must be specified.', { placementConstraints: [{ type: 'memberOf' }] }],
  [
    'memberOf expression cannot exceed 2000 characters.',
    { placementConstraints: [{ type: 'memberOf', expression: `attribute:a == ${'b'.repeat(2000)}` }] },
  ],
];

for (const [message, request] of refused) {
  test(`placement is refused with "${message}"`, () => {
    const world = newWorld();
    add(world, {});
    expect(() => place(world, request)).toThrow(
      expect.objectContaining({ code: 'InvalidParameterException', message }),
    );
  });
}

test('a task can be started on a draining instance by name, but not on one that is gone', () => {
  const world = newWorld();
  const [record] = add(world, {});
  const request = { clusterName: 'default', definition: {} };
  Object.assign(instanceOf(record), { status: 'DRAINING' });
  expect(reasonNotToRunOn(world, required(record), request)).toBeUndefined();
  Object.assign(instanceOf(record), { status: 'INACTIVE' });
  expect(reasonNotToRunOn(world, required(record), request)).toBe('INACTIVE');
});

test('the counts of an instance follow its tasks', () => {
  const world = newWorld();
  const [record] = add(world, {});
  placeAndStart(world, {}, 2);
  const [task] = [...world.tasks.values()];
  Object.assign(required(task).task, { lastStatus: 'PENDING' });
  expect(describeContainerInstance(required(record), tasksByInstance(world))).toMatchObject({
    runningTasksCount: 2,
    pendingTasksCount: 1,
  });
  Object.assign(required(task).task, { desiredStatus: 'STOPPED' });
  expect(describeContainerInstance(required(record), tasksByInstance(world))).toMatchObject({
    runningTasksCount: 1,
    pendingTasksCount: 0,
  });
});

type World = Pick<EcsState, 'region' | 'clusters' | 'containerInstances' | 'tasks'> & {
  dependencies: Pick<EcsState['dependencies'], 'account' | 'clock'>;
};

function newWorld(): World {
  return {
    region: 'us-east-1',
    dependencies: { account: '123456789012', clock: manualClock() },
    clusters: new Map(),
    containerInstances: new Map(),
    tasks: new Map(),
  };
}

function associate(world: World, capacityProviders: string[]): void {
  world.clusters.set('default', { cluster: { clusterName: 'default', clusterArn: 'cluster', capacityProviders } });
}

function add(world: World, options: Partial<SimulatedInstances>): ContainerInstanceRecord[] {
  return addContainerInstances(world, { cluster: 'default', ...options });
}

function place(world: World, request: Partial<PlacementRequest>): ReturnType<typeof placeTask> {
  return placeTask(world, { clusterName: 'default', definition: {}, ...request });
}

/** Places tasks as RunTask does: each takes its resources and is there before the next. */
function placeAndStart(world: World, request: Partial<PlacementRequest>, count: number): ContainerInstanceRecord[] {
  return Array.from({ length: count }, () => {
    const instance = placed(place(world, request));
    reserve(instance, taskResources(request.definition ?? {}));
    const taskArn = `task-${world.tasks.size}`;
    world.tasks.set(taskArn, {
      task: {
        taskArn,
        clusterArn: 'cluster',
        taskDefinitionArn: 'definition',
        containerInstanceArn: instance.instance.containerInstanceArn,
        desiredStatus: 'RUNNING',
        lastStatus: 'RUNNING',
        group: request.group,
      },
      definition: request.definition ?? {},
      credentialsId: taskArn,
      containerDetails: new Map(),
    });
    return instance;
  });
}

function placed(placement: ReturnType<typeof placeTask>): ContainerInstanceRecord {
  if ('instance' in placement) return placement.instance;
  throw new Error(`Not placed: ${JSON.stringify(placement.failures)}`);
}

function instanceOf(record: ContainerInstanceRecord | undefined): ContainerInstanceRecord['instance'] {
  return required(record).instance;
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('Expected a value.');
  return value;
}

function withPort(hostPort: number): TaskDefinition {
  return { containerDefinitions: [{ portMappings: [{ containerPort: 80, hostPort }] }] };
}
