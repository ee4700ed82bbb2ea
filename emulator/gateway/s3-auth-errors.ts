import { AwsError } from '../service.ts';
import { basicTime } from './amz-date.ts';
import type { AuthProblem } from './auth-errors.ts';
import type { MalformedAuthorization } from './authorization.ts';

/**
 * Refuses in S3's words, which differ from every other service's, and with the members that it adds.
 *
 * Source: S3 API reference, "Error responses" and "Authenticating requests".
 */
export function s3AuthError(problem: AuthProblem): AwsError {
  // The table's entry for a kind takes just that kind, which TypeScript cannot see through the index.
  const words = (s3Errors[problem.kind] as (problem: AuthProblem) => S3Words)(problem);
  const { code, status, message, members = {} } = words;
  return new AwsError(code, message, { statusCode: status, members });
}

interface S3Words {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly members?: Record<string, unknown>;
}

export const missingS3Parameters =
  'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.';

const s3Errors: { readonly [Kind in AuthProblem['kind']]: (problem: Extract<AuthProblem, { kind: Kind }>) => S3Words } =
  {
    anonymous: () => ({ code: 'AccessDenied', status: 403, message: 'Access Denied' }),
    incomplete: (problem) => {
      const s3 = s3Malformed[problem.in][problem.problem];
      return { status: 400, ...s3, message: s3.message ?? `${malformedHeader}${problem.message}` };
    },
    scope: (problem) => malformedS3(problem.in, problem.message),
    scopeDate: (problem) =>
      malformedS3(
        problem.in,
        `Invalid credential date "${problem.scopeDate}". This date is not the same as X-Amz-Date: "${problem.date.slice(0, 8)}".`,
      ),
    expires: ({ message }) => ({ code: 'AuthorizationQueryParametersError', status: 400, message }),
    version2: () => ({
      code: 'InvalidRequest',
      status: 400,
      message: 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    }),
    version2Expires: ({ value }) => ({
      code: 'AccessDenied',
      status: 403,
      message: `Invalid date (should be seconds since epoch): ${value}`,
    }),
    version2Expired: ({ at, now }) => ({
      code: 'AccessDenied',
      status: 403,
      message: 'Request has expired',
      members: { Expires: isoSeconds(at), ServerTime: isoSeconds(now) },
    }),
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
    payloadClaim: ({ claimed }) => ({
      code: 'InvalidArgument',
      status: 400,
      message:
        'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
      members: { ArgumentName: 'x-amz-content-sha256', ArgumentValue: claimed },
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
        StringToSignBytes: bytesOf(stringToSign),
        // Version 2 has none.
        ...(canonicalRequest === undefined
          ? {}
          : { CanonicalRequest: canonicalRequest, CanonicalRequestBytes: bytesOf(canonicalRequest) }),
      },
    }),
  };

const malformedHeader = 'The authorization header is malformed; ';
const expectedCredential =
  'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".';

function malformedS3(where: 'header' | 'presigned', message: string): S3Words {
  return where === 'header'
    ? { code: 'AuthorizationHeaderMalformed', status: 400, message: `${malformedHeader}${message}` }
    : { code: 'AuthorizationQueryParametersError', status: 400, message };
}

const common = {
  'version2 header': {
    code: 'InvalidArgument',
    message: 'AWS authorization header is invalid.  Expected AwsAccessKeyId:signature',
  },
  'version2 parameters': {
    code: 'AccessDenied',
    status: 403,
    message: 'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
  },
  scheme: { code: 'InvalidArgument', message: 'Unsupported Authorization Type' },
  two: {
    code: 'InvalidArgument',
    message:
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
  },
} as const;

/** Where no message is given, the problem brings its own. */
const s3Malformed: Readonly<
  Record<
    'header' | 'presigned',
    Record<
      MalformedAuthorization['problem'] | 'date',
      { readonly code: string; readonly message?: string; readonly status?: number }
    >
  >
> = {
  header: {
    ...common,
    algorithm: {
      code: 'InvalidRequest',
      message: 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    },
    credential: { code: 'AuthorizationHeaderMalformed', message: `${malformedHeader}${expectedCredential}` },
    parameters: { code: 'AuthorizationHeaderMalformed' },
    date: {
      code: 'AccessDenied',
      status: 403,
      message: 'AWS authentication requires a valid Date or x-amz-date header',
    },
  },
  presigned: {
    ...common,
    algorithm: {
      code: 'AuthorizationQueryParametersError',
      message: 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"',
    },
    credential: {
      code: 'AuthorizationQueryParametersError',
      message: `Error parsing the X-Amz-Credential parameter; ${expectedCredential}`,
    },
    parameters: { code: 'AuthorizationQueryParametersError', message: missingS3Parameters },
    date: {
      code: 'AuthorizationQueryParametersError',
      message: "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
    },
  },
};

/** `47 45 54`, so that a difference of invisible characters shows. */
function bytesOf(text: string): string {
  return Buffer.from(text, 'latin1')
    .toString('hex')
    .replaceAll(/..(?=.)/g, '$& ');
}

/** `2026-11-21T09:00:00Z` */
function isoSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
