import { expect, test, vi } from 'vitest';
import { decode, Refused, Session, type Host } from './wire';

function reply(answer: object, numbers: number[] = []): ArrayBuffer {
  const json = new TextEncoder().encode(JSON.stringify(answer));
  const start = Math.ceil((4 + json.length) / 8) * 8;
  const bytes = new ArrayBuffer(start + 8 * numbers.length);
  new DataView(bytes).setInt32(0, json.length, true);
  new Uint8Array(bytes).set(json, 4);
  new Float64Array(bytes, start).set(numbers);
  return bytes;
}

test('arrays stand behind the JSON', () => {
  const read = decode<{ block: { at: number; count: number; kind: string } }>(reply({ block: { at: 8, count: 2, kind: 'float64' } }, [1, 2, 3]));
  expect([...read.float64(read.answer.block)]).toEqual([2, 3]);
});

test('a refusal is thrown in its own words', () => {
  expect(() => decode(reply({ refused: 'one sentence' }))).toThrow(new Refused('one sentence'));
});

test('a session that ended is made anew', async () => {
  let opened = 0;
  const host: Host = {
    rooms: () => Promise.resolve({ engine: '', rooms: [] }),
    open: () => Promise.resolve(reply({ session: String(++opened), room: 'x' })),
    ask: (id) => (id === '1' ? Promise.reject(new Error('gone')) : Promise.resolve(reply({ id }))),
    close: () => undefined,
    listen: () => () => undefined,
  };
  const session = new Session(host, 'x');
  await expect(session.ask({})).rejects.toThrow('gone');
  expect((await session.ask<{ id: string }>({})).answer.id).toBe('2');
});

test('what a room begins with is asked for until there is an answer', async () => {
  vi.useFakeTimers();
  let asked = 0;
  const host: Host = {
    rooms: () => Promise.resolve({ engine: '', rooms: [] }),
    open: () => (++asked < 3 ? Promise.reject(new Error('nobody there')) : Promise.resolve(reply({ session: '1', room: 'x' }))),
    ask: () => Promise.resolve(reply({ here: true })),
    close: () => undefined,
    listen: () => () => undefined,
  };
  const told: string[] = [];
  const first = new Session(host, 'x').first<{ here: boolean }>({}, (error) => { told.push(error.message); });
  await vi.runAllTimersAsync();
  expect((await first).answer.here).toBe(true);
  expect(told).toEqual(['nobody there', 'nobody there']);
  const closed = new Session({ ...host, open: () => Promise.reject(new Error('nobody there')) }, 'x');
  const never = closed.first({}, () => { closed.close(); });
  never.catch(() => undefined);
  await vi.runAllTimersAsync();
  await expect(never).rejects.toThrow('nobody there');
  vi.useRealTimers();
});
