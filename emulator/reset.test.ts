import { expect, test } from '@playwright/test';
import { manualClock } from './clock.ts';
import { resetServices } from './reset.ts';
import { ecsModel } from './services/ecs/model.ts';
import { logsModel } from './services/logs/model.ts';
import { stsModel } from './services/sts/model.ts';

test('services are reset one after the other', async () => {
  const steps: string[] = [];
  const service = (model: typeof ecsModel) => ({
    model,
    reset: async () => {
      steps.push(`${model.name} begins`);
      await Promise.resolve();
      steps.push(`${model.name} ends`);
    },
  });
  await resetServices([service(ecsModel), service(logsModel)], manualClock());
  expect(steps).toEqual(['ecs begins', 'ecs ends', 'logs begins', 'logs ends']);
});

test('a service that hangs and one that fails are named, and keep no other from its reset', async () => {
  const clock = manualClock();
  let forgotten = false;
  const services = [
    { model: ecsModel, reset: () => new Promise<void>(() => undefined) },
    { model: stsModel, reset: () => Promise.reject(new Error('a bug')) },
    {
      model: logsModel,
      reset: async () => {
        forgotten = true;
      },
    },
  ];
  const reset = resetServices(services, clock, 5_000);
  clock.advance(5_000);
  await expect(reset).rejects.toThrow(
    'Not all could be reset, and containers may be left: ecs has not ended all that it runs within 5 s; sts failed: a bug.',
  );
  expect(forgotten).toBe(true);
});
