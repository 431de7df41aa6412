// One number taken apart: what is read, what it is multiplied by, the products and their sum.
import { useState } from 'preact/hooks';
import type { ImageLayerShape, ImagePart, ImagePixelAnswer } from '../../generated/images';
import { css, signed } from '../../shared/colour';
import type { Reply } from '../../shared/wire';
import { short } from '../runs/numbers';
import { change } from './view';

type Numbers = Pick<Reply<unknown>, 'float32'>;

const MATRICES = 3, TERMS = 12;

export function Zoom({ reply, layers }: { reply: Reply<ImagePixelAnswer>; layers: ImageLayerShape[] }) {
  const { answer } = reply, layer = layers[answer.layer]!;
  return (
    <section class="zoom" aria-label="One number" data-value={answer.value} data-sum={answer.sum ?? ''} onKeyDown={(e) => { if (e.key === 'Escape') change({ at: null }); }}>
      <h2>{layer.name}{layer.type !== '' && ` (${layer.type})`}, {layer.isVector ? `unit ${answer.channel + 1}` : `channel ${answer.channel + 1}, row ${answer.row + 1}, column ${answer.column + 1}`} = <output>{short(answer.value)}</output></h2>
      <p><code>{answer.rule}</code></p>
      {answer.parts.map((part, i) => <Part key={`${answer.layer}.${answer.channel}.${i}`} part={part} layers={layers} reply={reply} />)}
      {answer.sum !== null && (
        <p class="sum">Sum of the products{answer.bias !== null && <> + bias <code>{short(answer.bias)}</code></>} = <code>{answer.sum.toPrecision(9)}</code>; the map shows <code>{answer.value.toPrecision(9)}</code>, which was added up in float32.</p>
      )}
      <p class="buttons"><button type="button" onClick={() => { change({ at: null }); }}>Close</button></p>
    </section>
  );
}

function Part({ part, layers, reply }: { part: ImagePart; layers: ImageLayerShape[]; reply: Numbers }) {
  const [all, setAll] = useState(false);
  const from = layers[part.layer]!, plane = part.height * part.width;
  const x = reply.float32(part.inputs), w = part.weights === null ? null : reply.float32(part.weights);
  const product = (i: number) => x[i]! * (w?.[i] ?? 1);
  const sums = Array.from({ length: part.channels }, (_, c) => { let sum = 0; for (let i = c * plane; i < (c + 1) * plane; i++) sum += product(i); return sum; });
  const order = sums.map((_, c) => c).sort((a, b) => Math.abs(sums[b]!) - Math.abs(sums[a]!));
  const few = plane === 1 ? TERMS : MATRICES, shown = all ? order : order.slice(0, few);
  const go = (c: number, y: number, column: number) => { change({ at: [part.layer, part.channel + c, part.top + y, part.left + column] }); };
  const inside = (y: number, column: number) => part.top + y >= 0 && part.top + y < from.height && part.left + column >= 0 && part.left + column < from.width;
  const [mostX, mostW] = [most(x), most(w ?? x)];
  const table = (c: number, name: string, of: (i: number) => number, scale: number, follows: boolean) => (
    <table class="matrix">
      <caption>{name}</caption>
      <tbody>
        {Array.from({ length: part.height }, (_, y) => (
          <tr key={y}>
            {Array.from({ length: part.width }, (__, column) => {
              const value = of((c * part.height + y) * part.width + column);
              return (
                <td key={column} style={{ '--tint': css(signed(value / scale)) }}>
                  {follows && inside(y, column) ? <button type="button" aria-label={`${from.name}, row ${part.top + y + 1}, column ${part.left + column + 1}: ${short(value)}`} onClick={() => { go(c, y, column); }}>{short(value)}</button> : follows ? <span title="padding">{short(value)}</span> : short(value)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <div class="part" data-products={sums.reduce((a, b) => a + b, 0)} data-inputs={x.length <= 64 ? [...x].join(' ') : undefined}>
      <p>From <strong>{from.name}</strong>{part.channels > 1 && `, ${part.channels} ${from.isVector ? 'units' : 'channels'}, the largest first`}. Choose a number to see where it comes from.</p>
      {plane === 1 ? (
        <div class="runs-table" tabIndex={0} role="group" aria-label="Terms">
          <table>
            <thead><tr><th scope="col">{from.isVector ? 'unit' : 'channel'}</th><th scope="col">x</th>{w && <><th scope="col">times</th><th scope="col">product</th></>}</tr></thead>
            <tbody>{shown.map((c) => <tr key={c}><th scope="row">{part.channel + c + 1}</th><td class="number"><button type="button" onClick={() => { go(c, 0, 0); }}>{short(x[c]!)}</button></td>{w && <><td class="number">{short(w[c]!)}</td><td class="number">{short(product(c))}</td></>}</tr>)}</tbody>
          </table>
        </div>
      ) : shown.map((c) => (
        <div class="matrices" key={c} tabIndex={0} role="group" aria-label={`Channel ${part.channel + c + 1}`}>
          {table(c, `channel ${part.channel + c + 1}`, (i) => x[i]!, mostX, true)}
          {w && <><span aria-hidden="true">×</span>{table(c, 'weights', (i) => w[i]!, mostW, false)}<span aria-hidden="true">=</span>{table(c, `sum ${short(sums[c]!)}`, product, Math.max(1e-12, mostX * mostW), false)}</>}
        </div>
      ))}
      {part.channels > few && <p class="buttons"><button type="button" aria-expanded={all} onClick={() => { setAll(!all); }}>{all ? 'Show the largest alone' : `Show all ${part.channels}`}</button></p>}
    </div>
  );
}

function most(numbers: Float32Array): number {
  let found = 1e-12;
  for (const x of numbers) found = Math.max(found, Math.abs(x));
  return found;
}
