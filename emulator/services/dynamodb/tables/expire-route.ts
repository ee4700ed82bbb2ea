import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { type ControlRoute, sendJson } from '../../../control-route.ts';
import type { DynamodbState } from '../state.ts';
import { removeExpired } from './time-to-live.ts';

const body = z.strictObject({
  table: z.string().optional(),
  // As ISO 8601 or as milliseconds since the Unix epoch.
  now: z.union([z.number(), z.iso.datetime().transform((time) => Date.parse(time))]).optional(),
});

const accepted = '{"table"?: "its name", "now"?: "2027-01-01T00:00:00Z" or milliseconds since 1970}';

/**
 * `POST /_testbed/dynamodb/expire` removes what is expired in every region and answers `{"removed": 3}`. The
 * JSON body may name a `table`, and a `now` to act as if it were that time.
 */
export function expireRoute(states: () => Iterable<DynamodbState>): ControlRoute {
  return {
    method: 'POST',
    path: /^\/dynamodb\/expire$/,
    async handle(request, response) {
      const asked = body.safeParse(read(await text(request)));
      if (!asked.success) {
        sendJson(response, 400, { message: `the body must be ${accepted}: ${z.prettifyError(asked.error)}` });
        return;
      }
      const { table: name, now } = asked.data;
      const tables = [...states()].flatMap(({ tables, clock }) =>
        [...tables.values()]
          .filter((table) => name === undefined || table.name === name)
          .map((table) => ({ table, clock })),
      );
      if (name !== undefined && tables.length === 0) {
        sendJson(response, 404, { message: `there is no table '${name}'` });
        return;
      }
      const removed = tables.reduce((sum, { table, clock }) => sum + removeExpired(table, now ?? clock.now()), 0);
      sendJson(response, 200, { removed });
    },
  };
}

function read(json: string): unknown {
  try {
    return json.trim() === '' ? {} : JSON.parse(json);
  } catch {
    return 'no JSON';
  }
}
