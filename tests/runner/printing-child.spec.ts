import { expect, test } from '@playwright/test';
import { type PrintingChild, startNode } from '../support/printing-child.ts';
import { processesWith } from '../support/processes.ts';

/** Runs a script; `use` may leave it running. */
async function withChild(script: string, use: (child: PrintingChild) => Promise<void>): Promise<void> {
  const child = startNode(['-e', script], { cwd: import.meta.dirname });
  try {
    await use(child);
  } finally {
    await child.stop();
  }
}

test('what a process prints is waited for, also when it comes in parts', async () => {
  await withChild("process.stdout.write('rea'); setTimeout(() => console.error('dy'), 20)", async (child) => {
    expect(await child.printed('ready')).toContain('ready');
    expect(await child.ended).toEqual({ exitCode: 0, output: 'ready\n' });
  });
});

test('a process that ends without printing it is an error with its output and exit code', async () => {
  await withChild("console.log('no luck'); process.exitCode = 3", async (child) => {
    await expect(child.printed('ready')).rejects.toThrow(
      'The process ended (exit code 3) without printing "ready". It printed:\nno luck\n',
    );
  });
});

test('a process that goes on without printing it is an error after the deadline, with its output', async () => {
  await withChild("console.log('still at it'); setInterval(() => {}, 1000)", async (child) => {
    await child.printed('still at it');
    await expect(child.printed('ready', 50)).rejects.toThrow(
      'The process did not print "ready" within 50 ms. It printed:\nstill at it\n',
    );
  });
});

test('a stopped process is gone, and stopping it again does nothing', async () => {
  const marker = `marker-${process.pid}`;
  await withChild(`console.log('up'); setInterval(() => {}, 1000); // ${marker}`, async (child) => {
    await child.printed('up');
    expect(await processesWith(marker)).toHaveLength(1);
    await child.stop();
    expect(await processesWith(marker)).toEqual([]);
    expect(await child.ended).toMatchObject({ exitCode: null });
  });
});
