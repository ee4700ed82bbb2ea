import {
  CreatePrivateDnsNamespaceCommand,
  CreateServiceCommand,
  GetNamespaceCommand,
  GetServiceAttributesCommand,
  GetServiceCommand,
  ListServicesCommand,
  RegisterInstanceCommand,
  UpdateServiceAttributesCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-servicediscovery';
import { expect, test as base } from './servicediscovery-test.ts';

const test = base.extend<{ privateNamespace: string }>({
  privateNamespace: async ({ cloudMap: { client, target }, uniqueName }, use) => {
    const { OperationId } = await client.send(new CreatePrivateDnsNamespaceCommand({ Name: uniqueName, Vpc: 'vpc-1' }));
    await use(await target(OperationId));
  },
});

test('a service of an HTTP namespace is found by API calls', async ({ cloudMap: { client, namespace, service } }) => {
  const NamespaceId = await namespace();
  const made = await service({ NamespaceId, HealthCheckCustomConfig: { FailureThreshold: 3 } });
  expect(made).toMatchObject({
    Id: expect.stringMatching(/^srv-[a-z0-9]{16}$/),
    Arn: `arn:aws:servicediscovery:us-east-1:123456789012:service/${made.Id}`,
    Name: 'backend',
    NamespaceId,
    Type: 'HTTP',
    HealthCheckCustomConfig: { FailureThreshold: 1 },
    InstanceCount: 0,
  });
  expect((await client.send(new GetServiceCommand({ Id: made.Arn }))).Service).toEqual(made);
  expect((await client.send(new GetNamespaceCommand({ Id: NamespaceId }))).Namespace?.ServiceCount).toBe(1);
  const { Services } = await client.send(
    new ListServicesCommand({ Filters: [{ Name: 'NAMESPACE_ID', Values: [NamespaceId] }] }),
  );
  expect(Services?.map(({ Id }) => Id)).toEqual([made.Id]);
});

test('a service name is taken once', async ({ cloudMap: { client, namespace, service }, privateNamespace }) => {
  const NamespaceId = await namespace();
  const made = await service({ NamespaceId, CreatorRequestId: 'once' });
  expect(await service({ NamespaceId, CreatorRequestId: 'once' })).toEqual(made);
  await expect(service({ NamespaceId })).rejects.toMatchObject({
    name: 'ServiceAlreadyExists',
    ServiceId: made.Id,
    CreatorRequestId: 'once',
  });
  await service({ NamespaceId, Name: 'BACKEND' });
  const inDns = { NamespaceId: privateNamespace, DnsConfig: { DnsRecords: [{ Type: 'A' as const, TTL: 10 }] } };
  await service(inDns);
  await expect(service({ ...inDns, Name: 'BACKEND' })).rejects.toMatchObject({ name: 'ServiceAlreadyExists' });
  await expect(client.send(new CreateServiceCommand({ Name: 'x', NamespaceId: 'ns-none' }))).rejects.toMatchObject({
    name: 'NamespaceNotFound',
    message: 'ns-none',
  });
});

test('what an update leaves out of the DNS settings is deleted, a custom health check stays', async ({
  cloudMap: { client, service },
  privateNamespace,
}) => {
  const { Id } = await service({
    NamespaceId: privateNamespace,
    DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 10 }] },
    HealthCheckCustomConfig: {},
  });
  await client.send(
    new UpdateServiceCommand({
      Id,
      Service: { Description: 'changed', DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 60 }] } },
    }),
  );
  expect((await client.send(new GetServiceCommand({ Id }))).Service).toMatchObject({
    Type: 'DNS_HTTP',
    Description: 'changed',
    DnsConfig: { RoutingPolicy: 'MULTIVALUE', DnsRecords: [{ Type: 'A', TTL: 60 }] },
    HealthCheckCustomConfig: { FailureThreshold: 1 },
  });
  await client.send(new UpdateServiceCommand({ Id, Service: {} }));
  const { Service } = await client.send(new GetServiceCommand({ Id }));
  expect(Service).toMatchObject({ HealthCheckCustomConfig: { FailureThreshold: 1 } });
  expect(Service).not.toHaveProperty('DnsConfig');
});

const records = (...types: ('A' | 'CNAME')[]) => ({ DnsRecords: types.map((Type) => ({ Type, TTL: 1 })) });

for (const [what, input] of Object.entries({
  'records that do not go together': { DnsConfig: records('A', 'CNAME') },
  'a CNAME without the routing policy WEIGHTED': { DnsConfig: records('CNAME') },
  'a Route 53 health check': { DnsConfig: records('A'), HealthCheckConfig: { Type: 'TCP' as const } },
  'no records at all': {},
})) {
  test(`a private DNS namespace takes no service with ${what}`, async ({ cloudMap: { service }, privateNamespace }) => {
    await expect(service({ NamespaceId: privateNamespace, ...input })).rejects.toMatchObject({ name: 'InvalidInput' });
  });
}

test('instances must have what the records of their service need', async ({
  cloudMap: { client, service },
  privateNamespace,
}) => {
  const { Id: ServiceId } = await service({
    NamespaceId: privateNamespace,
    DnsConfig: { DnsRecords: [{ Type: 'SRV', TTL: 10 }] },
  });
  const register = (Attributes: Record<string, string>) =>
    client.send(new RegisterInstanceCommand({ ServiceId, InstanceId: 'a', Attributes }));
  for (const attributes of [
    {},
    { AWS_INSTANCE_IPV4: '10.0.0.1' },
    { AWS_INSTANCE_PORT: '80' },
    { AWS_INSTANCE_IPV4: '10.0.0.1', AWS_INSTANCE_PORT: '0' },
    { AWS_INSTANCE_IPV4: 'somewhere', AWS_INSTANCE_PORT: '80' },
    { AWS_INSTANCE_IPV4: '10.0.0.1', AWS_INSTANCE_PORT: '80', AWS_INIT_HEALTH_STATUS: 'HEALTHY' },
  ]) {
    await expect(register(attributes), JSON.stringify(attributes)).rejects.toMatchObject({ name: 'InvalidInput' });
  }
  await register({ AWS_INSTANCE_IPV4: '10.0.0.1', AWS_INSTANCE_PORT: '80' });
});

test('services have attributes of their own', async ({ cloudMap: { client, namespace, service } }) => {
  const { Id: ServiceId } = await service({ NamespaceId: await namespace() });
  await client.send(new UpdateServiceAttributesCommand({ ServiceId, Attributes: { color: 'blue' } }));
  const { ServiceAttributes } = await client.send(new GetServiceAttributesCommand({ ServiceId }));
  expect(ServiceAttributes?.Attributes).toEqual({ color: 'blue' });
});
