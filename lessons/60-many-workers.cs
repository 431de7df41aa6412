#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 60: Many workers. Why the order of a sum matters, and how any number of workers trains the same model.
//
// What it is: one gradient added up in five orders, and what becomes of the models; the one tree that does not ask how
// many workers there are; and what these send each other, counted. What it is not: about speed, since the workers are
// threads here; docs/many-workers.md measures that. Lesson 08 comes before it. Some seconds.
using ChainRule;
using ChainRule.Data;
using ChainRule.Distributed;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var page = new Page("Many workers");
const int Shards = 16, Steps = 2000;
float[] harmonic = [.. Enumerable.Range(1, 1_000_000).Select(i => 1f / i)];
Console.WriteLine($"""
    1. Floats round. A float32 has 24 binary digits: 2²⁴ + 1 needs 25, and is rounded to 2²⁴. With a = 2²⁴, b = c = 1:
       (a + b) + c = {(double)Added([1 << 24, 1, 1]):N0}, a + (b + c) = {(double)Added([1 << 24, 1 + 1]):N0}.
       Each addition is right, to half a unit of its last digit; the order decides. 1 + 1/2 + 1/3 … + 1/1,000,000 is
       14.392727 to eight digits. In float32:

       from the largest on     {(double)Added(harmonic):0.000000}
       from the smallest on    {(double)Added(harmonic.Reverse()):0.000000}
       by two, and so on       {(double)Tree(harmonic, (a, b) => a + b):0.000000}
    """);

Console.WriteLine($"""

    2. One gradient, five orders. A batch of 64 rows is cut into {Shards} shards of 4. Each shard has its gradient; the
       step needs their sum. The same network, the same rows, {Steps:N0} steps; only the order of the sum differs. The
       largest difference of a weight from the first line:

       the gradients are added       after 1 step       100     2,000
    """);
List<Series> apart = [];
float[][] first = Descend(g => g.Aggregate(Plus));
foreach (var (name, sum) in ((string, Func<float[][], float[]>)[])[("first to last", g => g.Aggregate(Plus)),
    ("last to first", g => g.Reverse().Aggregate(Plus)), ("2 workers: 8, 8", g => Own(g, 2).Aggregate(Plus)),
    ("3 workers: 5, 5, 6", g => Own(g, 3).Aggregate(Plus)), ("by the tree", g => Tree(g, Plus))])
{
    float[][] path = Descend(sum);
    double[] far = [.. path.Zip(first, (a, b) => a.Zip(b, (x, y) => (double)Math.Abs(x - y)).Max())];
    Console.WriteLine($"   {name,-24}{far[1],18:0.0e+0}{far[100],10:0.0e+0}{far[Steps],10:0.0e+0}");
    if (far[1] > 0) apart.Add(new(name, far[1..]));
}
Console.WriteLine($"""
       None is wrong. But a run that is repeated, or gone on with by other workers, must not depend on how many there
       were: the two orders by workers do.
    """);
page.Add("How far the weights of four networks are from those of one whose sums go from the first shard to the last.")
    .Add(Chart.Line("Only the order of the sums differs", "step", "largest difference of a weight", apart,
        new() { LogY = true, Legend = "order" }));

Console.WriteLine($"""

    3. One tree. Shards 0 and 1 are added, 2 and 3, and so on; then these sums by two. Worker 0 of 3 has the shards
       0 to 4, worker 1 has 5 to 9, worker 2 the rest. A number is who can make that sum alone; • takes several.

    """);
for (int level = 4; level >= 0; level--)
    Console.WriteLine("   " + string.Concat(Enumerable.Range(0, Shards >> level).Select(i =>
        Owner(3, level, i).PadLeft((2 << level) + 1).PadRight(4 << level))).TrimEnd());
page.Add("The tree, coloured by the worker that makes the sum. White: made of what several have sent.")
    .Add(Graph.FromDot(Dot(3), "Sixteen shards, three workers"));
Console.WriteLine("""

       Whoever computes what, the same numbers are added in the same order. Now the library: 20 steps of a network of
       172,037 parameters, by workers that send each other bytes through shared memory.

       workers    all have the bits of 1 worker
    """);
int[] alone = Trained(1).Bits[0];
Dictionary<int, double> sent = [];
foreach (int workers in (int[])[1, 2, 3, 4, 5])
{
    (int[][] bits, sent[workers]) = Trained(workers);
    Console.WriteLine($"   {workers,7}{(bits.All(alone.SequenceEqual) ? "yes" : "NO"),33}");
}
Console.WriteLine("""

    4. What is sent. n workers have a gradient of N numbers each, and all need the sum. It is cut into n parts.
       Ring: in n − 1 rounds each sends a part to its neighbour, who adds its own; in n − 1 more the sums go round.
       Direct: each sends every other its part, adds up what it gets, and sends every other the sum: 2 rounds.
       By either, a worker sends 2 (n − 1)/n · N numbers; no way sends less. The tree sends more where a worker has
       several sums. Numbers sent, divided by N, counted in a ring of 960 and in the library:

         n    2 (n − 1)/n    ring    its rounds    its bits are those of n = 2    direct, by the tree    the library
    """);
float[] two = Ring(2).Sum;
foreach (int n in (int[])[2, 3, 4, 5])
{
    var (result, numbers) = Ring(n);
    double parts = Enumerable.Range(0, n).Average(rank => Parts(n, rank, 4, 0));
    Console.WriteLine($"   {n,3}{2.0 * (n - 1) / n,15:0.00}{numbers,8:0.00}{2 * (n - 1),14}"
        + $"{(result.SequenceEqual(two) ? "yes" : "no"),31}{(n - 1) * (1 + parts) / n,23:0.00}{sent[n],15:0.00}");
}
Console.WriteLine("""
       A ring adds in another order for each n. The tree has a price: worker 1 of 3, above, has three sums that it
       cannot join, and sends all three.

    pictures: pictures/60-many-workers.html
    """);
page.Save("pictures/60-many-workers.html");
return 0;

static float Added(IEnumerable<float> numbers) => numbers.Aggregate((a, b) => a + b);
static float[] Plus(float[] a, float[] b) => [.. a.Zip(b, (x, y) => x + y)];
// Pairs, then pairs of these; what has no neighbour goes up as it is.
static T Tree<T>(IReadOnlyList<T> all, Func<T, T, T> plus) => all.Count == 1 ? all[0]
    : Tree([.. all.Chunk(2).Select(pair => pair.Length == 1 ? pair[0] : plus(pair[0], pair[1]))], plus);

static int First(int workers, int rank) => rank * Shards / workers;
// What each worker has summed of its shards, from the first to the last.
static float[][] Own(float[][] g, int workers) => [.. Enumerable.Range(0, workers)
    .Select(rank => g[First(workers, rank)..First(workers, rank + 1)].Aggregate(Plus))];
// The worker that has all shards of a sum.
static string Owner(int workers, int level, int index) => Enumerable.Range(0, workers).Where(rank =>
    First(workers, rank) <= index << level && First(workers, rank + 1) >= (index + 1) << level)
    .Select(rank => $"{rank}").FirstOrDefault("•");
// How many sums a worker has that it cannot join.
static int Parts(int workers, int rank, int level, int index) => Owner(workers, level, index) == $"{rank}" ? 1
    : level == 0 ? 0 : Parts(workers, rank, level - 1, 2 * index) + Parts(workers, rank, level - 1, 2 * index + 1);
static string Dot(int workers) => "digraph { ordering=out; edge [dir=back]; node [style=filled]; " + string.Concat(
    from level in Enumerable.Range(0, 5)
    from i in Enumerable.Range(0, Shards >> level)
    let colour = Owner(workers, level, i) switch { "0" => "#9ecae1", "1" => "#fdd0a2", "2" => "#c7e9c0", _ => "white" }
    select $"n{level}_{i} [label=\"{(level == 0 ? i : "+")}\" fillcolor=\"{colour}\"];"
        + (level == 4 ? "" : $" n{level + 1}_{i / 2} -> n{level}_{i};")) + " }";
// The gradient of 4 of 64 rows, whose target is the sign of x₁ x₂: 8 neurons z / (1 + |z|) and their weighted sum.
// It is made of + − × ÷ alone, which have the same bits on every processor.
static float[] Gradient(float[] w, int shard)
{
    float[] g = new float[32];
    for (int row = 4 * shard; row < 4 * shard + 4; row++)
    {
        float x1 = row * 37 % 64 / 32f - 0.98f, x2 = row * 23 % 61 / 30f - 1.01f, y = 0;
        for (int j = 0; j < 32; j += 4) y += w[j + 3] * (Z(j) / (1 + Math.Abs(Z(j))));
        float error = y - (x1 * x2 > 0 ? 1 : -1);
        for (int j = 0; j < 32; j += 4)
        {
            float bottom = 1 + Math.Abs(Z(j)), back = error / 32 * w[j + 3] / (bottom * bottom);
            (g[j], g[j + 1], g[j + 2]) = (g[j] + back * x1, g[j + 1] + back * x2, g[j + 2] + back);
            g[j + 3] += error / 32 * (Z(j) / bottom);
        }
        float Z(int j) => w[j] * x1 + w[j + 1] * x2 + w[j + 2];
    }
    return g;
}

static float[][] Descend(Func<float[][], float[]> sum)
{
    List<float[]> path = [[.. Enumerable.Range(0, 32).Select(i => i * 29 % 31 / 15f - 1)]];
    while (path.Count <= Steps)
        path.Add([.. path[^1].Zip(sum([.. Enumerable.Range(0, Shards).Select(i => Gradient(path[^1], i))]),
            (w, g) => w - 0.2f * g)]);
    return [.. path];
}
// Each round, a worker sends one of n parts to the next: first to be added, then to be kept.
static (float[] Sum, double Sent) Ring(int n)
{
    float[][] sums = Own([.. Enumerable.Range(0, Shards).Select(shard =>
        Enumerable.Range(1, 960).Select(i => 1f / (shard * 960 + i)).ToArray())], n);
    int sent = 0;
    for (int round = 0; round < 2 * (n - 1); round++)
        for (int rank = 0, next = 1; rank < n; rank++, next = (rank + 1) % n)
            for (int k = 0, i = (rank - round + 2 * n) % n * (960 / n); k < 960 / n; k++, i++, sent++)
                sums[next][i] = sums[rank][i] + (round < n - 1 ? sums[next][i] : 0);
    return (sums[0], sent / 960.0 / n);
}

static (int[][] Bits, double Sent) Trained(int workers)
{
    string path = SharedMemory.Create(workers);
    var (bits, sent) = (new int[workers][], new double[workers]);
    Task.WaitAll([.. Enumerable.Range(0, workers).Select(rank => Task.Factory.StartNew(() =>
    {
        using var group = SharedMemory.Join(path, rank);
        var rng = new TorchRandom(1);
        var data = Dataset.From(Tensor.Randn([90, 36], rng), Ids.From([.. Enumerable.Range(0, 90).Select(i => i % 5)]));
        var model = new Sequential(new Linear(36, 4096, rng), new Tanh(), new Linear(4096, 5, rng));
        var trainer = new Trainer<Tensor, Ids>(model, new Adam(model.Parameters(), 1e-3),
            Batches.Shuffled(data, 48, seed: 1), model.Forward, (y, t) => y.CrossEntropy(t))
            { Shards = Shards, Workers = group };
        trainer.Stepped += (step, _) => sent[rank] += step switch { 10 => -1, 20 => 1, _ => 0 } * group.BytesSent;
        trainer.Fit(20);
        bits[rank] = [.. model.Parameters().SelectMany(p => p.ToArray<float>()).Select(BitConverter.SingleToInt32Bits)];
    }, TaskCreationOptions.LongRunning))]);
    File.Delete(path);
    // The bytes of ten steps as numbers of 4 bytes, a step and parameter.
    return (bits, sent.Average() / 10 / 4 / 172_037);
}

// expected:
// 1. Floats round. A float32 has 24 binary digits: 2²⁴ + 1 needs 25, and is rounded to 2²⁴. With a = 2²⁴, b = c = 1:
//    (a + b) + c = 16,777,216, a + (b + c) = 16,777,218.
//    Each addition is right, to half a unit of its last digit; the order decides. 1 + 1/2 + 1/3 … + 1/1,000,000 is
//    14.392727 to eight digits. In float32:
//
//    from the largest on     14.357358
//    from the smallest on    14.392652
//    by two, and so on       14.392731
//
// 2. One gradient, five orders. A batch of 64 rows is cut into 16 shards of 4. Each shard has its gradient; the
//    step needs their sum. The same network, the same rows, 2,000 steps; only the order of the sum differs. The
//    largest difference of a weight from the first line:
//
//    the gradients are added       after 1 step       100     2,000
//    first to last                       0.0e+0    0.0e+0    0.0e+0
//    last to first                       6.0e-8    4.2e-7    1.6e-5
//    2 workers: 8, 8                     3.0e-8    4.3e-7    1.9e-5
//    3 workers: 5, 5, 6                  6.0e-8    3.6e-7    1.8e-5
//    by the tree                         3.0e-8    2.4e-7    1.0e-5
//    None is wrong. But a run that is repeated, or gone on with by other workers, must not depend on how many there
//    were: the two orders by workers do.
//
// 3. One tree. Shards 0 and 1 are added, 2 and 3, and so on; then these sums by two. Worker 0 of 3 has the shards
//    0 to 4, worker 1 has 5 to 9, worker 2 the rest. A number is who can make that sum alone; • takes several.
//
//                                    •
//                    •                               •
//            0               •               •               2
//        0       0       •       1       1       2       2       2
//      0   0   0   0   0   1   1   1   1   1   2   2   2   2   2   2
//
//    Whoever computes what, the same numbers are added in the same order. Now the library: 20 steps of a network of
//    172,037 parameters, by workers that send each other bytes through shared memory.
//
//    workers    all have the bits of 1 worker
//          1                              yes
//          2                              yes
//          3                              yes
//          4                              yes
//          5                              yes
//
// 4. What is sent. n workers have a gradient of N numbers each, and all need the sum. It is cut into n parts.
//    Ring: in n − 1 rounds each sends a part to its neighbour, who adds its own; in n − 1 more the sums go round.
//    Direct: each sends every other its part, adds up what it gets, and sends every other the sum: 2 rounds.
//    By either, a worker sends 2 (n − 1)/n · N numbers; no way sends less. The tree sends more where a worker has
//    several sums. Numbers sent, divided by N, counted in a ring of 960 and in the library:
//
//      n    2 (n − 1)/n    ring    its rounds    its bits are those of n = 2    direct, by the tree    the library
//      2           1.00    1.00             2                            yes                   1.00           1.00
//      3           1.33    1.33             4                             no                   2.22           2.22
//      4           1.50    1.50             6                             no                   1.50           1.50
//      5           1.60    1.60             8                             no                   2.24           2.24
//    A ring adds in another order for each n. The tree has a price: worker 1 of 3, above, has three sums that it
//    cannot join, and sends all three.
//
// pictures: pictures/60-many-workers.html
