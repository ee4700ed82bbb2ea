import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from '@playwright/test';
import { callKey, formatAnswers, parseAnswers, recordAnswers } from './recorded-answers.ts';
import { s3Family } from './s3-workload.ts';

test('calls are told apart by their operation, else by method and path', () => {
  expect(callKey('POST', '/', 'DynamoDB_20120810.Query')).toBe('DynamoDB_20120810.Query');
  expect(callKey('GET', '/bucket/key', undefined)).toBe('GET /bucket/key');
});

test('an answer is recorded byte by byte, without what belongs to its connection', async () => {
  const body = Buffer.from([0, 255, 10, 128]);
  const server = createServer((_request, response) => {
    response.writeHead(206, { etag: '"a"', 'x-amz-meta-a': 'b' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = s3Family.client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const call = async (): Promise<void> => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }));
      expect(await Body?.transformToByteArray()).toEqual(new Uint8Array(body));
    };
    const recorded = await recordAnswers(client, { GetObject: call });
    const headers = { etag: '"a"', 'x-amz-meta-a': 'b', 'content-length': '4' };
    expect(parseAnswers(formatAnswers(recorded))).toEqual(
      new Map([['GET /bucket/key', { status: 206, headers, body }]]),
    );
  } finally {
    client.destroy();
    server.close();
  }
});
