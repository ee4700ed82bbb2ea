import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ControlRoute, sendJson } from '../control-route.ts';
import { stackOf } from './stack-of.ts';
import type { Trace } from './trace.ts';

/** The testbed's own routes that every emulator has. */
export function testbedRoutes(options: {
  readonly health: () => unknown;
  readonly reset: () => Promise<void>;
  readonly trace: Trace;
}): ControlRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/health$/,
      handle: (_request, response) => sendJson(response, 200, options.health()),
    },
    {
      method: 'POST',
      path: /^\/reset$/,
      async handle(_request, response) {
        await options.reset();
        sendJson(response, 200, { status: 'reset' });
      },
    },
    {
      method: 'GET',
      path: /^\/trace$/,
      handle(request, response) {
        const { searchParams } = new URL(request.url ?? '', 'http://gateway');
        const since = searchParams.get('since');
        if (since !== null && !/^\d+$/.test(since)) {
          sendJson(response, 400, { message: `since must be the id of a call, a whole number, not '${since}'` });
          return;
        }
        const testId = searchParams.get('testId');
        const service = searchParams.get('service');
        const calls = options.trace.calls({
          ...(testId === null ? {} : { testId }),
          ...(service === null ? {} : { service }),
          ...(since === null ? {} : { since: Number(since) }),
        });
        sendJson(response, 200, calls);
      },
    },
  ];
}

export const controlPrefix = '/_testbed';

/** Where a request came in. */
export interface Listener {
  readonly host: string;
  readonly port: number;
}

/**
 * Answers a request under `/_testbed`. An unknown path gets a 404 that lists the known ones; whatever a
 * route throws, a 500 with its message. Nothing here is signed: what a web page or a container must not
 * ask for gets a 403.
 *
 * @param path after `/_testbed`, without the query
 */
export async function handleControl(
  routes: readonly ControlRoute[],
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  listener: Listener,
): Promise<void> {
  const refusal = refusalOf(request, path, listener);
  if (refusal !== undefined) {
    sendJson(response, 403, { message: `${request.method} ${controlPrefix}${path} ${refusal}` });
    return;
  }
  const matches = routes.filter((route) => route.path.test(path));
  // Node leaves the body of an answer to HEAD away by itself.
  const asked = request.method === 'HEAD' ? 'GET' : request.method;
  const route = matches.find(({ method }) => method === asked);
  if (!route) {
    const known = routes.map(({ method, path }) => `${method} ${controlPrefix}${readable(path)}`);
    const message =
      matches.length > 0
        ? `${controlPrefix}${path} does not answer ${request.method}`
        : `there is no ${controlPrefix}${path}`;
    sendJson(response, matches.length > 0 ? 405 : 404, { message, routes: known });
    return;
  }
  try {
    await route.handle(request, response, { ...route.path.exec(path)?.groups });
  } catch (error) {
    process.stderr.write(`emulator: ${request.method} ${controlPrefix}${path} failed: ${stackOf(error)}\n`);
    if (response.headersSent) response.destroy();
    else sendJson(response, 500, { message: error instanceof Error ? error.message : String(error) });
  }
}

/** What the ECS agent serves to containers, which reach it under many names; all else is for the testbed's owner. */
const agentPath = /^\/ecs\/(v3|v4|api|credentials)\//;

/** Browsers send `Origin` with whatever can change something; a host name of one's own may point here (DNS rebinding). */
function refusalOf({ headers }: IncomingMessage, path: string, listener: Listener): string | undefined {
  if (headers.origin !== undefined) return `is not for web pages, and this request has an Origin: ${headers.origin}`;
  if (agentPath.test(path)) return undefined;
  if (listener.host !== loopback) return `is answered on ${loopback} only, not on ${listener.host}`;
  const known = ownNames.map((name) => (listener.port === 80 ? name : `${name}:${listener.port}`));
  if (known.includes(headers.host?.toLowerCase() ?? '')) return undefined;
  return `is for the host ${known.join(', ')}, not for ${headers.host ?? 'none'}`;
}

const loopback = '127.0.0.1';

/** What this machine calls the listener, and a container of Docker Desktop. */
const ownNames = [loopback, 'localhost', '[::1]', 'host.docker.internal'];

/** `^\/ecs\/v4\/(?<id>[^/]+)\/task$` as a person would write it: `/ecs/v4/{id}/task`. */
function readable(path: RegExp): string {
  return path.source
    .replace(/^\^|\$$/g, '')
    .replaceAll('\\/', '/')
    .replace(/\(\?<(\w+)>[^)]*\)/g, '{$1}');
}
