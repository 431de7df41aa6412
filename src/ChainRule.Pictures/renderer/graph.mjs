// Draws every graph of the page, and lets a wide one scroll rather than shrink until nobody can read it.
import { instance } from '@viz-js/viz';
import { attributes } from './dot.mjs';
import { pictures, whenResized } from './place.mjs';
import theme from './theme.json';

const SMALLEST = 0.62; // of the drawing's own size

const viz = instance();
for (const { drawing, canvas, data, done, failed } of pictures('graph')) {
  const draw = async () => {
    try {
      const svg = (await viz).renderSVGElement(data.dot, attributes(theme.light, 'transparent'));
      const size = () => {
        const wide = svg.viewBox.baseVal.width * (4 / 3);
        svg.style.width = `${Math.min(wide, Math.max(drawing.clientWidth, wide * SMALLEST))}px`;
      };
      svg.removeAttribute('width');
      svg.removeAttribute('height');
      canvas.replaceChildren(svg);
      size();
      whenResized(drawing, size);
      done();
    } catch (error) {
      failed(error);
    }
  };
  draw();
}
