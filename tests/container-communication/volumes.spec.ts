import { expect, taskDefinition, test } from '../../fixtures/index.ts';

test.use({ requires: ['ecs:tasks'] });

// Paths are relative to the working directory, which is `/` in these images.
const shared = [{ sourceVolume: 'shared', containerPath: '/shared' }];

test('containers of a task share a volume', async ({ workloads }) => {
  const definition = taskDefinition('pair')
    .volume('shared')
    .container('writer', workloads.images.shell, {
      essential: false,
      mountPoints: shared,
      command: ['sh', '-c', 'echo "a letter" > shared/letter'],
    })
    .container('reader', workloads.images.shell, {
      mountPoints: shared,
      command: ['cat', 'shared/letter'],
      dependsOn: [{ containerName: 'writer', condition: 'SUCCESS' }],
    });
  const task = await workloads.run(definition.build());

  await expect(task).toHaveCompleted();
  await expect(task.log('reader')).toHaveLogged('a letter');
});

test('a volume is as new for the next task', async ({ workloads }) => {
  const definition = await workloads.register(
    taskDefinition('counter')
      .volume('shared')
      .container('app', workloads.images.shell, {
        mountPoints: shared,
        command: ['sh', '-c', 'echo x >> shared/visits; wc -l < shared/visits'],
      })
      .build(),
  );

  for (const _visit of ['first', 'second']) {
    const task = await workloads.run(definition);
    await expect(task).toHaveCompleted();
    await expect(task.log('app')).toHaveLogged(/^\s*1$/);
  }
});
