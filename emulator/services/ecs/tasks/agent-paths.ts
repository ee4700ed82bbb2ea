import type { EcsState, TaskRecord } from '../state.ts';

/** Where a container finds the agent's endpoints, below the sandbox's agent URL. */
export interface AgentPaths {
  readonly metadataV3: string;
  readonly metadataV4: string;
  readonly credentials: string;
  readonly agentApi: string;
}

/** The paths of one container's endpoints; the id in them is the task's and the container's place in it. */
export function agentPaths(record: TaskRecord, containerName: string): AgentPaths {
  const index = (record.definition.containerDefinitions ?? []).findIndex(({ name }) => name === containerName);
  const id = `${taskIdOf(record)}-${String(index).padStart(10, '0')}`;
  return {
    metadataV3: `/_testbed/ecs/v3/${id}`,
    metadataV4: `/_testbed/ecs/v4/${id}`,
    credentials: `/_testbed/ecs/credentials/${record.credentialsId}`,
    agentApi: `/_testbed/ecs/api/${id}`,
  };
}

/** The ids under which a task is in `EcsState.tasksByAgentId`. */
export function agentIds(record: TaskRecord): readonly string[] {
  return [taskIdOf(record), record.credentialsId];
}

/** The task and the container that an id of `agentPaths` names. */
export function containerOfEndpoint(
  state: Pick<EcsState, 'tasksByAgentId'>,
  id: string,
): { readonly record: TaskRecord; readonly containerName: string } | undefined {
  const { taskId = '', index } = /^(?<taskId>[0-9a-f]+)-(?<index>\d{10})$/.exec(id)?.groups ?? {};
  const record = state.tasksByAgentId.get(taskId);
  const containerName = record?.definition.containerDefinitions?.[Number(index)]?.name;
  return record && containerName !== undefined ? { record, containerName } : undefined;
}

function taskIdOf(record: TaskRecord): string {
  return record.task.taskArn.split('/').at(-1) ?? '';
}
