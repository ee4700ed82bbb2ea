import { expect, test } from '@playwright/test';
import { explainPlacement } from './placement-errors.ts';

const placement = {
  subnets: ['subnet-0a1b2c3d'],
  securityGroups: ['sg-0a1b2c3d'],
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  taskRoleArn: 'arn:aws:iam::123456789012:role/task',
};

test('a refusal that names a subnet says which variable it is from', () => {
  const error = new Error("The subnet ID 'subnet-0a1b2c3d' does not exist");
  explainPlacement(error, placement);
  expect(error.message).toBe("The subnet ID 'subnet-0a1b2c3d' does not exist (from REAL_AWS_SUBNETS)");
});

test('any other refusal stays as AWS wrote it', () => {
  const error = new Error('Rate exceeded');
  explainPlacement(error, placement);
  expect(error.message).toBe('Rate exceeded');
});
