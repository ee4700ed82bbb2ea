import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Clock } from '../../clock.ts';
import type { ServiceModel } from '../../protocols/service-model.ts';
import { AwsError } from '../../service.ts';
import { askForBody } from '../request-body.ts';
import type { Injection } from './fault-list.ts';
import { holdFor, holdForever } from './hold.ts';
import { lateErrorOf, serverErrorOf, throttlingOf } from './service-errors.ts';

/** A fault has cut the connection; there is nobody to answer to. */
export class ConnectionCutError extends Error {
  override readonly name = 'ConnectionCutError';
}

/** A call whose fault is due. */
export interface FaultyCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly clock: Clock;
  readonly model: ServiceModel;
  readonly operation: string;
}

/**
 * Does what a fault does before the operation: nothing, waiting, or what comes instead of the operation.
 *
 * @throws AwsError that is the answer instead of the operation's
 * @throws ConnectionCutError when there is none
 */
export async function injectBefore({ fault, removed }: Injection, call: FaultyCall): Promise<void> {
  const { request, response, clock, model, operation } = call;
  switch (fault.kind) {
    case 'throttling':
      await readToEnd(request, response);
      throw throttlingOf(model, operation, fault.code);
    case 'server-error':
      await readToEnd(request, response);
      throw serverErrorOf(model, fault.status);
    case 'error-in-200': {
      await readToEnd(request, response);
      const { code, message } = lateErrorOf(model, fault.code);
      throw new AwsError(code, message, { statusCode: 200 });
    }
    case 'connection-reset':
      if (fault.when === 'before') throw new ConnectionCutError();
      return;
    case 'latency':
      if (fault.when === 'before' && (await holdFor(fault.milliseconds, response, removed, clock)) === 'cut') {
        throw new ConnectionCutError();
      }
      return;
    case 'no-response':
      if (fault.when === 'after') return;
      // Only a connection that is read from tells that the client has left.
      request.resume();
      await holdForever(response, removed);
      throw new ConnectionCutError();
    case 'truncated-body':
    case 'slow-body':
      return;
  }
}

/** An answer that comes while the client still sends would be lost with the connection. */
async function readToEnd(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.readableEnded) return;
  askForBody(request, response);
  request.resume();
  await finished(request).catch(() => {});
  if (!request.complete) throw new ConnectionCutError();
}
