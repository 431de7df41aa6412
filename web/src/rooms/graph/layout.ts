// Where the numbers of a graph stand: a column for each level, from what is given on the left to the result on the right. Layers by longest path,
// and within one by the middle of what each is connected to: of graphs this small it crosses few lines, and needs no library.
import type { GraphNode } from '../../generated/graph';

export interface Box { x: number; y: number }

export const WIDTH = 132, HEIGHT = 74;
const ACROSS = 66, BETWEEN = 14, SWEEPS = 8;

export function layout(nodes: GraphNode[]): { boxes: Box[]; width: number; height: number } {
  const levels = nodes.map(() => 0);
  nodes.forEach((node, i) => { for (const x of node.inputs) levels[i] = Math.max(levels[i]!, levels[x]! + 1); });
  const users: number[][] = nodes.map(() => []);
  nodes.forEach((node, i) => { for (const x of new Set(node.inputs)) users[x]!.push(i); });
  // What is given stands beside its first use.
  nodes.forEach((node, i) => {
    if (node.inputs.length === 0 && users[i]!.length > 0) levels[i] = Math.min(...users[i]!.map((user) => levels[user]!)) - 1;
  });
  const columns: number[][] = Array.from({ length: Math.max(...levels) + 1 }, () => []);
  levels.forEach((level, i) => columns[level]!.push(i));
  const rows = nodes.map((_, i) => columns[levels[i]!]!.indexOf(i));
  const centred = (i: number) => rows[i]! - (columns[levels[i]!]!.length - 1) / 2;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const column of columns) {
      const middle = (i: number) => {
        const near = [...nodes[i]!.inputs, ...users[i]!];
        return near.length === 0 ? centred(i) : near.reduce((sum, x) => sum + centred(x), 0) / near.length;
      };
      const wanted = new Map(column.map((i) => [i, middle(i)]));
      column.sort((a, b) => wanted.get(a)! - wanted.get(b)! || a - b);
      column.forEach((i, row) => { rows[i] = row; });
    }
  }
  const height = Math.max(...columns.map((column) => column.length)) * (HEIGHT + BETWEEN);
  const boxes = nodes.map((_, i) => ({ x: levels[i]! * (WIDTH + ACROSS), y: height / 2 + centred(i) * (HEIGHT + BETWEEN) - HEIGHT / 2 }));
  return { boxes, width: columns.length * (WIDTH + ACROSS) - ACROSS, height };
}
