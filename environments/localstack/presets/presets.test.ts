import { expect, test } from '@playwright/test';
import { findPreset, presets } from './index.ts';
import { isJson, tellsOfServices } from './preset.ts';

const image = (choice: string, hasToken = false): string | undefined => findPreset(choice, hasToken)?.image;

test('a name stands for the pinned image of the server', () => {
  expect(image('localstack')).toBe('localstack/localstack:4.14.0');
  expect(image('moto')).toBe('motoserver/moto:5.2.5');
  for (const { name } of presets) expect(findPreset(name, false)?.preset.name).toBe(name);
});

test('a token gets the current image, where there is one that wants it', () => {
  expect(image('localstack', true)).toMatch(/^localstack\/localstack:2026\./);
  expect(image('moto', true)).toBe('motoserver/moto:5.2.5');
});

test('an image reference is taken as it is, with the facts of the server that its repository names', () => {
  expect(findPreset('ministackorg/ministack:1.6.0', false)).toMatchObject({
    preset: { name: 'ministack' },
    image: 'ministackorg/ministack:1.6.0',
  });
  expect(findPreset('localhost:5000/mirror/localstack/localstack:4.0.0', true)).toMatchObject({
    preset: { name: 'localstack' },
    image: 'localhost:5000/mirror/localstack/localstack:4.0.0',
  });
});

test('a reference without a tag gets the pinned one, and one with a digest none', () => {
  expect(image('registry.example.com:5000/motoserver/moto')).toBe('registry.example.com:5000/motoserver/moto:5.2.5');
  const digest = `motoserver/moto@sha256:${'0'.repeat(64)}`;
  expect(image(digest)).toBe(digest);
});

test('an image of another server is none', () => {
  expect(image('nginx:latest')).toBeUndefined();
  expect(image('evilmotoserver/moto:5')).toBeUndefined();
});

test('every tag of a preset is pinned, but that of an image which its user builds', () => {
  const floating = presets.filter(({ tag, builtLocally }) => tag === 'latest' && !builtLocally);
  expect(floating).toEqual([]);
});

test('a health body that tells of no service is not that of a server which is ready', () => {
  expect(tellsOfServices('{"services": {"s3": "available"}, "version": "4.14.0"}')).toBe(true);
  for (const body of ['', 'starting', '{}', '{"services": {}}', '{"services": null}', 'null']) {
    expect(tellsOfServices(body), body).toBe(false);
  }
  expect(isJson('{}')).toBe(true);
  expect(isJson('<html>')).toBe(false);
});
