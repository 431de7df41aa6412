// The graph drawn: a box for each number, a line for each use. Every number in it can be asked where it came from.
import type { GraphAnswer, WhyTree } from '../../generated/graph';
import { lit, text } from '../../shared/why';
import { HEIGHT, layout, WIDTH } from './layout';
import { derivative, gradients } from './view';

interface Props {
  graph: GraphAnswer;
  made: number;
  tree: WhyTree | null;
  chosen: { node: number; gradient: boolean } | null;
  onWhy: (node: number, gradient: boolean) => void;
}

// More than rounding: the two come from different orders of the same products.
const differs = (a: number, b: number) => Math.abs(a - b) > 1e-9 * (1 + Math.abs(b));

export function Picture({ graph, made, tree, chosen, onWhy }: Props) {
  const { nodes, steps } = graph;
  const { boxes, width, height } = layout(nodes);
  const now = gradients(graph, made);
  const current = made > 0 ? steps[made - 1]! : null;
  const found = tree ? lit(tree) : null;
  const part = (i: number) => found?.get(chosen?.gradient ? derivative(nodes[i]!.name) : nodes[i]!.name) ?? 0;
  return (
    <div class="graph" tabIndex={0} role="group" aria-label={`Graph of ${nodes.length} numbers`}>
      <div class="graph-paper" style={{ width: `${width}px`, height: `${height}px` }}>
        <svg width={width} height={height} aria-hidden="true">
          {nodes.flatMap((node, i) => node.inputs.map((x, k) => {
            const a = boxes[x]!, b = boxes[i]!, bend = 8 * (k - (node.inputs.length - 1) / 2);
            const [x1, y1, x2, y2] = [a.x + WIDTH, a.y + HEIGHT / 2, b.x, b.y + HEIGHT / 2 + bend], middle = (x1 + x2) / 2;
            const state = found && part(i) > 0 && part(x) > 0 ? 'lit' : current?.node === i ? 'now' : '';
            return <path key={`${i}-${k}`} class={state} d={`M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}`} />;
          }))}
        </svg>
        {nodes.map((node, i) => {
          const wrong = made === steps.length && node.gradient !== null && differs(Number(now[i] ?? 0), Number(node.gradient));
          const classes = ['node', current?.node === i ? 'now' : '', current?.added.some((one) => one.node === i) ? 'added' : '', part(i) > 0 ? 'lit' : ''].join(' ');
          return (
            <div key={i} class={classes} data-node={node.name} style={{ left: `${boxes[i]!.x}px`, top: `${boxes[i]!.y}px`, width: `${WIDTH}px`, height: `${HEIGHT}px` }}>
              {node.op !== '' && <span class="op" title="the op that computed it">{node.op}</span>}
              <strong title={node.name}>{node.name}</strong>
              <button type="button" class="data" data-exact={node.data} aria-label={`data ${text(node.data)} of ${node.name}: where from?`} disabled={node.gradient === null}
                onClick={() => { onWhy(i, false); }}>data {text(node.data)}</button>
              {node.gradient !== null && (
                <button type="button" class={`grad${wrong ? ' fault' : ''}`} data-exact={now[i] ?? ''} aria-label={`grad ${now[i] === null ? '' : text(now[i]!)} of ${node.name}${wrong ? `, and should be ${text(node.gradient)}` : ''}: where from?`}
                  onClick={() => { onWhy(i, true); }}>grad {now[i] === null ? '–' : text(now[i]!)}{wrong && ' ✗'}</button>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
