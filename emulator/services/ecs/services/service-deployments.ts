import type {
  DescribeServiceDeploymentsRequest,
  DescribeServiceRevisionsRequest,
  Failure,
  ListServiceDeploymentsRequest,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceRevision,
  ServiceRevisionSummary,
  StopServiceDeploymentRequest,
} from '@aws-sdk/client-ecs';
import { AwsError, type Operation } from '../../../service.ts';
import { requireCluster } from '../clusters/lookup.ts';
import { invalidParameter } from '../errors.ts';
import { paginate } from '../pagination.ts';
import type { EcsState, ServiceRecord } from '../state.ts';
import { primaryDeployment } from './deployments.ts';
import { requireService } from './lookup.ts';
import { failDeployment, rollBack } from './rollout-state.ts';
import type { RevisionRecord, ServiceDeploymentRecord } from './service-rollout.ts';

/** The history of a service: its service deployments and revisions. */
export const serviceDeploymentOperations = {
  ListServiceDeployments: (state, input: ListServiceDeploymentsRequest) => {
    const { clusterName } = requireCluster(state, input.cluster).cluster;
    const record = requireService(state, clusterName, input.service ?? '');
    const { before, after } = input.createdAt ?? {};
    const found = record.rollout.serviceDeployments
      .filter(({ deployment: { status } }) => !input.status?.length || (status && input.status.includes(status)))
      .filter(({ deployment: { createdAt } }) => before === undefined || (createdAt && createdAt < before))
      .filter(({ deployment: { createdAt } }) => after === undefined || (createdAt && createdAt > after))
      .toReversed();
    const page = paginate(
      found.map(({ deployment }) => deployment.serviceDeploymentArn),
      input,
      { defaultSize: 20, maximum: 100 },
    );
    return {
      serviceDeployments: found
        .filter(({ deployment }) => page.items.includes(deployment.serviceDeploymentArn))
        .map(briefly),
      nextToken: page.nextToken,
    };
  },

  DescribeServiceDeployments: (state, input: DescribeServiceDeploymentsRequest) => {
    const serviceDeployments: ServiceDeployment[] = [];
    const failures: Failure[] = [];
    for (const arn of namedArns(input.serviceDeploymentArns, 'serviceDeploymentArns')) {
      const found = findServiceDeployment(state, arn);
      if (found) serviceDeployments.push(describe(found.record, found.serviceDeployment));
      else failures.push({ arn, reason: 'MISSING' });
    }
    return { serviceDeployments, failures };
  },

  DescribeServiceRevisions: (state, input: DescribeServiceRevisionsRequest) => {
    const serviceRevisions: ServiceRevision[] = [];
    const failures: Failure[] = [];
    for (const arn of namedArns(input.serviceRevisionArns, 'serviceRevisionArns')) {
      const found = [...state.services.values()]
        .flatMap(({ rollout }) => rollout.revisions)
        .find(({ revision }) => revision.serviceRevisionArn === arn);
      if (found) serviceRevisions.push(found.revision);
      else failures.push({ arn, reason: 'MISSING' });
    }
    return { serviceRevisions, failures };
  },

  StopServiceDeployment: (state, input: StopServiceDeploymentRequest) => {
    const arn = input.serviceDeploymentArn ?? '';
    if (input.stopType !== undefined && input.stopType !== 'ROLLBACK') {
      // API reference, StopServiceDeployment: "The valid values are ROLLBACK."
      throw invalidParameter(`${input.stopType} should be one of [ROLLBACK]`);
    }
    const found = findServiceDeployment(state, arn);
    if (!found) {
      throw new AwsError('ServiceDeploymentNotFoundException', `The service deployment ${arn} was not found.`);
    }
    stop(state, found.record, found.serviceDeployment);
    return { serviceDeploymentArn: arn };
  },
} satisfies Record<string, Operation<EcsState>>;

const STOPPED_BY_USER = 'Service deployment rolled back because it was stopped by a user.';

function stop(state: EcsState, record: ServiceRecord, { deployment }: ServiceDeploymentRecord): void {
  const primary = primaryDeployment(record);
  if (deployment.status === 'ROLLBACK_IN_PROGRESS' && deployment.finishedAt === undefined) return;
  if (primary?.serviceDeployment.deployment !== deployment || deployment.status !== 'IN_PROGRESS') {
    throw new AwsError(
      'ConflictException',
      `The service deployment ${deployment.serviceDeploymentArn} is ${deployment.status ?? ''} and cannot be stopped.`,
    );
  }
  failDeployment(state, record, primary, 'ECS deployment stopped by a user.');
  rollBack(state, record, primary, STOPPED_BY_USER);
  state.scheduler.wake(record);
}

function briefly({ deployment, target }: ServiceDeploymentRecord): ServiceDeploymentBrief {
  const { serviceDeploymentArn, serviceArn, clusterArn, startedAt, createdAt, finishedAt, status, statusReason } =
    deployment;
  return {
    serviceDeploymentArn,
    serviceArn,
    clusterArn,
    startedAt,
    createdAt,
    ...(finishedAt && { finishedAt }),
    targetServiceRevisionArn: target.revision.serviceRevisionArn,
    status,
    ...(statusReason !== undefined && { statusReason }),
  };
}

function describe(record: ServiceRecord, { deployment, target, sources }: ServiceDeploymentRecord): ServiceDeployment {
  return {
    ...deployment,
    sourceServiceRevisions: sources.map((source) => summary(record, source)),
    targetServiceRevision: summary(record, target),
  };
}

/** The tasks that a revision is to have and has now. */
function summary({ service, rollout }: ServiceRecord, revision: RevisionRecord): ServiceRevisionSummary {
  const ids = [...rollout.deployments.values()].filter((deployment) => deployment.revision === revision);
  const wanted = ids.some(({ deployment }) => deployment.status === 'PRIMARY') ? service.desiredCount : 0;
  const own = [...rollout.tasks.values()]
    .filter(({ deploymentId }) => ids.some(({ deployment }) => deployment.id === deploymentId))
    .map(({ record: { task } }) => task)
    .filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
  return {
    arn: revision.revision.serviceRevisionArn,
    requestedTaskCount: wanted,
    runningTaskCount: own.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTaskCount: own.filter(({ lastStatus }) => lastStatus !== 'RUNNING').length,
  };
}

function findServiceDeployment(
  state: EcsState,
  arn: string,
): { readonly record: ServiceRecord; readonly serviceDeployment: ServiceDeploymentRecord } | undefined {
  for (const record of state.services.values()) {
    const serviceDeployment = record.rollout.serviceDeployments.find(
      ({ deployment }) => deployment.serviceDeploymentArn === arn,
    );
    if (serviceDeployment) return { record, serviceDeployment };
  }
  return undefined;
}

function namedArns(arns: readonly string[] | undefined, member: string): readonly string[] {
  if (!arns?.length) throw invalidParameter(`${member} cannot be empty.`);
  if (arns.length > 20) throw invalidParameter(`${member} can have at most 20 items.`);
  return arns;
}
