import { request as httpRequest } from 'node:http';
import { json } from 'node:stream/consumers';
import type { ControlRoute } from '../../../emulator/control-route.ts';
import { expect, test } from './start-gateway.ts';

/** One route of the testbed's own, and one of the ECS agent's. */
const routes: ControlRoute[] = [/^\/reset$/, /^\/ecs\/v4\/(?<id>[^/]+)\/task$/].map((path) => ({
  method: 'POST',
  path,
  handle: (_request, response) => void response.end('{"message":"done"}'),
}));
const agentPath = '/_testbed/ecs/v4/an-id/task';

/** Fetch would not let a request name another host. */
function post(
  url: string,
  headers: Record<string, string>,
): Promise<{ readonly status: number | undefined; readonly message: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers, agent: false }, (response) => {
      json(response).then(
        (body) => resolve({ status: response.statusCode, message: (body as { message: string }).message }),
        reject,
      );
    });
    request.on('error', reject);
    request.end();
  });
}

test('a control route answers under each name of this machine', async ({ startGateway }) => {
  const gateway = await startGateway([]);
  gateway.mount([], routes);
  for (const name of ['127.0.0.1', 'localhost', 'LocalHost', '[::1]', 'host.docker.internal']) {
    const answer = await post(`${gateway.endpoint}/_testbed/reset`, { host: `${name}:${gateway.port}` });
    expect(answer, name).toEqual({ status: 200, message: 'done' });
  }
});

test('a web page can trigger no control route', async ({ startGateway }) => {
  const gateway = await startGateway([]);
  gateway.mount([], routes);
  for (const origin of ['https://example.com', 'null', gateway.endpoint]) {
    for (const path of ['/_testbed/reset', agentPath]) {
      const { status, message } = await post(`${gateway.endpoint}${path}`, { origin });
      expect(status, `${path} from ${origin}`).toBe(403);
      expect(message).toBe(`POST ${path} is not for web pages, and this request has an Origin: ${origin}`);
    }
  }
});

test("a name of somebody else's that points here reaches no control route", async ({ startGateway }) => {
  const gateway = await startGateway([]);
  gateway.mount([], routes);
  for (const host of [
    `attacker.example:${gateway.port}`,
    'localhost',
    'localhost:1',
    `localhost.example:${gateway.port}`,
  ]) {
    const { status, message } = await post(`${gateway.endpoint}/_testbed/reset`, { host });
    expect(status, host).toBe(403);
    expect(message).toContain(`POST /_testbed/reset is for the host 127.0.0.1:${gateway.port}, `);
    expect(message).toContain(`, not for ${host}`);
  }
});

test('where containers come in there is nothing but what they ask of the ECS agent', async ({ startGateway }) => {
  const gateway = await startGateway([]);
  gateway.mount([], routes);
  await gateway.listenOn('127.0.0.2');
  const there = `http://127.0.0.2:${gateway.port}`;
  for (const path of ['/_testbed/reset', '/_testbed/unknown', '/_testbed/ecs/container-instances']) {
    expect(await post(`${there}${path}`, { host: `127.0.0.1:${gateway.port}` })).toEqual({
      status: 403,
      message: `POST ${path} is answered on 127.0.0.1 only, not on 127.0.0.2`,
    });
  }
  for (const host of ['169.254.170.2', `host.docker.internal:${gateway.port}`, 'anything']) {
    for (const endpoint of [gateway.endpoint, there]) {
      expect(await post(`${endpoint}${agentPath}`, { host })).toEqual({ status: 200, message: 'done' });
    }
  }
});
