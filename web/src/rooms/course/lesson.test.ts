import { expect, test } from 'vitest';
import { highlight } from './highlight';
import { ofProgram, read } from './lesson';
import { read as view, USUAL } from './view';

const TEXT = `#:project ../src/ChainRule
// Lesson 07: A title. What it
// says.
//
// More of it.
//
//     dotnet run x
using ChainRule;
int n = 2;
Console.WriteLine("""
    Before all.

    1. First part. It begins
    and goes on.

        a     b
    """);
Console.WriteLine($"    {n}     {n * n}");
// Two lines
// of a comment.
static int F(int x) => x; // beside
Console.WriteLine("\\n2. Second");
Console.WriteLine(F(3));
return 0;

// expected:
// Before all.
//
// 1. First part. It begins
// and goes on.
//
//     a     b
//     2     4
//
// 2. Second
// 3
`;

test('a lesson is prose, output and code, part by part', () => {
  const lesson = read('07-a', TEXT);
  expect([lesson.number, lesson.title, lesson.summary]).toEqual([7, 'A title', 'What it says.']);
  expect(lesson.intro).toEqual([{ kind: 'prose', text: 'More of it.' }, { kind: 'output', text: '    dotnet run x' }]);
  expect(lesson.begins).toEqual([{ kind: 'prose', text: 'Before all.' }]);
  expect(lesson.setup).toEqual([{ kind: 'code', text: 'using ChainRule;\nint n = 2;' }]);
  expect(lesson.parts).toEqual([
    {
      number: 1, title: 'First part',
      text: [{ kind: 'prose', text: 'It begins and goes on.' }, { kind: 'output', text: '    a     b\n    2     4' }],
      code: [{ kind: 'code', text: 'Console.WriteLine($"    {n}     {n * n}");' }, { kind: 'prose', text: 'Two lines of a comment.' }, { kind: 'code', text: 'static int F(int x) => x; // beside' }],
    },
    { number: 2, title: 'Second', text: [{ kind: 'output', text: '3' }], code: [{ kind: 'code', text: 'Console.WriteLine(F(3));\nreturn 0;' }] },
  ]);
});

test('a text that is no lesson is shown as it is', () => {
  const lesson = read('x', 'int a = 1;');
  expect([lesson.title, lesson.parts, lesson.setup]).toEqual(['x', [], [{ kind: 'code', text: 'int a = 1;' }]]);
});

test('comments within code stay in it', () => {
  expect(ofProgram('int a;\n    // inside\n/// <summary>a</summary>\n')).toEqual([{ kind: 'code', text: 'int a;\n    // inside\n/// <summary>a</summary>' }]);
});

test('colours lose no character', () => {
  const code = 'foreach (var x in Tensor.Ones(1_000, 2.5e-3f)) // all\n  Print($"{x} \\" {y}", \'a\', """\n raw "text"\n """); /* end */ α';
  const tokens = highlight(code);
  expect(tokens.map((token) => token.text).join('')).toBe(code);
  expect(tokens.filter((token) => token.kind !== 'plain').map((token) => `${token.kind} ${token.text}`)).toEqual([
    'keyword foreach', 'keyword var', 'keyword in', 'type Tensor', 'number 1_000', 'number 2.5e-3f', 'comment // all', 'type Print',
    'string $"{x} \\" {y}"', "string 'a'", 'string """\n raw "text"\n """', 'comment /* end */',
  ]);
});

test('what an address says wrongly is as usual', () => {
  expect(view({ lesson: 3, part: -1, exercise: {} })).toEqual(USUAL);
  expect(view({ part: 2, edit: true })).toEqual(USUAL);
  expect(view({ lesson: '01-slope', part: 2, edit: true, exercise: '01-square' })).toEqual({ lesson: '01-slope', part: 2, edit: true, exercise: '' });
});

test('a first sentence that fills its line, or more, is the title whole', () => {
  const long = 'A car goes twice as fast as a bicycle, and the bicycle goes four times as fast as a man on foot';
  const lines = [`1. ${long}. How much faster`, 'is the car than the man?', '', '2. Without a full stop, and', 'in two lines. What follows'];
  const program = `// Lesson 02: One. Two.\n\nConsole.WriteLine("""\n${lines.map((one) => `    ${one}`).join('\n')}\n    """);\n`;
  const { parts } = read('x', `${program}\n// expected:\n${lines.map((one) => `// ${one}`).join('\n')}\n`);
  expect(parts.map((part) => part.title)).toEqual([long, 'Without a full stop, and in two lines']);
  expect(parts.map((part) => part.text)).toEqual([
    [{ kind: 'prose', text: 'How much faster is the car than the man?' }], [{ kind: 'prose', text: 'What follows' }],
  ]);
});
