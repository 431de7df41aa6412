using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ChainRule.Layers;

namespace ChainRule.Serving;

/// <summary>
/// Predicts single rows for many callers at once: rows that come while others are being computed wait, and are then
/// computed together, as one batch. Nobody waits for a batch to fill: a row that comes while nothing is computed is
/// computed at once, by its caller. Where a single row takes less time than to hand it to another thread, each is.
/// <code>
/// var batching = new BatchingPredictor(model.ToPredictor());
/// Tensor y = await batching.PredictAsync(x);
/// </code>
/// A row's numbers are those that it has alone, to the bit, whatever it was computed with.
/// </summary>
public sealed class BatchingPredictor
{
    readonly Predictor _predictor;
    readonly BatchingOptions _options;
    readonly int _workers;
    readonly Lock _gate = new();
    readonly Queue<Request> _waiting = [];
    int _working;

    // How long a single row took of late.
    long _lone = long.MaxValue;

    // To hand a row to another thread and its answer back takes about as long.
    static readonly long s_notWorthWaiting = Stopwatch.Frequency / 50_000;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public BatchingPredictor(Predictor predictor, BatchingOptions? options = null)
    {
        Throw.IfNull(predictor, "batches");
        _options = options ?? new();
        if (_options.MaxBatch < 1)
            Throw.OutOfRange($"batches: MaxBatch {_options.MaxBatch}: give 1 or more", nameof(options));
        if (_options.MaxWaiting < 0)
            Throw.OutOfRange($"batches: MaxWaiting {_options.MaxWaiting}: give 0 or more", nameof(options));
        if (_options.Workers < 0)
            Throw.OutOfRange($"batches: Workers {_options.Workers}: give 1 or more, or 0 for half as many as there "
                + "are processors", nameof(options));
        _predictor = predictor;
        _workers = _options.Workers > 0 ? _options.Workers : Math.Max(1, Environment.ProcessorCount / 2);
    }

    /// <summary>How many rows wait at this moment.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>How many rows may wait.</summary>
    public int MaxWaiting => _options.MaxWaiting;

    /// <summary>y = f(x) of one row.</summary>
    /// <param name="x">A row as it stands in a batch, without the batch's axis: [784], or [1, 28, 28].</param>
    /// <param name="cancellation">Takes a row that waits out of the queue.</param>
    /// <exception cref="ArgumentException">x has another shape or number type than the network takes.</exception>
    /// <exception cref="TooManyRequestsException">More rows wait than may.</exception>
    public Task<Tensor> PredictAsync(Tensor x, CancellationToken cancellation = default) =>
        Ask(new(x.Unsqueeze(0), null), cancellation);

    /// <summary>y = f(ids) of one row.</summary>
    /// <param name="ids">A row as it stands in a batch, without the batch's axis: [steps].</param>
    /// <param name="cancellation">Takes a row that waits out of the queue.</param>
    /// <inheritdoc cref="PredictAsync(Tensor, CancellationToken)" path="/exception"/>
    public Task<Tensor> PredictAsync(Ids ids, CancellationToken cancellation = default)
    {
        Throw.IfNull(ids, "predict");
        return Ask(new(null, ids.Reshape([1, .. ids.Shape.Span])), cancellation);
    }

    Task<Tensor> Ask(Request request, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return Task.FromCanceled<Tensor>(cancellation);
        if (Volatile.Read(ref _lone) < s_notWorthWaiting)
        {
            Compute([request]);
            return request.Task;
        }
        bool alone = false;
        lock (_gate)
        {
            if (_working < _workers)
            {
                _working++;
                alone = true;
            }
            else if (_waiting.Count >= _options.MaxWaiting)
                return Task.FromException<Tensor>(new TooManyRequestsException(FormattableString.Invariant(
                    $"predict: {_waiting.Count:N0} rows wait already, and no more may: ask again later, or raise ")
                    + "MaxWaiting"));
            else
                _waiting.Enqueue(request);
        }
        if (!alone) return request.Await(cancellation);
        Compute([request]);
        // Its caller has its answer; what came meanwhile is for another thread.
        if (HasMore()) ThreadPool.UnsafeQueueUserWorkItem(static self => self.Work(), this, preferLocal: false);
        return request.Task;
    }

    // A mean of the last few, in which one that was interrupted does not count for much.
    void Measured(long ticks)
    {
        long known = Volatile.Read(ref _lone);
        Volatile.Write(ref _lone, known == long.MaxValue ? ticks : known + (Math.Min(ticks, 2 * known) - known) / 8);
    }

    void Work()
    {
        List<Request> batch = [];
        do
        {
            Take(batch);
            Compute(batch);
        }
        while (HasMore());
    }

    /// <summary>Whether rows wait; where none does, one thread fewer is at work.</summary>
    bool HasMore()
    {
        lock (_gate)
        {
            if (_waiting.Count > 0) return true;
            _working--;
            return false;
        }
    }

    /// <summary>The next rows of one shape and number type.</summary>
    void Take(List<Request> batch)
    {
        batch.Clear();
        lock (_gate)
        {
            while (batch.Count < _options.MaxBatch && _waiting.TryPeek(out var next))
            {
                if (!next.Task.IsCompleted)
                {
                    if (batch.Count > 0 && !next.GoesWith(batch[0])) break;
                    batch.Add(next);
                }
                _waiting.Dequeue();
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whoever asked gets the exception, whatever it is.")]
    void Compute(List<Request> batch)
    {
        if (batch.Count == 0) return;
        long began = Stopwatch.GetTimestamp();
        try
        {
            var y = Request.Predict(_predictor, batch);
            if (y.Shape.Rank == 0 || y.Shape[0] != batch.Count)
                throw new InvalidOperationException($"predict: {batch.Count} rows gave {y.Shape}: a network that is "
                    + "asked for single rows must give a row for each");
            for (int i = 0; i < batch.Count; i++) batch[i].TrySetResult(y.Select(0, i));
            if (batch.Count == 1) Measured(Stopwatch.GetTimestamp() - began);
        }
        catch (Exception why) when (batch.Count == 1)
        {
            batch[0].TrySetException(why);
        }
        catch (Exception)
        {
            // One that is wrong is not the others' fault.
            foreach (var request in batch.ToArray()) Compute([request]);
        }
    }

    /// <summary>A row, as a batch of one, and who waits for it.</summary>
    sealed class Request(Tensor? x, Ids? ids) : TaskCompletionSource<Tensor>(
        TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public bool GoesWith(Request other) => x is { } mine
            ? other.X is { } others && mine.Shape == others.Shape && mine.DType == others.DType
            : other.Ids is { } ids && ids.Shape == Ids!.Shape;

        Tensor? X => x;

        Ids? Ids => ids;

        public Task<Tensor> Await(CancellationToken cancellation)
        {
            if (!cancellation.CanBeCanceled) return Task;
            var asked = cancellation.Register(() => TrySetCanceled(cancellation));
            Task.ContinueWith(static (_, asked) => ((CancellationTokenRegistration)asked!).Dispose(), asked,
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return Task;
        }

        public static Tensor Predict(Predictor predictor, List<Request> batch)
        {
            using var quiet = NoGrad.Begin();
            if (batch[0].Ids is { } first)
                return predictor.Predict(batch.Count == 1 ? first
                    : ChainRule.Ids.From([.. batch.SelectMany(static one => one.Ids!.Span.ToArray())],
                        [batch.Count, .. first.Shape.Span[1..]]));
            return predictor.Predict(batch.Count == 1 ? batch[0].X!.Value
                : Tensor.Concat(0, [.. batch.Select(static one => one.X!.Value)]));
        }
    }
}
