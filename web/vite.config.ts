import { defineConfig } from 'vite';

// Addresses are relative: the page opens from any folder. It has two beginnings: one for the server, one for the static site.
export default defineConfig({
  base: './',
  build: {
    target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0,
    rolldownOptions: { input: ['index.html', 'static.html'] },
  },
  worker: { format: 'es' },
});
