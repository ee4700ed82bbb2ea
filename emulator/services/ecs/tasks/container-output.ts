import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { ContainerSpec } from '../../../runtimes/runtime.ts';
import { openAwslogs, type AwslogsContext, type AwslogsDriver } from './awslogs-driver.ts';

/** Where a container's output goes. */
export interface ContainerOutput {
  readonly write: ContainerSpec['onOutput'];
  /**
   * Says which container the output is of, once it is there; a stream without a prefix is named after it.
   *
   * @throws Error with the stopped reason when the log cannot be opened
   */
  started(runtimeId: string): void;
  /** Writes out what is still held back; nothing comes after it. */
  end(): void;
}

/**
 * Opens the log of a container. A driver other than awslogs keeps the output where the API cannot read it,
 * so that it is dropped here.
 *
 * @throws Error with the stopped reason when the log cannot be opened
 */
export function openContainerOutput(
  definition: ContainerDefinition,
  context: Omit<AwslogsContext, 'containerName' | 'runtimeId'>,
): ContainerOutput {
  const configuration = definition.logConfiguration;
  if (configuration?.logDriver !== 'awslogs') {
    return { write: () => undefined, started: () => undefined, end: () => undefined };
  }
  const open = (runtimeId: string): AwslogsDriver =>
    openAwslogs(configuration, { ...context, containerName: definition.name ?? '', runtimeId });
  const named = configuration.options?.['awslogs-stream-prefix'];
  let driver = named ? open('') : undefined;
  let waiting: Parameters<ContainerOutput['write']>[] = [];
  return {
    write(stream, chunk) {
      if (driver) driver.onOutput(stream, chunk);
      else waiting.push([stream, chunk]);
    },
    started(runtimeId) {
      if (driver) return;
      driver = open(runtimeId);
      for (const [stream, chunk] of waiting) driver.onOutput(stream, chunk);
      waiting = [];
    },
    end: () => driver?.close(),
  };
}
