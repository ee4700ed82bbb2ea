import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** The parts of a request that a signature covers, as they came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Still percent-encoded, without the query. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** What the headers came in. The values of repeated ones, each on its own, are made when they are asked for. */
  readonly message: Pick<IncomingMessage, 'headersDistinct'>;
}

/**
 * Builds the canonical request, whose hash a signature signs.
 *
 * Source: IAM user guide, "Create a signed AWS API request", step 1. S3 differs: its path is encoded
 * once and never normalised, every other service's is normalised and encoded twice.
 *
 * @param signedHeaders names in lower case, in their order
 * @param presigned true when the signature itself is part of the query, and so not of what it signs
 * @param payloadHash hex SHA-256 of the body, or the literal that stands for it
 */
export function canonicalRequest(
  request: WireRequest,
  signedHeaders: readonly string[],
  options: { readonly s3: boolean; readonly presigned: boolean; readonly payloadHash: string },
): string {
  const path = options.s3 ? canonicalS3Path(request.path) : canonicalPath(request.path);
  const query = request.query === '' ? '' : canonicalQuery(request.query, options.presigned);
  let headers = '';
  for (const name of signedHeaders) headers += `${name}:${canonicalValue(request, name)}\n`;
  return `${request.method}\n${path}\n${query}\n${headers}\n${signedHeaders.join(';')}\n${options.payloadHash}`;
}

function canonicalPath(path: string): string {
  if (path === '/') return path;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(encode(segment));
  }
  const trailing = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.join('/')}${trailing}`;
}

function canonicalS3Path(path: string): string {
  if (unreservedPath.test(path)) return path;
  return path.split('/').map(encodeOnce).join('/');
}

function canonicalQuery(query: string, presigned: boolean): string {
  const parameters: [name: string, value: string][] = [];
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = encodeOnce(spaced(equals < 0 ? part : part.slice(0, equals)));
    if (presigned && name === 'X-Amz-Signature') continue;
    parameters.push([name, equals < 0 ? '' : encodeOnce(spaced(part.slice(equals + 1)))]);
  }
  parameters.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  return parameters.map(([name, value]) => `${name}=${value}`).join('&');
}

function canonicalValue(request: WireRequest, name: string): string {
  const value = request.headers[name];
  if (value === undefined) return '';
  if (typeof value !== 'string') return value.map(trimmed).join(',');
  // Node joins repeated headers with ", ", the canonical form with "," alone.
  const values = value.includes(', ') ? request.message.headersDistinct[name] : undefined;
  return values && values.length > 1 ? values.map(trimmed).join(',') : trimmed(value);
}

function trimmed(value: string): string {
  return (value.includes('  ') ? value.replace(/ +/g, ' ') : value).trim();
}

/** A plus in a query means a space. */
function spaced(text: string): string {
  return text.includes('+') ? text.replaceAll('+', '%20') : text;
}

/** Most of what is sent stays as it is. */
const unreserved = /^[\w.~-]*$/;
const unreservedPath = /^[\w.~/-]*$/;

/** Encodes what may or may not be percent-encoded already, so that the result is encoded exactly once. */
function encodeOnce(text: string): string {
  if (unreserved.test(text)) return text;
  try {
    return encode(decodeURIComponent(text));
  } catch {
    // Not UTF-8 once decoded: what was sent is all there is to sign.
    return text;
  }
}

/** Percent-encodes everything but RFC 3986's unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** By code point, as the canonical form sorts; both sides are ASCII. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
