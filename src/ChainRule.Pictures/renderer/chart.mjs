// Draws every chart of the page. Expressions are interpreted, not compiled, so the page can forbid itself to make code from text.
import embed from 'vega-embed';
import { expressionInterpreter } from 'vega-interpreter';
import { fit } from './fit.mjs';
import { pictures, whenResized } from './place.mjs';

const options = {
  mode: 'vega-lite', renderer: 'svg', actions: false, defaultStyle: false, ast: true, expr: expressionInterpreter,
  tooltip: { disableDefaultStyle: true },
};

for (const { drawing, canvas, data, done, failed } of pictures('chart')) {
  let view = null;
  const draw = async () => {
    try {
      const room = drawing.clientWidth;
      const into = async (over) => {
        view?.finalize();
        ({ view } = await embed(canvas, fit(data, room, over), options));
        return Math.ceil(canvas.querySelector('svg').getBoundingClientRect().width - room);
      };
      // What stands beside the charts of a grid is known once it is drawn: once more, if that was too much.
      const over = await into(0);
      if (over > 0 && (data.concat || data.facet)) await into(over);
      done();
    } catch (error) {
      failed(error);
    }
  };
  draw();
  whenResized(drawing, draw);
}
