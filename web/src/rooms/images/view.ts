// What is shown of a classifier of images, which is the address.
import { difference, go, route } from '../../shared/route';
import { pack, unpack } from './pixels';

export interface View {
  run: string;
  /** The picture, packed; or the number of one that is too long for an address. */
  drawing: string;
  /** The number that is taken apart: layer, channel, row, column. */
  at: readonly [number, number, number, number] | null;
  /** The class that maps are about; null for the predicted one. */
  label: number | null;
  /** What is derived: p or l, and the class. */
  why: string;
}

export const USUAL: View = { run: '', drawing: '', at: null, label: null, why: '' };

const isCount = (x: unknown): x is number => Number.isInteger(x) && (x as number) >= 0;

/** The view that an address says; what it does not say, or says wrongly, is as usual. */
export function read(state: Record<string, unknown>): View {
  const view = { ...USUAL };
  if (typeof state.run === 'string') view.run = state.run;
  if (typeof state.drawing === 'string') view.drawing = state.drawing;
  if (Array.isArray(state.at) && state.at.length === 4 && state.at.every(isCount)) view.at = state.at as unknown as View['at'];
  if (isCount(state.label)) view.label = state.label;
  if (typeof state.why === 'string' && /^[pl]\d+$/.test(state.why)) view.why = state.why;
  return view;
}

/** Shows another view; going back undoes it. */
export function change(by: Partial<View>): void {
  go({ room: 'images', state: difference({ ...current(), ...by }, USUAL) as Record<string, unknown> });
}

export const current = (): View => read(route.value.room === 'images' ? route.value.state : {});

const LONGEST = 4000;

/** Pictures that are too long for an address, as long as the page is open. */
const kept: Uint8Array[] = [];

/** What stands for a picture in the address. */
export function write(bytes: Uint8Array): string {
  if (bytes.every((x) => x === 0)) return '';
  const text = pack(bytes);
  return text.length <= LONGEST ? text : `#${kept.push(bytes) - 1}`;
}

/** The picture that an address stands for; null where it is gone, or of another size. */
export function bytesOf(drawing: string, count: number): Uint8Array | null {
  if (drawing === '') return new Uint8Array(count);
  if (!drawing.startsWith('#')) return unpack(drawing, count);
  const bytes = kept[Number(drawing.slice(1))];
  return bytes?.length === count ? bytes : null;
}
