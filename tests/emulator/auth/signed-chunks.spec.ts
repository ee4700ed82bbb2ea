import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Service } from '../../../emulator/service.ts';
import { trailersOf } from '../../../emulator/protocols/aws-chunked.ts';
import { s3Model } from '../../../emulator/services/s3/model.ts';
import { credentials } from '../credentials.ts';
import { expect, serviceWith, test } from '../gateway/start-gateway.ts';
import { send, signInHeader, type WireRequest, type WireResponse } from './wire-request.ts';
import type { Readable } from 'node:stream';

const content = 'c'.repeat(2 * 8192 + 100);
const long = 'd'.repeat(3 * 1024 * 1024);
const signed = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';

/** What was stored, which must be nothing when the upload is refused. */
function uploads(): { readonly service: Service; readonly stored: string[] } {
  const stored: string[] = [];
  const service = serviceWith(s3Model, {
    async PutObject(_state, { Body }: { Body: Buffer | Readable }) {
      const body = Buffer.isBuffer(Body) ? Body : Buffer.concat(await Body.toArray());
      stored.push(body.toString());
      return { ETag: JSON.stringify([...trailersOf(Body).keys()]) };
    },
  });
  return { service, stored };
}

interface Upload {
  readonly kind?: string;
  readonly content?: string;
  readonly chunkSize?: number;
  readonly headers?: Record<string, string>;
  /** Changes what goes over the wire. */
  readonly spoil?: (body: string) => string;
}

/** Signs the chunks as the documentation tells it, sharing no code with the emulator. */
async function upload(endpoint: string, { kind = signed, spoil, ...options }: Upload): Promise<WireResponse> {
  const { content: data = content, chunkSize = 8192, headers = {} } = options;
  const trailer = kind.endsWith('-TRAILER');
  const request: WireRequest = {
    method: 'PUT',
    path: '/b-b/k',
    query: {},
    headers: {
      'x-amz-content-sha256': kind,
      'x-amz-decoded-content-length': String(data.length),
      'content-encoding': 'aws-chunked',
      ...(trailer ? { 'x-amz-trailer': 'x-amz-checksum-crc32' } : {}),
      ...headers,
    },
    body: '',
  };
  const head = await signInHeader(request, { ...credentials, service: 's3' }, new URL(endpoint).host);
  const [, scope = '', seed = ''] =
    /Credential=[^/]+\/([^,]+),.*Signature=(\w+)/.exec(head.headers['authorization'] ?? '') ?? [];
  const date = head.headers['x-amz-date'] ?? '';
  const key = scope.split('/').reduce<Buffer>(hmac, Buffer.from(`AWS4${credentials.secretAccessKey}`));
  let previous = seed;
  const sign = (what: string, hashes: readonly string[]): string =>
    (previous = hmac(key, [`AWS4-HMAC-SHA256-${what}`, date, scope, previous, ...hashes].join('\n')).toString('hex'));

  const chunks = [...(data.match(new RegExp(`.{1,${chunkSize}}`, 'gs')) ?? []), ''];
  const lines = chunks.map((chunk) => {
    const signature = sign('PAYLOAD', [sha256(''), sha256(chunk)]);
    return `${chunk.length.toString(16)};chunk-signature=${signature}\r\n${chunk}${chunk && '\r\n'}`;
  });
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(data));
  const trailing = `x-amz-checksum-crc32:${checksum.toString('base64')}`;
  const end = trailer ? `${trailing}\r\nx-amz-trailer-signature:${sign('TRAILER', [sha256(`${trailing}\n`)])}\r\n` : '';
  const body = `${lines.join('')}${end}\r\n`;
  return send(endpoint, { ...head, body: spoil?.(body) ?? body });
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Changes one digit behind the given occurrence of a text. */
function otherDigitAfter(text: string, occurrence = 0): (body: string) => string {
  return (body) => {
    const parts = body.split(text);
    const behind = parts[occurrence + 1] ?? '';
    parts[occurrence + 1] = `${behind.startsWith('0') ? '1' : '0'}${behind.slice(1)}`;
    return parts.join(text);
  };
}

for (const [size, data, chunkSize] of [
  ['short', content, 8192],
  ['long', long, 65_536],
] as const) {
  test(`a ${size} body of signed chunks is stored, with its signed trailer`, async ({ startGateway }) => {
    const { service, stored } = uploads();
    const { endpoint } = await startGateway([service]);
    expect(await upload(endpoint, { content: data, chunkSize })).toMatchObject({ status: 200 });
    const trailed = await upload(endpoint, { content: data, chunkSize, kind: `${signed}-TRAILER` });
    expect(trailed).toMatchObject({ status: 200, headers: { etag: '["x-amz-checksum-crc32"]' } });
    expect(stored).toEqual([data, data]);
  });

  const spoiled: [title: string, spoil: (body: string) => string, signedAs: string, kind?: string][] = [
    ['signature of its first chunk', otherDigitAfter('chunk-signature='), 'PAYLOAD'],
    ['signature of a later chunk', otherDigitAfter('chunk-signature=', 2), 'PAYLOAD'],
    ['signature of its last, empty chunk', otherDigitAfter('\r\n0;chunk-signature='), 'PAYLOAD'],
    ['content', (body) => body.replace(/[cd]{9}\r\n0;/, (end) => `x${end.slice(1)}`), 'PAYLOAD'],
    ['trailer', otherDigitAfter('x-amz-checksum-crc32:'), 'TRAILER', `${signed}-TRAILER`],
    ['trailer signature', otherDigitAfter('x-amz-trailer-signature:'), 'TRAILER', `${signed}-TRAILER`],
  ];
  for (const [title, spoil, signedAs, kind = signed] of spoiled) {
    test(`a ${size} body with another ${title} is refused and not stored`, async ({ startGateway }) => {
      const { service, stored } = uploads();
      const { endpoint } = await startGateway([service]);
      const response = await upload(endpoint, { content: data, chunkSize, kind, spoil });
      expect(response).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
      expect(response.text).toContain(`<StringToSign>AWS4-HMAC-SHA256-${signedAs}\n`);
      expect(stored).toEqual([]);
    });
  }
}

test('chunks below 8 KiB are refused, but for the last', async ({ startGateway }) => {
  const { service, stored } = uploads();
  const { endpoint } = await startGateway([service]);
  const response = await upload(endpoint, { chunkSize: 8191 });
  expect(response).toMatchObject({ status: 403, code: 'InvalidChunkSizeError' });
  expect(response.text).toContain('<Chunk>2</Chunk><BadChunkSize>8191</BadChunkSize>');
  expect(stored).toEqual([]);
});

test('another decoded length than signed for is refused', async ({ startGateway }) => {
  const { service, stored } = uploads();
  const { endpoint } = await startGateway([service]);
  for (const off of [-1, 1]) {
    const headers = { 'x-amz-decoded-content-length': String(content.length + off) };
    expect(await upload(endpoint, { headers })).toMatchObject({ status: 400, code: 'IncompleteBody' });
  }
  expect(stored).toEqual([]);
});

test('without the signature check chunks are taken as they are', async ({ startGateway }) => {
  const { service, stored } = uploads();
  const { endpoint } = await startGateway([service], { verifySignatures: false });
  const response = await upload(endpoint, { chunkSize: 100, spoil: otherDigitAfter('chunk-signature=') });
  expect(response.status).toBe(200);
  expect(stored).toEqual([content]);
});
