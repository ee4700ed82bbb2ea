import { createHash, createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Checksum, HttpRequest, SourceData } from '@smithy/types';

/** A request before it is signed, and as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The error's code, wherever its protocol has it. */
  readonly code: string | undefined;
  readonly message: string | undefined;
}

export interface Signer {
  readonly service: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly region?: string;
  readonly date?: Date;
}

/** Signs in the Authorization header with the SDK's own signer, which shares no code with the emulator's check. */
export async function signInHeader(request: WireRequest, by: Signer, host: string): Promise<WireRequest> {
  return fromHttp(await signerOf(by).sign(toHttp(request, host), by.date ? { signingDate: by.date } : {}));
}

/** @param expiresIn seconds */
export async function presign(request: WireRequest, by: Signer, host: string, expiresIn: number): Promise<WireRequest> {
  const options = { expiresIn, ...(by.date ? { signingDate: by.date } : {}) };
  return fromHttp(await signerOf(by).presign(toHttp(request, host), options));
}

/** Sends a request as it is and reads what comes back. */
export function send(endpoint: string, { method, path, query, headers, body }: WireRequest): Promise<WireResponse> {
  const url = new URL(endpoint);
  const search = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        host: url.hostname,
        port: url.port,
        method,
        path: search.length > 0 ? `${path}?${search.join('&')}` : path,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        agent: false,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            ...errorOf(text, incoming.headers),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function errorOf(
  text: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Pick<WireResponse, 'code' | 'message'> {
  if (text.startsWith('{')) {
    const body = JSON.parse(text) as Record<string, string | undefined>;
    const code = headers['x-amzn-errortype']?.toString().split(':')[0] ?? body['__type']?.split('#').at(-1);
    return { code, message: body['message'] ?? body['Message'] };
  }
  return {
    code: /<Code>(.*?)<\/Code>/.exec(text)?.[1],
    message: /<Message>(.*?)<\/Message>/s.exec(text)?.[1]?.replaceAll('&quot;', '"'),
  };
}

function signerOf({ service, region = 'us-east-1', accessKeyId, secretAccessKey, sessionToken }: Signer): SignatureV4 {
  const s3 = service === 's3';
  return new SignatureV4({
    service,
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    sha256: Sha256,
    uriEscapePath: !s3,
    applyChecksum: s3,
  });
}

function toHttp({ method, path, query, headers, body }: WireRequest, host: string): HttpRequest {
  return { protocol: 'http:', hostname: host, method, path, query, headers: { host, ...headers }, body };
}

function fromHttp({ method, path, query, headers, body }: HttpRequest): WireRequest {
  return { method, path, query: query as Record<string, string>, headers, body: body as string };
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

/** SHA-256 and its HMAC in the shape that the signer wants. */
class Sha256 implements Checksum {
  readonly #secret: SourceData | undefined;
  #hash: { update(data: Uint8Array): unknown; digest(): Buffer };

  constructor(secret?: SourceData) {
    this.#secret = secret;
    this.#hash = this.#start();
  }

  update(data: Uint8Array): void {
    this.#hash.update(typeof data === 'string' ? Buffer.from(data) : data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }

  reset(): void {
    this.#hash = this.#start();
  }

  #start(): { update(data: Uint8Array): unknown; digest(): Buffer } {
    if (this.#secret === undefined) return createHash('sha256');
    return createHmac(
      'sha256',
      typeof this.#secret === 'string' ? this.#secret : Buffer.from(this.#secret as Uint8Array),
    );
  }
}
