// Stands between an editor and the server under test: passes every byte on unchanged, notes every message, and
// notes anything on the server's stdout that is not a frame. `node recorder.mjs LOG SERVER-COMMAND...`
import { spawn } from 'node:child_process';
import { appendFileSync, createWriteStream } from 'node:fs';

const [log, command, ...args] = process.argv.slice(2);
const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
const began = performance.now();
/** `at`: milliseconds since the recorder began. */
const note = entry =>
  appendFileSync(log, `${JSON.stringify({ at: Math.round(performance.now() - began), ...entry })}\n`);

/** Cuts a stream of bytes into frames; what does not begin with a header is noted as stray. */
function frames(direction) {
  let rest = Buffer.alloc(0);
  return chunk => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = rest.indexOf('\r\n\r\n');
      if (head < 0 && rest.length < 4096) return;
      const header = /^Content-Length: *(\d+)(?:\r\n[\w-]+:[^\r\n]*)*$/i.exec(
        rest.subarray(0, Math.max(head, 0)).toString('latin1'),
      );
      if (header === null) {
        note({ direction, stray: rest.toString('utf8') });
        rest = Buffer.alloc(0);
        return;
      }
      const end = head + 4 + Number(header[1]);
      if (rest.length < end) return;
      note({ direction, message: JSON.parse(rest.subarray(head + 4, end).toString('utf8')) });
      rest = rest.subarray(end);
    }
  };
}

const errors = createWriteStream(`${log}.stderr`);
const fromEditor = frames('toServer');
const fromServer = frames('toEditor');
process.stdin.on('data', chunk => {
  fromEditor(chunk);
  server.stdin.write(chunk);
});
process.stdin.on('end', () => server.stdin.end());
server.stdin.on('error', () => {});
process.stdout.on('error', () => server.stdout.destroy());
server.stdout.on('data', chunk => {
  fromServer(chunk);
  process.stdout.write(chunk);
});
server.stderr.on('data', chunk => errors.write(chunk));
server.on('exit', (code, signal) => {
  note({ direction: 'toEditor', exit: code ?? signal });
  process.exitCode = code ?? 1;
  process.stdin.destroy();
});
// The editor ends its servers by a signal; the recorder must not be what keeps the server from seeing the end.
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => server.kill(signal));
