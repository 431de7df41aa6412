using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Bench.Workloads;

/// <summary>
/// An epoch of a multi-layer perceptron on a table: batches in their order, ReLU, Adam.
/// </summary>
/// <param name="Rows">Rows of the table, a multiple of the batch size.</param>
/// <param name="Inputs">Numbers of a row.</param>
/// <param name="Hidden">Units of each hidden layer.</param>
/// <param name="Classes">How many classes there are; 0 for a regression.</param>
/// <param name="Batch">Rows of a batch.</param>
sealed record TableSize(int Rows, int Inputs, int[] Hidden, int Classes, int Batch)
{
    /// <summary>As large as the California housing table: its training part, inputs of ten columns.</summary>
    public static TableSize Housing { get; } = new(16_384, 14, [128, 128], 0, 256);

    /// <summary>As large as optdigits, with scikit-learn's usual hidden layer and batch.</summary>
    public static TableSize Digits { get; } = new(3_800, 64, [100], 10, 200);
}

/// <summary>Epochs of a <see cref="TableSize"/>: the mean loss of an epoch's batches is compared.</summary>
sealed class TableTraining : Workload
{
    readonly Sequential _net;
    readonly Adam _adam;
    readonly Func<double> _epoch;

    public TableTraining(TableSize size)
    {
        var rng = new TorchRandom(Seed);
        List<Module> layers = [];
        int inputs = size.Inputs;
        foreach (int units in size.Hidden)
        {
            layers.AddRange(new Linear(inputs, units, rng), new Relu());
            inputs = units;
        }
        layers.Add(new Linear(inputs, Math.Max(1, size.Classes), rng));
        _net = new([.. layers]);
        _adam = new(_net.Parameters());
        var x = Tensor.Randn([size.Rows, size.Inputs], rng);
        if (size.Classes == 0)
        {
            var data = Dataset.From(x, Tensor.Randn([size.Rows, 1], rng));
            _epoch = () => Epoch(data, size.Batch, static (output, y) => output.MseLoss(y));
        }
        else
        {
            var data = Dataset.From(x, Ids.Random([size.Rows], 0, size.Classes, rng));
            _epoch = () => Epoch(data, size.Batch, static (output, y) => output.CrossEntropy(y));
        }
    }

    public override void Step() => _epoch();

    /// <summary>The mean losses of the first three epochs.</summary>
    public override double[] Check() => [_epoch(), _epoch(), _epoch()];

    double Epoch<TY>(Dataset<Tensor, TY> data, int size, Func<Tensor, TY, Tensor> loss) where TY : IRows<TY>
    {
        double sum = 0;
        int count = 0;
        foreach (var batch in Batches.InOrder(data, size))
        {
            using var step = Scope.Begin();
            var l = loss(_net.Forward(batch.Inputs), batch.Targets);
            _adam.ZeroGrad();
            l.Backward();
            _adam.Step();
            sum += l.Item();
            count++;
        }
        return sum / count;
    }
}
