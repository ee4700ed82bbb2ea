import { expect, test } from '@playwright/test';
import { Readable } from 'node:stream';
import { trailersOf, unchunk } from './aws-chunked.ts';
import type { ChunkSignatures } from './chunk-decoder.ts';
import type { ProtocolRequest } from './protocol.ts';

const checksum = { 'x-amz-trailer': 'x-amz-checksum-crc32' };

function upload(
  body: string | readonly string[],
  headers: Record<string, string> = {},
  kind = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
): ProtocolRequest {
  return {
    method: 'PUT',
    path: '/photos/a',
    query: '',
    headers: { 'x-amz-content-sha256': kind, 'x-amz-decoded-content-length': '11', ...headers },
    body: typeof body === 'string' ? Buffer.from(body) : Readable.from(body.map((piece) => Buffer.from(piece))),
  };
}

async function read(
  request: ProtocolRequest,
  signatures?: ChunkSignatures,
): Promise<{ text: string; trailers: Record<string, string> }> {
  const { body } = unchunk(request, signatures);
  const text = Buffer.isBuffer(body) ? body.toString() : Buffer.concat(await body.toArray()).toString();
  return { text, trailers: Object.fromEntries(trailersOf(body)) };
}

const chunks = '6\r\nhello \r\n5\r\nworld\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n';
const whole = { text: 'hello world', trailers: { 'x-amz-checksum-crc32': 'DUoRhQ==' } };

test('chunks become their data, and the trailer is kept', async () => {
  expect(await read(upload(chunks, checksum))).toEqual(whole);
});

test('chunks may be cut anywhere on their way', async () => {
  expect(await read(upload(chunks.split(''), checksum))).toEqual(whole);
  for (let at = 1; at < chunks.length; at++) {
    expect(await read(upload([chunks.slice(0, at), chunks.slice(at)], checksum)), `cut at ${at}`).toEqual(whole);
  }
});

test('signed chunks, line ends inside of them and a missing last line are taken', async () => {
  const signed = `4;chunk-signature=${'a'.repeat(64)}\r\na\r\nb\r\n0;chunk-signature=${'b'.repeat(64)}\r\n`;
  expect((await read(upload(signed, { 'x-amz-decoded-content-length': '4' }))).text).toBe('a\r\nb');
});

test('an empty body is taken', async () => {
  expect((await read(upload('0\r\n\r\n', { 'x-amz-decoded-content-length': '0' }))).text).toBe('');
});

test('headers then say what they would without the encoding', () => {
  const { headers } = unchunk(
    upload(chunks, { ...checksum, 'content-encoding': 'aws-chunked, gzip', 'content-length': '63' }),
  );
  expect(headers).toMatchObject({ 'content-encoding': 'gzip', 'content-length': '11' });
  const { headers: bare } = unchunk(upload(chunks, { ...checksum, 'content-encoding': 'aws-chunked' }));
  expect(bare).not.toHaveProperty('content-encoding');
});

test('a request that is not encoded so keeps its body, and never the name of the encoding', () => {
  const request = upload('6\r\nhello', { 'content-encoding': 'gzip' }, 'UNSIGNED-PAYLOAD');
  expect(unchunk(request)).toBe(request);
  const marked = upload('6\r\nhello', { 'content-encoding': 'gzip, aws-chunked' }, 'UNSIGNED-PAYLOAD');
  expect(unchunk(marked)).toMatchObject({ body: marked.body, headers: { 'content-encoding': 'gzip' } });
});

test('an anonymous request is told by its content encoding', async () => {
  const { headers, ...request } = upload(chunks, { ...checksum, 'content-encoding': 'aws-chunked' });
  const { 'x-amz-content-sha256': _, ...anonymous } = headers;
  expect(await read({ ...request, headers: anonymous })).toEqual(whole);
});

for (const [title, pieces] of [
  ['in one piece', (text: string) => text],
  ['as a stream', (text: string) => text.match(/[\s\S]{1,7}/g) ?? []],
] as const) {
  const refusal = (body: string, headers: Record<string, string>) =>
    read(upload(pieces(body), headers)).catch((error: unknown) => error);

  test(`a body ${title} that ends early or is none is refused`, async () => {
    const bodies = [
      '6\r\nhel',
      '',
      'hello world'.repeat(2000),
      'x\r\nhello',
      '2\r\nhello\r\n0\r\n\r\n',
      '6\r\nhello \r\n',
    ];
    for (const body of bodies) {
      expect(await refusal(body, {})).toMatchObject({
        code: 'IncompleteBody',
        message: 'The request body terminated unexpectedly',
      });
    }
    expect(await refusal(chunks.replace(/\r\n\r\n$/, ''), checksum)).toMatchObject({ code: 'IncompleteBody' });
  });

  test(`a body ${title} of another length than said is refused`, async () => {
    for (const length of ['10', '12']) {
      expect(await refusal(chunks, { ...checksum, 'x-amz-decoded-content-length': length })).toMatchObject({
        code: 'IncompleteBody',
        message: 'You did not provide the number of bytes specified by the Content-Length HTTP header',
        members: { NumberBytesExpected: length, NumberBytesProvided: '11' },
      });
    }
  });

  test(`trailers of a body ${title} must be those that were declared`, async () => {
    const malformed = { code: 'MalformedTrailerError', statusCode: 400 };
    const bare = '6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n';
    expect(await refusal(bare, checksum)).toMatchObject(malformed);
    expect(await refusal(chunks, { 'x-amz-trailer': 'x-amz-checksum-sha256' })).toMatchObject(malformed);
    expect(await refusal(chunks, {})).toMatchObject(malformed);
    expect(await refusal(chunks.replace('\r\n\r\n', '\r\nbonus:1\r\n\r\n'), checksum)).toMatchObject(malformed);
    expect(await refusal(chunks.replace('x-amz-checksum-crc32:', 'x-amz-checksum-crc32'), checksum)).toMatchObject(
      malformed,
    );
  });
}

test('trailers are refused as they come, whatever their names, and after some lines', async () => {
  const malformed = expect.objectContaining({ code: 'MalformedTrailerError' });
  const begun = '6\r\nhello \r\n5\r\nworld\r\n0\r\n';
  for (const line of ['__proto__:x', 'constructor:x', 'x-amz-checksum-sha256:x']) {
    const source = new Readable({ read() {} });
    const { body } = unchunk({ ...upload('', checksum), body: source });
    const failure = new Promise((resolve) => void (body as Readable).resume().once('error', resolve));
    // No end follows.
    source.push(`${begun}${line}\r\n`);
    await expect(failure, line).resolves.toEqual(malformed);
    source.destroy();
  }
  const repeated = 'x-amz-checksum-crc32:DUoRhQ==\r\n';
  expect(() => unchunk(upload(`${begun}${repeated.repeat(16)}`, checksum))).not.toThrow();
  expect(() => unchunk(upload(`${begun}${repeated.repeat(17)}`, checksum))).toThrow(malformed);
});

test('what follows the end does not count', async () => {
  expect(await read(upload(`${chunks}\r\njunk`, checksum))).toEqual(whole);
});

test('a trailer that comes twice counts the last time', async () => {
  const twice = chunks.replace('x-amz-checksum', 'x-amz-checksum-crc32:AAAAAA==\r\nx-amz-checksum');
  expect(await read(upload(twice, checksum))).toEqual(whole);
});

test('the decoded length is required', () => {
  const { headers, ...request } = upload(chunks);
  const { 'x-amz-decoded-content-length': _, ...without } = headers;
  expect(() => unchunk({ ...request, headers: without })).toThrow(
    expect.objectContaining({ code: 'MissingContentLength', statusCode: 411 }),
  );
});

test('declared trailers that S3 does not take are refused', () => {
  const unsupported = 'The value specified in the x-amz-trailer header is not supported';
  const several = 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.';
  for (const [declared, message] of [
    ['content-md5', unsupported],
    ['x-amz-checksum-bad', unsupported],
    [',x-amz-checksum-crc32', unsupported],
    ['x-amz-checksum-crc32, x-amz-checksum-sha256', several],
  ] as const) {
    const request = upload(chunks, { 'x-amz-trailer': declared });
    expect(() => unchunk(request), declared).toThrow(expect.objectContaining({ code: 'InvalidRequest', message }));
  }
  expect(() => unchunk(upload(chunks, { 'x-amz-trailer': 'x-amz-checksum-crc32,' }))).not.toThrow();
});

test('trailers are declared only where they can come', () => {
  const malformed = expect.objectContaining({ code: 'MalformedTrailerError' });
  expect(() => unchunk(upload('hello', checksum, 'UNSIGNED-PAYLOAD'))).toThrow(malformed);
  expect(() => unchunk(upload(chunks, checksum, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'))).toThrow(malformed);
});

test('a source that fails fails the data', async () => {
  const source = new Readable({ read() {} });
  const { body } = unchunk({ ...upload(''), body: source });
  source.push('6\r\nhel');
  const reading = (body as Readable).toArray();
  source.destroy(new Error('the client left'));
  await expect(reading).rejects.toThrow('the client left');
});

const signedKind = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const signed = (data: string): string => `${data.length.toString(16)};chunk-signature=s\r\n${data}\r\n`;

test('only the last of signed chunks may be small', async () => {
  const anything: ChunkSignatures = { verify: () => {} };
  const body = `${signed('x'.repeat(8191))}${signed('y')}0;chunk-signature=s\r\n\r\n`;
  const request = upload(body, { 'x-amz-decoded-content-length': '8192' }, signedKind);
  expect(() => unchunk(request, anything)).toThrow(
    expect.objectContaining({
      code: 'InvalidChunkSizeError',
      statusCode: 403,
      members: { Chunk: '2', BadChunkSize: '8191' },
    }),
  );
  expect((await read(request)).text).toHaveLength(8192);
});

test('signed chunks and trailers are shown to the one who verifies them', async () => {
  const seen: string[] = [];
  const witness: ChunkSignatures = {
    verify: (what, hash, signature) => seen.push(`${what} ${hash.slice(0, 8)} ${signature}`),
  };
  const body = `b;chunk-signature=one\r\nhello world\r\n0;chunk-signature=two\r\nx-amz-checksum-crc32:DUoRhQ==\r\nx-amz-trailer-signature:three\r\n\r\n`;
  const request = upload(body, checksum, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER');
  expect(await read(request, witness)).toEqual(whole);
  expect(seen).toEqual([
    'PAYLOAD b94d27b9 one',
    'PAYLOAD e3b0c442 two',
    expect.stringMatching(/^TRAILER \w{8} three$/),
  ]);
});

test('a signed body without one of its signatures is refused', () => {
  const anything: ChunkSignatures = { verify: () => {} };
  const length = { 'x-amz-decoded-content-length': '1' };
  expect(() => unchunk(upload('1\r\nx\r\n0\r\n\r\n', length, signedKind), anything)).toThrow(
    expect.objectContaining({ code: 'IncompleteBody' }),
  );
  const body = `${signed('x')}0;chunk-signature=s\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n`;
  expect(() => unchunk(upload(body, { ...length, ...checksum }, `${signedKind}-TRAILER`), anything)).toThrow(
    expect.objectContaining({ code: 'MalformedTrailerError' }),
  );
});
