using ChainRule.Data;
using ChainRule.Distributed;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using Nn = ChainRule.Layers;

namespace ChainRule.Workers.Bench;

/// <summary>A network that workers train together.</summary>
/// <param name="name">Its name.</param>
/// <param name="batch">How many rows a step has.</param>
abstract class WorkerCase(string name, int batch)
{
    /// <summary>Into how many shards a batch is cut where workers share it: the command line's number.</summary>
    public const int Shards = Zoo.Recipes.TrainingSettings.UsualShards;

    const int TextLength = 100_000, Characters = 65;

    static readonly WorkerCase[] s_all =
    [
        // The recipe of gpt for a text.
        new Of<Ids>("gpt", 12, rng => new Gpt(new GptOptions(), Text().Vocabulary, rng),
            static (net, x) => net.Forward(x),
            rows => Batches.Windows(Text().Ids, 64, rows, new TorchRandom(1))),
        new Of<Tensor>("mlp", 64, rng => new Nn.Sequential(new Nn.Linear(784, 256, rng), new Nn.Relu(),
                new Nn.Linear(256, 128, rng), new Nn.Relu(), new Nn.Linear(128, 10, rng)),
            static (net, x) => net.Forward(x), rows => Drawn([1024, 784], rows)),
        new Of<Tensor>("cnn", 64, rng => new Nn.Sequential(new Nn.Conv2d(1, 16, 3, rng), new Nn.Relu(),
                new Nn.Conv2d(16, 32, 3, rng), new Nn.Relu(), new Nn.MaxPool2d(2), new Nn.Flatten(),
                new Nn.Linear(32 * 12 * 12, 10, rng)),
            static (net, x) => net.Forward(x), rows => Drawn([1024, 1, 28, 28], rows)),
    ];

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>How many rows a step has.</summary>
    public int Batch => batch;

    /// <summary>The case of that name; the GPT where none is given.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static WorkerCase Find(string? only) => Array.Find(s_all, one => one.Name == (only ?? "gpt"))
        ?? throw new ArgumentException($"workers of '{only}': give {string.Join(", ", s_all.Select(one => one.Name))}");

    /// <summary>A trainer of a network that is the same on all workers.</summary>
    /// <param name="shards">Into how many shards a batch is cut; 0 for none.</param>
    /// <param name="workers">Who trains; null for this process alone.</param>
    public abstract ITrainer Trainer(int shards, Transport? workers);

    /// <summary>A network, and a function that gives the loss of so many rows.</summary>
    public abstract (Nn.Module Net, Func<Tensor> Loss) Shard(int rows);

    // Shakespeare where it is; else as many characters drawn at random: nothing here depends on what they are.
    static (Ids Ids, int Vocabulary) Text()
    {
        if (DataFolders.Here().Find("tinyshakespeare.txt") is { } path && PlainText.FromFile(path) is var text)
            return (text.Train, text.Vocabulary.Size);
        return (Ids.Random([TextLength], 0, Characters, new TorchRandom(1)), Characters);
    }

    static Batches<Tensor, Ids> Drawn(Shape shape, int rows)
    {
        var rng = new TorchRandom(1);
        return Batches.Shuffled(Dataset.From(Tensor.Randn(shape, rng), Ids.Random([shape[0]], 0, 10, rng)), rows, 1);
    }

    sealed class Of<TX>(string name, int batch, Func<RandomSource, Nn.Module> net,
        Func<Nn.Module, TX, Tensor> forward, Func<int, Batches<TX, Ids>> batches) : WorkerCase(name, batch)
        where TX : IRows<TX>
    {
        public override ITrainer Trainer(int shards, Transport? workers)
        {
            var made = net(new TorchRandom(1));
            return new Trainer<TX, Ids>(made, new AdamW(made.Parameters(), 1e-3), batches(Batch), x => forward(made, x),
                static (output, y) => output.CrossEntropy(y)) { Shards = shards, Workers = workers, ClipNorm = 1 };
        }

        public override (Nn.Module Net, Func<Tensor> Loss) Shard(int rows)
        {
            var (made, rest) = (net(new TorchRandom(1)), batches(rows));
            return (made, () =>
            {
                var (x, y) = rest.Next();
                return forward(made, x).CrossEntropy(y);
            });
        }
    }
}
