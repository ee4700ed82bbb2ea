/** What a request says about who signed it, taken from its Authorization header or its presigned query. */
export type Authorization = SignedAuthorization | Version2Authorization | MalformedAuthorization;

export interface SignedAuthorization {
  readonly kind: 'header' | 'presigned';
  readonly scope: CredentialScope;
  /** The names as sent, in lower case and in their order. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** Signature Version 2, which S3 alone still takes. */
export interface Version2Authorization {
  readonly kind: 'version2';
  readonly accessKeyId: string;
  readonly signature: string;
  /** Of a presigned request: seconds since the Unix epoch, as sent. */
  readonly expires: string | undefined;
  /** It names neither region nor service. */
  readonly scope?: undefined;
}

/** `<access key>/<date>/<region>/<service>/aws4_request` */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** YYYYMMDD */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export interface MalformedAuthorization {
  readonly kind: 'malformed';
  readonly in: 'header' | 'presigned';
  /** What AWS says about it. */
  readonly message: string;
  /** What is wrong, for S3, which has its own words. */
  readonly problem:
    | 'algorithm'
    | 'credential'
    | 'parameters'
    | 'version2 header'
    | 'version2 parameters'
    | 'scheme'
    | 'two';
  /** The scope where at least that could be read, so that the request can be routed. */
  readonly scope: CredentialScope | undefined;
}

const algorithm = 'AWS4-HMAC-SHA256';

/**
 * Reads who signed a request.
 *
 * Source: IAM user guide, "Create a signed AWS API request" and "Elements of an AWS API request signature".
 *
 * @param header the Authorization header
 * @param query the query as sent, without the question mark
 * @returns undefined for an anonymous request
 */
export function readAuthorization(header: string | undefined, query: string): Authorization | undefined {
  if (header !== undefined && header !== '') {
    if (query !== '' && isPresigned(query)) return malformedHeader('two', onlyOneMechanism);
    return readKnownHeader(header) ?? (header.startsWith('AWS ') ? readVersion2Header(header) : readHeader(header));
  }
  if (query.includes('X-Amz-')) return readPresigned(query);
  if (query.includes('Signature=') || query.includes('AWSAccessKeyId=')) return readVersion2Query(query);
  return undefined;
}

const onlyOneMechanism =
  'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified';

function isPresigned(query: string): boolean {
  return /(^|&)(X-Amz-Algorithm|Signature)=/.test(query);
}

function malformedHeader(problem: MalformedAuthorization['problem'], message: string): MalformedAuthorization {
  return { kind: 'malformed', in: 'header', problem, message, scope: undefined };
}

/** `AWS <access key>:<signature>` */
function readVersion2Header(header: string): Authorization {
  const [, accessKeyId, signature] = /^AWS +([^:\s]+):(\S+)\s*$/.exec(header) ?? [];
  if (accessKeyId === undefined || signature === undefined) {
    return malformedHeader(
      'version2 header',
      'AWS authorization header is invalid.  Expected AwsAccessKeyId:signature',
    );
  }
  return { kind: 'version2', accessKeyId, signature, expires: undefined };
}

function readVersion2Query(query: string): Authorization | undefined {
  const parameters = new URLSearchParams(query);
  const [accessKeyId, signature, expires] = ['AWSAccessKeyId', 'Signature', 'Expires'].map((name) =>
    parameters.get(name),
  );
  if (accessKeyId === null && signature === null) return undefined;
  if (!accessKeyId || !signature || !expires) {
    const message = 'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters';
    return { kind: 'malformed', in: 'presigned', problem: 'version2 parameters', message, scope: undefined };
  }
  return { kind: 'version2', accessKeyId, signature, expires };
}

/** What headers said before their signature: a client says the same all day. Starts anew when it is full. */
const knownHeaders = new Map<string, Pick<SignedAuthorization, 'scope' | 'signedHeaders'>>();
const knownHeadersLimit = 1000;

/** SDKs end the header with the signature; undefined for a header that does not. */
function readKnownHeader(header: string): SignedAuthorization | undefined {
  const signature = header.slice(-64);
  if (!/^[0-9a-f]{64}$/.test(signature)) return undefined;
  const beginning = header.slice(0, -64);
  let known = knownHeaders.get(beginning);
  if (!known) {
    const authorization = /[\s,]Signature=$/.test(beginning) ? readHeader(header) : undefined;
    if (authorization?.kind !== 'header') return undefined;
    known = authorization;
    if (knownHeaders.size >= knownHeadersLimit) knownHeaders.clear();
    knownHeaders.set(beginning, known);
  }
  return { kind: 'header', scope: known.scope, signedHeaders: known.signedHeaders, signature };
}

function readHeader(header: string): SignedAuthorization | MalformedAuthorization {
  if (!header.startsWith(`${algorithm} `)) {
    const message = `Authorization header must start with '${algorithm}'; the emulator verifies no other algorithm.`;
    return malformedHeader(header.startsWith('AWS4-') ? 'algorithm' : 'scheme', message);
  }
  const parameters = new Map<string, string>();
  for (const part of header.slice(algorithm.length).split(/[\s,]+/)) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    if (equals < 1) {
      const message = `'${part}' not a valid key=value pair (missing equal-sign) in Authorization header: '${withoutSignature(header)}'.`;
      return { kind: 'malformed', in: 'header', problem: 'parameters', message, scope: undefined };
    }
    parameters.set(part.slice(0, equals), part.slice(equals + 1));
  }
  const [credential, signedHeaders, signature] = ['Credential', 'SignedHeaders', 'Signature'].map((name) =>
    parameters.get(name),
  );
  const scope = credential === undefined ? undefined : readScope(credential);
  const problems = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !parameters.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (problems.length > 0) {
    const message = `${problems.join(' ')} Authorization=${withoutSignature(header)}`;
    return { kind: 'malformed', in: 'header', problem: 'parameters', message, scope };
  }
  if (!scope) {
    return { kind: 'malformed', in: 'header', problem: 'credential', message: wrongScope(credential ?? ''), scope };
  }
  return { kind: 'header', scope, signedHeaders: (signedHeaders ?? '').split(';'), signature: signature ?? '' };
}

const presignedParameters = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
] as const;

function readPresigned(query: string): Authorization | undefined {
  const parameters = new URLSearchParams(query);
  // X-Amz-Security-Token and the like alone do not make a request signed, as on AWS.
  if (!['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature'].some((name) => parameters.has(name)))
    return undefined;
  const credential = parameters.get('X-Amz-Credential');
  const scope = credential === null ? undefined : readScope(credential);
  const malformed = (problem: MalformedAuthorization['problem'], message: string): Authorization => ({
    kind: 'malformed',
    in: 'presigned',
    problem,
    message,
    scope,
  });
  const missing = presignedParameters.filter((name) => !parameters.get(name));
  if (missing.length > 0) {
    return malformed(
      'parameters',
      missing.map((name) => `AWS query-string parameters must include '${name}'.`).join(' '),
    );
  }
  if (parameters.get('X-Amz-Algorithm') !== algorithm) {
    return malformed('algorithm', `Unsupported AWS 'algorithm': '${parameters.get('X-Amz-Algorithm')}'.`);
  }
  if (!scope) return malformed('credential', wrongScope(credential ?? ''));
  return {
    kind: 'presigned',
    scope,
    signedHeaders: (parameters.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: parameters.get('X-Amz-Signature') ?? '',
  };
}

/** Reads from the end, since an access key may itself hold slashes in existing test suites. */
function readScope(credential: string): CredentialScope | undefined {
  const parts = credential.split('/');
  const [date, region, service, terminator] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join('/');
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request') return undefined;
  return { accessKeyId, date, region, service };
}

function wrongScope(credential: string): string {
  const parts = credential.split('/');
  if (parts.length === 5 && parts[4] !== 'aws4_request') {
    return `Credential should be scoped with a valid terminator: 'aws4_request', not '${parts[4]}'.`;
  }
  return `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`;
}

function withoutSignature(header: string): string {
  return header.replace(/Signature=[0-9a-fA-F]+/, 'Signature=…');
}
