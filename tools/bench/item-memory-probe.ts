/**
 * Puts items into an emulator's DynamoDB in this process, and prints what memory they took. Needs node's
 * `--expose-gc`: what is garbage already must not count.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startEmulator } from '../../emulator/index.ts';
import { createOrders, putOrders } from './dynamodb-workload.ts';
import { clientSettings } from './workload.ts';

const counts = process.argv.slice(2).map(Number);
const emulator = await startEmulator({
  account: '000000000000',
  region: clientSettings.region,
  credentials: clientSettings.credentials,
  verifySignatures: true,
  runtime: 'process',
  runId: `bench-${process.pid}`,
});
const client = new DynamoDBClient({ ...clientSettings, endpoint: emulator.endpoint });

// What the first calls leave behind, in the SDK and in the trace of calls, is no item's.
await createOrders(client, 'warm');
for (let turn = 0; turn < 20; turn += 1) await putOrders(client, 'warm', 2500);
await createOrders(client, 'orders');
const before = await memoryHeld();
let stored = 0;
for (const count of counts) {
  await putOrders(client, 'orders', count, stored);
  stored = count;
  console.log(`${count} items: ${Math.round(((await memoryHeld()) - before) / count)} bytes each`);
}
client.destroy();
await emulator.stop();

/** Bytes that are still in use after collecting what is not. */
async function memoryHeld(): Promise<number> {
  if (!globalThis.gc) throw new Error('start it with node --expose-gc');
  for (let turn = 0; turn < 3; turn += 1) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
