import { AwsError } from '../../../service.ts';

/**
 * Checks the name of a new general purpose bucket
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
 *
 * @param namespace how names must end in the account regional namespace; undefined for the global one
 * @throws AwsError InvalidBucketName, InvalidNamespaceHeader, MissingNamespaceHeader
 */
export function checkBucketName(name: string, namespace?: string): void {
  const valid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    // Also neither `.-` nor `-.`, as names are series of DNS labels.
    name.split('.').every((label) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label)) &&
    !/^\d{1,3}(\.\d{1,3}){3}$/.test(name) &&
    !reservedPrefixes.some((prefix) => name.startsWith(prefix)) &&
    !reservedSuffixes.some((suffix) => name.endsWith(suffix));
  if (valid) {
    checkNamespace(name, namespace);
    return;
  }
  throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', {
    statusCode: 400,
    members: { BucketName: name },
  });
}

const reservedPrefixes = ['xn--', 'sthree-', 'amzn-s3-demo-'];

function checkNamespace(name: string, namespace: string | undefined): void {
  if (namespace !== undefined && !(name.endsWith(namespace) && name.length > namespace.length)) {
    throw new AwsError(
      'InvalidNamespaceHeader',
      `The requested bucket name did not include the account-regional namespace suffix, but the provided x-amz-bucket-namespace header value is account-regional. Specify ${namespace} as the bucket name suffix to create a bucket in your account-regional namespace, or remove the header.`,
      { statusCode: 400 },
    );
  }
  if (namespace === undefined && name.endsWith('-an')) {
    throw new AwsError(
      'MissingNamespaceHeader',
      'The requested bucket name has the suffix of an account-regional namespace, which needs the header x-amz-bucket-namespace with the value account-regional.',
      { statusCode: 400 },
    );
  }
}

/** Of access point aliases, Object Lambda, Multi-Region Access Points, directory and table buckets. */
const reservedSuffixes = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];
