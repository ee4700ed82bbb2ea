import { CreateClusterCommand, ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { clientConfig, expect, failureOf, test } from './fault-test.ts';
import { rawListClusters } from './raw-call.ts';

test('a connection that is reset before the operation leaves no effect', async ({ own, ecs, inject }) => {
  inject({ service: 'ecs', operation: 'CreateCluster', times: 1, fault: { kind: 'connection-reset' } });

  const error = await failureOf(ecs.send(new CreateClusterCommand({ clusterName: 'never' })));

  expect(error['code']).toBe('ECONNRESET');
  expect((await ecs.send(new ListClustersCommand({}))).clusterArns).toEqual([]);
  expect(own.trace.calls()[0]).toMatchObject({
    operation: 'CreateCluster',
    status: 0,
    fault: { kind: 'connection-reset', when: 'before' },
  });
});

test('a connection that is reset after the operation loses its answer only', async ({ own, ecs, inject }) => {
  inject({ service: 'ecs', operation: 'CreateCluster', times: 1, fault: { kind: 'connection-reset', when: 'after' } });

  const error = await failureOf(ecs.send(new CreateClusterCommand({ clusterName: 'done' })));

  expect(error['code']).toBe('ECONNRESET');
  expect((await ecs.send(new ListClustersCommand({}))).clusterArns).toHaveLength(1);
  expect(own.trace.calls()[0]).toMatchObject({ status: 0, fault: { kind: 'connection-reset', when: 'after' } });
});

test('an SDK client tries again after a reset connection', async ({ own, inject }) => {
  const { maxAttempts: _one, ...connection } = clientConfig(own);
  const client = new ECSClient(connection);
  inject({ service: 'ecs', times: 1, fault: { kind: 'connection-reset', when: 'after' } });

  const { $metadata } = await client.send(new CreateClusterCommand({ clusterName: 'again' }));
  client.destroy();

  expect($metadata.attempts).toBe(2);
});

test('a truncated body has fewer bytes than its Content-Length says', async ({ own, ecs, inject }) => {
  await ecs.send(new CreateClusterCommand({ clusterName: 'long-enough' }));
  inject({ service: 'ecs', fault: { kind: 'truncated-body', bytes: 10 } });

  const { status, declared, body, closed } = await rawListClusters(own.endpoint);

  expect(status).toBe(200);
  expect(body).toHaveLength(10);
  expect(declared).toBeGreaterThan(10);
  expect(closed).toBe('early');
  await expect(ecs.send(new ListClustersCommand({}))).rejects.toThrow();
});

test('of a truncated body half comes, where nobody says how much', async ({ own, inject }) => {
  const whole = await rawListClusters(own.endpoint);
  inject({ service: 'ecs', fault: { kind: 'truncated-body' } });

  const { declared, body } = await rawListClusters(own.endpoint);

  expect(declared).toBe(whole.body.length);
  expect(body).toBe(whole.body.slice(0, Math.floor(whole.body.length / 2)));
});

test('a truncated body may end with its head', async ({ own, inject }) => {
  inject({ service: 'ecs', fault: { kind: 'truncated-body', bytes: 0 } });
  expect(await rawListClusters(own.endpoint)).toMatchObject({ status: 200, body: '', closed: 'early' });
});

test('a slow body comes whole, at the speed that was asked for', async ({ own, inject }) => {
  const whole = await rawListClusters(own.endpoint);
  inject({ service: 'ecs', fault: { kind: 'slow-body', bytesPerSecond: whole.body.length * 4 } });

  const slow = await rawListClusters(own.endpoint);

  expect(slow.body).toBe(whole.body);
  expect(slow.closed).toBe('whole');
  expect(slow.milliseconds).toBeGreaterThanOrEqual(240);
});

test('latency holds a call up, and the others not', async ({ own, ecs, inject }) => {
  inject({ service: 'ecs', operation: 'CreateCluster', fault: { kind: 'latency', milliseconds: 300 } });
  const start = performance.now();

  const slow = ecs.send(new CreateClusterCommand({ clusterName: 'late' }));
  expect((await ecs.send(new ListClustersCommand({}))).clusterArns).toEqual([]);
  await slow;

  expect(performance.now() - start).toBeGreaterThanOrEqual(299);
  expect(own.trace.calls().at(-1)).toMatchObject({ operation: 'CreateCluster', status: 200 });
});

test('latency after the operation delays its answer only, until it is removed', async ({ own, ecs, inject }) => {
  inject({
    service: 'ecs',
    operation: 'CreateCluster',
    fault: { kind: 'latency', milliseconds: 60_000, when: 'after' },
  });
  const call = ecs.send(new CreateClusterCommand({ clusterName: 'there' }));

  await expect.poll(async () => (await ecs.send(new ListClustersCommand({}))).clusterArns?.length).toBe(1);
  own.faults.remove('fault-1');

  expect((await call).cluster?.clusterName).toBe('there');
});

test('a call without an answer ends when the client gives up', async ({ own, inject }) => {
  const client = new ECSClient({
    ...clientConfig(own),
    requestHandler: { requestTimeout: 200, throwOnRequestTimeout: true },
  });
  inject({ service: 'ecs', operation: 'CreateCluster', fault: { kind: 'no-response' } });

  expect((await failureOf(client.send(new CreateClusterCommand({ clusterName: 'never' })))).name).toBe('TimeoutError');
  expect((await client.send(new ListClustersCommand({}))).clusterArns).toEqual([]);
  client.destroy();

  await expect
    .poll(() => own.trace.calls().find(({ fault }) => fault))
    .toMatchObject({
      operation: 'CreateCluster',
      status: 0,
      errorCode: 'ClientAborted',
      fault: { kind: 'no-response' },
    });
});

test('a call without an answer does not keep the emulator from stopping', async ({ own, ecs, inject }) => {
  inject({ service: 'ecs', fault: { kind: 'no-response' } });
  const call = failureOf(ecs.send(new ListClustersCommand({})));
  await expect.poll(() => own.faults.list()[0]?.injected).toBe(1);

  await own.stop();

  expect((await call).name).toBe('FaultRemoved');
});

test('what a removed fault holds up is not done afterwards, nor tried again', async ({ own, ecs, inject }) => {
  const { maxAttempts: _one, ...connection } = clientConfig(own);
  const client = new ECSClient(connection);
  const { id } = inject({
    service: 'ecs',
    operation: 'CreateCluster',
    fault: { kind: 'latency', milliseconds: 60_000 },
  });
  const call = failureOf(client.send(new CreateClusterCommand({ clusterName: 'never' })));
  await expect.poll(() => own.faults.list()[0]?.injected).toBe(1);

  expect(own.faults.remove(id)).toBe(true);

  expect(await call).toMatchObject({ name: 'FaultRemoved', $metadata: { httpStatusCode: 400, attempts: 1 } });
  client.destroy();
  expect((await ecs.send(new ListClustersCommand({}))).clusterArns).toEqual([]);
});

test('what is left of a slow body comes at once when its fault is removed', async ({ own, inject }) => {
  const whole = await rawListClusters(own.endpoint);
  const { id } = inject({ service: 'ecs', fault: { kind: 'slow-body', bytesPerSecond: 0.1 } });
  const slow = rawListClusters(own.endpoint);
  await expect.poll(() => own.faults.list()[0]?.injected).toBe(1);

  own.faults.remove(id);

  expect(await slow).toMatchObject({ body: whole.body, closed: 'whole' });
});
