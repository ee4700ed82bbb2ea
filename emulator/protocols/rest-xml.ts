import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../service.ts';
import { wireError } from './errors.ts';
import { memoize } from './memoize.ts';
import { errorHeaders, restProtocol } from './rest.ts';
import type { ServiceModel } from './service-model.ts';
import { xmlDecoders } from './xml-input.ts';
import { escapeXml, xmlWriters } from './xml-output.ts';
import { parseXml, XmlSyntaxError, type XmlElement } from './xml-reader.ts';

const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** AWS restXml as S3 speaks it (https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html). */
export const restXml = restProtocol({
  contentType: 'application/xml',

  decoder(model, schema) {
    const name = rootName(schema);
    const decode = decoders(model)(schema);
    return (body) => {
      const root = readDocument(body);
      if (root.name !== name) throw malformed();
      return decode(root, '');
    };
  },

  encoder(model, schema) {
    const name = rootName(schema);
    const namespace = ` xmlns="${escapeXml(model.xmlNamespace ?? '')}"`;
    const write = rootWriter(name, schema);
    return (value) => `${prolog}<${name}${namespace}>${write(value)}</${name}>`;
  },

  requestIdHeaders,

  serializeError(model, error, requestId) {
    const { code, status, schema, message, members } = wireError(model, error);
    const { 'x-amz-id-2': hostId, ...ids } = requestIdHeaders(requestId);
    const headers: Record<string, string> = { ...ids, 'x-amz-id-2': hostId, 'content-type': 'application/xml' };
    if (schema) errorHeaders(schema)(members, headers);
    Object.assign(headers, error.headers);
    // Not Modified must not have a body (RFC 9110 15.4.5).
    if (status === 304) return { status, headers, body: '' };
    const details = Object.entries(members).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
    return {
      status,
      headers,
      body:
        `${prolog}<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>${details.join('')}` +
        `<RequestId>${escapeXml(requestId)}</RequestId><HostId>${hostId}</HostId></Error>`,
    };
  },
});

/** S3's refusal of a body that it cannot read or that has another root than asked for. */
function malformed(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

function readDocument(body: Buffer): XmlElement {
  try {
    return parseXml(body.toString());
  } catch (error) {
    throw error instanceof XmlSyntaxError ? malformed() : error;
  }
}

/** A payload is named by its member's xmlName, else, like an output, by its shape. */
function rootName(schema: NormalizedSchema): string {
  return schema.getMergedTraits().xmlName ?? schema.getName() ?? '';
}

/**
 * Writes what stands in the root element. GetBucketLocation's one member is written without an element of
 * its own (the trait aws.customizations#s3UnwrappedXmlOutput, which the SDK's schemas do not carry; it
 * shows in the member being named like the root).
 */
function rootWriter(name: string, schema: NormalizedSchema): (value: unknown) => string {
  if (!schema.isStructSchema()) return (value) => escapeXml(String(value));
  const members = [...schema.structIterator()];
  const [only] = members;
  if (only && members.length === 1 && only[0] === name && only[1].isStringSchema()) {
    return (value) => escapeXml((value as Record<string, string | undefined>)[name] ?? '');
  }
  return writers.members(schema);
}

/** S3's two ids: the request's, and a longer one of the host that served it. */
export function requestIdHeaders(
  requestId: string,
): Readonly<Record<'x-amz-request-id' | 'x-amz-id-2' | 'server', string>> {
  const hostId = Buffer.from(`${requestId}${requestId}`).toString('base64');
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId, server: 'AmazonS3' };
}

const decoders = memoize((model: ServiceModel) => xmlDecoders(model.constraints));

const writers = xmlWriters();
