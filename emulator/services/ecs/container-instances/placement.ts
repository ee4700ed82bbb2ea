import type {
  Attribute,
  Failure,
  LaunchType,
  PlacementConstraint,
  PlacementStrategy,
  TaskDefinition,
  TaskOverride,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { ContainerInstanceRecord, EcsState, TaskRecord } from '../state.ts';
import { launchTypeOn } from '../tasks/launch-type.ts';
import { queryFacts, tasksByInstance, type TasksOn } from './instances.ts';
import { validateConstraints, validateStrategies } from './placement-rules.ts';
import { parseQuery } from './query-language.ts';
import { missingResource, remainingCount, taskResources, type TaskResources } from './resources.ts';

/** Where the instances and the tasks already there are read. */
export type PlacementState = Pick<EcsState, 'containerInstances' | 'tasks'>;

/** One task that wants a container instance. */
export interface PlacementRequest {
  readonly clusterName: string;
  readonly definition: TaskDefinition;
  readonly overrides?: TaskOverride;
  /** EXTERNAL tasks run on machines of ECS Anywhere only, others on the rest. */
  readonly launchType?: LaunchType;
  /** The Auto Scaling group capacity provider whose instances alone are asked; none means every instance. */
  readonly capacityProvider?: string | undefined;
  /** The call's; the definition's apply besides. */
  readonly placementConstraints?: readonly PlacementConstraint[];
  readonly placementStrategy?: readonly PlacementStrategy[];
  /** The task's group: distinctInstance and spread look at the tasks of the same one. */
  readonly group?: string;
}

export type Placement = { readonly instance: ContainerInstanceRecord } | { readonly failures: Failure[] };

/**
 * Chooses a container instance for a task. Reserves nothing: the caller calls `reserve` and puts the task
 * into `state.tasks` before it places the next, because that is where the tasks already there are read.
 *
 * The order is the developer guide's ("How Amazon ECS places tasks on container instances"): resources,
 * then constraints, then strategies. Among instances that are equally good the one with the fewest
 * running tasks is taken, then the one registered first, so that placement is predictable.
 *
 * @returns the instance, or one failure per ACTIVE instance with the reason that the developer guide's
 *   "API failure reasons" gives
 * @throws AwsError InvalidParameterException when the cluster has no ACTIVE container instance of the
 *   launch type, or none of the capacity provider, or when a constraint or strategy is malformed
 */
export function placeTask(state: PlacementState, request: PlacementRequest): Placement {
  validateConstraints(constraintsOf(request));
  validateStrategies(request.placementStrategy ?? []);
  const external = request.launchType === 'EXTERNAL';
  const { capacityProvider } = request;
  const instances = activeInstances(state, request.clusterName).filter(
    ({ instance }) =>
      (launchTypeOn(instance) === 'EXTERNAL') === external &&
      (capacityProvider === undefined || instance.capacityProviderName === capacityProvider),
  );
  if (instances.length === 0) {
    const where = capacityProvider === undefined ? 'cluster' : 'capacity provider';
    throw invalidParameter(`No Container Instances were found in your ${where}.`);
  }
  const tasksOn = tasksByInstance(state);
  const unfit = unfitness(tasksOn, request);
  const failures: Failure[] = [];
  const candidates: ContainerInstanceRecord[] = [];
  for (const record of instances) {
    const reason = unfit(record);
    if (reason === undefined) candidates.push(record);
    else failures.push({ arn: record.instance.containerInstanceArn, reason });
  }
  const chosen = choose(state, tasksOn, candidates, request);
  return chosen ? { instance: chosen } : { failures };
}

/**
 * Why a task cannot run on an instance that its caller named, as StartTask does. StartTask knows no
 * placement constraints of its own, but the definition's hold.
 *
 * @returns undefined when it can
 */
export function reasonNotToRunOn(
  state: PlacementState,
  record: ContainerInstanceRecord,
  request: PlacementRequest,
): string | undefined {
  const { status } = record.instance;
  if (status !== 'ACTIVE' && status !== 'DRAINING') return 'INACTIVE';
  return unfitness(tasksByInstance(state), request)(record);
}

function activeInstances(state: PlacementState, clusterName: string): ContainerInstanceRecord[] {
  return [...state.containerInstances.values()].filter(
    (record) => record.clusterName === clusterName && record.instance.status === 'ACTIVE',
  );
}

function constraintsOf(request: PlacementRequest): PlacementConstraint[] {
  return [...(request.definition.placementConstraints ?? []), ...(request.placementConstraints ?? [])];
}

/** The first thing that keeps an instance from running the task. */
function unfitness(
  tasksOn: TasksOn,
  request: PlacementRequest,
): (record: ContainerInstanceRecord) => string | undefined {
  const needed: TaskResources = taskResources(request.definition, request.overrides);
  const constraints = constraintsOf(request);
  const queries = constraints
    .filter(({ type }) => type === 'memberOf')
    .map(({ expression }) => parseQuery(expression ?? ''));
  const distinct = constraints.some(({ type }) => type === 'distinctInstance');
  return (record) => {
    if (record.instance.agentConnected !== true) return 'AGENT';
    const missing = missingResource(record, needed);
    if (missing) return missing;
    if (!hasAttributes(record, request.definition.requiresAttributes ?? [])) return 'ATTRIBUTE';
    if (queries.length > 0) {
      const facts = queryFacts(record, tasksOn);
      if (!queries.every((query) => query(facts))) return 'MemberOf placement constraint unsatisfied.';
    }
    if (distinct && groupTasks(tasksOn(record), request.group) > 0) {
      return 'DistinctInstance placement constraint unsatisfied.';
    }
    return undefined;
  };
}

function hasAttributes(record: ContainerInstanceRecord, required: readonly Attribute[]): boolean {
  return required.every(({ name = '', value }) => {
    const attribute = record.attributes.get(name);
    return attribute !== undefined && (value === undefined || attribute.value === value);
  });
}

/** Each strategy in its turn keeps the instances that it likes best; the next chooses among those. */
function choose(
  state: PlacementState,
  tasksOn: TasksOn,
  candidates: readonly ContainerInstanceRecord[],
  request: PlacementRequest,
): ContainerInstanceRecord | undefined {
  let best = candidates;
  for (const strategy of request.placementStrategy ?? []) {
    if (strategy.type === 'random') {
      const picked = best[Math.floor(Math.random() * best.length)];
      return picked;
    }
    best = least(best, strategyCost(state, tasksOn, best, strategy, request.group));
  }
  return least(best, (record) => tasksOn(record).length)[0];
}

function strategyCost(
  state: PlacementState,
  tasksOn: TasksOn,
  among: readonly ContainerInstanceRecord[],
  { type, field = '' }: PlacementStrategy,
  group: string | undefined,
): (record: ContainerInstanceRecord) => number {
  if (type === 'binpack') {
    const resource = field.toLowerCase() === 'cpu' ? 'CPU' : 'MEMORY';
    return (record) => remainingCount(record, resource);
  }
  const attribute = /^attribute:(?<name>.+)$/.exec(field)?.groups?.['name'];
  if (attribute === undefined) return (record) => groupTasks(tasksOn(record), group);
  const tasksByValue = new Map<string | undefined, number>();
  const valueOf = (record: ContainerInstanceRecord) => record.attributes.get(attribute)?.value;
  const clusterName = among[0]?.clusterName;
  for (const record of state.containerInstances.values()) {
    if (record.clusterName !== clusterName) continue;
    const value = valueOf(record);
    tasksByValue.set(value, (tasksByValue.get(value) ?? 0) + groupTasks(tasksOn(record), group));
  }
  return (record) => tasksByValue.get(valueOf(record)) ?? 0;
}

function groupTasks(tasks: readonly TaskRecord[], group: string | undefined): number {
  return tasks.filter(({ task }) => task.group === group).length;
}

function least(
  records: readonly ContainerInstanceRecord[],
  cost: (record: ContainerInstanceRecord) => number,
): ContainerInstanceRecord[] {
  const costs = records.map(cost);
  const minimum = Math.min(...costs);
  return records.filter((_, index) => costs[index] === minimum);
}
