import type { ProtocolName } from '../protocols/service-model.ts';
import { AwsError } from '../service.ts';

/** Why a request's signature is refused. */
export type AuthProblem =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'incomplete'; readonly in: 'header' | 'presigned'; readonly message: string }
  | { readonly kind: 'unknownKey'; readonly accessKeyId: string }
  | { readonly kind: 'wrongToken' }
  | { readonly kind: 'expiredToken' }
  | { readonly kind: 'scope'; readonly in: 'header' | 'presigned'; readonly message: string }
  | { readonly kind: 'skewed'; readonly message: string; readonly requestTime: number; readonly now: number }
  | { readonly kind: 'notYetValid'; readonly message: string }
  | {
      readonly kind: 'expired';
      readonly message: string;
      readonly seconds: number;
      readonly at: number;
      readonly now: number;
    }
  | { readonly kind: 'expires'; readonly message: string }
  | { readonly kind: 'noDate' }
  | { readonly kind: 'noPayloadHash' }
  | { readonly kind: 'payloadHash'; readonly claimed: string; readonly computed: string }
  | { readonly kind: 'unsignedHeaders'; readonly names: readonly string[] }
  | {
      readonly kind: 'mismatch';
      readonly accessKeyId: string;
      readonly signature: string;
      readonly stringToSign: string;
      readonly canonicalRequest: string;
    };

/**
 * Puts a refusal into the words of the service's protocol family.
 *
 * The awsJson services answer 400 where their documentation says 403; responses that SDKs logged agree
 * on 400 for ECS, ECR, Logs and DynamoDB, and on 403 for Lambda, STS and IAM.
 * Source: each service's API reference, "Common Errors"; S3's "Error responses".
 */
export function authError(protocol: ProtocolName, problem: AuthProblem): AwsError {
  if (protocol === 'restXml') return s3Error(problem);
  const query = protocol === 'awsQuery';
  const { code, message, status } = (query ? queryErrors : jsonErrors)[problem.kind];
  const text = message ?? ('message' in problem ? problem.message : mismatchMessage);
  return new AwsError(code, text, { statusCode: status ?? (query || protocol === 'restJson1' ? 403 : 400) });
}

/** Where no message is given, the problem brings its own. */
type ErrorTable = Readonly<
  Record<AuthProblem['kind'], { readonly code: string; readonly message?: string; readonly status?: number }>
>;

const noDateMessage = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
const invalidTokenMessage = 'The security token included in the request is invalid.';
const expiredTokenMessage = 'The security token included in the request is expired';
const mismatchMessage =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

const jsonErrors: ErrorTable = {
  anonymous: { code: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' },
  incomplete: { code: 'IncompleteSignatureException' },
  expires: { code: 'IncompleteSignatureException' },
  noDate: { code: 'IncompleteSignatureException', message: noDateMessage },
  unknownKey: { code: 'UnrecognizedClientException', message: invalidTokenMessage },
  wrongToken: { code: 'UnrecognizedClientException', message: invalidTokenMessage },
  expiredToken: { code: 'ExpiredTokenException', message: expiredTokenMessage },
  scope: { code: 'InvalidSignatureException' },
  skewed: { code: 'InvalidSignatureException' },
  notYetValid: { code: 'InvalidSignatureException' },
  expired: { code: 'InvalidSignatureException' },
  noPayloadHash: { code: 'InvalidSignatureException', message: mismatchMessage },
  payloadHash: { code: 'InvalidSignatureException', message: mismatchMessage },
  unsignedHeaders: { code: 'InvalidSignatureException', message: mismatchMessage },
  mismatch: { code: 'InvalidSignatureException', message: mismatchMessage },
};

const queryErrors: ErrorTable = {
  anonymous: { code: 'MissingAuthenticationToken', message: 'Request is missing Authentication Token' },
  incomplete: { code: 'IncompleteSignature' },
  expires: { code: 'IncompleteSignature' },
  noDate: { code: 'IncompleteSignature', message: noDateMessage },
  unknownKey: { code: 'InvalidClientTokenId', message: invalidTokenMessage },
  wrongToken: { code: 'InvalidClientTokenId', message: invalidTokenMessage },
  expiredToken: { code: 'ExpiredToken', message: expiredTokenMessage },
  scope: { code: 'SignatureDoesNotMatch' },
  skewed: { code: 'SignatureDoesNotMatch' },
  notYetValid: { code: 'SignatureDoesNotMatch' },
  expired: { code: 'RequestExpired', message: 'Request has expired.', status: 400 },
  noPayloadHash: { code: 'SignatureDoesNotMatch', message: mismatchMessage },
  payloadHash: { code: 'SignatureDoesNotMatch', message: mismatchMessage },
  unsignedHeaders: { code: 'SignatureDoesNotMatch', message: mismatchMessage },
  mismatch: { code: 'SignatureDoesNotMatch', message: mismatchMessage },
};

interface S3Words {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly members?: Record<string, unknown>;
}

function s3Error(problem: AuthProblem): AwsError {
  // The table's entry for a kind takes just that kind, which TypeScript cannot see through the index.
  const words = (s3Errors[problem.kind] as (problem: AuthProblem) => S3Words)(problem);
  const { code, status, message, members = {} } = words;
  return new AwsError(code, message, { statusCode: status, members });
}

const s3Errors: { readonly [Kind in AuthProblem['kind']]: (problem: Extract<AuthProblem, { kind: Kind }>) => S3Words } =
  {
    anonymous: () => ({ code: 'AccessDenied', status: 403, message: 'Access Denied' }),
    incomplete: malformedS3Parameters,
    scope: malformedS3Parameters,
    expires: ({ message }) => ({ code: 'AuthorizationQueryParametersError', status: 400, message }),
    noDate: () => ({
      code: 'AccessDenied',
      status: 403,
      message: 'AWS authentication requires a valid Date or x-amz-date header',
    }),
    unknownKey: ({ accessKeyId }) => ({
      code: 'InvalidAccessKeyId',
      status: 403,
      message: 'The AWS Access Key Id you provided does not exist in our records.',
      members: { AWSAccessKeyId: accessKeyId },
    }),
    wrongToken: () => ({
      code: 'InvalidToken',
      status: 400,
      message: 'The provided token is malformed or otherwise invalid.',
    }),
    expiredToken: () => ({ code: 'ExpiredToken', status: 400, message: 'The provided token has expired.' }),
    skewed: ({ requestTime, now }) => ({
      code: 'RequestTimeTooSkewed',
      status: 403,
      message: 'The difference between the request time and the current time is too large.',
      members: {
        RequestTime: basicTime(requestTime),
        ServerTime: isoSeconds(now),
        MaxAllowedSkewMilliseconds: '900000',
      },
    }),
    notYetValid: () => ({ code: 'AccessDenied', status: 403, message: 'Request is not yet valid' }),
    expired: ({ seconds, at, now }) => ({
      code: 'AccessDenied',
      status: 403,
      message: 'Request has expired',
      members: { 'X-Amz-Expires': String(seconds), Expires: isoSeconds(at), ServerTime: isoSeconds(now) },
    }),
    noPayloadHash: () => ({
      code: 'InvalidRequest',
      status: 400,
      message: 'Missing required header for this request: x-amz-content-sha256',
    }),
    payloadHash: ({ claimed, computed }) => ({
      code: 'XAmzContentSHA256Mismatch',
      status: 400,
      message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
      members: { ClientComputedContentSHA256: claimed, S3ComputedContentSHA256: computed },
    }),
    unsignedHeaders: ({ names }) => ({
      code: 'AccessDenied',
      status: 403,
      message: 'There were headers present in the request which were not signed',
      members: { HeadersNotSigned: names.join(', ') },
    }),
    mismatch: ({ accessKeyId, signature, stringToSign, canonicalRequest }) => ({
      code: 'SignatureDoesNotMatch',
      status: 403,
      message:
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      members: {
        AWSAccessKeyId: accessKeyId,
        StringToSign: stringToSign,
        SignatureProvided: signature,
        CanonicalRequest: canonicalRequest,
      },
    }),
  };

function malformedS3Parameters(problem: { readonly in: 'header' | 'presigned'; readonly message: string }): S3Words {
  return problem.in === 'header'
    ? {
        code: 'AuthorizationHeaderMalformed',
        status: 400,
        message: `The authorization header is malformed; ${problem.message}`,
      }
    : { code: 'AuthorizationQueryParametersError', status: 400, message: problem.message };
}

/** `20261121T090000Z` */
export function basicTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** `2026-11-21T09:00:00Z` */
function isoSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
