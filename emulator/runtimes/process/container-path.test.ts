import { expect, test } from '@playwright/test';
import { mountTarget, pathInFolder } from './container-path.ts';

test('finds no path of a container above its folder', () => {
  const paths = ['/app', '/../etc', '../../etc', '/app/../../..', '', '/./a//b/'];
  expect(paths.map((containerPath) => pathInFolder('/task/root', containerPath))).toEqual([
    '/task/root/app',
    '/task/root/etc',
    '/task/root/etc',
    '/task/root',
    '/task/root',
    '/task/root/a/b',
  ]);
});

test('mounts at an absolute path below the root, and nowhere else', () => {
  expect(mountTarget('/var/../data/', 'volume')).toBe('/data');
  for (const whole of ['/', '/data/..', '/..', '//.']) {
    expect(() => mountTarget(whole, 'bind')).toThrow(
      `invalid mount config for type "bind": invalid specification: destination can't be '/'`,
    );
  }
  expect(() => mountTarget('../data', 'volume')).toThrow("invalid mount path: '../data' mount path must be absolute");
});
