import type { EcsState, TaskRecord } from '../state.ts';
import { containerOfEndpoint } from './agent-paths.ts';

/** The container that asks the agent, and its task. */
export interface AgentTarget {
  readonly state: EcsState;
  readonly record: TaskRecord;
  readonly containerName: string;
}

/** Finds the container that an id in a path of `agentPaths` names, in any region. */
export function findTarget(states: Iterable<EcsState>, id = ''): AgentTarget | undefined {
  for (const state of states) {
    const found = containerOfEndpoint(state, id);
    if (found) return { state, ...found };
  }
  return undefined;
}
