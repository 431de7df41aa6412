import { defineConfig } from 'vite';

// Addresses are relative: the page opens from any folder.
export default defineConfig({
  base: './',
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
});
