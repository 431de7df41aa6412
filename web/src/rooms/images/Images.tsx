// A saved classifier of images while it looks at what is drawn: what is shown is in the address.
import { useEffect, useState } from 'preact/hooks';
import type { ImageExamplesAnswer, ImageLookAnswer, ImageOpenAnswer, ImagePixelAnswer, ImageRunsAnswer, ImagesRequest, ImageWhyAnswer } from '../../generated/images';
import { Derivation } from '../../shared/Derivation';
import type { Host, Reply, Session } from '../../shared/wire';
import { short } from '../runs/numbers';
import { Board, Small } from './Board';
import { Layers } from './Layers';
import { MapGrid } from './MapGrid';
import { blank, decodeFile, resize, toChannels, type Picture } from './pixels';
import { sent, useAnswer, useLook, useMap, useSessions } from './useImages';
import { bytesOf, change, current, write } from './view';

type Open = ImageOpenAnswer & { type: 'open' };

export function Images({ host }: { host: Host }) {
  const view = current();
  const { live, slow } = useSessions(host);
  const runs = useAnswer<ImageRunsAnswer & { type: 'runs' }>(live, { type: 'runs' });
  const run = runs.reply?.answer.runs.find((one) => one.id === view.run) ?? runs.reply?.answer.runs[0];
  const open = useAnswer<Open>(live, run ? { type: 'open', run: run.id } : null);
  const all = runs.reply?.answer.runs;
  if (all?.length === 0) return <main class="images"><p>No run below this folder has a classifier of images: train one, as by <code>chainrule train images</code>.</p></main>;
  return (
    <main class="images">
      {run && (
        <p class="ask">
          <label>Run <select name="run" value={run.id} onChange={(e) => { change({ run: e.currentTarget.value, at: null, label: null, why: '' }); }}>
            {all!.map((one) => <option key={one.id} value={one.id}>{one.name}: {one.model}{one.accuracy === null ? '' : `, accuracy ${one.accuracy.toFixed(3)}`}</option>)}
          </select></label>
          {open.reply && open.isFresh && <span class="hover">{open.reply.answer.model}, {open.reply.answer.parameters.toLocaleString('en')} parameters, images of {open.reply.answer.channels} × {open.reply.answer.size} × {open.reply.answer.size}</span>}
        </p>
      )}
      {[runs.fault, open.fault].filter((fault) => fault !== '').map((fault) => <p key={fault} role="alert" class="fault">{fault}</p>)}
      {run && open.reply && open.isFresh && <Model key={run.id} run={run.id} model={open.reply.answer} live={live} slow={slow} />}
    </main>
  );
}

function Model({ run, model, live, slow }: { run: string; model: Open; live: Session; slow: Session }) {
  const view = current();
  const { size, channels } = model;
  const [stroke, setStroke] = useState<Picture | null>(null);
  const [said, setSaid] = useState('');
  const [undo, setUndo] = useState<string[]>([]);
  const saved = bytesOf(view.drawing, size * size * channels);
  const [known, setKnown] = useState<{ drawing: string; picture: Picture }>({ drawing: '', picture: blank(size, channels) });
  if (known.drawing !== view.drawing) setKnown({ drawing: view.drawing, picture: { width: size, height: size, channels, bytes: saved ?? new Uint8Array(size * size * channels) } });
  const settled = known.picture, picture = stroke ?? settled;
  useEffect(() => { setStroke(null); }, [view.drawing]);
  const { look, milliseconds, fault } = useLook(live, run, picture);
  const at = view.at;
  const pixel = useAnswer<ImagePixelAnswer & { type: 'pixel' }>(live, at && !stroke ? { type: 'pixel', run, picture: sent(settled), layer: at[0], channel: at[1], row: at[2], column: at[3] } : null);
  const why = useAnswer<ImageWhyAnswer & { type: 'why' }>(slow, view.why !== '' && !stroke ? { type: 'why', run, picture: sent(settled), class: Number(view.why.slice(1)), logit: view.why.startsWith('l') } : null);
  const keep = (next: Picture) => {
    const drawing = write(next.bytes);
    setSaid('');
    if (drawing === view.drawing) { setStroke(null); return; }
    setUndo([...undo, view.drawing]);
    change({ drawing });
  };
  const take = (other: Picture) => { keep(resize(toChannels(other, channels), size)); };
  const takeFile = (file: Blob | null | undefined) => {
    if (!file) return;
    decodeFile(file).then(take, (error: Error) => { setSaid(error.message); });
  };
  useEffect(() => {
    const paste = (event: ClipboardEvent) => { takeFile([...(event.clipboardData?.files ?? [])][0]); };
    window.addEventListener('paste', paste);
    return () => { window.removeEventListener('paste', paste); };
  });
  return (
    <div onDragOver={(e) => { e.preventDefault(); }} onDrop={(e) => { e.preventDefault(); takeFile(e.dataTransfer?.files[0]); }}>
      <div class="desk">
        <section aria-label="Drawing">
          <Board picture={picture} onDraw={setStroke} onStroke={keep} />
          <p class="buttons">
            <button type="button" disabled={undo.length === 0} onClick={() => { change({ drawing: undo.at(-1)! }); setUndo(undo.slice(0, -1)); }}>Undo stroke</button>{' '}
            <button type="button" disabled={picture.bytes.every((x) => x === 0)} onClick={() => { keep(blank(size, channels)); }}>Clear</button>
          </p>
          <p><label>Picture file, or drop or paste one <input name="file" type="file" accept="image/*" onChange={(e) => { takeFile(e.currentTarget.files?.[0]); }} /></label></p>
          <Examples run={run} session={slow} onTake={take} />
        </section>
        <section aria-label="Classes">
          {(saved === null) && <p role="alert" class="fault">The picture of this address is gone, or was of another size: draw it anew.</p>}
          {[said, fault, why.fault, pixel.fault].filter((one) => one !== '').map((one) => <p key={one} role="alert" class="fault">{one}</p>)}
          {look && <Classes look={look} model={model} milliseconds={milliseconds} />}
          {why.reply && view.why !== '' && <Derivation tree={why.reply.answer.tree} onClose={() => { change({ why: '' }); }} />}
          <Maps run={run} model={model} picture={stroke ? null : settled} label={view.label} session={slow} />
        </section>
      </div>
      {look && <Layers run={run} layers={model.layers} look={look} pixel={at ? pixel.reply : null} session={live} />}
    </div>
  );
}

function Classes({ look, model, milliseconds }: { look: Reply<ImageLookAnswer>; model: Open; milliseconds: number }) {
  const p = look.float32(look.answer.probabilities), logits = look.float32(look.answer.logits);
  let best = 0;
  p.forEach((x, i) => { if (x > p[best]!) best = i; });
  return (
    <>
      <h2>{model.classes[best]}: <output>{(100 * p[best]!).toFixed(1)} %</output></h2>
      <p class="hover" data-milliseconds={milliseconds}>Answered in {milliseconds.toFixed(0)} ms; {look.answer.milliseconds.toFixed(1)} ms of them are the forward pass.{look.answer.isInverted && ' The picture was inverted first: its border is light and that of the training pictures dark, or the other way round.'}</p>
      <table class="bars">
        <thead><tr><th scope="col">class</th><th scope="col">probability</th><th scope="col">logit</th></tr></thead>
        <tbody>
          {model.classes.map((name, i) => (
            <tr key={name} data-class={i} data-probability={p[i]}>
              <th scope="row">{name}</th>
              <td><span class="bar"><i aria-hidden="true" style={{ width: `${(100 * p[i]!).toFixed(2)}%` }} /><button type="button" title="Where does it come from?" aria-label={`Probability of ${name}: ${(100 * p[i]!).toFixed(1)} %. Where does it come from?`} onClick={() => { change({ why: `p${i}` }); }}>{(100 * p[i]!).toFixed(1)} %</button></span></td>
              <td class="number">{model.hasOneOutput && i === 0 ? '' : <button type="button" title="Where does it come from?" aria-label={`Logit of ${name}: ${short(logits[model.hasOneOutput ? 0 : i]!)}. Where does it come from?`} onClick={() => { change({ why: `l${i}` }); }}>{short(logits[model.hasOneOutput ? 0 : i]!)}</button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Maps({ run, model, picture, label, session }: { run: string; model: Open; picture: Picture | null; label: number | null; session: Session }) {
  const [last, setLast] = useState(picture);
  if (picture && picture !== last) setLast(picture);
  // What was found stays while the next stroke is made.
  const ask = (type: 'saliency' | 'occlusion'): ImagesRequest | null => last && { type, run, picture: sent(last), class: label };
  const saliency = useMap(session, ask('saliency')), occlusion = useMap(session, ask('occlusion'));
  return (
    <>
      <h2>Which pixels matter</h2>
      <p><label>To the score of <select name="label" value={label ?? ''} onChange={(e) => { change({ label: e.currentTarget.value === '' ? null : Number(e.currentTarget.value) }); }}>
        <option value="">the predicted class</option>
        {model.classes.map((name, i) => <option key={name} value={i}>{name}</option>)}
      </select></label></p>
      <div class="pair">
        {([['Saliency', saliency], ['Occlusion', occlusion]] as const).map(([name, { reply, fault }]) => (
          <figure key={name} data-map={name} data-class={reply?.answer.class}>
            <h3>{name}{reply && `, ${model.classes[reply.answer.class]}`}</h3>
            {fault !== '' && <p role="alert" class="fault">{fault}</p>}
            {reply && <MapGrid numbers={reply.float32(reply.answer.map)} height={reply.answer.size} width={reply.answer.size} label={name} unit="map" side={200} />}
            {reply && <figcaption class="hover">{reply.answer.formula}</figcaption>}
          </figure>
        ))}
      </div>
    </>
  );
}

function Examples({ run, session, onTake }: { run: string; session: Session; onTake: (picture: Picture) => void }) {
  const { reply, fault } = useAnswer<ImageExamplesAnswer & { type: 'examples' }>(session, { type: 'examples', run });
  return (
    <>
      <h2>Examples</h2>
      {fault !== '' && <p role="alert" class="fault">{fault}</p>}
      {reply && <p class="hover">{reply.answer.source}</p>}
      <p class="examples">
        {reply?.answer.examples.map((one, i) => {
          const picture = { width: one.width, height: one.height, channels: one.channels, bytes: reply.uint8(one.bytes) };
          return <button type="button" key={i} aria-label={`Example of ${one.class}`} title={one.class} onClick={() => { onTake(picture); }}><Small picture={picture} /></button>;
        })}
      </p>
    </>
  );
}
