// Weights, gradients and updates of all layers on one page, sorted.
import { useEffect, useState } from 'preact/hooks';
import type { LayersAnswer } from '../../generated/runs';
import { KINDS, latest, logRange, short, sorted, type Kind, type Layer } from './numbers';
import type { Ask } from './useRuns';
import { change, type Order, type View } from './view';

const HEADS: Record<Kind, string> = { weights: 'weights, RMS', gradients: 'gradients, RMS', updates: 'update / weights' };

export function Layers({ run, view, version, ask }: { run: string; view: View; version: number; ask: Ask }) {
  const [found, setFound] = useState<{ steps: Int32Array; layers: Layer[] } | null>(null);
  useEffect(() => {
    let stale = false;
    void ask<LayersAnswer>({ type: 'layers', run }).then((reply) => {
      if (stale || !reply) return;
      const { parameters, ...blocks } = reply.answer;
      const steps = reply.int32(blocks.steps);
      const all = { weights: reply.float64(blocks.weights), gradients: reply.float64(blocks.gradients), updates: reply.float64(blocks.updates) };
      const row = (kind: Kind, i: number) => all[kind].subarray(i * steps.length, (i + 1) * steps.length);
      setFound({ steps, layers: parameters.map((name, i) => ({ name, sizes: { weights: row('weights', i), gradients: row('gradients', i), updates: row('updates', i) } })) });
    });
    return () => { stale = true; };
  }, [run, version]);
  if (!found) return null;
  if (found.steps.length === 0) return <p>This run recorded no sizes of its layers.</p>;
  // One scale for all layers of a kind: they are compared.
  const scale = Object.fromEntries(KINDS.map((kind) => [kind, logRange(found.layers.map((layer) => layer.sizes[kind]))])) as Record<Kind, [number, number]>;
  return (
    <div class="runs-table">
      <table class="layers" data-layers={found.layers.length}>
        <thead>
          <tr>
            <Head order="model" text="parameter" view={view} />
            {KINDS.map((kind) => <Head key={kind} order={kind} text={HEADS[kind]} view={view} />)}
          </tr>
        </thead>
        <tbody>
          {sorted(found.layers, view.order).map((layer) => (
            <tr key={layer.name}>
              <th scope="row">{layer.name}</th>
              {KINDS.map((kind) => (
                <td key={kind} class="number" data-kind={kind}>
                  <Spark sizes={layer.sizes[kind]} range={scale[kind]} /> <span class="size">{short(latest(layer.sizes[kind]))}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p>The latest sizes, and how they came about, over {found.steps.length.toLocaleString('en')} evaluations to step {found.steps.at(-1)?.toLocaleString('en')}, on logarithmic axes.</p>
    </div>
  );
}

function Head({ order, text, view }: { order: Order; text: string; view: View }) {
  const isSorted = view.order === order;
  return (
    <th scope="col" aria-sort={isSorted && order !== 'model' ? 'descending' : 'none'}>
      <button type="button" onClick={() => { change(view, { order }); }}>{text}{isSorted && order !== 'model' ? ' ▾' : ''}</button>
    </th>
  );
}

export function Spark({ sizes, range: [from, to] }: { sizes: Float64Array; range: [number, number] }) {
  const points = [...sizes].flatMap((x, i) => (x > 0 && Number.isFinite(x)
    ? [`${(sizes.length === 1 ? 50 : (100 * i) / (sizes.length - 1)).toFixed(1)},${(22 - (20 * (Math.log10(x) - from)) / (to - from)).toFixed(1)}`] : []));
  return <svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true"><polyline points={points.join(' ')} /></svg>;
}
