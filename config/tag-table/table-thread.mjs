// Threads do not inherit how the process loads TypeScript.
import { register } from 'tsx/esm/api';

register();
await import('./table-thread.ts');
