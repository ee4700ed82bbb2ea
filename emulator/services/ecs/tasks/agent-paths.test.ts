import { expect, test } from '@playwright/test';
import { agentPaths, containerOfEndpoint } from './agent-paths.ts';
import { taskTestBench } from './task-test-bench.ts';

test('an id in the paths of a container names it and no other', () => {
  const bench = taskTestBench();
  const containers = [
    { name: 'app', image: 'busybox' },
    { name: 'sidecar', image: 'busybox' },
  ];
  const records = [bench.run(containers), bench.run(containers)];
  for (const record of records) {
    for (const { name } of containers) {
      const id = agentPaths(record, name).metadataV4.split('/').at(-1) ?? '';
      expect(containerOfEndpoint(bench.state, id)).toEqual({ record, containerName: name });
    }
  }
});

test('an id of no container, and that of the credentials, name none', () => {
  const bench = taskTestBench();
  const record = bench.run([{ name: 'app', image: 'busybox' }]);
  const taskId = record.task.taskArn.split('/').at(-1);
  for (const id of ['', 'nothing', `${taskId}`, `${taskId}-0000000001`, record.credentialsId]) {
    expect(containerOfEndpoint(bench.state, id)).toBeUndefined();
  }
});
