// The address: which room, and the state of its view. Going back undoes.
import { signal } from '@preact/signals';

export interface Route {
  room: string;
  state: Record<string, unknown>;
}

/** `#/playground/{…}` as a route; what cannot be read is the room as it begins. */
export function parse(hash: string): Route {
  const [, room = '', rest = ''] = /^#\/([a-z-]*)\/?(.*)$/.exec(hash) ?? [];
  try {
    const state: unknown = rest === '' ? {} : JSON.parse(decodeURIComponent(rest));
    if (typeof state === 'object' && state !== null && !Array.isArray(state)) return { room, state: state as Record<string, unknown> };
  } catch {
    // An address that was cut off, or written by hand.
  }
  return { room, state: {} };
}

export function format({ room, state }: Route): string {
  const text = Object.keys(state).length === 0 ? '' : `/${encodeURIComponent(JSON.stringify(state))}`;
  return `#/${room}${text}`;
}

/** Only what differs: addresses stay short. */
export function difference<T extends object>(value: T, from: T): Partial<T> {
  const same = (key: keyof T) => JSON.stringify(value[key]) === JSON.stringify(from[key]);
  return Object.fromEntries((Object.keys(value) as (keyof T)[]).filter((key) => !same(key)).map((key) => [key, value[key]])) as Partial<T>;
}

export const route = signal<Route>({ room: '', state: {} });

export function go(next: Route, replace = false): void {
  const hash = format(next);
  if (!replace) rest();
  if (hash === window.location.hash) return;
  // At once, for what is changed next builds on it; the event comes later, and says the same.
  route.value = next;
  if (replace) window.history.replaceState(window.history.state, '', hash);
  else window.location.hash = hash;
}

/** Milliseconds without a key after which typing has paused. */
const PAUSE = 1000;

let typing: ReturnType<typeof setTimeout> | undefined;

/** What is typed, or drawn along a slider, is one entry of the history until one pauses or leaves the field (`rest`). */
export function type(next: Route): void {
  go(next, typing !== undefined);
  clearTimeout(typing);
  typing = setTimeout(rest, PAUSE);
}

/** The next key begins a new entry. */
export function rest(): void {
  clearTimeout(typing);
  typing = undefined;
}

export function follow(): void {
  const read = () => {
    // The event of what was changed here comes late, and says nothing new.
    if (window.location.hash === format(route.value)) return;
    rest();
    route.value = parse(window.location.hash);
  };
  window.addEventListener('hashchange', read);
  read();
}
