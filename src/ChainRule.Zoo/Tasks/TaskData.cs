using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Training;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tasks;

/// <summary>
/// Data that was opened for a task: what batches are made of, what the loss is, what is measured, and how it is said.
/// </summary>
public abstract class TaskData
{
    private protected TaskData(string source, string sha256) => (Source, Sha256) = (source, sha256);

    /// <summary>What it is for.</summary>
    public abstract TaskKind Kind { get; }

    /// <summary>Where it comes from: a file's name, or "embedded".</summary>
    public string Source { get; }

    /// <summary>The hash of the data, so that a run can tell whether it goes on with the same.</summary>
    public string Sha256 { get; }

    /// <summary>
    /// The bytes that it was made of, where they came through a pipe and cannot be read again; else null.
    /// </summary>
    internal byte[]? Piped { get; private protected init; }

    /// <summary>How it was read, as its run says it: files that the run keeps by their names there.</summary>
    internal virtual DataOptions Kept(DataOptions options) => options;

    /// <summary>Writes the files that a run keeps of it, besides the data.</summary>
    internal virtual void KeepIn(string folder)
    {
    }

    /// <summary>What turns it into numbers for a model.</summary>
    public abstract Preprocessing Preprocessing { get; }

    /// <summary>How many examples a model is validated with; null where that is not counted.</summary>
    internal virtual int? Validated => null;

    /// <summary>The same data, where a part of it is drawn by the seed of the run.</summary>
    internal virtual TaskData DrawnBy(ulong seed) => this;

    /// <summary>A config with everything said that was left to what the data is like.</summary>
    internal virtual RunConfig Complete(RunConfig config) => config;

    /// <summary>How much there is of it to train, to validate and to test, in a line.</summary>
    public abstract string Describe(Module model);

    /// <summary>What trains a model on it.</summary>
    public abstract ITrainer CreateTrainer(TrainingSetup setup);

    /// <summary>A trainer with all that the settings of a run say, for a loss of the model's output.</summary>
    /// <param name="setup">What it is made of.</param>
    /// <param name="batches">Where the examples come from.</param>
    /// <param name="forward">The model's output for a batch.</param>
    /// <param name="loss">The loss of an output and its targets.</param>
    /// <param name="validation">What loss and metric are measured on; null where <paramref name="validate"/>
    /// is.</param>
    /// <param name="metric">What is measured beside the loss, and its name; null for nothing.</param>
    /// <param name="validate">Computes the validation loss in another way.</param>
    /// <param name="train">What is trained on: the metric is measured on a thousand rows of it too.</param>
    private protected static Trainer<TX, TY> CreateTrainer<TX, TY>(TrainingSetup setup, Batches<TX, TY> batches,
        Func<TX, Tensor> forward, Func<Tensor, TY, Tensor> loss, IRowSource<TX, TY>? validation = null,
        (string Name, Metric<TY> Of)? metric = null, Func<double>? validate = null, IRowSource<TX, TY>? train = null)
        where TX : IRows<TX> where TY : IRows<TY>
    {
        var penalty = setup.Training.CreatePenalty(setup.Model);
        var trainer = new Trainer<TX, TY>(setup.Model, setup.Optimizer, batches, forward, penalty is null ? loss
            // What is validated is the loss itself.
            : (output, y) => setup.Model.Training ? loss(output, y) + penalty() : loss(output, y))
        {
            ClipNorm = setup.Training.ClipNorm,
            Shards = setup.Training.Shards ?? 0,
            Validation = validation,
            Validate = validate,
            TrainingSample = train is Dataset<TX, TY> all ? Sample(all) : train,
            EvaluateEvery = setup.Training.EvalEvery!.Value,
            EarlyStopping = setup.Training.EarlyStopping,
            Checkpoint = setup.Checkpoint,
            Generators = setup.Generators,
        };
        if (metric is var (name, of)) trainer.Metrics[name] = of;
        return trainer;
    }

    /// <summary>At most a thousand rows, which lie evenly over the whole.</summary>
    static Dataset<TX, TY> Sample<TX, TY>(Dataset<TX, TY> data) where TX : IRows<TX> where TY : IRows<TY>
    {
        const int Most = 1000;
        if (data.Count <= Most) return data;
        int[] rows = [.. Enumerable.Range(0, Most).Select(i => (int)((long)i * data.Count / Most))];
        return data.Take(rows);
    }

    /// <summary>What one example of a batch is, in a few words, such as the text of a window; null where the task does
    /// not know.</summary>
    /// <param name="batch">A batch of its trainer.</param>
    /// <param name="row">Which example.</param>
    public virtual string? DescribeExample(BatchLoss batch, int row) => null;

    /// <summary>The row of the data that a row of a batch is; null where there is none such, as of a varied
    /// image.</summary>
    private protected static int? RowOf(Tensor data, Tensor batch, int row)
    {
        int width = data.Count / Math.Max(1, data.Shape[0]);
        if (batch.Shape[0] == 0 || batch.Count / batch.Shape[0] != width) return null;
        float[] all = data.To(DType.Float32).ToArray<float>(), rows = batch.To(DType.Float32).ToArray<float>();
        var wanted = rows.AsSpan(row * width, width);
        for (int i = 0; i < data.Shape[0]; i++) if (wanted.SequenceEqual(all.AsSpan(i * width, width))) return i;
        return null;
    }

    /// <summary>Measures a trained model, which is in evaluation mode.</summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">Where samples are drawn from.</param>
    public abstract Evaluation Evaluate(Module model, ulong seed);

    /// <summary>What an evaluation found beside the losses, in a few words.</summary>
    public abstract string Describe(HistoryPoint point);

    /// <summary>What was measured of a finished run beside the losses, in sentences.</summary>
    public abstract IEnumerable<string> Report(RunSummary summary);

    /// <summary>What the finished model makes, in lines to be shown.</summary>
    public virtual IEnumerable<string> Show(RunSummary summary) => [];

    /// <summary>What a recipe is checked with, before anybody trains it.</summary>
    public abstract TrialSetup CreateTrial(Recipe recipe, ulong seed);
}
