import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import {
  CreateClusterCommand,
  DescribeTasksCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import { expect, test } from '@playwright/test';
import { startEmulator } from '../../../emulator/index.ts';
import { findLeftovers } from '../runtimes/leftovers.ts';
import { clientConfig, emulatorOptions } from '../start-emulator.ts';

const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };

test('a hundred tasks at once, half of them still running when the emulator stops, leave nothing behind', async () => {
  // oxlint-disable-next-line playwright/no-skipped-test -- there is nothing to look at without it
  test.skip(!existsSync('/proc/self/net/tcp'), 'needs /proc to see processes and ports: run it on Linux');
  const portsBefore = listeningPorts();
  const runId = `hundred-${randomBytes(4).toString('hex')}`;
  const emulator = await startEmulator(emulatorOptions({ runId }));
  const client = new ECSClient(clientConfig(emulator));
  try {
    await client.send(new CreateClusterCommand({ clusterName: 'hundred' }));
    // The child is a process of its own, so that killing only the first one would leave it.
    const short = await register(client, 'short', `echo ${runId}`);
    const long = await register(client, 'long', `sleep 600 & echo ${runId}; wait`);
    const taskArns = (
      await Promise.all([...times(5), ...times(5)].map((_, index) => run(client, index < 5 ? short : long)))
    ).flat();
    expect(taskArns).toHaveLength(100);
    await expect(async () => {
      const { tasks } = await client.send(new DescribeTasksCommand({ cluster: 'hundred', tasks: taskArns }));
      const counts = new Map<string, number>();
      for (const { lastStatus = 'none' } of tasks ?? []) counts.set(lastStatus, (counts.get(lastStatus) ?? 0) + 1);
      expect(Object.fromEntries(counts)).toEqual({ STOPPED: 50, RUNNING: 50 });
    }).toPass({ timeout: 40_000, intervals: [100] });
    const during = await findLeftovers('process', runId);
    expect(during.filter((line) => line.startsWith('process ')).length).toBeGreaterThanOrEqual(50);
    expect(during.filter((line) => line.startsWith('folder '))).not.toEqual([]);
  } finally {
    client.destroy();
    await emulator.stop();
  }
  expect(await findLeftovers('process', runId)).toEqual([]);
  expect(listeningPorts().filter((port) => !portsBefore.includes(port))).toEqual([]);
});

function times(count: number): undefined[] {
  return Array.from({ length: count });
}

async function register(client: ECSClient, family: string, script: string): Promise<string> {
  await client.send(
    new RegisterTaskDefinitionCommand({
      family,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [
        {
          name: 'app',
          image: 'busybox',
          command: ['sh', '-c', script],
          portMappings: [{ containerPort: 8080 }],
          stopTimeout: 2,
        },
      ],
    }),
  );
  return family;
}

async function run(client: ECSClient, taskDefinition: string): Promise<string[]> {
  const { tasks, failures } = await client.send(
    new RunTaskCommand({ cluster: 'hundred', taskDefinition, count: 10, launchType: 'FARGATE', networkConfiguration }),
  );
  expect(failures).toEqual([]);
  return (tasks ?? []).map(({ taskArn }) => taskArn ?? '');
}

/** The inodes of the sockets that this process listens on, with their addresses. */
function listeningPorts(): string[] {
  const own = new Set(readdirSync('/proc/self/fd').map((fd) => readFd(fd)));
  return ['/proc/self/net/tcp', '/proc/self/net/tcp6']
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && own.has(`socket:[${fields[9]}]`))
    .map((fields) => fields[1] ?? '');
}

function readFd(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
