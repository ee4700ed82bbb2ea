/** Starts an emulator as a worker does, prints how long that took, and stops it. */
import { pid } from 'node:process';

const importing = performance.now();
const { startEmulator } = await import('../../emulator/index.ts');
const starting = performance.now();
const emulator = await startEmulator({
  account: '000000000000',
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  verifySignatures: true,
  runtime: 'process',
  runId: `bench-${pid}`,
});
const ready = performance.now();
console.log(`imported in ${(starting - importing).toFixed(1)} ms, ready in ${(ready - starting).toFixed(1)} ms`);
await emulator.stop();
