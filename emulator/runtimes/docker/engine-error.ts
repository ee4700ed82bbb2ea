/** What the daemon said, in the words in which Docker's own client and the ECS agent pass it on. */
export function engineErrorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Docker's client library has the daemon's message behind a summary of its own.
  const said = /^\(HTTP code \d+\) .*? - (?<message>.*)$/s.exec(error.message)?.groups?.['message'];
  return said === undefined ? error.message : `Error response from daemon: ${said.trim()}`;
}

/** The HTTP status with which the daemon refused; undefined when it did not answer. */
export function engineErrorStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
