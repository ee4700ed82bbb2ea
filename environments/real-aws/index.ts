import type { StartEnvironment } from '../broker/broker.ts';
import type { EnvironmentDefinition } from '../environment.ts';

/**
 * An AWS account. Nothing stands in for it: without its guards it is not available. The clients that they need
 * are loaded by those only who use it.
 */
export const realAws: EnvironmentDefinition = {
  name: 'real-aws',

  async probe() {
    const { probeAccount } = await import('./account.ts');
    return probeAccount();
  },

  lend() {
    let lend: Promise<StartEnvironment> | undefined;
    return async (slot, signal) => {
      lend ??= import('./account.ts').then(({ lendLedger }) => lendLedger());
      return (await lend)(slot, signal);
    };
  },

  async start(context) {
    const { startInAccount } = await import('./account.ts');
    return startInAccount(context);
  },
};
