import { type ControlRoute, sendJson } from '../../../control-route.ts';
import { AwsError } from '../../../service.ts';
import { invalidParameter } from '../errors.ts';
import { requestBody } from '../request-body.ts';
import type { EcsState } from '../state.ts';
import { findTarget, type AgentTarget } from './agent-target.ts';
import { isFailure, protectTask, protectionOf } from './task-protection.ts';

/** The task scale-in protection endpoint, which reads and sets the protection of the task that asks. */
export function protectionRoutes(states: () => Iterable<EcsState>): ControlRoute[] {
  return [protectionRoute(states, 'GET'), protectionRoute(states, 'PUT')];
}

/** `$ECS_AGENT_URI/task-protection/v1/state`, in the documented shapes. */
function protectionRoute(states: () => Iterable<EcsState>, method: 'GET' | 'PUT'): ControlRoute {
  return {
    method,
    path: /^\/ecs\/api\/(?<id>[^/]+)\/task-protection\/v1\/state\/?$/,
    handle: async (request, response, { id }) => {
      const target = findTarget(states(), id);
      if (!target) {
        sendJson(response, 404, {
          error: { Code: 'ResourceNotFoundException', Message: 'Failed to find a task for the request' },
        });
        return;
      }
      const { state, record } = target;
      try {
        const result =
          method === 'GET' ? protectionOf(state, record) : changeProtection(target, await requestBody(request));
        if (isFailure(result)) {
          sendJson(response, 200, {
            failure: { Arn: result.arn, Detail: result.detail ?? null, Reason: result.reason },
          });
          return;
        }
        const { taskArn, protectionEnabled, expirationDate } = result;
        sendJson(response, 200, {
          protection: {
            TaskArn: taskArn,
            ProtectionEnabled: protectionEnabled,
            ExpirationDate: expirationDate ?? null,
          },
        });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        sendJson(response, 400, { error: { Arn: record.task.taskArn, Code: error.code, Message: error.message } });
      }
    },
  };
}

function changeProtection({ state, record }: AgentTarget, text: string): ReturnType<typeof protectTask> {
  const input = parseObject(text);
  const enabled = input['ProtectionEnabled'];
  if (typeof enabled !== 'boolean') {
    throw invalidParameter('Invalid request: does not contain ProtectionEnabled field');
  }
  const minutes = input['ExpiresInMinutes'];
  if (minutes !== undefined && typeof minutes !== 'number') {
    throw invalidParameter('Invalid request: ExpiresInMinutes is not a number');
  }
  return protectTask(state, record, { enabled, expiresInMinutes: minutes });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through to the refusal, which is the same for text that is no JSON and JSON that is no object.
  }
  throw invalidParameter('UpdateTaskProtection: failed to decode request');
}
