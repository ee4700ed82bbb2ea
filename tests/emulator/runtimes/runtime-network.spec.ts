import { type AddressInfo, connect, createServer } from 'node:net';
import { NODE_IMAGE } from './images.ts';
import { expect, helloServer, runtimeNames, start, test, urlOf } from './runtime-test.ts';

/** Fetches a URL as an SDK in a container would, and prints the answer. */
const FETCH = 'fetch(process.env.URL).then((r) => r.text()).then((text) => process.stdout.write(text))';

for (const runtimeName of runtimeNames) {
  test.describe(`the ${runtimeName} runtime: network`, () => {
    test.use({ runtimeName });

    for (const networkMode of ['awsvpc', 'bridge'] as const) {
      test(`publishes a port in network mode ${networkMode}`, async ({ openSandbox }) => {
        const portMappings = [{ containerPort: 8080, protocol: 'tcp' as const }];
        const sandbox = await openSandbox({ networkMode, portMappings });
        const container = await start(sandbox, helloServer(8080));
        await container.printed('listening');
        const url = urlOf(sandbox, container, 8080);
        expect(await (await fetch(url)).text()).toBe('hello from 8080');
        await sandbox.remove();
        expect(await accepts(url), 'the port after the removal').toBe(false);
      });

      test(`lets a container reach the gateway in network mode ${networkMode}`, async ({ openSandbox }) => {
        const sandbox = await openSandbox({ networkMode });
        const fetched = await Promise.all(
          Object.values(sandbox.urls).map(async (url, index) => {
            const container = await start(sandbox, {
              name: `fetch-${index}`,
              image: NODE_IMAGE,
              command: ['node', '-e', FETCH],
              environment: { URL: `${url}/from/${index}` },
            });
            await container.exited;
            return container.output;
          }),
        );
        expect(fetched).toEqual([
          { stdout: 'gateway /from/0', stderr: '' },
          { stdout: 'gateway /from/1', stderr: '' },
        ]);
      });
    }

    test('offers the agent at an address that SDKs trust', async ({ openSandbox }) => {
      const { urls } = await openSandbox();
      expect(urls.agent).toMatch(/^http:\/\/(?:127\.0\.0\.1|169\.254\.170\.2):\d+$/);
    });

    test('gives tasks that listen on the same container port different addresses', async ({ openSandbox }) => {
      const urls = await Promise.all(
        ['one', 'two', 'three'].map(async (id) => {
          const sandbox = await openSandbox({ id, portMappings: [{ containerPort: 8080, protocol: 'tcp' }] });
          const container = await start(sandbox, helloServer(8080));
          await container.printed('listening');
          return urlOf(sandbox, container, 8080);
        }),
      );
      expect(new Set(urls).size).toBe(3);
      const answers = await Promise.all(urls.map(async (url) => (await fetch(url)).text()));
      expect(answers).toEqual(Array.from({ length: 3 }, () => 'hello from 8080'));
    });

    test('lets the containers of an awsvpc task reach each other on 127.0.0.1', async ({ openSandbox }) => {
      const portMappings = [8080, 9090].map((containerPort) => ({ containerPort, protocol: 'tcp' as const }));
      const sandbox = await openSandbox({ portMappings });
      const server = await start(sandbox, { ...helloServer(9090), name: 'server' });
      await server.printed('listening');
      const client = await start(sandbox, {
        ...helloServer(8080),
        name: 'client',
        command: ['node', '-e', `process.env.URL = 'http://127.0.0.1:' + (process.env.PORT_9090 ?? 9090); ${FETCH}`],
      });
      await client.exited;
      expect(client.output).toEqual({ stdout: 'hello from 9090', stderr: '' });
    });

    test('keeps a wanted host port across a restart in bridge mode', async ({ openSandbox }) => {
      const first = await openSandbox({ id: 'first', networkMode: 'bridge' });
      const found = await start(first, helloServer(8080));
      const hostPort = found.networkBindings[0]?.hostPort ?? 0;
      expect(hostPort).toBeGreaterThan(0);
      await first.remove();
      const sandbox = await openSandbox({ id: 'second', networkMode: 'bridge' });
      const spec = {
        ...helloServer(8080),
        portMappings: [{ containerPort: 8080, hostPort, protocol: 'tcp' as const }],
      };
      const container = await start(sandbox, spec);
      await container.stop({ timeout: 0 });
      const again = await start(sandbox, spec);
      await again.printed('listening');
      expect(again.networkBindings).toEqual([{ bindIP: '127.0.0.1', containerPort: 8080, hostPort, protocol: 'tcp' }]);
      expect(await (await fetch(urlOf(sandbox, again, 8080))).text()).toBe('hello from 8080');
    });

    test('refuses a host port that is taken in the words of Docker', async ({ openSandbox }) => {
      const sandbox = await openSandbox({ networkMode: 'bridge' });
      const holder = await start(sandbox, helloServer(8080));
      await holder.printed('listening');
      const hostPort = holder.networkBindings[0]?.hostPort ?? 0;
      const portMappings = [{ containerPort: 80, hostPort, protocol: 'tcp' as const }];
      await expect(start(sandbox, { name: 'late', command: ['true'], portMappings })).rejects.toThrow(
        `Bind for 127.0.0.1:${hostPort} failed: port is already allocated`,
      );
    });

    test("shares the machine's network in network mode host", async ({ openSandbox }) => {
      const sandbox = await openSandbox({ networkMode: 'host' });
      const server = await start(sandbox, { ...helloServer(await freePort()), name: 'server' });
      await server.printed('listening');
      const client = await start(sandbox, {
        name: 'client',
        image: NODE_IMAGE,
        command: ['node', '-e', FETCH],
        environment: { URL: `${sandbox.urls.agent}/host` },
      });
      await client.exited;
      expect(client.output).toEqual({ stdout: 'gateway /host', stderr: '' });
      const [binding] = server.networkBindings;
      const answer = await fetch(`http://127.0.0.1:${binding?.hostPort}`);
      expect(await answer.text()).toBe(`hello from ${binding?.containerPort}`);
    });

    test('has no address in network mode none', async ({ openSandbox }) => {
      const sandbox = await openSandbox({ networkMode: 'none' });
      expect(sandbox.privateIpv4Address).toBeUndefined();
      const container = await start(sandbox, {
        command: ['true'],
        portMappings: [{ containerPort: 80, protocol: 'tcp' }],
      });
      expect(container.networkBindings).toEqual([]);
      expect(await container.exited).toMatchObject({ exitCode: 0 });
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), timeout: 1000 });
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('timeout', () => resolve(false));
  }).finally(() => socket.destroy());
}
