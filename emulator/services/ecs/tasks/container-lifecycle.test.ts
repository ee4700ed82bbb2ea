import { expect, test } from '@playwright/test';
import { settle, taskTestBench, type TaskTestBench } from './task-test-bench.ts';

const app = { name: 'app', image: 'busybox' };

const names = ({ runtime }: TaskTestBench): string[] => runtime.containers.map(({ spec }) => spec.name);

test('containers start in the order of their dependencies and stop in the reverse one', async () => {
  const stopped: string[] = [];
  const bench = taskTestBench({ onStop: ({ spec }) => void stopped.push(spec.name) });
  const record = bench.run([
    { ...app, dependsOn: [{ containerName: 'db', condition: 'START' }] },
    { name: 'db', image: 'busybox', dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] },
    { name: 'init', image: 'busybox', essential: false },
  ]);
  await settle();
  expect(names(bench)).toEqual(['init']);
  expect(record.task.lastStatus).toBe('ACTIVATING');

  bench.runtime.container('init').exit(0);
  await settle();
  expect(names(bench)).toEqual(['init', 'db', 'app']);
  expect(record.task.lastStatus).toBe('RUNNING');

  bench.state.supervisor.stop(record, { code: 'UserInitiated', reason: 'enough' });
  expect(stopped).toEqual(['app']);
  bench.runtime.container('app').exit(143);
  await settle();
  expect(stopped).toEqual(['app', 'db']);
  bench.runtime.container('db').exit(143);
  await settle();
  expect(record.task.lastStatus).toBe('STOPPED');
});

test('a dependency that does not succeed fails the task, and what waited for it was never run', async () => {
  const bench = taskTestBench();
  const { task } = bench.run([
    { ...app, dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] },
    { name: 'init', image: 'busybox', essential: false },
  ]);
  await settle();
  bench.runtime.container('init').exit(4);
  await settle();
  expect(task).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart' });
  expect(task.stoppedReason).toContain('[init] for target [app] as dependency did not exit successfully');
  expect(task.containers?.[0]).toMatchObject({ exitCode: 143, reason: task.stoppedReason });
  expect(task.containers?.[1]).toMatchObject({ exitCode: 4 });
  expect(names(bench)).toEqual(['init']);
});

test('a dependency that is not HEALTHY within its startTimeout fails the task', async () => {
  const bench = taskTestBench();
  const { task } = bench.run([
    { ...app, dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }] },
    { name: 'db', image: 'busybox', startTimeout: 20, healthCheck: { command: ['CMD', 'true'], interval: 300 } },
  ]);
  await settle();
  bench.runtime.container('db').healthExitCode = 1;
  bench.clock.advance(19_000);
  await settle();
  expect(task.lastStatus).toBe('ACTIVATING');
  bench.clock.advance(1000);
  await settle();
  expect(task).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart' });
  expect(task.stoppedReason).toContain('[db] for target [app] has timed out');
});

test('a container waits until the one it depends on is HEALTHY', async () => {
  const bench = taskTestBench();
  const { task } = bench.run([
    { ...app, dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }] },
    { name: 'db', image: 'busybox', healthCheck: { command: ['CMD', 'true'] } },
  ]);
  await settle();
  expect(names(bench)).toEqual(['db']);
  bench.clock.advance(30_000);
  await settle();
  expect(names(bench)).toEqual(['db', 'app']);
  expect(task.lastStatus).toBe('RUNNING');
});

test('an exit before the other containers could start is still an essential exit', async () => {
  const bench = taskTestBench();
  const { task } = bench.run([
    { ...app, dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }] },
    { name: 'db', image: 'busybox', healthCheck: { command: ['CMD', 'true'] } },
  ]);
  await settle();
  bench.runtime.container('db').exit(1);
  await settle();
  expect(task.lastStatus).toBe('STOPPED');
  expect(task.startedAt).toBeUndefined();
  expect(names(bench)).toEqual(['db']);
});

test('a restart policy restarts a container that has run long enough', async () => {
  const bench = taskTestBench();
  const record = bench.run([{ ...app, restartPolicy: { enabled: true, restartAttemptPeriod: 60 } }]);
  await settle();
  const runtimeId = record.task.containers?.[0]?.runtimeId;
  bench.clock.advance(60_000);
  bench.runtime.container('app').exit(1);
  await settle();
  expect(record.task.lastStatus).toBe('RUNNING');
  expect(names(bench)).toEqual(['app', 'app']);
  expect(record.containerDetails.get('app')?.restartCount).toBe(1);
  expect(record.task.containers?.[0]).toMatchObject({ lastStatus: 'RUNNING', runtimeId });

  bench.clock.advance(59_000);
  bench.runtime.container('app').exit(1);
  await settle();
  expect(record.task).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' });
});

test('a container that is restarted goes on in its log stream, with a prefix or without', async () => {
  for (const prefix of [{ 'awslogs-stream-prefix': 'run' }, {}]) {
    const bench = taskTestBench();
    const options = { 'awslogs-group': '/ecs/web', 'awslogs-region': 'us-east-1', ...prefix };
    const restartPolicy = { enabled: true, restartAttemptPeriod: 60 };
    bench.run([{ ...app, restartPolicy, logConfiguration: { logDriver: 'awslogs', options } }], {
      capacity: { launchType: 'EC2' },
      definition: { networkMode: 'bridge' },
    });
    for (const line of ['one', 'two']) {
      await settle();
      bench.runtime.container('app').spec.onOutput('stdout', Buffer.from(`${line}\n`));
      bench.clock.advance(60_000);
      bench.runtime.container('app').exit(1);
    }
    await settle();
    const [first, second] = bench.logged.map((entry) => entry.split(' '));
    expect([first?.[1], second?.[1]]).toEqual(['one', 'two']);
    expect(second?.[0]).toBe(first?.[0]);
  }
});

test('a restart policy leaves ignored exit codes and stopped tasks alone', async () => {
  const restartPolicy = { enabled: true, ignoredExitCodes: [0] };
  const bench = taskTestBench();
  const first = bench.run([{ ...app, restartPolicy }]);
  await settle();
  bench.clock.advance(400_000);
  bench.runtime.container('app').exit(0);
  await settle();
  expect(first.task.lastStatus).toBe('STOPPED');

  const second = bench.run([{ ...app, restartPolicy }]);
  await settle();
  bench.clock.advance(400_000);
  bench.state.supervisor.stop(second, { code: 'UserInitiated', reason: 'enough' });
  await settle();
  expect(second.task).toMatchObject({ lastStatus: 'STOPPED', containers: [{ exitCode: 143 }] });
  expect(names(bench)).toEqual(['app', 'app']);
});
