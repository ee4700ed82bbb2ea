import { randomUUID } from 'node:crypto';
import { partitionOf } from '../../partition.ts';

/** What an ARN needs to know of the state that it names a part of. */
export interface ArnScope {
  readonly region: string;
  readonly dependencies: { readonly account: string };
}

/** The kinds of resource in ECS ARNs. */
export type EcsResource =
  | 'cluster'
  | 'service'
  | 'task'
  | 'container-instance'
  | 'task-definition'
  | 'capacity-provider'
  | 'task-set'
  | 'service-deployment'
  | 'service-revision';

/** An ECS ARN, taken apart. */
export interface EcsArn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly resource: EcsResource;
  /** What follows the resource: one part, or the cluster's name and then the id in the long format. */
  readonly parts: readonly string[];
}

export function clusterArn(scope: ArnScope, name: string): string {
  return arn(scope, 'cluster', name);
}

export function taskArn(scope: ArnScope, cluster: string, id: string): string {
  return arn(scope, 'task', cluster, id);
}

/** The ARN of one container of a task, as Container.containerArn. */
export function containerArn(scope: ArnScope, cluster: string, taskId: string, id: string): string {
  return arn(scope, 'container', cluster, taskId, id);
}

export function taskDefinitionArn(scope: ArnScope, family: string, revision: number): string {
  return arn(scope, 'task-definition', `${family}:${revision}`);
}

export function containerInstanceArn(scope: ArnScope, cluster: string, id: string): string {
  return arn(scope, 'container-instance', cluster, id);
}

export function serviceArn(scope: ArnScope, cluster: string, name: string): string {
  return arn(scope, 'service', cluster, name);
}

export function capacityProviderArn(scope: ArnScope, name: string): string {
  return arn(scope, 'capacity-provider', name);
}

/** The ARN of anything else in ECS: `arn(scope, 'task-set', cluster, service, id)`. */
export function arn(scope: ArnScope, resource: string, ...parts: readonly string[]): string {
  return `arn:${partitionOf(scope.region)}:ecs:${scope.region}:${scope.dependencies.account}:${[resource, ...parts].join('/')}`;
}

/** An id as ECS makes it: 32 hexadecimal digits. */
export function newId(): string {
  return randomUUID().replaceAll('-', '');
}

/** Takes an ECS ARN apart; undefined when it is none. */
export function parseArn(text: string): EcsArn | undefined {
  const match = /^arn:(aws[\w-]*):ecs:([a-z0-9-]+):(\d{12}):([a-z-]+)\/(.+)$/.exec(text);
  if (!match) return undefined;
  const [, partition = '', region = '', account = '', resource = '', rest = ''] = match;
  const parts = rest.split('/');
  if (!isResource(resource) || parts.includes('')) return undefined;
  return { partition, region, account, resource, parts };
}

/** Whether an ARN is of the account and region that the state is of. */
export function isOwnArn(scope: ArnScope, { region, account }: EcsArn): boolean {
  return region === scope.region && account === scope.dependencies.account;
}

/** The ARN's last part: a cluster's name, a task's id, `family:revision`. A text that is no ARN stays as it is. */
export function nameOf(arnOrName: string): string {
  return arnOrName.slice(arnOrName.lastIndexOf('/') + 1);
}

const resources: readonly string[] = [
  'cluster',
  'service',
  'task',
  'container-instance',
  'task-definition',
  'capacity-provider',
  'task-set',
  'service-deployment',
  'service-revision',
] satisfies readonly EcsResource[];

function isResource(text: string): text is EcsResource {
  return resources.includes(text);
}
