using ChainRule.Layers;

namespace ChainRule.Training;

public sealed partial class Trainer<TX, TY>
{
    Func<Tensor, string?> _nameOf = static _ => null;

    // Model and optimiser: at the beginning of a training, at each evaluation, and where parts may have been made since.
    void CheckParameters()
    {
        Model.CheckParts("training", always: true, hasRun: true);
        var named = Model.Trained();
        _nameOf = w => named.FirstOrDefault(one => one.Value == w).Key;
        HashSet<Tensor> held = [.. Optimizer.Parameters], own = [.. Model.State().Values];
        string optimizer = Optimizer.GetType().Name;
        for (int i = 0; i < Optimizer.Parameters.Count; i++)
        {
            if (!own.Contains(Optimizer.Parameters[i]))
                Throw.Invalid($"train: parameter {i} of {optimizer}, {Optimizer.Parameters[i].Shape}, is none of {Model.Describe()}, or no longer: make the optimiser from the "
                            + "Parameters() of the model that is trained, after the last change to its parts");
        }
        string[] missing = [.. named.Where(one => !held.Contains(one.Value)).Select(one => $"'{one.Key}' {one.Value.Shape}")];
        const int Shown = 5;
        if (missing.Length > 0)
            Throw.Invalid($"train: {optimizer} does not hold {string.Join(", ", missing.Take(Shown))}{(missing.Length > Shown ? $" and {missing.Length - Shown} more" : "")} of "
                        + $"{Model.Describe()}: give it the model's Parameters(), and Freeze() what is not to be trained");
    }

    // The graph of a loss, the first or one after parts were made: what it depends on must be the model's, and in the optimiser.
    void CheckLoss(Tensor loss)
    {
        int made = Module.Made;
        CheckParameters();
        Model.CheckReached("train", loss);
        _checkedAt = made;
    }
}
