import type { Readable } from 'node:stream';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError } from '../service.ts';
import { unchunk } from './aws-chunked.ts';
import {
  bindingReader,
  bindingWriter,
  httpBindings,
  requestTraits,
  responseCodeMember,
  responseTraits,
  type BindingWriter,
} from './http-bindings.ts';
import { memoize } from './memoize.ts';
import {
  httpStatus,
  type Protocol,
  type ProtocolRequest,
  type ProtocolResponse,
  type RequestHead,
} from './protocol.ts';
import { matchRoute } from './rest-routing.ts';
import type { OperationModel, ServiceModel, Violation } from './service-model.ts';
import { validators } from './validation.ts';
import { refuseMismatch } from './violations.ts';

/** What tells restJson1 and restXml apart: how a structure is written in a body, and an error. */
export interface BodyFormat {
  readonly contentType: string;
  /** Compiles the reader of a body; it throws `TypeMismatch`, or `AwsError` when the body cannot be read at all. */
  decoder(model: ServiceModel, schema: NormalizedSchema): (body: Buffer) => unknown;
  /** Compiles the writer of a body. */
  encoder(model: ServiceModel, schema: NormalizedSchema): (value: unknown) => string;
  /** Headers of every response, besides the content type. */
  requestIdHeaders(requestId: string): Readonly<Record<string, string>>;
  serializeError(model: ServiceModel, error: AwsError, requestId: string): ProtocolResponse;
}

/** A REST protocol: operations by method and URI, members bound to labels, query, headers and body. */
export function restProtocol(format: BodyFormat): Protocol {
  /** What is compiled of a service, each part at its first use. */
  const compiled = memoize((model: ServiceModel) => {
    const validatorOf = validators(model.constraints);
    return {
      /** Found once per request: the gateway asks for the operation, then has its input parsed. */
      route: memoize((head: RequestHead) => {
        const query = new URLSearchParams(head.query);
        return { query, match: matchRoute(model, head, query) };
      }),
      input: memoize((operation: OperationModel) => ({
        read: bindingReader(operation.input, model.constraints),
        readBody: bodyReader(format, model, operation),
        validate: validatorOf(operation.input),
      })),
      output: memoize(({ output }: OperationModel) => ({
        writeHeaders: bindingWriter(output),
        writeBody: bodyWriter(format, model, output),
        statusMember: responseCodeMember(output),
      })),
    };
  });

  return {
    operationOf: (model, head) => compiled(model).route(head).match?.operation,
    operationNameOf: ({ method, path }) => `${method} ${path}`,

    streamsInput,

    async parse(model, operation, head, body, chunkSignatures) {
      const request = unchunk({ ...head, body }, chunkSignatures);
      const { read, readBody, validate } = compiled(model).input(operation);
      const { query, match } = compiled(model).route(head);
      const input: Record<string, unknown> = {};
      try {
        await readBody(request, input);
        read({ headers: request.headers, query, labels: match?.labels ?? {} }, input);
      } catch (error) {
        throw refuseMismatch(model, operation, error);
      }
      const violations: Violation[] = [];
      validate?.(input, '', violations);
      if (violations.length > 0) throw model.refuse(violations, operation);
      return input;
    },

    serialize(model, operation, output, requestId) {
      const { writeHeaders, writeBody, statusMember } = compiled(model).output(operation);
      const result = (output ?? {}) as Record<string, unknown> & { [httpStatus]?: number };
      const { body, contentType } = writeBody(result);
      const headers: Record<string, string> = { ...format.requestIdHeaders(requestId) };
      if (contentType !== undefined) headers['content-type'] = contentType;
      writeHeaders(result, headers);
      const status = statusMember === undefined ? undefined : (result[statusMember] as number | undefined);
      return { status: result[httpStatus] ?? status ?? operation.http?.status ?? 200, headers, body };
    },

    serializeError: (model, error, requestId) => format.serializeError(model, error, requestId),
  };
}

const streamsInput = memoize(
  ({ input }: OperationModel) => httpBindings(input, requestTraits).payload?.schema.isStreaming() ?? false,
);

/** Compiles the headers that an error's members are bound to. */
export const errorHeaders: (schema: NormalizedSchema) => BindingWriter = memoize(bindingWriter);

type BodyReader = (request: ProtocolRequest, input: Record<string, unknown>) => Promise<void>;

function bodyReader(format: BodyFormat, model: ServiceModel, operation: OperationModel): BodyReader {
  const { payload, body } = httpBindings(operation.input, requestTraits);
  const verified = async (request: ProtocolRequest): Promise<Buffer> => {
    const bytes = await collect(request.body);
    await model.verifyBody?.(operation, request.headers, bytes);
    return bytes;
  };
  if (payload) {
    const { name, schema: member } = payload;
    if (member.isStreaming()) {
      return async (request, input) => {
        input[name] = request.body;
      };
    }
    const decode = payloadDecoder(format, model, member);
    return async (request, input) => {
      const bytes = await verified(request);
      if (bytes.length > 0) input[name] = decode(bytes);
    };
  }
  if (!body) return async () => undefined;
  const decode = format.decoder(model, body);
  return async (request, input) => {
    const bytes = await verified(request);
    if (bytes.length > 0) Object.assign(input, decode(bytes));
  };
}

function payloadDecoder(format: BodyFormat, model: ServiceModel, schema: NormalizedSchema): (body: Buffer) => unknown {
  if (schema.isBlobSchema()) return (body) => body;
  if (schema.isStringSchema()) return (body) => body.toString();
  return format.decoder(model, schema);
}

type BodyWriter = (output: Readonly<Record<string, unknown>>) => {
  readonly body: ProtocolResponse['body'];
  /** Undefined when there is no body. */
  readonly contentType: string | undefined;
};

const nothing = { body: '', contentType: undefined };

function bodyWriter(format: BodyFormat, model: ServiceModel, schema: NormalizedSchema): BodyWriter {
  const { payload, body } = httpBindings(schema, responseTraits);
  if (payload) {
    const { name, schema: member } = payload;
    if (member.isBlobSchema() || member.isStringSchema()) {
      const contentType = member.isBlobSchema() ? 'application/octet-stream' : 'text/plain';
      return (output) => {
        const content = output[name] as Uint8Array | string | Readable | undefined;
        return content === undefined ? nothing : { body: content, contentType };
      };
    }
    const encode = format.encoder(model, member);
    return (output) => {
      const content = output[name];
      return content === undefined ? nothing : { body: encode(content), contentType: format.contentType };
    };
  }
  if (!body) return () => nothing;
  const encode = format.encoder(model, body);
  return (output) => ({ body: encode(output), contentType: format.contentType });
}

async function collect(body: Buffer | Readable): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
