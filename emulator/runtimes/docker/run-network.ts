import type Docker from 'dockerode';
import { engineErrorStatus } from './engine-error.ts';

/** The bridge network on which the tasks of a runtime have their addresses. */
export interface RunNetwork {
  readonly name: string;
  /** Makes it unless it is there. */
  ensure(): Promise<void>;
  /** Removes it if it was made; its containers must be gone. Never rejects. */
  remove(): Promise<void>;
}

export function openRunNetwork(engine: Docker, name: string, labels: Readonly<Record<string, string>>): RunNetwork {
  let made: Promise<unknown> | undefined;
  return {
    name,
    ensure: async () => {
      made ??= engine.createNetwork({ Name: name, Driver: 'bridge', CheckDuplicate: true, Labels: { ...labels } });
      try {
        await made;
      } catch (error) {
        made = undefined;
        if (engineErrorStatus(error) === 409) return;
        throw error;
      }
    },
    remove: async () => {
      if (!made) return;
      await made.catch(() => {});
      await engine
        .getNetwork(name)
        .remove()
        .catch(() => {});
    },
  };
}
