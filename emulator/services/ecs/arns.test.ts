import { expect, test } from '@playwright/test';
import { capacityProviderArn, clusterArn, newId, parseArn, serviceArn, taskArn, taskDefinitionArn } from './arns.ts';

const scope = { region: 'eu-west-1', dependencies: { account: '123456789012' } };

test('ARNs have the long format', () => {
  expect(clusterArn(scope, 'web')).toBe('arn:aws:ecs:eu-west-1:123456789012:cluster/web');
  expect(serviceArn(scope, 'web', 'api')).toBe('arn:aws:ecs:eu-west-1:123456789012:service/web/api');
  expect(taskArn(scope, 'web', 'id')).toBe('arn:aws:ecs:eu-west-1:123456789012:task/web/id');
  expect(taskDefinitionArn(scope, 'web', 3)).toBe('arn:aws:ecs:eu-west-1:123456789012:task-definition/web:3');
  expect(capacityProviderArn(scope, 'group')).toBe('arn:aws:ecs:eu-west-1:123456789012:capacity-provider/group');
});

test('other partitions are named by their regions', () => {
  expect(clusterArn({ ...scope, region: 'cn-north-1' }, 'web')).toMatch(/^arn:aws-cn:/);
  expect(clusterArn({ ...scope, region: 'us-gov-west-1' }, 'web')).toMatch(/^arn:aws-us-gov:/);
});

test('what was built can be taken apart', () => {
  expect(parseArn(taskArn(scope, 'web', 'id'))).toEqual({
    partition: 'aws',
    region: 'eu-west-1',
    account: '123456789012',
    resource: 'task',
    parts: ['web', 'id'],
  });
});

for (const text of [
  '',
  'web',
  'arn:aws:ecs:eu-west-1:123456789012',
  'arn:aws:ecs:eu-west-1:1234:cluster/web',
  'arn:aws:ecs:eu-west-1:123456789012:cluster/',
  'arn:aws:ecs:eu-west-1:123456789012:bucket/web',
  'arn:aws:s3:::bucket',
]) {
  test(`'${text}' is no ARN of ECS`, () => {
    expect(parseArn(text)).toBeUndefined();
  });
}

test('an id is 32 hexadecimal digits that are not given twice', () => {
  expect(newId()).toMatch(/^[0-9a-f]{32}$/);
  expect(newId()).not.toBe(newId());
});
