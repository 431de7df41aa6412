// Shapes: what an op does with two of them, number by number, forward and backward.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComputedAnswer, OpsAnswer, ShapesOpName, ShapesRequest, ShapesWhyAnswer, WhyTree } from '../../generated/shapes';
import { Derivation } from '../../shared/Derivation';
import { go, route } from '../../shared/route';
import { Session, type Host, type Reply } from '../../shared/wire';
import { Tensor } from './Tensor';
import { pairs, read, readWhy, type View, type Why } from './view';

export function Shapes({ host }: { host: Host }) {
  const [ops, setOps] = useState<ShapesOpName[]>([]);
  const [reply, setReply] = useState<Reply<ComputedAnswer> | null>(null);
  const [fault, setFault] = useState('');
  const [on, setOn] = useState<{ tensor: string; place: number } | null>(null);
  const [tree, setTree] = useState<WhyTree | null>(null);
  const session = useRef<Session | null>(null);
  session.current ??= new Session(host, 'shapes');
  const state = route.value.room === 'shapes' ? route.value.state : {};
  const op = ops.find((one) => one.name === state.op) ?? ops[0];
  const view = op ? read(state, op) : null, why = view ? readWhy(state) : null;

  useEffect(() => {
    const leave = () => { session.current?.close(); };
    window.addEventListener('pagehide', leave);
    session.current!.first<OpsAnswer>({ type: 'ops' }, (error) => { setFault(error.message); }).then(({ answer }) => { setFault(''); setOps(answer.ops); }, (error: Error) => { setFault(error.message); });
    return () => { window.removeEventListener('pagehide', leave); leave(); session.current = null; };
  }, [host]);
  useEffect(() => {
    if (!view) return;
    let stale = false;
    const request: ShapesRequest = { type: 'compute', ...view };
    session.current!.ask<ComputedAnswer>(request).then((next) => {
      if (stale) return;
      setFault(''); setReply(next); setOn(null);
    }, (error: Error) => { if (!stale) { setFault(error.message); setReply(null); } });
    return () => { stale = true; };
  }, [JSON.stringify(view)]);
  useEffect(() => {
    setTree(null);
    if (!view || !why) return;
    let stale = false;
    const request: ShapesRequest = { type: 'why', ...view, ...why };
    session.current!.ask<ShapesWhyAnswer>(request).then(({ answer }) => { if (!stale) setTree(answer.tree); },
      (error: Error) => { if (!stale) setFault(error.message); });
    return () => { stale = true; };
  }, [JSON.stringify([view, why])]);

  if (!view || !op) return <main class="shapes">{fault !== '' && <p role="alert" class="fault">{fault}</p>}</main>;
  const change = (by: Partial<View>) => { go({ room: 'shapes', state: { ...view, ...by } }); };
  const explain = (next: Why | null) => { go({ room: 'shapes', state: { ...view, ...(next && { why: next }) } }); };
  const inputs = reply?.answer.inputs.map((tensor) => ({ tensor, reached: pairs(reply.int32(tensor.reached)) })) ?? [];
  // A number of the result lights what it reads, and a number of an input the results that read it.
  const litOf = (name: string): Set<number> => {
    if (on === null) return new Set();
    if (on.tensor === name) return new Set([on.place]);
    if (on.tensor === 'y') return new Set(inputs.find((one) => one.tensor.name === name)?.reached.filter(([y]) => y === on.place).map(([, x]) => x));
    const results = inputs.find((one) => one.tensor.name === on.tensor)?.reached.filter(([, x]) => x === on.place).map(([y]) => y) ?? [];
    if (name === 'y') return new Set(results);
    return new Set(inputs.find((one) => one.tensor.name === name)?.reached.filter(([y]) => results.includes(y)).map(([, x]) => x));
  };
  return (
    <main class="shapes">
      <form class="ask" onSubmit={(e) => { e.preventDefault(); }}>
        <label><span>Op</span>
          <select name="op" value={op.name} onChange={(e) => { go({ room: 'shapes', state: { op: e.currentTarget.value } }); }}>
            {ops.map((one) => <option key={one.name} value={one.name}>{one.name}: {one.title}</option>)}
          </select>
        </label>
        <Field name="a" title="Shape of a" value={view.a} onChange={(a) => { change({ a }); }} />
        {op.takesTwo && <Field name="b" title="Shape of b" value={view.b} onChange={(b) => { change({ b }); }} />}
        {op.takesAxes && <Field name="axes" title="Axes" value={view.axes} onChange={(axes) => { change({ axes }); }} />}
        {op.takesAxes && op.name !== 'transpose' && (
          <label class="check"><input name="keepDim" type="checkbox" checked={view.keepDim} onChange={(e) => { change({ keepDim: e.currentTarget.checked }); }} /> keep the axes, of size 1</label>
        )}
      </form>
      {fault !== '' && <p role="alert" class="fault">{fault}</p>}
      {reply && (
        <>
          <p><code>var y = {reply.answer.code};</code></p>
          <ul class="remarks">{reply.answer.remarks.map((remark) => <li key={remark}>{remark}</li>)}</ul>
          <h2>Forward</h2>
          <p class="hover">Choose a number to see what it is computed from, and what is computed from it; click one of y for its derivation.</p>
          <div class="tensors">
            {[...reply.answer.inputs, reply.answer.output].map((tensor) => (
              <Tensor key={tensor.name} title={tensor.name} tensor={tensor} numbers={reply.float64(tensor.numbers)} lit={litOf(tensor.name)} onChoose={(place) => { setOn({ tensor: tensor.name, place }); }}
                onWhy={tensor.name === 'y' ? (place) => { explain({ tensor: 'y', place }); } : null} />
            ))}
          </div>
          {tree && <Derivation tree={tree} onClose={() => { explain(null); }} />}
          <h2>Backward</h2>
          <p class="hover">The gradient of the result is chosen to be 1, 2, 3 …, so that sums of it can be told apart. Click a number of another gradient for its derivation.</p>
          <div class="tensors">
            {[reply.answer.output, ...reply.answer.inputs].map((tensor) => (
              <Tensor key={tensor.name} title={`dL/d${tensor.name}`} tensor={tensor} numbers={reply.float64(tensor.gradient)} lit={litOf(tensor.name)} onChoose={(place) => { setOn({ tensor: tensor.name, place }); }}
                onWhy={tensor.name === 'y' ? null : (place) => { explain({ tensor: tensor.name, place }); }} />
            ))}
          </div>
        </>
      )}
    </main>
  );
}

function Field({ name, title, value, onChange }: { name: string; title: string; value: string; onChange: (value: string) => void }) {
  return <label><span>{title}</span><input name={name} type="text" value={value} size={10} onChange={(e) => { onChange(e.currentTarget.value); }} /></label>;
}
