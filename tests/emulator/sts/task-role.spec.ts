import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { CreateClusterCommand, ECSClient, RegisterTaskDefinitionCommand, RunTaskCommand } from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { clientConfig, expect, test as base } from '../start-emulator.ts';

interface ContainerCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string;
}

/** What a container posts to a server. */
const postedTo = (server: Server): Promise<ContainerCredentials> =>
  new Promise((resolve, reject) => {
    server.once('request', (request, response) => {
      request.once('end', () => response.end());
      json(request).then((body) => resolve(body as ContainerCredentials), reject);
    });
  });

const test = base.extend<{ server: Server }>({
  server: async ({}, use) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    await use(server);
    server.close();
    server.closeAllConnections();
  },
});

test("a task role that is named without its ARN is of the emulator's partition", async ({ startAnother, server }) => {
  const emulator = await startAnother({ region: 'cn-north-1' });
  const { port } = server.address() as AddressInfo;
  const script = `
    fetch(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI)
      .then((response) => response.text())
      .then((body) => fetch('http://127.0.0.1:${port}', { method: 'POST', body }));
  `;
  const ecs = new ECSClient(clientConfig(emulator));
  const posted = postedTo(server);
  await ecs.send(new CreateClusterCommand({ clusterName: 'roles' }));
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'roles',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      taskRoleArn: 'app',
      containerDefinitions: [{ name: 'app', image: 'node:20-slim', command: ['node', '-e', script] }],
    }),
  );
  const { tasks } = await ecs.send(
    new RunTaskCommand({
      cluster: 'roles',
      taskDefinition: 'roles',
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    }),
  );
  const keys = await posted;
  const credentials = {
    accessKeyId: keys.AccessKeyId,
    secretAccessKey: keys.SecretAccessKey,
    sessionToken: keys.Token,
  };
  const sts = new STSClient({ ...clientConfig(emulator), credentials });
  const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
  for (const client of [ecs, sts]) client.destroy();
  const taskId = tasks?.[0]?.taskArn?.split('/').at(-1);
  expect(Arn).toBe(`arn:aws-cn:sts::${emulator.account}:assumed-role/app/${taskId}`);
});
