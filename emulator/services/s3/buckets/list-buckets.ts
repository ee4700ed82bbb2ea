import type { ListBucketsOutput, ListBucketsRequest } from '@aws-sdk/client-s3';
import { compareUtf8 } from '../../../sorted-map.ts';
import { invalidArgument } from '../errors.ts';
import { ownerOf } from '../owner.ts';
import type { S3State } from '../state.ts';

/**
 * The account's buckets by name. Without any parameter all of them come on one page, and without their
 * regions (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html).
 *
 * @throws AwsError InvalidArgument
 */
export function listBuckets(state: S3State, input: ListBucketsRequest): ListBucketsOutput {
  const { MaxBuckets: limit, Prefix: prefix, BucketRegion: region, ContinuationToken: token } = input;
  if (limit !== undefined && (limit < 1 || limit > 10_000)) {
    const message = 'Argument max-buckets must be an integer between 1 and 10000';
    throw invalidArgument('max-buckets', String(limit), message);
  }
  const after = token === undefined ? undefined : decodeToken(token);
  const asked = limit !== undefined || prefix !== undefined || region !== undefined || token !== undefined;
  const found = [...state.buckets.values()]
    .filter(
      (bucket) =>
        (prefix === undefined || bucket.name.startsWith(prefix)) &&
        (region === undefined || bucket.region === region) &&
        (after === undefined || compareUtf8(bucket.name, after) > 0),
    )
    .toSorted((a, b) => compareUtf8(a.name, b.name));
  const page = found.slice(0, limit ?? (asked ? 10_000 : undefined));
  const last = page.at(-1);
  return {
    Buckets: page.map(({ name, creationTime, region: BucketRegion }) => ({
      Name: name,
      // To the second, as its XML has it.
      CreationDate: new Date(Math.floor(creationTime / 1000) * 1000),
      ...(asked && { BucketRegion }),
    })),
    Owner: ownerOf(state.account),
    ...(prefix !== undefined && { Prefix: prefix }),
    ...(last && page.length < found.length && { ContinuationToken: encodeToken(last.name) }),
  };
}

function encodeToken(name: string): string {
  return Buffer.from(`after ${name}`).toString('base64');
}

function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  if (text.startsWith('after ')) return text.slice('after '.length);
  throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
}
