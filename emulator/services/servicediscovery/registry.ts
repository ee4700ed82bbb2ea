import { addHttpNamespace } from './namespaces.ts';
import { deregisterInstance, registerInstance } from './instances.ts';
import type { ServiceRegistry } from './service-registry.ts';
import { createService, recordTypesOf } from './services.ts';
import { idIn, type ServiceRecord, type ServicediscoveryState } from './state.ts';

/** The way in for ECS. */
export function createRegistry(stateNow: () => ServicediscoveryState): ServiceRegistry {
  const find = (arn: string): ServiceRecord | undefined => {
    const record = stateNow().services.get(idIn(arn));
    return record?.service.Arn === arn ? record : undefined;
  };
  return {
    find(arn) {
      const record = find(arn);
      return (
        record && {
          recordTypes: recordTypesOf(record),
          hasCustomHealthCheck: record.service.HealthCheckCustomConfig !== undefined,
        }
      );
    },
    register(arn, id, attributes) {
      const record = find(arn);
      if (record) registerInstance(record, id, attributes);
    },
    setHealth(arn, id, status) {
      const instance = find(arn)?.instances.get(id);
      if (instance) instance.health = status;
    },
    deregister(arn, id) {
      const record = find(arn);
      if (record) deregisterInstance(record, id);
    },
    findNamespace: (name) =>
      [...stateNow().namespaces.values()].find(
        ({ namespace }) => namespace.Properties?.HttpProperties?.HttpName === name,
      )?.namespace.Arn,
    ensureNamespace(arn, name) {
      const state = stateNow();
      if (!state.namespaces.has(idIn(arn))) addHttpNamespace(state, name, idIn(arn));
    },
    ensureService(namespace, serviceName) {
      const state = stateNow();
      const id = idIn(namespace.arn);
      if (!state.namespaces.has(id)) {
        if (namespace.name === undefined) return undefined;
        addHttpNamespace(state, namespace.name, id);
      }
      const existing = [...state.services.values()].find(
        ({ service }) => service.NamespaceId === id && service.Name === serviceName,
      );
      // Found by API calls only, whatever the namespace: "The type of namespace doesn't affect Service Connect."
      const record =
        existing ??
        createService(state, {
          Name: serviceName,
          NamespaceId: id,
          Type: 'HTTP',
          Tags: [{ Key: 'AmazonECSManaged', Value: 'true' }],
        });
      return record.service.Arn;
    },
    removeIfEmpty(arn) {
      const record = find(arn);
      if (!record || record.instances.size > 0) return;
      stateNow().services.delete(record.service.Id);
      stateNow().tags.delete(arn);
    },
  };
}
