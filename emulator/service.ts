import type { Readable } from 'node:stream';
import type { ControlRoute } from './control-route.ts';
import type { ProtocolResponse, RequestHead } from './protocols/protocol.ts';
import type { ServiceModel } from './protocols/service-model.ts';

/** Who makes a request, as STS GetCallerIdentity would describe it. */
export interface Caller {
  readonly accessKeyId: string;
  readonly arn: string;
  readonly userId: string;
}

/** Who makes a request that is not signed. */
export const anonymousCaller: Caller = { accessKeyId: '', arn: 'anonymous', userId: 'anonymous' };

/** What an operation knows of the request besides its input. */
export interface RequestContext {
  readonly account: string;
  /** From the SigV4 credential scope; the emulator's default region when the request is not signed. */
  readonly region: string;
  readonly requestId: string;
  readonly caller: Caller;
  /** As it was sent, for the few operations that depend on more than their input: S3's links name the host. */
  readonly request: RequestHead;
}

/**
 * One API operation: a plain function from the state of its region and a validated input to an output.
 * The input has passed the service's schema and generated constraints. It throws `AwsError` to refuse.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- each operation narrows its own input and output
export type Operation<State> = (state: State, input: any, context: RequestContext) => unknown;

/**
 * An emulated AWS service. Its state exists once per region, as on AWS.
 * Operations that the model has and this table lacks are refused by the gateway, by name.
 */
export interface Service<State = unknown> {
  readonly model: ServiceModel;
  readonly operations: Readonly<Record<string, Operation<State>>>;
  /** The state of a region, made empty at its first use. */
  state(region: string): State;
  /**
   * Finds what a request asks for that the model does not describe, before the model is asked: S3 takes
   * uploads as forms and answers a browser's preflight. Undefined when it is none of those.
   */
  readonly unmodelled?: (request: RequestHead) => UnmodelledOperation<State> | undefined;
  /** Headers that an answer to this request gets besides its own, refusals too: those of CORS, for S3. */
  readonly extraHeaders?: (state: State, request: RequestHead) => Readonly<Record<string, string>>;
  /**
   * Whether an operation is open to requests that nobody signed, as S3's are by a public policy or ACL.
   * Asked only where signatures are checked; none: every such request is refused. The caller of one that
   * is let in is `anonymousCaller`.
   */
  readonly admitsAnonymous?: (state: State, request: RequestHead, operation: string) => boolean;
  /** The service's routes outside the AWS API, such as the task metadata endpoint. */
  readonly controlRoutes?: readonly ControlRoute[];
  /** What there is, in every region, by ARN where it has one; none when everybody has cleaned up. */
  resources?(): readonly string[];
  /** Ends everything that runs and forgets all state, in every region. Resolves when nothing is left. */
  reset(): Promise<void>;
}

/** An operation that a service's model does not describe. What it throws is answered as any refusal of the service is. */
export interface UnmodelledOperation<State = unknown> {
  /** As the call trace names it. */
  readonly name: string;
  handle(
    state: State,
    request: RequestHead & { readonly body: Readable },
    // The gateway knows of no signature on it; where there is one, as in a form, the operation checks it.
    context: Omit<RequestContext, 'caller'>,
  ): Promise<ProtocolResponse>;
}

/** A refusal in a service's own words; the protocol layer turns it into the service's wire format. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** The error's code, e.g. `ClusterNotFoundException`. */
  readonly code: string;
  /** The HTTP status; undefined means: what the service's error schema says, else 400. */
  readonly statusCode: number | undefined;
  /** Members of the error's shape besides the message, e.g. `{ resourceIds: [...] }`. */
  readonly members: Readonly<Record<string, unknown>>;
  /** Headers that restXml answers with besides its own, e.g. `x-amz-delete-marker`; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    message: string,
    options: { statusCode?: number; members?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.code = code;
    this.statusCode = options.statusCode;
    this.members = options.members ?? {};
    this.headers = options.headers ?? {};
  }
}
