/** One API call that a client is about to send. */
export interface GuardedCall {
  /** As the clients are called: `ecs`, `s3`, … */
  readonly service: string;
  /** Its operation, e.g. `RunTask`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The test that makes it; undefined between tests. */
  readonly testId: string | undefined;
  /** The client that sends it, for calls that belong to this one. */
  readonly client: { send(command: never): Promise<unknown> };
}

/** Stands between clients and an AWS where calls cost money. */
export interface CallGuard {
  /**
   * Sends a call, or refuses it.
   *
   * @param send sends it, with this input
   * @returns the answer, as the test is to see it
   * @throws Error that says what is wrong with the call; nothing was sent then
   */
  pass<Output>(call: GuardedCall, send: (input: GuardedCall['input']) => Promise<Output>): Promise<Output>;
  /** Why no further test may begin; undefined where it may. */
  exhausted(): Promise<string | undefined>;
}
