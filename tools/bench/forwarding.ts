import { Agent, request } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Child, startProgram } from './children.ts';
import { mustUndo } from './cleanup.ts';
import { callKey, formatAnswers } from './recorded-answers.ts';
import type { Row } from './report.ts';
import { summarize } from './statistics.ts';

const answerPath = '/bucket/key';
/** As large as an answer about one item or object usually is; bytes. */
const answerSize = 1_024;
/** Calls of each kind in a round, and before the first. */
const calls = 1_000;
const warmUp = 2_000;
/** What the gateway may add to a call; ms. */
const goal = 1;

/**
 * What a gateway in front of a server adds to a call that it passes on: the medians of calls through it and of
 * calls past it, to a bare server which answers at once. The two are made in turns, one after the other, each
 * over one kept connection.
 */
export async function benchForwarding(rounds: number, progress: (line: string) => void): Promise<Row[]> {
  progress('forwarding: starting a bare server, and a gateway in front of it');
  const bare = startBareServer();
  const behind = (await bare.line(/listening on (\S+)/, 30_000))[1] ?? '';
  const gateway = startProgram('emulator/main.ts', ['--port', '0', '--runtime', 'process', '--upstream', behind]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const front = (await gateway.line(/AWS_ENDPOINT_URL=(\S+)/, 30_000))[1] ?? '';
    const targets = [new URL(answerPath, behind), new URL(answerPath, front)] as const;
    for (let call = 0; call < warmUp; call++) for (const target of targets) await timeCall(target, agent);
    const added: number[] = [];
    const direct: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`forwarding: round ${round} of ${rounds}`);
      const times: [number[], number[]] = [[], []];
      for (let call = 0; call < calls; call++) {
        times[0].push(await timeCall(targets[0], agent));
        times[1].push(await timeCall(targets[1], agent));
      }
      const [past, through] = times.map((list) => summarize(list).median) as [number, number];
      direct.push(past);
      added.push(through - past);
    }
    return [
      {
        section: 'A call that the gateway passes on',
        name: 'to the server itself, p50',
        figure: summarize(direct),
        unit: 'ms',
      },
      {
        section: 'A call that the gateway passes on',
        name: 'added by the gateway in front, p50',
        figure: summarize(added),
        unit: 'ms',
        goal: { is: 'at most', value: goal },
      },
    ];
  } finally {
    agent.destroy();
    await gateway.stop();
    await bare.stop();
  }
}

function startBareServer(): Child {
  const folder = mkdtempSync(path.join(tmpdir(), 'testbed-bench-'));
  mustUndo(async () => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'answers.json');
  const body = Buffer.alloc(answerSize, 'x');
  const headers = { 'content-length': String(answerSize), 'content-type': 'application/octet-stream' };
  writeFileSync(
    file,
    formatAnswers(new Map([[callKey('GET', answerPath, undefined), { status: 200, headers, body }]])),
  );
  return startProgram('tools/bench/bare-server.ts', [file]);
}

/** @returns milliseconds from the request to the end of its answer */
function timeCall(url: URL, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const call = request(url, { agent }, (response) => {
      response.resume();
      response.once('error', reject);
      response.once('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - start);
        else reject(new Error(`${url.href} answers ${response.statusCode}`));
      });
    });
    call.once('error', reject);
    call.end();
  });
}
