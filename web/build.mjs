// Fetches the packages that package-lock.json names, and builds the page into dist. What fails is said in one sentence, and the exit code is 1;
// .NET's build goes on without the page then.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const at = (...parts) => join(here, ...parts);
const LOCK_MINUTES = 10;

function refuse(sentence) {
  console.error(`web: ${sentence}`);
  process.exit(1);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) refuse(`this is Node.js ${process.versions.node}: install 20.19 or newer`);

// Two builds at once take turns.
function lock() {
  for (;;) {
    try {
      mkdirSync(at('.building'));
      process.on('exit', () => rmdirSync(at('.building')));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') refuse(`${here} cannot be written: ${error.message}`);
    }
    const age = existsSync(at('.building')) ? Date.now() - statSync(at('.building')).mtimeMs : 0;
    if (age > LOCK_MINUTES * 60_000) rmSync(at('.building'), { recursive: true, force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

function install() {
  const wanted = createHash('sha256').update(readFileSync(at('package-lock.json'))).digest('hex');
  const mark = at('node_modules', '.installed');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;
  const command = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1', '--loglevel=error'];
  const npm = spawnSync('npm', command, { cwd: here, encoding: 'utf8', shell: process.platform === 'win32' });
  if (npm.error) refuse(`npm did not start: ${npm.error.message}`);
  if (npm.status !== 0) refuse(`npm ci failed: ${npm.stderr.trim().split('\n').slice(0, 3).join(' | ')}`);
  writeFileSync(mark, wanted);
}

lock();
install();
rmSync(at('.dist'), { recursive: true, force: true });
try {
  const { build } = await import('vite');
  await build({ root: here, logLevel: 'error', build: { outDir: '.dist' } });
} catch (error) {
  rmSync(at('.dist'), { recursive: true, force: true });
  refuse(`vite failed: ${error.message}`);
}
rmSync(at('dist'), { recursive: true, force: true });
renameSync(at('.dist'), at('dist'));
console.log('web: built');
