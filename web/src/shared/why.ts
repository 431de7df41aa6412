// What of a derivation is worth lighting up in a picture.
import type { WhyTree } from '../generated/graph';

/** As a textbook writes it, with six digits; what is no number is said so. */
export function text(x: number | string): string {
  const value = Number(x);
  if (!Number.isFinite(value)) return String(x);
  return String(Number(value.toPrecision(6))).replace('-', '−');
}

/** How much of the root goes through what is named: derivatives such as `2.weight[0, 3]`, numbers such as `dL/dd`, and what a `dL/d(2.weight[0, 3])` is of. */
export function lit(tree: WhyTree): Map<string, number> {
  const found = new Map<string, number>();
  const seen = new Map<number, number>();
  const put = (name: string, part: number) => { if (name !== '') found.set(name, Math.max(part, found.get(name) ?? 0)); };
  const visit = (at: number, part: number) => {
    if ((seen.get(at) ?? 0) >= part) return;
    seen.set(at, part);
    const number = tree.numbers[at]!;
    put(number.subject, part);
    put(/^dL\/d\((.*)\)$/.exec(number.subject)?.[1] ?? '', part);
    for (const step of number.steps) {
      for (const term of step.terms) {
        const fraction = Number(term.fraction);
        const through = part * (step.addsUp && Number.isFinite(fraction) ? fraction : 1);
        if (through <= 0) continue;
        put(term.derivative, through);
        visit(term.from, through);
      }
    }
  };
  visit(0, 1);
  return found;
}
