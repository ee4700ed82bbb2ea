import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Credential } from '../../../credentials.ts';
import { AwsError } from '../../../service.ts';
import { invalidArgument } from '../errors.ts';
import type { S3State } from '../state.ts';
import type { UploadForm } from './form.ts';

/**
 * Checks who signed the policy of a form, with Signature Version 4
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html) or with version 2, as
 * old clients do. The text that is signed is the policy as it was sent.
 *
 * @throws AwsError AccessDenied for an anonymous form, InvalidArgument for one that lacks a field,
 *   InvalidAccessKeyId, InvalidToken, ExpiredToken, SignatureDoesNotMatch
 */
export function checkFormSignature(state: S3State, fields: UploadForm['fields']): void {
  const policy = fields.get('policy')?.value;
  const version4 = version4Fields.some((name) => fields.has(name.toLowerCase()));
  const names = version4 ? version4Fields : version2Fields;
  if (isUnsigned(fields)) {
    throw new AwsError('AccessDenied', 'Access Denied', { statusCode: 403 });
  }
  for (const name of [...names, 'Policy']) if (!fields.has(name.toLowerCase())) throw missingField(name);
  const value = (name: string): string => fields.get(name.toLowerCase())?.value ?? '';
  const check = version4 ? version4Signature(value, state) : version2Signature(value, state);
  const { credential, signature, expected } = check(policy ?? '');
  const [given, right] = [Buffer.from(signature), Buffer.from(expected)];
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw new AwsError(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      {
        statusCode: 403,
        members: {
          AWSAccessKeyId: credential.accessKeyId,
          StringToSign: policy,
          SignatureProvided: signature,
          StringToSignBytes: Buffer.from(policy ?? '')
            .toString('hex')
            .replaceAll(/..(?=.)/g, '$& '),
        },
      },
    );
  }
}

/** Whether a form carries nothing of a signature, of either version. */
export function isUnsigned(fields: UploadForm['fields']): boolean {
  return ![...version4Fields, ...version2Fields].some((name) => fields.has(name.toLowerCase()));
}

/** @throws AwsError InvalidArgument */
export function missingField(name: string): AwsError {
  const message = `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`;
  return invalidArgument(name, '', message);
}

const version4Fields = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Signature'];
const version2Fields = ['AWSAccessKeyId', 'Signature'];

type FieldValue = (name: string) => string;

type Check = (policy: string) => {
  readonly credential: Credential;
  readonly signature: string;
  readonly expected: string;
};

function version4Signature(value: FieldValue, state: S3State): Check {
  const algorithm = value('X-Amz-Algorithm');
  if (algorithm !== 'AWS4-HMAC-SHA256') {
    throw invalidArgument('X-Amz-Algorithm', algorithm, 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  }
  const date = value('X-Amz-Date');
  if (!/^\d{8}T\d{6}Z$/.test(date)) {
    throw invalidArgument('X-Amz-Date', date, 'X-Amz-Date must be formated via ISO8601 Long format');
  }
  const scope = value('X-Amz-Credential');
  const [, accessKeyId = '', day = '', region = '', service = ''] =
    /^(.*)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(scope) ?? [];
  if (service !== 's3') {
    const message = 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".';
    throw invalidArgument('X-Amz-Credential', scope, message);
  }
  if (accessKeyId === '') {
    const message = 'a non-empty Access Key (AKID) must be provided in the credential.';
    throw invalidArgument('X-Amz-Credential', scope, message);
  }
  const credential = findCredential(state, accessKeyId, value('x-amz-security-token'));
  return (policy) => {
    const key = [day, region, service, 'aws4_request'].reduce<Buffer>(
      (previous, part) => createHmac('sha256', previous).update(part).digest(),
      Buffer.from(`AWS4${credential.secretAccessKey}`),
    );
    const expected = createHmac('sha256', key).update(policy).digest('hex');
    return { credential, signature: value('X-Amz-Signature'), expected };
  };
}

function version2Signature(value: FieldValue, state: S3State): Check {
  const credential = findCredential(state, value('AWSAccessKeyId'), value('x-amz-security-token'));
  return (policy) => ({
    credential,
    signature: value('Signature'),
    expected: createHmac('sha1', credential.secretAccessKey).update(policy).digest('base64'),
  });
}

function findCredential({ credentials, clock }: S3State, accessKeyId: string, token: string): Credential {
  const credential = credentials.find(accessKeyId);
  if (!credential) {
    throw new AwsError('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
      statusCode: 403,
      members: { AWSAccessKeyId: accessKeyId },
    });
  }
  if (token !== (credential.sessionToken ?? '')) {
    const message = 'The provided token is malformed or otherwise invalid.';
    throw new AwsError('InvalidToken', message, { statusCode: 400 });
  }
  if (credential.expiresAt !== undefined && credential.expiresAt <= clock.now()) {
    throw new AwsError('ExpiredToken', 'The provided token has expired.', { statusCode: 400 });
  }
  return credential;
}
