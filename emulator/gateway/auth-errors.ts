import type { ProtocolName } from '../protocols/service-model.ts';
import { AwsError } from '../service.ts';
import type { MalformedAuthorization } from './authorization.ts';
import { s3AuthError } from './s3-auth-errors.ts';

/** Why a request's signature is refused. */
export type AuthProblem =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'incomplete';
      readonly in: 'header' | 'presigned';
      readonly problem: MalformedAuthorization['problem'] | 'date';
      readonly message: string;
    }
  | {
      readonly kind: 'scopeDate';
      readonly scopeDate: string;
      readonly date: string;
      readonly in: 'header' | 'presigned';
      readonly message: string;
    }
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
  /** Signature Version 2 where it is not taken, or what is wrong with its dates. */
  | { readonly kind: 'version2' }
  | { readonly kind: 'version2Expires'; readonly value: string }
  | { readonly kind: 'version2Expired'; readonly at: number; readonly now: number }
  | { readonly kind: 'noDate' }
  | { readonly kind: 'noPayloadHash' }
  | { readonly kind: 'payloadClaim'; readonly claimed: string }
  | { readonly kind: 'payloadHash'; readonly claimed: string; readonly computed: string }
  | { readonly kind: 'unsignedHeaders'; readonly names: readonly string[] }
  | {
      readonly kind: 'mismatch';
      readonly accessKeyId: string;
      readonly signature: string;
      readonly stringToSign: string;
      readonly canonicalRequest?: string;
    };

/**
 * Puts a refusal into the words of the service's protocol family.
 *
 * The awsJson services answer 400 where their documentation says 403; responses that SDKs logged agree
 * on 400 for ECS, ECR, Logs and DynamoDB, and on 403 for Lambda, STS and IAM.
 * Source: each service's API reference, "Common Errors"; S3's "Error responses".
 */
export function authError(protocol: ProtocolName, problem: AuthProblem): AwsError {
  if (protocol === 'restXml') return s3AuthError(problem);
  const query = protocol === 'awsQuery';
  const { code, message, status } = (query ? queryErrors : jsonErrors)[problem.kind];
  const text = message ?? ('message' in problem ? problem.message : mismatchMessage);
  return new AwsError(code, text, { statusCode: status ?? (query || protocol === 'restJson1' ? 403 : 400) });
}

/** Where no message is given, the problem brings its own. */
type ErrorTable = Readonly<
  Record<AuthProblem['kind'], { readonly code: string; readonly message?: string; readonly status?: number }>
>;

const onlyVersion4 = 'Authorization must be made with AWS4-HMAC-SHA256.';
const noDateMessage = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
const invalidTokenMessage = 'The security token included in the request is invalid.';
const expiredTokenMessage = 'The security token included in the request is expired';
const mismatchMessage =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

const jsonErrors: ErrorTable = {
  anonymous: { code: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' },
  incomplete: { code: 'IncompleteSignatureException' },
  expires: { code: 'IncompleteSignatureException' },
  version2: { code: 'IncompleteSignatureException', message: onlyVersion4 },
  version2Expires: { code: 'IncompleteSignatureException', message: onlyVersion4 },
  version2Expired: { code: 'IncompleteSignatureException', message: onlyVersion4 },
  noDate: { code: 'IncompleteSignatureException', message: noDateMessage },
  unknownKey: { code: 'UnrecognizedClientException', message: invalidTokenMessage },
  wrongToken: { code: 'UnrecognizedClientException', message: invalidTokenMessage },
  expiredToken: { code: 'ExpiredTokenException', message: expiredTokenMessage },
  scope: { code: 'InvalidSignatureException' },
  scopeDate: { code: 'InvalidSignatureException' },
  skewed: { code: 'InvalidSignatureException' },
  notYetValid: { code: 'InvalidSignatureException' },
  expired: { code: 'InvalidSignatureException' },
  noPayloadHash: { code: 'InvalidSignatureException', message: mismatchMessage },
  payloadClaim: { code: 'InvalidSignatureException', message: mismatchMessage },
  payloadHash: { code: 'InvalidSignatureException', message: mismatchMessage },
  unsignedHeaders: { code: 'InvalidSignatureException', message: mismatchMessage },
  mismatch: { code: 'InvalidSignatureException', message: mismatchMessage },
};

const queryErrors: ErrorTable = {
  anonymous: { code: 'MissingAuthenticationToken', message: 'Request is missing Authentication Token' },
  incomplete: { code: 'IncompleteSignature' },
  expires: { code: 'IncompleteSignature' },
  version2: { code: 'IncompleteSignature', message: onlyVersion4 },
  version2Expires: { code: 'IncompleteSignature', message: onlyVersion4 },
  version2Expired: { code: 'IncompleteSignature', message: onlyVersion4 },
  noDate: { code: 'IncompleteSignature', message: noDateMessage },
  unknownKey: { code: 'InvalidClientTokenId', message: invalidTokenMessage },
  wrongToken: { code: 'InvalidClientTokenId', message: invalidTokenMessage },
  expiredToken: { code: 'ExpiredToken', message: expiredTokenMessage },
  scope: { code: 'SignatureDoesNotMatch' },
  scopeDate: { code: 'SignatureDoesNotMatch' },
  skewed: { code: 'SignatureDoesNotMatch' },
  notYetValid: { code: 'SignatureDoesNotMatch' },
  expired: { code: 'RequestExpired', message: 'Request has expired.', status: 400 },
  noPayloadHash: { code: 'SignatureDoesNotMatch', message: mismatchMessage },
  payloadClaim: { code: 'SignatureDoesNotMatch', message: mismatchMessage },
  payloadHash: { code: 'SignatureDoesNotMatch', message: mismatchMessage },
  unsignedHeaders: { code: 'SignatureDoesNotMatch', message: mismatchMessage },
  mismatch: { code: 'SignatureDoesNotMatch', message: mismatchMessage },
};
