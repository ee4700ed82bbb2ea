import { credentials, expect, test } from '../start-emulator.ts';
import { presign, send, type Signer, type WireRequest } from './wire-request.ts';

const getObject: WireRequest = {
  method: 'GET',
  path: '/a-bucket/a%20key',
  query: {},
  // As S3's presigner does it: nobody knows the body yet.
  headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
  body: '',
};
const getCallerIdentity: WireRequest = {
  method: 'GET',
  path: '/',
  query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
  headers: {},
  body: '',
};

const s3: Signer = { ...credentials, service: 's3' };
const sts: Signer = { ...credentials, service: 'sts' };

function ago(seconds: number): Date {
  return new Date(Date.now() - seconds * 1000);
}

function withQuery(request: WireRequest, query: Record<string, string>): WireRequest {
  return { ...request, query: { ...request.query, ...query } };
}

function withoutQuery(request: WireRequest, name: string): WireRequest {
  return { ...request, query: Object.fromEntries(Object.entries(request.query).filter(([key]) => key !== name)) };
}

interface Case {
  readonly title: string;
  readonly request?: WireRequest;
  readonly signer?: Partial<Signer>;
  /** Seconds; an hour unless given. */
  readonly expiresIn?: number;
  /** Changes what goes over the wire. */
  readonly after?: (request: WireRequest) => WireRequest;
  readonly status: number;
  readonly code?: string;
  readonly message?: string | RegExp;
}

function withSignature(request: WireRequest, change: (signature: string) => string): WireRequest {
  return withQuery(request, { 'X-Amz-Signature': change(request.query['X-Amz-Signature'] ?? '') });
}

const malformedSignatures = [
  {
    title: 'is refused with something behind its signature',
    after: (request) => withSignature(request, (signature) => `${signature}zz`),
    status: 403,
    code: 'SignatureDoesNotMatch',
  },
  {
    title: 'is refused with its signature in upper case',
    after: (request) => withSignature(request, (signature) => signature.toUpperCase()),
    status: 403,
    code: 'SignatureDoesNotMatch',
  },
] satisfies Case[];

const s3Cases: Case[] = [
  ...malformedSignatures,
  { title: 'is taken while it is valid', status: 404, code: 'NoSuchBucket' },
  { title: 'is taken until it expires', signer: { date: ago(3_500) }, status: 404, code: 'NoSuchBucket' },
  {
    title: 'is taken for a week',
    signer: { date: ago(604_000) },
    expiresIn: 604_800,
    status: 404,
    code: 'NoSuchBucket',
  },
  {
    title: 'is refused once it has expired',
    signer: { date: ago(61) },
    expiresIn: 60,
    status: 403,
    code: 'AccessDenied',
    message: 'Request has expired',
  },
  {
    title: 'is refused when it comes from the future',
    signer: { date: ago(-1_000) },
    status: 403,
    code: 'AccessDenied',
    message: 'Request is not yet valid',
  },
  {
    title: 'is refused with a wrong secret',
    signer: { secretAccessKey: 'wrong' },
    status: 403,
    code: 'SignatureDoesNotMatch',
  },
  {
    title: 'is refused with an unknown access key',
    signer: { accessKeyId: 'AKIAUNKNOWN' },
    status: 403,
    code: 'InvalidAccessKeyId',
  },
  {
    title: 'is refused for another method',
    after: (request) => ({ ...request, method: 'DELETE' }),
    status: 403,
    code: 'SignatureDoesNotMatch',
  },
  {
    title: 'is refused for another key',
    after: (request) => ({ ...request, path: '/a-bucket/another' }),
    status: 403,
    code: 'SignatureDoesNotMatch',
  },
  {
    title: 'is refused with a parameter more',
    after: (request) => withQuery(request, { versionId: '1' }),
    status: 403,
    code: 'SignatureDoesNotMatch',
  },
  {
    title: 'is refused when its expiry was put off',
    after: (request) => withQuery(request, { 'X-Amz-Expires': '7200' }),
    status: 403,
    code: 'SignatureDoesNotMatch',
  },
  {
    title: 'is refused for more than a week',
    after: (request) => withQuery(request, { 'X-Amz-Expires': '604801' }),
    status: 400,
    code: 'AuthorizationQueryParametersError',
    message:
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
  },
  {
    title: 'is refused with a negative expiry',
    after: (request) => withQuery(request, { 'X-Amz-Expires': '-1' }),
    status: 400,
    code: 'AuthorizationQueryParametersError',
    message: 'X-Amz-Expires must be non-negative',
  },
  {
    title: 'is refused with an expiry that is no number',
    after: (request) => withQuery(request, { 'X-Amz-Expires': 'undefined' }),
    status: 400,
    code: 'AuthorizationQueryParametersError',
    message: 'X-Amz-Expires should be a number',
  },
  ...[
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Signature',
    'X-Amz-SignedHeaders',
    'X-Amz-Date',
    'X-Amz-Expires',
  ].map((name): Case => ({
    title: `is refused without ${name}`,
    after: (request) => withoutQuery(request, name),
    status: 400,
    code: 'AuthorizationQueryParametersError',
    message: /^Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, /,
  })),
  {
    title: 'is refused with another algorithm',
    after: (request) => withQuery(request, { 'X-Amz-Algorithm': 'AWS4-HMAC-SHA1' }),
    status: 400,
    code: 'AuthorizationQueryParametersError',
    message: /^X-Amz-Algorithm only supports "AWS4-HMAC-SHA256/,
  },
  {
    title: 'is refused with a credential of too few parts',
    after: (request) => withQuery(request, { 'X-Amz-Credential': credentials.accessKeyId }),
    status: 400,
    code: 'AuthorizationQueryParametersError',
    message: /^Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting /,
  },
  {
    title: 'is refused with a date in another form',
    after: (request) => withQuery(request, { 'X-Amz-Date': '2026-01-01' }),
    status: 400,
    code: 'AuthorizationQueryParametersError',
    message: /^X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"/,
  },
];

const stsCases: Case[] = [
  ...malformedSignatures,
  { title: 'is taken while it is valid', status: 200 },
  { title: 'with a signed header is taken, as EKS signs it', request: withEksHeader(getCallerIdentity), status: 200 },
  {
    title: 'without the header that it signed is refused',
    request: withEksHeader(getCallerIdentity),
    after: (request) => ({ ...request, headers: { host: request.headers['host'] ?? '' } }),
    status: 403,
    code: 'SignatureDoesNotMatch',
  },
  {
    title: 'is refused once it has expired',
    signer: { date: ago(61) },
    expiresIn: 60,
    status: 400,
    code: 'RequestExpired',
    message: 'Request has expired.',
  },
  {
    title: 'is refused as too old when its date is',
    signer: { date: ago(1_000) },
    expiresIn: 60,
    status: 403,
    code: 'SignatureDoesNotMatch',
    message: /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 15 min\.\)$/,
  },
  {
    title: 'is refused with an unknown access key',
    signer: { accessKeyId: 'AKIAUNKNOWN' },
    status: 403,
    code: 'InvalidClientTokenId',
  },
  {
    title: 'is refused for another action',
    after: (request) => withQuery(request, { Action: 'GetSessionToken' }),
    status: 403,
    code: 'SignatureDoesNotMatch',
  },
];

function withEksHeader(request: WireRequest): WireRequest {
  return { ...request, headers: { 'x-k8s-aws-id': 'a-cluster' } };
}

for (const [service, signer, request, cases] of [
  ['S3', s3, getObject, s3Cases],
  ['STS', sts, getCallerIdentity, stsCases],
] as const) {
  for (const one of cases) {
    test(`a presigned request of ${service} ${one.title}`, async ({ emulator }) => {
      const { host } = new URL(emulator.endpoint);
      const signed = await presign(one.request ?? request, { ...signer, ...one.signer }, host, one.expiresIn ?? 3600);
      const response = await send(emulator.endpoint, one.after?.(signed) ?? signed);
      expect(response).toMatchObject({ status: one.status, code: one.code });
      expect(response.message ?? '').toMatch(one.message ?? '');
    });
  }
}

test('a presigned request carries the token of temporary credentials in its query', async ({ emulator }) => {
  const { host } = new URL(emulator.endpoint);
  const answer = await send(
    emulator.endpoint,
    await presign(withQuery(getCallerIdentity, { Action: 'GetSessionToken' }), sts, host, 60),
  );
  const element = (name: string): string => new RegExp(`<${name}>(.*?)</${name}>`).exec(answer.text)?.[1] ?? '';
  const temporary: Signer = {
    service: 's3',
    accessKeyId: element('AccessKeyId'),
    secretAccessKey: element('SecretAccessKey'),
    sessionToken: element('SessionToken'),
  };
  const signed = await presign(getObject, temporary, host, 60);
  expect(await send(emulator.endpoint, signed)).toMatchObject({ status: 404 });
  const robbed = withQuery(signed, { 'X-Amz-Security-Token': 'another' });
  expect(await send(emulator.endpoint, robbed)).toMatchObject({ status: 400, code: 'InvalidToken' });
});

test('S3 tells when an expired request expired', async ({ emulator }) => {
  const { host } = new URL(emulator.endpoint);
  const { text } = await send(emulator.endpoint, await presign(getObject, { ...s3, date: ago(100) }, host, 60));
  expect(text).toContain('<X-Amz-Expires>60</X-Amz-Expires>');
  expect(text).toMatch(/<Expires>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/Expires>/);
});
