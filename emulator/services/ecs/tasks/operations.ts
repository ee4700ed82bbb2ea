import type {
  DescribeTasksRequest,
  DescribeTasksResponse,
  Failure,
  StopTaskRequest,
  StopTaskResponse,
  Task,
} from '@aws-sdk/client-ecs';
import type { Operation } from '../../../service.ts';
import { invalidParameter } from '../errors.ts';
import { requireCluster } from '../clusters/lookup.ts';
import type { EcsState } from '../state.ts';
import { describeTask, findTask, taskArnOf } from './describe-task.ts';
import { executeCommandOperations } from './execute-command.ts';
import { listTasksOperations } from './list-tasks.ts';
import { runTaskOperations } from './run-task.ts';
import { taskProtectionOperations } from './task-protection.ts';

/** Everything that the API does with tasks. */
export const taskOperations = {
  ...runTaskOperations,
  ...listTasksOperations,
  ...taskProtectionOperations,
  ...executeCommandOperations,

  DescribeTasks: (state, input: DescribeTasksRequest): DescribeTasksResponse => {
    // API reference, DescribeTasks: tasks of a deleted cluster are returned.
    const { cluster } = requireCluster(state, input.cluster, { inactive: true });
    const references = input.tasks ?? [];
    if (references.length === 0) throw invalidParameter('Tasks cannot be empty.');
    if (references.length > 100) throw invalidParameter('Tasks can have at most 100 items.');
    const withTags = input.include?.includes('TAGS') ?? false;
    const tasks: Task[] = [];
    const failures: Failure[] = [];
    for (const reference of new Set(references)) {
      const record = findTask(state, cluster, reference);
      if (record) tasks.push(describeTask(state, record, { tags: withTags }));
      else failures.push({ arn: taskArnOf(state, cluster, reference), reason: 'MISSING' });
    }
    return { tasks, failures };
  },

  StopTask: (state, input: StopTaskRequest): StopTaskResponse => {
    const { cluster } = requireCluster(state, input.cluster);
    if ((input.reason?.length ?? 0) > 255) throw invalidParameter('reason longer than 255.');
    const record = findTask(state, cluster, input.task ?? '');
    if (!record) throw invalidParameter('The referenced task was not found.');
    state.supervisor.stop(record, { code: 'UserInitiated', reason: input.reason ?? 'Task stopped by user' });
    // API reference, StopTask: "Any tags associated with the task will be deleted."
    state.tags.delete(record.task.taskArn);
    return { task: describeTask(state, record, { tags: true }) };
  },
} satisfies Record<string, Operation<EcsState>>;
