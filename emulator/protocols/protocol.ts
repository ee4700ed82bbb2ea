import type { Readable } from 'node:stream';
import type { AwsError } from '../service.ts';
import type { ChunkSignatures } from './aws-chunked.ts';
import type { OperationModel, ServiceModel } from './service-model.ts';

/** What a request is told by before its body: one object per request, under which protocols keep what they found. */
export interface RequestHead {
  readonly method: string;
  /** The path as sent, still percent-encoded, without the query. */
  readonly path: string;
  /** The query as sent, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A request as the gateway hands it to a protocol: already routed to a service and authenticated. */
export interface ProtocolRequest extends RequestHead {
  /** Whole for most operations; a stream where the input's payload is a streaming blob. */
  readonly body: Buffer | Readable;
}

export interface ProtocolResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string | Readable;
}

/**
 * The key under which an output of a REST operation says its own HTTP status, where the model's does not
 * fit: `{ Body, [httpStatus]: 206 }` for a range of an object.
 */
export const httpStatus: unique symbol = Symbol('HTTP status');

/** One wire protocol, both ways, driven by a service's model. Stateless. */
export interface Protocol {
  /** Finds the operation that a request means; undefined when the model has none. */
  operationOf(model: ServiceModel, head: RequestHead, body: Buffer | undefined): OperationModel | undefined;
  /** What the caller seems to have asked for, to name in the error when `operationOf` finds nothing. */
  operationNameOf(head: RequestHead, body: Buffer | undefined): string;
  /** True when the operation's input carries a streaming blob, so that the gateway must not collect the body. */
  streamsInput(operation: OperationModel): boolean;
  /**
   * Parses and validates the input.
   *
   * @param head the very object that `operationOf` was asked with
   * @param chunkSignatures checks the chunks of a body that is signed in chunks; none: nobody does
   * @throws AwsError in the service's words when it breaks schema or constraints
   */
  parse(
    model: ServiceModel,
    operation: OperationModel,
    head: RequestHead,
    body: ProtocolRequest['body'],
    chunkSignatures?: ChunkSignatures,
  ): Promise<Record<string, unknown>>;
  serialize(model: ServiceModel, operation: OperationModel, output: unknown, requestId: string): ProtocolResponse;
  serializeError(model: ServiceModel, error: AwsError, requestId: string): ProtocolResponse;
}
