import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, server, test } from './services-test.ts';

test.use({ runtime: 'docker' });

test('a container that is killed is replaced', async ({ bench, services }) => {
  await services.create({ taskDefinition: await bench.register([server()]), desiredCount: 2 });
  await services.completed();
  const [killed, kept] = await services.tasks();
  const label = `label=com.amazonaws.ecs.task-arn=${killed?.taskArn}`;
  const docker = async (...args: string[]) => (await promisify(execFile)('docker', args)).stdout.trim().split('\n');
  await docker('kill', ...(await docker('ps', '--quiet', '--filter', label)));
  await expect(async () => {
    const arns = (await services.tasks()).map(({ taskArn }) => taskArn);
    expect(arns).toHaveLength(2);
    expect(arns).toContain(kept?.taskArn);
    expect(arns).not.toContain(killed?.taskArn);
  }).toPass({ timeout: 20_000, intervals: [50] });
  await services.completed();
});

test('a version that cannot stay up is rolled back', async ({ bench, services }) => {
  const good = await bench.register([server()]);
  await services.create({
    taskDefinition: good,
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  });
  await services.completed();
  await services.update({
    taskDefinition: await bench.register([{ ...server(), command: ['sh', '-c', 'exit 1'] }]),
  });
  await expect
    .poll(async () => (await services.describe()).taskDefinition, { timeout: 30_000 })
    .toMatch(new RegExp(`/${good}$`));
  await services.completed();
  expect((await services.tasks()).map((task) => task.taskDefinitionArn?.endsWith(`/${good}`))).toEqual([true]);
});
