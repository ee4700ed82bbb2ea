import type { TaskRecord } from '../state.ts';

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

/** The task and the container that an id of `agentPaths` names. */
export function findContainer(
  records: Iterable<TaskRecord>,
  id: string,
): { readonly record: TaskRecord; readonly containerName: string } | undefined {
  const [taskId, index] = id.split('-');
  for (const record of records) {
    if (taskIdOf(record) !== taskId) continue;
    const name = record.definition.containerDefinitions?.[Number(index)]?.name;
    return name === undefined ? undefined : { record, containerName: name };
  }
  return undefined;
}

function taskIdOf(record: TaskRecord): string {
  return record.task.taskArn.split('/').at(-1) ?? '';
}
