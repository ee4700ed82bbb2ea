import type {
  Failure,
  GetTaskProtectionRequest,
  GetTaskProtectionResponse,
  ProtectedTask,
  UpdateTaskProtectionRequest,
  UpdateTaskProtectionResponse,
} from '@aws-sdk/client-ecs';
import type { Operation } from '../../../service.ts';
import { nameOf } from '../arns.ts';
import { invalidParameter } from '../errors.ts';
import { requireCluster } from '../clusters/lookup.ts';
import type { EcsState, TaskRecord } from '../state.ts';
import { findTask, taskArnOf } from './describe-task.ts';

/** Minutes of protection unless the call says: two hours (API reference, UpdateTaskProtection). */
const DEFAULT_MINUTES = 120;

/** GetTaskProtection and UpdateTaskProtection. */
export const taskProtectionOperations = {
  GetTaskProtection: (state, input: GetTaskProtectionRequest): GetTaskProtectionResponse => {
    const references = input.tasks ?? [];
    if (references.length > 100) throw invalidParameter('Tasks can have at most 100 items.');
    const { cluster } = requireCluster(state, input.cluster);
    // Without tasks it answers for all of the cluster's service tasks.
    const all = [...state.tasks.values()]
      .filter(({ task, serviceName }) => task.clusterArn === cluster.clusterArn && serviceName !== undefined)
      .map(({ task }) => task.taskArn);
    return forEachTask(state, input.cluster, references.length > 0 ? references : all, (record) =>
      protectionOf(state, record),
    );
  },

  UpdateTaskProtection: (state, input: UpdateTaskProtectionRequest): UpdateTaskProtectionResponse => {
    const references = input.tasks ?? [];
    if (references.length === 0) throw invalidParameter('Tasks cannot be empty.');
    if (references.length > 10) throw invalidParameter('Tasks can have at most 10 items.');
    const change = { enabled: input.protectionEnabled ?? false, expiresInMinutes: input.expiresInMinutes };
    validateMinutes(change);
    return forEachTask(state, input.cluster, references, (record) => protectTask(state, record, change));
  },
} satisfies Record<string, Operation<EcsState>>;

/** A task's scale-in protection, or the failure that says why it can have none. */
export function protectionOf(state: EcsState, record: TaskRecord): ProtectedTask | Failure {
  const unfit = unfitFor(record);
  if (unfit) return unfit;
  const { protection, task } = record;
  const expired = (protection?.expirationDate?.getTime() ?? 0) <= state.dependencies.clock.now();
  if (!protection?.protectionEnabled || expired) return { taskArn: task.taskArn, protectionEnabled: false };
  return { ...protection };
}

/**
 * Sets or clears a task's scale-in protection.
 *
 * @throws AwsError InvalidParameterException when the minutes are out of range
 */
export function protectTask(
  state: EcsState,
  record: TaskRecord,
  change: { readonly enabled: boolean; readonly expiresInMinutes: number | undefined },
): ProtectedTask | Failure {
  validateMinutes(change);
  const unfit = unfitFor(record);
  if (unfit) return unfit;
  const { taskArn } = record.task;
  const minutes = change.expiresInMinutes ?? DEFAULT_MINUTES;
  record.protection = change.enabled
    ? { taskArn, protectionEnabled: true, expirationDate: new Date(state.dependencies.clock.now() + minutes * 60_000) }
    : { taskArn, protectionEnabled: false };
  // Tasks that nothing protects any more may be the ones that a service has to stop.
  state.scheduler.wakeCluster(nameOf(record.task.clusterArn));
  return { ...record.protection };
}

/** Tells the failure from the protection that was asked for. */
export function isFailure(result: ProtectedTask | Failure): result is Failure {
  return 'reason' in result;
}

/** Only tasks of a service that still run can be protected; the reason is the developer guide's. */
function unfitFor({ task, serviceName }: TaskRecord): Failure | undefined {
  if (serviceName !== undefined && task.desiredStatus === 'RUNNING') return undefined;
  return {
    arn: task.taskArn,
    reason: 'TASK_NOT_VALID',
    detail: serviceName === undefined ? 'The task is not part of a service.' : 'The task is not running.',
  };
}

function forEachTask(
  state: EcsState,
  clusterReference: string | undefined,
  references: readonly string[],
  answer: (record: TaskRecord) => ProtectedTask | Failure,
): { protectedTasks: ProtectedTask[]; failures: Failure[] } {
  const { cluster } = requireCluster(state, clusterReference);
  const protectedTasks: ProtectedTask[] = [];
  const failures: Failure[] = [];
  for (const reference of references) {
    const record = findTask(state, cluster, reference);
    const result = record ? answer(record) : { arn: taskArnOf(state, cluster, reference), reason: 'MISSING' };
    if (isFailure(result)) failures.push(result);
    else protectedTasks.push(result);
  }
  return { protectedTasks, failures };
}

/** API reference, UpdateTaskProtection: the minutes are only of protection that is set; else they mean nothing. */
function validateMinutes(change: { readonly enabled: boolean; readonly expiresInMinutes: number | undefined }): void {
  const minutes = change.expiresInMinutes;
  if (!change.enabled || minutes === undefined) return;
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 2880) {
    throw invalidParameter('expiresInMinutes must be between 1 and 2880.');
  }
}
