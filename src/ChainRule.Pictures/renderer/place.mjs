// Where the page keeps its pictures: a place to draw in, and beside it what to draw.

export function pictures(kind) {
  return [...document.querySelectorAll(`figure.${kind} > .drawing`)].map((drawing) => ({
    drawing,
    canvas: canvasIn(drawing),
    data: JSON.parse(drawing.nextElementSibling.textContent),
    done: () => { drawing.dataset.drawn = 'true'; },
    failed: (error) => {
      const sentence = document.createElement('p');
      sentence.className = 'lack';
      sentence.textContent = `This picture could not be drawn: ${error.message}`;
      drawing.replaceChildren(sentence);
      drawing.dataset.drawn = 'false';
      console.error(error);
    },
  }));
}

// The place itself has a name for who listens; what is drawn in it is for the eye.
function canvasIn(drawing) {
  const canvas = document.createElement('div');
  canvas.setAttribute('aria-hidden', 'true');
  drawing.replaceChildren(canvas);
  return canvas;
}

/** Calls once the place has had another width for a moment. */
export function whenResized(place, act) {
  let width = place.clientWidth;
  let waiting = 0;
  new ResizeObserver(() => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    clearTimeout(waiting);
    waiting = setTimeout(act, 120);
  }).observe(place);
}
