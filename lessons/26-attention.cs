#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 26: Attention in four versions. From averaging the past in a loop to letting every
// character ask for what it needs.
//
// What it is: the heart of the GPT lecture (Karpathy), four programs that do the same a little better each time: a
// loop, a product with a triangle, a softmax over what is not masked, and at last weights that depend on the data. The
// lecture's numbers, seed by seed. What it is not: a model; that is the next lesson.
//
// It takes a second, --quick or not.
using ChainRule;
using ChainRule.Layers;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
Console.WriteLine("""
    A position may look at itself and at what came before, never ahead: what comes next is what it has to guess.
    The weakest way to use the past is to average it. A triangle of ones, each row divided by its sum, does that in one
    product.

    """);
var rng = new TorchRandom(42);
var averages = Tensor.LowerTriangle(3, 3);
averages /= averages.Sum(1, keepDim: true);
var drawn = new int[6];
rng.Integers(drawn, 0, 10);
var b = Tensor.From(Array.ConvertAll(drawn, v => (float)v), [3, 2]);
Lecture.Compare("the numbers", "2 7 | 6 4 | 6 5", Rows(b, "0"));
Lecture.Compare("their running means", "2.0000 7.0000 | 4.0000 5.5000 | 4.6667 5.3333",
    Rows(averages.MatMul(b), "0.0000"));

const int B = 4, T = 8;
var x = Tensor.Randn([B, T, 2], new TorchRandom(1337));

Console.WriteLine("\nVersion 1: a loop over examples and positions. Clear, and slow.");
var loop = new float[B * T * 2];
for (int example = 0; example < B; example++)
    for (int t = 0; t < T; t++)
        for (int channel = 0; channel < 2; channel++)
        {
            double sum = 0;
            for (int past = 0; past <= t; past++) sum += x[example, past, channel];
            loop[(example * T + t) * 2 + channel] = (float)(sum / (t + 1));
        }
var first = Tensor.From(loop, [B, T, 2]);

Console.WriteLine("Version 2: the same as one product, (T, T) times (B, T, C).");
var weights = Tensor.LowerTriangle(T, T);
weights /= weights.Sum(1, keepDim: true);
var second = weights.MatMul(x);
Lecture.Compare("equal to the loop", "True", Close(first, second));

Console.WriteLine("""

    Version 3: begin with affinities of 0, set the future to minus infinity, and let softmax make weights of them. For
    zeros it is the same average; but now the affinities may be any numbers.
    """);
var future = Tensor.Ones([T, T]) - Tensor.LowerTriangle(T, T);
var third = Tensor.Zeros([T, T]).MaskedFill(future, double.NegativeInfinity).Softmax().MatMul(x);
Lecture.Compare("equal to the loop", "True", Close(first, third));

Console.WriteLine("""

    Version 4: self-attention. Each position sends out a query (what am I looking for?), a key (what do I hold?) and a
    value (what do I tell?). The affinity of two positions is the product of the one's query with the other's key, so
    now the data decide who listens to whom.
    """);
rng = new(1337);
const int C = 32, Head = 16;
x = Tensor.Randn([B, T, C], rng);
Linear key = new(C, Head, rng, bias: false), query = new(C, Head, rng, bias: false),
    value = new(C, Head, rng, bias: false);
Tensor k = key.Forward(x), q = query.Forward(x), v = value.Forward(x);                       // (B, T, 16)
var attention = q.MatMul(k, transposeB: true).MaskedFill(future, double.NegativeInfinity).Softmax();   // (B, T, T)
var output = attention.MatMul(v);
var example0 = attention.Select(0, 0);
Lecture.Compare("weights of position 1", "1.0000", Row(example0, 0));
Lecture.Compare("weights of position 2", "0.1574 0.8426", Row(example0, 1));
Lecture.Compare("weights of position 3", "0.2088 0.1646 0.6266", Row(example0, 2));
Lecture.Compare("shape of the result", "[4, 8, 16]", output.Shape.ToString());

var fused = Tensor.Concat(2, q, k, v).Attention(heads: 1, causal: true, new() { Scale = 1 });
Console.WriteLine(
    $"the engine's Attention, which never makes the masked matrix, says the same: {Close(fused, output)}");

Console.WriteLine("""

    Why the affinities are divided by the square root of the head's width. A sum of 16 products of standard deviation 1
    has a variance of 16; softmax of large numbers is nearly one-hot, and every position would listen to one other only.
    Divided by 4 the variance is 1 again.
    """);
k = Tensor.Randn([B, T, Head], rng);
q = Tensor.Randn([B, T, Head], rng);
Lecture.Compare("variance of the keys", "1.0449", k.Var().Item());
Lecture.Compare("variance of the queries", "1.0700", q.Var().Item());
Lecture.Compare("variance of the scaled affinities", "1.0918",
    (q.MatMul(k, transposeB: true) * Math.Pow(Head, -0.5)).Var().Item());
var some = Tensor.From(0.1f, -0.2f, 0.3f, -0.2f, 0.5f);
Lecture.Compare("softmax of small numbers", "0.1925 0.1426 0.2351 0.1426 0.2872", Numbers(some.Softmax(), "0.0000"));
Lecture.Compare("softmax of eight times those", "0.0326 0.0030 0.1615 0.0030 0.8000",
    Numbers((some * 8).Softmax(), "0.0000"));

Console.WriteLine("""

    The other half of a transformer's block keeps numbers in shape: layer normalisation. Batch normalisation of lesson
    19 with one change, axis 1 for axis 0: each example by itself. So its rows have mean 0 and standard deviation 1, and
    its columns have not.
    """);
var batch = Tensor.Randn([32, 100], new TorchRandom(1337));
var normal = (batch - batch.Mean(1, keepDim: true)) / (batch.Var(1, keepDim: true) + 1e-5).Sqrt();
Lecture.Compare("mean of column 1", "0.1469", normal.Select(1, 0).Mean().Item());
Lecture.Compare("standard deviation of column 1", "0.8803", normal.Select(1, 0).Std().Item());
Lecture.Compare("mean of row 1", "0.0000", normal.Select(0, 0).Mean().Item());
Lecture.Compare("standard deviation of row 1", "1.0000", normal.Select(0, 0).Std().Item());

string[] positions = [.. Enumerable.Range(1, T).Select(i => i.ToString())];
new Page("Attention in four versions")
    .Add("Who listens to whom. A row is a position that asks, a column one that answers; the upper right is the "
        + "future, which is hidden.")
    .Add(Chart.HeatMap("Versions 1 to 3: everyone averages the past", "answers", "asks", Cells(weights),
        positions, positions))
    .Add(Chart.HeatMap("Version 4: the data decide", "answers", "asks", Cells(example0), positions, positions))
    .Add("Softmax of the same five numbers, as they are and eight times as large: unscaled affinities make a position "
        + "listen to one other only.")
    .Add(Chart.Bar("Softmax of small numbers", "", "weight", Bars(some.Softmax())))
    .Add(Chart.Bar("Softmax of eight times those", "", "weight", Bars((some * 8).Softmax())))
    .Add(new Formula("Scaled dot-product attention",
        @"\mathrm{Attention}(Q,K,V) = \mathrm{softmax}\!\left(\frac{QK^\top}{\sqrt{d}} + \text{mask}\right)V"))
    .Save("pictures/26-attention.html");
Console.WriteLine("\npictures: pictures/26-attention.html");
return 0;

static string Close(Tensor a, Tensor b) => (a - b).Abs().Max().Item() < 1e-6 ? "True" : "False";
static string Numbers(Tensor t, string format) =>
    string.Join(" ", t.ToArray<float>().Select(number => number.ToString(format)));
static string Rows(Tensor t, string format) =>
    string.Join(" | ", Enumerable.Range(0, t.Shape[0]).Select(i => Numbers(t.Select(0, i), format)));
static string Row(Tensor t, int i) => Numbers(t.Select(0, i).Slice(0, 0, i + 1), "0.0000");
static (string, double)[] Bars(Tensor t) => [.. t.ToArray<float>().Select((number, i) => ($"{i + 1}", (double)number))];

static double[,] Cells(Tensor t)
{
    var cells = new double[t.Shape[0], t.Shape[1]];
    for (int i = 0; i < t.Shape[0]; i++)
        for (int j = 0; j < t.Shape[1]; j++) cells[i, j] = t[i, j];
    return cells;
}

// expected:
// A position may look at itself and at what came before, never ahead: what comes next is what it has to guess.
// The weakest way to use the past is to average it. A triangle of ones, each row divided by its sum, does that in one
// product.
//
// the numbers: 2 7 | 6 4 | 6 5 | lecture: 2 7 | 6 4 | 6 5 | agrees
// their running means: 2.0000 7.0000 | 4.0000 5.5000 | 4.6667 5.3333 | lecture: 2.0000 7.0000 | 4.0000 5.5000 | 4.6667 5.3333 | agrees
//
// Version 1: a loop over examples and positions. Clear, and slow.
// Version 2: the same as one product, (T, T) times (B, T, C).
// equal to the loop: True | lecture: True | agrees
//
// Version 3: begin with affinities of 0, set the future to minus infinity, and let softmax make weights of them. For
// zeros it is the same average; but now the affinities may be any numbers.
// equal to the loop: True | lecture: True | agrees
//
// Version 4: self-attention. Each position sends out a query (what am I looking for?), a key (what do I hold?) and a
// value (what do I tell?). The affinity of two positions is the product of the one's query with the other's key, so
// now the data decide who listens to whom.
// weights of position 1: 1.0000 | lecture: 1.0000 | agrees
// weights of position 2: 0.1574 0.8426 | lecture: 0.1574 0.8426 | agrees
// weights of position 3: 0.2088 0.1646 0.6266 | lecture: 0.2088 0.1646 0.6266 | agrees
// shape of the result: [4, 8, 16] | lecture: [4, 8, 16] | agrees
// the engine's Attention, which never makes the masked matrix, says the same: True
//
// Why the affinities are divided by the square root of the head's width. A sum of 16 products of standard deviation 1
// has a variance of 16; softmax of large numbers is nearly one-hot, and every position would listen to one other only.
// Divided by 4 the variance is 1 again.
// variance of the keys: 1.0449 | lecture: 1.0449 | agrees
// variance of the queries: 1.0700 | lecture: 1.0700 | agrees
// variance of the scaled affinities: 1.0918 | lecture: 1.0918 | agrees
// softmax of small numbers: 0.1925 0.1426 0.2351 0.1426 0.2872 | lecture: 0.1925 0.1426 0.2351 0.1426 0.2872 | agrees
// softmax of eight times those: 0.0326 0.0030 0.1615 0.0030 0.8000 | lecture: 0.0326 0.0030 0.1615 0.0030 0.8000 | agrees
//
// The other half of a transformer's block keeps numbers in shape: layer normalisation. Batch normalisation of lesson
// 19 with one change, axis 1 for axis 0: each example by itself. So its rows have mean 0 and standard deviation 1, and
// its columns have not.
// mean of column 1: 0.1469 | lecture: 0.1469 | agrees
// standard deviation of column 1: 0.8803 | lecture: 0.8803 | agrees
// mean of row 1: 0.0000 | lecture: 0.0000 | agrees
// standard deviation of row 1: 1.0000 | lecture: 1.0000 | agrees
//
// pictures: pictures/26-attention.html
