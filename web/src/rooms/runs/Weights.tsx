// How the weights of a run are distributed, with those of another over them.
import { useEffect, useState } from 'preact/hooks';
import type { WeightsAnswer } from '../../generated/runs';
import { colour } from './Curves';
import { outline, short } from './numbers';
import type { Ask } from './useRuns';
import { change, type View } from './view';

interface Histogram {
  parameter: string;
  from: number;
  to: number;
  of: { run: string; counts: Int32Array; mean: number; deviation: number; count: number; notFinite: number }[];
}

export function Weights({ run, other, view, ask }: { run: string; other: string | undefined; view: View; ask: Ask }) {
  const [found, setFound] = useState<{ steps: number[]; all: Histogram[] } | null>(null);
  useEffect(() => {
    let stale = false;
    void ask<WeightsAnswer>({ type: 'weights', run, other: other ?? null, step: view.at }).then((reply) => {
      if (stale || !reply) return;
      setFound({
        steps: [...reply.answer.steps],
        all: reply.answer.parameters.map(({ parameter, from, to, runs }) => ({ parameter, from, to, of: runs.map((one) => ({ ...one, counts: reply.int32(one.counts) })) })),
      });
    });
    return () => { stale = true; };
  }, [run, other, view.at]);
  if (!found) return null;
  const ids = other === undefined ? [run] : [run, other];
  return (
    <>
      <p>
        <label>State <select value={view.at ?? ''} onChange={(event) => { change(view, { at: event.currentTarget.value === '' ? null : Number(event.currentTarget.value) }); }}>
          <option value="">best model</option>
          {found.steps.map((step) => <option key={step} value={step}>step {step.toLocaleString('en')}</option>)}
        </select></label>{' '}
        {ids.map((id, i) => <span class="key" key={id}><i aria-hidden="true" style={{ background: colour(i) }} /> {id} </span>)}
      </p>
      <div class="histograms" data-parameters={found.all.length}>
        {found.all.map((one) => (
          <figure key={one.parameter}>
            <svg viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={`${one.parameter}: ${one.of.map(said).join('; ')}`}>
              {one.of.map((numbers) => <path key={numbers.run} d={outline(numbers.counts)} stroke={colour(ids.indexOf(numbers.run))} fill={colour(ids.indexOf(numbers.run)).replace(')', ' / 0.25)')} />)}
            </svg>
            <figcaption>
              <strong>{one.parameter}</strong> {short(one.from)} to {short(one.to)}
              {one.of.map((numbers) => <span key={numbers.run}><br />{said(numbers)}</span>)}
            </figcaption>
          </figure>
        ))}
      </div>
    </>
  );
}

const said = ({ count, mean, deviation, notFinite }: Histogram['of'][number]): string =>
  `${count.toLocaleString('en')} numbers, mean ${short(mean)}, standard deviation ${short(deviation)}${notFinite > 0 ? `, ${notFinite.toLocaleString('en')} not finite` : ''}`;
