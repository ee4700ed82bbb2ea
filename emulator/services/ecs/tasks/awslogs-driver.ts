import type { LogConfiguration } from '@aws-sdk/client-ecs';
import type { Clock } from '../../../clock.ts';
import { AwsError } from '../../../service.ts';
import type { LogSink, LogStreamWriter } from '../../logs/log-sink.ts';
import { createEventAssembler, MAXIMUM_EVENT_BYTES } from './awslogs-events.ts';
import { multilinePatternOf } from './awslogs-multiline.ts';
import { createLineSplitter } from './line-splitter.ts';
import { LogDriverError } from './log-driver-error.ts';

/** What the driver needs to know of the container whose output it takes, and of its surroundings. */
export interface AwslogsContext {
  readonly clock: Clock;
  readonly sinkFor: (region: string) => LogSink;
  /** The task's region, for a configuration without `awslogs-region`. */
  readonly defaultRegion: string;
  readonly containerName: string;
  readonly taskId: string;
  /** The stream's name when the configuration has no `awslogs-stream-prefix`. */
  readonly runtimeId: string;
}

/** Takes a container's output. */
export interface AwslogsDriver {
  onOutput(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  /** Writes what is still held back, such as a last line without its newline. Safe to call twice. */
  close(): void;
}

/**
 * The `awslogs` log driver: sends each line that a container writes to a CloudWatch Logs stream, whose
 * name is `prefix/container/task-id`. Like the driver of the Docker engine it drops empty lines, keeps a
 * carriage return before the newline, and splits lines of more than 256 KiB. `mode` and
 * `max-buffer-size` are taken and have no effect: nothing here can fill up.
 *
 * @param configuration a container definition's, with `logDriver` awslogs
 * @throws LogDriverError when the log group does not exist and `awslogs-create-group` is not true, or when an
 *   option is wrong
 */
export function openAwslogs(configuration: LogConfiguration, context: AwslogsContext): AwslogsDriver {
  const options = configuration.options ?? {};
  const multilinePattern = validated(() => multilinePatternOf(options));
  const assembler = createEventAssembler(openStream(options, context), { clock: context.clock, multilinePattern });
  const lines = {
    stdout: createLineSplitter((line) => assembler.addLine(line), MAXIMUM_EVENT_BYTES),
    stderr: createLineSplitter((line) => assembler.addLine(line), MAXIMUM_EVENT_BYTES),
  };
  let isClosed = false;
  return {
    onOutput(stream, chunk) {
      if (!isClosed) lines[stream].push(chunk);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      lines.stdout.end();
      lines.stderr.end();
      assembler.flush();
    },
  };
}

/** The name of the stream of a configuration with `awslogs-stream-prefix`; undefined without one. */
export function prefixedStream(
  options: Readonly<Record<string, string>>,
  { containerName, taskId }: Pick<AwslogsContext, 'containerName' | 'taskId'>,
): string | undefined {
  const prefix = options['awslogs-stream-prefix'];
  return prefix ? `${prefix}/${containerName}/${taskId}` : undefined;
}

function openStream(options: Readonly<Record<string, string>>, context: AwslogsContext): LogStreamWriter {
  const group = options['awslogs-group'];
  if (group === undefined || group === '') throw refusal('must specify a value for log opt "awslogs-group"');
  const stream = prefixedStream(options, context) ?? context.runtimeId;
  const sink = context.sinkFor(options['awslogs-region'] ?? context.defaultRegion);
  if (isTrue(options, 'awslogs-create-group')) sink.createGroup(group);
  try {
    return sink.openStream(group, stream);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const problem = `failed to create Cloudwatch log stream: ${error.code}: ${error.message}`;
    throw new LogDriverError('stream', problem, { cause: error });
  }
}

/** Reads a flag as Go's `strconv.ParseBool` does, which the driver uses. */
function isTrue(options: Readonly<Record<string, string>>, name: string): boolean {
  const value = options[name] ?? '';
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value)) return true;
  if (['', '0', 'f', 'F', 'FALSE', 'false', 'False'].includes(value)) return false;
  throw refusal(`must specify valid value for log opt '${name}': ${value}: it must be true or false`);
}

function validated<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error), error);
  }
}

function refusal(problem: string, cause?: unknown): LogDriverError {
  return new LogDriverError('option', problem, { cause });
}
