import type { TaskRecord } from '../state.ts';

/**
 * Drives tasks through their life: it owns every change of a task's status after RunTask has placed it.
 */
export interface TaskSupervisor {
  /** Takes over a task that is PROVISIONING and brings it to RUNNING, or to STOPPED with its reason. */
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
