/** What the daemon said, in the words in which Docker's own client and the ECS agent pass it on. */
export function engineErrorText(error: unknown): string {
  if (isEngineError(error)) return `Error response from daemon: ${error.json.message}`;
  return error instanceof Error ? error.message : String(error);
}

/** The HTTP status with which the daemon refused; undefined when it did not answer. */
export function engineErrorStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

function isEngineError(error: unknown): error is { json: { message: string } } {
  if (typeof error !== 'object' || error === null || !('json' in error)) return false;
  const { json } = error;
  return typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string';
}
