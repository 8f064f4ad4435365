export { candidates } from './candidates.ts';
export { digest } from './digest.ts';
export { request } from './request.ts';
export { retention } from './retention.ts';
export { scan } from './scan.ts';
export { scheduledScan } from './scheduled-scan.ts';
export { undo } from './undo.ts';
export { warning } from './warning.ts';
