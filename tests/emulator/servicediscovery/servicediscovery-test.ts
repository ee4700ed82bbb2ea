import {
  CreateHttpNamespaceCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  GetOperationCommand,
  type Service,
  ServiceDiscoveryClient,
} from '@aws-sdk/client-servicediscovery';
import { test as base } from '../emulator-test.ts';

export { expect } from '../emulator-test.ts';

/** What tests of Cloud Map make beforehand. */
export interface CloudMap {
  readonly client: ServiceDiscoveryClient;
  /** The id of what an operation was about. */
  readonly target: (operationId: string | undefined, kind?: 'NAMESPACE' | 'INSTANCE' | 'SERVICE') => Promise<string>;
  /** Makes an HTTP namespace; returns its id. */
  readonly namespace: (name?: string) => Promise<string>;
  /** Makes a service; returns it. */
  readonly service: (
    input: Partial<CreateServiceCommandInput>,
  ) => Promise<Service & { Id: string; Name: string; Arn: string }>;
}

/** The test function of contract tests of Cloud Map. `uniqueName` is the namespace's name unless told. */
export const test = base.extend<{ cloudMap: CloudMap }>({
  cloudMap: async ({ connection, uniqueName }, use) => {
    // DiscoverInstances would go to the host `data-127.0.0.1`.
    const client = new ServiceDiscoveryClient({ ...connection, disableHostPrefix: true });
    const target: CloudMap['target'] = async (OperationId, kind = 'NAMESPACE') => {
      const { Operation } = await client.send(new GetOperationCommand({ OperationId }));
      return Operation?.Targets?.[kind] ?? '';
    };
    await use({
      client,
      target,
      namespace: async (Name = uniqueName) =>
        target((await client.send(new CreateHttpNamespaceCommand({ Name }))).OperationId),
      service: async (input) => {
        const { Service } = await client.send(new CreateServiceCommand({ Name: 'backend', ...input }));
        return { ...Service, Id: Service?.Id ?? '', Name: Service?.Name ?? '', Arn: Service?.Arn ?? '' };
      },
    });
    client.destroy();
  },
});
