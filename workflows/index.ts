export { digest } from './digest.ts';
export { request } from './request.ts';
export { warning } from './warning.ts';
