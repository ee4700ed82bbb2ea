import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { ContainerSpec } from '../../../runtimes/runtime.ts';
import { openAwslogs, type AwslogsContext, type AwslogsDriver } from './awslogs-driver.ts';

/** Where a container's output goes. */
export interface ContainerOutput {
  /**
   * Opens the log, unless only the container's id can name its stream; harmless when it is open.
   *
   * @throws LogDriverError when it cannot be opened
   */
  open(): void;
  readonly write: ContainerSpec['onOutput'];
  /**
   * Says which container the output is of, once it is there; a stream without a prefix is named after it.
   *
   * @throws LogDriverError when the log cannot be opened
   */
  started(runtimeId: string): void;
  /** Writes out what is still held back; nothing comes after it. */
  end(): void;
}

/**
 * Takes the output of a container, also over its restarts. A driver other than awslogs keeps the output where
 * the API cannot read it, so that it is dropped here.
 */
export function containerOutput(
  definition: ContainerDefinition,
  context: Omit<AwslogsContext, 'containerName' | 'runtimeId'>,
): ContainerOutput {
  const configuration = definition.logConfiguration;
  if (configuration?.logDriver !== 'awslogs') {
    return { open: () => undefined, write: () => undefined, started: () => undefined, end: () => undefined };
  }
  const openWith = (runtimeId: string): AwslogsDriver =>
    openAwslogs(configuration, { ...context, containerName: definition.name ?? '', runtimeId });
  const named = configuration.options?.['awslogs-stream-prefix'];
  let driver: AwslogsDriver | undefined;
  let waiting: Parameters<ContainerOutput['write']>[] = [];
  return {
    open() {
      if (named) driver ??= openWith('');
    },
    write(stream, chunk) {
      if (driver) driver.onOutput(stream, chunk);
      else waiting.push([stream, chunk]);
    },
    started(runtimeId) {
      if (driver) return;
      driver = openWith(runtimeId);
      for (const [stream, chunk] of waiting) driver.onOutput(stream, chunk);
      waiting = [];
    },
    end: () => driver?.close(),
  };
}
