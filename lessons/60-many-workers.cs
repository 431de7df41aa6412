#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 60: Many workers. Why the order of a sum matters, and how any number of workers trains a model to the same bits.
//
// What it is: sums of floats that change with their order; sixteen gradients added up in six orders, and what becomes
// of the models; the one tree that does not ask how many workers there are; and what they have to send each other, by a
// ring and directly, counted. What it is not: about speed, since the workers are threads here; docs/many-workers.md
// measures that. Lesson 08 comes before it. Some seconds.
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
const int Shards = 16;
float large = 1 << 24, one = 1;
float[] harmonic = [.. Enumerable.Range(1, 1_000_000).Select(i => 1f / i)];
Console.WriteLine($"""
    1. Floats round. A float32 has 24 binary digits: 2²⁴ + 1 needs 25, and is rounded to 2²⁴. With a = 2²⁴, b = c = 1:

       (a + b) + c   {large + one + one:0}
       a + (b + c)   {large + (one + one):0}

       Each addition is right, to half a unit of its last digit; it is their order that decides. The sum of 1, 1/2, 1/3
       … 1/1,000,000, which is 14.392727 to eight digits:

       from the largest on     {harmonic.Aggregate((a, b) => a + b):0.000000}
       from the smallest on    {harmonic.Reverse().Aggregate((a, b) => a + b):0.000000}
       by two, and so on       {Tree(harmonic, (a, b) => a + b):0.000000}
    """);

// A network of 2 inputs, 8 neurons and 1 output, of nothing but + − × ÷, so that every processor has the same bits.
Console.WriteLine($"""

    2. One gradient, six orders. A batch of 64 rows is cut into {Shards} shards of 4. Each shard has its gradient; the
       step needs their sum. The same network, the same rows, and 2,000 steps; only the order of the sum differs. The
       largest difference of a weight from those of the first line:

       the {Shards} gradients are added                     after 1 step       100     2,000     loss
    """);
var orders = new (string Name, Func<int, float[][], float[]> Sum)[]
{
    ("from the first to the last", (_, g) => g.Aggregate(Plus)),
    ("from the last to the first", (_, g) => g.Reverse().Aggregate(Plus)),
    ("as they arrive, each step another order", (step, g) => Arrived(g, step).Aggregate(Plus)),
    ("by 2 workers: 8 + 8", (_, g) => ByWorkers(g, 2)),
    ("by 3 workers: 5 + 5 + 6", (_, g) => ByWorkers(g, 3)),
    ("by the tree", (_, g) => Tree(g, Plus)),
};
List<Series> apart = [];
float[][] first = [];
foreach (var (name, sum) in orders)
{
    float[][] path = Descend(sum);
    if (first.Length == 0) first = path;
    double[] far = [.. path.Zip(first, (a, b) => a.Zip(b, (x, y) => (double)Math.Abs(x - y)).Max())];
    Console.WriteLine($"   {name,-43}{Said(far[1]),18}{Said(far[100]),10}{Said(far[2000]),10}{Loss(path[2000]),9:0.0000}");
    if (path != first) apart.Add(new(name, far[1..]));
}
Console.WriteLine($"""
       None is wrong, and none is better than another. But a run that is to be repeated, or gone on with by other
       workers, must not depend on who was there: three of these orders do.
    """);
page.Add("How far the weights of five networks are from those whose sums go from the first shard to the last.")
    .Add(Chart.Line("Only the order of the sums differs", "step", "largest difference of a weight", apart,
        new() { LogY = true, Legend = "order" }));

Console.WriteLine($"""

    3. One tree. Shards 0 and 1 are added, 2 and 3, and so on; then these sums by two. Of three workers, worker 0 has
       the shards 0 to 4, worker 1 has 5 to 9, worker 2 has 10 to 15. A sum that one of them can make alone has its
       number; • joins what several have sent.

    """);
for (int level = 4; level >= 0; level--)
    Console.WriteLine("   " + string.Concat(Enumerable.Range(0, Shards >> level).Select(i =>
        Maker(3, level, i).PadLeft((2 << level) + 1).PadRight(4 << level))).TrimEnd());
page.Add("The tree, coloured by the worker that makes the sum. White: made of what several have sent.")
    .Add(Graph.FromDot(Dot(3), "Sixteen shards, three workers"));
Console.WriteLine("""

       Whoever computes what, the same numbers are added in the same order. Now the library: 20 steps of a network of
       4,485 parameters, by workers that send each other bytes through shared memory.

       workers    all have the same bits    those of 1 worker
    """);
byte[] alone = Trained(1).States[0];
Dictionary<int, double> sent = [];
foreach (int workers in (int[])[1, 2, 3, 4, 5])
{
    var (states, bytes) = Trained(workers);
    sent[workers] = bytes;
    bool same = states.All(state => state.AsSpan().SequenceEqual(states[0]));
    Console.WriteLine($"   {workers,7}{(same ? "yes" : "NO"),26}{(states[0].AsSpan().SequenceEqual(alone) ? "yes" : "NO"),21}");
}

Console.WriteLine("""

    4. What is sent. n workers have a gradient of N numbers each, and all want the sum. If one collects and hands out,
       it alone sends and receives n − 1 times N. Divided, each adds up one n-th:

       Ring: in n − 1 rounds each sends a part to its neighbour, who adds its own; in n − 1 more the sums go round.
       Direct: each sends every other its part, adds up what it gets, and sends every other the sum.

       Both send 2 (n − 1)/n · N numbers a worker; no way sends less. The ring takes 2 (n − 1) rounds, the direct
       exchange 2. Counted in a ring of arrays of 960 numbers, in parts of N; and in the library:

         n    2 (n − 1)/n    ring    rounds    bits of the ring those of n = 2    direct, by the tree    the library
    """);
float[] two = [];
foreach (int n in (int[])[2, 3, 4, 5])
{
    var (result, numbers) = Ring(n);
    if (n == 2) two = result;
    double parts = Enumerable.Range(0, n).Average(rank => Parts(n, rank, 4, 0));
    Console.WriteLine($"   {n,3}{2.0 * (n - 1) / n,15:0.00}{numbers,8:0.00}{2 * (n - 1),10}"
        + $"{(result.SequenceEqual(two) ? "yes" : "no"),35}{(n - 1) * (1 + parts) / n,23:0.00}{sent[n],15:0.00}");
}
Console.WriteLine("""
       The ring adds in the order of the ring, another one for each n. The tree has a price where n does not divide
       it evenly: worker 1 of 3 above has three sums that it cannot join, and sends all of them.
    """);
page.Save("pictures/60-many-workers.html");
Console.WriteLine("\npictures: pictures/60-many-workers.html");
return 0;

static string Said(double far) => far == 0 ? "0" : $"{far:0.0e+0}";

static float[] Plus(float[] a, float[] b) => [.. a.Zip(b, (x, y) => x + y)];

// Pairs, then pairs of these; what has no neighbour goes up as it is.
static T Tree<T>(IReadOnlyList<T> all, Func<T, T, T> plus) => all.Count == 1 ? all[0]
    : Tree([.. all.Chunk(2).Select(pair => pair.Length == 1 ? pair[0] : plus(pair[0], pair[1]))], plus);

static int First(int workers, int rank) => rank * Shards / workers;

// What each worker has summed of its shards, from the first to the last.
static float[][] Own(float[][] g, int workers) => [.. Enumerable.Range(0, workers)
    .Select(rank => g[First(workers, rank)..First(workers, rank + 1)].Aggregate(Plus))];

// The worker that has all shards of a sum.
static string Maker(int workers, int level, int index) => Enumerable.Range(0, workers).Where(rank =>
    First(workers, rank) <= index << level && First(workers, rank + 1) >= (index + 1) << level)
    .Select(rank => $"{rank}").FirstOrDefault("•");

// How many sums a worker has that it cannot join.
static int Parts(int workers, int rank, int level, int index) => Maker(workers, level, index) == $"{rank}" ? 1
    : level == 0 ? 0 : Parts(workers, rank, level - 1, 2 * index) + Parts(workers, rank, level - 1, 2 * index + 1);

static string Dot(int workers) => "digraph { rankdir=BT; node [shape=circle style=filled]; " + string.Concat(
    from level in Enumerable.Range(0, 5)
    from i in Enumerable.Range(0, Shards >> level)
    let colour = Maker(workers, level, i) switch { "0" => "#9ecae1", "1" => "#fdd0a2", "2" => "#c7e9c0", _ => "white" }
    select $"n{level}_{i} [label=\"{(level == 0 ? i : "+")}\" fillcolor=\"{colour}\"];"
        + (level == 4 ? "" : $" n{level}_{i} -> n{level + 1}_{i / 2};")) + " }";

// The loss and gradient of some of 64 rows: 8 neurons z / (1 + |z|) of 2 inputs, and their weighted sum. Is x₁ x₂ > 0?
static (float Loss, float[] Gradient) Shard(float[] w, int from, int to)
{
    float loss = 0;
    float[] g = new float[32];
    for (int row = from; row < to; row++)
    {
        float x1 = row * 37 % 64 / 32f - 0.98f, x2 = row * 23 % 61 / 30f - 1.01f, y = 0;
        for (int j = 0; j < 32; j += 4) y += w[j + 3] * (Z(j) / (1 + Math.Abs(Z(j))));
        float error = y - (x1 * x2 > 0 ? 1 : -1);
        loss += error * error / 64;
        for (int j = 0; j < 32; j += 4)
        {
            float bottom = 1 + Math.Abs(Z(j)), back = error / 32 * w[j + 3] / (bottom * bottom);
            (g[j], g[j + 1], g[j + 2]) = (g[j] + back * x1, g[j + 1] + back * x2, g[j + 2] + back);
            g[j + 3] += error / 32 * (Z(j) / bottom);
        }

        float Z(int j) => w[j] * x1 + w[j + 1] * x2 + w[j + 2];
    }
    return (loss, g);
}

static float[][] Descend(Func<float[][], float[]> sum)
{
    List<float[]> path = [[.. Enumerable.Range(0, 32).Select(i => i * 29 % 31 / 15f - 1)]];
    while (path.Count <= Steps)
        path.Add([.. path[^1].Zip(sum([.. Enumerable.Range(0, Shards).Select(i =>
            Shard(path[^1], 4 * i, 4 * i + 4).Gradient)]), (w, d) => w - 0.2f * d)]);
    return [.. path];
}

// Each round, a worker sends one of n parts to the next: first to be added, then to be kept.
static (float[] Sum, double Sent) Ring(int n)
{
    const int Count = 960;
    float[][] sums = Own([.. Enumerable.Range(0, Shards).Select(shard => Enumerable.Range(0, Count)
        .Select(i => 1f / (1 + shard * Count + i)).ToArray())], n);
    int sent = 0;
    for (int round = 0; round < 2 * (n - 1); round++)
        for (int rank = 0; rank < n; rank++)
        {
            int part = (rank - round + 2 * n) % n;
            for (int i = part * Count / n; i < (part + 1) * Count / n; i++, sent++)
                sums[(rank + 1) % n][i] = sums[rank][i] + (round < n - 1 ? sums[(rank + 1) % n][i] : 0);
        }
    return (sums[0], (double)sent / n / Count);
}

static (byte[][] States, double Sent) Trained(int workers)
{
    string path = SharedMemory.Create(workers);
    byte[][] states = new byte[workers][];
    double[] sent = new double[workers];
    Task.WaitAll([.. Enumerable.Range(0, workers).Select(rank => Task.Factory.StartNew(() =>
    {
        using var group = SharedMemory.Join(path, rank);
        var rng = new TorchRandom(1);
        var data = Dataset.From(Tensor.Randn([200, 36], rng), Ids.From([.. Enumerable.Range(0, 200).Select(i => i % 5)]));
        var model = new Sequential(new Linear(36, 4096, rng), new Tanh(), new Linear(4096, 5, rng));
        var trainer = new Trainer<Tensor, Ids>(model, new Adam(model.Parameters(), 1e-3),
            Batches.Shuffled(data, 48, seed: 1), model.Forward, (y, t) => y.CrossEntropy(t))
            { Shards = Shards, Workers = group };
        trainer.Stepped += (step, _) => sent[rank] = group.BytesSent - (step == 10 ? 0 : sent[rank]);
        trainer.Fit(20);
        using var stream = new MemoryStream();
        Checkpoint.SaveModel(model, stream);
        states[rank] = stream.ToArray();
    }, TaskCreationOptions.LongRunning))]);
    File.Delete(path);
    return (states, sent.Average());
}
