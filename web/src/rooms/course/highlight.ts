// The words of a program in C#, each with what it is: enough to colour it.

export type Kind = 'plain' | 'comment' | 'string' | 'number' | 'keyword' | 'type';

export interface Token {
  kind: Kind;
  text: string;
}

const KEYWORDS = new Set(('abstract as await base bool break byte case catch char class const continue decimal default delegate do double else enum explicit false finally fixed float '
  + 'for foreach get if implicit in init int interface internal is long namespace new null object operator or and not out override params private protected public readonly record ref '
  + 'required return sealed set short sizeof static string struct switch this throw true try typeof uint ulong using var virtual void when where while with yield').split(' '));

const TOKEN = new RegExp([
  String.raw`(?<comment>//[^\n]*|/\*[\s\S]*?\*/)`,
  String.raw`(?<string>\$*"""[\s\S]*?"""|[$@]*"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')`,
  String.raw`(?<number>\b\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?[fFdDmMuUlL]{0,2}\b)`,
  String.raw`(?<word>[\p{L}_][\p{L}\p{N}_]*)`,
].join('|'), 'gu');

export function highlight(code: string): Token[] {
  const found: Token[] = [];
  const add = (kind: Kind, text: string) => {
    const last = found.at(-1);
    if (text === '') return;
    if (last?.kind === kind) last.text += text;
    else found.push({ kind, text });
  };
  let at = 0;
  for (const match of code.matchAll(TOKEN)) {
    add('plain', code.slice(at, match.index));
    const { comment, string, number } = match.groups!;
    const text = match[0];
    add(comment !== undefined ? 'comment' : string !== undefined ? 'string' : number !== undefined ? 'number'
      : KEYWORDS.has(text) ? 'keyword' : /^\p{Lu}\p{L}*\p{Ll}/u.test(text) && code[match.index - 1] !== '.' ? 'type' : 'plain', text);
    at = match.index + text.length;
  }
  add('plain', code.slice(at));
  return found;
}
