/** The servers whose known divergences from AWS are listed. */
export const attachedServers = [
  'localstack',
  'ministack',
  'moto',
  'localemu',
  'floci',
  'fakecloud',
  'aws-emulator',
  'minio',
  'dynamodb-local',
] as const;
export type AttachedServer = (typeof attachedServers)[number];

/** What a server says of itself. */
export interface ServerIdentity {
  readonly server: AttachedServer;
  /** Its name and, where it tells it, its version, e.g. `LocalStack 4.14.0`. */
  readonly title: string;
}

/** Milliseconds that a server gets to say who it is. */
const identityTimeout = 10_000;

/**
 * Asks a server who it is.
 *
 * @returns undefined for one that is none of those we know
 * @throws Error when it does not answer
 */
export async function identifyServer(endpoint: string): Promise<ServerIdentity | undefined> {
  const response = await fetch(new URL('/_localstack/health', endpoint), {
    signal: AbortSignal.timeout(identityTimeout),
  });
  return identityOf(response.headers, await response.text());
}

/**
 * Tells a server by its answer to `GET /_localstack/health`. Emulators of the same kind have that path, too;
 * LocalStack itself marks its answers with a header. MinIO names itself in all of its answers. DynamoDB Local
 * names only its HTTP server, but has DynamoDB's answer to whoever does not sign.
 */
export function identityOf(headers: Headers, body: string): ServerIdentity | undefined {
  if (headers.get('x-localstack') === 'true') {
    const version = versionIn(body);
    return { server: 'localstack', title: version ? `LocalStack ${version}` : 'LocalStack' };
  }
  if (headers.get('server')?.startsWith('MinIO')) return { server: 'minio', title: 'MinIO' };
  if (headers.get('server')?.startsWith('Jetty') && body.includes('com.amazonaws.dynamodb.v20120810#')) {
    return { server: 'dynamodb-local', title: 'DynamoDB Local' };
  }
  return undefined;
}

function versionIn(health: string): string | undefined {
  try {
    const { version } = JSON.parse(health) as { readonly version?: unknown };
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
