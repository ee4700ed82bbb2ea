import { DescribeClustersCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { expect, taskDefinition, test } from '../../fixtures/index.ts';

test.use({ requires: ['ecs:tasks'] });

test('a cluster counts its running tasks, and counts them no more when they have stopped', async ({
  aws,
  cluster,
  workloads,
}) => {
  const definition = taskDefinition('sleeper').container('app', workloads.images.shell, {
    command: ['sh', '-c', 'trap "exit 0" TERM; sleep 600 & wait'],
  });
  const counts = async () => {
    const { clusters } = await aws.ecs.send(
      new DescribeClustersCommand({ clusters: [cluster.name], include: ['STATISTICS'] }),
    );
    return clusters?.[0];
  };

  const tasks = await workloads.runMany(2, definition.build());
  for (const task of tasks) await expect(task).toReachStatus('RUNNING');
  expect(await counts()).toMatchObject({
    runningTasksCount: 2,
    pendingTasksCount: 0,
    statistics: expect.arrayContaining([
      { name: 'runningFargateTasksCount', value: '2' },
      { name: 'pendingFargateTasksCount', value: '0' },
      { name: 'runningEC2TasksCount', value: '0' },
    ]),
  });

  for (const task of tasks) {
    await aws.ecs.send(new StopTaskCommand({ cluster: cluster.name, task: task.arn }));
    await expect(task).toReachStatus('STOPPED');
  }
  expect(await counts()).toMatchObject({ runningTasksCount: 0, pendingTasksCount: 0 });
});
