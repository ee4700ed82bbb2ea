import { expect, test } from '@playwright/test';
import { containerName } from './container-name.ts';

test('names a container after its task and what it is there', () => {
  const taskId = '0123456789abcdef0123456789abcdef';
  expect(containerName(taskId, 'web')).toBe('cloud-testbed-0123456789ab-web');
  expect(containerName(taskId, 'web', 'pause')).toBe('cloud-testbed-0123456789ab-web-pause');
});

test('keeps to the characters that Docker allows', () => {
  expect(containerName('a/b', 'my app:ü')).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/);
});
