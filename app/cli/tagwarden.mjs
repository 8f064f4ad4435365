#!/usr/bin/env node
// The command line, run from TypeScript as it is.
import { register } from 'tsx/esm/api';

register();
await import('./main.ts');
