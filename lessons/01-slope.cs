// Lesson 01: The slope. What a derivative is, found by nudging a number and looking.
//
// Everything that a neural network learns, it learns from slopes: how much does the result change when I change
// this one number a little? This lesson computes slopes in the plainest way there is, by trying. It has no network
// and no calculus rules, imports nothing, and runs in a second. It follows the first quarter of Andrej Karpathy's
// lecture "The spelled-out intro to neural networks and backpropagation: building micrograd", and prints the
// lecture's numbers beside its own.
//
//     dotnet run lessons/01-slope.cs

if (args.FirstOrDefault(arg => arg is not ("--quick" or "--full")) is { } odd)
{
    Console.Error.WriteLine($"lesson: '{odd}' is no option: it has --full, --quick");
    return 3;
}
// A number of ours beside the lecture's, at the lecture's decimals.
static void Compare(string name, string lecture, double ours)
{
    int decimals = lecture.Split('e')[0].Length - lecture.IndexOf('.') - 1;
    string text = lecture.Contains('e') ? ours.ToString("E" + decimals).Replace("E-00", "e-0")
        : ours.ToString("F" + decimals);
    Console.WriteLine($"{name}: {text} | lecture: {lecture} | {(text == lecture ? "agrees" : "differs")}");
}

Console.WriteLine("""
    1. A function is a machine: a number goes in, a number comes out.

    Ours is f(x) = 3x² − 4x + 5. Drawn, it is a valley.
    """);

static double F(double x) => 3 * x * x - 4 * x + 5;
for (int row = 8; row >= 0; row--)
{
    // Each row of characters stands for ten units of height.
    double height = 10 * row;
    string line = string.Concat(Enumerable.Range(-20, 41)
        .Select(i => F(i / 4.0) is var y && y >= height && y < height + 10 ? '*' : ' '));
    Console.WriteLine($"{height,6} |{line}".TrimEnd());
}
Console.WriteLine("       +" + string.Concat(Enumerable.Range(-5, 11).Select(x => $"{x,-4}")).TrimEnd());
Console.WriteLine();
Compare("f(3)", "20.0", F(3));

Console.WriteLine("""

    2. How steep is the valley at x = 3?

    Take a small step h to the right and see how much higher you stand: rise over run, (f(x + h) − f(x)) / h. The last
    column is what is wrong.

         h          f(3 + h)       rise / h      off by
    """);

foreach (double h in new[] { 1, 0.1, 0.01, 0.001 })
{
    double slope = (F(3 + h) - F(3)) / h;
    Console.WriteLine($"    {h,-8}{F(3 + h),14:F8}{slope,14:F6}{slope - 14,12:F6}");
}

// f(x + h) = 3(x + h)² − 4(x + h) + 5, and so the rise is 6xh + 3h² − 4h. Divided by h: 6x − 4 + 3h, and 3h is exactly
// what the table is off by.
Console.WriteLine("""

    The slope is 14, and a step of h misses it by 3h: do the algebra and (f(x + h) − f(x)) / h comes out as 6x − 4 + 3h.
    The derivative is what is left when h has gone: 6x − 4. At 3 that is 14.
    """);

Console.WriteLine("""

    3. The sign says where the function goes.

         x     slope     step to the right
    """);
foreach (double x in new[] { 3, -3, 2.0 / 3 })
{
    double slope = (F(x + 1e-6) - F(x)) / 1e-6;
    Console.WriteLine($"    {x,6:F3}{slope,9:F3}     "
        + $"{(slope > 0.001 ? "goes up" : slope < -0.001 ? "goes down" : "stays level: the bottom of the valley")}");
}
Console.WriteLine();
Compare("slope at 2/3, with h = 0.000001", "2.999378523327323e-06", (F(2.0 / 3 + 1e-6) - F(2.0 / 3)) / 1e-6);
Console.WriteLine("""
    It is not quite 0, for the same reason as above: 3h = 0.000003. (The digits after that are rounding: a computer
    keeps some sixteen.) To train a network is to look for such a bottom, in a valley of thousands of dimensions, by
    asking for the slope and stepping downhill.

    4. Two shapes to remember.

    A straight line y = mx + b is equally steep everywhere: its slope is m. The parabola y = x² gets steeper as you go:
    its slope is 2x.

         x       line 3x + 1       x²     slope of the line     slope of x²
    """);
foreach (double x in new[] { 0.0, 1, 2, 3 })
{
    double h = 1e-6, line = (3 * (x + h) + 1 - (3 * x + 1)) / h, square = ((x + h) * (x + h) - x * x) / h;
    Console.WriteLine($"    {x,5}{3 * x + 1,14}{x * x,13}{line,17:F3}{square,18:F3}");
}
Console.WriteLine("""

    Your car's speedometer shows such a slope: the road covered in a moment, divided by the moment. Hours and kilometres
    of the whole trip give the average; only ever smaller moments give the speed now. Fall for t seconds and you have
    covered about 5t² metres. After 3 seconds:

         moment        average speed over it
    """);
foreach (double h in new[] { 1, 0.1, 0.001 })
    Console.WriteLine($"    {h,7} s{(5 * (3 + h) * (3 + h) - 5 * 3 * 3) / h,18:F3} m/s");

Console.WriteLine("""

    5. Three inputs, one output: d = a·b + c, with a = 2, b = −3, c = 10.

    Now there are three questions, one for each input: hold the others still, nudge this one, watch d. That makes three
    slopes.
    """);
double a = 2, b = -3, c = 10, step = 0.0001;
double d = a * b + c;
double byA = ((a + step) * b + c - d) / step, byB = (a * (b + step) + c - d) / step,
    byC = (a * b + (c + step) - d) / step;
Compare("d", "4.0", d);
Compare("d after a nudge of c by 0.0001", "4.0001", a * b + (c + step));
Compare("slope of d by c", "0.9999999999976694", byC);
Compare("slope of d by a", "-3.000000000010772", byA);
Console.WriteLine($"slope of d by b: {byB:F6}");
Console.WriteLine("""

    Two rules can be read off, and they are the two that you will need most.
    A sum passes a nudge on as it is: c moves d one to one, slope 1, whatever the numbers are.
        ((a·b + c + h) − (a·b + c)) / h  =  h / h  =  1
    A product multiplies the nudge by the other factor: a moves d by b, here −3, and b moves d by a, here 2.
        ((a + h)·b + c − (a·b + c)) / h  =  h·b / h  =  b
    All the slopes of one result together, here (−3, 2, 1), are called its gradient. A network has one for every weight.

    Try it: change a and run again. Which of the three slopes changes, and why only that one?
    """);
return 0;

// expected:
// 1. A function is a machine: a number goes in, a number comes out.
//
// Ours is f(x) = 3x² − 4x + 5. Drawn, it is a valley.
//     80 |  *
//     70 |   *
//     60 |    **                                  *
//     50 |      *                                *
//     40 |       **                            **
//     30 |         **                        **
//     20 |           ***                  ***
//     10 |              ***            ***
//      0 |                 ************
//        +-5  -4  -3  -2  -1  0   1   2   3   4   5
//
// f(3): 20.0 | lecture: 20.0 | agrees
//
// 2. How steep is the valley at x = 3?
//
// Take a small step h to the right and see how much higher you stand: rise over run, (f(x + h) − f(x)) / h. The last
// column is what is wrong.
//
//      h          f(3 + h)       rise / h      off by
//     1          37.00000000     17.000000    3.000000
//     0.1        21.43000000     14.300000    0.300000
//     0.01       20.14030000     14.030000    0.030000
//     0.001      20.01400300     14.003000    0.003000
//
// The slope is 14, and a step of h misses it by 3h: do the algebra and (f(x + h) − f(x)) / h comes out as 6x − 4 + 3h.
// The derivative is what is left when h has gone: 6x − 4. At 3 that is 14.
//
// 3. The sign says where the function goes.
//
//      x     slope     step to the right
//      3.000   14.000     goes up
//     -3.000  -22.000     goes down
//      0.667    0.000     stays level: the bottom of the valley
//
// slope at 2/3, with h = 0.000001: 2.999378523327323e-06 | lecture: 2.999378523327323e-06 | agrees
// It is not quite 0, for the same reason as above: 3h = 0.000003. (The digits after that are rounding: a computer
// keeps some sixteen.) To train a network is to look for such a bottom, in a valley of thousands of dimensions, by
// asking for the slope and stepping downhill.
//
// 4. Two shapes to remember.
//
// A straight line y = mx + b is equally steep everywhere: its slope is m. The parabola y = x² gets steeper as you go:
// its slope is 2x.
//
//      x       line 3x + 1       x²     slope of the line     slope of x²
//         0             1            0            3.000             0.000
//         1             4            1            3.000             2.000
//         2             7            4            3.000             4.000
//         3            10            9            3.000             6.000
//
// Your car's speedometer shows such a slope: the road covered in a moment, divided by the moment. Hours and kilometres
// of the whole trip give the average; only ever smaller moments give the speed now. Fall for t seconds and you have
// covered about 5t² metres. After 3 seconds:
//
//      moment        average speed over it
//           1 s            35.000 m/s
//         0.1 s            30.500 m/s
//       0.001 s            30.005 m/s
//
// 5. Three inputs, one output: d = a·b + c, with a = 2, b = −3, c = 10.
//
// Now there are three questions, one for each input: hold the others still, nudge this one, watch d. That makes three
// slopes.
// d: 4.0 | lecture: 4.0 | agrees
// d after a nudge of c by 0.0001: 4.0001 | lecture: 4.0001 | agrees
// slope of d by c: 0.9999999999976694 | lecture: 0.9999999999976694 | agrees
// slope of d by a: -3.000000000010772 | lecture: -3.000000000010772 | agrees
// slope of d by b: 2.000000
//
// Two rules can be read off, and they are the two that you will need most.
// A sum passes a nudge on as it is: c moves d one to one, slope 1, whatever the numbers are.
//     ((a·b + c + h) − (a·b + c)) / h  =  h / h  =  1
// A product multiplies the nudge by the other factor: a moves d by b, here −3, and b moves d by a, here 2.
//     ((a + h)·b + c − (a·b + c)) / h  =  h·b / h  =  b
// All the slopes of one result together, here (−3, 2, 1), are called its gradient. A network has one for every weight.
//
// Try it: change a and run again. Which of the three slopes changes, and why only that one?
