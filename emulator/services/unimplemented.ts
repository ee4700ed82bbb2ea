import type { ServiceModel } from '../protocols/service-model.ts';
import type { Service } from '../service.ts';

/** A service of which the emulator knows the API only: the gateway refuses each operation by its name. */
export function unimplementedService(model: ServiceModel): Service<undefined> {
  return { model, operations: {}, state: () => undefined, reset: () => Promise.resolve() };
}
