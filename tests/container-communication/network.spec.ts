import { expect, taskDefinition, test } from '../../fixtures/index.ts';

test.use({ requires: ['ecs:tasks'] });

test('a container answers HTTP requests from outside', async ({ workloads }) => {
  const web = taskDefinition('web').container('app', ...workloads.program('http-echo', { ports: [8080] }));
  const task = await workloads.run(web.build());
  await expect(task.log('app')).toHaveLogged('listening');
  await expect(task).toReachStatus('RUNNING');

  const { url } = await workloads.addressOf(task, 'app', 8080);
  const response = await fetch(`${url}/orders?id=1`, { method: 'POST', body: 'two apples' });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ method: 'POST', path: '/orders?id=1', body: 'two apples' });
});

test.describe("an image of the project's own", () => {
  test.use({ requires: ['ecs:tasks', 'images:workloads'] });

  test('answers HTTP requests as any other', async ({ workloads }) => {
    const web = taskDefinition('web').container('app', 'workloads/http-echo', { ports: [8080] });
    const task = await workloads.run(web.build());
    await expect(task.log('app')).toHaveLogged('listening');
    await expect(task).toReachStatus('RUNNING');

    const { url } = await workloads.addressOf(task, 'app', 8080);
    expect(await (await fetch(`${url}/orders`)).json()).toMatchObject({ method: 'GET', path: '/orders' });
  });
});

test('containers of one task talk over localhost', async ({ workloads }) => {
  const pair = taskDefinition('pair')
    .container(
      'web',
      ...workloads.program('http-echo', { ports: [8080], environment: { GREETING: 'hello neighbour' } }),
    )
    .container(
      'client',
      ...workloads.program('http-get', {
        environment: { URL: 'http://localhost:8080/greet' },
        dependsOn: [{ containerName: 'web', condition: 'START' }],
      }),
    );
  const task = await workloads.run(pair.build());

  await expect(task.log('client')).toHaveLogged(/"greeting":"hello neighbour".*"path":"\/greet"/);
});

test('containers of two tasks talk by address', async ({ workloads }) => {
  const web = await workloads.run(
    taskDefinition('web')
      .container(
        'app',
        ...workloads.program('http-echo', { ports: [8080], environment: { GREETING: 'hello stranger' } }),
      )
      .build(),
  );
  await expect(web).toReachStatus('RUNNING');
  const { url } = await workloads.addressOf(web, 'app', 8080);

  const client = await workloads.run(
    taskDefinition('client')
      .container('app', ...workloads.program('http-get', { environment: { URL: `${url}/greet` } }))
      .build(),
  );
  await expect(client).toHaveCompleted();
  await expect(client.log('app')).toHaveLogged(/"greeting":"hello stranger".*"path":"\/greet"/);
});

test('two tasks of the same definition have addresses of their own', async ({ workloads }) => {
  const web = taskDefinition('web').container('app', ...workloads.program('http-echo', { ports: [8080] }));
  const tasks = await workloads.runMany(2, web.build());
  for (const task of tasks) await expect(task).toReachStatus('RUNNING');

  const addresses = await Promise.all(tasks.map((task) => workloads.addressOf(task, 'app', 8080)));
  expect(new Set(addresses.map(({ url }) => url)).size).toBe(2);
});

test.describe('outside of the task', () => {
  test.use({ requires: ['ecs:tasks', 'network:external'] });

  test('a container reaches a server over HTTP', async ({ outsideServer, workloads }) => {
    const client = taskDefinition('client').container(
      'app',
      ...workloads.program('http-get', { environment: { URL: `${outsideServer.url}/from-the-task` } }),
    );
    const task = await workloads.run(client.build());

    await expect(task).toHaveCompleted();
    await expect(task.log('app')).toHaveLogged('hello from outside');
    expect(outsideServer.requests).toEqual([{ method: 'GET', path: '/from-the-task' }]);
  });

  test('a container reaches a server over HTTPS', async ({ outsideServer, workloads }) => {
    const { secureUrl, certificate } = outsideServer;
    const client = taskDefinition('client').container(
      'app',
      ...workloads.program('http-get', { environment: { URL: `${secureUrl}/in-secret`, CA: certificate } }),
    );
    const task = await workloads.run(client.build());

    await expect(task).toHaveCompleted();
    await expect(task.log('app')).toHaveLogged('hello from outside');
    expect(outsideServer.requests).toEqual([{ method: 'GET', path: '/in-secret' }]);
  });

  test('a container does not trust a server without reason', async ({ outsideServer, workloads }) => {
    const client = taskDefinition('client').container(
      'app',
      ...workloads.program('http-get', { environment: { URL: outsideServer.secureUrl, DEADLINE: '0' } }),
    );
    const task = await workloads.run(client.build());

    await expect(task).not.toHaveCompleted();
    await expect(task.log('app')).toHaveLogged('self-signed certificate');
    expect(outsideServer.requests).toEqual([]);
  });

  test('a container resolves names', async ({ outsideServer, workloads }) => {
    const resolve = `require('node:dns').lookup(process.env.NAME, { family: 4 }, (error, address) => {
      console.log(error ?? \`\${process.env.NAME} is \${address}\`);
      process.exit(error ? 1 : 0);
    })`;
    const definition = taskDefinition('resolver').container('app', workloads.images.node, {
      command: ['node', '-e', resolve],
      environment: { NAME: outsideServer.hostname },
    });
    const task = await workloads.run(definition.build());

    await expect(task).toHaveCompleted();
    await expect(task.log('app')).toHaveLogged(/ is \d+\.\d+\.\d+\.\d+$/);
  });

  test('a server that nobody runs is an error that the container sees', async ({ outsideServer, workloads }) => {
    // Port 1 is reserved for a service that no machine of today runs.
    const client = taskDefinition('client').container(
      'app',
      ...workloads.program('http-get', { environment: { URL: `http://${outsideServer.hostname}:1/`, DEADLINE: '0' } }),
    );
    const task = await workloads.run(client.build());

    await expect(task).not.toHaveCompleted();
    await expect(task.log('app')).toHaveLogged(/no answer from http:.*/);
  });
});
