import type { Attachment, Cluster, ClusterField, KeyValuePair, LaunchType } from '@aws-sdk/client-ecs';
import { tagsOf } from '../tags/rules.ts';
import type { ClusterRecord, EcsState } from '../state.ts';

/** What the operations that make or change a cluster answer with: all but the statistics, as in the AWS CLI's examples. */
export const answerFields: readonly ClusterField[] = ['ATTACHMENTS', 'CONFIGURATIONS', 'SETTINGS', 'TAGS'];

/**
 * A cluster as the API answers with it: its counts are taken at this moment. What is not included is
 * an empty list, as in the AWS CLI's examples; configuration and attachments are absent then.
 */
export function describeCluster(state: EcsState, record: ClusterRecord, include: readonly ClusterField[]): Cluster {
  const { cluster } = record;
  const counts = countOf(state, record);
  return {
    ...cluster,
    registeredContainerInstancesCount: counts.instances,
    runningTasksCount: sum(counts.running),
    pendingTasksCount: sum(counts.pending),
    activeServicesCount: sum(counts.activeServices),
    statistics: include.includes('STATISTICS') ? statistics(counts) : [],
    tags: include.includes('TAGS') ? tagsOf(state, cluster.clusterArn) : [],
    settings: include.includes('SETTINGS') ? cluster.settings : [],
    configuration: include.includes('CONFIGURATIONS') ? cluster.configuration : undefined,
    ...(include.includes('ATTACHMENTS') && attachmentsOf(state, record)),
  };
}

type ByLaunchType = Record<LaunchType, number>;

interface Counts {
  instances: number;
  readonly running: ByLaunchType;
  readonly pending: ByLaunchType;
  readonly activeServices: ByLaunchType;
  readonly drainingServices: ByLaunchType;
}

/** Goes once over what there is and makes nothing on the way, since every description of a cluster counts anew. */
function countOf(state: EcsState, { cluster: { clusterArn, clusterName } }: ClusterRecord): Counts {
  const counts: Counts = {
    instances: 0,
    running: nothing(),
    pending: nothing(),
    activeServices: nothing(),
    drainingServices: nothing(),
  };
  for (const { task, isOrphaned } of state.tasks.values()) {
    if (task.clusterArn !== clusterArn || isOrphaned) continue;
    const { lastStatus, launchType = 'EC2' } = task;
    if (lastStatus === 'RUNNING') counts.running[launchType] += 1;
    else if (lastStatus === 'PROVISIONING' || lastStatus === 'PENDING' || lastStatus === 'ACTIVATING') {
      counts.pending[launchType] += 1;
    }
  }
  for (const { service } of state.services.values()) {
    if (service.clusterArn !== clusterArn) continue;
    const launchType = service.launchType ?? launchTypeOf(service.capacityProviderStrategy?.[0]?.capacityProvider);
    if (service.status === 'ACTIVE') counts.activeServices[launchType] += 1;
    else if (service.status === 'DRAINING') counts.drainingServices[launchType] += 1;
  }
  for (const record of state.containerInstances.values()) {
    if (record.clusterName === clusterName && record.instance.status !== 'INACTIVE') counts.instances += 1;
  }
  return counts;
}

function nothing(): ByLaunchType {
  return { EC2: 0, FARGATE: 0, EXTERNAL: 0, MANAGED_INSTANCES: 0 };
}

function launchTypeOf(capacityProvider: string | undefined): LaunchType {
  return capacityProvider?.startsWith('FARGATE') ? 'FARGATE' : 'EC2';
}

function sum(counts: ByLaunchType): number {
  return counts.EC2 + counts.FARGATE + counts.EXTERNAL + counts.MANAGED_INSTANCES;
}

const statisticsNames = [
  ['EC2', 'EC2'],
  ['FARGATE', 'Fargate'],
  ['EXTERNAL', 'External'],
] as const;

/** The names are those of the API reference, Cluster; the ones for EXTERNAL follow their pattern. */
function statistics({ running, pending, activeServices, drainingServices }: Counts): KeyValuePair[] {
  const named = statisticsNames.flatMap(([type, name]) => [
    { name: `running${name}TasksCount`, value: running[type] },
    { name: `pending${name}TasksCount`, value: pending[type] },
    { name: `active${name}ServiceCount`, value: activeServices[type] },
    { name: `draining${name}ServiceCount`, value: drainingServices[type] },
  ]);
  return named.map(({ name, value }) => ({ name, value: String(value) }));
}

/** Each Auto Scaling group capacity provider attaches a scaling plan; the Fargate ones attach nothing. */
function attachmentsOf(
  state: EcsState,
  { cluster }: ClusterRecord,
): { readonly attachments: Attachment[]; readonly attachmentsStatus?: string } {
  const attachments = (cluster.capacityProviders ?? []).flatMap((name): Attachment[] => {
    const provider = state.capacityProviders.get(name);
    if (!provider) return [];
    return [
      {
        id: provider.capacityProviderArn,
        type: 'as_policy',
        status: 'CREATED',
        details: [{ name: 'capacityProviderName', value: name }],
      },
    ];
  });
  return attachments.length > 0 ? { attachments, attachmentsStatus: 'UPDATE_COMPLETE' } : { attachments };
}
