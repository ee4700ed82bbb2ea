import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Clock } from '../../clock.ts';
import type { ServiceModel } from '../../protocols/service-model.ts';
import { AwsError } from '../../service.ts';
import { askForBody } from '../request-body.ts';
import type { Injection } from './fault-list.ts';
import { holdFor, holdForever, type HoldResult } from './hold.ts';
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
export async function injectBefore({ id, fault, removed }: Injection, call: FaultyCall): Promise<void> {
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
      if (fault.when === 'before') goOn(id, await holdFor(fault.milliseconds, response, removed, clock));
      return;
    case 'no-response':
      if (fault.when === 'after') return;
      // Only a connection that is read from tells that the client has left.
      request.resume();
      goOn(id, await holdForever(response, removed));
      return;
    case 'truncated-body':
    case 'slow-body':
      return;
  }
}

/**
 * A removed fault must not let go what it held up: the test that waited for it may be over. Nor is its
 * connection cut, for SDK clients would try again; they do not after a refusal that says 400.
 */
function goOn(id: string, result: HoldResult): void {
  if (result === 'gone') throw new ConnectionCutError();
  if (result === 'removed') {
    const message = `${id}, which held this call up, was removed before the operation was done.`;
    throw new AwsError('FaultRemoved', message, { statusCode: 400 });
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
