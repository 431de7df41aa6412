// The backward pass, step by step; and its order, to be broken on purpose.
import type { GraphAnswer } from '../../generated/graph';
import { text } from '../../shared/why';
import { derivative } from './view';

interface Props {
  graph: GraphAnswer;
  made: number;
  order: number[] | null;
  onMove: (to: number) => void;
  onOrder: (order: number[] | null) => void;
}

export function Steps({ graph: { nodes, steps, faults }, made, order, onMove, onOrder }: Props) {
  const current = made > 0 ? steps[made - 1]! : null;
  const swap = (i: number, j: number) => {
    const next = steps.map((step) => step.node);
    [next[i], next[j]] = [next[j]!, next[i]!];
    onOrder(next);
  };
  const how = (node: number) => nodes[node]!.inputs.map((x) => nodes[x]!.name).join(', ');
  return (
    <section class="steps" aria-label="Backward pass">
      <h2>Backward pass: {made} of {steps.length} steps</h2>
      <p class="buttons">
        <button type="button" disabled={made === 0} onClick={() => { onMove(0); }}>To the start</button>{' '}
        <button type="button" disabled={made === 0} onClick={() => { onMove(made - 1); }}>← Back</button>{' '}
        <button type="button" class="main" disabled={made === steps.length} onClick={() => { onMove(made + 1); }}>Step →</button>{' '}
        <button type="button" disabled={made === steps.length} onClick={() => { onMove(steps.length); }}>To the end</button>
      </p>
      <div role="status" class="look">
        {!current && <p>Before the first step: {derivative(nodes.at(-1)!.name)} = 1, and no other gradient is there.</p>}
        {current && (
          <>
            <p>Step {made}: <code>{nodes[current.node]!.name}</code>{current.formula !== '' && <>, <code>{current.formula}</code></>}. Its gradient is <code>{text(current.came)}</code>.</p>
            <ul>
              {current.added.map((one, i) => (
                <li key={i}><code>{derivative(nodes[one.node]!.name)} += {text(one.amount)}</code>{one.formula !== '' && <> by <code>{one.formula}</code></>}
                  {one.before !== null && <>; {text(one.before)} + it = <code>{text(one.after)}</code></>}</li>
              ))}
            </ul>
          </>
        )}
      </div>
      {faults.length > 0 && (
        <div role="alert" class="order-faults">
          <p class="fault">In this order the gradients are wrong.</p>
          <ul>{faults.map((fault) => <li key={fault}>{fault}</li>)}</ul>
        </div>
      )}
      <details open={order !== null}>
        <summary>Order of the steps</summary>
        <p>Move a step, and see what becomes of the gradients.</p>
        <ol>
          {steps.map((step, i) => (
            <li key={step.node} class={i < made ? 'made' : ''} aria-current={i === made - 1 ? 'step' : undefined}>
              <code>{nodes[step.node]!.name}</code> <small>from {how(step.node)}</small>{' '}
              <button type="button" disabled={i === 0} aria-label={`${nodes[step.node]!.name} earlier`} onClick={() => { swap(i, i - 1); }}>↑</button>{' '}
              <button type="button" disabled={i === steps.length - 1} aria-label={`${nodes[step.node]!.name} later`} onClick={() => { swap(i, i + 1); }}>↓</button>
            </li>
          ))}
        </ol>
        {order !== null && <p class="buttons"><button type="button" onClick={() => { onOrder(null); }}>The right order</button></p>}
      </details>
    </section>
  );
}
