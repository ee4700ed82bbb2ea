import { CloudWatchLogsClient, CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateClusterCommand, ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { clientConfig, expect, failureOf, test } from './fault-test.ts';

test('a throttled call is refused in the words of ECS, and nothing was done', async ({ own, ecs, inject }) => {
  inject({ service: 'ecs', operation: 'CreateCluster', times: 1, fault: { kind: 'throttling' } });

  const error = await failureOf(ecs.send(new CreateClusterCommand({ clusterName: 'never' })));

  expect(error).toMatchObject({
    name: 'ThrottlingException',
    message: 'Rate exceeded',
    $metadata: { httpStatusCode: 400, attempts: 1 },
  });
  expect((await ecs.send(new ListClustersCommand({}))).clusterArns).toEqual([]);
  expect(
    own.trace.calls().map(({ operation, status, errorCode, fault }) => [operation, status, errorCode, fault]),
  ).toEqual([
    ['CreateCluster', 400, 'ThrottlingException', { id: 'fault-1', kind: 'throttling' }],
    ['ListClusters', 200, undefined, undefined],
  ]);
});

test('an SDK client that tries again as it does by default gets through two throttled attempts', async ({
  own,
  inject,
}) => {
  const { maxAttempts: _one, ...connection } = clientConfig(own);
  const client = new ECSClient(connection);
  inject({ service: 'ecs', operation: 'CreateCluster', times: 2, fault: { kind: 'throttling' } });

  const { cluster, $metadata } = await client.send(new CreateClusterCommand({ clusterName: 'patient' }));
  client.destroy();

  expect(cluster?.clusterName).toBe('patient');
  expect($metadata.attempts).toBe(3);
  expect(own.faults.list()).toMatchObject([{ injected: 2 }]);
});

test('an SDK client gives up when it is throttled more often than it tries', async ({ own, inject }) => {
  const { maxAttempts: _one, ...connection } = clientConfig(own);
  const client = new ECSClient(connection);
  inject({ service: 'ecs', fault: { kind: 'server-error', status: 503 } });

  const error = await failureOf(client.send(new ListClustersCommand({})));
  client.destroy();

  expect(error).toMatchObject({ name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503, attempts: 3 } });
  expect(own.trace.calls()).toHaveLength(3);
});

test('every service throttles and fails in its own words', async ({ own, inject }) => {
  const connection = clientConfig(own);
  const clients = {
    ecs: new ECSClient(connection),
    logs: new CloudWatchLogsClient(connection),
    sts: new STSClient(connection),
    s3: new S3Client({ ...connection, forcePathStyle: true }),
    dynamodb: new DynamoDBClient(connection),
  };
  const calls: Record<keyof typeof clients, () => Promise<unknown>> = {
    ecs: () => clients.ecs.send(new ListClustersCommand({})),
    logs: () => clients.logs.send(new DescribeLogGroupsCommand({})),
    sts: () => clients.sts.send(new GetCallerIdentityCommand({})),
    s3: () => clients.s3.send(new ListBucketsCommand({})),
    dynamodb: () => clients.dynamodb.send(new ListTablesCommand({})),
  };
  const said: Record<string, string[]> = {};
  for (const service of Object.keys(calls) as (keyof typeof clients)[]) {
    said[service] = [];
    for (const fault of [
      { kind: 'throttling' },
      { kind: 'server-error' },
      { kind: 'server-error', status: 503 },
    ] as const) {
      inject({ service, times: 1, fault });
      const { name, $metadata } = await failureOf(calls[service]());
      said[service].push(`${($metadata as { httpStatusCode: number }).httpStatusCode} ${name}`);
    }
    clients[service].destroy();
  }

  expect(said).toEqual({
    ecs: ['400 ThrottlingException', '500 ServerException', '503 ServiceUnavailable'],
    logs: ['400 ThrottlingException', '500 InternalFailure', '503 ServiceUnavailableException'],
    sts: ['400 Throttling', '500 InternalFailure', '503 ServiceUnavailable'],
    s3: ['503 SlowDown', '500 InternalError', '503 ServiceUnavailable'],
    dynamodb: ['400 ThrottlingException', '500 InternalServerError', '503 ServiceUnavailable'],
  });
});

test('under concurrency a fault meets as many calls as it says', async ({ own, ecs, inject }) => {
  inject({ service: 'ecs', operation: 'ListClusters', times: 7, fault: { kind: 'throttling' } });

  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => ecs.send(new ListClustersCommand({}))));

  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(7);
  expect(own.faults.list()).toMatchObject([{ injected: 7 }]);
});

test('a fault of one test or client leaves all others alone', async ({ own, ecs, inject }) => {
  const named = new ECSClient(clientConfig(own));
  named.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers['x-testbed-test-id'] = 'mine';
      return next(args);
    },
    { step: 'build', name: 'testId' },
  );
  inject({ service: 'ecs', testId: 'mine', fault: { kind: 'throttling' } });
  inject({ service: 'ecs', client: 'ASIAOFSOMEBODYELSE', fault: { kind: 'throttling' } });

  await expect(named.send(new ListClustersCommand({}))).rejects.toMatchObject({ name: 'ThrottlingException' });
  await expect(ecs.send(new ListClustersCommand({}))).resolves.toMatchObject({ clusterArns: [] });
  named.destroy();
});

test('a call with a wrong signature is refused for that, and takes no fault', async ({ own, inject }) => {
  const stranger = new ECSClient({
    ...clientConfig(own),
    credentials: { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'wrong' },
  });
  inject({ service: 'ecs', times: 1, fault: { kind: 'throttling' } });

  await expect(stranger.send(new ListClustersCommand({}))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  });
  stranger.destroy();

  expect(own.faults.list()).toMatchObject([{ injected: 0 }]);
});

test('faults by a rate meet the same calls again in another emulator', async ({ startAnother }) => {
  const pattern = async (): Promise<string> => {
    const emulator = await startAnother();
    const client = new CloudWatchLogsClient(clientConfig(emulator));
    emulator.faults.inject({ service: 'logs', rate: 0.4, seed: 11, fault: { kind: 'throttling' } });
    let met = '';
    for (let call = 0; call < 25; call++) {
      const sent = client.send(new CreateLogGroupCommand({ logGroupName: `group-${call}` }));
      met += await sent.then(
        () => '.',
        () => 'x',
      );
    }
    client.destroy();
    return met;
  };

  const first = await pattern();
  expect(first).toMatch(/^(?=.*x)(?=.*\.)/);
  expect(await pattern()).toBe(first);
});
