import type { Clock } from '../clock.ts';
import type { CredentialStore } from '../credentials.ts';
import type { ContainerRuntime } from '../runtimes/runtime.ts';
import type { Service } from '../service.ts';
import { batchModel } from './batch/model.ts';
import { dynamodbModel } from './dynamodb/model.ts';
import { ecsModel } from './ecs/model.ts';
import { createLogsService } from './logs/index.ts';
import { s3Model } from './s3/model.ts';
import { createStsService } from './sts/index.ts';
import { unimplementedService } from './unimplemented.ts';

export interface ServiceDependencies {
  readonly clock: Clock;
  readonly account: string;
  readonly credentials: CredentialStore;
  readonly runtime: ContainerRuntime;
}

/** Makes every service of the emulator, in the order in which a reset empties them. */
export function createServices({ clock, account, credentials }: ServiceDependencies): Service[] {
  const logs = createLogsService({ clock, account });
  const services = [
    unimplementedService(ecsModel),
    logs.service,
    createStsService({ credentials }),
    unimplementedService(batchModel),
    unimplementedService(s3Model),
    unimplementedService(dynamodbModel),
  ];
  // The gateway gives each service's operations that service's own state, whatever its type.
  return services as unknown as Service[];
}
