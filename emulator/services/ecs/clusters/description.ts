import type { Attachment, Cluster, ClusterField, KeyValuePair, LaunchType } from '@aws-sdk/client-ecs';
import { tagsOf } from '../tags.ts';
import type { ClusterRecord, EcsState } from '../state.ts';

/** What the operations that make or change a cluster answer with: all but the statistics, as in the AWS CLI's examples. */
export const answerFields: readonly ClusterField[] = ['ATTACHMENTS', 'CONFIGURATIONS', 'SETTINGS', 'TAGS'];

/**
 * A cluster as the API answers with it: its counts are taken at this moment. What is not included is
 * an empty list, as in the AWS CLI's examples; configuration and attachments are absent then.
 */
export function describeCluster(state: EcsState, record: ClusterRecord, include: readonly ClusterField[]): Cluster {
  const { settings, configuration, ...cluster } = record.cluster;
  const counts = countOf(state, record);
  return {
    ...cluster,
    registeredContainerInstancesCount: counts.instances,
    runningTasksCount: sum(counts.running),
    pendingTasksCount: sum(counts.pending),
    activeServicesCount: sum(counts.activeServices),
    statistics: include.includes('STATISTICS') ? statistics(counts) : [],
    tags: include.includes('TAGS') ? tagsOf(state, cluster.clusterArn) : [],
    settings: include.includes('SETTINGS') ? settings : [],
    ...(include.includes('CONFIGURATIONS') && configuration && { configuration }),
    ...(include.includes('ATTACHMENTS') && attachmentsOf(state, record)),
  };
}

type ByLaunchType = Readonly<Record<'EC2' | 'Fargate' | 'External', number>>;

interface Counts {
  readonly instances: number;
  readonly running: ByLaunchType;
  readonly pending: ByLaunchType;
  readonly activeServices: ByLaunchType;
  readonly drainingServices: ByLaunchType;
}

function countOf(state: EcsState, { cluster: { clusterArn, clusterName } }: ClusterRecord): Counts {
  const tasks = [...state.tasks.values()].map(({ task }) => task).filter((task) => task.clusterArn === clusterArn);
  const services = [...state.services.values()]
    .map(({ service }) => service)
    .filter((service) => service.clusterArn === clusterArn)
    .map(({ status, launchType, capacityProviderStrategy }) => ({
      status,
      launchType: launchType ?? launchTypeOf(capacityProviderStrategy?.[0]?.capacityProvider),
    }));
  const inStatus = (...statuses: string[]) => tasks.filter(({ lastStatus = '' }) => statuses.includes(lastStatus));
  return {
    instances: [...state.containerInstances.values()].filter(
      (record) => record.clusterName === clusterName && record.instance.status !== 'INACTIVE',
    ).length,
    running: byLaunchType(inStatus('RUNNING')),
    pending: byLaunchType(inStatus('PROVISIONING', 'PENDING', 'ACTIVATING')),
    activeServices: byLaunchType(services.filter(({ status }) => status === 'ACTIVE')),
    drainingServices: byLaunchType(services.filter(({ status }) => status === 'DRAINING')),
  };
}

function launchTypeOf(capacityProvider: string | undefined): LaunchType {
  return capacityProvider?.startsWith('FARGATE') ? 'FARGATE' : 'EC2';
}

function byLaunchType(items: readonly { readonly launchType?: LaunchType | undefined }[]): ByLaunchType {
  const count = (type: LaunchType) => items.filter(({ launchType = 'EC2' }) => launchType === type).length;
  return { EC2: count('EC2'), Fargate: count('FARGATE'), External: count('EXTERNAL') };
}

function sum(counts: ByLaunchType): number {
  return counts.EC2 + counts.Fargate + counts.External;
}

/** The names are those of the API reference, Cluster; the ones for EXTERNAL follow their pattern. */
function statistics({ running, pending, activeServices, drainingServices }: Counts): KeyValuePair[] {
  const named = (['EC2', 'Fargate', 'External'] as const).flatMap((type) => [
    { name: `running${type}TasksCount`, value: running[type] },
    { name: `pending${type}TasksCount`, value: pending[type] },
    { name: `active${type}ServiceCount`, value: activeServices[type] },
    { name: `draining${type}ServiceCount`, value: drainingServices[type] },
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
