/**
 * The way in for the emulator's own log producers, the `awslogs` driver first of all; CloudWatch Logs
 * implements it, so that a producer needs no HTTP call.
 */
export interface LogSink {
  /** Makes the group unless it is there. */
  createGroup(group: string): void;
  /**
   * Opens a stream for appending, made unless it is there.
   *
   * @throws AwsError ResourceNotFoundException when the group does not exist
   */
  openStream(group: string, stream: string): LogStreamWriter;
}

export interface LogStreamWriter {
  /** Appends one event; `timestamp` in milliseconds since the Unix epoch. It can be read at once. */
  write(timestamp: number, message: string): void;
}
