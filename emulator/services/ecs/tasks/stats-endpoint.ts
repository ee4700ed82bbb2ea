import { type ControlRoute, sendJson } from '../../../control-route.ts';
import type { EcsState, TaskRecord } from '../state.ts';
import { findTarget } from './agent-target.ts';

/** What a container uses, or each container of its task by its id; null for one that does not run. */
export function statsRoute(states: () => Iterable<EcsState>): ControlRoute {
  return {
    method: 'GET',
    path: /^\/ecs\/v[34]\/(?<id>[^/]+)\/(?<all>task\/)?stats\/?$/,
    handle: async (_request, response, { id, all }) => {
      const target = findTarget(states(), id);
      if (!target) {
        sendJson(response, 404, `unable to get container stats: no container has the endpoint ID ${id}`);
        return;
      }
      const { record, containerName, state } = target;
      const { runtime } = state.dependencies;
      if (!runtime.measures) {
        sendJson(
          response,
          501,
          `container stats are not emulated on the ${runtime.name} runtime, which measures nothing`,
        );
        return;
      }
      const containers = all === undefined ? [containerName] : [...record.containerDetails.keys()];
      const stats = await Promise.all(
        containers.map(async (name) => [idOf(record, name), await measure(record, name)]),
      );
      sendJson(response, 200, all === undefined ? stats[0]?.[1] : Object.fromEntries(stats));
    },
  };
}

async function measure(record: TaskRecord, name: string): Promise<unknown> {
  const stats = record.containerDetails.get(name)?.stats;
  // A container may end while it is measured.
  return (await stats?.().catch(() => null)) ?? null;
}

function idOf({ task }: TaskRecord, name: string): string {
  return task.containers?.find((container) => container.name === name)?.runtimeId ?? name;
}
