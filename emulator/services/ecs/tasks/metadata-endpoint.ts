import { type ControlRoute, sendJson } from '../../../control-route.ts';
import type { EcsState } from '../state.ts';
import { findTarget, type AgentTarget } from './agent-target.ts';
import { containerMetadata, taskMetadata } from './task-metadata.ts';

/** The task metadata endpoint: the container itself, `/task` and `/taskWithTags`. */
export function metadataRoutes(states: () => Iterable<EcsState>): ControlRoute[] {
  const route = (suffix: string, answer: (target: AgentTarget) => unknown): ControlRoute => ({
    method: 'GET',
    path: new RegExp(`^/ecs/v[34]/(?<id>[^/]+)${suffix}/?$`),
    handle: (_request, response, { id }) => {
      const target = findTarget(states(), id);
      if (target) sendJson(response, 200, answer(target));
      else sendJson(response, 404, `unable to get container metadata: no container has the endpoint ID ${id}`);
    },
  });
  return [
    route('', ({ record, containerName }) => containerMetadata(record, containerName)),
    route('/task', ({ state, record }) => taskMetadata(state, record, { withTags: false })),
    route('/taskWithTags', ({ state, record }) => taskMetadata(state, record, { withTags: true })),
  ];
}
