using ChainRule.Layers;
using ChainRule.Protobuf;
using ChainRule.Training;

namespace ChainRule.Events;

/// <summary>
/// Writes what TensorBoard shows: numbers and their distributions at the steps of a training, images, texts and
/// hyper-parameters.
/// <code>
/// var board = new TensorBoard("logs/first");
/// board.Watch(trainer);
/// trainer.Fit(5000);
/// </code>
/// Each makes a new file in its folder, and never changes one that is there: a training that is resumed goes on in a
/// second file, and TensorBoard shows both as one. What was written is in the file at once; a process that is killed
/// leaves at most its last record half, which readers pass over. It may be called from several threads.
/// </summary>
/// <remarks>Files are records of events as in TensorFlow's <c>event.proto</c>, version 2, readable by all versions of
/// TensorBoard since 1.0.</remarks>
public sealed class TensorBoard
{
    readonly Lock _gate = new();
    readonly EventFile _file;
    readonly DateTimeOffset _began;
    bool _ended;

    /// <summary>Begins a file of events.</summary>
    /// <param name="folder">The folder of one training, made if it is not there; TensorBoard is started on it, or on
    /// one that holds several: <c>tensorboard --logdir logs</c>.</param>
    /// <param name="time">When it began; now if nothing is said.</param>
    /// <exception cref="IOException">Nothing can be written there.</exception>
    public TensorBoard(string folder, DateTimeOffset? time = null)
    {
        Throw.IfNull(folder, "tensorboard");
        if (string.IsNullOrWhiteSpace(folder) || folder.Contains('\0', StringComparison.Ordinal))
            Throw.Argument($"tensorboard: '{Printable.Path(folder)}' is no path: give that of a folder",
                nameof(folder));
        _began = time ?? DateTimeOffset.UtcNow;
        _file = new(folder, _began);
        _file.Append(EventSummary.Start(_began).Span);
    }

    /// <summary>The file that is written.</summary>
    public string FilePath => _file.FullPath;

    /// <summary>How many bytes were written.</summary>
    public long Length
    {
        get
        {
            lock (_gate) return _file.Length;
        }
    }

    /// <summary>A number at a step, kept as float32; NaN is kept too.</summary>
    /// <param name="tag">Its name; what stands before a / is the group that it is shown in.</param>
    /// <param name="value">The number.</param>
    /// <param name="step">The step.</param>
    /// <param name="time">When it was measured; now if nothing is said.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Scalar(string tag, double value, long step, DateTimeOffset? time = null) =>
        Write(tag, step, time, to => EventSummary.Scalar(to, value));

    /// <summary>How the numbers of a tensor are distributed, in 64 bins from the least to the greatest; NaN and
    /// infinities are left out.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="values">Of any shape.</param>
    /// <param name="step">The step.</param>
    /// <param name="time">When it was measured; now if nothing is said.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Histogram(string tag, Tensor values, long step, DateTimeOffset? time = null)
    {
        double[] numbers = values.Detach().To(DType.Float64).ToArray<double>();
        Write(tag, step, time, to => EventSummary.Distribution(to, numbers));
    }

    /// <summary>A picture; 0 is black and 1 is white, and what is outside is cut off.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="pixels">[height, width] or [1, height, width], grey; or [3, height, width]: red, green,
    /// blue.</param>
    /// <param name="step">The step.</param>
    /// <param name="time">When it was made; now if nothing is said.</param>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Image(string tag, Tensor pixels, long step, DateTimeOffset? time = null)
    {
        bool colour = pixels.Rank == 3 && pixels.Shape[0] == 3;
        if (pixels.Count == 0 || !colour && pixels.Rank != 2 && !(pixels.Rank == 3 && pixels.Shape[0] == 1))
            Throw.Argument($"tensorboard: image '{Printable.Of(tag)}': {pixels.Shape}: give grey pixels, [height, "
                + "width], or three planes of colour, [3, height, width]", nameof(pixels));
        double[] numbers = pixels.Detach().To(DType.Float64).ToArray<double>();
        int height = pixels.Shape[^2], width = pixels.Shape[^1], places = height * width;
        byte[] rgb = new byte[3 * places];
        for (int i = 0; i < places; i++)
            for (int c = 0; c < 3; c++)
                rgb[3 * i + c] = (byte)Math.Clamp(Math.Round(255 * numbers[colour ? c * places + i : i]), 0, 255);
        Write(tag, step, time, to => EventSummary.Picture(to, height, width, Png.Write(width, rgb)));
    }

    /// <summary>A text at a step, which TensorBoard shows as Markdown.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="markdown">The text.</param>
    /// <param name="step">The step.</param>
    /// <param name="time">When it was made; now if nothing is said.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Text(string tag, string markdown, long step, DateTimeOffset? time = null)
    {
        Throw.IfNull(markdown, "tensorboard");
        Write(tag, step, time, to => EventSummary.Markdown(to, markdown));
    }

    /// <summary>
    /// The settings that the training is made with, for TensorBoard's table of runs; to be called once, before
    /// <see cref="End"/>.
    /// </summary>
    /// <param name="values">Each a number, a bool or a text.</param>
    /// <param name="metrics">The tags of scalars that are columns of the table.</param>
    /// <exception cref="ArgumentException">A value is something else.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Hyperparameters(IReadOnlyDictionary<string, object> values, params IReadOnlyList<string> metrics)
    {
        Throw.IfNull(values, "tensorboard");
        Throw.IfNull(metrics, "tensorboard");
        (string Name, object Value)[] all = [.. values.Select(one => (one.Key, Plain(one.Key, one.Value)))];
        const int Experiment = 2, SessionStart = 3;
        Write("_hparams_/experiment", 0, _began, to => EventSummary.Plugin(to, Experiment, experiment =>
        {
            experiment.Real(3, EventSummary.Seconds(_began));
            foreach (var (name, value) in all)
                experiment.Message(4, info =>
                {
                    const int OfText = 1, OfBool = 2, OfNumber = 3;
                    info.Text(1, name);
                    info.Number(4, value is string ? OfText : value is bool ? OfBool : OfNumber);
                });
            foreach (string metric in metrics)
                experiment.Message(5, info => info.Message(1, named => named.Text(2, metric)));
        }));
        Write("_hparams_/session_start_info", 0, _began, to => EventSummary.Plugin(to, SessionStart, start =>
        {
            foreach (var (name, value) in all)
                start.Message(1, entry =>
                {
                    entry.Text(1, name);
                    entry.Message(2, held => WriteValue(held, value));
                });
            start.Real(5, EventSummary.Seconds(_began));
        }));
    }

    /// <summary>Says that the training ended, for the table of runs; a second call says nothing.</summary>
    /// <param name="completed">Whether it came to its end; false where it failed.</param>
    /// <param name="time">When; now if nothing is said.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void End(bool completed = true, DateTimeOffset? time = null)
    {
        const int SessionEnd = 4, Success = 1, Failure = 2;
        lock (_gate)
        {
            if (_ended) return;
            _ended = true;
        }
        var at = time ?? DateTimeOffset.UtcNow;
        Write("_hparams_/session_end_info", 0, at, to => EventSummary.Plugin(to, SessionEnd, end =>
        {
            end.Number(1, completed ? Success : Failure);
            end.Real(2, EventSummary.Seconds(at));
        }));
    }

    /// <summary>
    /// The numbers of an evaluation: <c>loss/training</c>, <c>loss/validation</c>, <c>learning rate</c>, and of each
    /// metric <c>metrics/accuracy</c>.
    /// </summary>
    /// <param name="point">The evaluation.</param>
    /// <param name="time">When it was made; now if nothing is said.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Evaluation(HistoryPoint point, DateTimeOffset? time = null)
    {
        var at = time ?? DateTimeOffset.UtcNow;
        if (!double.IsNaN(point.TrainLoss) || point.Step > 0) Scalar("loss/training", point.TrainLoss, point.Step, at);
        if (point.Validated) Scalar("loss/validation", point.ValidationLoss, point.Step, at);
        Scalar("learning rate", point.LearningRate, point.Step, at);
        foreach (var (name, value) in point.Metrics) Scalar($"metrics/{name}", value, point.Step, at);
    }

    /// <summary>
    /// Writes while a trainer trains: at each evaluation its numbers, as <see cref="Evaluation"/> does, and how
    /// parameters (<c>weights/…</c>) and the gradients of the last step (<c>gradients/…</c>) are distributed; and, if
    /// asked for, the loss of each batch, <c>loss/batch</c>.
    /// </summary>
    /// <param name="trainer">What trains.</param>
    /// <param name="everyStep">Whether the loss of each batch is written: a record a step.</param>
    /// <param name="histograms">Whether distributions are written.</param>
    /// <returns>Ends the watching when it is disposed of.</returns>
    public IDisposable Watch(ITrainer trainer, bool everyStep = false, bool histograms = true)
    {
        Throw.IfNull(trainer, "tensorboard");
        return new Watching(this, trainer, everyStep, histograms);
    }

    public override string ToString() => $"tensorboard events in {Printable.Path(FilePath)}: {Length:N0} bytes";

    void Write(string tag, long step, DateTimeOffset? time, Action<ProtoWriter> content)
    {
        Throw.IfNull(tag, "tensorboard");
        if (tag.Length == 0) Throw.Argument("tensorboard: the tag is empty: give a name", nameof(tag));
        var record = EventSummary.Event(tag, step, time ?? DateTimeOffset.UtcNow, content);
        lock (_gate) _file.Append(record.Span);
    }

    static object Plain(string name, object value)
    {
        if (value is string or bool) return value;
        if (value is int or long or float or double or decimal or uint or ulong or short or byte)
            return Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);
        Throw.Argument($"tensorboard: hyper-parameter '{Printable.Of(name)}' is a {value?.GetType().Name ?? "null"}: "
            + "give a number, a bool or a text", "values");
        return value;
    }

    static void WriteValue(ProtoWriter to, object value)
    {
        if (value is string text) to.Blob(3, System.Text.Encoding.UTF8.GetBytes(text));
        else if (value is bool flag) to.Number(4, flag ? 1 : 0);
        else to.Real(2, (double)value);
    }

    sealed class Watching : IDisposable
    {
        readonly TensorBoard _board;
        readonly ITrainer _trainer;
        readonly bool _everyStep, _histograms;

        public Watching(TensorBoard board, ITrainer trainer, bool everyStep, bool histograms)
        {
            (_board, _trainer, _everyStep, _histograms) = (board, trainer, everyStep, histograms);
            if (everyStep) trainer.Stepped += Stepped;
            trainer.Evaluated += Evaluated;
        }

        public void Dispose()
        {
            if (_everyStep) _trainer.Stepped -= Stepped;
            _trainer.Evaluated -= Evaluated;
        }

        void Stepped(int step, double loss) => _board.Scalar("loss/batch", loss, step);

        void Evaluated(HistoryPoint point)
        {
            var now = DateTimeOffset.UtcNow;
            _board.Evaluation(point, now);
            if (!_histograms) return;
            foreach (var (name, parameter) in _trainer.Model.NamedParameters())
            {
                _board.Histogram($"weights/{name}", parameter, point.Step, now);
                if (parameter.HasGrad)
                    _board.Histogram($"gradients/{name}", parameter.Grad, point.Step, now);
            }
        }
    }
}
