import { expect, test } from '@playwright/test';
import { outputDemultiplexer } from './output-stream.ts';

function frame(stream: 1 | 2, text: string): Buffer {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

const BYTES = Buffer.concat([frame(1, 'one'), frame(2, 'problem'), frame(1, ''), frame(1, 'zwei €')]);

for (const size of [1, 3, 7, 8, 9, BYTES.length]) {
  test(`takes the streams apart when they come in pieces of ${size} bytes`, () => {
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const write = outputDemultiplexer((stream, chunk) => output[stream].push(chunk));
    for (let start = 0; start < BYTES.length; start += size) write(BYTES.subarray(start, start + size));
    expect(Buffer.concat(output.stdout).toString()).toBe('onezwei €');
    expect(Buffer.concat(output.stderr).toString()).toBe('problem');
  });
}
