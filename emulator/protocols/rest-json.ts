import type { NormalizedSchema } from '@smithy/core/schema';
import { errorMessageMember, wireError } from './errors.ts';
import { jsonDecoders, parseJson } from './json-input.ts';
import { jsonEncoders } from './json-output.ts';
import { memoize } from './memoize.ts';
import { errorHeaders, restProtocol } from './rest.ts';
import type { ServiceModel } from './service-model.ts';

/** AWS restJson1 (https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html). */
export const restJson = restProtocol({
  contentType: 'application/json',

  decoder(model, schema) {
    const decode = decoders(model)(schema);
    return (body) => decode(parseJson(body), '');
  },

  encoder(_model, schema) {
    const encode = encoderOf(schema);
    return (value) => JSON.stringify(encode(value));
  },

  requestIdHeaders: (requestId) => ({ 'x-amzn-requestid': requestId }),

  serializeError(model, error, requestId) {
    const wire = wireError(model, error);
    const { code, status, schema, message, members } = wire;
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': model.errorType?.(code) ?? code,
    };
    if (schema) errorHeaders(schema)(members, headers);
    const body = {
      ...(schema && (encoderOf(schema)(members) as object)),
      ...(message && { [errorMessageMember(wire)]: message }),
    };
    return { status, headers, body: JSON.stringify(body) };
  },
});

const decoders = memoize((model: ServiceModel) => jsonDecoders(model.constraints, true));

const encoderOf: (schema: NormalizedSchema) => (value: unknown) => unknown = memoize(jsonEncoders(true));
