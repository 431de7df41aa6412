// What the chosen runs differ in, and what is looked at closely in the first of them.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DiagnosisAnswer, DifferencesAnswer, SamplesAnswer } from '../../generated/runs';
import type { Reply } from '../../shared/wire';
import { shown } from './view';

type Ask = <T>(request: object) => Promise<Reply<T> | null>;

/** Asked for again with each version of the list until all of the runs are known to it. */
export function Differences({ runs, version, ask }: { runs: string[]; version: number; ask: Ask }) {
  const [found, setFound] = useState<DifferencesAnswer | null>(null);
  const chosen = runs.join('\n');
  const known = useRef('');
  useEffect(() => {
    let stale = false;
    if (runs.length < 2) { setFound(null); return; }
    if (known.current === chosen) return;
    void ask<DifferencesAnswer>({ type: 'differences', runs }).then((reply) => {
      if (stale || !reply) return;
      known.current = chosen;
      setFound(reply.answer);
    });
    return () => { stale = true; };
  }, [chosen, version]);
  if (!found || runs.length < 2) return null;
  return (
    <details open>
      <summary>Differences of settings</summary>
      <div class="runs-table">
        <table>
          <thead><tr><th scope="col">setting</th>{found.runs.map((run) => <th scope="col" key={run}>{run}</th>)}</tr></thead>
          <tbody>
            {found.settings.map((row) => (
              <tr key={row.name}><th scope="row">{row.name}</th>{row.values.map((value, i) => <td key={i}>{shown(row.name, value)}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>{found.settings.length === 0 ? 'All settings are the same.' : `${found.same} settings are the same.`}</p>
    </details>
  );
}

export function Close({ run, ask }: { run: string; ask: Ask }) {
  const [diagnosis, setDiagnosis] = useState<DiagnosisAnswer | null>(null);
  const [samples, setSamples] = useState<SamplesAnswer | null>(null);
  useEffect(() => { setDiagnosis(null); setSamples(null); }, [run]);
  const diagnose = async (tries: boolean) => {
    const reply = await ask<DiagnosisAnswer>({ type: 'diagnose', run, try: tries });
    if (reply) setDiagnosis(reply.answer);
  };
  return (
    <details open>
      <summary>{run}</summary>
      <p>
        <button type="button" onClick={() => { void diagnose(false); }}>Diagnose</button>{' '}
        <button type="button" onClick={() => { void diagnose(true); }}>Diagnose and try the cures</button>{' '}
        <button type="button" onClick={() => { void ask<SamplesAnswer>({ type: 'samples', run }).then((reply) => { setSamples(reply?.answer ?? null); }); }}>Samples</button>
      </p>
      {diagnosis && (
        <section class="look" aria-label="Diagnosis">
          <p>{diagnosis.looked}; {diagnosis.rules} rules: {diagnosis.findings.length === 0 ? 'nothing found' : `${diagnosis.findings.length} found`}</p>
          <dl class="findings">
            {diagnosis.findings.map((one) => (
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
      )}
      {samples?.states.map((state) => <p key={state.step}><strong>step {state.step.toLocaleString('en')}</strong>: {state.samples.join(', ')}</p>)}
    </details>
  );
}
