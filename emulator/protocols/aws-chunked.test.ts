import { expect, test } from '@playwright/test';
import { Readable } from 'node:stream';
import { unchunk, type UnchunkedBody } from './aws-chunked.ts';
import type { ProtocolRequest } from './protocol.ts';

function upload(body: string | readonly string[], headers: Record<string, string> = {}): ProtocolRequest {
  return {
    method: 'PUT',
    path: '/photos/a',
    query: '',
    headers: { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', ...headers },
    body: typeof body === 'string' ? Buffer.from(body) : Readable.from(body.map((piece) => Buffer.from(piece))),
  };
}

async function read(request: ProtocolRequest): Promise<{ text: string; trailers: Readonly<Record<string, string>> }> {
  const body = unchunk(request).body as UnchunkedBody;
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return { text: Buffer.concat(chunks).toString(), trailers: body.trailers };
}

const chunks = '6\r\nhello \r\n5\r\nworld\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n';

test('chunks become their data, and the trailer is kept', async () => {
  expect(await read(upload(chunks))).toEqual({
    text: 'hello world',
    trailers: { 'x-amz-checksum-crc32': 'DUoRhQ==' },
  });
});

test('chunks may be cut anywhere on their way', async () => {
  expect(await read(upload(chunks.split('')))).toEqual({
    text: 'hello world',
    trailers: { 'x-amz-checksum-crc32': 'DUoRhQ==' },
  });
});

test('signed chunks, line ends inside of them and a missing last line are taken', async () => {
  const signed = `4;chunk-signature=${'a'.repeat(64)}\r\na\r\nb\r\n0;chunk-signature=${'b'.repeat(64)}\r\n`;
  expect((await read(upload(signed))).text).toBe('a\r\nb');
});

test('headers then say what they would without the encoding', () => {
  const { headers } = unchunk(
    upload(chunks, {
      'content-encoding': 'aws-chunked, gzip',
      'content-length': '63',
      'x-amz-decoded-content-length': '11',
    }),
  );
  expect(headers).toMatchObject({ 'content-encoding': 'gzip', 'content-length': '11' });
  expect(unchunk(upload(chunks, { 'content-encoding': 'aws-chunked' })).headers).not.toHaveProperty('content-encoding');
});

test('a request that is not encoded so stays as it is', () => {
  const request = upload('6\r\nhello', { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'content-encoding': 'gzip' });
  expect(unchunk(request)).toBe(request);
});

test('chunks that end early or are none are refused', async () => {
  await expect(read(upload('6\r\nhel'))).rejects.toMatchObject({ code: 'IncompleteBody' });
  await expect(read(upload(''))).rejects.toMatchObject({ code: 'IncompleteBody' });
  await expect(read(upload('hello world'.repeat(2000)))).rejects.toMatchObject({ code: 'InvalidRequest' });
  await expect(read(upload('x\r\nhello'))).rejects.toMatchObject({ code: 'InvalidRequest' });
  await expect(read(upload('2\r\nhello\r\n0\r\n\r\n'))).rejects.toMatchObject({ code: 'InvalidRequest' });
  await expect(read(upload('0\r\n\r\nmore'))).rejects.toMatchObject({ code: 'InvalidRequest' });
});
