// A little more or less of a number: what becomes of the result, measured, and as the gradient says it.
import { useState } from 'preact/hooks';
import type { GraphNode } from '../../generated/graph';
import { text } from '../../shared/why';
import { effect } from './view';

interface Props {
  nodes: GraphNode[];
  nudges: Record<string, number>;
  /** Those that the numbers of the nodes are with. */
  shown: Record<string, number>;
  onChange: (nudges: Record<string, number>) => void;
}

// 0.1 + 0.2 is shown, and sent, as 0.3.
const tidy = (x: number) => Number(x.toPrecision(12));

export function Nudges({ nodes, nudges, shown, onChange }: Props) {
  const [by, setBy] = useState(0.01);
  const [draft, setDraft] = useState<string | null>(null);
  // An empty field nudges by nothing, and so does 0: neither stands for the number before.
  const wrong = draft !== null && !Number(draft);
  const parameters = nodes.filter((node) => node.isParameter);
  const result = nodes.at(-1)!;
  const seen = effect(nodes, shown);
  const only = Object.entries(shown);
  const add = (name: string, amount: number) => {
    const next = { ...nudges, [name]: tidy((nudges[name] ?? 0) + amount) };
    onChange(Object.fromEntries(Object.entries(next).filter(([, one]) => one !== 0)));
  };
  const along = () => { onChange(Object.fromEntries(parameters.map((node) => [node.name, tidy((nudges[node.name] ?? 0) + by * Number(node.gradient ?? 0))] as const).filter(([, one]) => one !== 0))); };
  return (
    <fieldset class="nudges">
      <legend>Nudge</legend>
      <label class="field">
        <span>By</span>
        <input name="by" type="number" step="any" value={draft ?? String(by)} aria-invalid={wrong} aria-describedby={wrong ? 'by-fault' : undefined}
          onInput={(e) => { setDraft(e.currentTarget.value); if (e.currentTarget.valueAsNumber) setBy(e.currentTarget.valueAsNumber); }} />
        {wrong && <small id="by-fault" class="fault" role="alert">By: a number other than 0, such as 0.01</small>}
      </label>
      <ul>
        {parameters.map((node) => (
          <li key={node.name}>
            <code>{node.name} = {text(node.data)}</code>
            <span>
              <button type="button" disabled={wrong} aria-label={`${node.name} less ${by}`} onClick={() => { add(node.name, -by); }}>−</button>{' '}
              <button type="button" disabled={wrong} aria-label={`${node.name} more ${by}`} onClick={() => { add(node.name, by); }}>+</button>
            </span>
          </li>
        ))}
      </ul>
      <p class="buttons">
        <button type="button" disabled={wrong} onClick={along}>All along the gradient{wrong ? '' : `, times ${by}`}</button>{' '}
        <button type="button" disabled={only.length === 0} onClick={() => { onChange({}); }}>Take back</button>
      </p>
      {seen && (
        <div role="status" class="effect" data-measured={seen.measured}>
          <p>{result.name} went from {text(result.was)} to {text(result.data)}: a change of <strong>{text(seen.measured)}</strong>.
            The gradient, here and now, says {text(seen.predicted)} for small steps.</p>
          {only.length === 1 && <p>Change divided by nudge: {text(seen.measured / only[0]![1])}; the derivative is {text(nodes.find((node) => node.name === only[0]![0])?.gradient ?? NaN)}.</p>}
        </div>
      )}
    </fieldset>
  );
}
