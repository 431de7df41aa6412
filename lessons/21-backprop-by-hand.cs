#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 21: Backpropagation by hand. The makemore network's gradient, intermediate by intermediate, written out and
// held against the engine.
//
// What it is: makemore part 4, first exercise. The forward pass is taken apart into small steps; then each of the 26
// tensors gets its gradient by hand, last one first. What it is not: fast, or needed. It is how one stops believing and
// starts knowing. Lesson 22 does the same in one formula each, and trains with it.
//
// It takes a second, --quick or not.
using ChainRule;
using ChainRule.Derivations;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("names.txt", out string path)) return Lecture.DataMissing;
const int Context = 3, Width = 10, V = 27;
var names = Names.FromFile(path);
var examples = names.Examples(Context);

// Nothing is zero here, biases neither: where a number is zero, a wrong gradient can hide. The lecture drew two of them
// without a seed, so its loss is a band and not digits.
const int Hidden = 64;
var g = new TorchRandom(2147483647);
var C = Tensor.Randn([V, Width], g);
Tensor W1 = Tensor.Randn([Context * Width, Hidden], g) * (5.0 / 3) / Math.Sqrt(Context * Width),
    b1 = Tensor.Randn([Hidden], g) * 0.1;
Tensor W2 = Tensor.Randn([Hidden, V], g) * 0.1, b2 = Tensor.Randn([V], g) * 0.1;
Tensor bngain = Tensor.Randn([1, Hidden], g) * 0.1 + 1, bnbias = Tensor.Randn([1, Hidden], g) * 0.1;
// In float64 an agreement to fifteen digits means something. The engine computes some of these in other orders than we
// do, so the last bit may differ.
Tensor[] parameters = [C = C.To(DType.Float64), W1 = W1.To(DType.Float64), b1 = b1.To(DType.Float64),
    W2 = W2.To(DType.Float64), b2 = b2.To(DType.Float64),
    bngain = bngain.To(DType.Float64), bnbias = bnbias.To(DType.Float64)];
foreach (var p in parameters) p.RequireGrad();
Lecture.Compare("parameters", "4137", parameters.Sum(p => p.Count));

const int n = 32;
var rows = new int[n];
g.Integers(rows, 0, examples.Train.Count);
Ids X = examples.Train.Inputs.Rows(rows), Y = examples.Train.Targets.Rows(rows);

// Forward, in small steps: a name for every intermediate.
var emb = C.Rows(X);                                              // (32, 3, 10)
var embcat = emb.Reshape(n, -1);                                  // (32, 30)
var hprebn = embcat.MatMul(W1) + b1;                              // (32, 64)
var bnmeani = 1.0 / n * hprebn.Sum(0, keepDim: true);
var bndiff = hprebn - bnmeani;
var bndiff2 = bndiff.Square();
var bnvar = 1.0 / (n - 1) * bndiff2.Sum(0, keepDim: true);        // over n - 1: Bessel's correction
var bnvar_inv = (bnvar + 1e-5).Pow(-0.5);
var bnraw = bndiff * bnvar_inv;
var hpreact = bngain * bnraw + bnbias;
var h = hpreact.Tanh();
var logits = h.MatMul(W2) + b2;                                   // (32, 27)
var logit_maxes = logits.Max(1, keepDim: true);
var norm_logits = logits - logit_maxes;                           // so that no exponential overflows
var counts = norm_logits.Exp();
var counts_sum = counts.Sum(1, keepDim: true);
var counts_sum_inv = counts_sum.Pow(-1);
var probs = counts * counts_sum_inv;
var logprobs = probs.Log();
var truth = Tensor.OneHot(Y, V, DType.Float64);                                 // (32, 27), a one at each target
var loss = -(logprobs * truth).Sum() / n;
loss.Backward();
Console.WriteLine($"first loss near the lecture's 3.34: {Math.Abs(loss.Item() - 3.34) < 0.3}\n");

Console.WriteLine("""
    All of them, last one first, with the largest difference to the engine's gradient.

    """);
using var noGraph = NoGrad.Begin();
var check = Derivation.Check(loss);
void Same(string name, Tensor byHand, Tensor engine) => check.Name(name, engine).Step($"d{name}", byHand);
// only the target's log counts, each a 32nd part of the mean
var dlogprobs = -truth / n;
Same("logprobs", dlogprobs, logprobs);
var dprobs = dlogprobs / probs;
Same("probs", dprobs, probs);
// copied along a row going forward, so summed coming back
var dcounts_sum_inv = (counts * dprobs).Sum(1, keepDim: true);
Same("counts_sum_inv", dcounts_sum_inv, counts_sum_inv);
var dcounts_sum = -counts_sum.Pow(-2) * dcounts_sum_inv;
Same("counts_sum", dcounts_sum, counts_sum);
var dcounts = counts_sum_inv * dprobs + dcounts_sum;              // used twice: two roads back, added
Same("counts", dcounts, counts);
var dnorm_logits = counts * dcounts;
Same("norm_logits", dnorm_logits, norm_logits);
// nearly zero: the maximum is there for safety and changes no probability
var dlogit_maxes = -dnorm_logits.Sum(1, keepDim: true);
Same("logit_maxes", dlogit_maxes, logit_maxes);
var dlogits = dnorm_logits + Tensor.OneHot(logits.ArgMax(1), V, DType.Float64) * dlogit_maxes;
Same("logits", dlogits, logits);
var dh = dlogits.MatMul(W2, transposeB: true);
Same("h", dh, h);
var dW2 = h.MatMul(dlogits, transposeA: true);
Same("W2", dW2, W2);
Same("b2", dlogits.Sum(0), b2);
var dhpreact = (1 - h.Square()) * dh;
Same("hpreact", dhpreact, hpreact);
Same("bngain", (bnraw * dhpreact).Sum(0, keepDim: true), bngain);
Same("bnbias", dhpreact.Sum(0, keepDim: true), bnbias);
var dbnraw = bngain * dhpreact;
Same("bnraw", dbnraw, bnraw);
var dbnvar_inv = (bndiff * dbnraw).Sum(0, keepDim: true);
Same("bnvar_inv", dbnvar_inv, bnvar_inv);
var dbnvar = -0.5 * (bnvar + 1e-5).Pow(-1.5) * dbnvar_inv;
Same("bnvar", dbnvar, bnvar);
var dbndiff2 = 1.0 / (n - 1) * dbnvar.Expand([n, Hidden]);            // summed going forward, so copied coming back
Same("bndiff2", dbndiff2, bndiff2);
var dbndiff = bnvar_inv * dbnraw + 2 * bndiff * dbndiff2;
Same("bndiff", dbndiff, bndiff);
var dbnmeani = -dbndiff.Sum(0, keepDim: true);
Same("bnmeani", dbnmeani, bnmeani);
var dhprebn = dbndiff + 1.0 / n * dbnmeani;
Same("hprebn", dhprebn, hprebn);
var dembcat = dhprebn.MatMul(W1, transposeB: true);
Same("embcat", dembcat, embcat);
Same("W1", embcat.MatMul(dhprebn, transposeA: true), W1);
Same("b1", dhprebn.Sum(0), b1);
var demb = dembcat.Reshape(n, Context, Width);
Same("emb", demb, emb);
Same("C", Scattered(X, demb), C);

// Whether the last bit is the same too depends on the width of the machine's vectors, so only the whole run says it.
bool quick = args.Contains("--quick");
var report = check.Report();
foreach (var step in report.Steps)
    Console.WriteLine($"{step.Name[1..],-15} {step.Shape.ToString(),-12} "
        + (step.LargestDifference < 1e-15 ? "below 1e-15" : $"differs by {step.LargestDifference:E1}")
        + (quick ? "" : step.Verdict == Verdict.Exact ? "   exact" : "   close"));
Console.WriteLine(report.Passed ? "\n26 tensors, and every one agrees to fifteen decimals." : $"\n{report}");

// A character's row went into many places; what comes back from all of them is added up. A product
// with one-hot rows does that.
static Tensor Scattered(Ids x, Tensor d) =>
    Tensor.OneHot(x.Reshape([x.Count]), V, DType.Float64).MatMul(d.Reshape(x.Count, Width), transposeA: true);

new Page("Backpropagation by hand")
    .Add("The gradient at the logits: 32 examples down, 27 characters across. In each row one dark square is the "
    + "target, which is pulled up; the rest is pushed down, by as much as it was believed.")
    .Add(Chart.HeatMap("dlogits, times the batch", "character", "example", Cells(dlogits * n),
        columns: [.. names.Vocabulary.Characters.Select(c => c.ToString())], options: new() { Scheme = "greys" }))
    .Save("pictures/21-backprop-by-hand.html");
Console.WriteLine("\npictures: pictures/21-backprop-by-hand.html");
return 0;

static double[,] Cells(Tensor t)
{
    var cells = new double[t.Shape[0], t.Shape[1]];
    for (int i = 0; i < t.Shape[0]; i++)
        for (int j = 0; j < t.Shape[1]; j++) cells[i, j] = t[i, j];
    return cells;
}

// expected:
// parameters: 4137 | lecture: 4137 | agrees
// first loss near the lecture's 3.34: True
//
// All of them, last one first, with the largest difference to the engine's gradient.
//
// logprobs        [32, 27]     below 1e-15
// probs           [32, 27]     below 1e-15
// counts_sum_inv  [32, 1]      below 1e-15
// counts_sum      [32, 1]      below 1e-15
// counts          [32, 27]     below 1e-15
// norm_logits     [32, 27]     below 1e-15
// logit_maxes     [32, 1]      below 1e-15
// logits          [32, 27]     below 1e-15
// h               [32, 64]     below 1e-15
// W2              [64, 27]     below 1e-15
// b2              [27]         below 1e-15
// hpreact         [32, 64]     below 1e-15
// bngain          [1, 64]      below 1e-15
// bnbias          [1, 64]      below 1e-15
// bnraw           [32, 64]     below 1e-15
// bnvar_inv       [1, 64]      below 1e-15
// bnvar           [1, 64]      below 1e-15
// bndiff2         [32, 64]     below 1e-15
// bndiff          [32, 64]     below 1e-15
// bnmeani         [1, 64]      below 1e-15
// hprebn          [32, 64]     below 1e-15
// embcat          [32, 30]     below 1e-15
// W1              [30, 64]     below 1e-15
// b1              [64]         below 1e-15
// emb             [32, 3, 10]  below 1e-15
// C               [27, 10]     below 1e-15
//
// 26 tensors, and every one agrees to fifteen decimals.
//
// pictures: pictures/21-backprop-by-hand.html
