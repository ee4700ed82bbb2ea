import { benchCalls, type CallOptions } from './calls.ts';
import { dynamodbFamily } from './dynamodb-workload.ts';
import { benchItemMemory } from './item-memory.ts';
import type { Row } from './report.ts';
import { s3Family } from './s3-workload.ts';

/** Calls of S3 and DynamoDB, many at once, and what stored items cost in memory. */
export async function benchData(options: CallOptions): Promise<Row[]> {
  const calls = await benchCalls(
    {
      name: 'data',
      title: 'S3 and DynamoDB through the SDK',
      families: [s3Family, dynamodbFamily],
      concurrencies: [32],
    },
    options,
  );
  return [...calls, ...(await benchItemMemory(options.progress))];
}
