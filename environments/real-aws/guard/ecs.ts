import { type Input, type MutatingOperation, rows, type ServiceOperations } from './operation.ts';

const tags = { member: 'tags', form: 'key-value' } as const;

const tasks = (count: (input: Input) => number): Pick<MutatingOperation, 'spends'> => ({
  spends: { kind: 'tasks', count },
});

/** What is in a cluster of ours is ours, so the cluster decides. Account settings are everybody's, and not here. */
export const ecs: ServiceOperations = {
  reads: [],
  mutates: {
    CreateCluster: { of: ['clusterName'], tags },
    CreateCapacityProvider: { of: ['name'], tags },
    RegisterTaskDefinition: { of: ['family'], tags },
    RunTask: { of: ['cluster', 'taskDefinition'], tags, ...tasks(({ count }) => Number(count ?? 1)) },
    StartTask: {
      of: ['cluster', 'taskDefinition'],
      tags,
      ...tasks(({ containerInstances }) => (Array.isArray(containerInstances) ? containerInstances.length : 1)),
    },
    CreateService: {
      of: ['cluster', '?taskDefinition'],
      tags,
      ...tasks(({ desiredCount }) => Number(desiredCount ?? 1)),
    },
    UpdateService: {
      of: ['cluster', '~service', '?taskDefinition'],
      ...tasks(({ desiredCount }) => Number(desiredCount ?? 0)),
    },
    CreateTaskSet: { of: ['cluster', '~service', 'taskDefinition'], tags, ...tasks(() => 1) },
    RegisterContainerInstance: { of: ['cluster'], tags },
    DeregisterTaskDefinition: { of: ['taskDefinition'] },
    DeleteTaskDefinitions: { of: ['taskDefinitions[]'] },
    StopTask: { of: ['cluster', '~task'] },
    ExecuteCommand: { of: ['cluster', '~task'] },
    UpdateTaskProtection: { of: ['cluster', '~tasks[]'] },
    UpdateCapacityProvider: { of: ['name'] },
    DeleteCapacityProvider: { of: ['capacityProvider'] },
    ...rows(['DeleteService', 'UpdateTaskSet', 'DeleteTaskSet', 'UpdateServicePrimaryTaskSet'], {
      of: ['cluster', '~service'],
    }),
    ...rows(['StopServiceDeployment', 'ContinueServiceDeployment'], { of: ['serviceDeploymentArn'] }),
    ...rows(
      [
        'UpdateCluster',
        'UpdateClusterSettings',
        'PutClusterCapacityProviders',
        'DeleteCluster',
        'PutAttributes',
        'DeleteAttributes',
        'UpdateContainerInstancesState',
        'UpdateContainerAgent',
        'DeregisterContainerInstance',
      ],
      { of: ['cluster'] },
    ),
    ...rows(['TagResource', 'UntagResource'], { of: ['resourceArn'] }),
  },
};
