/** What is left of a request once its bucket is known. */
export interface BucketAddress {
  /** The path within the bucket, still percent-encoded: `/` or `/` and the key. */
  readonly path: string;
  /** `Bucket`, or nothing for requests to the service itself. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Takes the bucket out of a request, virtual-hosted (`bucket.s3.…`, `bucket.localhost`) or path-style
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html).
 *
 * @param path as sent, percent-encoded, without the query
 */
export function bucketAddress({
  path,
  headers,
}: {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}): BucketAddress {
  const { host = '' } = headers;
  const hosted = mayHaveBucket.test(host) ? bucketOfHost(host) : undefined;
  if (hosted !== undefined) return { path, labels: { Bucket: hosted } };
  const slash = path.indexOf('/', 1);
  const bucket = path.slice(1, slash < 0 ? undefined : slash);
  if (bucket === '') return { path, labels: {} };
  return { path: slash < 0 ? '/' : path.slice(slash), labels: { Bucket: decode(bucket) } };
}

/** An address, as most hosts are here, has none. */
const mayHaveBucket = /[a-z]/i;

/** A bucket's name may have dots, even an `s3` between them: the last such part is the service's. */
function bucketOfHost(host: string): string | undefined {
  const labels = host.toLowerCase().replace(/:\d+$/, '').split('.');
  const service = labels.findLastIndex((label) => label === 's3' || label.startsWith('s3-'));
  if (service > 0) return labels.slice(0, service).join('.');
  if (service < 0 && labels.length > 1 && labels.at(-1) === 'localhost') return labels.slice(0, -1).join('.');
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
