import type { Clock } from '../clock.ts';
import { type CredentialStore, issueRoleCredential } from '../credentials.ts';
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
  readonly credentials: CredentialStore;
  readonly runtime: ContainerRuntime;
  /** How many simulated container instances every new ECS cluster gets. */
  readonly containerInstances: number;
}

/** Makes every service of the emulator, in the order in which a reset empties them: the tasks first, whose logs others hold. */
export function createServices({
  clock,
  account,
  credentials,
  runtime,
  containerInstances,
}: ServiceDependencies): Service[] {
  const logs = createLogsService({ clock, account });
  const ecs = createEcsService({
    clock,
    account,
    runtime,
    containerInstances,
    logSink: (region) => logs.sink(region),
    // A task without a role has no credentials on AWS; here it has these, so that its SDKs can call the emulator.
    containerCredentials: issueRoleCredential(credentials, roleArnOf(account, 'ecs-task'), 'container'),
    taskCredentials: (role, taskId) => issueRoleCredential(credentials, roleArnOf(account, role), taskId),
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

/** A task definition names its role by ARN or by name alone. */
function roleArnOf(account: string, role: string): string {
  return role.startsWith('arn:') ? role : `arn:aws:iam::${account}:role/${role}`;
}
