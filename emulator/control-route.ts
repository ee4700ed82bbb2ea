import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * A route of the testbed's own, outside every AWS API. All of them live under `/_testbed/`, which no
 * bucket can be named (underscores are not allowed in bucket names). The gateway serves them on 127.0.0.1
 * alone, except for what containers ask of the ECS agent.
 */
export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Matched against the path after `/_testbed`, e.g. `/^\/ecs\/v4\/(?<id>[^/]+)\/task$/`. */
  readonly path: RegExp;
  /** Answers the request; what it throws becomes a 500 with the message as JSON. */
  handle(request: IncomingMessage, response: ServerResponse, groups: Record<string, string>): void | Promise<void>;
}

/** Answers a control route with JSON. */
export function sendJson(response: ServerResponse, status: number, content: unknown): void {
  const text = JSON.stringify(content);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
