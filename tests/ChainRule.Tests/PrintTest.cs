using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

namespace ChainRule.Tests;

/// <summary>What users print says what it is, not what its type is called.</summary>
public sealed class PrintTest
{
    [Fact]
    public void What_is_printed_says_what_it_is()
    {
        using var folder = new TemporaryFolder();
        var rng = new TorchRandom(1);
        var (model, x) = (new Linear(2, 2, rng), Tensor.From([0f, 2, 2, 6], [2, 2]));
        var checkpoint = new Checkpoint(folder.Path);
        var optimizer = new Sgd(model.Parameters(), learningRate: 0.25);
        var trainer = new Trainer<Tensor, Tensor>(model, optimizer, Batches.Shuffled(Dataset.From(x, x), 1, 1),
            (a, b) => (model.Forward(a) * 0).MseLoss(b * 0));
        Assert.Equal("Sgd of 2 parameters, learning rate 0.25, after 0 steps", trainer.Optimizer.ToString());
        trainer.Fit(1);
        Assert.Equal("trainer of Linear(2, 2) by Sgd of 2 parameters, learning rate 0.25, after 1 step: 1 step, "
            + "history of 1 evaluation: best 0 at step 1", trainer.ToString());
        Assert.Equal("history of 0 evaluations", new History().ToString());
        Assert.Equal("batches: 2 an epoch, in epoch 0", trainer.Batches.ToString());
        Assert.Equal($"checkpoint in '{folder.Path}'", checkpoint.ToString());
        Assert.Equal("scaler of 2 columns: (x − 0) / 2, (x − 2) / 4", Scaler.MinMax(x).ToString());
        Assert.Equal("plateau of patience 3: learning rate 0.25, best Infinity",
            new ReduceOnPlateau(trainer.Optimizer, new() { Patience = 3 }).ToString());
    }

    [Fact]
    public void No_public_type_prints_its_own_name()
    {
        // Generators have no more to say, and a cache is a layer's own affair.
        Type[] silent = [typeof(RandomSource), typeof(TorchRandom), typeof(NumpyRandom), typeof(PythonRandom),
            typeof(MersenneTwister), typeof(KeyValueCache)];
        var types = typeof(Tensor).Assembly.GetExportedTypes()
            .Where(type => type is { IsInterface: false, IsByRefLike: false } && !(type.IsAbstract && type.IsSealed)
            && !typeof(Delegate).IsAssignableFrom(type) && !silent.Contains(type));
        Assert.All(types,
            type => Assert.False(type.GetMethod("ToString", [])!.DeclaringType is var by
                && (by == typeof(object) || by == typeof(ValueType)), type.Name));
    }
}
