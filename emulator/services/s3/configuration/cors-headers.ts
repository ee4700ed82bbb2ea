import type { CORSRule } from '@aws-sdk/client-s3';
import { AwsError, type UnmodelledOperation } from '../../../service.ts';
import { bucketAddress } from '../bucket-address.ts';
import type { RequestHead } from '../../../protocols/protocol.ts';
import { requestIdHeaders } from '../../../protocols/rest-xml.ts';
import type { S3State } from '../state.ts';

/**
 * Answers a browser's preflight from the bucket's CORS rules
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html); no request of this kind is signed.
 * The headers are those that any answer gets, from `corsHeaders`.
 */
export const preflight: UnmodelledOperation<S3State> = {
  name: 'OptionsObject',
  async handle(state, request, { requestId }) {
    const { headers } = request;
    if (headers['origin'] === undefined) {
      throw new AwsError('BadRequest', 'Insufficient information. Origin request header needed.', { statusCode: 400 });
    }
    const bucket = state.buckets.get(bucketAddress(request).labels['Bucket'] ?? '');
    const rules = bucket?.configuration.cors;
    if (!rules) {
      const message = bucket ? 'CORS is not enabled for this bucket.' : 'Bucket not found';
      throw forbidden(message, headers['access-control-request-method'] ?? 'OPTIONS', 'BUCKET');
    }
    if (!findRule(rules, request)) {
      throw forbidden(
        "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
        headers['access-control-request-method'] ?? 'OPTIONS',
        'OBJECT',
      );
    }
    return { status: 200, headers: requestIdHeaders(requestId), body: '' };
  },
};

/** The headers that tell a browser which page may see the answer; none without a rule that allows it. */
export function corsHeaders(state: S3State, request: RequestHead): Readonly<Record<string, string>> {
  const { origin } = request.headers as { readonly origin?: string };
  if (origin === undefined) return {};
  const rules = state.buckets.get(bucketAddress(request).labels['Bucket'] ?? '')?.configuration.cors;
  const rule = rules && findRule(rules, request);
  if (!rule) return {};
  const anyOrigin = rule.AllowedOrigins?.includes('*') ?? false;
  const asked = request.headers['access-control-request-headers'];
  const exposed = rule.ExposeHeaders ?? [];
  return {
    'access-control-allow-origin': anyOrigin ? '*' : origin,
    'access-control-allow-methods': (rule.AllowedMethods ?? []).join(', '),
    ...(asked !== undefined && { 'access-control-allow-headers': headerNames(asked).join(', ') }),
    ...(exposed.length > 0 && { 'access-control-expose-headers': exposed.join(', ') }),
    ...(rule.MaxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.MaxAgeSeconds) }),
    ...(!anyOrigin && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

/** The first rule that allows origin, method and headers; S3 takes the requested method over the actual one. */
function findRule(rules: readonly CORSRule[], { method, headers }: RequestHead): CORSRule | undefined {
  const origin = headers['origin'] ?? '';
  const wantedMethod = headers['access-control-request-method'] ?? method;
  const wantedHeaders = headerNames(headers['access-control-request-headers'] ?? '');
  return rules.find(
    ({ AllowedMethods: methods = [], AllowedOrigins: origins = [], AllowedHeaders: allowed = [] }) =>
      methods.includes(wantedMethod) &&
      origins.some((pattern) => matches(pattern, origin)) &&
      wantedHeaders.every((name) => allowed.some((pattern) => matches(pattern.toLowerCase(), name))),
  );
}

/** One asterisk stands for anything. */
function matches(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text;
  const [start, end] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

function headerNames(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}

function forbidden(message: string, method: string, resourceType: 'BUCKET' | 'OBJECT'): AwsError {
  return new AwsError('AccessForbidden', `CORSResponse: ${message}`, {
    statusCode: 403,
    members: { Method: method, ResourceType: resourceType },
  });
}
