// Runs one program and ends it when the process that wanted it goes away, however that happens: stdin then closes.
// Started in a session of its own, so that Ctrl-C in a terminal reaches only the parent, which stops things in order.
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';

const { command, args, user, stopSignal, stopWithinMs, pidFile } = JSON.parse(
  process.argv[2] ?? '{}',
);

const child = spawn(command, args, {
  stdio: ['ignore', 'inherit', 'inherit'],
  ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
});
child.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.once('spawn', () => {
  if (pidFile !== null) writeFileSync(pidFile, String(child.pid));
});
child.once('exit', (code, signal) => {
  if (pidFile !== null) rmSync(pidFile, { force: true });
  process.exit(code ?? (signal === stopSignal ? 0 : 1));
});

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  child.kill(stopSignal);
  setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
}
process.stdin.on('error', stop).once('end', stop).resume();
process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', stop);
