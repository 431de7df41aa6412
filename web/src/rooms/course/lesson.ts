// A lesson's program, read for people: what it says, what it prints, and its code, part by part.

/** A piece of text: a paragraph, or lines that stand as they are. */
export interface Piece {
  kind: 'prose' | 'output' | 'code';
  text: string;
}

/** A numbered part of a lesson. */
export interface Part {
  number: number;
  title: string;
  /** What it prints: prose, and output as it stands. */
  text: Piece[];
  /** The program of it: comments as prose, and code. */
  code: Piece[];
}

export interface Lesson {
  name: string;
  number: number;
  title: string;
  summary: string;
  /** What the head of the file says, after the summary. */
  intro: Piece[];
  /** The program before the first part. */
  setup: Piece[];
  /** What is printed before the first part. */
  begins: Piece[];
  parts: Part[];
  expected: string;
}

const EXPECTED = '\n// expected:\n';
const HEADING = /^ {0,3}(\d+)\. (\S.*)$/;

const uncommented = (line: string) => line.replace(/^\/\/ ?/, '');

/** Lines as paragraphs: what is indented, or holds columns, stands as it is. */
function pieces(lines: string[], isProse: (line: string) => boolean): Piece[] {
  const found: Piece[] = [];
  let blank = 0;
  for (const line of lines) {
    if (line.trim() === '') { blank++; continue; }
    const kind = isProse(line) ? 'prose' : 'output';
    const open = found.at(-1);
    if (open?.kind === kind && (kind === 'output' || blank === 0)) {
      open.text += kind === 'output' ? `${'\n'.repeat(blank + 1)}${line}` : ` ${line.trim()}`;
    } else found.push({ kind, text: kind === 'output' ? line : line.trim() });
    blank = 0;
  }
  return found;
}

/** Comments that stand alone are prose; the rest is code. */
export function ofProgram(text: string): Piece[] {
  const found: Piece[] = [];
  let comment: string[] = [], code: string[] = [];
  const endCode = () => {
    const joined = code.join('\n').replace(/^\n+|\s+$/g, '');
    if (joined !== '') found.push({ kind: 'code', text: joined });
    code = [];
  };
  const endComment = () => {
    if (comment.length > 0) {
      endCode();
      found.push(...pieces(comment, (line) => !/^ {2}/.test(line)));
    }
    comment = [];
  };
  for (const line of text.split('\n')) {
    if (/^\/\/(?!\/)/.test(line)) { comment.push(uncommented(line)); continue; }
    endComment();
    code.push(line);
  }
  endComment();
  endCode();
  return found;
}

/** What decides whether a printed line is prose: a text of the program holds it, and it has no columns. */
function prose(program: string): (line: string) => boolean {
  const plain = new Set<string>(), patterns: RegExp[] = [];
  for (const [, dollars, body] of program.matchAll(/(\$*)"""\n([\s\S]*?)\n *"""/g)) {
    for (const line of body!.split('\n').map((one) => one.trim()).filter((one) => one !== '')) {
      if (dollars === '' || !line.includes('{')) plain.add(line);
      else if (dollars === '$') {
        const parts = line.split(/\{[^{}]*\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
        // A line of little but numbers is output.
        if (parts.join('').replace(/[^\p{L}]/gu, '').length >= 20) patterns.push(new RegExp(`^${parts.join('.*')}$`));
      }
    }
  }
  return (line) => {
    const text = line.trim();
    if (/^ {4}/.test(line) || /\S {2,}\S/.test(text)) return false;
    return plain.has(text) || patterns.some((pattern) => pattern.test(text));
  };
}

/** Where in the program the statement begins that prints a heading; -1 where it is not found. */
function headingAt(lines: string[], from: number, number: number, title: string): number {
  const begin = `${number}. ${title.slice(0, 8)}`;
  const at = lines.findIndex((line, i) => i >= from && line.includes(begin) && !line.startsWith('//'));
  for (let i = at; i >= Math.max(from, at - 25); i--) if (/^\s*Console\.Write/.test(lines[i]!)) return i;
  return at;
}

/** Texts that are printed as they stand are read above the code: the code goes without them. */
const withoutTexts = (code: string): string => code
  .replace(/^Console\.WriteLine\("""\n[\s\S]*?\n *"""\);\n?/gm, '')
  .replace(/^Console\.WriteLine\("(\\n)*\d+\. [^"{}]*"\);\n?/gm, '');

/** The first sentence is the title; of a long one, what stands before a colon. */
function titled(text: string): { title: string; rest: string } {
  const [, title, rest] = /^(.{1,90}?[.?!]|.{12,90}?:)(?: (.*))?$/.exec(text) ?? /^(.{1,240}?[.?!]) (.*)$/.exec(text) ?? [undefined, text, ''];
  return { title: title!.replace(/[.:]$/, ''), rest: rest ?? '' };
}

export function read(name: string, text: string): Lesson {
  const [whole, printed = ''] = text.replace(/\r\n/g, '\n').split(EXPECTED) as [string, string?];
  const lines = whole.split('\n').filter((line) => !line.startsWith('#:'));
  const length = lines.findIndex((line) => !line.startsWith('//'));
  const head = lines.slice(0, length < 0 ? lines.length : length).map(uncommented);
  const firstEnd = head.indexOf('') < 0 ? head.length : head.indexOf('');
  const [, number = '0', title = name, summary = ''] = /^Lesson (\d+): ([^.?!]+[?!]?)\.? (.*)$/.exec(head.slice(0, firstEnd).join(' ')) ?? [];
  const lesson: Lesson = {
    name, number: Number(number), title, summary, intro: pieces(head.slice(firstEnd), (line) => !/^ {2}/.test(line)),
    setup: [], begins: [], parts: [], expected: printed.trimEnd().split('\n').map(uncommented).join('\n'),
  };

  const isOfTexts = prose(whole), rests = new Set<string>();
  const isProse = (line: string) => rests.has(line) || isOfTexts(line);
  const program = lines.slice(head.length);
  let open: string[] = [], at = 0;
  const endText = () => {
    const found = pieces(open, isProse);
    const last = lesson.parts.at(-1);
    if (last) last.text.push(...found);
    else lesson.begins = found;
    open = [];
  };
  const endCode = (end: number) => {
    const code = ofProgram(withoutTexts(`${program.slice(at, end).join('\n')}\n`));
    const last = lesson.parts.at(-1);
    if (last) last.code = code;
    else lesson.setup = code;
    at = end;
  };
  const printedLines = lesson.expected.split('\n');
  for (let i = 0; i < printedLines.length; i++) {
    const line = printedLines[i]!;
    const [, digits, words] = HEADING.exec(line) ?? [];
    const next = lesson.parts.length + 1;
    if (digits !== undefined && Number(digits) === next) {
      const from = headingAt(program, at, next, words!);
      endText();
      if (from >= 0) endCode(from);
      // A first sentence that is longer than its line is not torn: it goes on in the next ones.
      let heading = words!;
      while (!/[.?!:]( |$)/.test(heading) && i + 1 < printedLines.length && isProse(printedLines[i + 1]!)) heading += ` ${printedLines[++i]!.trim()}`;
      const { title: shown, rest } = titled(heading);
      lesson.parts.push({ number: next, title: shown, text: [], code: [] });
      // What follows the title in its line goes on with the prose below.
      if (rest !== '') { rests.add(rest); open.push(rest); }
      continue;
    }
    open.push(line);
  }
  endText();
  endCode(program.length);
  return lesson;
}

let all: Promise<Lesson[]> | null = null;

/** All lessons, in order: one file that the page fetches once. */
export function lessons(): Promise<Lesson[]> {
  all ??= fetched();
  all.catch(() => { all = null; });
  return all;
}

async function fetched(): Promise<Lesson[]> {
  let response: Response;
  try {
    response = await fetch('lessons.json.gz');
  } catch {
    throw new Error('The lessons do not come: is chainrule lab still running?');
  }
  if (!response.ok) throw new Error(`The lessons could not be read: the host answered ${response.status}.`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  // Some hosts say that it is compressed: the browser has unpacked it then.
  const json = bytes[0] === 0x1f && bytes[1] === 0x8b
    ? await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text() : new TextDecoder().decode(bytes);
  return Object.entries(JSON.parse(json) as Record<string, string>).map(([name, text]) => read(name, text)).sort((a, b) => (a.name < b.name ? -1 : 1));
}
