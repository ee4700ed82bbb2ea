import type { ContainerRuntime } from './runtimes/runtime.ts';

/** How an embedded AWS is set up. */
export interface EmulatorOptions {
  /** 0 or none: a free one. */
  readonly port?: number;
  readonly account: string;
  /** The region of requests that name none. */
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** False takes any or no signature. */
  readonly verifySignatures: boolean;
  /** `auto`: Docker when a daemon answers, else processes. */
  readonly runtime: 'docker' | 'process' | 'auto';
  /** Marks whatever the runtimes make, so that left-overs can be found. */
  readonly runId: string;
}

/** A running embedded AWS. */
export interface Emulator {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  readonly runtime: ContainerRuntime['name'];
  /** Forgets all state and ends every container. */
  reset(): Promise<void>;
  /** Ends every container, closes every connection and frees the port. */
  stop(): Promise<void>;
}
