// Every layer's output, in the order of computation, with its filters.
import { useEffect, useState } from 'preact/hooks';
import type { ImageFiltersAnswer, ImageLayerShape, ImageLookAnswer, ImagePixelAnswer, ImagesRequest } from '../../generated/images';
import type { Reply, Session } from '../../shared/wire';
import { MapGrid, type Frame } from './MapGrid';
import { change } from './view';
import { Zoom } from './Zoom';

interface Props {
  run: string;
  layers: ImageLayerShape[];
  look: Reply<ImageLookAnswer>;
  pixel: Reply<ImagePixelAnswer> | null;
  session: Session;
}

export function Layers({ run, layers, look, pixel, session }: Props) {
  const { answer } = look;
  const windows = pixel?.answer.parts ?? [];
  const first = layers.findIndex((layer) => layer.hasFilters);
  return (
    <section aria-label="Layers">
      <h2>Layers</h2>
      <p class="hover">What each layer gives, in the order of computation: blue is positive, orange negative, the strongest colour is the largest number of the layer. Choose a number to take it apart.</p>
      {layers.map((layer, i) => {
        const maps = answer.layers[i]!, at = pixel?.answer.layer === i ? pixel.answer : null;
        const chosen: Frame | null = at && { channel: at.channel, channels: 1, top: at.row, left: at.column, height: 1, width: 1 };
        return (
          <section key={layer.name} class="layer" aria-label={layer.name} data-layer={i}>
            <h3>{layer.name}{layer.type !== '' && `: ${layer.type}`}</h3>
            <p>{layer.isVector ? `${layer.channels} numbers` : `${layer.channels} × ${layer.height} × ${layer.width}`}{layer.does !== '' && <> · {layer.does}</>}{layer.from.length > 0 && layer.from.some((from) => from !== i - 1) && <> · reads {layer.from.map((from) => layers[from]!.name).join(' and ')}</>}</p>
            {maps.shown === 0 ? <p class="hover">Too large to be drawn.</p> : (
              <MapGrid numbers={look.float32(maps.numbers)} height={layer.height} width={layer.width} label={layer.name} unit={layer.isVector ? 'unit' : 'channel'}
                chosen={chosen} frame={windows.find((part) => part.layer === i) ?? null} onChoose={(channel, row, column) => { change({ at: [i, channel, row, column] }); }}
                onLeave={() => { if (at) change({ at: null }); }} />
            )}
            {maps.shown > 0 && maps.shown < layer.channels && <p class="hover">The first {maps.shown} of {layer.channels}.</p>}
            {at && pixel && <Zoom reply={pixel} layers={layers} />}
            {layer.hasFilters && <Filters key={`${run} ${i}`} run={run} layer={i} name={layer.name} session={session} open={i === first} />}
          </section>
        );
      })}
    </section>
  );
}

function Filters({ run, layer, name, session, open: begins }: { run: string; layer: number; name: string; session: Session; open: boolean }) {
  const [open, setOpen] = useState(begins);
  const [reply, setReply] = useState<Reply<ImageFiltersAnswer> | null>(null);
  const [fault, setFault] = useState('');
  useEffect(() => {
    if (!open || reply) return;
    session.ask<ImageFiltersAnswer>({ type: 'filters', run, layer } satisfies ImagesRequest).then(setReply, (error: Error) => { setFault(error.message); });
  }, [open]);
  return (
    <details open={open} onToggle={(e) => { setOpen(e.currentTarget.open); }}>
      <summary>Filters of {name}</summary>
      {fault !== '' && <p role="alert" class="fault">{fault}</p>}
      {reply && (
        <div data-filters={reply.answer.filters}>
          <p class="hover">{reply.answer.filters < reply.answer.all ? `The first ${reply.answer.filters} of ${reply.answer.all} filters` : `${reply.answer.all} filters`}, each with a kernel of {reply.answer.height} × {reply.answer.width} for {reply.answer.channels === 1 ? 'the one channel' : `each of ${reply.answer.channels} channels`} that it reads: the kernels of one filter follow each other.</p>
          <MapGrid numbers={reply.float32(reply.answer.weights)} height={reply.answer.height} width={reply.answer.width} label={`Filters of ${name}`} unit="kernel" perRow={reply.answer.channels > 1 && reply.answer.height * reply.answer.width > 1 ? reply.answer.channels : undefined} />
        </div>
      )}
    </details>
  );
}
