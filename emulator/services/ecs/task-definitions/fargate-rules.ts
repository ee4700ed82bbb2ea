import type { ContainerDefinition, RegisterTaskDefinitionRequest, Volume } from '@aws-sdk/client-ecs';
import { isFargateSize, type TaskSize } from './task-size.ts';

const LOG_DRIVERS = ['awslogs', 'splunk', 'awsfirelens'];

/**
 * Why a task definition cannot run on Fargate; undefined when it can. It refuses a definition that
 * requires FARGATE, and decides whether FARGATE is among the compatibilities of one that does not.
 *
 * Developer guide, "Task definition differences for Fargate"; messages as callers of AWS report them.
 */
export function fargateProblem(input: RegisterTaskDefinitionRequest, { cpu, memory }: TaskSize): string | undefined {
  // The quotation marks are AWS's.
  if (input.networkMode !== 'awsvpc') return 'Fargate only supports network mode ‘awsvpc’.';
  if (cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level.";
  if (memory === undefined) return "Fargate requires that 'memory' be defined at the task level.";
  // Windows containers need a whole vCPU.
  const isWindows = input.runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS') ?? false;
  if (!isFargateSize(cpu, memory) || (isWindows && Number(cpu) < 1024)) {
    return `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. See the Amazon ECS documentation for the valid values.`;
  }
  if (input.placementConstraints?.length) return 'Fargate compatible task definitions do not support constraints.';
  if (input.ipcMode !== undefined) return 'Fargate compatible task definitions do not support ipcMode.';
  if (input.pidMode === 'host') {
    return "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.";
  }
  return (
    first(input.volumes, volumeProblem) ??
    first(input.containerDefinitions, (container) => containerProblem(container, input.executionRoleArn))
  );
}

function volumeProblem({
  host,
  dockerVolumeConfiguration,
  fsxWindowsFileServerVolumeConfiguration,
}: Volume): string | undefined {
  if (host?.sourcePath) return 'Fargate compatible task definitions do not support sourcePath.';
  if (dockerVolumeConfiguration) return 'Fargate compatible task definitions do not support dockerVolumeConfiguration.';
  if (fsxWindowsFileServerVolumeConfiguration)
    return 'Fargate compatible task definitions do not support fsxWindowsFileServerVolumeConfiguration.';
  return undefined;
}

function containerProblem(container: ContainerDefinition, executionRoleArn: string | undefined): string | undefined {
  const { linuxParameters = {}, logConfiguration } = container;
  if (container.privileged) return 'Fargate requires that the ‘privileged’ setting be ‘false’ at the container level.';
  if (container.dockerSecurityOptions?.length)
    return 'Fargate compatible task definitions do not support dockerSecurityOptions.';
  if (container.resourceRequirements?.some(({ type }) => type === 'GPU')) {
    return 'Tasks using the Fargate launch type do not support GPU resource requirements.';
  }
  if (linuxParameters.devices?.length) return 'Fargate compatible task definitions do not support devices.';
  if (linuxParameters.sharedMemorySize !== undefined) {
    return 'Fargate compatible task definitions do not support sharedMemorySize.';
  }
  if (linuxParameters.maxSwap !== undefined) return 'Fargate compatible task definitions do not support maxSwap.';
  if (linuxParameters.swappiness !== undefined) {
    return 'Fargate compatible task definitions do not support swappiness.';
  }
  const capability = linuxParameters.capabilities?.add?.find((name) => name !== 'SYS_PTRACE');
  if (capability !== undefined) return `${capability} is not allowed on Fargate.`;
  // API reference, ContainerDefinition, startTimeout: "The valid values for Fargate are 2-120 seconds."
  if ((container.startTimeout ?? 0) > 120) {
    return 'Tasks using the Fargate launch type must have a container start timeout of less than or equal to 120 seconds.';
  }
  if ((container.stopTimeout ?? 0) > 120) {
    return 'Tasks using the Fargate launch type must have a container stop timeout of less than or equal to 120 seconds.';
  }
  if (logConfiguration && !LOG_DRIVERS.includes(logConfiguration.logDriver ?? '')) {
    return `${logConfiguration.logDriver} is not a valid log driver. Must be one of [${LOG_DRIVERS.join(',')}]`;
  }
  if (
    logConfiguration?.logDriver === 'awslogs' &&
    executionRoleArn &&
    !logConfiguration.options?.['awslogs-stream-prefix']
  ) {
    return 'Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.';
  }
  if (executionRoleArn) return undefined;
  if (logConfiguration?.logDriver === 'awslogs') {
    return 'Fargate requires task definition to have execution role ARN to support log driver awslogs.';
  }
  if (isEcrImage(container.image ?? '')) {
    return 'Fargate requires task definition to have execution role ARN to support ECR images.';
  }
  return undefined;
}

/** Whether an image lies in an account's own registry, `<account>.dkr.ecr.<region>.amazonaws.com/…`. */
export function isEcrImage(image: string): boolean {
  return /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\//.test(image);
}

function first<Item>(
  items: readonly Item[] | undefined,
  problemOf: (item: Item) => string | undefined,
): string | undefined {
  for (const item of items ?? []) {
    const problem = problemOf(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
