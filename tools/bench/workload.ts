import type { MiddlewareStack } from '@smithy/types';

/** The measured calls of an endpoint by operation; each resolves when its answer has been read to the end. */
export type Calls = Readonly<Record<string, () => Promise<unknown>>>;

/** What the bench needs of an SDK client, whatever its service. */
export interface BenchClient {
  // oxlint-disable-next-line typescript/no-explicit-any -- each client's stack is typed by the inputs of its own service
  readonly middlewareStack: Pick<MiddlewareStack<any, any>, 'add'>;
  destroy(): void;
}

/** Operations of one service that are measured together. */
export interface Family<Client extends BenchClient = BenchClient> {
  /** As in the report: `ECS`. */
  readonly service: string;
  readonly operations: readonly string[];
  /** A client that tries once, with the keys `test` and `test`. */
  client(endpoint: string): Client;
  /** A small call, only to see whether the endpoint answers. */
  probe(client: Client): Promise<unknown>;
  /**
   * Makes, through the API, what the measured calls ask for.
   *
   * @param endpoint the client's
   * @throws the SDK's error when the endpoint refuses
   */
  prepare(client: Client, endpoint: string): Promise<Workload<Client>>;
}

export interface Workload<Client> {
  /** The measured calls, also for an endpoint that answers them with what another one has answered. */
  callsOn(client: Client): Calls;
  /** What is to be known of an operation's figure at this endpoint. */
  readonly remarks?: Readonly<Record<string, string>>;
  /** Removes what was made; never rejects. */
  remove(): Promise<void>;
}

/** Of every client of the bench. */
export const clientSettings = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
} as const;
