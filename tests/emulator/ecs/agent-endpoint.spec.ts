import { fileURLToPath } from 'node:url';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type EcsBench, expect, type TaskHandle, test } from './ecs-test.ts';

/** Where the SDK of this project lies; a process's container sees the machine's files. */
const nodeModules = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** Asks for each path below the metadata endpoint, and for the credentials, and logs a line of JSON for each. */
const asker = `
  const base = process.env.ECS_CONTAINER_METADATA_URI_V4;
  const urls = ['', '/task', '/taskWithTags', '/stats', '/task/stats'].map((path) => base + path);
  urls.push(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI, process.env.ECS_AGENT_URI + '/task-protection/v1/state');
  // The container may ask before its runtime has told the agent that it runs.
  const ask = async (url) => {
    const response = await fetch(url);
    const body = await response.json();
    return body === null || body.DockerId === '' ? ask(url) : { status: response.status, body };
  };
  (async () => {
    for (const url of urls) console.log(JSON.stringify(await ask(url)));
  })();
`;

/** What `/stats` and `/task/stats` answer. */
const used = expect.objectContaining({ cpu_stats: expect.anything(), memory_stats: expect.anything() });
const statsOn = {
  docker: [used, used],
  process: [expect.stringContaining('not emulated'), expect.stringContaining('not emulated')],
};

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- what the endpoint answers is what the test looks at
  readonly body: any;
}

async function ask(bench: EcsBench): Promise<{ task: TaskHandle; answers: Answer[] }> {
  const definition = await bench.register(
    [
      {
        name: 'app',
        image: 'node:20-slim',
        command: ['node', '-e', asker],
        cpu: 64,
        memory: 256,
        dockerLabels: { team: 'blue' },
      },
    ],
    { taskRoleArn: 'arn:aws:iam::123456789012:role/app' },
  );
  const task = await bench.start(definition, { tags: [{ key: 'team', value: 'blue' }] });
  const { stoppedReason } = await bench.reached(task, 'STOPPED');
  expect(stoppedReason).toBe('Essential container in task exited');
  const answers = (await bench.messages(task)).map((line) => JSON.parse(line) as Answer);
  return { task, answers };
}

for (const runtime of ['process', 'docker'] as const) {
  test.describe(`on the ${runtime} runtime`, () => {
    test.use({ runtime });

    test('a container reads its metadata, its task and its credentials', async ({ bench }) => {
      const { task, answers } = await ask(bench);
      const [container, taskMetadata, withTags, stats, taskStats, credentials, protection] = answers;
      const measured = { docker: 200, process: 501 }[runtime];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, measured, measured, 200, 200]);

      expect(container?.body).toMatchObject({
        Name: 'app',
        Image: 'node:20-slim',
        DesiredStatus: 'RUNNING',
        KnownStatus: expect.stringMatching(/^(CREATED|RUNNING)$/),
        Limits: { CPU: 64, Memory: 256 },
        Type: 'NORMAL',
        LogDriver: 'awslogs',
        DockerName: 'app',
        DockerId: expect.stringMatching(new RegExp(`^${task.taskArn.split('/').at(-1)}-\\d{10}$`)),
        LogOptions: {
          'awslogs-group': bench.cluster,
          'awslogs-stream': `run/app/${task.taskArn.split('/').at(-1)}`,
        },
        ContainerARN: task.first.containers?.[0]?.containerArn,
        Labels: { team: 'blue', 'com.amazonaws.ecs.task-arn': task.taskArn },
        Networks: [{ NetworkMode: 'awsvpc', IPv4Addresses: [expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/)] }],
      });
      expect(Date.parse(container?.body.CreatedAt)).not.toBeNaN();

      expect(taskMetadata?.body).toMatchObject({
        Cluster: task.first.clusterArn,
        TaskARN: task.taskArn,
        Family: bench.cluster,
        Revision: '1',
        DesiredStatus: 'RUNNING',
        KnownStatus: expect.stringMatching(/^(CREATED|RUNNING)$/),
        Limits: { CPU: 0.25, Memory: 512 },
        LaunchType: 'FARGATE',
        AvailabilityZone: 'us-east-1a',
        Containers: [{ Name: 'app' }],
        ClockDrift: { ClockSynchronizationStatus: 'SYNCHRONIZED' },
      });
      expect(taskMetadata?.body).not.toHaveProperty('TaskTags');
      expect(withTags?.body).toMatchObject({ TaskTags: { team: 'blue' } });
      const id = String(container?.body.DockerId);
      expect([stats?.body, taskStats?.body[id] ?? taskStats?.body]).toEqual(statsOn[runtime]);
      expect(credentials?.body).toMatchObject({ RoleArn: 'arn:aws:iam::123456789012:role/app' });
      expect(protection?.body).toMatchObject({ failure: { Arn: task.taskArn, Reason: 'TASK_NOT_VALID' } });
    });
  });
}

test("credentials of a task's endpoint are those of its task role", async ({ bench }) => {
  const { task, answers } = await ask(bench);
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = answers[5]?.body ?? {};
  expect(Date.parse(Expiration)).toBeGreaterThan(Date.now());
  const sts = new STSClient({
    endpoint: bench.emulator.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token },
  });
  const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
  sts.destroy();
  expect(Arn).toBe(`arn:aws:sts::123456789012:assumed-role/app/${task.taskArn.split('/').at(-1)}`);
});

test('an unmodified SDK in a container reaches the emulated services with no configuration', async ({ bench }) => {
  const script = `
    const { GetCallerIdentityCommand, STSClient } = require('@aws-sdk/client-sts');
    new STSClient().send(new GetCallerIdentityCommand()).then(({ Arn }) => console.log(Arn));
  `;
  const environment = [{ name: 'NODE_PATH', value: nodeModules }];
  const definition = await bench.register(
    [{ name: 'app', image: 'node:20-slim', command: ['node', '-e', script], environment }],
    { taskRoleArn: 'arn:aws:iam::123456789012:role/app' },
  );
  const task = await bench.start(definition);
  await bench.reached(task, 'STOPPED');
  const session = `arn:aws:sts::123456789012:assumed-role/app/${task.taskArn.split('/').at(-1)}`;
  expect(await bench.messages(task)).toContain(session);
});

test('an id that names nothing is answered as the agent answers it', async ({ bench }) => {
  const { endpoint } = bench.emulator;
  const metadata = await fetch(`${endpoint}/_testbed/ecs/v4/nothing/task`);
  expect(metadata.status).toBe(404);
  const credentials = await fetch(`${endpoint}/_testbed/ecs/credentials/nothing`);
  expect(credentials.status).toBe(400);
  expect(await credentials.json()).toEqual({
    code: 'InvalidIdInRequest',
    message: 'CredentialsV1Request: ID not found',
    HTTPErrorCode: 400,
  });
});
