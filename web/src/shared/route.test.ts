import { expect, test } from 'vitest';
import { difference, format, parse } from './route';

test('a route is read as it was written', () => {
  const route = { room: 'playground', state: { a: { hidden: [4, 2], data: 'x/y&z%' } } };
  expect(parse(format(route))).toEqual(route);
});

test('an address that cannot be read is the room as it begins', () => {
  expect(parse('#/playground/%7B%22a')).toEqual({ room: 'playground', state: {} });
  expect(parse('#/playground/%')).toEqual({ room: 'playground', state: {} });
  expect(parse('')).toEqual({ room: '', state: {} });
});

test('only what differs is kept', () => {
  expect(difference({ a: 1, b: [1, 2] }, { a: 1, b: [1] })).toEqual({ b: [1, 2] });
});
