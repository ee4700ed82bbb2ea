import type { Timer } from '../../../clock.ts';
import { release, taskResources } from '../container-instances/resources.ts';
import type { EcsState, TaskRecord } from '../state.ts';
import { agentIds } from './agent-paths.ts';
import { executeTask, type TaskExecution } from './task-execution.ts';

/** Milliseconds for which a stopped task can still be described: "at least one hour" (DescribeTasks). */
const STOPPED_TASK_RETENTION = 3_600_000;

/**
 * Drives tasks through their life: it owns every change of a task's status after RunTask has placed it.
 */
export interface TaskSupervisor {
  /** Takes over a task in its first state and brings it to RUNNING, or to STOPPED with its reason. */
  launch(record: TaskRecord): void;
  /**
   * Sets desiredStatus STOPPED and winds the task down; does nothing to one that is stopping already.
   *
   * @param stop the stopCode and stoppedReason to report
   */
  stop(
    record: TaskRecord,
    stop: { readonly code: 'UserInitiated' | 'ServiceSchedulerInitiated'; readonly reason: string },
  ): void;
  /** Calls back after every change of any task's lastStatus or healthStatus. Returns the way to unsubscribe. */
  onChange(listener: (record: TaskRecord) => void): () => void;
  /** Kills everything at once and resolves when nothing is left. */
  shutdown(): Promise<void>;
}

/** Makes the supervisor of one region's tasks; it removes a task from the state an hour after its end. */
export function createTaskSupervisor(state: Omit<EcsState, 'supervisor' | 'scheduler'>): TaskSupervisor {
  const executions = new Map<string, TaskExecution>();
  const listeners = new Set<(record: TaskRecord) => void>();
  const retentions = new Set<Timer>();
  const { clock } = state.dependencies;

  return {
    launch,
    stop: (record, stop) => executions.get(record.task.taskArn)?.stop(stop),
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    shutdown,
  };

  function launch(record: TaskRecord): void {
    const execution = executeTask(record, state.dependencies, state.region, () => changed(record));
    executions.set(record.task.taskArn, execution);
  }

  function changed(record: TaskRecord): void {
    if (record.task.lastStatus === 'STOPPED') retire(record);
    for (const listener of listeners) {
      try {
        listener(record);
      } catch (error) {
        // Whoever listens must not decide whether a task goes on; its error is to be seen all the same.
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }

  function retire(record: TaskRecord): void {
    const { task, definition } = record;
    executions.delete(task.taskArn);
    const instance = state.containerInstances.get(task.containerInstanceArn ?? '');
    if (instance) release(instance, taskResources(definition, task.overrides));
    const retention = clock.after(STOPPED_TASK_RETENTION, () => {
      retentions.delete(retention);
      state.tasks.delete(task.taskArn);
      for (const id of agentIds(record)) state.tasksByAgentId.delete(id);
      state.tags.delete(task.taskArn);
    });
    retentions.add(retention);
  }

  async function shutdown(): Promise<void> {
    listeners.clear();
    const running = [...executions.values()];
    for (const execution of running) execution.kill();
    await Promise.all(running.map((execution) => execution.finished));
    for (const retention of retentions) retention.cancel();
    retentions.clear();
  }
}
