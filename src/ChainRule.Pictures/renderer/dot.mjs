// How a graph looks where its text does not say otherwise. Graphviz knows the widths of Helvetica's letters, so that is what is asked for.

export function attributes({ ink, soft }, background) {
  const fontname = 'Helvetica,Arial,sans-serif';
  return {
    graphAttributes: { bgcolor: background, pad: 0.1, fontname, fontcolor: ink },
    nodeAttributes: { fontname, fontsize: 12, color: soft, fontcolor: ink },
    edgeAttributes: { fontname, fontsize: 11, color: soft, fontcolor: ink, arrowsize: 0.7 },
  };
}
