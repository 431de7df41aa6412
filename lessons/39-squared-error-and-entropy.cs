#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 39: Mean squared error and entropy on one task. The same network, the same data, the same first weights; what
// differs is the loss.
//
// What it is: two classes, a network with one output, and four pairs of an output and a loss: sigmoid or tanh, mean
// squared error or cross-entropy computed from the logit. First the gradient of each at one neuron, where squared error
// vanishes just when the neuron is most wrong; then whole networks, from ordinary first weights and from bad ones.
// What it is not: a reason against squared error where numbers are predicted: there no sigmoid stands before it.
// Lessons 11 and 34 come before it. Some seconds.
using ChainRule.Zoo.Lectures;
using ChainRule;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var page = new Page("Mean squared error and entropy");

// Each takes logits z and targets 0 or 1. tanh z = 2 σ(2z) − 1: its probability of class 1 is (1 + tanh z) / 2 = σ(2z).
(string Name, Func<Tensor, Tensor, Tensor> Loss)[] losses =
[
    ("sigmoid, squared error", (z, y) => z.Sigmoid().MseLoss(y)),
    ("sigmoid, entropy", (z, y) => z.BinaryCrossEntropy(y)),
    ("tanh, squared error", (z, y) => z.Tanh().MseLoss(2 * y - 1)),
    ("tanh, entropy", (z, y) => (2 * z).BinaryCrossEntropy(y)),
];

Console.WriteLine("""
    1. One neuron that should say 1. Its logit z is the weighted sum before the sigmoid or tanh; at z = −6 it is certain
       of the wrong answer. The derivative of each loss by z, found by backward:

                                      z = −6        −4        −2         0         2         4
    """);
double[] places = [-6, -4, -2, 0, 2, 4];
double[] Derivative(Func<Tensor, Tensor, Tensor> loss, double[] at)
{
    var z = Tensor.From(at, [at.Length]).RequireGrad();
    loss(z, Tensor.From(at.Select(_ => 1.0).ToArray(), [at.Length])).Backward();
    // The losses are means; a neuron by itself has the whole of its derivative.
    return [.. z.Grad.ToArray<double>().Select(one => one * at.Length)];
}
foreach (var (name, loss) in losses)
    Console.WriteLine($"    {name,-26}" + string.Concat(Derivative(loss, places).Select(d => $"{d,10:0.0000}")));
Console.WriteLine("""
       Squared error multiplies by the derivative of the sigmoid or of tanh, which is almost 0 at both ends: the more
       certainly wrong the neuron, the less it learns. The logarithm of entropy cancels that derivative: what is left
       is prediction − target (twice that for tanh), large when it is wrong.

    2. The same neuron with one weight, one input 1, learning rate 1, from z = −6. Steps until it says 0.9:
    """);
var falls = new List<Series>();
foreach (var (name, loss) in losses)
{
    var weight = Tensor.From([-6.0], [1]).RequireGrad();
    var sgd = new Sgd([weight], 1);
    var answers = new List<double>();
    int reached = -1;
    for (int step = 0; step <= 20_000 && reached < 0; step++)
    {
        double z = weight[0], p = name.StartsWith("tanh") ? 1 / (1 + Math.Exp(-2 * z)) : 1 / (1 + Math.Exp(-z));
        if (step < 400) answers.Add(p);
        if (p >= 0.9) reached = step;
        sgd.ZeroGrad();
        loss(weight, Tensor.From([1.0], [1])).Backward();
        sgd.Step();
    }
    falls.Add(new(name, answers));
    Console.WriteLine($"    {name,-26}{(reached < 0 ? "more than 20,000" : $"{reached:N0}"),18}");
}

// Two moons, with noise.
(Tensor X, Tensor Y) Moons(int count, uint seed)
{
    var random = new NumpyRandom(seed);
    var (x, y) = (new double[2 * count], new double[count]);
    for (int i = 0; i < count; i++)
    {
        double angle = random.NextDouble() * Math.PI, upper = i % 2 == 0 ? 1 : 0;
        x[2 * i] = (upper == 1 ? Math.Cos(angle) : 1 - Math.Cos(angle)) - 0.5 + random.Normal(0, 0.15);
        x[2 * i + 1] = (upper == 1 ? Math.Sin(angle) : 0.5 - Math.Sin(angle)) - 0.25 + random.Normal(0, 0.15);
        y[i] = upper;
    }
    return (Tensor.From(x, [count, 2]), Tensor.From(y, [count, 1]));
}
var (train, test) = (Moons(200, 1), Moons(1000, 2));
const int Steps = 300, Seeds = 3;

Sequential Network(ulong seed, double bias)
{
    var rng = new TorchRandom(seed);
    var last = new Linear(16, 1, rng);
    var network = new Sequential(new Linear(2, 16, rng), new Tanh(), new Linear(16, 16, rng), new Tanh(), last);
    network.To(DType.Float64);
    // A large bias says 1 to everything, and with certainty.
    last.Bias!.Value.FillInPlace(bias);
    return network;
}
double Right(Sequential network)
{
    using var quiet = NoGrad.Begin();
    return 100 - 100 * (network.Forward(test.X).Step() - test.Y).Abs().Mean().Item();
}
foreach (var (title, bias) in new[] { ("ordinary first weights", 0.0), ("a last bias of 10", 10.0) })
{
    Console.WriteLine($"\n{(bias == 0 ? 3 : 4)}. Two moons, a 2-16-16-1 network with {title}, SGD at a learning rate "
        + $"of 0.5, {Seeds} seeds.\n   The gradient is that of the first step, its length over all weights; right are "
        + "test points.\n");
    Console.WriteLine("                                  gradient     right after 30      100      300 steps");
    var curves = new List<Series>();
    foreach (var (name, loss) in losses)
    {
        var right = new double[Steps + 1];
        double length = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var network = Network(seed, bias);
            var sgd = new Sgd(network.Parameters(), 0.5);
            for (int step = 0; step <= Steps; step++)
            {
                if (step % 10 == 0) right[step] += Right(network) / Seeds;
                sgd.ZeroGrad();
                loss(network.Forward(train.X), train.Y).Backward();
                if (step == 0)
                    length += Math.Sqrt(network.Parameters().Sum(w => w.Grad.Square().Sum().Item())) / Seeds;
                sgd.Step();
            }
        }
        Console.WriteLine($"    {name,-26}{length,12:0.00000}"
            + $"{right[30],17:0.0} %{right[100],7:0.0} %{right[300],7:0.0} %");
        curves.Add(new(name, [.. Enumerable.Range(0, Steps / 10 + 1).Select(i => right[10 * i])])
            { X = [.. Enumerable.Range(0, Steps / 10 + 1).Select(i => 10.0 * i)] });
    }
    page.Add($"Whole networks, with {title}.")
        .Add(Chart.Line($"Right on the test points: {title}", "step", "%", curves));
}
Console.WriteLine("""
       From ordinary weights all learn: of the sigmoids the one with entropy sooner; with tanh, whose derivative at 0 is
       four times the sigmoid's, squared error is as quick. From bad weights squared error has almost no gradient to go
       by, and stays where it is; entropy mends the bias in a few steps. The logarithm is taken of
       the logit (log σ(z) = −log(1 + e^−z)): a probability may round to 0, whose logarithm is −∞.
    """);

double[] fine = [.. Enumerable.Range(-80, 161).Select(i => i / 10.0)];
page.Add("One neuron whose target is 1: the derivative of the loss by its logit.")
    .Add(Chart.Line("Derivative by the logit", "z", "derivative", [.. losses.Select(one =>
        new Series(one.Name, Derivative(one.Loss, fine)) { X = fine })]))
    .Add("The same neuron learns, from z = −6.")
    .Add(Chart.Line("Probability of the right answer", "step", "probability", falls))
    .Save("pictures/39-squared-error-and-entropy.html");
Console.WriteLine("\npictures: pictures/39-squared-error-and-entropy.html");
return 0;

// expected:
// 1. One neuron that should say 1. Its logit z is the weighted sum before the sigmoid or tanh; at z = −6 it is certain
//    of the wrong answer. The derivative of each loss by z, found by backward:
//
//                                   z = −6        −4        −2         0         2         4
//     sigmoid, squared error       -0.0049   -0.0347   -0.1850   -0.2500   -0.0250   -0.0006
//     sigmoid, entropy             -0.9975   -0.9820   -0.8808   -0.5000   -0.1192   -0.0180
//     tanh, squared error          -0.0001   -0.0054   -0.2775   -2.0000   -0.0051   -0.0000
//     tanh, entropy                -2.0000   -1.9993   -1.9640   -1.0000   -0.0360   -0.0007
//    Squared error multiplies by the derivative of the sigmoid or of tanh, which is almost 0 at both ends: the more
//    certainly wrong the neuron, the less it learns. The logarithm of entropy cancels that derivative: what is left
//    is prediction − target (twice that for tanh), large when it is wrong.
//
// 2. The same neuron with one weight, one input 1, learning rate 1, from z = −6. Steps until it says 0.9:
//     sigmoid, squared error                   249
//     sigmoid, entropy                          17
//     tanh, squared error                    5,093
//     tanh, entropy                              5
//
// 3. Two moons, a 2-16-16-1 network with ordinary first weights, SGD at a learning rate of 0.5, 3 seeds.
//    The gradient is that of the first step, its length over all weights; right are test points.
//
//                                   gradient     right after 30      100      300 steps
//     sigmoid, squared error         0.11945             85.4 %   87.9 %   95.2 %
//     sigmoid, entropy               0.23966             88.1 %   92.0 %   98.8 %
//     tanh, squared error            0.96628             88.7 %   98.4 %   98.6 %
//     tanh, entropy                  0.48780             88.1 %   84.3 %   99.0 %
//
// 4. Two moons, a 2-16-16-1 network with a last bias of 10, SGD at a learning rate of 0.5, 3 seeds.
//    The gradient is that of the first step, its length over all weights; right are test points.
//
//                                   gradient     right after 30      100      300 steps
//     sigmoid, squared error         0.00009             50.0 %   50.0 %   50.0 %
//     sigmoid, entropy               0.84347             87.9 %   93.5 %   99.0 %
//     tanh, squared error            0.00000             50.0 %   50.0 %   50.0 %
//     tanh, entropy                  1.68709             85.1 %   91.0 %   98.9 %
//    From ordinary weights all learn: of the sigmoids the one with entropy sooner; with tanh, whose derivative at 0 is
//    four times the sigmoid's, squared error is as quick. From bad weights squared error has almost no gradient to go
//    by, and stays where it is; entropy mends the bias in a few steps. The logarithm is taken of
//    the logit (log σ(z) = −log(1 + e^−z)): a probability may round to 0, whose logarithm is −∞.
//
// pictures: pictures/39-squared-error-and-entropy.html
