import { expect, test } from 'vitest';
import { grids, pairs } from './view';

test('a tensor of three axes is a grid for each index of the first', () => {
  expect(grids([2, 1, 3])).toEqual([{ title: '[0]', rows: [[0, 1, 2]] }, { title: '[1]', rows: [[3, 4, 5]] }]);
  expect(grids([])).toEqual([{ title: '', rows: [[0]] }]);
  expect(grids([2])).toEqual([{ title: '', rows: [[0, 1]] }]);
});

test('pairs stand one after another', () => { expect(pairs(new Int32Array([0, 1, 2, 3]))).toEqual([[0, 1], [2, 3]]); });
