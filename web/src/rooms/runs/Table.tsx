// The table of runs: sorted by a click on a column, chosen by a box, stopped and resumed by a button.
import type { RunRow, TableAnswer } from '../../generated/runs';
import { change, MOST, ROWS, shown, type View } from './view';

interface Props {
  table: TableAnswer;
  view: View;
  act: (type: 'stop' | 'resume', run: string) => void;
}

export function Table({ table, view, act }: Props) {
  const choose = (run: string, isChosen: boolean) => {
    change(view, { chosen: isChosen ? [...view.chosen, run].slice(-MOST) : view.chosen.filter((one) => one !== run) });
  };
  const show = (column: string, isShown: boolean) => {
    change(view, { columns: isShown ? [...table.columns, column] : table.columns.filter((one) => one !== column) });
  };
  const last = Math.min(view.from + ROWS, table.matching);
  return (
    <>
      <details class="runs-columns">
        <summary>Columns</summary>
        <p>
          {table.allColumns.map((column) => (
            <label class="check" key={column}><input type="checkbox" checked={table.columns.includes(column)} disabled={table.columns.length === 1 && table.columns.includes(column)}
              onChange={(event) => { show(column, event.currentTarget.checked); }} />{column}</label>
          ))}
          <button type="button" disabled={view.columns === null} onClick={() => { change(view, { columns: null }); }}>The usual ones</button>
        </p>
      </details>
      <div class="runs-table">
        <table>
          <thead>
            <tr>
              <th scope="col">drawn</th>
              {table.columns.map((column) => <Head key={column} column={column} view={view} />)}
              <th scope="col" class="act">action</th>
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row) => (
              <tr key={row.id} data-run={row.id}>
                <td>
                  <input type="checkbox" aria-label={`draw ${row.name}`} checked={view.chosen.includes(row.id)}
                    onChange={(event) => { choose(row.id, event.currentTarget.checked); }} />
                </td>
                {row.values.map((value, i) => (
                  <td key={table.columns[i]} class={typeof value === 'number' ? 'number' : table.columns[i] === 'name' ? 'name' : undefined}>{shown(table.columns[i]!, value)}</td>
                ))}
                <td class="act"><Acts row={row} act={act} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>
        <button type="button" disabled={view.from === 0} onClick={() => { change(view, { from: Math.max(0, view.from - ROWS) }); }}>Back</button>{' '}
        {table.matching === 0 ? 'no run' : `${view.from + 1} to ${last} of ${table.matching.toLocaleString('en')}`}{' '}
        <button type="button" disabled={last >= table.matching} onClick={() => { change(view, { from: view.from + ROWS }); }}>Next</button>
      </p>
    </>
  );
}

function Head({ column, view }: { column: string; view: View }) {
  const isSorted = view.sort === column;
  const descending = isSorted && !view.descending;
  return (
    <th scope="col" aria-sort={isSorted ? (view.descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" onClick={() => { change(view, { sort: column, descending, from: 0 }); }}>
        {column}{isSorted ? (view.descending ? ' ▾' : ' ▴') : ''}
      </button>
    </th>
  );
}

function Acts({ row, act }: { row: RunRow; act: Props['act'] }) {
  if (row.problem !== null && row.status === 'Broken') return <span class="fault">{row.problem}</span>;
  if (row.status === 'Running') return <button type="button" onClick={() => { act('stop', row.id); }}>Stop after this step</button>;
  if (row.status === 'Stopped') return <button type="button" onClick={() => { act('resume', row.id); }}>Resume</button>;
  return null;
}
