import type { EcsState } from './state.ts';

/**
 * What there is in a region and would be there for whoever comes next: by ARN, and account settings, which
 * have none, by name. What has ended and can only be described any more is not counted.
 */
export function resourcesOf(state: EcsState): string[] {
  return [
    ...[...state.clusters.values()].flatMap(({ cluster }) =>
      cluster.status === 'INACTIVE' ? [] : [cluster.clusterArn],
    ),
    ...[...state.families.values()]
      .flat()
      .flatMap(({ definition }) =>
        definition === undefined || definition.status === 'DELETE_IN_PROGRESS' ? [] : [definition.taskDefinitionArn],
      ),
    ...[...state.tasks.values()].flatMap(({ task }) => (task.lastStatus === 'STOPPED' ? [] : [task.taskArn])),
    ...[...state.services.values()].flatMap(({ service }) =>
      service.status === 'INACTIVE' ? [] : [service.serviceArn],
    ),
    ...[...state.containerInstances.values()].flatMap(({ instance }) =>
      instance.status === 'INACTIVE' ? [] : [instance.containerInstanceArn],
    ),
    ...[...state.capacityProviders.values()].flatMap(({ capacityProviderArn, status }) =>
      status === 'INACTIVE' || capacityProviderArn === undefined ? [] : [capacityProviderArn],
    ),
    ...[...state.accountSettings].flatMap(([principal, settings]) =>
      [...settings.keys()].map((name) => `account setting ${name} of ${principal} in ${state.region}`),
    ),
  ];
}
