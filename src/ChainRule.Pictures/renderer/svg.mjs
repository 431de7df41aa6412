#!/usr/bin/env node
// Draws texts as SVG files:  node svg.mjs IN… --out DIR
// IN is a chart (.vl.json), a graph (.dot), or a folder of them. A drawing has a card of its own behind it and changes with the reader's light or dark.
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attributes } from './dot.mjs';

const theme = JSON.parse(readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'theme.json'), 'utf8'));

function refuse(sentence) {
  console.error(`svg: ${sentence}`);
  process.exit(1);
}

const isText = (path) => path.endsWith('.vl.json') || path.endsWith('.dot');

function inputs(paths) {
  return paths.flatMap((path) => {
    if (!existsSync(path)) refuse(`${path} is not there: name a .vl.json, a .dot, or a folder of them`);
    if (statSync(path).isDirectory()) return readdirSync(path).filter(isText).sort().map((name) => join(path, name));
    if (!isText(path)) refuse(`${path} is neither a chart (.vl.json) nor a graph (.dot): only these become SVG`);
    return [path];
  });
}

/** A style for the drawing: where it is dark, each colour gives way to its dark twin. */
function style() {
  const { light, dark } = theme;
  const pairs = [...['paper', 'ink', 'soft', 'faint'].map((name) => [light[name], dark[name]]), ...light.series.map((colour, i) => [colour, dark.series[i]])];
  const rules = pairs.flatMap(([from, to]) => ['fill', 'stroke'].map((paint) => `[${paint}="${from}"]{${paint}:${to}}`));
  return `<style>@media (prefers-color-scheme:dark){${rules.join('')}}</style>`;
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function dressed(svg, title, description) {
  const words = (title ? `<title>${escaped(title)}</title>` : '') + (description ? `<desc>${escaped(description)}</desc>` : '');
  return svg.slice(svg.indexOf('<svg')).replace(/<svg[^>]*>/, (tag) => `${tag}${words}${style()}`).trimEnd() + '\n';
}

function dropPointed(view) {
  if (view.layer) view.layer = view.layer.filter((layer) => !layer.name?.startsWith('pointed'));
  for (const child of [...(view.layer ?? []), ...(view.concat ?? [])]) dropPointed(child);
}

async function chart(text, name) {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const spec = JSON.parse(text);
  spec.padding ??= 12;
  // Marks that are there only to be pointed at: nobody points at a file.
  dropPointed(spec);
  const warn = (...said) => console.error(`svg: ${name}: ${said.join(' ')}`);
  const logger = { warn, error: warn, info() {}, debug() {}, level() { return this; } };
  for (const kind of ['warn', 'error', 'info', 'debug']) {
    const say = logger[kind];
    logger[kind] = (...said) => { say(...said); return logger; };
  }
  vega.resetSVGDefIds(); // the same text gives the same file, whatever was drawn before
  const view = new vega.View(vega.parse(compile(spec, { logger }).spec), { renderer: 'none', logger });
  const svg = await view.toSVG();
  view.finalize();
  return dressed(svg, typeof spec.title === 'string' ? spec.title : spec.title?.text, spec.description);
}

let viz = null;
async function graph(text) {
  viz ??= await (await import('@viz-js/viz')).instance();
  return dressed(viz.renderString(text, { format: 'svg', ...attributes(theme.light, theme.light.paper) }));
}

const args = process.argv.slice(2);
const out = args.indexOf('--out');
if (out < 0 || !args[out + 1] || args.length < 3) refuse('say what to draw and where to: node svg.mjs IN… --out DIR');
if (!existsSync(join(dirname(fileURLToPath(import.meta.url)), 'node_modules')))
  refuse(`its packages are not installed: npm ci --ignore-scripts --prefix ${dirname(fileURLToPath(import.meta.url))}`);
const [folder] = args.splice(out, 2).slice(1);
mkdirSync(folder, { recursive: true });
for (const path of inputs(args)) {
  const name = basename(path).replace(/\.(vl\.json|dot)$/, '');
  try {
    const text = readFileSync(path, 'utf8');
    writeFileSync(join(folder, `${name}.svg`), path.endsWith('.dot') ? await graph(text) : await chart(text, name));
    console.log(join(folder, `${name}.svg`));
  } catch (error) {
    refuse(`${path}: ${error.message}`);
  }
}
