import { CloudWatchLogsClient, CreateLogGroupCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateClusterCommand,
  DescribeTasksCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import { type Emulator, startEmulator } from '../../emulator/index.ts';
import { mustUndo } from './cleanup.ts';
import type { Row } from './report.ts';
import { summarize } from './statistics.ts';

const RUNTIMES = [
  { runtime: 'process', goal: 150 },
  { runtime: 'docker', goal: 1500 },
] as const;

const NAME = 'bench-echo';

/** From RunTask of `echo` until the task is STOPPED and its log can be read, with either runtime. */
export async function benchRunTask(rounds: number, progress: (line: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { runtime, goal } of RUNTIMES) {
    const row = {
      section: 'RunTask of echo, to STOPPED with its log readable',
      name: `${runtime} runtime`,
      unit: 'ms',
      goal: { is: 'at most', value: goal },
    } as const;
    try {
      rows.push({ ...row, figure: summarize(await timesOn(runtime, rounds, progress)) });
    } catch (error) {
      rows.push({ ...row, problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) });
    }
  }
  return rows;
}

async function timesOn(
  runtime: 'process' | 'docker',
  rounds: number,
  progress: (line: string) => void,
): Promise<number[]> {
  const emulator = await startEmulator({
    account: '000000000000',
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    verifySignatures: true,
    runtime,
    runId: `bench-${process.pid}`,
  });
  const stop = mustUndo(() => emulator.stop());
  const clients = await prepare(emulator);
  try {
    const times: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      progress(round === 0 ? `run-task: warming up ${runtime}` : `run-task: ${runtime}, run ${round} of ${rounds}`);
      const time = await timeOne(clients, `hello ${round}`);
      if (round > 0) times.push(time);
    }
    return times;
  } finally {
    clients.ecs.destroy();
    clients.logs.destroy();
    await stop();
  }
}

interface Clients {
  readonly ecs: ECSClient;
  readonly logs: CloudWatchLogsClient;
}

async function prepare({ endpoint, region }: Emulator): Promise<Clients> {
  const settings = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
  const clients = { ecs: new ECSClient(settings), logs: new CloudWatchLogsClient(settings) };
  await clients.logs.send(new CreateLogGroupCommand({ logGroupName: NAME }));
  await clients.ecs.send(new CreateClusterCommand({ clusterName: NAME }));
  await clients.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: NAME,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      executionRoleArn: 'arn:aws:iam::000000000000:role/execution',
      containerDefinitions: [
        {
          name: 'app',
          image: 'busybox:1.36',
          command: ['echo', 'hello'],
          logConfiguration: {
            logDriver: 'awslogs',
            options: { 'awslogs-group': NAME, 'awslogs-region': region, 'awslogs-stream-prefix': 'ecs' },
          },
        },
      ],
    }),
  );
  return clients;
}

/** How often the task's state is asked for, in milliseconds: little beside the figure, and no busy loop. */
const POLL = 2;
const DEADLINE = 30_000;

async function timeOne({ ecs, logs }: Clients, text: string): Promise<number> {
  const start = performance.now();
  const { tasks, failures } = await ecs.send(
    new RunTaskCommand({
      cluster: NAME,
      taskDefinition: NAME,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0123456789abcdef0'] } },
      overrides: { containerOverrides: [{ name: 'app', command: ['echo', text] }] },
    }),
  );
  const taskArn = tasks?.[0]?.taskArn;
  if (taskArn === undefined) throw new Error(`RunTask started nothing: ${failures?.[0]?.reason ?? 'no reason given'}`);
  let status = '';
  while (status !== 'STOPPED') {
    if (performance.now() - start > DEADLINE)
      throw new Error(`the task was ${status} after ${DEADLINE} ms, not STOPPED`);
    await new Promise((resolve) => setTimeout(resolve, POLL));
    const described = await ecs.send(new DescribeTasksCommand({ cluster: NAME, tasks: [taskArn] }));
    status = described.tasks?.[0]?.lastStatus ?? 'MISSING';
    const { stopCode, stoppedReason } = described.tasks?.[0] ?? {};
    if (stopCode === 'TaskFailedToStart') throw new Error(`the task did not start: ${stoppedReason}`);
  }
  const logStreamName = `ecs/app/${taskArn.split('/').at(-1)}`;
  const { events } = await logs.send(new GetLogEventsCommand({ logGroupName: NAME, logStreamName }));
  const time = performance.now() - start;
  const messages = events?.map((event) => event.message).join('\n');
  if (messages !== text) throw new Error(`the log of the STOPPED task holds '${messages}' instead of '${text}'`);
  return time;
}
