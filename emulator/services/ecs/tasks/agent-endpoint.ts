import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ControlRoute } from '../../../control-route.ts';
import { AwsError } from '../../../service.ts';
import { invalidParameter } from '../errors.ts';
import type { EcsState, TaskRecord } from '../state.ts';
import { findContainer } from './agent-paths.ts';
import { taskCredentials } from './task-credentials.ts';
import { containerMetadata, taskMetadata } from './task-metadata.ts';
import { isFailure, protectTask, protectionOf } from './task-protection.ts';

interface Target {
  readonly state: EcsState;
  readonly record: TaskRecord;
  readonly containerName: string;
}

/**
 * What the container agent serves to a task's containers: the metadata endpoint (versions 3 and 4), the
 * credentials endpoint and the task scale-in protection endpoint.
 *
 * @param states the state of every region in use
 */
export function agentRoutes(states: () => Iterable<EcsState>): ControlRoute[] {
  const metadata = (suffix: string, answer: (target: Target) => unknown): ControlRoute => ({
    method: 'GET',
    path: new RegExp(`^/ecs/v[34]/(?<id>[^/]+)${suffix}/?$`),
    handle: (_request, response, { id }) => {
      const target = find(states(), id ?? '');
      if (target) send(response, 200, answer(target));
      else send(response, 404, `unable to get container metadata: no container has the endpoint ID ${id}`);
    },
  });
  return [
    metadata('', ({ record, containerName }) => containerMetadata(record, containerName)),
    metadata('/task', ({ state, record }) => taskMetadata(state, record, { withTags: false })),
    metadata('/taskWithTags', ({ state, record }) => taskMetadata(state, record, { withTags: true })),
    statsRoute(states),
    credentialsRoute(states),
    protectionRoute(states, 'GET'),
    protectionRoute(states, 'PUT'),
  ];
}

/** What a container uses, or each container of its task by its id; null for one that does not run. */
function statsRoute(states: () => Iterable<EcsState>): ControlRoute {
  return {
    method: 'GET',
    path: /^\/ecs\/v[34]\/(?<id>[^/]+)\/(?<all>task\/)?stats\/?$/,
    handle: async (_request, response, { id, all }) => {
      const target = find(states(), id ?? '');
      if (!target) {
        send(response, 404, `unable to get container stats: no container has the endpoint ID ${id}`);
        return;
      }
      const { record, containerName, state } = target;
      const { runtime } = state.dependencies;
      if (!runtime.measures) {
        send(response, 501, `container stats are not emulated on the ${runtime.name} runtime, which measures nothing`);
        return;
      }
      const containers = all === undefined ? [containerName] : [...record.containerDetails.keys()];
      const stats = await Promise.all(
        containers.map(async (name) => [idOf(record, name), await measure(record, name)]),
      );
      send(response, 200, all === undefined ? stats[0]?.[1] : Object.fromEntries(stats));
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

function credentialsRoute(states: () => Iterable<EcsState>): ControlRoute {
  return {
    method: 'GET',
    path: /^\/ecs\/credentials\/(?<id>[^/]+)\/?$/,
    handle: (_request, response, { id }) => {
      for (const state of states()) {
        for (const record of state.tasks.values()) {
          if (record.credentialsId !== id || record.task.lastStatus === 'STOPPED') continue;
          send(response, 200, taskCredentials(state, record));
          return;
        }
      }
      send(response, 400, {
        code: 'InvalidIdInRequest',
        message: 'CredentialsV1Request: ID not found',
        HTTPErrorCode: 400,
      });
    },
  };
}

/** `$ECS_AGENT_URI/task-protection/v1/state`, in the documented shapes. */
function protectionRoute(states: () => Iterable<EcsState>, method: 'GET' | 'PUT'): ControlRoute {
  return {
    method,
    path: /^\/ecs\/api\/(?<id>[^/]+)\/task-protection\/v1\/state\/?$/,
    handle: async (request, response, { id }) => {
      const target = find(states(), id ?? '');
      if (!target) {
        send(response, 404, {
          error: { Code: 'ResourceNotFoundException', Message: 'Failed to find a task for the request' },
        });
        return;
      }
      const { state, record } = target;
      try {
        const result = method === 'GET' ? protectionOf(state, record) : changeProtection(target, await body(request));
        if (isFailure(result)) {
          send(response, 200, { failure: { Arn: result.arn, Detail: result.detail ?? null, Reason: result.reason } });
          return;
        }
        const { taskArn, protectionEnabled, expirationDate } = result;
        send(response, 200, {
          protection: {
            TaskArn: taskArn,
            ProtectionEnabled: protectionEnabled,
            ExpirationDate: expirationDate ?? null,
          },
        });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        send(response, 400, { error: { Arn: record.task.taskArn, Code: error.code, Message: error.message } });
      }
    },
  };
}

function changeProtection({ state, record }: Target, text: string): ReturnType<typeof protectTask> {
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

function find(states: Iterable<EcsState>, id: string): Target | undefined {
  for (const state of states) {
    const found = findContainer(state.tasks.values(), id);
    if (found) return { state, ...found };
  }
  return undefined;
}

async function body(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, content: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
}
