#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 11: The derivative of softmax. An odd matrix that vanishes as soon as you ask it the right question.
//
// Softmax makes probabilities of scores. Its derivatives are a whole matrix, since every score moves every probability.
// Put cross-entropy behind it, and the matrix is gone: what is left is Y − T. This lesson writes the matrix out,
// watches it vanish in numbers and in formulas, and shows why softmax may be given scores of any size. It follows
// SoftMaxDerivative of NN_Basics. A second.
using ChainRule;
using ChainRule.Pictures;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
Console.WriteLine("""
    1. Softmax: yᵢ = exp(zᵢ) / Σ exp(zⱼ). All positive, and together 1. Scores 1, 2, 3; the third class is right:
    """);
double[] z = [1, 2, 3], t = [0, 0, 1];
static double[] Softmax(double[] z)
{
    // The largest score is taken off first: see 4.
    double[] counts = [.. z.Select(score => Math.Exp(score - z.Max()))];
    return [.. counts.Select(count => count / counts.Sum())];
}
double[] y = Softmax(z);
static string Row(IEnumerable<double> numbers) => string.Concat(numbers.Select(number => $"{number,16:F10}"));
Console.WriteLine(
    $"        scores          {Row(z)}\n        probabilities   {Row(y)}\n        target          {Row(t)}\n");
foreach (var (i, lecture) in new[] { "0.09003057317038", "0.24472847105480", "0.66524095577482" }.Index())
    Lecture.Compare($"    probability {i}", lecture, y[i]);
double loss = -Math.Log(y[2]);
Lecture.Compare("    loss −ln y₂", "0.407605964444", loss);

Console.WriteLine("""

    2. The derivatives. Raise score j a little: its own probability grows, by yⱼ (1 − yⱼ), and every other one shrinks,
    by yᵢ yⱼ, to make room for it. As a matrix, the Jacobian, with a row for every probability and a column for every
    score:

        J = diag(y) − y yᵀ
    """);
double[,] J = new double[3, 3];
for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
        J[i, j] = (i == j ? y[i] : 0) - y[i] * y[j];
IEnumerable<double> RowOf(int i) => Enumerable.Range(0, 3).Select(j => J[i, j]);
for (int i = 0; i < 3; i++)
    Console.WriteLine($"        {Row(RowOf(i))}      sum {(Math.Abs(RowOf(i).Sum()) < 1e-15 ? "0" : "NOT 0")}");
Console.WriteLine();
string[][] known = [["0.0819250691", "-0.0220330445", "-0.0598920245"],
    ["-0.0220330445", "0.1848364465", "-0.1628034020"], ["-0.0598920245", "-0.1628034020", "0.2226954265"]];
for (int i = 0; i < 3; i++)
    Lecture.Compare($"    row {i}", string.Join(" ", known[i]),
        string.Join(" ", RowOf(i).Select(d => d.ToString("F10"))));
double h = 1e-5, worst = 0;
for (int j = 0; j < 3; j++)
{
    double[] up = [.. z], down = [.. z];
    (up[j], down[j]) = (z[j] + h, z[j] - h);
    for (int i = 0; i < 3; i++)
        worst = Math.Max(worst, Math.Abs((Softmax(up)[i] - Softmax(down)[i]) / (2 * h) - J[i, j]));
}
Console.WriteLine($"""

    Nudging each score agrees with every place of it, {(worst < 1e-9 ? "to nine digits" : "NOT")}. Every row adds up to
    0: raise all scores alike, and no probability moves. And it equals its own mirror image: j moves i as much as i
    moves j.

    3. Now the loss behind it. L = −Σ tᵢ ln yᵢ has derivatives −tᵢ / yᵢ by the probabilities: infinite if a right class
    was thought impossible. Through the Jacobian, one sum for each score:
    """);
double[] byY = [.. t.Select((target, i) => -target / y[i])];
double[] byZ = [.. Enumerable.Range(0, 3).Select(j => Enumerable.Range(0, 3).Sum(i => J[i, j] * byY[i]))];
Console.WriteLine($"""
        dL/dY = −T / Y        {Row(byY.Select(d => d + 0.0))}
        dL/dZ = Jᵀ (−T / Y)   {Row(byZ)}
        Y − T                 {Row(y.Select((p, i) => p - t[i]))}

    """);
foreach (var (i, lecture) in new[] { "0.09003057", "0.24472847", "-0.33475904" }.Index())
    Lecture.Compare($"    derivative by score {i}", lecture, byZ[i]);
bool vanished = byZ.Select((d, i) => Math.Abs(d - (y[i] - t[i]))).Max() < 1e-12;
Console.WriteLine($"""

    The last two rows are the same, {(vanished ? "to within 1e-12" : "NOT")}, and the odd matrix has vanished. In
    formulas, for score j:

        Σᵢ Jᵢⱼ (−tᵢ / yᵢ)  =  −tⱼ (yⱼ − yⱼ²) / yⱼ + Σᵢ≠ⱼ (tᵢ / yᵢ) yᵢ yⱼ          the diagonal, and the rest
                           =  −tⱼ + tⱼ yⱼ + Σᵢ≠ⱼ tᵢ yⱼ                            every yᵢ below cancels one above
                           =  −tⱼ + yⱼ Σᵢ tᵢ                                      the middle term joins the sum
                           =  yⱼ − tⱼ                                             targets add up to 1

    The division by y, which could blow up, cancels against the flatness of the softmax. That is why frameworks take the
    two in one step from the scores, and why these derivatives always add up to 0 (here
    {(Math.Abs(byZ.Sum()) < 1e-15 ? "0" : $"{byZ.Sum()}")}): what one class gains, the others give.

    4. Softmax does not care where zero is. Add 1,000 to every score: exp(1003) is too large for any number, so the
    largest score is taken off first.
    """);
double[] shifted = Softmax([.. z.Select(score => score + 1000)]);
double[] naive = [.. z.Select(score => Math.Exp(score + 1000) / z.Sum(other => Math.Exp(other + 1000)))];
Console.WriteLine($"""
        softmax(1001, 1002, 1003)   {Row(shifted)}   {(shifted.SequenceEqual(y) ? "the same" : "NOT the same")}
        without taking it off       {string.Concat(naive.Select(p => $"{p,16}"))}   ∞ / ∞

    5. The same in one call, as networks use it: a Tensor's CrossEntropy, from the scores.
    """);
var scores = Tensor.From(z).Reshape(1, 3).RequireGrad();
var inOne = scores.CrossEntropy(Ids.From(2));
inOne.Backward();
Lecture.Compare("    loss", "0.407605964444", inOne.Item());
Console.WriteLine($"    gradient                {Row(scores.Grad.ToArray<double>())}");
Console.WriteLine("""

    The names of lesson 15 and the plays of lesson 27 end in this very line: softmax and cross-entropy are the last step
    of nearly every network that has to choose.
    """);

new Page("The derivative of softmax")
    .Add("Scores, probabilities and target, the Jacobian, and what is left of it behind the cross-entropy.")
    .Add(Chart.HeatMap("The Jacobian of softmax at (1, 2, 3)", "score", "probability", J,
        ["y0", "y1", "y2"], ["z0", "z1", "z2"], (i, j) => J[i, j].ToString("F4"),
        new ChartOptions { Scheme = "redblue" }))
    .Add(Chart.Line("Raising the third score", "third score", "probability",
        [.. Enumerable.Range(0, 3).Select(i => Series.Of($"y{i}", score => Softmax([1, 2, score])[i], -4, 8))],
        new ChartOptions { RuleX = 3 }))
    .Add(Chart.Bar("What is left: Y − T", "score", "derivative of the loss", [.. byZ.Select((d, i) => ($"z{i}", d))]))
    .Add(Formula.Derivation("The matrix vanishes",
        (@"\frac{\partial L}{\partial z_j} = \sum_i J_{ij}\left(-\frac{t_i}{y_i}\right)", "the chain rule"),
        (@"= -t_j (1 - y_j) + \sum_{i \ne j} t_i y_j", "every y below cancels one above"),
        (@"= -t_j + y_j \sum_i t_i", "the middle term joins the sum"), (@"= y_j - t_j", "targets add up to 1")))
    .Save("pictures/11-softmax-derivative.html");
Console.WriteLine("\npictures: pictures/11-softmax-derivative.html");
return 0;

// expected:
// 1. Softmax: yᵢ = exp(zᵢ) / Σ exp(zⱼ). All positive, and together 1. Scores 1, 2, 3; the third class is right:
//         scores              1.0000000000    2.0000000000    3.0000000000
//         probabilities       0.0900305732    0.2447284711    0.6652409558
//         target              0.0000000000    0.0000000000    1.0000000000
//
//     probability 0: 0.09003057317038 | lecture: 0.09003057317038 | agrees
//     probability 1: 0.24472847105480 | lecture: 0.24472847105480 | agrees
//     probability 2: 0.66524095577482 | lecture: 0.66524095577482 | agrees
//     loss −ln y₂: 0.407605964444 | lecture: 0.407605964444 | agrees
//
// 2. The derivatives. Raise score j a little: its own probability grows, by yⱼ (1 − yⱼ), and every other one shrinks,
// by yᵢ yⱼ, to make room for it. As a matrix, the Jacobian, with a row for every probability and a column for every
// score:
//
//     J = diag(y) − y yᵀ
//             0.0819250691   -0.0220330445   -0.0598920245      sum 0
//            -0.0220330445    0.1848364465   -0.1628034020      sum 0
//            -0.0598920245   -0.1628034020    0.2226954265      sum 0
//
//     row 0: 0.0819250691 -0.0220330445 -0.0598920245 | lecture: 0.0819250691 -0.0220330445 -0.0598920245 | agrees
//     row 1: -0.0220330445 0.1848364465 -0.1628034020 | lecture: -0.0220330445 0.1848364465 -0.1628034020 | agrees
//     row 2: -0.0598920245 -0.1628034020 0.2226954265 | lecture: -0.0598920245 -0.1628034020 0.2226954265 | agrees
//
// Nudging each score agrees with every place of it, to nine digits. Every row adds up to
// 0: raise all scores alike, and no probability moves. And it equals its own mirror image: j moves i as much as i
// moves j.
//
// 3. Now the loss behind it. L = −Σ tᵢ ln yᵢ has derivatives −tᵢ / yᵢ by the probabilities: infinite if a right class
// was thought impossible. Through the Jacobian, one sum for each score:
//     dL/dY = −T / Y            0.0000000000    0.0000000000   -1.5032147244
//     dL/dZ = Jᵀ (−T / Y)       0.0900305732    0.2447284711   -0.3347590442
//     Y − T                     0.0900305732    0.2447284711   -0.3347590442
//
//     derivative by score 0: 0.09003057 | lecture: 0.09003057 | agrees
//     derivative by score 1: 0.24472847 | lecture: 0.24472847 | agrees
//     derivative by score 2: -0.33475904 | lecture: -0.33475904 | agrees
//
// The last two rows are the same, to within 1e-12, and the odd matrix has vanished. In
// formulas, for score j:
//
//     Σᵢ Jᵢⱼ (−tᵢ / yᵢ)  =  −tⱼ (yⱼ − yⱼ²) / yⱼ + Σᵢ≠ⱼ (tᵢ / yᵢ) yᵢ yⱼ          the diagonal, and the rest
//                        =  −tⱼ + tⱼ yⱼ + Σᵢ≠ⱼ tᵢ yⱼ                            every yᵢ below cancels one above
//                        =  −tⱼ + yⱼ Σᵢ tᵢ                                      the middle term joins the sum
//                        =  yⱼ − tⱼ                                             targets add up to 1
//
// The division by y, which could blow up, cancels against the flatness of the softmax. That is why frameworks take the
// two in one step from the scores, and why these derivatives always add up to 0 (here
// 0): what one class gains, the others give.
//
// 4. Softmax does not care where zero is. Add 1,000 to every score: exp(1003) is too large for any number, so the
// largest score is taken off first.
//     softmax(1001, 1002, 1003)       0.0900305732    0.2447284711    0.6652409558   the same
//     without taking it off                    NaN             NaN             NaN   ∞ / ∞
//
// 5. The same in one call, as networks use it: a Tensor's CrossEntropy, from the scores.
//     loss: 0.407605964444 | lecture: 0.407605964444 | agrees
//     gradient                    0.0900305732    0.2447284711   -0.3347590442
//
// The names of lesson 15 and the plays of lesson 27 end in this very line: softmax and cross-entropy are the last step
// of nearly every network that has to choose.
//
// pictures: pictures/11-softmax-derivative.html
