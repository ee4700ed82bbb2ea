import { createHash, randomBytes } from 'node:crypto';
import { partitionOf } from '../../../partition.ts';
import { AwsError } from '../../../service.ts';
import { blocksCustomerKeys } from '../configuration/encryption.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';
import type { ObjectEncryption } from './object-version.ts';

/** The members of a write's input that say how it is to be encrypted. */
export interface EncryptionInput extends CustomerKeyInput {
  readonly Key?: string | undefined;
  /** Of a write that copies. */
  readonly CopySource?: string | undefined;
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
}

/** A key that comes with each request (SSE-C). */
export interface CustomerKeyInput {
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly SSECustomerKey?: string | undefined;
  readonly SSECustomerKeyMD5?: string | undefined;
}

/**
 * How a new object is encrypted: as its request says, else as its bucket does, else with S3's own keys, as
 * everything is since January 2023 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html).
 * Nothing is encrypted here; it is kept and answered.
 *
 * @param caller the ARN of who writes
 * @throws AwsError InvalidArgument, InvalidEncryptionAlgorithmError; AccessDenied for a key of the client where
 *   the bucket blocks those
 */
export function encryptionOf(
  state: S3State,
  bucket: BucketRecord,
  input: EncryptionInput,
  caller = `arn:${partitionOf(bucket.region)}:iam::${state.account}:root`,
): ObjectEncryption {
  const customerKey = checkedCustomerKey(input);
  const { ServerSideEncryption: asked, SSEKMSKeyId: key, Key: objectKey = '', CopySource: copies } = input;
  if (customerKey) {
    if (asked !== undefined) {
      throw invalidArgument(
        'x-amz-server-side-encryption',
        asked,
        'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
      );
    }
    if (blocksCustomerKeys(bucket)) {
      const action = copies ? 's3:CopyObject' : 's3:PutObject';
      // As in https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html.
      throw new AwsError(
        'AccessDenied',
        `User: ${caller} is not authorized to perform: ${action} on resource: "${bucket.arn}/${objectKey}" because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). Please specify a different server-side encryption type`,
        { statusCode: 403 },
      );
    }
    return customerKey;
  }
  if (asked !== undefined && asked !== 'AES256' && asked !== 'aws:kms' && asked !== 'aws:kms:dsse') {
    throw invalidArgument('x-amz-server-side-encryption', asked, 'The encryption method specified is not supported');
  }
  if (key !== undefined && asked !== 'aws:kms' && asked !== 'aws:kms:dsse') {
    throw invalidArgument(
      'x-amz-server-side-encryption',
      asked ?? 'null',
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
    );
  }
  const rule = bucket.configuration.encryption?.Rules?.[0];
  const standard = rule?.ApplyServerSideEncryptionByDefault;
  const method = asked ?? standard?.SSEAlgorithm ?? 'AES256';
  if (method !== 'aws:kms' && method !== 'aws:kms:dsse') return { ServerSideEncryption: 'AES256' };
  const bucketsKey = standard?.SSEAlgorithm === method ? standard.KMSMasterKeyID : undefined;
  const bucketKey = input.BucketKeyEnabled ?? rule?.BucketKeyEnabled ?? false;
  return {
    ServerSideEncryption: method,
    SSEKMSKeyId: keyArn(state, bucket, key ?? bucketsKey ?? 'alias/aws/s3'),
    ...(bucketKey && { BucketKeyEnabled: true }),
  };
}

/**
 * Refuses to read an object without the key that it was written with, or with one that it was not.
 *
 * @throws AwsError InvalidRequest, AccessDenied, and those of a key that is none
 */
export function checkReadKey(encryption: ObjectEncryption | undefined, input: CustomerKeyInput): void {
  const written = encryption?.SSECustomerKeyMD5;
  const given = checkedCustomerKey(input);
  if (written === undefined) {
    if (given) throw invalidRequest('The encryption parameters are not applicable to this object.');
    return;
  }
  if (!given) {
    throw invalidRequest(
      'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
    );
  }
  if (given.SSECustomerKeyMD5 !== written) {
    throw new AwsError(
      'AccessDenied',
      'Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.',
      { statusCode: 403 },
    );
  }
}

/**
 * A key that came with a request, as S3 keeps it: by its MD5.
 *
 * @returns undefined when there is none
 * @throws AwsError InvalidArgument, InvalidEncryptionAlgorithmError
 */
export function checkedCustomerKey({
  SSECustomerAlgorithm: algorithm,
  SSECustomerKey: key,
  SSECustomerKeyMD5: md5,
}: CustomerKeyInput): ObjectEncryption | undefined {
  if (algorithm === undefined && key === undefined && md5 === undefined) return undefined;
  const must = 'Requests specifying Server Side Encryption with Customer provided keys must provide';
  const refuse = (message: string): AwsError => invalidArgument('x-amz-server-side-encryption', 'null', message);
  if (algorithm === undefined) throw refuse(`${must} a valid encryption algorithm.`);
  if (key === undefined) throw refuse(`${must} an appropriate secret key.`);
  if (algorithm !== 'AES256') {
    throw new AwsError(
      'InvalidEncryptionAlgorithmError',
      'The Encryption request you specified is not valid. Supported value: AES256.',
      {
        statusCode: 400,
        members: { ArgumentName: 'x-amz-server-side-encryption', ArgumentValue: algorithm },
      },
    );
  }
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length !== 32) throw refuse('The secret key was invalid for the specified algorithm.');
  if (md5 === undefined) throw refuse(`${must} the client calculated MD5 of the secret key.`);
  if (createHash('md5').update(bytes).digest('base64') !== md5) {
    throw refuse('The calculated MD5 hash of the key did not match the hash that was provided.');
  }
  return { SSECustomerAlgorithm: algorithm, SSECustomerKeyMD5: md5 };
}

/**
 * The ETag of an object that was written in one piece: the MD5 of its content, but for keys of KMS or the
 * client, where it is none (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html).
 */
export function etagOf(md5: Buffer, encryption: ObjectEncryption | undefined): string {
  return (encryption?.ServerSideEncryption === 'AES256' ? md5 : randomBytes(16)).toString('hex');
}

/** A KMS key as S3 names it. There is no KMS: the same id or alias always means the same key. */
function keyArn({ account }: S3State, { region }: BucketRecord, key: string): string {
  if (key.startsWith('arn:') && !key.includes(':alias/')) return key;
  const name = key.includes('alias/') ? uuidOf(`${account} ${region} ${key}`) : key;
  return `arn:${partitionOf(region)}:kms:${region}:${account}:key/${name}`;
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
