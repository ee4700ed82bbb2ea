import { expect, test } from '@playwright/test';
import { addContainerInstances } from '../container-instances/registration.ts';
import { containerMetadata, taskMetadata } from './task-metadata.ts';
import { settle, taskTestBench, type RunOptions } from './task-test-bench.ts';

const onEc2: RunOptions = { capacity: { launchType: 'EC2' }, definition: { networkMode: 'bridge' } };

/** A running task of a container `curl`, the one of the developer guide's examples. */
async function running(options: RunOptions = {}) {
  const bench = taskTestBench();
  const logConfiguration = {
    logDriver: 'awslogs' as const,
    options: { 'awslogs-group': '/ecs/metadata', 'awslogs-stream-prefix': 'ecs' },
  };
  const record = bench.run([{ name: 'curl', image: 'curltest', logConfiguration }], options);
  await settle();
  const taskId = record.task.taskArn.split('/').at(-1) ?? '';
  return { ...bench, record, taskId, container: containerMetadata(record, 'curl') };
}

test('the log options tell the stream in place of its prefix', async () => {
  const { container, taskId } = await running();
  expect(container['LogOptions']).toEqual({
    'awslogs-group': '/ecs/metadata',
    'awslogs-stream': `ecs/curl/${taskId}`,
  });
});

test('on Fargate a container has its own name, an id made from the task, and its cluster by ARN', async () => {
  const { container, record, taskId, state } = await running();
  expect(container).toMatchObject({
    // The number that a container of this name has in the developer guide's examples.
    DockerId: `${taskId}-2495160603`,
    DockerName: 'curl',
    Labels: { 'com.amazonaws.ecs.cluster': record.task.clusterArn },
  });
  expect(record.task.containers?.[0]?.runtimeId).toBe(container['DockerId']);
  const task = taskMetadata(state, record, { withTags: false });
  expect(task).toMatchObject({ Cluster: record.task.clusterArn, Limits: { CPU: 0.25, Memory: 512 } });
  expect(task).not.toHaveProperty('VPCID');
});

test('on EC2 a container has the id and a name as of Docker, and its cluster by name', async () => {
  const { container, record, taskId, state } = await running(onEc2);
  expect(container).toMatchObject({
    DockerId: 'runtime-0',
    DockerName: `ecs-web-3-curl-${taskId.slice(0, 20)}`,
    Labels: { 'com.amazonaws.ecs.cluster': 'default' },
  });
  const [instance] = addContainerInstances(state, { cluster: 'default' });
  record.task.containerInstanceArn = instance?.instance.containerInstanceArn;
  expect(taskMetadata(state, record, { withTags: false })).toMatchObject({
    Cluster: 'default',
    VPCID: instance?.attributes.get('ecs.vpc-id')?.value,
  });
});

test('a task has limits only where it has a size of its own', async () => {
  const sizeless = { definition: { networkMode: 'bridge' as const, cpu: undefined, memory: undefined } };
  const without = await running({ ...onEc2, ...sizeless });
  expect(taskMetadata(without.state, without.record, { withTags: false })).not.toHaveProperty('Limits');
  const overridden = await running({ ...onEc2, ...sizeless, overrides: { cpu: '512' } });
  expect(taskMetadata(overridden.state, overridden.record, { withTags: false })).toMatchObject({
    Limits: { CPU: 0.5 },
  });
});
