// What each worker's time goes into, and which one the others wait for.
import { useEffect, useState } from 'preact/hooks';
import type { WorkersAnswer } from '../../generated/runs';
import { Spark } from './Layers';
import { logRange } from './numbers';
import type { Ask } from './useRuns';

interface Found {
  steps: Int32Array;
  workers: { computing: Float64Array; waiting: number; sent: number }[];
  straggler: number | null;
  sentence: string;
}

export function Workers({ run, version, ask }: { run: string; version: number; ask: Ask }) {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    let stale = false;
    void ask<WorkersAnswer>({ type: 'workers', run }).then((reply) => {
      if (stale || !reply) return;
      const { workers, straggler, sentence, ...blocks } = reply.answer;
      const steps = reply.int32(blocks.steps);
      const [computing, waiting, sent] = [reply.float64(blocks.computing), reply.float64(blocks.waiting), reply.float64(blocks.sent)];
      const row = (all: Float64Array, rank: number) => all.subarray(rank * steps.length, (rank + 1) * steps.length);
      setFound({
        steps, straggler, sentence,
        workers: Array.from({ length: workers }, (_, rank) => ({
          computing: row(computing, rank), waiting: row(waiting, rank).at(-1) ?? NaN, sent: row(sent, rank).at(-1) ?? NaN,
        })),
      });
    });
    return () => { stale = true; };
  }, [run, version]);
  if (!found) return null;
  if (found.workers.length === 0) return <p>One process alone trained this run: 'chainrule train … --workers 4' shares it out.</p>;
  const range = logRange(found.workers.map((worker) => worker.computing));
  const longest = Math.max(...found.workers.map((worker) => (worker.computing.at(-1) ?? NaN) + worker.waiting).filter(Number.isFinite));
  return (
    <section class="look" aria-label="Workers">
      <p class="workers-now">{found.sentence}</p>
      <div class="runs-table" tabIndex={0} role="group" aria-label="Times of the workers">
        <table class="layers" data-workers={found.workers.length}>
          <thead>
            <tr><th scope="col">worker</th><th scope="col">computes</th><th scope="col">waits</th><th scope="col">a step</th><th scope="col">sends a step</th><th scope="col">computing so far</th></tr>
          </thead>
          <tbody>
            {found.workers.map((worker, rank) => {
              const computing = worker.computing.at(-1) ?? NaN;
              return (
                <tr key={rank} data-straggler={rank === found.straggler}>
                  <th scope="row">{rank}{rank === found.straggler ? ' (slow)' : ''}</th>
                  {Number.isFinite(computing) ? (
                    <>
                      <td class="number">{milliseconds(computing)}</td>
                      <td class="number">{milliseconds(worker.waiting)}</td>
                      <td>
                        <svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
                          <rect class="computing" x="0" y="4" height="16" width={(100 * computing) / longest} />
                          <rect class="waiting" x={(100 * computing) / longest} y="4" height="16" width={(100 * worker.waiting) / longest} />
                        </svg>
                      </td>
                      <td class="number">{(worker.sent / 1e6).toFixed(2)} MB</td>
                    </>
                  ) : <td colSpan={4}>no longer there</td>}
                  <td><Spark sizes={worker.computing} range={range} /></td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p>The mean of the steps since the evaluation before, at step {found.steps.at(-1)?.toLocaleString('en')}; the bars show computing and, paler, waiting.</p>
    </section>
  );
}

const milliseconds = (seconds: number) => `${(1000 * seconds).toFixed(1)} ms`;
