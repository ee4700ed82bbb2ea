import { expect, test } from '@playwright/test';
import { ImageError } from '../runtime.ts';
import { sharedSteps, type SharedStep } from './shared-steps.ts';

/** A step in the hands of a test, which ends as told, or with its signal as a request does. */
function controlledStep(): {
  run: (step: SharedStep) => Promise<void>;
  runs: SharedStep[];
  end: () => void;
  fail: (error: Error) => void;
} {
  let end = (): void => {};
  let fail: (error: Error) => void = () => {};
  const runs: SharedStep[] = [];
  return {
    runs,
    end: () => end(),
    fail: (error) => fail(error),
    run: async (step) => {
      runs.push(step);
      return new Promise<void>((resolve, reject) => {
        [end, fail] = [resolve, reject];
        step.signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    },
  };
}

const { signal: never } = new AbortController();

test('callers that want the same share one step, and each gets its progress', async () => {
  const share = sharedSteps();
  const step = controlledStep();
  const lines: string[] = [];
  const first = share('image', 'the pull', { signal: never, onProgress: (line) => lines.push(`1 ${line}`) }, step.run);
  step.runs[0]?.onProgress('begun');
  const second = share('image', 'the pull', { signal: never, onProgress: (line) => lines.push(`2 ${line}`) }, step.run);
  step.runs[0]?.onProgress('going on');
  step.end();
  await Promise.all([first, second]);
  expect(lines).toEqual(['1 begun', '1 going on', '2 going on']);
  expect(step.runs).toHaveLength(1);
});

test('a caller that is called off leaves; the step goes on for the others', async () => {
  const share = sharedSteps();
  const step = controlledStep();
  const caller = new AbortController();
  const leaving = share('image', 'the build of image', { signal: caller.signal }, step.run);
  const staying = share('image', 'the build of image', { signal: never }, step.run);
  caller.abort('enough');
  const error = await leaving.catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ImageError);
  expect(error).toMatchObject({ message: 'the build of image was called off', cause: 'enough' });
  expect(step.runs[0]?.signal.aborted).toBe(false);
  step.end();
  await expect(staying).resolves.toBeUndefined();
});

test('a step is aborted with the last caller, and the next begins anew', async () => {
  const share = sharedSteps();
  const step = controlledStep();
  const caller = new AbortController();
  const leaving = share('image', 'the build', { signal: caller.signal }, step.run);
  caller.abort();
  await expect(leaving).rejects.toThrow('was called off');
  expect(step.runs[0]?.signal.aborted).toBe(true);
  const next = share('image', 'the build', { signal: never }, step.run);
  expect(step.runs).toHaveLength(2);
  step.end();
  await next;
});

test('all callers hear of a failure, and the next one tries again', async () => {
  const share = sharedSteps();
  const step = controlledStep();
  const both = [1, 2].map(async () => share('image', 'the pull', { signal: never }, step.run));
  step.fail(new ImageError('no such image'));
  for (const result of await Promise.allSettled(both)) {
    expect(result).toMatchObject({ status: 'rejected', reason: { message: 'no such image' } });
  }
  const again = share('image', 'the pull', { signal: never }, step.run);
  step.end();
  await expect(again).resolves.toBeUndefined();
  expect(step.runs).toHaveLength(2);
});

test('a caller that was called off before begins nothing', async () => {
  const step = controlledStep();
  const called = sharedSteps()('image', 'the pull', { signal: AbortSignal.abort() }, step.run);
  await expect(called).rejects.toThrow('the pull was called off');
  expect(step.runs).toEqual([]);
});
