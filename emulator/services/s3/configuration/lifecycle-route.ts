import { text } from 'node:stream/consumers';
import { type ControlRoute, sendJson } from '../../../control-route.ts';
import type { S3State } from '../state.ts';
import { runLifecycle } from './lifecycle-run.ts';

/**
 * `POST /_testbed/s3/lifecycle`: applies the lifecycle rules now, which AWS does once a day. The JSON body
 * may name a `bucket` and a `now` (ISO 8601, or milliseconds since the Unix epoch) to act as if it were
 * that time. The answer lists what was done.
 */
export function lifecycleRoute(state: S3State): ControlRoute {
  return {
    method: 'POST',
    path: /^\/s3\/lifecycle$/,
    async handle(request, response) {
      const asked = readRequest(await text(request));
      if (typeof asked === 'string') {
        sendJson(response, 400, { message: asked });
        return;
      }
      const bucket = asked.bucket === undefined ? undefined : state.buckets.get(asked.bucket);
      if (asked.bucket !== undefined && !bucket) {
        sendJson(response, 404, { message: `there is no bucket '${asked.bucket}'` });
        return;
      }
      const now = asked.now ?? state.clock.now();
      const actions = (bucket ? [bucket] : [...state.buckets.values()]).flatMap((each) =>
        runLifecycle(state, each, now),
      );
      sendJson(response, 200, { now: new Date(now).toISOString(), actions });
    },
  };
}

/** @returns what is wrong with it, as text */
function readRequest(json: string): { readonly bucket?: string; readonly now?: number } | string {
  let body: unknown;
  try {
    body = json.trim() === '' ? {} : JSON.parse(json);
  } catch {
    return 'the body is no JSON: send {"bucket"?: string, "now"?: string | number}';
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'the body must be a JSON object';
  const { bucket, now, ...others } = body as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `the body has an unknown member '${unknown}': it may have bucket and now`;
  if (bucket !== undefined && typeof bucket !== 'string') return 'bucket must be the name of a bucket';
  if (now !== undefined && typeof now !== 'string' && typeof now !== 'number') return 'now must be a time';
  const time = now === undefined ? undefined : new Date(now).getTime();
  if (Number.isNaN(time)) return `now is no time: ${String(now)}`;
  return { ...(bucket !== undefined && { bucket }), ...(time !== undefined && { now: time }) };
}
