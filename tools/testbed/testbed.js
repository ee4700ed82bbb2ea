#!/usr/bin/env node
import { register } from 'tsx/esm/api';

// The command is written in TypeScript, which the oldest Node that we run on does not read.
register();
await import('./main.ts');
