#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 48: The Hopfield network. A memory that is shown a damaged pattern, and gives back the whole one.
//
// What it is: letters stored by Hebb's rule, recalled from noise, with the energy that falls at every step; and
// how many random patterns a network of n neurons can hold, measured. What it is not: trained. The weights are written
// down at once. A few seconds; --full takes more and larger networks.
using ChainRule;
using ChainRule.Classical;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;

var options = new LessonOptions(args);
bool quick = options.Quick, full = options.Full;
if (!options.Ok()) return Lecture.Misused;

const int Side = 8, N = Side * Side;
string[][] drawn =
[
    ["########", "########", "...##...", "...##...", "...##...", "...##...", "...##...", "...##..."],
    ["##....##", "##....##", "##....##", "########", "########", "##....##", "##....##", "##....##"],
    [".######.", "##....##", "##......", "##......", "##......", "##......", "##....##", ".######."],
    ["##....##", "##....##", ".##..##.", "..####..", "..####..", ".##..##.", "##....##", "##....##"],
];
double[][] letters = [.. drawn.Select(rows => rows.SelectMany(row => row).Select(c => c == '#' ? 1.0 : -1)
    .ToArray())];
var network = new HopfieldNetwork(Tensor.From([.. letters.SelectMany(x => x)], [letters.Length, N]));
Console.WriteLine($"""
    1. {N} neurons, each −1 or +1, each joined to each. Hebb's rule: what fires together is joined, wᵢⱼ = 1/n Σ pᵢ pⱼ.
       {letters.Length} letters of {Side} × {Side} are stored. A state falls, neuron by neuron, sᵢ ← sign(Σ wᵢⱼ sⱼ),
       into a valley of the energy E = −½ Σ wᵢⱼ sᵢ sⱼ.

       A letter with a fifth of its pixels flipped, what it becomes, and its energy after each pass:
    """);
var rng = new TorchRandom(5);
List<Raster> images = [];
List<Series> falls = [];
int whole = 0;
for (int k = 0; k < letters.Length; k++)
{
    double[] damaged = Damaged(letters[k], 0.2);
    var recall = network.Recall(damaged, seed: 1);
    bool same = recall.State.SequenceEqual(letters[k]);
    whole += same ? 1 : 0;
    if (k < 2) Show(damaged, [.. recall.State]);
    bool falling = recall.Energies.SequenceEqual(recall.Energies.OrderDescending());
    Console.WriteLine($"   {"THCX"[k]}: energy {string.Join(" → ", recall.Energies.Select(e => $"{e:0.0}"))}; "
        + $"it never rises: {falling}; the letter is whole: {same}");
    images.AddRange([Raster.Map("stored", Square(letters[k])), Raster.Map("damaged", Square(damaged)),
        Raster.Map("recalled", Square([.. recall.State]))]);
    falls.Add(new($"{"THCX"[k]}", recall.Energies));
}
Console.WriteLine($"   {whole} of {letters.Length} letters are whole again.");
double[] negative = [.. letters[0].Select(x => -x)];
Console.WriteLine($"   The negative of a letter is a valley too: "
    + $"{network.Recall(negative, 1).State.SequenceEqual(negative)}.");

int n = quick ? 400 : full ? 2000 : 1000, measured = quick ? 12 : 20;
double[] loads = [0.04, 0.08, 0.10, 0.12, 0.14, 0.16, 0.18, 0.20, 0.25];
Console.WriteLine($"""

    2. How many? Random patterns in {n:N0} neurons: how much of a pattern is left, from 1 for all of it to 0, when the
       network starts from the pattern itself.

    """);
List<double> overlaps = [];
foreach (double load in loads)
{
    int count = (int)Math.Round(load * n);
    double[] p = new double[count * n];
    new TorchRandom(9).Bernoulli(p, 0.5);
    var patterns = Tensor.From(p, [count, n]) * 2 - 1;
    var memory = new HopfieldNetwork(patterns);
    double[] all = patterns.ToArray<double>();
    overlaps.Add(Enumerable.Range(0, Math.Min(measured, count)).Average(k =>
    {
        double[] pattern = all[(n * k)..(n * k + n)];
        return memory.Recall(pattern, 1).State.Zip(pattern, (s, x) => s * x).Average();
    }));
    Console.WriteLine($"   {load:0.00} n = {count,4} patterns: {overlaps[^1]:0.000}");
}
double capacity = loads[overlaps.FindLastIndex(x => x > 0.9)];
Console.WriteLine($"""

       It holds {capacity:0.00} n patterns nearly whole. Theory says 0.138 n for large n (Amit, Gutfreund and
       Sompolinsky, 1985): beyond it the memory does not fade, it breaks down.
    """);

new Page("The Hopfield network")
    .Images("Letters", images, together: 3)
    .Add("The energy falls with every pass, and stays where it is in a valley.")
    .Add(Chart.Line("Energy", "pass", "energy", falls))
    .Add("The fraction of a pattern that is left, by how many are stored. The dashed line is 0.138.")
    .Add(Chart.Line("Capacity", "patterns / neurons", "overlap", [new("overlap", overlaps) { X = loads }],
        new() { RuleX = 0.138, Marks = true, YRange = (0, 1) }))
    .Images("Weights", [Raster.Signed("each neuron with each", network.Weights)])
    .Save("pictures/48-hopfield-network.html");
Console.WriteLine("\npictures: pictures/48-hopfield-network.html");
return 0;

double[] Damaged(double[] letter, double fraction)
{
    int[] order = new int[N];
    rng.Permutation(order);
    double[] damaged = [.. letter];
    foreach (int i in order[..(int)(fraction * N)]) damaged[i] *= -1;
    return damaged;
}

static Tensor Square(double[] state) => Tensor.From(state, [Side, Side]);

static void Show(double[] before, double[] after)
{
    string Row(double[] s, int r) => string.Concat(s[(Side * r)..(Side * r + Side)].Select(x => x > 0 ? '#' : '.'));
    for (int r = 0; r < Side; r++) Console.WriteLine($"       {Row(before, r)}   {Row(after, r)}");
}

// expected:
// 1. 64 neurons, each −1 or +1, each joined to each. Hebb's rule: what fires together is joined, wᵢⱼ = 1/n Σ pᵢ pⱼ.
//    4 letters of 8 × 8 are stored. A state falls, neuron by neuron, sᵢ ← sign(Σ wᵢⱼ sⱼ),
//    into a valley of the energy E = −½ Σ wᵢⱼ sᵢ sⱼ.
//
//    A letter with a fifth of its pixels flipped, what it becomes, and its energy after each pass:
//        ##.#####   ########
//        #####.##   ########
//        .#.##...   ...##...
//        #.###.#.   ...##...
//        ....#.#.   ...##...
//        ...##..#   ...##...
//        #...##..   ...##...
//        ...##...   ...##...
//    T: energy -11.5 → -35.0 → -35.0; it never rises: True; the letter is whole: True
//        ##.....#   ##....##
//        ##....#.   ##....##
//        ####..#.   ##....##
//        ####.###   ########
//        #######.   ########
//        #.....#.   ##....##
//        ##.....#   ##....##
//        .#.....#   ##....##
//    H: energy -17.1 → -43.0 → -43.0; it never rises: True; the letter is whole: True
//    C: energy -11.0 → -30.5 → -30.5; it never rises: True; the letter is whole: True
//    X: energy -12.6 → -38.5 → -38.5; it never rises: True; the letter is whole: True
//    4 of 4 letters are whole again.
//    The negative of a letter is a valley too: True.
//
// 2. How many? Random patterns in 400 neurons: how much of a pattern is left, from 1 for all of it to 0, when the
//    network starts from the pattern itself.
//
//    0.04 n =   16 patterns: 1.000
//    0.08 n =   32 patterns: 1.000
//    0.10 n =   40 patterns: 1.000
//    0.12 n =   48 patterns: 0.998
//    0.14 n =   56 patterns: 0.990
//    0.16 n =   64 patterns: 0.922
//    0.18 n =   72 patterns: 0.820
//    0.20 n =   80 patterns: 0.642
//    0.25 n =  100 patterns: 0.380
//
//    It holds 0.16 n patterns nearly whole. Theory says 0.138 n for large n (Amit, Gutfreund and
//    Sompolinsky, 1985): beyond it the memory does not fade, it breaks down.
//
// pictures: pictures/48-hopfield-network.html
