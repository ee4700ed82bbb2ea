/** Images that both runtimes have without a registry. */
export const SHELL_IMAGE = 'busybox:1.36';
export const NODE_IMAGE = 'node:20-slim';
