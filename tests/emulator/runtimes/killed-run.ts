import { createRuntime } from '../../../emulator/runtimes/index.ts';
import type { RuntimeName } from '../../../emulator/runtimes/runtime.ts';
import { SHELL_IMAGE } from './images.ts';

/**
 * A run that never gets to its end, for killed-run.spec.ts: it starts containers with children, says `up`,
 * and waits for its death.
 */
async function main(): Promise<void> {
  const [runtimeName, runId = ''] = process.argv.slice(2);
  const runtime = await createRuntime(runtimeName as RuntimeName, { runId, gatewayPort: 1 });
  for (const id of ['one', 'two']) {
    const sandbox = await runtime.createSandbox({
      id,
      networkMode: 'awsvpc',
      volumes: [{ name: 'shared' }],
      portMappings: [],
      labels: {},
    });
    await sandbox.startContainer({
      name: 'app',
      image: SHELL_IMAGE,
      command: ['sh', '-c', 'trap "" TERM INT; sleep 1000 & setsid sleep 1000 & wait'],
      environment: {},
      ulimits: [],
      mounts: [{ volume: 'shared', containerPath: '/shared', readOnly: false }],
      portMappings: [],
      readonlyRootFilesystem: false,
      privileged: false,
      initProcessEnabled: false,
      extraHosts: [],
      dockerLabels: {},
      onOutput: () => {},
    });
  }
  process.stdout.write('up\n');
  setInterval(() => {}, 60_000);
}

void main();
