// Who wrote what a bundle is made of, and under which terms: each copyright line, and each licence's text once.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export function licences(here, inputs) {
  const names = new Set(inputs.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean));
  const texts = new Map();
  for (const name of [...names].sort()) {
    const folder = join(here, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = existsSync(folder) && readdirSync(folder).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
    const lines = file ? readFileSync(join(folder, file), 'utf8').trim().split(/\r?\n/) : [];
    const copyright = lines.filter((line) => /^\s*copyright/i.test(line)).map((line) => line.trim()).join('; ');
    const terms = lines.filter((line) => !/^\s*copyright/i.test(line)).join('\n').replace(/\s+/g, ' ').trim() || `Licence: ${license}`;
    texts.set(terms, [...(texts.get(terms) ?? []), `${name} ${version} (${license}) ${copyright}`.trim()]);
  }
  return [...texts].map(([terms, packages]) => `${packages.join('\n')}\n${terms}`).join('\n\n');
}
