import { expect, test } from '@playwright/test';
import { findTask, taskArnOf } from './describe-task.ts';
import { taskTestBench } from './task-test-bench.ts';

const cluster = { clusterName: 'default', clusterArn: 'arn:aws:ecs:us-east-1:000000000000:cluster/default' };
const id = '0123456789abcdef0123456789abcdef';
const scope = 'arn:aws:ecs:us-east-1:000000000000';

test('a task is found by its id, its ARN, and its ARN in the old format', () => {
  const bench = taskTestBench();
  const record = bench.run([{ name: 'app', image: 'busybox' }]);
  const { taskArn } = record.task;
  const own = taskArn.split('/').at(-1);
  for (const reference of [own, taskArn, `${scope}:task/${own}`]) {
    expect(findTask(bench.state, cluster, reference ?? '')).toBe(record);
  }
});

test('an ARN of another region or account names no task here', () => {
  const bench = taskTestBench();
  const { taskArn } = bench.run([{ name: 'app', image: 'busybox' }]).task;
  const own = taskArn.split('/').at(-1);
  for (const [mine, other] of [
    [':us-east-1:', ':eu-west-1:'],
    [':000000000000:', ':999999999999:'],
  ] as const) {
    for (const reference of [taskArn, `${scope}:task/${own}`]) {
      const elsewhere = reference.replace(mine, other);
      expect(findTask(bench.state, cluster, elsewhere)).toBeUndefined();
      expect(taskArnOf(bench.state, cluster, elsewhere)).toBe(elsewhere);
    }
  }
});

for (const [reference, message] of [
  [`${scope}:service/default/${id}`, 'Unsupported resource type: service'],
  [`${scope}:task/other/${id}`, 'Identifier is for cluster other. Your cluster is default'],
  [`${scope}:task/default/${id}/more`, 'Task Identifier is invalid'],
  ['arn:aws:s3:::bucket', 'Task Identifier is invalid'],
] as const) {
  test(`${reference} is refused`, () => {
    expect(() => taskArnOf(taskTestBench().state, cluster, reference)).toThrow(message);
  });
}
