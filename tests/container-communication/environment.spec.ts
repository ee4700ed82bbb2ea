import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, taskDefinition, test } from '../../fixtures/index.ts';

test.use({ requires: ['ecs:tasks'] });

test('variables of the container definition are in the environment', async ({ workloads }) => {
  const definition = taskDefinition('env').container('app', workloads.images.shell, {
    command: ['sh', '-c', 'echo "[$GREETING] [$EMPTY]"'],
    environment: { GREETING: 'hello, "wide" world = 100 %', EMPTY: '' },
  });
  const task = await workloads.run(definition.build());

  await expect(task).toHaveCompleted();
  await expect(task.log('app')).toHaveLogged('[hello, "wide" world = 100 %] []');
});

test('each container has its own variables', async ({ workloads }) => {
  const print = ['sh', '-c', 'echo "role is $ROLE"'];
  const definition = taskDefinition('env')
    .container('web', workloads.images.shell, { essential: false, command: print, environment: { ROLE: 'web' } })
    .container('worker', workloads.images.shell, {
      command: print,
      dependsOn: [{ containerName: 'web', condition: 'COMPLETE' }],
    });
  const task = await workloads.run(definition.build());
  await expect(task).toHaveCompleted();

  await expect(task.log('web')).toHaveLogged(/^role is web$/);
  await expect(task.log('worker')).toHaveLogged(/^role is $/);
});

test('overrides replace variables and command of one run', async ({ workloads }) => {
  const definition = await workloads.register(
    taskDefinition('env')
      .container('app', workloads.images.shell, {
        command: ['sh', '-c', 'echo "default command, mode $MODE, level $LEVEL"'],
        environment: { MODE: 'default', LEVEL: 'info' },
      })
      .build(),
  );
  const plain = await workloads.run(definition);
  const overridden = await workloads.run(definition, {
    overrides: {
      containerOverrides: [
        {
          name: 'app',
          command: ['sh', '-c', 'echo "another command, mode $MODE, level $LEVEL, extra $EXTRA"'],
          environment: [
            { name: 'MODE', value: 'override' },
            { name: 'EXTRA', value: 'yes' },
          ],
        },
      ],
    },
  });

  await expect(plain).toHaveCompleted();
  await expect(plain.log('app')).toHaveLogged('default command, mode default, level info');
  await expect(overridden).toHaveCompleted();
  await expect(overridden.log('app')).toHaveLogged('another command, mode override, level info, extra yes');
});

test.describe('environment files', () => {
  test.use({ requires: ['ecs:tasks', 's3'] });

  test('are read from S3; what the definition says itself counts more', async ({
    aws,
    bucket,
    environment,
    workloads,
  }) => {
    const Body = '# settings of the application\nGREETING=hello from a file\nLEVEL=debug\n';
    await aws.s3.send(new PutObjectCommand({ Bucket: bucket.name, Key: 'settings/app.env', Body }));
    const value = `arn:${environment.partition}:s3:::${bucket.name}/settings/app.env`;
    const definition = taskDefinition('env').container('app', workloads.images.shell, {
      command: ['sh', '-c', 'echo "$GREETING, level $LEVEL"'],
      environment: { LEVEL: 'info' },
      environmentFiles: [{ type: 's3', value }],
    });
    const task = await workloads.run(definition.build());

    await expect(task).toHaveCompleted();
    await expect(task.log('app')).toHaveLogged('hello from a file, level info');
  });

  test('that are not there keep the task from starting', async ({ bucket, environment, workloads }) => {
    const value = `arn:${environment.partition}:s3:::${bucket.name}/nobody/put/this.env`;
    const definition = taskDefinition('env').container('app', workloads.images.shell, {
      command: ['true'],
      environmentFiles: [{ type: 's3', value }],
    });
    const task = await workloads.run(definition.build());

    await expect(task).toReachStatus('STOPPED');
    expect(await task.describe()).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringMatching(/^ResourceInitializationError: failed to download env files: /),
    });
  });
});

test('an override of a container that there is not is refused', async ({ workloads }) => {
  const definition = taskDefinition('env').container('app', workloads.images.shell);

  await expect(
    workloads.run(definition.build(), { overrides: { containerOverrides: [{ name: 'web', command: ['true'] }] } }),
  ).toBeAwsError('InvalidParameterException', { status: 400 });
});

test('a container knows its region and where its credentials are', async ({ environment, workloads }) => {
  const definition = taskDefinition('aws').container('app', workloads.images.shell, {
    command: ['sh', '-c', 'echo "region $AWS_REGION"; env | grep ^AWS_CONTAINER_CREDENTIALS_'],
  });
  const task = await workloads.run(definition.build());

  await expect(task).toHaveCompleted();
  await expect(task.log('app')).toHaveLogged(`region ${environment.region}`);
  await expect(task.log('app')).toHaveLogged(/^AWS_CONTAINER_CREDENTIALS_(FULL|RELATIVE)_URI=.+/);
});

test('nothing of the environment of the test is in that of a container', async ({ cleanup, workloads }) => {
  process.env['SECRET_OF_THE_TEST_RUNNER'] = 'canary';
  cleanup.defer('the canary', async () => delete process.env['SECRET_OF_THE_TEST_RUNNER']);

  const definition = taskDefinition('env').container('app', workloads.images.shell, {
    command: ['sh', '-c', 'env; echo "that is all"'],
  });
  const task = await workloads.run(definition.build());

  await expect(task).toHaveCompleted();
  await expect(task.log('app')).toHaveLogged('that is all');
  await expect(task.log('app')).not.toHaveLogged(/canary|SECRET_OF_THE_TEST_RUNNER|TESTBED_RUN=/);
});

test.describe('the endpoints of a container', () => {
  test.use({ requires: ['ecs:tasks', 'ecs:task-metadata'] });

  test('give it the credentials of the role of its task', async ({ environment, workloads }) => {
    const definition = taskDefinition('aws').container('app', ...workloads.program('print-credentials'));
    const task = await workloads.run(definition.build());

    await expect(task).toHaveCompleted();
    const [line] = await task.log('app').read();
    expect(JSON.parse(line?.message ?? '')).toEqual({
      members: ['AccessKeyId', 'Expiration', 'RoleArn', 'SecretAccessKey', 'Token'],
      role: environment.roles.taskRoleArn,
      validForMinutes: expect.any(Number),
    });
  });

  test('tell it who it is', async ({ cluster, workloads }) => {
    const definition = await workloads.register(
      taskDefinition('aws')
        .container('app', ...workloads.program('print-metadata'))
        .build(),
    );
    const task = await workloads.run(definition);

    await expect(task).toHaveCompleted();
    const [line] = await task.log('app').read();
    expect(JSON.parse(line?.message ?? '')).toEqual({
      container: 'app',
      image: workloads.images.node,
      task: task.arn,
      cluster: cluster.arn,
      family: definition.family,
      revision: '1',
      containers: ['app'],
    });
  });
});
