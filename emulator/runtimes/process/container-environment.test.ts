import { expect, test } from '@playwright/test';
import type { NetworkBinding } from '../runtime.ts';
import { containerEnvironment, searchPath } from './container-environment.ts';

const binding = (containerPort: number, hostPort: number): NetworkBinding => ({
  bindIP: '127.0.0.1',
  containerPort,
  hostPort,
  protocol: 'tcp',
});

function environmentWith(
  environment: Record<string, string>,
  options: { bindings?: NetworkBinding[]; taskPorts?: NetworkBinding[] } = {},
): Record<string, string> {
  return containerEnvironment({
    spec: {
      name: 'app',
      image: 'busybox',
      environment,
      ulimits: [],
      mounts: [],
      portMappings: [],
      readonlyRootFilesystem: false,
      privileged: false,
      initProcessEnabled: false,
      extraHosts: [],
      dockerLabels: {},
      onOutput: () => {},
    },
    image: {
      entryPoint: [],
      command: [],
      environment: { FROM_IMAGE: 'image', BOTH: 'image' },
      workingDirectory: '/',
      files: {},
    },
    root: '/root-folder',
    runtimeId: '0123456789abcdef',
    runId: 'run',
    bindings: options.bindings ?? [],
    taskPorts: options.taskPorts ?? options.bindings ?? [],
  });
}

test("puts the container definition's variables over the image's", () => {
  const environment = environmentWith({ BOTH: 'container', OWN: 'container' });
  expect(environment).toMatchObject({ FROM_IMAGE: 'image', BOTH: 'container', OWN: 'container' });
  expect(environment).toMatchObject({ HOME: '/root-folder', HOSTNAME: '0123456789ab', TESTBED_RUN_ID: 'run' });
  expect(environment).not.toHaveProperty('PORT');
});

test('sets PORT to the first of its own ports, and names all of the task', () => {
  const own = binding(8080, 20_001);
  const environment = environmentWith({}, { bindings: [own], taskPorts: [binding(9090, 20_002), own] });
  expect(environment).toMatchObject({ PORT: '20001', PORT_8080: '20001', PORT_9090: '20002' });
});

test('translates a PORT that names a container port, and leaves any other', () => {
  const bindings = [binding(8080, 20_001), binding(9090, 20_002)];
  expect(environmentWith({ PORT: '9090' }, { bindings })).toMatchObject({ PORT: '20002' });
  expect(environmentWith({ PORT: '1234' }, { bindings })).toMatchObject({ PORT: '1234' });
});

test('looks for programs in the folder of the container first', () => {
  expect(searchPath(environmentWith({ PATH: '/opt/bin:relative:/bin' }))).toEqual([
    '/root-folder/opt/bin',
    '/opt/bin',
    '/root-folder/bin',
    '/bin',
  ]);
  expect(searchPath(environmentWith({}))[0]).toBe('/root-folder/usr/local/bin');
});
