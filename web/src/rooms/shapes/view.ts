// What is shown, which is the address; and where the numbers of a tensor stand in grids.
import type { ShapesOpName } from '../../generated/shapes';

export interface View {
  op: string;
  a: string;
  b: string;
  axes: string;
  keepDim: boolean;
}

/** The view that an address says; what it does not say is what shows something of the op. */
export function read(state: Record<string, unknown>, op: ShapesOpName): View {
  const text = (key: 'a' | 'b' | 'axes') => (typeof state[key] === 'string' ? state[key] : op[key]);
  return { op: op.name, a: text('a'), b: text('b'), axes: text('axes'), keepDim: state.keepDim === true };
}

/** A list of twos. */
export const pairs = (numbers: Int32Array): [number, number][] =>
  Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i]!, numbers[2 * i + 1]!]);

/** Grids of rows of places, one for each index of the axes before the last two, which is its title. */
export function grids(shape: number[]): { title: string; rows: number[][] }[] {
  const columns = shape.at(-1) ?? 1, rows = shape.at(-2) ?? 1, before = shape.slice(0, -2);
  const count = before.reduce((product, size) => product * size, 1);
  return Array.from({ length: count }, (_, g) => {
    const index: number[] = [];
    for (let axis = before.length - 1, left = g; axis >= 0; axis--) {
      index.unshift(left % before[axis]!);
      left = Math.floor(left / before[axis]!);
    }
    return {
      title: before.length === 0 ? '' : `[${index.join(', ')}]`,
      rows: Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => (g * rows + r) * columns + c)),
    };
  });
}

/** The number that is derived: of the result, or of the gradient of an input. */
export interface Why {
  tensor: string;
  place: number;
}

export function readWhy({ why }: Record<string, unknown>): Why | null {
  if (typeof why !== 'object' || why === null) return null;
  const { tensor, place } = why as Record<string, unknown>;
  return (tensor === 'y' || tensor === 'a' || tensor === 'b') && Number.isInteger(place) && (place as number) >= 0 ? { tensor, place: place as number } : null;
}
