import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { ProtocolName } from '../protocols/service-model.ts';
import { AwsError } from '../service.ts';
import { askForBody, collectBody } from './request-body.ts';
import { payloadCheck } from './sigv4.ts';
import { watchUpload } from './stalled-upload.ts';
import { streamedBody } from './streamed-body.ts';

/** Bodies of known length up to here are collected: a stream would cost more than it saves; bytes. */
const collectedLength = 1024 * 1024;

/** The body of a request for another server. A collected one can be sent again. */
export async function contentToForward(request: IncomingMessage, response: ServerResponse): Promise<Buffer | Readable> {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && Number(length) <= collectedLength) {
    return collectBody(request, response, collectedLength);
  }
  askForBody(request, response);
  return streamedBody(request);
}

/**
 * The body of an operation that takes a stream. With `verifySignatures` it fails at its end where it is not
 * what was signed.
 *
 * @throws AwsError MissingContentLength, NotImplemented for an upload to S3 of unknown length; for a collected
 *   body also RequestTimeout and the refusal of another hash than signed, else the stream fails with those
 * @throws ClientAbortedError likewise
 */
export async function contentOf(
  request: IncomingMessage,
  response: ServerResponse,
  protocol: ProtocolName,
  { clock, verifySignatures }: { readonly clock: Clock; readonly verifySignatures: boolean },
): Promise<Buffer | Readable> {
  const { headers } = request;
  if (protocol === 'restXml') checkFraming(headers);
  const claimed = headers['x-amz-content-sha256']?.toString();
  const check = verifySignatures ? payloadCheck(protocol, claimed) : undefined;
  if (Number(headers['content-length']) <= collectedLength) {
    const body = await collectBody(request, response, collectedLength, clock);
    check?.(hash('sha256', body));
    return body;
  }
  askForBody(request, response);
  const body = streamedBody(request, check);
  watchUpload(request, clock, (error) => body.destroy(error));
  return body;
}

/** S3 wants to know how long an upload is, and takes HTTP's own chunks only around `aws-chunked` ones. */
function checkFraming(headers: IncomingMessage['headers']): void {
  if (headers['content-length'] !== undefined || headers['x-amz-decoded-content-length'] !== undefined) return;
  if (
    headers['transfer-encoding'] === undefined ||
    headers['x-amz-content-sha256']?.toString().startsWith('STREAMING-')
  ) {
    throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', { statusCode: 411 });
  }
  throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', {
    statusCode: 501,
    members: { Header: 'Transfer-Encoding' },
  });
}
