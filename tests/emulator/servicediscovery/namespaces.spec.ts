import {
  CreateHttpNamespaceCommand,
  CreatePrivateDnsNamespaceCommand,
  CreatePublicDnsNamespaceCommand,
  DeleteNamespaceCommand,
  DeleteServiceCommand,
  GetNamespaceCommand,
  GetOperationCommand,
  ListNamespacesCommand,
  ListOperationsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateHttpNamespaceCommand,
} from '@aws-sdk/client-servicediscovery';
import { expect, test } from './servicediscovery-test.ts';

test('an HTTP namespace is there when its operation has succeeded, which is at once', async ({
  cloudMap: { client },
  uniqueName,
}) => {
  const { OperationId } = await client.send(
    new CreateHttpNamespaceCommand({ Name: uniqueName, Description: 'of a test', CreatorRequestId: 'once' }),
  );
  const { Operation } = await client.send(new GetOperationCommand({ OperationId }));
  expect(Operation).toMatchObject({
    Id: OperationId,
    Type: 'CREATE_NAMESPACE',
    Status: 'SUCCESS',
    Targets: { NAMESPACE: expect.stringMatching(/^ns-[a-z0-9]{16}$/) },
  });
  const Id = Operation?.Targets?.NAMESPACE;
  const { Namespace } = await client.send(new GetNamespaceCommand({ Id }));
  expect(Namespace).toMatchObject({
    Id,
    Arn: `arn:aws:servicediscovery:us-east-1:123456789012:namespace/${Id}`,
    Name: uniqueName,
    Type: 'HTTP',
    Description: 'of a test',
    ServiceCount: 0,
    Properties: { HttpProperties: { HttpName: uniqueName } },
    CreatorRequestId: 'once',
  });
  expect(await client.send(new GetNamespaceCommand({ Id: Namespace?.Arn }))).toMatchObject({ Namespace: { Id } });
});

test('the name of a namespace is taken, unless the request is the same again', async ({
  cloudMap: { client },
  uniqueName,
}) => {
  const input = { Name: uniqueName, CreatorRequestId: 'once' };
  const first = await client.send(new CreateHttpNamespaceCommand(input));
  const again = await client.send(new CreateHttpNamespaceCommand(input));
  expect(again.OperationId).toBe(first.OperationId);
  await expect(client.send(new CreateHttpNamespaceCommand({ Name: uniqueName }))).rejects.toMatchObject({
    name: 'NamespaceAlreadyExists',
    CreatorRequestId: 'once',
    NamespaceId: expect.stringMatching(/^ns-/),
  });
});

test('DNS namespaces have a hosted zone, and a name of another type is discovered with a hash', async ({
  cloudMap: { client, target, namespace },
  uniqueName,
}) => {
  const name = `${uniqueName}.example`;
  await namespace(name);
  const made = await client.send(
    new CreatePrivateDnsNamespaceCommand({
      Name: name,
      Vpc: 'vpc-1',
      Properties: { DnsProperties: { SOA: { TTL: 60 } } },
    }),
  );
  const { Namespace } = await client.send(new GetNamespaceCommand({ Id: await target(made.OperationId) }));
  expect(Namespace).toMatchObject({
    Type: 'DNS_PRIVATE',
    Properties: { DnsProperties: { HostedZoneId: expect.stringMatching(/^Z/), SOA: { TTL: 60 } } },
  });
  expect(Namespace?.Properties?.HttpProperties?.HttpName).toMatch(new RegExp(`^${name}-.+`));
  await expect(client.send(new CreatePrivateDnsNamespaceCommand({ Name: name, Vpc: 'vpc-1' }))).rejects.toMatchObject({
    name: 'NamespaceAlreadyExists',
  });
  await client.send(new CreatePrivateDnsNamespaceCommand({ Name: name, Vpc: 'vpc-2' }));
  await client.send(new CreatePublicDnsNamespaceCommand({ Name: name }));
});

test('namespaces are listed by type, name and the beginning of their name, page by page', async ({
  cloudMap: { client, namespace },
  uniqueName,
}) => {
  for (const suffix of ['a', 'b', 'c']) {
    await namespace(`${uniqueName}-${suffix}`);
  }
  const Filters = [
    { Name: 'TYPE' as const, Values: ['HTTP'] },
    { Name: 'NAME' as const, Values: [uniqueName], Condition: 'BEGINS_WITH' as const },
  ];
  const first = await client.send(new ListNamespacesCommand({ Filters, MaxResults: 2 }));
  expect(first.Namespaces?.map(({ Name }) => Name)).toEqual([`${uniqueName}-a`, `${uniqueName}-b`]);
  const second = await client.send(new ListNamespacesCommand({ Filters, NextToken: first.NextToken }));
  expect(second.Namespaces?.map(({ Name }) => Name)).toEqual([`${uniqueName}-c`]);
  expect(second.NextToken).toBeUndefined();
  const none = await client.send(
    new ListNamespacesCommand({ Filters: [...Filters, { Name: 'RESOURCE_OWNER', Values: ['OTHER_ACCOUNTS'] }] }),
  );
  expect(none.Namespaces).toEqual([]);
  await expect(client.send(new ListNamespacesCommand({ NextToken: 'none of ours' }))).rejects.toMatchObject({
    name: 'InvalidInput',
  });
  await expect(
    client.send(new ListNamespacesCommand({ Filters: [{ Name: 'TYPE', Values: ['HTTP', 'DNS_PUBLIC'] }] })),
  ).rejects.toMatchObject({ name: 'InvalidInput' });
});

test('a namespace is not deleted while it has services', async ({
  cloudMap: { client, namespace, service, target },
}) => {
  const Id = await namespace();
  const made = await service({ NamespaceId: Id });
  await expect(client.send(new DeleteNamespaceCommand({ Id }))).rejects.toMatchObject({
    name: 'ResourceInUse',
    message: 'Namespace has associated services; delete the services before deleting the namespace',
  });
  await client.send(new DeleteServiceCommand({ Id: made.Id }));
  const { OperationId } = await client.send(new DeleteNamespaceCommand({ Id }));
  expect(await target(OperationId)).toBe(Id);
  await expect(client.send(new GetNamespaceCommand({ Id }))).rejects.toMatchObject({ name: 'NamespaceNotFound' });
});

test('operations are found by what they were about', async ({ cloudMap: { client, namespace } }) => {
  const Id = await namespace();
  await client.send(new UpdateHttpNamespaceCommand({ Id, Namespace: { Description: 'changed' } }));
  expect(await client.send(new GetNamespaceCommand({ Id }))).toMatchObject({ Namespace: { Description: 'changed' } });
  const ofNamespace = { Name: 'NAMESPACE_ID' as const, Values: [Id] };
  const all = await client.send(new ListOperationsCommand({ Filters: [ofNamespace] }));
  expect(all.Operations).toHaveLength(2);
  const updates = await client.send(
    new ListOperationsCommand({
      Filters: [ofNamespace, { Name: 'TYPE', Values: ['UPDATE_NAMESPACE', 'DELETE_NAMESPACE'], Condition: 'IN' }],
    }),
  );
  expect(updates.Operations).toEqual([all.Operations?.[1]]);
  await expect(client.send(new GetOperationCommand({ OperationId: 'none' }))).rejects.toMatchObject({
    name: 'OperationNotFound',
  });
});

test('namespaces have tags', async ({ cloudMap: { client, target }, uniqueName }) => {
  const { OperationId } = await client.send(
    new CreateHttpNamespaceCommand({ Name: uniqueName, Tags: [{ Key: 'team', Value: 'payments' }] }),
  );
  const { Namespace } = await client.send(new GetNamespaceCommand({ Id: await target(OperationId) }));
  const ResourceARN = Namespace?.Arn;
  await client.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'stage', Value: 'test' }] }));
  await client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['team'] }));
  expect((await client.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([
    { Key: 'stage', Value: 'test' },
  ]);
  await expect(client.send(new ListTagsForResourceCommand({ ResourceARN: `${ResourceARN}0` }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('what breaks the API model is an InvalidInput', async ({ cloudMap: { client } }) => {
  await expect(client.send(new CreateHttpNamespaceCommand({ Name: 'with space' }))).rejects.toMatchObject({
    name: 'InvalidInput',
    message: expect.stringContaining("at 'name' failed to satisfy constraint"),
  });
});
