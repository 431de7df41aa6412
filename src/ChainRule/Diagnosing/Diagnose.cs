using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Training;

namespace ChainRule.Diagnosing;

/// <summary>
/// Says what is wrong with a training, and tries the cure: a short branch of the training with it beside one without,
/// from the same state and the same seed.
/// <code>
/// Console.WriteLine(Diagnose.Run(trainer));
/// </code>
/// </summary>
/// <remarks>
/// The trainer is left to the bit as it was: parameters, optimiser, batches, generators, modes and gradients. What a
/// loss function of the user's own keeps elsewhere is not known here, and not put back. Rules and their precision are
/// in docs/diagnose.md.
/// </remarks>
public static class Diagnose
{
    /// <summary>Diagnoses a trainer, before its first step or after any.</summary>
    /// <param name="trainer">A <see cref="Trainer{TX, TY}"/>, which trains nothing meanwhile.</param>
    /// <param name="options">How far to go; the defaults if null.</param>
    /// <exception cref="ArgumentException">The trainer is of a user's own type, or an option is out of
    /// range.</exception>
    public static Diagnosis Run(ITrainer trainer, DiagnoseOptions? options = null)
    {
        Throw.IfNull(trainer, "diagnose");
        options ??= new();
        options.Check();
        if (trainer is not ITypedTrainer typed)
        {
            Throw.Argument($"diagnose: {trainer.GetType().Name} is no Trainer: give a Trainer, or a step of your own "
                + "with its model and optimiser", nameof(trainer));
            return null!;
        }
        var work = new Work(options);
        typed.Accept(work);
        return work.Diagnosis!;
    }

    /// <summary>Diagnoses a training loop of the user's own.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="optimizer">What updates its parameters.</param>
    /// <param name="step">Makes one step, with the optimiser, and gives its loss.</param>
    /// <param name="options">How far to go; the defaults if null.</param>
    /// <remarks>
    /// Parameters and optimiser are put back. Where the step takes its batches from is not known here: they go on, so
    /// that branches see different ones, and rules about data and evaluation have nothing to look at.
    /// </remarks>
    public static Diagnosis Run(Module model, Optimizer optimizer, Func<double> step, DiagnoseOptions? options = null)
    {
        Throw.IfNull(model, "diagnose");
        Throw.IfNull(optimizer, "diagnose");
        Throw.IfNull(step, "diagnose");
        options ??= new();
        options.Check();
        using var subject = new LoopSubject(model, optimizer, step);
        return Judge(subject.Look(options.Steps), subject, options, $"{model.Describe()}, a loop with {optimizer}");
    }

    /// <summary>
    /// Diagnoses a training that was recorded: curves and sizes of layers. Nothing is trained, and no cure is tried.
    /// </summary>
    /// <param name="recording">What was recorded.</param>
    public static Diagnosis Run(Recording recording)
    {
        Throw.IfNull(recording, "diagnose");
        return Judge(recording.Evidence(), null, new() { TryCures = false }, recording.ToString());
    }

    internal static Diagnosis Judge(Evidence evidence, ISubject? subject, DiagnoseOptions options, string looked)
    {
        var rules = evidence.Recorded is null ? Rule.All : Rule.OfRecordings;
        var found = rules.Select(rule => rule.Look(evidence)).OfType<Finding>().ToList();
        if (found.Find(f => f.IsAlone) is { } alone) found = [alone];
        var trials = new Dictionary<Variation, Branch>();
        List<Finding> standing = [];
        foreach (var finding in found.Where(f => !f.IsSymptom))
            if (Tried(finding, evidence, subject, options, trials) is { } tried) standing.Add(tried);
        // A symptom is a cause that is not known.
        if (standing.Count == 0)
            standing.AddRange(found.Where(f => f.IsSymptom)
                .Select(f => Tried(f, evidence, subject, options, trials)).OfType<Finding>());
        return new([.. standing.OrderByDescending(f => f.Tried is { Helped: true })
            .ThenByDescending(f => f.Tried is { Helped: true } t ? Math.Min(t.Gain, 1) : 0)],
            [.. rules.Select(rule => rule.Name)], looked);
    }

    static Finding? Tried(Finding finding, Evidence e, ISubject? subject, DiagnoseOptions options,
        Dictionary<Variation, Branch> trials)
    {
        if (finding.Variations.Count == 0) return finding;
        if (subject is null || !options.TryCures) return finding with { WhyUntried = "no: nothing was trained" };
        List<TriedCure> tried = [];
        foreach (var variation in finding.Variations)
        {
            if (!trials.TryGetValue(variation, out var branch))
                trials[variation] = branch = subject.Train(variation, options.Steps);
            tried.Add(Compared(variation, e.Base!, branch, subject.Measure, options.Steps));
        }
        var best = tried.MaxBy(one => one.Gain)!;
        bool tooLittle = finding.MustGain is { } least && !(best.Gain >= least);
        bool tooMuch = finding.MostGain is { } most && best.Gain >= most;
        bool keeps = finding.MustLose is { } loss && !(-best.Gain >= loss);
        return tooLittle || tooMuch || keeps ? null : finding with { Tried = best, Trials = tried };
    }

    static TriedCure Compared(Variation v, Branch without, Branch with, string measure, int steps)
    {
        bool balanced = v.Drawing == Drawing.Balanced;
        bool byAccuracy = v.ByAccuracy && double.IsFinite(without.Accuracy);
        double a = !byAccuracy ? (v.Loss == LossChange.Reshaped ? without.AfterReshaped : without.After) * v.LossFactor
            : balanced ? without.BalancedAccuracy : without.Accuracy;
        double b = !byAccuracy ? with.After : balanced ? with.BalancedAccuracy : with.Accuracy;
        return new(v.Change, !byAccuracy ? measure : balanced ? "accuracy, mean over the classes" : "accuracy", steps,
            without.BrokeAt is null ? a : double.PositiveInfinity, with.BrokeAt is null ? b : double.NaN, byAccuracy)
        {
            ShowsWorth = v.ShowsWorth, LossesWithout = without.Losses, LossesWith = with.Losses,
        };
    }

    sealed class Work(DiagnoseOptions options) : ITrainerWork
    {
        public Diagnosis? Diagnosis { get; private set; }

        public void Run<TX, TY>(Trainer<TX, TY> trainer) where TX : IRows<TX> where TY : IRows<TY>
        {
            using var subject = new Subject<TX, TY>(trainer, options);
            Diagnosis = Judge(subject.Look(), subject, options,
                $"{trainer.Model.Describe()} at step {trainer.Step}, trained by {trainer.Optimizer}");
        }
    }
}
