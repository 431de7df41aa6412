// Lesson 02: The chain rule. Along a path slopes multiply, where paths meet they add: backpropagation by hand.
//
// Lesson 01 found slopes by nudging every input in turn. A network has thousands of inputs that matter, and nudging
// each would cost a run of the network each. Here all slopes come out of one walk from the result back to the inputs,
// by hand: first for three operations, then for a neuron. There is no class for it yet (that is lesson 03), nothing is
// imported, and it runs in a second. It follows the second quarter of Andrej Karpathy's lecture on micrograd and prints
// that lecture's numbers beside its own.

if (args.FirstOrDefault(arg => arg is not ("--quick" or "--full")) is { } odd)
{
    Console.Error.WriteLine($"lesson: '{odd}' is no option: it has --full, --quick");
    return 3;
}

// A number of ours beside the lecture's, at the lecture's decimals.
static void Compare(string name, string lecture, double ours)
{
    string text = ours.ToString("F" + (lecture.Length - lecture.IndexOf('.') - 1));
    Console.WriteLine($"    {name}: {text} | lecture: {lecture} | {(text == lecture ? "agrees" : "differs")}");
}

Console.WriteLine("""
    1. A car goes twice as fast as a bicycle, and the bicycle goes four times as fast as a man on foot. How much faster
    is the car than the man?

    2 times 4, which is 8. That is the chain rule: if y moves z by 2 a unit, and x moves y by 4 a unit, then x moves z
    by 2 · 4.
    """);
static double Bicycle(double man) => 4 * man;
static double Car(double bicycle) => 2 * bicycle;
Console.WriteLine($"""
    One step more of the man moves the bicycle by {Bicycle(11) - Bicycle(10)}, and the car by {Car(Bicycle(11))
        - Car(Bicycle(10))}.

    2. An expression of three operations.

        e = a · b       d = e + c       L = d · f       with a = 2, b = −3, c = 10, f = −2

        a ──┐
            (·)── e ──┐
        b ──┘         (+)── d ──┐
                  c ──┘         (·)── L
                            f ──┘

    Forward means to compute from left to right:
    """);

double a = 2, b = -3, c = 10, f = -2;
double e = a * b, d = e + c, L = d * f;
Console.WriteLine($"    e = {e}, d = {d}, L = {L}");
Compare("L", "-8.0", L);

// Backward: every operation needs to know only its own slopes, which lesson 01 found. A sum has slope 1, a
// product has the other factor.
double dL = 1, dd = dL * f, df = dL * d, de = dd * 1, dc = dd * 1, da = de * b, db = de * a;

// What the walk back claims, the nudge checks: it needs no theory.
double Result(double a, double b, double c, double f) => (a * b + c) * f;
double h = 0.001;
double Nudged(double na, double nb, double nc, double nf) =>
    (Result(a + h * na, b + h * nb, c + h * nc, f + h * nf) - L) / h;
Console.WriteLine($"""

    Backward means to ask of every number: if it grows a little, how much does L grow? Start at L, whose answer is 1,
    and go from right to left. A sum hands the slope on as it is. A product hands on the slope times the other factor.

        dL/dL = 1                                      = {dL,4}
        dL/dd = dL/dL · f  = 1 · (−2)                  = {dd,4}
        dL/df = dL/dL · d  = 1 · 4                     = {df,4}    by a nudge: {Nudged(0, 0, 0, 1):F6}
        dL/dc = dL/dd · 1  = −2 · 1                    = {dc,4}    by a nudge: {Nudged(0, 0, 1, 0):F6}
        dL/de = dL/dd · 1  = −2 · 1                    = {de,4}
        dL/da = dL/de · b  = −2 · (−3)                 = {da,4}    by a nudge: {Nudged(1, 0, 0, 0):F6}
        dL/db = dL/de · a  = −2 · 2                    = {db,4}    by a nudge: {Nudged(0, 1, 0, 0):F6}

    Seven slopes from one walk. With nudges, every input would have cost a whole new forward pass.
    """);
foreach (var (name, lecture, ours) in new[]
    { ("a", "6.0", da), ("b", "-4.0", db), ("c", "-2.0", dc), ("d", "-2.0", dd), ("e", "-2.0", de), ("f", "4.0", df) })
    Compare($"dL/d{name}", lecture, ours);
Compare("dL/db by a nudge of 0.001", "-3.9999999999995595", Nudged(0, 1, 0, 0));

Console.WriteLine("""

    3. What the slopes are good for.

    What if f were 1 larger? dL/df = 4 says: L grows by 4. In a product of which only one factor moves, that is exact
    for any step. (The page of lesson 04 has a panel that moves any of the four by any h.)
    """);
Compare("L with f + 1", "-4.0", Result(a, b, c, f + 1));
Console.WriteLine("""
    To make L grow, nudge every input along its own slope: up where the slope is positive, down where it is negative, a
    hundredth of it each.
    """);
Compare("L after the nudge", "-7.286496", Result(a + 0.01 * da, b + 0.01 * db, c + 0.01 * dc, f + 0.01 * df));
double promised = 0.01 * (da * da + db * db + dc * dc + df * df);
Console.WriteLine($"""
    The slopes had promised a rise of 0.01 · (6² + 4² + 2² + 4²) = {promised:F2}, and it was
    {Result(a + 0.01 * da, b + 0.01 * db, c + 0.01 * dc, f + 0.01 * df) - L:F6}. With several inputs moving at once the
    promise is only nearly kept; halve the step, and the gap becomes a quarter:
        step          promised      came true         gap
    """);
foreach (double step in new[] { 0.01, 0.005 })
{
    double rise = Result(a + step * da, b + step * db, c + step * dc, f + step * df) - L,
        promise = promised / 0.01 * step;
    Console.WriteLine($"        {step,-8}{promise,13:F6}{rise,15:F6}{promise - rise,12:F6}");
}

Console.WriteLine("""

    4. A neuron.

    A neuron takes inputs x₁, x₂, weighs each with a weight w₁, w₂, adds a bias b, and squashes the sum with tanh, which
    ends between −1 and 1:

        n = x₁w₁ + x₂w₂ + b          o = tanh n

    tanh is one more operation with a slope of its own: do/dn = 1 − o². (Do not mix it up with the cost: an activation
    function like tanh shapes what one neuron says; a cost or loss function is one number for how wrong the whole
    network is.)
    """);
double x1 = 2, x2 = 0, w1 = -3, w2 = 1, bias = 6.8813735870195432;
double n = x1 * w1 + x2 * w2 + bias, o = Math.Tanh(n);
Compare("n", "0.8813735870195432", n);
Compare("o", "0.70710678118655", o);
double dn = 1 - o * o, dbias = dn, dx1 = dn * w1, dw1 = dn * x1, dx2 = dn * w2, dw2 = dn * x2;
Compare("do/dn = 1 − o²", "0.50000000000000", dn);
Console.WriteLine("""
    The sum hands do/dn on to the bias and to both products as it is; each product multiplies it by the other factor:
    """);
foreach (var (name, lecture, ours) in new[]
    { ("b", "0.5", dbias), ("x1", "-1.5", dx1), ("w1", "1.0", dw1), ("x2", "0.5", dx2), ("w2", "0.0", dw2) })
    Compare($"do/d{name}", lecture, ours);
Console.WriteLine("""

    do/dw₂ is 0 because x₂ is 0: whatever that weight is, nothing comes through it. And should o be larger, w₁ is the
    weight to raise. That is all backpropagation is. Lesson 03 lets the computer walk.
    """);
return 0;

// expected:
// 1. A car goes twice as fast as a bicycle, and the bicycle goes four times as fast as a man on foot. How much faster
// is the car than the man?
//
// 2 times 4, which is 8. That is the chain rule: if y moves z by 2 a unit, and x moves y by 4 a unit, then x moves z
// by 2 · 4.
// One step more of the man moves the bicycle by 4, and the car by 8.
//
// 2. An expression of three operations.
//
//     e = a · b       d = e + c       L = d · f       with a = 2, b = −3, c = 10, f = −2
//
//     a ──┐
//         (·)── e ──┐
//     b ──┘         (+)── d ──┐
//               c ──┘         (·)── L
//                         f ──┘
//
// Forward means to compute from left to right:
//     e = -6, d = 4, L = -8
//     L: -8.0 | lecture: -8.0 | agrees
//
// Backward means to ask of every number: if it grows a little, how much does L grow? Start at L, whose answer is 1,
// and go from right to left. A sum hands the slope on as it is. A product hands on the slope times the other factor.
//
//     dL/dL = 1                                      =    1
//     dL/dd = dL/dL · f  = 1 · (−2)                  =   -2
//     dL/df = dL/dL · d  = 1 · 4                     =    4    by a nudge: 4.000000
//     dL/dc = dL/dd · 1  = −2 · 1                    =   -2    by a nudge: -2.000000
//     dL/de = dL/dd · 1  = −2 · 1                    =   -2
//     dL/da = dL/de · b  = −2 · (−3)                 =    6    by a nudge: 6.000000
//     dL/db = dL/de · a  = −2 · 2                    =   -4    by a nudge: -4.000000
//
// Seven slopes from one walk. With nudges, every input would have cost a whole new forward pass.
//     dL/da: 6.0 | lecture: 6.0 | agrees
//     dL/db: -4.0 | lecture: -4.0 | agrees
//     dL/dc: -2.0 | lecture: -2.0 | agrees
//     dL/dd: -2.0 | lecture: -2.0 | agrees
//     dL/de: -2.0 | lecture: -2.0 | agrees
//     dL/df: 4.0 | lecture: 4.0 | agrees
//     dL/db by a nudge of 0.001: -3.9999999999995595 | lecture: -3.9999999999995595 | agrees
//
// 3. What the slopes are good for.
//
// What if f were 1 larger? dL/df = 4 says: L grows by 4. In a product of which only one factor moves, that is exact
// for any step. (The page of lesson 04 has a panel that moves any of the four by any h.)
//     L with f + 1: -4.0 | lecture: -4.0 | agrees
// To make L grow, nudge every input along its own slope: up where the slope is positive, down where it is negative, a
// hundredth of it each.
//     L after the nudge: -7.286496 | lecture: -7.286496 | agrees
// The slopes had promised a rise of 0.01 · (6² + 4² + 2² + 4²) = 0.72, and it was
// 0.713504. With several inputs moving at once the
// promise is only nearly kept; halve the step, and the gap becomes a quarter:
//     step          promised      came true         gap
//         0.01         0.720000       0.713504    0.006496
//         0.005        0.360000       0.358388    0.001612
//
// 4. A neuron.
//
// A neuron takes inputs x₁, x₂, weighs each with a weight w₁, w₂, adds a bias b, and squashes the sum with tanh, which
// ends between −1 and 1:
//
//     n = x₁w₁ + x₂w₂ + b          o = tanh n
//
// tanh is one more operation with a slope of its own: do/dn = 1 − o². (Do not mix it up with the cost: an activation
// function like tanh shapes what one neuron says; a cost or loss function is one number for how wrong the whole
// network is.)
//     n: 0.8813735870195432 | lecture: 0.8813735870195432 | agrees
//     o: 0.70710678118655 | lecture: 0.70710678118655 | agrees
//     do/dn = 1 − o²: 0.50000000000000 | lecture: 0.50000000000000 | agrees
// The sum hands do/dn on to the bias and to both products as it is; each product multiplies it by the other factor:
//     do/db: 0.5 | lecture: 0.5 | agrees
//     do/dx1: -1.5 | lecture: -1.5 | agrees
//     do/dw1: 1.0 | lecture: 1.0 | agrees
//     do/dx2: 0.5 | lecture: 0.5 | agrees
//     do/dw2: 0.0 | lecture: 0.0 | agrees
//
// do/dw₂ is 0 because x₂ is 0: whatever that weight is, nothing comes through it. And should o be larger, w₁ is the
// weight to raise. That is all backpropagation is. Lesson 03 lets the computer walk.
