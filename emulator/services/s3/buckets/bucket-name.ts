import { AwsError } from '../../../service.ts';

/**
 * Checks the name of a new general purpose bucket
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
 *
 * @param namespace how names must end in the account regional namespace; undefined for the global one
 * @throws AwsError InvalidBucketName
 */
export function checkBucketName(name: string, namespace?: string): void {
  const valid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d{1,3}(\.\d{1,3}){3}$/.test(name) &&
    !reservedPrefixes.some((prefix) => name.startsWith(prefix)) &&
    !reservedSuffixes.some((suffix) => name.endsWith(suffix)) &&
    (namespace === undefined ? !name.endsWith('-an') : name.endsWith(namespace) && name.length > namespace.length);
  if (valid) return;
  throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', {
    statusCode: 400,
    members: { BucketName: name },
  });
}

const reservedPrefixes = ['xn--', 'sthree-', 'amzn-s3-demo-'];

/** Of access point aliases, Object Lambda, Multi-Region Access Points, directory and table buckets. */
const reservedSuffixes = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];
