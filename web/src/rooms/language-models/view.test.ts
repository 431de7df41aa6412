import { expect, test } from 'vitest';
import { ended, falling, percent, read, USUAL } from './view';

test('what an address says wrongly is as usual', () => {
  expect(read({ run: 3, topK: 0, temperature: -1, look: 'nothing', head: 1.5, unit: -1 })).toEqual(USUAL);
  expect(read({ run: 'a', topK: 5, temperature: 0, look: 'losses' })).toEqual({ ...USUAL, run: 'a', topK: 5, temperature: 0, look: 'losses' });
});

test('the most probable come first', () => {
  expect(falling(new Float32Array([0.2, 0.5, 0.3]))).toEqual([1, 2, 0]);
  expect([1, 0.25, 0.0123].map(percent)).toEqual(['100.0 %', '25.0 %', '1.23 %']);
});

test('a text that ended says so', () => {
  expect(ended(0)).toContain('nothing was added');
  expect(ended(1)).toContain('after 1 character:');
  expect(ended(5)).toContain('after 5 characters:');
});
