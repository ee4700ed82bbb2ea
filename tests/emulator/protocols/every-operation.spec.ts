import * as batch from '@aws-sdk/client-batch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ecs from '@aws-sdk/client-ecs';
import * as s3 from '@aws-sdk/client-s3';
import * as sts from '@aws-sdk/client-sts';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { ServiceModel } from '../../../emulator/protocols/service-model.ts';
import { AwsError } from '../../../emulator/service.ts';
import { batchModel } from '../../../emulator/services/batch/model.ts';
import { dynamodbModel } from '../../../emulator/services/dynamodb/model.ts';
import { ecsModel } from '../../../emulator/services/ecs/model.ts';
import { logsModel } from '../../../emulator/services/logs/model.ts';
import { s3Model } from '../../../emulator/services/s3/model.ts';
import { stsModel } from '../../../emulator/services/sts/model.ts';
import { sampleOf } from './sample-values.ts';
import { expect, startStubGateway, test } from './stub-gateway.ts';

/** What an SDK client does, whatever its service. */
interface AnyClient {
  send(command: unknown): Promise<Record<string, unknown>>;
  destroy(): void;
}

const services: readonly { model: ServiceModel; sdk: Readonly<Record<string, unknown>>; client: string }[] = [
  { model: batchModel, sdk: batch, client: 'BatchClient' },
  { model: dynamodbModel, sdk: dynamodb, client: 'DynamoDBClient' },
  { model: ecsModel, sdk: ecs, client: 'ECSClient' },
  { model: logsModel, sdk: logs, client: 'CloudWatchLogsClient' },
  { model: s3Model, sdk: s3, client: 'S3Client' },
  { model: stsModel, sdk: sts, client: 'STSClient' },
];

for (const { model, sdk, client } of services) {
  test(`every operation of ${model.name} gets the input that the SDK sent, and the SDK the output it gave`, async () => {
    // Samples are of the right type, but not of the right length or pattern, nor are they the body's digests.
    const stub = await startStubGateway((original) => ({
      ...original,
      constraints: { structures: {} },
      verifyBody: undefined,
    }));
    const sdkClient = construct(sdk[client], { ...stub.connection, forcePathStyle: true }) as AnyClient;
    try {
      const operations = [...model.operations.values()].filter(({ name }) => !outOfScope.has(name));
      for (const operation of operations) {
        const input = sampleStructure(operation.input);
        const output = sampleStructure(operation.output);
        stub.on(model.name, operation.name, () => output);
        const before = stub.inputs.length;

        const command = construct(sdk[`${operation.name}Command`], structuredClone(input));
        const answer = await sdkClient.send(command);

        expect(stub.inputs.length, `${operation.name} was called`).toBe(before + 1);
        expect(await plain(stub.inputs.at(-1)), `input of ${operation.name}`).toEqual(await plain(input));
        expect(await plain(answer), `output of ${operation.name}`).toEqual({
          ...((await plain(output)) as object),
          ...addedBySdk(answer),
        });
      }
    } finally {
      sdkClient.destroy();
      await stub.close();
    }
  });
}

for (const { model, sdk, client } of services) {
  test(`every error of ${model.name} reaches the SDK with its code, status, message and members`, async () => {
    const stub = await startStubGateway();
    const sdkClient = construct(sdk[client], { ...stub.connection, forcePathStyle: true }) as AnyClient;
    try {
      const [operation, input] = callOf(model.name);
      for (const [code, schema] of model.errors) {
        const members = sampleOf(schema, (path) => !path.toLowerCase().endsWith('.message')) as Record<string, unknown>;
        stub.on(model.name, operation, () => {
          throw new AwsError(code, 'it was <refused> & "quoted"', { members });
        });

        const caught = await sdkClient
          .send(construct(sdk[`${operation}Command`], input))
          .catch((error: unknown) => error);

        expect(caught, code).toBeInstanceOf(Error);
        expect(caught, code).toMatchObject({
          name: schema.getName(),
          message: 'it was <refused> & "quoted"',
          $metadata: { httpStatusCode: statusOf(schema) },
          ...members,
        });
      }
    } finally {
      sdkClient.destroy();
      await stub.close();
    }
  });
}

/** As the traits of an error say (https://smithy.io/2.0/spec/http-bindings.html#httperror-trait). */
function statusOf(error: NormalizedSchema): unknown {
  const { httpError, error: fault } = error.getMergedTraits();
  return httpError ?? (fault === 'server' ? 500 : 400);
}

/** An operation of each service that is easily called. */
function callOf(service: string): readonly [operation: string, input: object] {
  const calls: Readonly<Record<string, readonly [string, object]>> = {
    batch: ['DescribeJobQueues', {}],
    dynamodb: ['ListTables', {}],
    ecs: ['ListClusters', {}],
    logs: ['DescribeLogGroups', {}],
    s3: ['GetObject', { Bucket: 'a-bucket', Key: 'a/key' }],
    sts: ['GetCallerIdentity', {}],
  };
  const call = calls[service];
  if (!call) throw new Error(`Say which operation of ${service} to call.`);
  return call;
}

/** Operations that stream events, or that go to a host or a service (s3express) of their own. */
const outOfScope: ReadonlySet<string> = new Set([
  'GetLogObject',
  'ListDirectoryBuckets',
  'StartLiveTail',
  'SelectObjectContent',
  'WriteGetObjectResponse',
]);

function sampleStructure(schema: NormalizedSchema): Record<string, unknown> {
  if (schema.isUnitSchema()) return {};
  return sampleOf(schema, included) as Record<string, unknown>;
}

/** Members that the SDK itself rewrites before it sends them, or reads in a way of its own. */
const rewritten: readonly RegExp[] = [
  // Keys are sent in base64, with a digest that the SDK computes.
  /SSECustomerKey(MD5)?$/,
];

function included(path: string): boolean {
  return !rewritten.some((pattern) => pattern.test(path));
}

/** What no service sends: the SDK's own record of the call, and the text from which it read `Expires`. */
function addedBySdk({ $metadata, ExpiresString }: Record<string, unknown>): Record<string, unknown> {
  return { $metadata, ...(ExpiresString === undefined ? {} : { ExpiresString }) };
}

function construct(constructor: unknown, argument: unknown): unknown {
  return new (constructor as new (argument: unknown) => unknown)(argument);
}

/** Bodies become bytes, whatever carried them, so that values can be compared. */
async function plain(value: unknown): Promise<unknown> {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return await Promise.all(value.map(plain));
  if (typeof value !== 'object' || value === null) return value;
  if (Symbol.asyncIterator in value) {
    const chunks: Buffer[] = [];
    for await (const chunk of value as AsyncIterable<Uint8Array>) chunks.push(Buffer.from(chunk));
    return await plain(Buffer.concat(chunks));
  }
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, content]) => [key, await plain(content)] as const),
  );
  return Object.fromEntries(entries.filter(([, content]) => content !== undefined));
}
