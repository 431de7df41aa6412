import { expect, test } from 'vitest';
import { blank, line, pack, resize, toChannels, unpack } from './pixels';
import { bytesOf, read, USUAL, write } from './view';

test('what an address says wrongly is as usual', () => {
  expect(read({ run: 3, drawing: 1, at: [1, 2, 3], label: -1, why: 'x3' })).toEqual(USUAL);
  expect(read({ run: 'a', at: [1, 2, 3, 4], label: 0, why: 'l12' })).toEqual({ ...USUAL, run: 'a', at: [1, 2, 3, 4], label: 0, why: 'l12' });
});

test('a picture that is packed comes back, and what is none does not', () => {
  const bytes = new Uint8Array(784);
  bytes.set([1, 2, 255, 0, 0, 7], 300);
  expect(pack(bytes).length).toBeLessThan(30);
  expect(unpack(pack(bytes), 784)).toEqual(bytes);
  const full = Uint8Array.from({ length: 300 }, (_, i) => i % 256);
  expect(unpack(pack(full), 300)).toEqual(full);
  expect(unpack(pack(bytes), 783)).toBeNull();
  expect(unpack(pack(bytes), 785)).toBeNull();
  expect(unpack('&', 3)).toBeNull();
});

test('a picture too long for an address is kept by its number', () => {
  const long = Uint8Array.from({ length: 12288 }, (_, i) => 1 + (i % 255));
  expect(write(long)).toBe('#0');
  expect(bytesOf('#0', 12288)).toEqual(long);
  expect(bytesOf('#0', 784)).toBeNull();
  expect(bytesOf('#9', 784)).toBeNull();
  expect(write(new Uint8Array(4))).toBe('');
  expect(bytesOf('', 4)).toEqual(new Uint8Array(4));
});

test('a new pixel is the mean of the area that it covers', () => {
  const wide = { width: 4, height: 2, channels: 1, bytes: Uint8Array.from([0, 100, 200, 40, 20, 80, 0, 0]) };
  expect([...resize(wide, 2).bytes]).toEqual([50, 120, 50, 0]);
  // Three into two: a pixel and half of the next.
  const three = { width: 3, height: 3, channels: 1, bytes: Uint8Array.from([90, 0, 30, 90, 0, 30, 90, 0, 30]) };
  expect([...resize(three, 2).bytes]).toEqual([60, 20, 60, 20]);
  expect([...resize(three, 3).bytes]).toEqual([...three.bytes]);
  expect([...resize({ width: 1, height: 1, channels: 3, bytes: Uint8Array.from([1, 2, 3]) }, 2).bytes]).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
});

test('grey and colour become each other', () => {
  expect([...toChannels({ width: 2, height: 1, channels: 3, bytes: Uint8Array.from([255, 0, 0, 10, 10, 10]) }, 1).bytes]).toEqual([76, 10]);
  expect([...toChannels({ width: 1, height: 1, channels: 1, bytes: Uint8Array.from([9]) }, 3).bytes]).toEqual([9, 9, 9]);
});

test('a pen draws and erases', () => {
  const pen = { radius: 1, colour: [255, 255, 255], erases: false } as const;
  const drawn = line(blank(8, 1), [2.5, 4.5], [5.5, 4.5], pen);
  expect([...drawn.bytes.subarray(32, 40)]).toEqual([0, 128, 255, 255, 255, 255, 128, 0]);
  expect(drawn.bytes[0]).toBe(0);
  expect([...line(drawn, [2.5, 4.5], [5.5, 4.5], { ...pen, erases: true, radius: 2 }).bytes].every((x) => x === 0)).toBe(true);
});
