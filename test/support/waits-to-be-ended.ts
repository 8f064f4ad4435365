import { once } from 'node:events';
import process from 'node:process';

/** Says when it is up and when it was asked to end. */
const waiting = setInterval(() => {}, 60_000);
process.stdout.write('up\n');
await once(process, 'SIGTERM');
clearInterval(waiting);
process.stdout.write('ended in order\n');
