export { warning } from './warning.ts';
