import { expect, test } from '@playwright/test';
import type { EcsState, ServiceRecord, TaskRecord } from '../state.ts';
import type { TaskSupervisor } from '../tasks/task-supervisor.ts';
import { settle, type TaskTestBench, taskTestBench } from '../tasks/task-test-bench.ts';
import { createService } from './create-service.ts';
import { deleteService } from './delete-service.ts';
import { settleDeployments } from './deployments.ts';
import { updateService } from './update-service.ts';

const cluster = 'default';

test('a deployment completes when as many of its tasks run as the service desires', async () => {
  const { bench, record } = serviceOn({ desiredCount: 2 });
  startServiceTask(bench, record);
  settleDeployments(bench.state, record);
  expect(record.service).toMatchObject({ runningCount: 0, pendingCount: 1 });
  await settle();
  settleDeployments(bench.state, record);
  expect(record.service).toMatchObject({
    runningCount: 1,
    pendingCount: 0,
    deployments: [{ runningCount: 1, desiredCount: 2, rolloutState: 'IN_PROGRESS' }],
  });
  startServiceTask(bench, record);
  await settle();
  settleDeployments(bench.state, record);
  expect(record.service).toMatchObject({ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] });
});

test('an old deployment stays, with its tasks, until the new one has all of its own', async () => {
  const { bench, record } = serviceOn({ desiredCount: 1 });
  const old = startServiceTask(bench, record);
  await settle();
  updateService(bench.state, { cluster, service: 'web', forceNewDeployment: true });
  startServiceTask(bench, record);
  await settle();
  settleDeployments(bench.state, record);
  expect(record.service.deployments).toMatchObject([
    { status: 'PRIMARY', runningCount: 1, rolloutState: 'IN_PROGRESS' },
    { status: 'ACTIVE', runningCount: 1, id: old.task.startedBy },
  ]);
  bench.state.supervisor.stop(old, { code: 'ServiceSchedulerInitiated', reason: 'replaced' });
  await settle();
  settleDeployments(bench.state, record);
  expect(record.service.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
  expect(record.service.deployments).toHaveLength(1);
});

test('a service is not deleted while a deployment replaces tasks, unless by force', async () => {
  const { bench, record } = serviceOn({ desiredCount: 1 });
  startServiceTask(bench, record);
  await settle();
  updateService(bench.state, { cluster, service: 'web', forceNewDeployment: true, desiredCount: 0 });
  expect(() => deleteService(bench.state, { cluster, service: 'web' })).toThrow(
    'The service cannot be stopped while deployments are active.',
  );
  expect(record.service.status).toBe('ACTIVE');
});

test('a forced deletion stops the tasks in the name of the scheduler, and the service ends after them', async () => {
  const { bench, record } = serviceOn({ desiredCount: 1 });
  const task = startServiceTask(bench, record);
  await settle();
  expect(deleteService(bench.state, { cluster, service: 'web', force: true })).toMatchObject({
    status: 'DRAINING',
    desiredCount: 0,
  });
  await settle();
  expect(task.task).toMatchObject({
    desiredStatus: 'STOPPED',
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Scaling activity initiated by (deployment ${task.task.startedBy})`,
  });
  expect(record.service).toMatchObject({ status: 'INACTIVE', runningCount: 0 });
});

test('a service drains until the last of its tasks is stopping', async () => {
  const { bench, record } = serviceOn({ desiredCount: 1 });
  const task = startServiceTask(bench, record);
  await settle();
  const listeners = new Set<(changed: TaskRecord) => void>();
  const supervisor: TaskSupervisor = {
    ...bench.state.supervisor,
    stop: ({ task }) => Object.assign(task, { desiredStatus: 'STOPPED', lastStatus: 'DEACTIVATING' }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  deleteService({ ...bench.state, supervisor }, { cluster, service: 'web', force: true });
  expect(record.service.status).toBe('DRAINING');
  Object.assign(task.task, { lastStatus: 'STOPPING' });
  for (const listener of listeners) listener(task);
  expect(record.service.status).toBe('INACTIVE');
  expect(listeners.size).toBe(0);
});

test('tasks of other groups are none of the service', async () => {
  const { bench, record } = serviceOn({ desiredCount: 1 });
  bench.run([{ name: 'app', image: 'busybox' }]);
  await settle();
  settleDeployments(bench.state, record);
  expect(record.service).toMatchObject({ runningCount: 0, pendingCount: 0 });
});

function serviceOn({ desiredCount }: { desiredCount: number }): { bench: TaskTestBench; record: ServiceRecord } {
  const bench = taskTestBench();
  addDefaultCluster(bench.state);
  const record = createService(
    bench.state,
    { cluster, serviceName: 'web', taskDefinition: 'web', desiredCount },
    {
      account: '000000000000',
      region: 'us-east-1',
      requestId: 'request',
      caller: { accessKeyId: 'test', arn: 'arn:aws:iam::000000000000:root', userId: '000000000000' },
      request: { method: 'POST', path: '/', query: '', headers: {} },
    },
  );
  return { bench, record };
}

function addDefaultCluster(state: EcsState): void {
  state.clusters.set(cluster, {
    cluster: {
      clusterName: cluster,
      clusterArn: 'arn:aws:ecs:us-east-1:000000000000:cluster/default',
      status: 'ACTIVE',
    },
  });
  state.families.set('web', [
    {
      definition: {
        family: 'web',
        revision: 1,
        status: 'ACTIVE',
        taskDefinitionArn: 'arn:aws:ecs:us-east-1:000000000000:task-definition/web:1',
        compatibilities: ['EC2'],
        networkMode: 'bridge',
        containerDefinitions: [{ name: 'app', image: 'busybox' }],
      },
    },
  ]);
}

/** What a service scheduler would do for the newest deployment. */
function startServiceTask(bench: TaskTestBench, record: ServiceRecord): TaskRecord {
  const task = bench.run([{ name: 'app', image: 'busybox' }]);
  const [deployment] = record.service.deployments ?? [];
  Object.assign(task.task, { group: 'service:web', startedBy: deployment?.id });
  return task;
}
