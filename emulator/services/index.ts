import type { Clock } from '../clock.ts';
import { type CredentialStore, issueRoleCredential } from '../credentials.ts';
import { partitionOf } from '../partition.ts';
import type { ContainerRuntime } from '../runtimes/runtime.ts';
import type { Service } from '../service.ts';
import { batchModel } from './batch/model.ts';
import { dynamodbModel } from './dynamodb/model.ts';
import { createEcsService } from './ecs/index.ts';
import { createLogsService } from './logs/index.ts';
import { s3Model } from './s3/model.ts';
import { createStsService } from './sts/index.ts';
import { unimplementedService } from './unimplemented.ts';

export interface ServiceDependencies {
  readonly clock: Clock;
  readonly account: string;
  /** The emulator's own; roles that are named without their ARN are of its partition. */
  readonly region: string;
  readonly credentials: CredentialStore;
  readonly runtime: ContainerRuntime;
  /** How many simulated container instances every new ECS cluster gets. */
  readonly containerInstances: number;
}

/** Makes every service of the emulator, in the order in which a reset empties them: the tasks first, whose logs others hold. */
export function createServices({
  clock,
  account,
  region,
  credentials,
  runtime,
  containerInstances,
}: ServiceDependencies): Service[] {
  // A task definition names its role by ARN or by name alone.
  const roleArnOf = (role: string): string =>
    role.startsWith('arn:') ? role : `arn:${partitionOf(region)}:iam::${account}:role/${role}`;
  const logs = createLogsService({ clock, account });
  const ecs = createEcsService({
    clock,
    account,
    runtime,
    containerInstances,
    logSink: (region) => logs.sink(region),
    // A task without a role has no credentials on AWS; here it has these, so that its SDKs can call the emulator.
    containerCredentials: issueRoleCredential(credentials, roleArnOf('ecs-task'), 'container'),
    taskCredentials: (role, taskId) => issueRoleCredential(credentials, roleArnOf(role), taskId),
  });
  const services = [
    ecs,
    logs.service,
    createStsService({ credentials }),
    unimplementedService(batchModel),
    unimplementedService(s3Model),
    unimplementedService(dynamodbModel),
  ];
  // The gateway gives each service's operations that service's own state, whatever its type.
  return services as unknown as Service[];
}
