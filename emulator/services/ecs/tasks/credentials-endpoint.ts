import { type ControlRoute, sendJson } from '../../../control-route.ts';
import type { EcsState } from '../state.ts';
import { taskCredentials } from './task-credentials.ts';

/** The credentials endpoint, which an SDK in a container asks for the keys of its task role. */
export function credentialsRoute(states: () => Iterable<EcsState>): ControlRoute {
  return {
    method: 'GET',
    path: /^\/ecs\/credentials\/(?<id>[^/]+)\/?$/,
    handle: (_request, response, { id = '' }) => {
      for (const state of states()) {
        const record = state.tasksByAgentId.get(id);
        if (record?.credentialsId !== id || record.task.lastStatus === 'STOPPED') continue;
        sendJson(response, 200, taskCredentials(state, record));
        return;
      }
      sendJson(response, 400, {
        code: 'InvalidIdInRequest',
        message: 'CredentialsV1Request: ID not found',
        HTTPErrorCode: 400,
      });
    },
  };
}
