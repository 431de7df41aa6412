// The pictures of a language model, one for each question.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ActivationsAnswer, AttentionAnswer, EmbeddingsAnswer, LossesAnswer, MemoryAnswer, NextAnswer } from '../../generated/language-models';
import { css, paint, signed } from '../../shared/colour';
import { rest } from '../../shared/route';
import type { Reply } from '../../shared/wire';
import { short } from '../runs/numbers';
import { change, falling, percent, typed, type View } from './view';

type Numbers = Pick<Reply<unknown>, 'float32' | 'float64' | 'int32'>;

export function Next({ answer, reply, view }: { answer: NextAnswer; reply: Numbers; view: View }) {
  const own = reply.float32(answer.probabilities), drawn = reply.float32(answer.drawn);
  const seen = answer.read.slice(-answer.context);
  return (
    <section aria-label="Next character" data-read={answer.read.length}>
      <p>After <Text characters={seen} />{answer.read.length > answer.context && ` (the last ${answer.context} characters alone)`}:</p>
      <table class="bars">
        <thead><tr><th scope="col">next</th><th scope="col">probability</th><th scope="col">at this temperature and top k</th></tr></thead>
        <tbody>
          {falling(own).map((id) => (
            <tr key={id} data-character={answer.characters[id]} data-probability={own[id]} data-drawn={drawn[id]}>
              <th scope="row">{answer.characters[id]}</th>
              <td><Bar p={own[id]!} onWhy={() => { change(view, { why: { character: id, isLogit: false } }); }} /></td>
              <td><Bar p={drawn[id]!} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const Bar = ({ p, onWhy }: { p: number; onWhy?: () => void }) => (
  <span class="bar">
    <i aria-hidden="true" style={{ width: `${(100 * p).toFixed(2)}%` }} />{' '}
    {onWhy ? <button type="button" class="number" data-why="probability" title="Where does it come from?" onClick={onWhy}>{percent(p)}</button> : <span>{percent(p)}</span>}
  </span>
);

const Text = ({ characters }: { characters: string[] }) => <code class="text">{characters.map((c, i) => <span key={i} class={[...c].length > 1 ? 'token' : undefined}>{c}</span>)}</code>;

/** A text, each character of which has a colour and says its number. */
function Coloured({ characters, numbers, colour, name, onWhy }: {
  characters: string[]; numbers: ArrayLike<number>; colour: (x: number) => string; name: string; onWhy?: (place: number) => void;
}) {
  return (
    <p class="coloured" data-numbers={Array.from(numbers).join(' ')}>
      {characters.map((c, i) => {
        const said = { 'aria-label': `${c}: ${name} ${short(numbers[i]!)}`, title: `${name} ${short(numbers[i]!)}`, style: { '--tint': colour(numbers[i]!) } };
        return onWhy ? <button type="button" key={i} {...said} onClick={() => { onWhy(i); }}>{c}</button> : <span key={i} role="img" {...said}>{c}</span>;
      })}
    </p>
  );
}

export function Losses({ answer, reply, view }: { answer: LossesAnswer; reply: Numbers; view: View }) {
  const losses = reply.float32(answer.losses);
  return (
    <section aria-label="Losses">
      <p>Mean loss {answer.mean.toFixed(4)}, perplexity {Math.exp(answer.mean).toFixed(2)}, over {answer.characters.length} characters. The stronger the colour, the less was the character expected. Choose one to see where its loss comes from.</p>
      <Coloured characters={answer.characters} numbers={losses} name="loss" colour={(x) => css(signed(-x / 6))} onWhy={(place) => { change(view, { why: { place } }); }} />
    </section>
  );
}

export function Activations({ answer, reply, view }: { answer: ActivationsAnswer; reply: Numbers; view: View }) {
  const values = reply.float32(answer.values), most = Math.max(1e-12, ...[...values].map(Math.abs));
  const units = answer.layers.find((one) => one.name === answer.layer)?.units ?? 1;
  return (
    <section aria-label="Units">
      <p>
        <label>Layer <select name="layer" value={answer.layer} onChange={(e) => { change(view, { layer: e.currentTarget.value, unit: 0 }); }}>
          {answer.layers.map((one) => <option key={one.name} value={one.name}>{one.name}: {one.units}</option>)}
        </select></label>{' '}
        <label>Unit <input name="unit" type="number" min="0" max={units - 1} value={answer.unit} onBlur={rest} onInput={(e) => { typed(view, { unit: Math.min(units - 1, Math.max(0, Math.trunc(Number(e.currentTarget.value)))) }); }} /></label>
      </p>
      <p>What the unit gives at each character: blue is positive, orange negative, at most {short(most)}.</p>
      <Coloured characters={answer.characters} numbers={values} name="value" colour={(x) => css(signed(x / most))} />
    </section>
  );
}

export function Attention({ answer, reply, view }: { answer: AttentionAnswer; reply: Numbers; view: View }) {
  const [at, setAt] = useState<number | null>(null);
  const [source, setSource] = useState(0);
  const all = reply.float32(answer.weights), side = answer.characters.length, maps = answer.layers * answer.heads;
  const chosen = Math.min(view.head, maps - 1), from = Math.min(at ?? side - 1, side - 1);
  const map = (i: number) => all.subarray(i * side * side, (i + 1) * side * side);
  const row = map(chosen).subarray(from * side, (from + 1) * side);
  return (
    <section aria-label="Attention">
      <div class="heads">
        {Array.from({ length: maps }, (_, i) => (
          <button type="button" key={i} aria-pressed={i === chosen} onClick={() => { change(view, { head: i }); }}>
            <Map numbers={map(i)} side={side} /> layer {Math.floor(i / answer.heads) + 1}, head {(i % answer.heads) + 1}
          </button>
        ))}
      </div>
      <p>Choose a character to see how much attention it pays to each character before it. In the maps a row is the character that attends, a column the one that is attended to.</p>
      <p class="coloured attention" data-row={[...row].join(' ')}>
        {answer.characters.map((c, i) => (
          <button type="button" key={i} aria-pressed={i === from} aria-label={`${c}, place ${i + 1}: ${percent(row[i]!)}`} title={percent(row[i]!)} style={{ '--tint': css(signed(row[i]!)) }}
            onClick={() => { setAt(i); }} onMouseEnter={() => { setAt(i); }} onFocus={() => { setAt(i); }}>{c}</button>
        ))}
      </p>
      <p>
        <label>How much {answer.characters[from]}, place {from + 1}, takes from <select name="source" value={Math.min(source, side - 1)} onChange={(e) => { setSource(Number(e.currentTarget.value)); }}>
          {answer.characters.map((c, i) => <option key={i} value={i}>{c}, place {i + 1}: {percent(row[i]!)}</option>)}
        </select></label>{' '}
        <button type="button" onClick={() => { change(view, { why: { layer: Math.floor(chosen / answer.heads), head: chosen % answer.heads, from, to: Math.min(source, side - 1) } }); }}>Where does the weight come from?</button>
      </p>
    </section>
  );
}

function Map({ numbers, side }: { numbers: Float32Array; side: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => { if (canvas.current) paint(canvas.current, side, (i) => signed(numbers[i]!)); });
  return <canvas ref={canvas} aria-hidden="true" />;
}

export function Embeddings({ answer, reply }: { answer: EmbeddingsAnswer; reply: Numbers }) {
  const x = reply.float64(answer.x), y = reply.float64(answer.y);
  const most = Math.max(1e-9, ...[...x, ...y].map(Math.abs)), place = (v: number) => 50 + (46 * v) / most;
  return (
    <section aria-label="Embeddings">
      <p>The {answer.width} dimensions of each character's vector, by their two principal components.</p>
      <svg class="embeddings" viewBox="0 0 100 100" role="img" aria-label={`${answer.characters.length} characters by two principal components`} data-x={[...x].join(' ')}>
        {answer.characters.map((c, i) => <text key={c} x={place(x[i]!)} y={100 - place(y[i]!)}>{c}</text>)}
      </svg>
    </section>
  );
}

export function Memory({ answer, reply }: { answer: MemoryAnswer; reply: Numbers }) {
  const computed = reply.int32(answer.computed), withIt = reply.float64(answer.with), without = reply.float64(answer.without);
  const sum = (numbers: Float64Array) => numbers.reduce((a, b) => a + b, 0);
  return (
    <section aria-label="Memory">
      <p>Remembered: {answer.what}. In all {sum(withIt).toFixed(1)} ms with it, and {sum(without).toFixed(1)} ms where every character is read anew.</p>
      <div class="runs-table">
        <table>
          <thead><tr><th scope="col">character</th><th scope="col">computed, with</th><th scope="col">computed, without</th><th scope="col">ms, with</th><th scope="col">ms, without</th></tr></thead>
          <tbody>
            {answer.characters.map((c, i) => <tr key={i}><th scope="row">{c}</th><td class="number">{computed[i]}</td><td class="number">{i + 1}</td><td class="number">{withIt[i]!.toFixed(2)}</td><td class="number">{without[i]!.toFixed(2)}</td></tr>)}
          </tbody>
        </table>
      </div>
    </section>
  );
}
