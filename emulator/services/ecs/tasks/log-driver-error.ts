import { ContainerStartError } from '../../../runtimes/runtime.ts';

/** A log driver cannot do what it is configured for; `message` is the bare problem, in the driver's words. */
export class LogDriverError extends Error {
  override readonly name = 'LogDriverError';
  /** Whether an option is wrong or the log stream cannot be had. */
  readonly kind: 'option' | 'stream';

  constructor(kind: 'option' | 'stream', message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** The problem as a task on Fargate reports it, where the log is opened before any container is made. */
export function fargateLogError(error: LogDriverError): Error {
  const problem =
    error.kind === 'stream'
      ? `create stream has been retried 1 times: ${error.message} : exit status 1`
      : error.message;
  return new Error(`ResourceInitializationError: failed to validate logger args: ${problem}`, { cause: error });
}

/** The problem as a container on EC2 reports it: the Docker engine checks options when it makes the container and opens the log when it starts it. */
export function dockerLogError(error: LogDriverError): ContainerStartError {
  const [kind, problem] =
    error.kind === 'option'
      ? (['create', error.message] as const)
      : (['start', `failed to initialize logging driver: ${error.message}`] as const);
  return new ContainerStartError(kind, `Error response from daemon: ${problem}`, { cause: error });
}
