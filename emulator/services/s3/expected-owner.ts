import { AwsError, type Operation } from '../../service.ts';
import { noSuchBucket } from './errors.ts';
import type { S3State } from './state.ts';

/** What the inputs of most operations have. */
interface ExpectedOwners {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
  readonly ExpectedSourceBucketOwner?: string | undefined;
}

/**
 * Has every operation check who the caller expects the bucket's owner to be, before it does anything
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html). All buckets are the
 * account's own.
 */
export function checkingOwners(
  operations: Readonly<Record<string, Operation<S3State>>>,
): Readonly<Record<string, Operation<S3State>>> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]): [string, Operation<S3State>] => [
      name,
      (state, input: ExpectedOwners, context) => {
        const { Bucket: bucket, ExpectedBucketOwner: owner, ExpectedSourceBucketOwner: sourceOwner } = input;
        if (owner !== undefined) {
          checkAccountId(owner);
          if (bucket !== undefined && !state.buckets.has(bucket)) throw noSuchBucket(bucket);
        }
        if (sourceOwner !== undefined) checkAccountId(sourceOwner);
        if ([owner, sourceOwner].some((expected) => expected !== undefined && expected !== state.account)) {
          throw new AwsError('AccessDenied', 'Access Denied', { statusCode: 403 });
        }
        return operation(state, input, context);
      },
    ]),
  );
}

function checkAccountId(owner: string): void {
  if (/^\d{12}$/.test(owner)) return;
  throw new AwsError(
    'InvalidBucketOwnerAWSAccountID',
    `The value of the expected bucket owner parameter must be an AWS Account ID... [${owner}]`,
    { statusCode: 400 },
  );
}
