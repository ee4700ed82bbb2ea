import {
  DeleteServiceCommand,
  DeregisterInstanceCommand,
  DiscoverInstancesCommand,
  type DiscoverInstancesCommandInput,
  DiscoverInstancesRevisionCommand,
  GetInstanceCommand,
  GetInstancesHealthStatusCommand,
  ListInstancesCommand,
  RegisterInstanceCommand,
  UpdateInstanceCustomHealthStatusCommand,
} from '@aws-sdk/client-servicediscovery';
import { type CloudMap, expect, test } from './servicediscovery-test.ts';

const register = (client: CloudMap['client'], ServiceId: string, InstanceId: string, Attributes = {}) =>
  client.send(new RegisterInstanceCommand({ ServiceId, InstanceId, Attributes }));

test('a registered instance is listed, described and taken away again', async ({
  cloudMap: { client, namespace, service, target },
}) => {
  const { Id: ServiceId } = await service({ NamespaceId: await namespace() });
  const Attributes = { AWS_INSTANCE_IPV4: '10.0.0.1', AWS_INSTANCE_PORT: '8080', stage: 'test' };
  const { OperationId } = await register(client, ServiceId, 'i-1', Attributes);
  expect(await target(OperationId, 'INSTANCE')).toBe('i-1');
  expect((await client.send(new GetInstanceCommand({ ServiceId, InstanceId: 'i-1' }))).Instance).toMatchObject({
    Id: 'i-1',
    Attributes,
  });
  expect((await client.send(new ListInstancesCommand({ ServiceId }))).Instances).toMatchObject([
    { Id: 'i-1', Attributes },
  ]);
  await expect(client.send(new DeleteServiceCommand({ Id: ServiceId }))).rejects.toMatchObject({
    name: 'ResourceInUse',
    message: 'Service contains registered instances; delete the instances before deleting the service',
  });
  await client.send(new DeregisterInstanceCommand({ ServiceId, InstanceId: 'i-1' }));
  await expect(client.send(new GetInstanceCommand({ ServiceId, InstanceId: 'i-1' }))).rejects.toMatchObject({
    name: 'InstanceNotFound',
  });
  await expect(client.send(new DeregisterInstanceCommand({ ServiceId, InstanceId: 'i-1' }))).rejects.toMatchObject({
    name: 'InstanceNotFound',
  });
  await client.send(new DeleteServiceCommand({ Id: ServiceId }));
  await expect(client.send(new ListInstancesCommand({ ServiceId }))).rejects.toMatchObject({ name: 'ServiceNotFound' });
});

test('instances are discovered by their attributes', async ({
  cloudMap: { client, namespace, service },
  uniqueName,
}) => {
  const { Id } = await service({ NamespaceId: await namespace() });
  await register(client, Id, 'a', { version: '1', zone: 'x' });
  await register(client, Id, 'b', { version: '1', zone: 'y' });
  await register(client, Id, 'c', { version: '2', zone: 'y' });
  const discover = async (input: Partial<DiscoverInstancesCommandInput> = {}) => {
    const { Instances = [] } = await client.send(
      new DiscoverInstancesCommand({ NamespaceName: uniqueName, ServiceName: 'backend', ...input }),
    );
    return Instances.map(({ InstanceId = '' }) => InstanceId).toSorted();
  };
  expect(await discover()).toEqual(['a', 'b', 'c']);
  expect(await discover({ QueryParameters: { version: '1' } })).toEqual(['a', 'b']);
  expect(await discover({ QueryParameters: { version: '1' }, OptionalParameters: { zone: 'y' } })).toEqual(['b']);
  expect(await discover({ QueryParameters: { version: '1' }, OptionalParameters: { zone: 'z' } })).toEqual(['a', 'b']);
  expect(await discover({ MaxResults: 2 })).toHaveLength(2);
  expect(await discover({ HealthStatus: 'UNHEALTHY' }), 'ignored without a health check').toEqual(['a', 'b', 'c']);
  await expect(discover({ NamespaceName: 'none' })).rejects.toMatchObject({ name: 'NamespaceNotFound' });
  await expect(discover({ ServiceName: 'none' })).rejects.toMatchObject({ name: 'ServiceNotFound' });
});

test('instances are discovered by their health, and all of them where none is healthy', async ({
  cloudMap: { client, namespace, service },
  uniqueName,
}) => {
  const { Id: ServiceId } = await service({ NamespaceId: await namespace(), HealthCheckCustomConfig: {} });
  await register(client, ServiceId, 'a');
  await register(client, ServiceId, 'b', { AWS_INIT_HEALTH_STATUS: 'UNHEALTHY' });
  const discover = async (HealthStatus?: DiscoverInstancesCommandInput['HealthStatus']) => {
    const { Instances = [] } = await client.send(
      new DiscoverInstancesCommand({ NamespaceName: uniqueName, ServiceName: 'backend', HealthStatus }),
    );
    return Instances.map((found) => `${found.InstanceId} ${found.HealthStatus}`).toSorted();
  };
  expect(await discover('HEALTHY')).toEqual(['a HEALTHY']);
  expect(await discover('UNHEALTHY')).toEqual(['b UNHEALTHY']);
  expect(await discover('ALL')).toEqual(['a HEALTHY', 'b UNHEALTHY']);
  expect(await discover('HEALTHY_OR_ELSE_ALL')).toEqual(['a HEALTHY']);
  await client.send(new UpdateInstanceCustomHealthStatusCommand({ ServiceId, InstanceId: 'a', Status: 'UNHEALTHY' }));
  expect(await discover('HEALTHY')).toEqual([]);
  expect(await discover('HEALTHY_OR_ELSE_ALL')).toEqual(['a UNHEALTHY', 'b UNHEALTHY']);
  const { Status } = await client.send(new GetInstancesHealthStatusCommand({ ServiceId, Instances: ['b'] }));
  expect(Status).toEqual({ b: 'UNHEALTHY' });
  await expect(
    client.send(new GetInstancesHealthStatusCommand({ ServiceId, Instances: ['none'] })),
  ).rejects.toMatchObject({ name: 'InstanceNotFound' });
});

test('a service without a custom health check has none to change', async ({
  cloudMap: { client, namespace, service },
}) => {
  const { Id: ServiceId } = await service({ NamespaceId: await namespace() });
  await register(client, ServiceId, 'a');
  await expect(
    client.send(new UpdateInstanceCustomHealthStatusCommand({ ServiceId, InstanceId: 'a', Status: 'UNHEALTHY' })),
  ).rejects.toMatchObject({ name: 'CustomHealthNotFound' });
  expect((await client.send(new GetInstancesHealthStatusCommand({ ServiceId }))).Status).toEqual({ a: 'UNKNOWN' });
});

test('the revision goes up with each registration and deregistration, not with health', async ({
  cloudMap: { client, namespace, service },
  uniqueName,
}) => {
  const { Id: ServiceId } = await service({ NamespaceId: await namespace(), HealthCheckCustomConfig: {} });
  const revision = async () =>
    (await client.send(new DiscoverInstancesRevisionCommand({ NamespaceName: uniqueName, ServiceName: 'backend' })))
      .InstancesRevision;
  expect(await revision()).toBe(0);
  await register(client, ServiceId, 'a');
  expect(await revision()).toBe(1);
  await client.send(new UpdateInstanceCustomHealthStatusCommand({ ServiceId, InstanceId: 'a', Status: 'UNHEALTHY' }));
  expect(await revision()).toBe(1);
  await client.send(new DeregisterInstanceCommand({ ServiceId, InstanceId: 'a' }));
  expect(await revision()).toBe(2);
});

test('an instance that is registered again has its new attributes only', async ({
  cloudMap: { client, namespace, service },
}) => {
  const { Id: ServiceId } = await service({ NamespaceId: await namespace() });
  await register(client, ServiceId, 'a', { first: '1' });
  await register(client, ServiceId, 'a', { second: '2' });
  expect((await client.send(new ListInstancesCommand({ ServiceId }))).Instances).toMatchObject([
    { Id: 'a', Attributes: { second: '2' } },
  ]);
});
