import { expect, test } from 'vitest';
import { latest, logRange, outline, same, short, sorted } from './numbers';

test('numbers have three digits', () => {
  expect([0, 0.5, 12345.6, 123456, 0.00012345, Number.NaN].map(short)).toEqual(['0', '0.5', '12300', '1.23e+5', '1.23e-4', '']);
});

test('layers are sorted by the latest size that is known', () => {
  const layer = (name: string, ...gradients: number[]) => ({ name, sizes: { weights: new Float64Array(), gradients: new Float64Array(gradients), updates: new Float64Array() } });
  const layers = [layer('a', 1, 2), layer('b', 9, Number.NaN), layer('c', 3), layer('d', Number.NaN)];
  expect(sorted(layers, 'gradients').map((one) => one.name)).toEqual(['b', 'c', 'a', 'd']);
  expect(sorted(layers, 'model')).toBe(layers);
  expect(latest(new Float64Array([1, Number.NaN]))).toBe(1);
});

test('a range of logarithms leaves out what has none', () => {
  expect(logRange([new Float64Array([0, 10, Infinity]), new Float64Array([1000, Number.NaN, -1])])).toEqual([1, 3]);
  expect(logRange([new Float64Array([0])])).toEqual([0, 1]);
});

test('the highest bar fills the drawing', () => {
  expect(outline(new Int32Array([1, 2]))).toBe('M0,40V21.0H50.0V2.0H100.0V40Z');
});

test('settings that are the same are counted in words', () => {
  expect([same(0, 9), same(1, 0), same(2, 1), same(2, 3)]).toEqual([
    'All settings are the same.', 'No setting is the same.', '1 setting is the same.', '3 settings are the same.',
  ]);
});
