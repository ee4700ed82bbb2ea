import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test as base } from '@playwright/test';
import { makePlacement } from './placement.ts';

const answers: Readonly<Record<string, string>> = {
  CreateVpc: '<CreateVpcResponse><vpc><vpcId>vpc-1</vpcId></vpc></CreateVpcResponse>',
  CreateSubnet: '<CreateSubnetResponse><subnet><subnetId>subnet-1</subnetId></subnet></CreateSubnetResponse>',
  CreateSecurityGroup: '<CreateSecurityGroupResponse><groupId>sg-1</groupId></CreateSecurityGroupResponse>',
  CreateRole: '<CreateRoleResponse><Role><Arn>arn:aws:iam::123456789012:role/x</Arn></Role></CreateRoleResponse>',
};

interface Call {
  readonly parameters: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
}

/** `server` answers the calls that are given, and refuses all others; it keeps what it was asked. */
const test = base.extend<{
  server: (known: Readonly<Record<string, string>>) => Promise<{ endpoint: string; calls: Call[] }>;
}>({
  server: async ({}, use) => {
    const opened: ReturnType<typeof createServer>[] = [];
    await use(async (known) => {
      const calls: Call[] = [];
      const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
        const parameters = Object.fromEntries(new URLSearchParams(await text(request)));
        calls.push({ parameters, authorization: request.headers.authorization });
        const found = known[parameters['Action'] ?? ''];
        response.writeHead(found ? 200 : 400).end(found ?? '<Code>VpcLimitExceeded</Code>');
      };
      const server = createServer((request, response) => void answer(request, response));
      opened.push(server);
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
    });
    for (const server of opened) {
      server.closeAllConnections();
      server.close();
    }
  },
});

const place = {
  region: 'us-east-1',
  account: '123456789012',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};

test('a network and two roles are made by signed calls of the query APIs', async ({ server }) => {
  const { endpoint, calls } = await server(answers);

  expect(await makePlacement({ ...place, endpoint })).toEqual({
    partition: 'aws',
    network: { subnets: ['subnet-1'], securityGroups: ['sg-1'] },
    roles: {
      executionRoleArn: 'arn:aws:iam::123456789012:role/x',
      taskRoleArn: 'arn:aws:iam::123456789012:role/x',
    },
  });
  expect(calls.map(({ parameters }) => parameters['Action'])).toEqual([
    'CreateVpc',
    'CreateSubnet',
    'CreateSecurityGroup',
    'CreateRole',
    'CreateRole',
  ]);
  expect(calls[1]?.parameters).toMatchObject({ VpcId: 'vpc-1', Version: '2016-11-15' });
  expect(calls[0]?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/us-east-1\/ec2\/aws4_request/);
  expect(calls[4]?.authorization).toContain('/us-east-1/iam/aws4_request');
});

test('a refusal is told with the call and the words of the server', async ({ server }) => {
  const { endpoint } = await server({});

  await expect(makePlacement({ ...place, endpoint })).rejects.toThrow(
    `ec2 CreateVpc at ${endpoint}: status 400: <Code>VpcLimitExceeded</Code>`,
  );
});
