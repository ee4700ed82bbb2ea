import type { IncomingMessage } from 'node:http';
import { type ControlRoute, sendJson } from '../../control-route.ts';
import type { ServiceModel } from '../../protocols/service-model.ts';
import { BodyTooLargeError, collectBody } from '../request-body.ts';
import type { FaultList } from './fault-list.ts';
import { FaultRuleError, readFaultRule } from './fault-rule.ts';

/** Bytes; a rule has a few hundred. */
const longestRule = 64 * 1024;

/**
 * The routes of the faults:
 *
 *     POST   /_testbed/faults            adds one:  curl -d '{"service":"s3","times":2,"fault":{"kind":"throttling"}}' …
 *     GET    /_testbed/faults            lists them, each with how often it was `injected`
 *     DELETE /_testbed/faults/{id}       removes one
 *     DELETE /_testbed/faults?testId=…   removes those of a test; without the parameter, all
 *
 * What is wrong with a request is answered with 400 and a `message`, an unknown id with 404.
 */
export function faultRoutes(faults: FaultList, models: readonly ServiceModel[]): ControlRoute[] {
  return [
    {
      method: 'POST',
      path: /^\/faults$/,
      async handle(request, response) {
        try {
          const body = await collectBody(request, response, longestRule);
          sendJson(response, 201, faults.add(readFaultRule(JSON.parse(body.toString()), models)));
        } catch (error) {
          sendJson(response, 400, { message: explain(error) });
        }
      },
    },
    {
      method: 'GET',
      path: /^\/faults$/,
      handle: (_request, response) => sendJson(response, 200, faults.list()),
    },
    {
      method: 'DELETE',
      path: /^\/faults\/(?<id>[^/]+)$/,
      handle(_request, response, { id = '' }) {
        if (faults.remove(id)) sendJson(response, 200, { removed: 1 });
        else
          sendJson(response, 404, {
            message: `there is no fault ${id}; GET /_testbed/faults lists those that there are`,
          });
      },
    },
    {
      method: 'DELETE',
      path: /^\/faults$/,
      handle(request, response) {
        const parameters = parametersOf(request);
        const unknown = [...parameters.keys()].filter((name) => name !== 'testId');
        // A mistyped parameter must not remove everybody's.
        if (unknown.length > 0) {
          sendJson(response, 400, { message: `there is no parameter ${unknown.join(', ')}; there is testId` });
          return;
        }
        const testId = parameters.get('testId');
        sendJson(response, 200, { removed: faults.clear(testId === null ? {} : { testId }) });
      },
    },
  ];
}

function parametersOf(request: IncomingMessage): URLSearchParams {
  return new URL(request.url ?? '', 'http://gateway').searchParams;
}

function explain(error: unknown): string {
  if (error instanceof FaultRuleError) return error.message;
  if (error instanceof SyntaxError) return `The body is not JSON: ${error.message}`;
  if (error instanceof BodyTooLargeError) return `The body is longer than ${longestRule} bytes.`;
  throw error;
}
