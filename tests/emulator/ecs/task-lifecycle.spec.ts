import { RegisterContainerInstanceCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { expect, test } from './ecs-test.ts';

const shell = (script: string) => ({ image: 'busybox', command: ['sh', '-c', script] });
const app = (script: string) => ({ name: 'app', ...shell(script) });

for (const runtime of ['process', 'docker'] as const) {
  test.describe(`on the ${runtime} runtime`, () => {
    test.use({ runtime });

    test('a task runs to its end, and its log is there when it is STOPPED', async ({ bench }) => {
      const task = await bench.run([app('echo hello; echo world >&2')]);
      expect(task.first).toMatchObject({ lastStatus: 'PROVISIONING', desiredStatus: 'RUNNING' });
      const stopped = await bench.reached(task, 'STOPPED');
      expect((await bench.messages(task)).toSorted()).toEqual(['hello', 'world']);
      expect(stopped).toMatchObject({
        desiredStatus: 'STOPPED',
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
        launchType: 'FARGATE',
        platformVersion: '1.4.0',
        platformFamily: 'Linux',
        cpu: '256',
        memory: '512',
        connectivity: 'CONNECTED',
      });
      expect(stopped.containers?.[0]).toMatchObject({ lastStatus: 'STOPPED', exitCode: 0 });
      expect(stopped.containers?.[0]?.runtimeId).toMatch(/.+/);
      const times = [
        stopped.createdAt,
        stopped.pullStartedAt,
        stopped.pullStoppedAt,
        stopped.startedAt,
        stopped.stoppingAt,
        stopped.executionStoppedAt,
        stopped.stoppedAt,
      ].map((at) => at?.getTime());
      expect(times).not.toContain(undefined);
      expect(times).toEqual([...times].toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    });

    test('an exit code is reported as it is', async ({ bench }) => {
      const task = await bench.run([app('exit 3')]);
      const stopped = await bench.reached(task, 'STOPPED');
      expect(stopped.stopCode).toBe('EssentialContainerExited');
      expect(stopped.containers?.[0]?.exitCode).toBe(3);
    });

    test('an image that there is nowhere is a CannotPullContainerError', async ({ bench }) => {
      const task = await bench.run([{ name: 'app', image: 'localhost:1/nowhere/nothing:none' }]);
      const stopped = await bench.reached(task, 'STOPPED');
      expect(stopped).toMatchObject({ stopCode: 'TaskFailedToStart' });
      expect(stopped.stoppedReason).toMatch(/^CannotPullContainerError: /);
      expect(stopped.containers?.[0]?.reason).toBe(stopped.stoppedReason);
      expect(stopped.containers?.[0]?.exitCode).toBeUndefined();
      expect(stopped.startedAt).toBeUndefined();
    });

    test('a command that there is not is a CannotStartContainerError', async ({ bench }) => {
      const task = await bench.run([{ name: 'app', image: 'busybox', command: ['/no/such/command'] }]);
      const stopped = await bench.reached(task, 'STOPPED');
      expect(stopped.stopCode).toBe('TaskFailedToStart');
      expect(stopped.stoppedReason).toMatch(/^Cannot(Start|Create)ContainerError: .*\/no\/such\/command/s);
    });

    test('StopTask sends SIGTERM, and what the container still says is logged', async ({ bench }) => {
      const task = await bench.run([app('trap "echo bye; exit 7" TERM; echo ready; while :; do sleep 0.05; done')]);
      await bench.reached(task, 'RUNNING');
      await expect(async () => expect(await bench.messages(task)).toEqual(['ready'])).toPass({ timeout: 10_000 });
      const { task: stopping } = await bench.client.send(
        new StopTaskCommand({ cluster: bench.cluster, task: task.taskArn, reason: 'test over' }),
      );
      expect(stopping).toMatchObject({
        desiredStatus: 'STOPPED',
        stopCode: 'UserInitiated',
        stoppedReason: 'test over',
      });
      const stopped = await bench.reached(task, 'STOPPED');
      expect(stopped.containers?.[0]?.exitCode).toBe(7);
      expect(await bench.messages(task)).toEqual(['ready', 'bye']);
    });

    test('a container that does not mind SIGTERM is killed after its stopTimeout', async ({ bench }) => {
      const task = await bench.run([
        { ...app('trap "" TERM; echo ready; while :; do sleep 0.05; done'), stopTimeout: 2 },
      ]);
      await bench.reached(task, 'RUNNING');
      await expect(async () => expect(await bench.messages(task)).toEqual(['ready'])).toPass({ timeout: 10_000 });
      await bench.client.send(new StopTaskCommand({ cluster: bench.cluster, task: task.taskArn }));
      const stopped = await bench.reached(task, 'STOPPED');
      expect(stopped.stoppedReason).toBe('Task stopped by user');
      expect(stopped.containers?.[0]?.exitCode).toBe(137);
      const grace = (stopped.stoppedAt?.getTime() ?? 0) - (stopped.stoppingAt?.getTime() ?? 0);
      expect(grace).toBeGreaterThanOrEqual(1900);
    });

    test('containers share a volume, in the order of their dependencies', async ({ bench }) => {
      const mountPoints = [{ sourceVolume: 'shared', containerPath: '/shared' }];
      const task = await bench.run(
        [
          { ...app('cat shared/file'), mountPoints, dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] },
          { name: 'init', ...shell('echo written > shared/file'), mountPoints, essential: false },
        ],
        { volumes: [{ name: 'shared' }] },
      );
      const stopped = await bench.reached(task, 'STOPPED');
      expect(stopped.containers?.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(await bench.messages(task)).toEqual(['written']);
    });

    test('a health check runs in the container', async ({ bench }) => {
      const task = await bench.run([
        {
          ...app('touch well; while :; do sleep 0.05; done'),
          stopTimeout: 2,
          healthCheck: { command: ['CMD-SHELL', 'rm well'], interval: 300 },
        },
      ]);
      await expect(async () => {
        const { healthStatus, containers } = await bench.describe(task);
        expect([healthStatus, containers?.[0]?.healthStatus]).toEqual(['HEALTHY', 'HEALTHY']);
      }).toPass({ timeout: 20_000 });
    });

    test('a container reaches the one that it is linked to', async ({ bench }) => {
      await bench.client.send(
        new RegisterContainerInstanceCommand({
          cluster: bench.cluster,
          totalResources: [
            { name: 'CPU', type: 'INTEGER', integerValue: 2048 },
            { name: 'MEMORY', type: 'INTEGER', integerValue: 2048 },
          ],
        }),
      );
      const server = `require('http').createServer((_, response) => response.end('served')).listen(process.env.PORT || 8080)`;
      const client = `
        const { DB_PORT_8080_TCP_ADDR: host, DB_PORT_8080_TCP_PORT: port } = process.env;
        const ask = () => fetch('http://' + host + ':' + port).then((response) => response.text());
        const retry = (left) => ask().catch((error) => {
          if (left === 0) throw error;
          return new Promise((resolve) => setTimeout(resolve, 50)).then(() => retry(left - 1));
        });
        retry(100).then(console.log);
      `;
      const definition = await bench.register(
        [
          { name: 'app', image: 'node:20-slim', command: ['node', '-e', client], links: ['server:db'] },
          {
            name: 'server',
            image: 'node:20-slim',
            command: ['node', '-e', server],
            portMappings: [{ containerPort: 8080 }],
            // Node as the first process of a container does not mind SIGTERM.
            stopTimeout: 2,
          },
        ],
        { networkMode: 'bridge', requiresCompatibilities: ['EC2'] },
      );
      const task = await bench.start(definition, { launchType: 'EC2', networkConfiguration: undefined });
      await bench.reached(task, 'STOPPED');
      expect(await bench.messages(task)).toEqual(['served']);
    });

    test('overrides of command and environment reach the container', async ({ bench }) => {
      const definition = await bench.register([
        {
          ...app('exit 1'),
          environment: [
            { name: 'GREETING', value: 'none' },
            { name: 'NAME', value: 'world' },
          ],
        },
      ]);
      const containerOverrides = [
        {
          name: 'app',
          command: ['sh', '-c', 'echo $GREETING $NAME'],
          environment: [{ name: 'GREETING', value: 'hello' }],
        },
      ];
      const task = await bench.start(definition, { overrides: { containerOverrides } });
      const stopped = await bench.reached(task, 'STOPPED');
      expect(await bench.messages(task)).toEqual(['hello world']);
      expect(stopped.overrides?.containerOverrides).toEqual(containerOverrides);
    });
  });
}
