/**
 * Reads the headers that a presigned request carries in its query: signers put there what the one who
 * sends the request later would not know to send, such as `x-amz-meta-…`, `x-amz-acl` or
 * `x-amz-server-side-encryption`; those of Signature Version 2 also Content-Type and Content-MD5. What
 * belongs to the signature itself is none of them.
 *
 * @param query as sent, without the question mark
 * @returns names in lower case
 */
export function hoistedHeaders(query: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const part of query.split('&')) {
    const equals = part.indexOf('=');
    if (equals < 0) continue;
    const name = decoded(part.slice(0, equals)).toLowerCase();
    if (!hoistable.test(name) || ofSignature.has(name)) continue;
    // Header values are bytes, one character each, until they are read.
    headers[name] = Buffer.from(decoded(part.slice(equals + 1).replaceAll('+', '%20'))).toString('latin1');
  }
  return headers;
}

/**
 * Not the values of checksums: S3 does not read them out of a query. The JavaScript SDK signs that of an empty
 * body into every URL for an upload (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html).
 */
const hoistable = /^(x-amz-(?!checksum-(?!algorithm|mode|type)|sdk-checksum-).+|content-type|content-md5)$/;

const ofSignature: ReadonlySet<string> = new Set([
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-signature',
  'x-amz-signedheaders',
]);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
