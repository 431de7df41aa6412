#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 05: Order matters. Three ways to get backpropagation wrong, each broken on purpose and looked at.
//
// Backpropagation has three rules besides the chain rule: add, do not overwrite; wait until a slope is complete before
// you hand it on; and clear the slopes before the next pass. Each is one line of code, each is easily forgotten, and
// none gives an error message when it is: the numbers are just wrong. Here you break each rule and see what happens. It
// follows the bugs that Andrej Karpathy's micrograd lecture runs into. A second or two.
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Scalar;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var page = new Page("Order matters");

// One step of the walk back, with the mistake: the slope is overwritten where it should be added to.
static void Overwrite(Value v)
{
    for (int i = 0; i < v.Parents.Count; i++) v.Parents[i].Grad = v.LocalDerivatives[i] * v.Grad;
}

// The walk back in an order of our choosing, with a step of our choosing.
static void Walk(IEnumerable<Value> order, Value root, Action<Value> step)
{
    foreach (var v in root.TopologicalOrder()) v.Grad = 0;
    root.Grad = 1;
    foreach (var v in order) step(v);
}

Console.WriteLine("""
    1. Add, do not overwrite.

    b = a + a, with a = 3. However you look at it, b grows by 2 when a grows by 1. But a stands in the sum twice, and
    the walk back comes by twice:
    """);
Value a = new(3, "a"), b = (a + a).Named("b");
Walk(b.TopologicalOrder().Reverse(), b, Overwrite);
Lecture.Compare("    da, overwritten (the bug)", "1.0", a.Grad);
Walk(b.TopologicalOrder().Reverse(), b, v => v.Propagate());
Lecture.Compare("    da, added", "2.0", a.Grad);
Console.WriteLine("""

    The same in a graph whose paths part and meet again: f = (a · b) · (a + b) with a = −2, b = 3.
    """);
Value p = new(-2, "a"), q = new(3, "b"), d = (p * q).Named("d"), e = (p + q).Named("e"), f = (d * e).Named("f");
Walk(f.TopologicalOrder().Reverse(), f, Overwrite);
Console.WriteLine($"    overwritten: da = {p.Grad}, db = {q.Grad}: only the last path to arrive is seen");
Walk(f.TopologicalOrder().Reverse(), f, v => v.Propagate());
foreach (var (v, lecture) in new[] { (p, "-3.0"), (q, "-8.0"), (d, "1.0"), (e, "-6.0"), (f, "-6.0") })
    Lecture.Compare(v == f ? "    f" : $"    d{v.Label}", lecture, v == f ? f.Data : v.Grad);
page.Add("f = (a · b) · (a + b): two paths lead from f to a, and two to b. Their slopes add.")
    .Add(Graph.Of(f, "A number used twice"));

Console.WriteLine("""

    2. Wait until a slope is complete.

    A value may hand its slope on only when everything made of it has handed down to it. Take s = x · x and
    L = s · s + s with x = 3: s is used by the product and by the sum. In the right order s is visited last but one. Now
    visit s first, when only a part of its slope has come:
    """);
Value x = new(3, "x"), s = (x * x).Named("s"), t = (s * s).Named("t"), L = (t + s).Named("L");
Value[] right = [L, t, s], wrong = [L, s, t];
foreach (var (name, order) in new[] { ("right", right), ("wrong", wrong) })
{
    Walk(order, L, v => v.Propagate());
    Console.WriteLine(
        $"    {name}: {string.Join(" → ", order.Select(v => v.Label))}    ds = {s.Grad,2}    dx = {x.Grad,3}");
}
double nudged = (Math.Pow(3.0001, 4) + Math.Pow(3.0001, 2) - 90) / 0.0001;
Console.WriteLine($"""

    A nudge of x by 0.0001 says {nudged:F1}. In the wrong order ds came out right in the end, too late: x had been told
    before. No error, no warning, a slope that is off by a factor of 19. This is why the order is sorted so that
    everything comes after all that is made of it:
    """);
Walk(L.TopologicalOrder().Reverse(), L, v => v.Propagate());
Console.WriteLine("    topological order, walked from its end: "
    + $"{string.Join(" → ", L.TopologicalOrder().Reverse().Select(v => v.Label))}    dx = {x.Grad}");
page.Add("s feeds both t and L. Who visits s before t hands on an incomplete slope: dx = 6 in place of 114.")
    .Add(Graph.Of(L, "s must wait for t"));

Console.WriteLine("""

    3. Clear the slopes before the next pass.

    Adding has a price: what an earlier pass left behind is still there. The slope of x² at 3 is 6, however often you
    ask:
    """);
Value w = 3;
for (int pass = 1; pass <= 3; pass++)
{
    (w * w).Backward();
    Console.WriteLine($"    pass {pass}, nothing cleared: {w.Grad}");
}
w.Grad = 0;
(w * w).Backward();
Console.WriteLine($"    cleared, then once more: {w.Grad}");
// The lecture's four examples and its network; the same random weights for both learners.
Value[][] inputs = [[2, 3, -1], [3, -1, 0.5], [0.5, 1, 1], [1, 1, -1]];
double[] targets = [1, -1, -1, 1];
double[] Train(bool clear)
{
    var network = new Mlp(3, [4, 4, 1], new PythonRandom(42));
    var losses = new double[60];
    for (int k = 0; k < losses.Length; k++)
    {
        var loss = Value.Sum([.. inputs.Select((input, i) => (network.Call(input) - targets[i]).Pow(2))]);
        losses[k] = loss.Data;
        if (clear) network.ZeroGrad();
        loss.Backward();
        foreach (var parameter in network.Parameters()) parameter.Data -= 0.05 * parameter.Grad;
    }
    return losses;
}
// The plainest valley, w², and where w stands after every step.
static double[] Roll(bool clear)
{
    Value w = 3;
    var path = new double[60];
    for (int k = 0; k < path.Length; k++)
    {
        path[k] = w.Data;
        if (clear) w.Grad = 0;
        (w * w).Backward();
        w.Data -= 0.05 * w.Grad;
    }
    return path;
}
double[] cleared = Train(true), forgotten = Train(false), bowl = Roll(true), ball = Roll(false);
Console.WriteLine("""

    In training it looks like this. Left, the loss of a network: 41 weights, four examples, steps of 0.05. Right, one
    number w on its way to the bottom of w², which is at 0. In each case one learner clears, and the other forgets.

        step     loss, cleared    forgotten        w, cleared    forgotten
    """);
foreach (int k in new[] { 0, 1, 2, 5, 10, 20, 40, 59 })
    Console.WriteLine($"    {k,8}{cleared[k],18:F4}{forgotten[k],13:F4}{bowl[k],18:F4}{ball[k],13:F4}");
Console.WriteLine("""

    Whoever forgets takes a first step that is right, and then goes on in the sum of all directions so far: a ball
    without brakes. In the valley of w² it rolls through the bottom and up the other side, for ever. The network's loss
    even falls, faster than the right one's: the ball rolled so far that the last tanh is stuck at ±1 for all four
    examples, where its slope is 0, and by luck with the right signs. That is what makes this bug so hard to notice.
    Three rules, three lines: `parent.Grad += slope * Grad`, the topological order backwards, and ZeroGrad before
    Backward.
    """);
page.Add("Both learners begin with the same weights. Without clearing, every step goes along the sum of all slopes so "
    + "far.")
    .Add(Chart.Line("Gradients cleared and forgotten", "step", "loss",
        [new Series("cleared", cleared), new Series("forgotten", forgotten)]))
    .Add(Chart.Line("w on its way to the bottom of w²", "step", "w",
        [new Series("cleared", bowl), new Series("forgotten", ball)]));
page.Save("pictures/05-order-matters.html");
Console.WriteLine("\npictures: pictures/05-order-matters.html");
return 0;

// expected:
// 1. Add, do not overwrite.
//
// b = a + a, with a = 3. However you look at it, b grows by 2 when a grows by 1. But a stands in the sum twice, and
// the walk back comes by twice:
//     da, overwritten (the bug): 1.0 | lecture: 1.0 | agrees
//     da, added: 2.0 | lecture: 2.0 | agrees
//
// The same in a graph whose paths part and meet again: f = (a · b) · (a + b) with a = −2, b = 3.
//     overwritten: da = 3, db = -2: only the last path to arrive is seen
//     da: -3.0 | lecture: -3.0 | agrees
//     db: -8.0 | lecture: -8.0 | agrees
//     dd: 1.0 | lecture: 1.0 | agrees
//     de: -6.0 | lecture: -6.0 | agrees
//     f: -6.0 | lecture: -6.0 | agrees
//
// 2. Wait until a slope is complete.
//
// A value may hand its slope on only when everything made of it has handed down to it. Take s = x · x and
// L = s · s + s with x = 3: s is used by the product and by the sum. In the right order s is visited last but one. Now
// visit s first, when only a part of its slope has come:
//     right: L → t → s    ds = 19    dx = 114
//     wrong: L → s → t    ds = 19    dx =   6
//
// A nudge of x by 0.0001 says 114.0. In the wrong order ds came out right in the end, too late: x had been told
// before. No error, no warning, a slope that is off by a factor of 19. This is why the order is sorted so that
// everything comes after all that is made of it:
//     topological order, walked from its end: L → t → s → x    dx = 114
//
// 3. Clear the slopes before the next pass.
//
// Adding has a price: what an earlier pass left behind is still there. The slope of x² at 3 is 6, however often you
// ask:
//     pass 1, nothing cleared: 6
//     pass 2, nothing cleared: 12
//     pass 3, nothing cleared: 18
//     cleared, then once more: 6
//
// In training it looks like this. Left, the loss of a network: 41 weights, four examples, steps of 0.05. Right, one
// number w on its way to the bottom of w², which is at 0. In each case one learner clears, and the other forgets.
//
//     step     loss, cleared    forgotten        w, cleared    forgotten
//            0            5.2305       5.2305            3.0000       3.0000
//            1            2.7047       2.7047            2.7000       2.7000
//            2            1.8460       2.9925            2.4300       2.1300
//            5            0.5957       0.2183            1.7715      -0.5313
//           10            0.2131       0.0000            1.0460      -2.9819
//           20            0.0845       0.0000            0.3647       2.9604
//           40            0.0349       0.0000            0.0443       2.9071
//           59            0.0216       0.0000            0.0060       3.0351
//
// Whoever forgets takes a first step that is right, and then goes on in the sum of all directions so far: a ball
// without brakes. In the valley of w² it rolls through the bottom and up the other side, for ever. The network's loss
// even falls, faster than the right one's: the ball rolled so far that the last tanh is stuck at ±1 for all four
// examples, where its slope is 0, and by luck with the right signs. That is what makes this bug so hard to notice.
// Three rules, three lines: `parent.Grad += slope * Grad`, the topological order backwards, and ZeroGrad before
// Backward.
//
// pictures: pictures/05-order-matters.html
