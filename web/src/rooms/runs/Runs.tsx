// The board of runs: what is shown is in the address.
import { useState } from 'preact/hooks';
import type { DoneAnswer, FileAnswer } from '../../generated/runs';
import type { Host } from '../../shared/wire';
import { save as keep } from '../../shared/save';
import { Curves } from './Curves';
import { Differences } from './Differences';
import { Look } from './Look';
import { Table } from './Table';
import { useRuns } from './useRuns';
import { change, current } from './view';

export function Runs({ host }: { host: Host }) {
  const view = current();
  const { table, lines, fault, isLost, gone, ask, askApart } = useRuns(host, view);
  // What was asked for is said until the run does it.
  const [asked, setAsked] = useState({ run: '', status: '', said: '' });
  const status = (run: string) => table?.rows.find((row) => row.id === run)?.status ?? '';
  const done = status(asked.run) === asked.status ? asked.said : '';
  const act = (type: 'stop' | 'resume', run: string) => {
    const before = status(run);
    void ask<DoneAnswer>({ type, run }).then((reply) => { if (reply) setAsked({ run, status: before, said: reply.answer.done }); });
  };
  const save = async (what: 'table' | 'points', format: string) => {
    const { filter, sort, descending, columns, chosen } = view;
    const reply = await askApart<FileAnswer>({ type: 'export', format, what, ...(what === 'table' ? { filter, sort, descending, columns } : { runs: chosen }) });
    if (!reply) return;
    keep(reply.answer.name, reply.uint8(reply.answer.content), reply.answer.mediaType);
  };
  // The table keeps its place when the first curve is drawn.
  const isEmpty = lines.every((line) => line.x.length === 0);
  const said = table?.total === 0 ? 'There is no run here yet: train one with chainrule train, or save one in the playground.'
    : view.chosen.length === 0 ? 'Tick runs in the table to draw their curves here.' : lines.length > 0 ? `The runs that are ticked have no points of ${view.metric}.` : '';
  return (
    <main class="runs">
      <form class="runs-look" onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        change(view, { filter: String(form.get('filter') ?? ''), from: 0 });
      }}>
        <label class="wide">Filter <input name="filter" key={view.filter} defaultValue={view.filter} placeholder="model = gpt and valLoss < 2" /></label>
        <button type="submit">Show</button>
        <label>Metric <select value={view.metric} onChange={(event) => { change(view, { metric: event.currentTarget.value }); }}>
          {[...new Set([view.metric, ...(table?.metrics ?? [])])].map((metric) => <option key={metric}>{metric}</option>)}
        </select></label>
        <label>Axis <select value={view.axis} onChange={(event) => { change(view, { axis: event.currentTarget.value === 'seconds' ? 'seconds' : 'step' }); }}>
          <option>step</option><option>seconds</option>
        </select></label>
        <label>Smoothing <input type="range" min="0" max="0.99" step="0.01" value={view.smoothing}
          onChange={(event) => { change(view, { smoothing: Number(event.currentTarget.value) }); }} /></label>
        <label class="check"><input type="checkbox" checked={view.log} onChange={(event) => { change(view, { log: event.currentTarget.checked }); }} />log</label>
        <label class="check"><input type="checkbox" checked={view.bands} onChange={(event) => { change(view, { bands: event.currentTarget.checked }); }} />bands over seeds</label>
        {(view.chosen.length > 0 ? ['table', 'points'] as const : ['table'] as const).map((what) => (
          <span key={what} class="formats" role="group" aria-label={`Save the ${what}`}>Save the {what} as{['csv', 'json', 'parquet'].map((format) => (
            <button type="button" key={format} onClick={() => { void save(what, format); }}>{format}</button>
          ))}</span>
        ))}
      </form>
      {fault !== '' && <p role="alert" class="fault">{fault}</p>}
      {isLost && fault === '' && <p role="alert" class="fault lost">The lab does not answer: is chainrule lab still running? What is shown may be out of date; the page reconnects by itself.</p>}
      <p role="status">{done}{done !== '' && gone !== '' && ' '}{gone}</p>
      {isEmpty && table && <p class="runs-place">{said}</p>}
      {!isEmpty && <Curves lines={lines} axis={view.bands ? 'step' : view.axis} metric={view.metric} log={view.log} />}
      {table && (
        <>
          <h2>{table.total.toLocaleString('en')} runs below {table.root}{table.isComplete ? '' : ' so far'}</h2>
          <Table table={table} view={view} act={act} />
        </>
      )}
      <Differences runs={view.chosen} version={table?.version ?? 0} ask={ask} />
      <Look view={view} version={table?.version ?? 0} ask={ask} askApart={askApart} />
    </main>
  );
}
