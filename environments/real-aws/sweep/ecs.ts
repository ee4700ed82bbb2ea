import {
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  paginateListClusters,
  paginateListServices,
  paginateListTaskDefinitionFamilies,
  paginateListTaskDefinitions,
  paginateListTasks,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { anyPrefix } from '../guard/ownership.ts';
import { type SweptKind, tagRecord } from './resource.ts';

/** Services in clusters of tests; first of all, or they would replace their tasks. */
export const services: SweptKind = {
  kind: 'service',
  service: 'ecs',
  async *find({ ecs }) {
    for await (const cluster of clustersOfTests(ecs)) {
      // DescribeServices takes ten at a time, as many as a page has.
      for await (const { serviceArns = [] } of paginateListServices({ client: ecs, pageSize: 10 }, { cluster })) {
        if (serviceArns.length === 0) continue;
        const described = await ecs.send(
          new DescribeServicesCommand({ cluster, services: serviceArns, include: ['TAGS'] }),
        );
        for (const { serviceArn: service = '', status, tags } of described.services ?? []) {
          if (status === 'INACTIVE') continue;
          const remove = () => ecs.send(new DeleteServiceCommand({ cluster, service, force: true }));
          yield { name: service, tags: tagRecord(tags), remove };
        }
      }
    }
  },
};

/** Tasks in clusters of tests that are to run. */
export const tasks: SweptKind = {
  kind: 'task',
  service: 'ecs',
  async *find({ ecs }) {
    for await (const cluster of clustersOfTests(ecs)) {
      for await (const { taskArns = [] } of paginateListTasks({ client: ecs }, { cluster, desiredStatus: 'RUNNING' })) {
        if (taskArns.length === 0) continue;
        const described = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns, include: ['TAGS'] }));
        for (const { taskArn: task = '', tags } of described.tasks ?? []) {
          const remove = () =>
            ecs.send(new StopTaskCommand({ cluster, task, reason: 'Left behind by a run of cloud-testbed' }));
          yield { name: task, tags: tagRecord(tags), remove };
        }
      }
    }
  },
};

/** Clusters of tests; ECS refuses to delete one that has something in it. */
export const clusters: SweptKind = {
  kind: 'cluster',
  service: 'ecs',
  async *find({ ecs }) {
    for await (const cluster of clustersOfTests(ecs)) {
      const described = await ecs.send(new DescribeClustersCommand({ clusters: [cluster], include: ['TAGS'] }));
      const [found] = described.clusters ?? [];
      if (!found || found.status === 'INACTIVE') continue;
      yield {
        name: cluster,
        tags: tagRecord(found.tags),
        remove: () => ecs.send(new DeleteClusterCommand({ cluster })),
      };
    }
  },
};

/** Revisions of families of tests, active or deregistered already. */
export const taskDefinitions: SweptKind = {
  kind: 'task definition',
  service: 'ecs',
  async *find({ ecs }) {
    const pages = paginateListTaskDefinitionFamilies({ client: ecs }, { familyPrefix: anyPrefix, status: 'ALL' });
    for await (const { families = [] } of pages) {
      for (const familyPrefix of families) {
        for (const status of ['ACTIVE', 'INACTIVE'] as const) yield* revisions(ecs, familyPrefix, status);
      }
    }
  },
};

async function* revisions(ecs: ECSClient, familyPrefix: string, status: 'ACTIVE' | 'INACTIVE') {
  for await (const page of paginateListTaskDefinitions({ client: ecs }, { familyPrefix, status })) {
    for (const taskDefinition of page.taskDefinitionArns ?? []) {
      const { tags } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
      const remove = async (): Promise<void> => {
        if (status === 'ACTIVE') await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
        const { failures = [] } = await ecs.send(
          new DeleteTaskDefinitionsCommand({ taskDefinitions: [taskDefinition] }),
        );
        if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join('; '));
      };
      yield { name: taskDefinition, tags: tagRecord(tags), remove };
    }
  }
}

async function* clustersOfTests(client: ECSClient): AsyncIterable<string> {
  for await (const { clusterArns = [] } of paginateListClusters({ client }, {})) {
    yield* clusterArns.filter((arn) => arn.split('/').at(-1)?.startsWith(anyPrefix));
  }
}
