import js from '@eslint/js';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['dist', '.dist', 'node_modules'] },
  js.configs.recommended,
  ...ts.configs.strict,
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly', SharedArrayBuffer: 'readonly', Atomics: 'readonly' } } },
  // An element of a typed array whose index is in range is there; the compiler does not know.
  { files: ['src/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
);
