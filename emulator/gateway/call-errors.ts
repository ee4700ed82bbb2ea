import type { ProtocolName, ServiceModel } from '../protocols/service-model.ts';
import { AwsError } from '../service.ts';
import { BodyTooLargeError } from './request-body.ts';
import type { UnknownRoute } from './routing.ts';
import { stackOf } from './stack-of.ts';

/** A service that neither the emulator has nor, where there is one, the server behind it. */
export function unknownService(route: UnknownRoute): AwsError {
  const message = `The emulator does not have the ${route.wanted}; GET /_testbed/health lists those that it has.`;
  return new AwsError(codeOfUnimplemented[route.protocol], message, { statusCode: 501 });
}

/** What clients of each protocol know as "there is no such operation". */
const codeOfUnimplemented: Readonly<Record<ProtocolName, string>> = {
  awsJson1_0: 'UnknownOperationException',
  awsJson1_1: 'UnknownOperationException',
  restJson1: 'UnknownOperationException',
  restXml: 'NotImplemented',
  awsQuery: 'NotImplemented',
};

/**
 * An operation that there is not.
 *
 * @param modelled true for an operation that AWS has and the emulator has not, false for one that neither has
 */
export function unknownOperation(model: ServiceModel, operation: string, modelled: boolean): AwsError {
  if (modelled) {
    const message = `The emulator does not implement ${operation} of '${model.name}'; nothing was done.`;
    return new AwsError(codeOfUnimplemented[model.protocol], message, { statusCode: 501 });
  }
  if (model.protocol === 'awsQuery') {
    const message = operation
      ? `Could not find operation ${operation} for version ${model.apiVersion}`
      : 'Action or operation is required';
    return new AwsError(operation ? 'InvalidAction' : 'MissingAction', message, { statusCode: 400 });
  }
  const message = model.operations.has(operation)
    ? `'${model.name}' takes ${operation} in another content type.`
    : `'${model.name}' has no operation ${operation || '(none named)'}.`;
  const statusCode = model.protocol === 'restXml' ? 405 : 404;
  const code = model.protocol === 'restXml' ? 'MethodNotAllowed' : 'UnknownOperationException';
  return new AwsError(code, message, { statusCode });
}

/** Serialising an error needs a model only for its errors; an unknown service has none. */
export const noModel: ServiceModel = {
  name: 'unknown',
  protocol: 'restJson1',
  apiVersion: '',
  targetPrefix: undefined,
  xmlNamespace: undefined,
  operations: new Map(),
  errors: new Map(),
  constraints: { structures: {} },
  refuse: () => new AwsError('ValidationException', 'The input is not valid.'),
  errorType: undefined,
  endpointLabels: undefined,
};

/** The call that failed, as far as it is known. */
interface FailedCall {
  readonly protocolName: ProtocolName;
  readonly service: string;
  readonly operation: string;
  readonly requestId: string;
}

/** What a call failed with, as a refusal; what nobody has foreseen goes to standard error with its stack. */
export function asAwsError(error: unknown, call: FailedCall): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof BodyTooLargeError) {
    const message = 'The request body is larger than the service takes.';
    return new AwsError(
      call.protocolName === 'restXml' ? 'EntityTooLarge' : 'RequestEntityTooLargeException',
      message,
      {
        statusCode: 413,
      },
    );
  }
  process.stderr.write(`emulator: ${call.service} ${call.operation} (${call.requestId}) failed: ${stackOf(error)}\n`);
  return new AwsError(
    internalError[call.protocolName],
    `The emulator failed inside ${call.operation}; its standard error has the stack of request ${call.requestId}.`,
    { statusCode: 500 },
  );
}

const internalError: Readonly<Record<ProtocolName, string>> = {
  awsJson1_0: 'InternalFailure',
  awsJson1_1: 'ServerException',
  restJson1: 'ServerException',
  restXml: 'InternalError',
  awsQuery: 'InternalFailure',
};
