import type { NormalizedSchema } from '@smithy/core/schema';
import { wireError } from './errors.ts';
import { memoize } from './memoize.ts';
import type { Protocol } from './protocol.ts';
import { queryDecoders, queryTree } from './query-input.ts';
import type { OperationModel, ServiceModel, Violation } from './service-model.ts';
import { validators } from './validation.ts';
import { refuseMismatch } from './violations.ts';
import { escapeXml, xmlWriters } from './xml-output.ts';

/**
 * The AWS query protocol: parameters in a form body (or in the query string, as presigned calls do),
 * the operation in `Action`, answers in XML (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html).
 */
export const awsQuery: Protocol = {
  operationOf(model, { query }, body) {
    const name = actionOf(query, body);
    return name === undefined ? undefined : model.operations.get(name);
  },

  operationNameOf({ query }, body) {
    return actionOf(query, body) ?? '';
  },

  streamsInput: () => false,

  async parse(model, operation, { query }, body) {
    if (!Buffer.isBuffer(body)) throw new TypeError(`${operation.name} takes a whole body, not a stream.`);
    const { decode, validate } = compiled(model).input(operation);
    const form = body.length > 0 ? body.toString() : query;
    let input: Record<string, unknown>;
    try {
      input = decode(queryTree(form), '') as Record<string, unknown>;
    } catch (error) {
      throw refuseMismatch(model, operation, error);
    }
    const violations: Violation[] = [];
    validate?.(input, '', violations);
    if (violations.length > 0) throw model.refuse(violations, operation);
    return input;
  },

  serialize(model, operation, output, requestId) {
    const { name } = operation;
    const content = compiled(model).result(operation)(output ?? {});
    const metadata = `<ResponseMetadata><RequestId>${escapeXml(requestId)}</RequestId></ResponseMetadata>`;
    return {
      status: 200,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body: `<${name}Response xmlns="${model.xmlNamespace ?? ''}">${content}${metadata}</${name}Response>`,
    };
  },

  serializeError(model, error, requestId) {
    const { code, status, fault, schema, message, members } = wireError(model, error);
    const details = schema ? compiled(model).errorMembers(schema)(members) : '';
    return {
      status,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body:
        `<ErrorResponse xmlns="${model.xmlNamespace ?? ''}"><Error><Type>${fault}</Type>` +
        `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>${details}</Error>` +
        `<RequestId>${escapeXml(requestId)}</RequestId></ErrorResponse>`,
    };
  },
};

function actionOf(query: string, body: Buffer | undefined): string | undefined {
  const form = body && body.length > 0 ? new URLSearchParams(body.toString()) : undefined;
  return form?.get('Action') ?? new URLSearchParams(query).get('Action') ?? undefined;
}

/** What is compiled of a service, each part at its first use. */
const compiled = memoize((model: ServiceModel) => {
  const decoderOf = queryDecoders(model.constraints);
  const validatorOf = validators(model.constraints);
  const { element, members } = xmlWriters();
  return {
    input: memoize(({ input }: OperationModel) => ({ decode: decoderOf(input), validate: validatorOf(input) })),
    result: memoize(({ name, output }: OperationModel) =>
      output.isUnitSchema() ? () => '' : element(`${name}Result`, output),
    ),
    errorMembers: memoize((schema: NormalizedSchema) =>
      members(schema, (member) => member.getMemberName().toLowerCase() !== 'message'),
    ),
  };
});
