import type { ListTagsForResourceRequest, TagResourceRequest, UntagResourceRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../../service.ts';
import { type EcsArn, parseArn } from './arns.ts';
import { fargateProviders } from './capacity-provider-strategy.ts';
import { client, clusterNotFound, invalidParameter, resourceNotFound, serviceNotFound } from './errors.ts';
import type { EcsState } from './state.ts';
import { removeTags, setTags, tagsOf, validateTags } from './tags.ts';
import { findTaskDefinition } from './task-definitions/task-definitions.ts';

/** Tags of clusters, services, tasks, task definitions, container instances and capacity providers. */
export const tagOperations = {
  TagResource: (state, input: TagResourceRequest) => {
    const arn = requireResource(state, input.resourceArn);
    validateTags(input.tags);
    setTags(state, arn, input.tags);
    return {};
  },

  UntagResource: (state, input: UntagResourceRequest) => {
    const arn = requireResource(state, input.resourceArn);
    const keys = input.tagKeys ?? [];
    if (keys.some((key) => /^aws:/i.test(key))) throw invalidParameter('Tag keys cannot start with aws:.');
    removeTags(state, arn, keys);
    return {};
  },

  ListTagsForResource: (state, input: ListTagsForResourceRequest) => ({
    tags: tagsOf(state, requireResource(state, input.resourceArn)),
  }),
} satisfies Record<string, Operation<EcsState>>;

/**
 * Checks that a resource to tag is there.
 *
 * @returns its ARN as the state knows it
 * @throws AwsError InvalidParameterException when the ARN is malformed or in the old short format, else
 *   what its kind says: ClusterNotFoundException, ServiceNotFoundException, ResourceNotFoundException,
 *   ClientException for a task definition
 */
function requireResource(state: EcsState, resourceArn: string | undefined): string {
  const arn = parseArn(resourceArn ?? '');
  if (!arn || resourceArn === undefined) throw invalidParameter('The ARN provided is invalid.');
  const isLong = arn.resource === 'service' || arn.resource === 'task' || arn.resource === 'container-instance';
  if (isLong && arn.parts.length < 2) throw invalidParameter('Long arn format must be used for tagging operations');
  const isOwn = arn.region === state.region && arn.account === state.dependencies.account;
  if (!isOwn || !exists(state, arn, resourceArn)) throw notFound(arn);
  return resourceArn;
}

function exists(state: EcsState, { resource, parts: [name = ''] }: EcsArn, arn: string): boolean {
  switch (resource) {
    case 'cluster':
      return isThere(state.clusters.get(name)?.cluster.status);
    case 'service':
      return isThere(state.services.get(arn)?.service.status);
    case 'task':
      return state.tasks.has(arn);
    case 'task-definition':
      return findTaskDefinition(state, arn) !== undefined;
    case 'container-instance':
      return isThere(state.containerInstances.get(arn)?.instance.status);
    case 'capacity-provider':
      return fargateProviders.includes(name) || state.capacityProviders.has(name);
    case 'task-set':
    case 'service-deployment':
    case 'service-revision':
      return false;
  }
}

function isThere(status: string | undefined): boolean {
  return status !== undefined && status !== 'INACTIVE';
}

function notFound({ resource }: EcsArn): Error {
  switch (resource) {
    case 'cluster':
      return clusterNotFound();
    case 'service':
      return serviceNotFound();
    case 'task-definition':
      return client('TaskDefinition not found.');
    case 'task':
      return invalidParameter('The specified task was not found. Specify a valid task ARN and try again.');
    case 'container-instance':
      return invalidParameter('The specified container instance was not found.');
    case 'capacity-provider':
      return client('The specified capacity provider does not exist. Specify a valid name or ARN and try again.');
    case 'task-set':
    case 'service-deployment':
    case 'service-revision':
      return resourceNotFound('The specified resource was not found.');
  }
}
