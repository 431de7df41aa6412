// One run, closely: what is wrong with it, its layers, its weights, what it makes up.
import { useEffect, useState } from 'preact/hooks';
import type { DiagnosisAnswer, MetricOriginAnswer, SamplesAnswer } from '../../generated/runs';
import { Layers } from './Layers';
import type { Ask } from './useRuns';
import { change, LOOKS, type Look as Kind, type View } from './view';
import { Weights } from './Weights';
import { Workers } from './Workers';

interface Props {
  view: View;
  version: number;
  ask: Ask;
  askApart: Ask;
}

export function Look({ view, version, ask, askApart }: Props) {
  const [run, other] = view.chosen;
  if (run === undefined) return null;
  return (
    <section aria-label={`The run ${run}`}>
      <h2>{run}</h2>
      <p class="looks">
        {(Object.keys(LOOKS) as Kind[]).map((look) => (
          <button type="button" key={look} aria-pressed={view.look === look}
            onClick={() => { change(view, { look: view.look === look ? '' : look, at: null }); }}>{LOOKS[look]}</button>
        ))}
      </p>
      {(view.look === 'diagnosis' || view.look === 'cures') && <Diagnosis key={`${run} ${view.look}`} run={run} tries={view.look === 'cures'} ask={askApart} />}
      {view.look === 'origin' && <Origin run={run} metric={view.metric} version={version} ask={ask} />}
      {view.look === 'samples' && <Samples key={run} run={run} ask={askApart} />}
      {view.look === 'workers' && <Workers run={run} version={version} ask={ask} />}
      {view.look === 'layers' && <Layers run={run} view={view} version={version} ask={ask} />}
      {view.look === 'weights' && <Weights run={run} other={other} view={view} ask={askApart} />}
    </section>
  );
}

function Diagnosis({ run, tries, ask }: { run: string; tries: boolean; ask: Ask }) {
  const [found, setFound] = useState<DiagnosisAnswer | null>(null);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    void ask<DiagnosisAnswer>({ type: 'diagnose', run, try: tries }).then((reply) => { setFound(reply?.answer ?? null); setOver(true); });
  }, []);
  if (!found) return <p role="status">{isOver ? '' : tries ? 'Cures are tried, each in a branch of the training …' : 'The rules are asked …'}</p>;
  return (
    <section class="look" aria-label="Diagnosis">
      <p>{found.looked}; {found.rules} rules: {found.findings.length === 0 ? 'nothing found' : `${found.findings.length} found`}</p>
      <dl class="findings">
        {found.findings.map((one) => (
          <div key={one.rule}>
            <dt>{one.rule}</dt>
            <dd>{one.cause}</dd>
            <dd>{one.evidence}</dd>
            <dd>{one.cure}</dd>
            {one.tried !== null && <dd>{one.tried}</dd>}
          </div>
        ))}
      </dl>
    </section>
  );
}

function Samples({ run, ask }: { run: string; ask: Ask }) {
  const [found, setFound] = useState<SamplesAnswer | null>(null);
  useEffect(() => { void ask<SamplesAnswer>({ type: 'samples', run }).then((reply) => { setFound(reply?.answer ?? null); }); }, []);
  return (
    <section class="look" aria-label="Samples">
      {found?.states.map((state) => <p key={state.step}><strong>step {state.step.toLocaleString('en')}</strong>: {state.samples.join(', ')}</p>)}
    </section>
  );
}

function Origin({ run, metric, version, ask }: { run: string; metric: string; version: number; ask: Ask }) {
  const [found, setFound] = useState<MetricOriginAnswer | null>(null);
  useEffect(() => {
    let stale = false;
    void ask<MetricOriginAnswer>({ type: 'origin', run, metric }).then((reply) => { if (!stale) setFound(reply?.answer ?? null); });
    return () => { stale = true; };
  }, [run, metric, version]);
  return <section class="look" aria-label="Where the metric comes from"><p class="origin">{found?.sentence}</p></section>;
}
