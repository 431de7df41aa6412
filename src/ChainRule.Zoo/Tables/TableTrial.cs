using System.Diagnostics;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tables;

/// <summary>A model that was tried for a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Validation">Its metrics on the validation part.</param>
/// <param name="Test">Its metrics on the test part.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record TriedModel(string Name, IReadOnlyDictionary<string, double> Validation,
    IReadOnlyDictionary<string, double> Test, double Seconds);

/// <summary>Which of several models was taken, and why.</summary>
/// <param name="Model">The name of the one that was taken.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Tried">All that were tried.</param>
public sealed record ModelChoice(string Model, string Reason, IReadOnlyList<TriedModel> Tried);

/// <summary>A model that was trained in memory, and how far.</summary>
/// <param name="Model">The model, as it was at its best.</param>
/// <param name="Step">How many steps were made.</param>
/// <param name="BestStep">The step that it is of.</param>
/// <param name="CutOff">How far it came, if the time limit ended training; else null.</param>
readonly record struct TrainedModel(Module Model, int Step, int BestStep, string? CutOff);

/// <summary>Trains models of a table in memory: to choose among them, and for folds.</summary>
static class TableTrial
{
    /// <summary>Whether a model knows nothing before its first step: what is solved at once is at its best then, and so
    /// may be the bumps of an RBF network, whose output is solved for.</summary>
    public static bool LearnsByStepsAlone(string model) =>
        model != "rbf" && !Recipe.Find(TaskKind.Table, model).IsSolved(TaskKind.Table);

    /// <summary>Trains a model as a run does, and gives it as it was at its best.</summary>
    /// <param name="data">The table.</param>
    /// <param name="config">What it is trained with.</param>
    /// <param name="limit">When training ends at the latest; null to make all steps.</param>
    /// <param name="cancellationToken">Ends it without a model.</param>
    public static TrainedModel Train(TableData data, RunConfig config, TimeSpan? limit,
        CancellationToken cancellationToken)
    {
        config = data.Complete(config);
        var recipe = Recipe.Find(TaskKind.Table, config.Model);
        var training = config.Training.Complete(config.Steps);
        var rng = new TorchRandom(config.Seed);
        var model = recipe.Build(config.Sizes, data.Preprocessing.Shape, rng);
        recipe.Begin(config.Sizes, model, data);
        var trainer = data.CreateTrainer(new(model, training.CreateOptimizer(model, config.Steps), training,
            config.Seed, null, rng));
        Dictionary<string, float[]> best = [];
        trainer.Evaluated += point =>
        {
            if (trainer.History.Best?.Step != point.Step) return;
            foreach (var (name, tensor) in model.StateDict()) best[name] = tensor.ToArray<float>();
        };
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (limit <= TimeSpan.Zero) late.Cancel(); // a timer would let some steps be made
        else if (limit is { } most) late.CancelAfter(most);
        var end = trainer.Fit(config.Steps, null, late.Token);
        cancellationToken.ThrowIfCancellationRequested();
        // A fit of no more steps evaluates where training stands, so that the steps made are not lost.
        if (end == TrainingEnd.Cancelled) trainer.Fit(trainer.Step, null, cancellationToken);
        foreach (var (name, tensor) in model.StateDict())
            if (best.TryGetValue(name, out float[]? numbers)) numbers.CopyTo(tensor.Write<float>());
        model.Eval();
        return new(model, trainer.Step, trainer.History.Best?.Step ?? 0, end == TrainingEnd.Cancelled
            ? TableVerdict.CutOff(trainer.Step, config.Steps) : null);
    }

    /// <summary>Tries several models and takes the best on the validation part.</summary>
    /// <param name="data">The table.</param>
    /// <param name="configs">What each is trained with, the simplest first.</param>
    /// <param name="limit">How long all may take; null if as long as they need.</param>
    /// <param name="tell">Is told what was found of each.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static ModelChoice Choose(TableData data, IReadOnlyList<RunConfig> configs, TimeSpan? limit,
        Action<string>? tell, CancellationToken cancellationToken)
    {
        string main = data.Measure.Name;
        List<(TriedModel Model, TableScore Score)> tried = [];
        List<string> cutOff = [];
        var all = Stopwatch.StartNew();
        foreach (var config in configs)
        {
            if (limit is { } most && all.Elapsed > most && tried.Count > 0)
            {
                tell?.Invoke($"{config.Model}: not tried, since the time is up");
                continue;
            }
            var own = Stopwatch.StartNew();
            var (model, _, _, end) = Train(data, config, limit - all.Elapsed, cancellationToken);
            if (end is not null) cutOff.Add($"; {config.Model} was {end}: more time may help");
            var (score, threshold) = data.Validate(model);
            var test = data.Score(model, data.TestInputs, data.Rows.Test, threshold);
            tried.Add((new(config.Model, score.Metrics, test.Metrics, Math.Round(own.Elapsed.TotalSeconds, 2)), score));
            tell?.Invoke(FormattableString.Invariant(
                $"tried {config.Model}: loss {score.Loss:0.0000}, {main} {TableVerdict.Shown(score.Metrics[main])} on ")
                + "validation data, "
                + FormattableString.Invariant($"{own.Elapsed.TotalSeconds:0.0} s") + (end is null ? "" : $", {end}"));
        }
        // The simplest of those that are as good as the best, as far as the validation rows tell.
        var best = tried.MinBy(one => one.Score.Loss);
        var taken = tried.First(one => one == best || !data.Measure.Compare(one.Score, best.Score).IsBetter);
        string others = string.Join(", ", tried.Where(one => one != taken).Select(one =>
            FormattableString.Invariant($"{one.Model.Name} {one.Score.Loss:0.0000}")));
        string why = taken == best ? "the best" : $"as good as {best.Model.Name} within chance, and simpler";
        return new(taken.Model.Name, FormattableString.Invariant(
            $"{taken.Model.Name} was taken: loss {taken.Score.Loss:0.0000} on validation data, {why}")
            + (others.Length > 0 ? $" ({others})" : "") + string.Concat(cutOff), [.. tried.Select(one => one.Model)]);
    }
}
