import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { BenchClient, Calls } from './workload.ts';

/** An answer as it came, to be sent again. */
export interface RecordedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What tells one measured call from another: the operation's name, or method and path where it has none. */
export function callKey(method: string, path: string, target: string | undefined): string {
  return target ?? `${method} ${path}`;
}

/** Not to be sent again: they belong to the connection or to the time. */
const OWN_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);

/**
 * Makes each of the measured calls once, and takes down its answer.
 *
 * @param client which makes them; it is not to be used for anything else
 * @returns the answers by `callKey`
 */
export async function recordAnswers(client: BenchClient, calls: Calls): Promise<Map<string, RecordedAnswer>> {
  const answers = new Map<string, RecordedAnswer>();
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers, method, path } = args.request as Sent;
      const response = result.response as Answer;
      const body = await buffer(response.body);
      response.body = Readable.from([body]);
      const kept = Object.entries(response.headers).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()));
      answers.set(callKey(method, path, headers['x-amz-target']), {
        status: response.statusCode,
        headers: { ...Object.fromEntries(kept), 'content-length': String(body.length) },
        body,
      });
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  for (const call of Object.values(calls)) await call();
  return answers;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: Readable;
}

/** For the bare server, which is a process of its own. */
export function formatAnswers(answers: ReadonlyMap<string, RecordedAnswer>): string {
  return JSON.stringify(
    Array.from(answers, ([key, answer]) => [key, { ...answer, body: answer.body.toString('base64') }]),
  );
}

/** Reads what `formatAnswers` wrote. */
export function parseAnswers(text: string): Map<string, RecordedAnswer> {
  const entries = JSON.parse(text) as [string, Omit<RecordedAnswer, 'body'> & { readonly body: string }][];
  return new Map(entries.map(([key, answer]) => [key, { ...answer, body: Buffer.from(answer.body, 'base64') }]));
}
