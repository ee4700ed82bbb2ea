import type { Attribute, ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import { isEcrImage } from './fargate-rules.ts';

/**
 * The container instance attributes that a task definition needs, as ECS finds them from what it uses;
 * the names are those that the container agent registers.
 */
export function requiredAttributes(definition: TaskDefinition): Attribute[] {
  const containers = definition.containerDefinitions ?? [];
  const names = new Set([
    ...ofTask(definition),
    ...containers.flatMap((container) => [...ofContainer(container, definition)]),
  ]);
  return [...names].map((name) => ({ name }));
}

const agent = (name: string) => `com.amazonaws.ecs.capability.${name}`;
const ecs = (name: string) => `ecs.capability.${name}`;

function* ofTask(definition: TaskDefinition): Generator<string> {
  const { networkMode, taskRoleArn, volumes = [] } = definition;
  if (taskRoleArn) yield agent(networkMode === 'host' ? 'task-iam-role-network-host' : 'task-iam-role');
  if (networkMode === 'awsvpc') {
    yield agent('docker-remote-api.1.18');
    yield ecs('task-eni');
  }
  // Fargate definitions name a size too, but that is no demand on an instance.
  if ((definition.cpu ?? definition.memory) !== undefined && !definition.requiresCompatibilities?.includes('FARGATE')) {
    yield ecs('task-cpu-mem-limit');
  }
  if (definition.pidMode ?? definition.ipcMode) yield ecs('pid-ipc-namespace-sharing');
  if (definition.proxyConfiguration) yield ecs('aws-appmesh');
  if (definition.enableFaultInjection) yield ecs('fault-injection');
  for (const { dockerVolumeConfiguration, efsVolumeConfiguration, configuredAtLaunch } of volumes) {
    if (dockerVolumeConfiguration) yield ecs(`docker-plugin.${dockerVolumeConfiguration.driver ?? 'local'}`);
    if (efsVolumeConfiguration) yield ecs(efsVolumeConfiguration.authorizationConfig ? 'efsAuth' : 'efs');
    if (configuredAtLaunch) yield ecs('storage.ebs-task-volume-attach');
  }
}

function* ofContainer(container: ContainerDefinition, { executionRoleArn }: TaskDefinition): Generator<string> {
  const { image = '', logConfiguration, secrets = [], dependsOn = [] } = container;
  if (container.privileged) yield agent('privileged-container');
  if (isEcrImage(image)) {
    yield agent('ecr-auth');
    if (executionRoleArn) yield ecs('execution-role-ecr-pull');
  }
  if (logConfiguration) {
    yield agent('docker-remote-api.1.19');
    yield agent(`logging-driver.${logConfiguration.logDriver}`);
    if (logConfiguration.logDriver === 'awslogs' && executionRoleArn) yield ecs('execution-role-awslogs');
  }
  if (container.dockerLabels && Object.keys(container.dockerLabels).length > 0) yield agent('docker-remote-api.1.18');
  if (container.memoryReservation) yield agent('docker-remote-api.1.21');
  if (container.linuxParameters?.initProcessEnabled) yield agent('docker-remote-api.1.25');
  if (container.healthCheck) {
    yield agent('docker-remote-api.1.24');
    yield ecs('container-health-check');
  }
  if (dependsOn.length > 0 || container.startTimeout !== undefined || container.stopTimeout !== undefined) {
    yield ecs('container-ordering');
  }
  if (container.restartPolicy?.enabled) yield ecs('container-restart-policy');
  if (container.environmentFiles?.length) yield ecs('env-files.s3');
  if (container.repositoryCredentials) yield ecs('private-registry-authentication.secretsmanager');
  if (container.firelensConfiguration) yield ecs(`firelens.${container.firelensConfiguration.type}`);
  for (const { valueFrom = '' } of secrets) {
    yield ecs(`secrets.${valueFrom.includes(':secretsmanager:') ? 'asm' : 'ssm'}.environment-variables`);
  }
  for (const { valueFrom = '' } of logConfiguration?.secretOptions ?? []) {
    yield ecs(`secrets.${valueFrom.includes(':secretsmanager:') ? 'asm' : 'ssm'}.bootstrap.log-driver`);
  }
}
