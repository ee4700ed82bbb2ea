import type { ContainerDefinition, TaskDefinition, Volume } from '@aws-sdk/client-ecs';

/** Log drivers that only keep output on the container instance, where the API cannot read it. */
const LOCAL_LOG_DRIVERS = ['json-file', 'none', 'journald', 'local'];

/**
 * What a task asks for that has to be there before its containers start and cannot be had here.
 * ECS reports such a thing as ResourceInitializationError; so do we, naming it, rather than run a
 * container without it.
 *
 * @returns the stopped reason; undefined when all can be had
 */
export function unavailableResource(definition: TaskDefinition): string | undefined {
  const problem =
    first(definition.volumes ?? [], volumeProblem) ?? first(definition.containerDefinitions ?? [], containerProblem);
  return problem && `ResourceInitializationError: ${problem}`;
}

function containerProblem(container: ContainerDefinition): string | undefined {
  const secret = [...(container.secrets ?? []), ...(container.logConfiguration?.secretOptions ?? [])][0];
  if (secret) {
    return `unable to pull secrets or registry auth: unable to retrieve secret ${secret.valueFrom}: neither Secrets Manager nor SSM Parameter Store is emulated; pass the value of ${secret.name} with "environment"`;
  }
  const driver = container.logConfiguration?.logDriver;
  if (driver && driver !== 'awslogs' && !LOCAL_LOG_DRIVERS.includes(driver)) {
    return `failed to initialize logging driver: ${driver} is not emulated; use awslogs`;
  }
  const gpu = container.resourceRequirements?.find(({ type }) => type === 'InferenceAccelerator');
  return gpu && `Amazon Elastic Inference accelerator ${gpu.value} is not emulated`;
}

function volumeProblem(volume: Volume): string | undefined {
  const kind =
    (volume.efsVolumeConfiguration && 'Amazon EFS') ??
    (volume.fsxWindowsFileServerVolumeConfiguration && 'FSx for Windows File Server') ??
    (volume.s3filesVolumeConfiguration && 'Amazon S3 Files') ??
    (volume.configuredAtLaunch ? 'Amazon EBS' : undefined);
  if (kind) {
    return `failed to invoke volume plugin for volume ${volume.name}: ${kind} is not emulated; use a bind mount ("host") instead`;
  }
  const docker = volume.dockerVolumeConfiguration;
  if (docker?.driver !== undefined && docker.driver !== 'local') {
    return `failed to create volume ${volume.name}: the volume driver ${docker.driver} is not emulated; use "local"`;
  }
  if (docker?.scope === 'shared') {
    return `failed to create volume ${volume.name}: volumes of scope "shared" are not emulated; use scope "task"`;
  }
  return undefined;
}

function first<Item>(items: readonly Item[], problem: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = problem(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
