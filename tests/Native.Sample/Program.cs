using System.Globalization;
using ChainRule;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

// A network of a user's own, compiled ahead of time: its parameters are found, it learns exclusive or, is saved and is
// read back. The one argument is the folder.
var x = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
var y = Tensor.From(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });

var model = new Net(new TorchRandom(42));
Console.WriteLine($"{model.StateDict().Count} parameters and buffers: {string.Join(' ', model.StateDict().Keys)}");
// The processor time until that line, for who asks how fast it starts.
Console.Error.WriteLine(Environment.CpuUsage.TotalTime.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
var trainer = new Trainer<Tensor, Tensor>(model, new Adam(model.Parameters(), 0.05),
    Batches.Shuffled(Dataset.From(x, y), 4, seed: 1),
    (inputs, targets) => model.Forward(inputs).BinaryCrossEntropy(targets))
{
    Checkpoint = new(args[0]),
};
trainer.Fit(300);
Console.WriteLine(string.Join(' ', model.Forward(x).Sigmoid().ToArray<float>().Select(p => p > 0.5f ? 1 : 0)));

// Second derivatives of x³ and of a quotient: 6 x, and 2 a / b³.
var a = Tensor.From([1f, 2f]).RequireGrad();
var b = Tensor.From([2f, 1f]).RequireGrad();
var ones = Tensor.Ones([2]);
Console.WriteLine(string.Join(' ', a.Pow(3).Sum().HessianVector([a], [ones])[0].ToArray<float>())
    + ", " + string.Join(' ', (a / b).Sum().HessianVector([b], [ones])[0].ToArray<float>()));

var read = new Net(new TorchRandom(1));
new Checkpoint(args[0]).LoadModel(read);
Console.WriteLine(read.Forward(x).ToArray<float>().SequenceEqual(model.Forward(x).ToArray<float>())
    ? "read back the same" : "read back differently");

try
{
    new Lost(new TorchRandom(1)).Forward(x);
}
catch (InvalidOperationException e)
{
    Console.WriteLine($"refused: {e.Message.Split(':')[0]}");
}

sealed class Net(TorchRandom rng) : Module
{
    readonly Tensor[,] _zoom = { { Parameter([1], 1) } };

    Linear Hidden { get; } = new(2, 8, rng);

    Dictionary<string, (Linear Layer, string Name)> Heads { get; } = new()
        { ["xor"] = (new(8, 1, rng), "exclusive or") };

    Tensor Count { get; } = Buffer([1]);

    protected override Tensor Compute(Tensor x) => Heads["xor"].Layer.Forward(Hidden.Forward(x).Tanh()) * _zoom[0, 0];
}

sealed class Lost(TorchRandom rng) : Module
{
    readonly Pair _layers = new(new(2, 8, rng), new(8, 1, rng));

    protected override Tensor Compute(Tensor x) => _layers.Second.Forward(_layers.First.Forward(x));

    sealed record Pair(Linear First, Linear Second);
}
