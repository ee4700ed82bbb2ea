/** What a subcommand ends with; `testbed --help` and docs/testbed.md tell them. */
export const exitCodes = { done: 0, failed: 1, usage: 2, notKept: 3, interrupted: 130 } as const;
