// Sets every formula of the page, for the eye and as MathML for who listens.
import katex from 'katex';
import { whenResized } from './place.mjs';

const SMALLEST = 0.5; // of a formula's own size

// A formula has no place to break: where it is too wide, its letters are smaller.
function fit(place) {
  place.style.fontSize = '';
  const share = place.clientWidth / place.scrollWidth;
  if (share < 1) place.style.fontSize = `${Math.max(share * 0.98, SMALLEST)}em`;
}

for (const place of document.querySelectorAll('figure.formula .tex')) {
  const latex = place.textContent;
  try {
    katex.render(latex, place, { displayMode: true, output: 'htmlAndMathml', strict: 'ignore' });
    fit(place);
    whenResized(place, () => fit(place));
  } catch (error) {
    place.textContent = latex;
    const sentence = document.createElement('p');
    sentence.className = 'lack';
    sentence.textContent = `This formula could not be set: ${error.message}`;
    place.after(sentence);
    console.error(error);
  }
  place.dataset.drawn = 'true';
}
