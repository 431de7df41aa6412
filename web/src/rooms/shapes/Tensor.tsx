// A tensor drawn as grids, with what becomes of its axes.
import type { ShapesTensor } from '../../generated/shapes';
import { text } from '../../shared/why';
import { grids } from './view';

interface Props {
  title: string;
  tensor: ShapesTensor;
  numbers: Float64Array;
  lit: Set<number>;
  onChoose: (place: number) => void;
  /** Derives a number; null where they were given. */
  onWhy: ((place: number) => void) | null;
}

export function Tensor({ title, tensor, numbers, lit, onChoose, onWhy }: Props) {
  const { shape, axes } = tensor, missing = axes.length - shape.length;
  return (
    <figure class="tensor" data-tensor={title} data-numbers={[...numbers].join(' ')}>
      <figcaption>
        <strong>{title}</strong>{' '}
        <span aria-label={`shape ${shape.join(', ')}`}>[{axes.map((role, axis) => (
          <span key={axis} class={`axis ${role}`} title={role}>{axis < missing ? '–' : shape[axis - missing]}{role !== 'kept' && <small> {role}</small>}{axis < axes.length - 1 && ','}</span>
        ))}]</span>
      </figcaption>
      {grids(shape).map(({ title: index, rows }) => (
        <table key={index}>
          {index !== '' && <caption>{index}</caption>}
          <tbody>
            {rows.map((row, r) => (
              <tr key={r}>{row.map((place) => (
                <td key={place} class={lit.has(place) ? 'on' : ''}>
                  <button type="button" aria-pressed={lit.has(place)} onMouseEnter={() => { onChoose(place); }} onFocus={() => { onChoose(place); }} onClick={() => { onChoose(place); onWhy?.(place); }}>{text(numbers[place]!)}</button>
                </td>
              ))}</tr>
            ))}
          </tbody>
        </table>
      ))}
    </figure>
  );
}
