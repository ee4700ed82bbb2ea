import type { Settings } from '../../../environments/settings.ts';
import type { KeptName, KeptRecord } from '../state-folder.ts';

/** What starting, looking at and ending a kept environment is told. */
export interface KeptContext {
  readonly folder: string;
  readonly settings: Settings;
  /** Gets a line of progress now and then. */
  readonly tell: (line: string) => void;
}

export interface KeptStart extends KeptContext {
  /** The port on 127.0.0.1; 0 for a free one; undefined for 4566, or a free one when that is taken. */
  readonly port: number | undefined;
  /** Ends the start; nothing of it is left behind. */
  readonly signal: AbortSignal;
}

/** How a kept environment is. */
export type Condition =
  | { readonly state: 'healthy' | 'unhealthy' | 'starting'; readonly detail: string }
  /** Its process or container is no more: what is written down of it is stale. */
  | { readonly state: 'gone'; readonly detail: string };

/** One environment that can be kept up between runs. */
export interface KeptEnvironment {
  readonly name: KeptName;
  /**
   * Starts it and waits until it is ready; writes it down as soon as there is something to end.
   *
   * @throws Error that says what did not happen, with the end of its log; nothing is left behind
   */
  start(context: KeptStart): Promise<KeptRecord>;
  /** Looks how it is. Rejects only when nobody can be asked. */
  inspect(record: KeptRecord, context: KeptContext): Promise<Condition>;
  /** Ends it; nothing happens when it is gone. */
  end(record: KeptRecord, context: KeptContext): Promise<void>;
  /**
   * Writes what it printed.
   *
   * @param follow goes on until it ends or this signal is given; undefined: what there is now
   */
  writeLog(
    record: KeptRecord | undefined,
    context: KeptContext,
    write: (text: string) => void,
    follow: AbortSignal | undefined,
  ): Promise<void>;
}
