// Draws every graph of the page as wide as there is room. One that lies down is stood up where it can be read better so, and what is small then can be
// brought to its full size, with a scroll bar, by a button.
import { instance } from '@viz-js/viz';
import { attributes } from './dot.mjs';
import { pictures, whenResized } from './place.mjs';
import { panel } from './whatif.mjs';
import theme from './theme.json';

const READABLE = 0.6; // of the drawing's own size: letters of nine pixels
const PIXELS = 4 / 3; // in a point

const viz = instance();
for (const { drawing, canvas, data, done, failed } of pictures('graph')) {
  const draw = async () => {
    try {
      const engine = await viz;
      const svgOf = (dot) => {
        const svg = engine.renderSVGElement(dot, attributes(theme.light, 'transparent'));
        svg.removeAttribute('width');
        svg.removeAttribute('height');
        return svg;
      };
      const widthOf = (svg) => svg.viewBox.baseVal.width * PIXELS;
      const lying = svgOf(data.dot);
      let standing = null;
      // Ports that name a side would be on the wrong one.
      const canStand = data.dot.includes('rankdir=LR') && !/:[ewns]\b/.test(data.dot);
      const button = fullSize(drawing);
      let svg = null;
      const size = () => {
        const room = drawing.clientWidth;
        let best = lying;
        if (widthOf(lying) * READABLE > room && canStand) {
          standing ??= svgOf(data.dot.replace('rankdir=LR', 'rankdir=TB'));
          if (widthOf(standing) < widthOf(lying)) best = standing;
        }
        if (best !== svg) canvas.replaceChildren((svg = best));
        const wide = widthOf(svg);
        button.hidden = wide * READABLE <= room;
        if (button.hidden) button.setAttribute('aria-pressed', 'false');
        svg.style.width = `${button.getAttribute('aria-pressed') === 'true' ? wide : Math.min(wide, room)}px`;
      };
      button.addEventListener('click', () => {
        button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'));
        size();
      });
      size();
      whenResized(drawing, size);
      if (data.steps) panel(drawing, data.steps, () => [lying, standing].filter(Boolean));
      done();
    } catch (error) {
      failed(error);
    }
  };
  draw();
}

function fullSize(drawing) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'full';
  button.textContent = 'Full size';
  button.setAttribute('aria-pressed', 'false');
  button.hidden = true;
  drawing.after(button);
  return button;
}
