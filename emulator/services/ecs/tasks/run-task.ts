import type {
  Failure,
  LaunchType,
  RunTaskRequest,
  RunTaskResponse,
  StartTaskRequest,
  Tag,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Operation } from '../../../service.ts';
import { invalidParameter } from '../errors.ts';
import { requireCluster } from '../clusters/lookup.ts';
import { findContainerInstance } from '../container-instances/instances.ts';
import { placeTask, reasonNotToRunOn, type PlacementRequest } from '../container-instances/placement.ts';
import { missingArn } from '../missing.ts';
import type { ClusterRecord, EcsState, TaskRecord } from '../state.ts';
import { tagsOf, validateTags } from '../tags/rules.ts';
import { requireTaskDefinition } from '../task-definitions/task-definitions.ts';
import { chooseCapacity, type Capacity } from './capacity.ts';
import { rememberToken, tasksOfToken } from './client-tokens.ts';
import { describeTask } from './describe-task.ts';
import { launchTypeOn, requireLaunchType } from './launch-type.ts';
import { validateNetwork } from './network-configuration.ts';
import { createTask, type TaskPlan } from './new-task.ts';
import { readOverrides } from './overrides.ts';
import { choosePlatformVersion } from './platform-version.ts';

/** RunTask and StartTask. */
export const runTaskOperations = {
  RunTask: (state, input: RunTaskRequest): RunTaskResponse => {
    const { cluster } = requireCluster(state, input.cluster);
    const known = tasksOfToken(state, cluster.clusterName, input);
    if (known) return { tasks: describeAll(state, known), failures: [] };

    const count = input.count ?? 1;
    if (count < 1 || count > 10) throw invalidParameter('Task count must be between 1 and 10.');
    const definition = requireTaskDefinition(state, input.taskDefinition);
    const capacities = chooseCapacity(cluster, input, count);
    const launchType = capacities[0]?.launchType ?? 'EC2';
    const common = readCommon(state, cluster, definition, input, { launchType, startedByLength: 128 });
    const platformVersion = choosePlatformVersion(input.platformVersion, launchType, definition, common.overrides);
    requireLaunchType(definition, launchType);
    validateNetwork(definition, input.networkConfiguration, launchType);
    if (launchType === 'FARGATE') validateFargatePlacement(input);

    const placementOn = (capacity: Capacity): PlacementRequest => ({
      clusterName: cluster.clusterName,
      definition,
      launchType: capacity.launchType,
      capacityProvider: capacity.capacityProviderName,
      overrides: common.overrides,
      group: common.group,
      ...(input.placementConstraints && { placementConstraints: input.placementConstraints }),
      ...(input.placementStrategy && { placementStrategy: input.placementStrategy }),
    });
    refuseWithoutInstances(state, capacities, placementOn);
    const result = placeAll(capacities, (capacity, index) =>
      place(state, { ...common, cluster, definition, capacity, platformVersion, index }, placementOn(capacity)),
    );
    rememberToken(
      state,
      cluster.clusterName,
      input,
      result.started.map(({ task }) => task.taskArn),
    );
    return answer(state, result);
  },

  StartTask: (state, input: StartTaskRequest): RunTaskResponse => {
    const { cluster } = requireCluster(state, input.cluster);
    const references = input.containerInstances ?? [];
    if (references.length === 0) throw invalidParameter('Container instances cannot be empty.');
    if (references.length > 10) throw invalidParameter('Container instances can have at most 10 items.');
    const definition = requireTaskDefinition(state, input.taskDefinition);
    const common = readCommon(state, cluster, definition, input, { launchType: 'EC2', startedByLength: 36 });
    const named = references.map((reference) => {
      const instance = findContainerInstance(state, cluster.clusterName, reference);
      const launchType = instance ? launchTypeOn(instance.instance) : 'EC2';
      requireLaunchType(definition, launchType);
      validateNetwork(definition, input.networkConfiguration, launchType);
      return { reference, instance, launchType };
    });

    const result = placeAll(named, ({ reference, instance, launchType }, index) => {
      if (!instance) {
        return { failures: [{ arn: missingArn(state, 'container-instance', reference), reason: 'MISSING' }] };
      }
      const capacity: Capacity = { launchType };
      const { overrides, group } = common;
      const request = { clusterName: cluster.clusterName, definition, overrides, group };
      const reason = reasonNotToRunOn(state, instance, request);
      if (reason !== undefined) return { failures: [{ arn: instance.instance.containerInstanceArn, reason }] };
      return { started: createTask(state, { ...common, cluster, definition, capacity, instance, index }) };
    });
    return answer(state, result);
  },
} satisfies Record<string, Operation<EcsState>>;

type Outcome = { readonly started: TaskRecord } | { readonly failures: readonly Failure[] };

interface Outcomes {
  readonly started: readonly TaskRecord[];
  readonly failures: readonly Failure[];
}

function placeAll<Item>(items: readonly Item[], placeOne: (item: Item, index: number) => Outcome): Outcomes {
  const outcomes = items.map((item, index) => placeOne(item, index));
  return {
    started: outcomes.flatMap((outcome) => ('started' in outcome ? [outcome.started] : [])),
    failures: outcomes.flatMap((outcome) => ('failures' in outcome ? outcome.failures : [])),
  };
}

/** A capacity provider without instances is an error of the whole call, so that it must be found before any task starts. */
function refuseWithoutInstances(
  state: EcsState,
  capacities: readonly Capacity[],
  placementOn: (capacity: Capacity) => PlacementRequest,
): void {
  const byProvider = new Map(capacities.map((capacity) => [capacity.capacityProviderName, capacity]));
  if (byProvider.size < 2) return;
  for (const capacity of byProvider.values()) {
    if (capacity.launchType !== 'FARGATE') placeTask(state, placementOn(capacity));
  }
}

function place(state: EcsState, plan: TaskPlan, request: PlacementRequest): Outcome {
  if (plan.capacity.launchType === 'FARGATE') return { started: createTask(state, plan) };
  const placement = placeTask(state, request);
  if ('failures' in placement) return placement;
  return { started: createTask(state, { ...plan, instance: placement.instance }) };
}

/** What RunTask and StartTask have in common, checked. */
function readCommon(
  state: EcsState,
  cluster: ClusterRecord['cluster'],
  definition: TaskDefinition,
  input: RunTaskRequest | StartTaskRequest,
  rules: { readonly launchType: LaunchType; readonly startedByLength: number },
) {
  validateStartedBy(input.startedBy, rules.startedByLength);
  validateGroup(input.group);
  const overrides = readOverrides(definition, input.overrides, rules.launchType);
  if (input.enableExecuteCommand && !(overrides.taskRoleArn ?? definition.taskRoleArn)) {
    throw invalidParameter(
      "The task couldn't be started because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.",
    );
  }
  return {
    overrides,
    networkConfiguration: input.networkConfiguration,
    group: input.group ?? `family:${definition.family}`,
    startedBy: input.startedBy,
    enableExecuteCommand: input.enableExecuteCommand,
    tags: readTags(state, cluster, definition, input),
  };
}

/** The tags given, those of the definition where they are propagated, and ECS's own. Given ones win. */
function readTags(
  state: EcsState,
  cluster: ClusterRecord['cluster'],
  definition: TaskDefinition,
  input: RunTaskRequest | StartTaskRequest,
): Tag[] {
  validateTags(input.tags);
  if (input.propagateTags === 'SERVICE')
    throw invalidParameter('propagateTags SERVICE is not supported when running a task.');
  const propagated = input.propagateTags === 'TASK_DEFINITION' ? tagsOf(state, definition.taskDefinitionArn ?? '') : [];
  const managed = input.enableECSManagedTags ? [{ key: 'aws:ecs:clusterName', value: cluster.clusterName }] : [];
  const byKey = new Map([...managed, ...propagated, ...(input.tags ?? [])].map((tag) => [tag.key, tag]));
  return [...byKey.values()];
}

/** Developer guide, "Task definition differences for Fargate": there are no instances to choose from. */
function validateFargatePlacement(input: RunTaskRequest): void {
  if (input.placementConstraints?.length) {
    throw invalidParameter('Placement constraints are not supported with FARGATE launch type.');
  }
  if (input.placementStrategy?.length)
    throw invalidParameter('Placement strategies are not supported with FARGATE launch type.');
}

// API reference: letters, numbers, hyphens, forward slashes and underscores.
function validateStartedBy(startedBy: string | undefined, maximum: number): void {
  if (startedBy === undefined) return;
  if (startedBy.length > maximum) throw invalidParameter(`startedBy longer than ${maximum}.`);
  if (!/^[A-Za-z0-9\-/_]*$/.test(startedBy)) {
    throw invalidParameter(
      'startedBy contains invalid characters. It may have letters, numbers, hyphens, forward slashes and underscores.',
    );
  }
}

/** `service:` names the group of a service's tasks; only its scheduler may use it. */
function validateGroup(group: string | undefined): void {
  if (group === undefined) return;
  if (group.length > 255) throw invalidParameter('group longer than 255.');
  if (group.startsWith('service:')) throw invalidParameter('Invalid namespace for group.');
}

function describeAll(state: EcsState, taskArns: readonly string[]) {
  return taskArns.flatMap((arn) => {
    const record = state.tasks.get(arn);
    return record ? [describeTask(state, record, { tags: true })] : [];
  });
}

function answer(state: EcsState, { started, failures }: Outcomes): RunTaskResponse {
  return { tasks: started.map((record) => describeTask(state, record, { tags: true })), failures: [...failures] };
}
