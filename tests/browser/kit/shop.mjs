// A demo shop of its own for a test file: started on a free port, stopped and removed at the end.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? resolve(here, '../../../target');
const binary = process.env.WHARF_BIN ?? join(target, 'debug/wharf');
const READY_SECONDS = 90;

/** A port that nothing listens on at the moment. */
export function freePort() {
  return new Promise((found, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

/** Starts a shop and waits until it is ready. `env` adds settings; those of this machine's operator do not count. */
export async function openShop(env = {}) {
  if (!existsSync(binary)) throw new Error(`There is no ${binary}; run cargo build or set WHARF_BIN.`);
  const folder = await mkdtemp(join(tmpdir(), 'wharf-browser-'));
  // Postgres does not run as root: another user must reach the folder.
  await chmod(folder, 0o755);
  const port = await freePort();
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('WHARF_') && !name.startsWith('DATABASE_') && !name.startsWith('PG'));
  const child = spawn(binary, ['--listen', `127.0.0.1:${port}`, '--home', join(folder, 'home')], {
    cwd: folder,
    env: { ...Object.fromEntries(own), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((done) => child.once('close', done));
  let said = '';
  const isReady = new Promise((ready, failed) => {
    const hear = (text) => {
      said += text;
      if (/^ready /m.test(said)) ready();
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.once('error', failed);
    ended.then((code) => failed(new Error(`The shop ended with ${code}:\n${said}`)));
    setTimeout(() => failed(new Error(`The shop was not ready in ${READY_SECONDS} s:\n${said}`)), READY_SECONDS * 1000).unref();
  });
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await isReady;
  } catch (error) {
    await close();
    throw error;
  }
  return { origin: `http://127.0.0.1:${port}`, signIn: /^Sign in\s+(\S+)/m.exec(said)?.[1], said: () => said, close };
}
