using System.Diagnostics;
using ChainRule.Errors;

namespace ChainRule.Layers;

/// <summary>
/// A network as it was when <see cref="Module.ToPredictor"/> was called, to predict with. Its weights are copies, so
/// the model may be trained on, saved and loaded over meanwhile. Nothing is dropped, batch norm takes its running
/// statistics, and no graph is recorded. Any number of threads may predict at once.
/// <code>
/// Predictor predictor = model.ToPredictor();
/// Tensor y = predictor.Predict(x);
/// </code>
/// Unless weights are rounded (<see cref="PredictorOptions"/>), its numbers are those of
/// <see cref="Module.Forward(Tensor)"/>, to the bit. Weights that products read are laid out
/// for them once, at the second prediction: a single row is then predicted at the speed at which memory is read. With
/// the copies that takes twice the memory of the weights.
/// </summary>
/// <remarks>The module's own code runs. What it computes outside of tensors, or keeps in fields that are no parameters
/// and no buffers, is shared with the model and must not change. Who observes the model sees these outputs too.
/// </remarks>
public sealed class Predictor
{
    readonly Module _model;
    readonly FrozenWeights _weights;
    readonly string _what, _name;

    internal Predictor(Module model, PredictorOptions options)
    {
        (_model, _what, _name) = (model, model.Describe(), model.GetType().Name);
        Weights = options.Weights;
        if (!Enum.IsDefined(Weights))
            Throw.OutOfRange($"predictor of {_what}: {(int)Weights} is no format of weights: give one of WeightFormat",
                nameof(options));
        var state = model.StateDict();
        // A part of a network that predicts is read as the network is.
        if (Weights == WeightFormat.Float32 && FrozenWeights.Current is { Holder: Predictor whole } current
            && current.Hold(state.Values))
        {
            (_weights, Weights, WeightErrors) = (current, whole.Weights, whole.WeightErrors);
            return;
        }
        if (Weights != WeightFormat.Float32 && state.Values.Any(static x => x.DType == DType.Float64))
            Throw.Argument($"predictor of {_what}: weights as {Weights} are rounded from float32, and these are "
                + "float64: call To(DType.Float32) first", nameof(options));
        _weights = new(state.Values, Weights) { Holder = this };
        WeightErrors = [.. from named in state where WeightRounding.Concerns(Weights, named.Value)
            select RoundingError.Of(named.Key, Doubles(new(_weights.Round(named.Key, named.Value))),
                Doubles(named.Value))];
    }

    static double[] Doubles(Tensor x) => x.To(DType.Float64).ToArray<double>();

    /// <summary>What the weights were rounded to.</summary>
    public WeightFormat Weights { get; }

    /// <summary>How far each rounded weight is from the model's, by name; none where nothing was rounded.</summary>
    public IReadOnlyList<RoundingError> WeightErrors { get; }

    /// <summary>
    /// How far the outputs of the network, called "", and of each of its parts are from those of the model as it is
    /// now, in evaluation mode, on inputs such as those to come. A part that runs several times counts once, its
    /// last.
    /// <code>
    /// Predictor predictor = model.ToPredictor(new() { Weights = WeightFormat.Int8 });
    /// foreach (RoundingError error in predictor.OutputErrors(x)) Console.WriteLine(error);
    /// </code>
    /// </summary>
    /// <exception cref="ArgumentException">The network takes ids, or x has another shape or number type than it
    /// takes.</exception>
    public IReadOnlyList<RoundingError> OutputErrors(Tensor x)
    {
        var rounded = new Dictionary<string, double[]>(StringComparer.Ordinal);
        var errors = new Dictionary<string, RoundingError>(StringComparer.Ordinal);
        using (_model.Observe((_, name, y) => rounded[name] = Doubles(y))) Predict(x);
        using (_model.InEvaluation())
        using (NoGrad.Begin())
        using (_model.Observe((_, name, y) => errors[name] = RoundingError.Of(name, rounded[name], Doubles(y))))
            _model.Forward(x);
        return [.. errors.Values];
    }

    /// <summary>y = f(x).</summary>
    /// <exception cref="ArgumentException">The network takes ids, or x has another shape or number type than it
    /// takes.</exception>
    public Tensor Predict(Tensor x) => Predict(x, null);

    /// <summary>y = f(ids).</summary>
    /// <exception cref="ArgumentException">The network takes a tensor, or an id is not below its bound.</exception>
    public Tensor Predict(Ids ids)
    {
        Throw.IfNull(ids, $"predict by {_what}");
        return Predict(default, ids);
    }

    /// <summary>
    /// Runs a computation with the model as it was: one of several inputs, or of several steps, such as sampling with a
    /// <see cref="KeyValueCache"/>.
    /// <code>
    /// Predictor predictor = model.ToPredictor();
    /// Tensor y = predictor.Run(() => model.Forward(x) * 2);
    /// </code>
    /// A predictor of the model, or of a part of it, that is made in there shares these weights and costs no copies. So
    /// do a language model's texts, each of which makes one.
    /// </summary>
    public TResult Run<TResult>(Func<TResult> compute)
    {
        Throw.IfNull(compute, $"run by {_what}");
        return Instruments.MeasuresPredictions ? MeasuredRun(compute) : Frozen(compute);
    }

    TResult Frozen<TResult>(Func<TResult> compute)
    {
        using var quiet = NoGrad.Begin();
        using var frozen = _weights.Use();
        return compute();
    }

    /// <summary>The network: <c>predictor of Linear(784, 10)</c>.</summary>
    public override string ToString() => $"predictor of {_what}";

    Tensor Predict(Tensor x, Ids? ids) =>
        Instruments.MeasuresPredictions ? MeasuredPredict(x, ids) : Compute(x, ids);

    // What captures allocates: these two are apart from what is called where nobody listens.
    Tensor MeasuredPredict(Tensor x, Ids? ids) =>
        Measured(() => Compute(x, ids), static y => y.Rank == 0 ? 1 : y.Shape[0]);

    TResult MeasuredRun<TResult>(Func<TResult> compute) => Measured(() => Frozen(compute), static _ => 0);

    // For whoever listens.
    TResult Measured<TResult>(Func<TResult> compute, Func<TResult, long> samples)
    {
        using var prediction = Instruments.Begin("chainrule.prediction", _name);
        long began = Stopwatch.GetTimestamp();
        try
        {
            var result = compute();
            var model = Instruments.Model(_name);
            Instruments.PredictionDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, model);
            Instruments.Predictions.Add(1, model);
            if (samples(result) is var rows and > 0)
            {
                Instruments.PredictedSamples.Add(rows, model);
                prediction?.SetTag("chainrule.samples", rows);
            }
            return result;
        }
        catch (Exception e)
        {
            prediction.Fail(e);
            throw;
        }
    }

    Tensor Compute(Tensor x, Ids? ids)
    {
        using var quiet = NoGrad.Begin();
        using var frozen = _weights.Use();
        using var step = Scope.Begin("prediction");
        var y = ids is null ? _model.Forward(x) : _model.Forward(ids);
        // What was not made here is the input, or one of the weights, read as it was. Of what was, a copy is given
        // away: its memory is used again by the next prediction, while it is still in the caches.
        return y.Slot.Storage.Owner is null ? y.Clone().Keep() : new(y.Slot.Copy(owner: null));
    }
}
