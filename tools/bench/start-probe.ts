/** Starts an emulator as a worker does, prints how long that took and when its DynamoDB answered, and stops it. */
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { pid } from 'node:process';
import { SignatureV4 } from '@smithy/signature-v4';
import { clientSettings } from './workload.ts';

/** What the signer hashes with. */
class Sha256 {
  readonly #hash: { update(data: Uint8Array): unknown; digest(): Buffer };

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = typeof secret === 'string' ? secret : secret && new Uint8Array(secret as ArrayBuffer);
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  }

  update(data: string | Uint8Array): void {
    this.#hash.update(typeof data === 'string' ? Buffer.from(data) : data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('A hash is used once.');
  }
}

const { region, credentials } = clientSettings;
const listTables = await signedListTables();

const importing = performance.now();
const { startEmulator } = await import('../../emulator/index.ts');
const starting = performance.now();
const emulator = await startEmulator({
  account: '000000000000',
  region,
  credentials,
  verifySignatures: true,
  runtime: 'process',
  runId: `bench-${pid}`,
});
const ready = performance.now();
const asking = request(emulator.endpoint, { method: 'POST', agent: false, headers: listTables.headers });
asking.end(listTables.body);
const [answer] = (await once(asking, 'response')) as [IncomingMessage];
const answered = performance.now();
await once(answer.resume(), 'end');
if (answer.statusCode !== 200) throw new Error(`ListTables was answered ${answer.statusCode}`);
const times = [starting - importing, ready - starting, answered - starting].map((time) => time.toFixed(1));
console.log(`imported in ${times[0]} ms, ready in ${times[1]} ms, DynamoDB answered after ${times[2]} ms`);
await emulator.stop();

/** Signed beforehand, so that no time of a client is measured. */
async function signedListTables(): Promise<{ readonly headers: Record<string, string>; readonly body: string }> {
  const body = '{}';
  const hostname = `dynamodb.${region}.amazonaws.com`;
  const signer = new SignatureV4({ service: 'dynamodb', region, credentials, sha256: Sha256 });
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: 'http:',
    hostname,
    path: '/',
    headers: {
      host: hostname,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.ListTables',
    },
    body,
  });
  return { headers, body };
}
