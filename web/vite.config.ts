import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** All lessons in one file, packed as small as can be: the server unpacks it. */
const lessons: Plugin = {
  name: 'lessons',
  generateBundle() {
    const folder = new URL('../lessons/', import.meta.url);
    const names = readdirSync(folder).filter((name) => /^\d\d-.*\.cs$/.test(name)).sort();
    const json = JSON.stringify(Object.fromEntries(names.map((name) => [name.slice(0, -3), readFileSync(new URL(name, folder), 'utf8')])));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT };
    this.emitFile({ type: 'asset', fileName: 'lessons.json.br', source: brotliCompressSync(json, { params }) });
  },
};

// Addresses are relative: the page opens from any folder. It has two beginnings: one for the server, one for the static site.
export default defineConfig({
  base: './',
  plugins: [lessons],
  build: {
    target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0,
    rolldownOptions: { input: ['index.html', 'static.html'] },
  },
  worker: { format: 'es' },
});
