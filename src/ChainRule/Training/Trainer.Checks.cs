namespace ChainRule.Training;

public sealed partial class Trainer<TX, TY>
{
    Func<Tensor, string?> _nameOf = static _ => null;

    // Model and optimiser: once, at the beginning of a training.
    void CheckParameters()
    {
        var named = Model.NamedParameters();
        _nameOf = w => named.FirstOrDefault(one => one.Value == w).Key;
        HashSet<Tensor> held = [.. Optimizer.Parameters], own = [.. Model.StateDict().Values];
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

    // The graph of the first loss: what it depends on must be the model's.
    void CheckLoss(Tensor loss)
    {
        Model.CheckReached("train", loss);
        _checked = true;
    }
}
