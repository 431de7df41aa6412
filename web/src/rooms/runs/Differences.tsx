// What the chosen runs differ in.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DifferencesAnswer } from '../../generated/runs';
import type { Ask } from './useRuns';
import { same } from './numbers';
import { shown } from './view';

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
      <p>{same(found.settings.length, found.same)}</p>
    </details>
  );
}
