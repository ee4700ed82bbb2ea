import { randomInt } from 'node:crypto';
import type { Deployment, Service, ServiceRevision, TaskDefinition } from '@aws-sdk/client-ecs';
import { arn } from '../arns.ts';
import type { EcsState, ServiceRecord } from '../state.ts';
import type { RevisionRecord } from './service-rollout.ts';

/** What a deployment holds besides the service's own members; the next deployment inherits it. */
export const deploymentSettings = [
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
] as const satisfies readonly (keyof Deployment & keyof ServiceRevision)[];

export type DeploymentSettings = Pick<Deployment, (typeof deploymentSettings)[number]>;

/** The members of a service of which a revision keeps the values: those that its tasks carry in them. */
const revisionMembers = [
  'capacityProviderStrategy',
  'launchType',
  'loadBalancers',
  'networkConfiguration',
  'platformFamily',
  'platformVersion',
  'serviceRegistries',
  'taskDefinition',
] as const satisfies readonly (keyof Service & keyof ServiceRevision)[];

/** What makes a service one of its revisions. */
export interface RevisionMembers {
  readonly service: Pick<Service, (typeof revisionMembers)[number]>;
  readonly settings: DeploymentSettings;
}

/** What LATEST stands for, as the developer guide's "Fargate platform versions" has it. */
export const latestPlatformVersion = '1.4.0';

/**
 * Captures what a service is now as a new revision (API reference, ServiceRevision).
 *
 * @param definition the service's task definition
 */
export function captureRevision(
  state: EcsState,
  { service, rollout }: ServiceRecord,
  definition: TaskDefinition,
  settings: DeploymentSettings,
): RevisionRecord {
  const members: RevisionMembers = { service: pick(service, revisionMembers), settings };
  const { platformVersion } = service;
  const record: RevisionRecord = {
    definition,
    members,
    revision: {
      serviceRevisionArn: arn(state, 'service-revision', clusterNameOf(service), service.serviceName, digits(19)),
      serviceArn: service.serviceArn,
      clusterArn: service.clusterArn,
      ...structuredClone({ ...members.service, ...settings }),
      ...(platformVersion !== undefined && { platformVersion: effectivePlatformVersion(platformVersion) }),
      containerImages: (definition.containerDefinitions ?? []).map(({ name, image }) => ({
        ...(name !== undefined && { containerName: name }),
        ...(image !== undefined && { image }),
      })),
      guardDutyEnabled: false,
      createdAt: new Date(state.dependencies.clock.now()),
    },
  };
  rollout.revisions.push(record);
  return record;
}

/** Makes a service what it was in a revision. */
export function restoreRevision(service: Service, { members }: RevisionRecord): void {
  for (const name of revisionMembers) Reflect.deleteProperty(service, name);
  Object.assign(service, structuredClone(members.service));
}

export function effectivePlatformVersion(version: string): string {
  return version === 'LATEST' ? latestPlatformVersion : version;
}

export function clusterNameOf({ clusterArn = '' }: Pick<Service, 'clusterArn'>): string {
  return clusterArn.slice(clusterArn.lastIndexOf('/') + 1);
}

/** So many decimal digits, of which the first is not 0, as the ids of deployments and revisions are. */
export function digits(count: number): string {
  return `${randomInt(1, 10)}${Array.from({ length: count - 1 }, () => randomInt(10)).join('')}`;
}

function pick<Source extends object, Name extends keyof Source>(
  source: Source,
  names: readonly Name[],
): Pick<Source, Name> {
  const picked: Partial<Pick<Source, Name>> = {};
  for (const name of names) if (source[name] !== undefined) picked[name] = source[name];
  return structuredClone(picked) as Pick<Source, Name>;
}
