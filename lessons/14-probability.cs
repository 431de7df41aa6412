#:project ../src/ChainRule
#:project ../src/ChainRule.Pictures
#:project ../src/ChainRule.Zoo
// Lesson 14: Probability. Probabilities and counts, surprise and entropy, and why a penalty on weights
// is an opinion about them.
//
// A language model is a distribution: it gives every next character a probability. Before the models of the next
// lessons there are three things to see: how samples are drawn from probabilities, how a loss measures surprise, and
// what no model can learn away. The lecture is makemore part 1, cells 15 and 16, in its own random stream; the
// entropies at the end were computed from the same names by another program. It is no course in statistics. About 3
// seconds, 10 with --full; needs the lecture's names (`chainrule data get names`).

using ChainRule;
using ChainRule.Diagnostics;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;

bool full = args.Contains("--full");
if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("names.txt", out string path)) return Lecture.DataMissing;

// At a Nigerian wedding the friends of the couple come in aso ebi: a cloth chosen for the day, another one for each
// circle of friends. Three circles have bought cloth. Who bought more is seen more often: count the cloth of a hundred
// guests whom you meet by chance, and the counts will look like the probabilities. Like them, not equal to them.
// Numbers that are not negative and sum to 1 are a distribution, and dividing by the sum makes one of any amounts.
Console.WriteLine(
    "1. Probabilities and counts: three kinds of cloth at a wedding, and a hundred guests whom we meet by chance");
var rng = new TorchRandom(2147483647);
var bought = Tensor.Rand([3], rng);
var probabilities = bought / bought.Sum();
double[] p = probabilities.To(DType.Float64).ToArray<double>();
Lecture.Compare("   cloth bought", "0.7081, 0.3542, 0.1054", Show(bought.To(DType.Float64).ToArray<double>()));
Lecture.Compare("   probabilities", "0.6064, 0.3033, 0.0903", Show(p));

// To draw from probabilities is called multinomial sampling. One way: lay them end to end on a stick of length 1,
// throw a dart at the stick, and see whose part it hits. The generator is seeded, and so everybody's darts fall
// where the lecture's fell.
int[] guests = Walk(100);
string draws = string.Concat(guests);
Lecture.Compare("   the first fifty", "11200211000110011001020010010001110110011101101102", draws[..50]);
Lecture.Compare("   the other fifty", "00000000001100000000100100000001200000010020100111", draws[50..]);
Console.WriteLine($"   counts {string.Join(", ", Counts(guests))}, where the probabilities promise "
    + $"{string.Join(", ", p.Select(x => $"{100 * x:0.0}"))}");

// How far may counts be from probabilities? Call a guest 1 who wears cloth 0, and any other 0. This number has the
// expectation p and the variance p (1 - p). The mean of n guests has the same expectation, but a variance n times
// smaller: its standard deviation is sqrt(p (1 - p) / n). One more digit costs a hundred times the guests. We take each
// walk through the hall 400 times, to see how much its result trembles. A training batch is such a walk, and its loss
// trembles about the true loss by the same law.
Console.WriteLine("\n2. Expectation and variance: the fraction of cloth 0 that walks of n guests find\n       "
    + "guests      mean       std   sqrt(p (1 - p) / n)");
double[] walks = full ? [10, 100, 1000, 10_000, 100_000] : [10, 100, 1000];
List<double> strays = [];
foreach (double n in walks)
{
    var f = Tensor.From([.. Enumerable.Range(0, 400).Select(_ => Counts(Walk((int)n))[0] / n)]);
    strays.Add(f.Std().Item());
    Console.WriteLine($"   {n,10:N0} {f.Mean().Item(),9:0.0000} {f.Std().Item(),9:0.0000} {Law(n),21:0.0000}");
}

// Now the other way round: the draws are known, the probabilities are not. A belief q gives all draws together the
// probability q(1) q(1) q(2) q(0) …, their likelihood. A product of a hundred numbers below 1 is tiny, and a longer one
// is 0 in every number type; its logarithm is a sum and has no such trouble. Minus that sum, per draw, is the negative
// log-likelihood (NLL). It is a mean surprise: what has probability q surprises by −ln q when it comes. The counted
// frequencies win, even over the true ones: counting is the belief of maximum likelihood. It takes these hundred guests
// a little too seriously, which is a first sight of overfitting.
Console.WriteLine("\n3. Likelihood and surprise: who explains the hundred draws best?\n   belief              "
    + "likelihood   log-likelihood   NLL per draw");
double[] counted = [.. Counts(guests).Select(c => c / 100.0)], uniform = [1 / 3.0, 1 / 3.0, 1 / 3.0];
foreach (var (name, q) in new[] { ("equal", uniform), ("true", p), ("counted", counted) })
{
    double likelihood = 1, log = 0;
    foreach (int guest in guests) (likelihood, log) = (likelihood * q[guest], log + Math.Log(q[guest]));
    Console.WriteLine($"   {name,-15} {likelihood,14:0.00e-00} {log,16:0.0000} {-log / 100,14:0.000000}");
}

// The NLL of labels is the cross-entropy that networks are trained with: give it logarithms of probabilities as logits.
// It is also H(counted, p) = −Σ counted ln p, since a label that comes k times surprises k times.
double loss = probabilities.Log().Unsqueeze(0).Expand([100, 3]).CrossEntropy(Ids.From(guests)).Item();
Console.WriteLine($"   the true probabilities again, as a network's loss {loss:0.000000}, and as a cross-entropy of "
    + $"probabilities {Information.CrossEntropy(counted, p):0.000000}");

// Who believes the truth p is still surprised, by its entropy H(p) = −Σ p ln p on average. Who believes q pays H(p, q),
// and the difference is the divergence KL(p ‖ q), which is never below 0. So a loss has two parts, H(p,
// q) = H(p) + KL(p ‖ q), and training lowers the second alone. The perplexity e^H turns nats into something to hold: as
// hard as guessing among that many equally probable outcomes.
double entropy = Information.Entropy(p), same = Information.Entropy(uniform);
Console.WriteLine("\n4. Entropy, divergence, perplexity");
Console.WriteLine($"   entropy of the probabilities {entropy:0.0000}, so a perplexity of "
    + $"{Information.Perplexity(entropy):0.00}; of three equal ones ln 3 = {same:0.0000}");
Console.WriteLine($"   believing in equal probabilities costs {Information.CrossEntropy(p, uniform):0.0000} = "
    + $"{entropy:0.0000} + {Information.KlDivergence(p, uniform):0.0000}");
Console.WriteLine($"   the other way round the divergence is {Information.KlDivergence(uniform, p):0.0000}: it is no "
    + "distance, for it matters which of the two is true");

// Maximum likelihood believes the data and nothing else. Bayes multiplies the likelihood by a prior, what one believed
// before; the weight that is most probable then (MAP, maximum a posteriori) minimises NLL − ln prior. A Gaussian prior
// of standard deviation t adds w² / (2 t²): that is L2, weight decay. A Laplace prior e^(−|w| / b) adds |w| / b: that
// is L1. Six weights, three of them truly 0, are each measured 4 times with noise of standard deviation 1. Gradient
// descent and the formulas agree. The Gaussian opinion shrinks every weight by one factor, and none to 0; the Laplace
// opinion takes one amount from each and leaves the small ones at 0. The large weights come out too small, which is the
// price; over a thousand measurements it is well paid.
Console.WriteLine("\n5. A penalty is a prior: six weights, measured and then believed\n      true   measured   L2, "
    + "descent   formula   L1, descent   formula");
const int Times = 4;
const double T = 1, B = 1;
double[] truth = [2, -1.5, 1, 0, 0, 0];
var g = new TorchRandom(42);
var measured = Tensor.Randn([Times, 6], g, DType.Float64) + Tensor.From(truth);
double[] plain = measured.Mean(0).ToArray<double>(), l2 = MostProbable(w => w.Square().Sum() / (2 * T * T)),
    l1 = MostProbable(w => w.Abs().Sum() / B);
double[] Shrunk(double[] z) => [.. z.Select(v => v * Times / (Times + 1 / (T * T)))];
double[] Cut(double[] z) => [.. z.Select(v => Math.Sign(v) * Math.Max(0, Math.Abs(v) - 1 / (B * Times)) + 0.0)];
for (int i = 0; i < 6; i++)
    Console.WriteLine($"   {truth[i],7:0.0} {plain[i],10:0.000} {l2[i],13:0.000} {Shrunk(plain)[i],9:0.000} "
        + $"{Math.Round(l1[i], 3) + 0,13:0.000} {Cut(plain)[i],9:0.000}");
double[][] again = [.. Enumerable.Range(0, 1000)
    .Select(_ => (Tensor.Randn([6], g, DType.Float64) / Math.Sqrt(Times) + Tensor.From(truth)).ToArray<double>())];
double byL2 = again.Average(z => Error(Shrunk(z))), byL1 = again.Average(z => Error(Cut(z)));
Console.WriteLine($"   mean squared error over a thousand measurements: {again.Average(Error):0.000}, with L2 "
    + $"{byL2:0.000}, with L1 {byL1:0.000}");

// How well can anything predict the next character of a name? Where k characters are known, no model has a lower loss
// than the entropy of the next one given those k, and a table that counts every context has exactly that. Each
// character known makes the next one easier. But beware of the last line: many contexts of three characters occur once,
// and what was seen once is predicted with certainty. Lesson 16 counts what that costs on names not counted.
Console.WriteLine("\n6. The floor of the names: the entropy of the next character, where k are known");
double[] floors = [Math.Log(27),
    .. Enumerable.Range(0, 4).Select(k => Contexts(k) is var (x, y) ? Overfit.Floor(x, y) : 0)];
Lecture.Compare("   k = 0 to 3", "2.822726 2.454014 2.185743 1.884207",
    string.Join(' ', floors[1..].Select(h => $"{h:0.000000}")));
Console.WriteLine("   perplexity, from no character of context to three: "
    + $"{string.Join(", ", floors.Select(h => $"{Information.Perplexity(h):0.00}"))}");
new Page("Lesson 14: Probability")
    .Add(Chart.Bar("A hundred guests", "cloth", "guests",
        [.. Counts(guests).Select((c, i) => ($"cloth {i}", (double)c))]))
    .Add(Chart.Line("How far the fraction that n guests tell is off", "guests", "standard deviation",
        [new("400 walks", strays) { X = walks }, new("√(p (1 − p) / n)", [.. walks.Select(Law)]) { X = walks }],
        new() { LogX = true, LogY = true }))
    .Add(Chart.Line("Two opinions about a weight", "weight", "density of the prior",
        [Series.Of("Gaussian: L2", w => Math.Exp(-w * w / 2 / T / T) / Math.Sqrt(Math.Tau) / T, -3, 3),
            Series.Of("Laplace: L1", w => Math.Exp(-Math.Abs(w) / B) / 2 / B, -3, 3)]))
    .Add(Chart.Bar("What remains unknown of the next character of a name", "known", "nats",
        [.. floors.Select((h, i) => (i == 0 ? "nothing" : $"{i - 1} characters", h))]))
    .Save("pictures/14-probability.html");
Console.WriteLine("pictures: pictures/14-probability.html");
return 0;

static string Show(double[] x) => string.Join(", ", x.Select(v => $"{v:0.0000}"));

int[] Walk(int n)
{
    var seen = new int[n];
    rng.Multinomial(probabilities.Read<float>(), seen, replacement: true);
    return seen;
}

static int[] Counts(int[] draws) => [.. Enumerable.Range(0, 3).Select(cloth => draws.Count(draw => draw == cloth))];

double Law(double n) => Math.Sqrt(p[0] * (1 - p[0]) / n);

double Error(double[] w) => w.Zip(truth, (a, b) => (a - b) * (a - b)).Average();

// The learning rate falls in steps: at its kink the derivative of |w| jumps from one side to the other, and only ever
// smaller steps come to rest there.
double[] MostProbable(Func<Tensor, Tensor> minusLogPrior)
{
    var w = Tensor.Zeros([6], DType.Float64).RequireGrad();
    var sgd = new Sgd([w], Schedule.Step(0.1, every: 100, gamma: 0.5));
    for (int step = 0; step < 1500; step++)
    {
        using var scope = Scope.Begin();
        sgd.ZeroGrad();
        ((measured - w).Square().Sum() / 2 + minusLogPrior(w)).Backward();
        sgd.Step();
    }
    return w.ToArray<double>();
}

// Every character of every name, '.' for its end, and the k characters before it.
(Ids X, Ids Y) Contexts(int k)
{
    int[][] texts =
        [.. File.ReadLines(path).Select(name => (int[])[.. new int[k], .. name.Select(c => c - 'a' + 1), 0])];
    var places = texts.SelectMany(text => Enumerable.Range(k, text.Length - k).Select(i => (text, i))).ToArray();
    return (Ids.From([.. places.SelectMany(at => at.text[(at.i - k)..at.i])], [places.Length, k]),
        Ids.From([.. places.Select(at => at.text[at.i])]));
}

// expected:
// 1. Probabilities and counts: three kinds of cloth at a wedding, and a hundred guests whom we meet by chance
//    cloth bought: 0.7081, 0.3542, 0.1054 | lecture: 0.7081, 0.3542, 0.1054 | agrees
//    probabilities: 0.6064, 0.3033, 0.0903 | lecture: 0.6064, 0.3033, 0.0903 | agrees
//    the first fifty: 11200211000110011001020010010001110110011101101102 | lecture: 11200211000110011001020010010001110110011101101102 | agrees
//    the other fifty: 00000000001100000000100100000001200000010020100111 | lecture: 00000000001100000000100100000001200000010020100111 | agrees
//    counts 61, 33, 6, where the probabilities promise 60.6, 30.3, 9.0
//
// 2. Expectation and variance: the fraction of cloth 0 that walks of n guests find
//        guests      mean       std   sqrt(p (1 - p) / n)
//            10    0.6093    0.1606                0.1545
//           100    0.6061    0.0468                0.0489
//         1,000    0.6069    0.0163                0.0154
//
// 3. Likelihood and surprise: who explains the hundred draws best?
//    belief              likelihood   log-likelihood   NLL per draw
//    equal                 1.94e-48        -109.8612       1.098612
//    true                  2.42e-37         -84.3100       0.843100
//    counted               4.84e-37         -83.6184       0.836184
//    the true probabilities again, as a network's loss 0.843100, and as a cross-entropy of probabilities 0.843100
//
// 4. Entropy, divergence, perplexity
//    entropy of the probabilities 0.8823, so a perplexity of 2.42; of three equal ones ln 3 = 1.0986
//    believing in equal probabilities costs 1.0986 = 0.8823 + 0.2163
//    the other way round the divergence is 0.2674: it is no distance, for it matters which of the two is true
//
// 5. A penalty is a prior: six weights, measured and then believed
//       true   measured   L2, descent   formula   L1, descent   formula
//        2.0      1.360         1.088     1.088         1.110     1.110
//       -1.5     -1.830        -1.464    -1.464        -1.580    -1.580
//        1.0      0.852         0.681     0.681         0.602     0.602
//        0.0     -0.227        -0.182    -0.182         0.000     0.000
//        0.0     -0.029        -0.023    -0.023         0.000     0.000
//        0.0      0.219         0.175     0.175         0.000     0.000
//    mean squared error over a thousand measurements: 0.247, with L2 0.206, with L1 0.200
//
// 6. The floor of the names: the entropy of the next character, where k are known
//    k = 0 to 3: 2.822726 2.454014 2.185743 1.884207 | lecture: 2.822726 2.454014 2.185743 1.884207 | agrees
//    perplexity, from no character of context to three: 27.00, 16.82, 11.63, 8.90, 6.58
// pictures: pictures/14-probability.html
