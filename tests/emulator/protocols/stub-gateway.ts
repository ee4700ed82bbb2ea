import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { test as base } from '@playwright/test';
import { startGateway } from '../../../emulator/gateway/server.ts';
import type { ServiceModel } from '../../../emulator/protocols/service-model.ts';
import type { Operation, RequestContext } from '../../../emulator/service.ts';
import { batchModel } from '../../../emulator/services/batch/model.ts';
import { dynamodbModel } from '../../../emulator/services/dynamodb/model.ts';
import { ecsModel } from '../../../emulator/services/ecs/model.ts';
import { logsModel } from '../../../emulator/services/logs/model.ts';
import { s3Model } from '../../../emulator/services/s3/model.ts';
import { stsModel } from '../../../emulator/services/sts/model.ts';
import { credentials } from '../credentials.ts';
import { gatewayOptions } from '../gateway/start-gateway.ts';

export { expect } from '@playwright/test';

const models = [ecsModel, logsModel, stsModel, s3Model, dynamodbModel, batchModel];

/** A gateway whose services do what a test tells them, so that what is tested is the wire alone. */
export interface StubGateway {
  readonly endpoint: string;
  /** What any SDK client needs to reach it. */
  readonly connection: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  /** Says what an operation does; undefined as its output means an empty one. */
  on(service: string, operation: string, handler: (input: Record<string, unknown>) => unknown): void;
  /** The inputs that operations got, the latest last. */
  readonly inputs: readonly Record<string, unknown>[];
  /** Sends a request byte for byte, without an SDK. */
  send(raw: RawRequest): Promise<RawResponse>;
}

export interface RawRequest {
  readonly method?: string;
  /** With the query. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Starts one; `change` may alter the models, to switch off constraints, say. */
export async function startStubGateway(
  change: (model: ServiceModel) => ServiceModel = (model) => model,
): Promise<StubGateway & { close(): Promise<void> }> {
  const gateway = await startGateway(gatewayOptions({ verifySignatures: false }));
  const inputs: Record<string, unknown>[] = [];
  const operations = new Map<string, Record<string, Operation<unknown>>>();
  const services = models.map(change).map((model) => {
    const table: Record<string, Operation<unknown>> = {};
    operations.set(model.name, table);
    return { model, operations: table, state: () => undefined, reset: () => Promise.resolve() };
  });
  gateway.mount(services, []);
  return {
    endpoint: gateway.endpoint,
    connection: { endpoint: gateway.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 },
    on(service, operation, handler) {
      const table = operations.get(service);
      if (!table) throw new Error(`There is no stub of the service ${service}.`);
      table[operation] = async (_state: unknown, input: Record<string, unknown>, _context: RequestContext) => {
        const whole = Object.fromEntries(
          await Promise.all(
            Object.entries(input).map(async ([name, value]) => [name, await collected(value)] as const),
          ),
        );
        inputs.push(whole);
        return handler(whole);
      };
    },
    inputs,
    send: (raw) => sendRaw(gateway.port, raw),
    close: () => gateway.close(),
  };
}

/** `stub` is a gateway of this test's own. */
export const test = base.extend<{ stub: StubGateway }>({
  stub: async ({}, use) => {
    const stub = await startStubGateway();
    await use(stub);
    await stub.close();
  },
});

/** A stream has to be read before the answer ends the request. */
async function collected(value: unknown): Promise<unknown> {
  if (!(value instanceof Readable)) return value;
  const chunks: Buffer[] = [];
  for await (const chunk of value) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function sendRaw(
  port: number,
  { method = 'POST', path = '/', headers = {}, body = '' }: RawRequest,
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString() });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
