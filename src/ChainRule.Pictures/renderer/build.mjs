// Fetches the packages that package-lock.json names, and bundles them into dist: one script for each kind of picture, and the styles beside it.
// What fails is said in one sentence, and the exit code is 1; .NET's build goes on without drawings then.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licences } from './licences.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const at = (...parts) => join(here, ...parts);
const OLDEST_NODE = 18;
const LOCK_MINUTES = 10;

function refuse(sentence) {
  console.error(`renderer: ${sentence}`);
  process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) refuse(`this is Node.js ${process.versions.node}: install ${OLDEST_NODE} or newer`);

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

// KaTeX's style sheet names each font in three formats; every browser of today reads the first.
function katexStyle() {
  const folder = at('node_modules', 'katex', 'dist');
  return readFileSync(join(folder, 'katex.min.css'), 'utf8').replace(/src:(url\(fonts\/([\w-]+\.woff2)\)[^;}]*)/g, (_, __, font) => {
    const data = readFileSync(join(folder, 'fonts', font)).toString('base64');
    return `src:url(data:font/woff2;base64,${data}) format("woff2")`;
  });
}

async function bundle(folder) {
  const { build } = await import('esbuild');
  for (const kind of ['chart', 'graph', 'formula']) {
    const { metafile, outputFiles } = await build({
      entryPoints: [at(`${kind}.mjs`)], bundle: true, minify: true, format: 'iife', target: 'es2022', charset: 'utf8', legalComments: 'none',
      metafile: true, write: false, absWorkingDir: here, logLevel: 'silent',
    });
    // A page carries the script between tags of its own: nothing in it may end them.
    const script = outputFiles[0].text.replaceAll(/<\/script/gi, '<\\/script').replaceAll('<!--', '<\\!--');
    writeFileSync(join(folder, `${kind}.js`), `/*! ${licences(here, Object.keys(metafile.inputs)).replaceAll('*/', '* /')} */\n${script}`);
  }
  for (const style of ['chart.css', 'graph.css']) writeFileSync(join(folder, style), readFileSync(at(style)));
  writeFileSync(join(folder, 'formula.css'), katexStyle());
}

lock();
install();
const fresh = at('.dist');
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh);
try {
  await bundle(fresh);
} catch (error) {
  rmSync(fresh, { recursive: true, force: true });
  refuse(`esbuild failed: ${error.message}`);
}
rmSync(at('dist'), { recursive: true, force: true });
renameSync(fresh, at('dist'));
console.log('renderer: bundled');
