import { crc32 } from 'node:zlib';
import { errorMessageMember, wireError } from './errors.ts';
import { jsonDecoders, parseJson, type JsonDecoder } from './json-input.ts';
import { jsonEncoders } from './json-output.ts';
import { memoize } from './memoize.ts';
import type { Protocol, ProtocolResponse } from './protocol.ts';
import type { OperationModel, ServiceModel, Violation } from './service-model.ts';
import { validators } from './validation.ts';
import { refuseMismatch } from './violations.ts';

/**
 * AWS JSON 1.0 and 1.1: one POST path, the operation in X-Amz-Target, everything else in the body
 * (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).
 */
export function awsJson(version: '1.0' | '1.1'): Protocol {
  const contentType = `application/x-amz-json-${version}`;

  function answer(model: ServiceModel, status: number, requestId: string, body: string): ProtocolResponse {
    const headers = { 'content-type': contentType, 'x-amzn-requestid': requestId };
    if (!model.answersWithCrc32) return { status, headers, body };
    // Encoded here, once, for the checksum and for the wire.
    const bytes = Buffer.from(body);
    return { status, headers: { ...headers, 'x-amz-crc32': String(crc32(bytes)) }, body: bytes };
  }

  return {
    operationOf(model, { headers }) {
      // To AWS, a body of another type is no call of any operation.
      if (!isJson(headers['content-type'])) return undefined;
      const target = headers['x-amz-target'] ?? '';
      const dot = target.lastIndexOf('.');
      if (target.slice(0, dot) !== model.targetPrefix) return undefined;
      return model.operations.get(target.slice(dot + 1));
    },

    operationNameOf({ headers }) {
      const target = headers['x-amz-target'] ?? '';
      return target.slice(target.lastIndexOf('.') + 1);
    },

    streamsInput: () => false,

    async parse(model, operation, _head, body) {
      const { decode, validate } = compiled(model).input(operation);
      if (!Buffer.isBuffer(body)) throw new TypeError(`${operation.name} takes a whole body, not a stream.`);
      const input = decodeBody(model, operation, body, decode);
      if (validate) {
        const violations: Violation[] = [];
        validate(input, '', violations);
        if (violations.length > 0) throw model.refuse(violations, operation, input);
      }
      return input;
    },

    serialize(model, operation, output, requestId) {
      const body = operation.output.isUnitSchema()
        ? ''
        : JSON.stringify(compiled(model).encoder(operation.output)(output ?? {}));
      return answer(model, 200, requestId, body);
    },

    serializeError(model, error, requestId) {
      const wire = wireError(model, error);
      const { code, status, schema, message, members } = wire;
      const body = JSON.stringify({
        __type: model.errorType?.(code) ?? code,
        ...(schema && (compiled(model).encoder(schema)(members) as object)),
        ...(message && { [errorMessageMember(wire)]: message }),
      });
      return answer(model, status, requestId, body);
    },
  };
}

/** Both versions and plain JSON are taken by every service; so is a request that does not say. */
function isJson(contentType: string | undefined): boolean {
  return contentType === undefined || /^\s*application\/(x-amz-json-1\.[01]|json)\s*(;|$)/i.test(contentType);
}

function decodeBody(
  model: ServiceModel,
  operation: OperationModel,
  body: Buffer,
  decode: JsonDecoder,
): Record<string, unknown> {
  try {
    return decode(body.length > 0 ? parseJson(body) : {}, '') as Record<string, unknown>;
  } catch (error) {
    throw refuseMismatch(model, operation, error);
  }
}

/** What is compiled of a service, each part at its first use. */
const compiled = memoize((model: ServiceModel) => {
  const decoderOf = jsonDecoders(model.constraints, false);
  const validatorOf = validators(model.constraints);
  return {
    input: memoize(({ input }: OperationModel) => ({ decode: decoderOf(input), validate: validatorOf(input) })),
    encoder: memoize(jsonEncoders(false)),
  };
});
