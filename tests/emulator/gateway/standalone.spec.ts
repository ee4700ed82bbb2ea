import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  CreateClusterCommand,
  DescribeTasksCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test as base } from '@playwright/test';
import { type PrintingChild, startNode } from '../../support/printing-child.ts';
import { processesWith } from '../../support/processes.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));

const test = base.extend<{ run: (...options: string[]) => PrintingChild }>({
  run: async ({}, use) => {
    const running: PrintingChild[] = [];
    await use((...options) => {
      const one = start(options);
      running.push(one);
      return one;
    });
    await Promise.all(running.map((one) => one.stop()));
  },
});

function start(options: readonly string[]): PrintingChild {
  return startNode(['--import', 'tsx', 'emulator/main.ts', ...options], { cwd: project });
}

/** The variables in the `export NAME=value` lines. */
function variables(output: string): Record<string, string> {
  return Object.fromEntries(
    [...output.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`it prints what to export, serves an SDK, and ends at ${signal}`, async ({ run }) => {
    const { signal: send, printed, ended } = run('--port', '0', '--runtime', 'process', '--account', '210987654321');
    const exported = variables(await printed('AWS_SECRET_ACCESS_KEY'));
    expect(exported).toMatchObject({
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    const client = new STSClient({
      endpoint: exported['AWS_ENDPOINT_URL'] ?? '',
      region: exported['AWS_REGION'] ?? '',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '210987654321' });
    client.destroy();
    send(signal);
    expect((await ended).exitCode).toBe(0);
    await expect(fetch(`${exported['AWS_ENDPOINT_URL']}/_testbed/health`)).rejects.toThrow('fetch failed');
  });
}

test('SIGINT ends the containers of running tasks too', async ({ run }) => {
  const { pid, signal, printed, ended } = run('--port', '0', '--runtime', 'process');
  const exported = variables(await printed('AWS_SECRET_ACCESS_KEY'));
  const ecs = new ECSClient({
    endpoint: exported['AWS_ENDPOINT_URL'] ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  // Unlike any other process's arguments.
  const seconds = `3600.${pid}`;
  await ecs.send(new CreateClusterCommand({ clusterName: 'c' }));
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'sleeper',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'app', image: 'busybox', command: ['sleep', seconds] }],
    }),
  );
  const { tasks = [] } = await ecs.send(
    new RunTaskCommand({
      cluster: 'c',
      taskDefinition: 'sleeper',
      launchType: 'FARGATE',
      count: 3,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d'] } },
    }),
  );
  const taskArns = tasks.map(({ taskArn = '' }) => taskArn);
  const statuses = async (): Promise<(string | undefined)[]> => {
    const described = await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: taskArns }));
    return described.tasks?.map(({ lastStatus }) => lastStatus) ?? [];
  };
  await expect.poll(statuses, { timeout: 20_000 }).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
  ecs.destroy();
  expect((await processesWith(seconds)).length).toBeGreaterThanOrEqual(3);
  signal('SIGINT');
  expect((await ended).exitCode).toBe(0);
  expect(await processesWith(seconds)).toEqual([]);
});

test('its options set port, region and keys', async ({ run }) => {
  const options = ['--runtime', 'process', '--region', 'eu-west-1', '--access-key', 'AKIA1', '--secret-key', "it's"];
  const { printed } = run('--port', '0', ...options);
  expect(variables(await printed('AWS_SECRET_ACCESS_KEY'))).toMatchObject({
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIA1',
    AWS_SECRET_ACCESS_KEY: String.raw`'it'\''s'`,
  });
});

test('it takes requests of any signature when told so', async ({ run }) => {
  const { printed } = run('--port', '0', '--runtime', 'process', '--no-signature-check');
  const output = await printed('AWS_SECRET_ACCESS_KEY');
  expect(output).toContain('signatures not checked');
  const response = await fetch(`${variables(output)['AWS_ENDPOINT_URL']}/?Action=GetCallerIdentity&Version=2011-06-15`);
  expect(response.status).toBe(200);
});

test('a port that is taken ends it with one line', async ({ run }) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const { exitCode, output } = await run('--port', String(port), '--runtime', 'process').ended;
  expect(exitCode).toBe(1);
  expect(output).toContain(`emulator: port ${port} on 127.0.0.1 is taken by another process: stop that,`);
  other.close();
});

const mistakes: { options: string[]; line: string }[] = [
  { options: ['--prot', '1'], line: "emulator: Unknown option '--prot'" },
  { options: ['--port', '99999'], line: "emulator: --port must be a number from 0 to 65535, not '99999'" },
  { options: ['--port', 'http'], line: "emulator: --port must be a number from 0 to 65535, not 'http'" },
  { options: ['--account', '12'], line: "emulator: --account must be twelve digits, not '12'" },
  { options: ['--region', 'mars'], line: "emulator: --region must be a region's name such as eu-west-1, not 'mars'" },
  { options: ['--runtime', 'vm'], line: "emulator: --runtime must be docker, process or auto, not 'vm'" },
  { options: ['4566'], line: "emulator: Unexpected argument '4566'" },
];

for (const { options, line } of mistakes) {
  test(`${options.join(' ')} is told in one line, with the usage`, async ({ run }) => {
    const { exitCode, output } = await run(...options).ended;
    expect(exitCode).toBe(2);
    expect(output).toContain(line);
    expect(output).toContain('Usage: npm run emulator -- [options]');
  });
}

test('--help shows the usage', async ({ run }) => {
  const { exitCode, output } = await run('--help').ended;
  expect(exitCode).toBe(0);
  expect(output).toMatch(/^Usage: npm run emulator -- \[options\]/);
});
