namespace ChainRule.Lab.Runs;

/// <summary>The numbers of one metric, a place for each line; they are only ever added to.</summary>
/// <param name="Numbers">At least as many as there are.</param>
/// <param name="Count">How many there are.</param>
readonly record struct Column(double[] Numbers, int Count)
{
    /// <summary>The numbers.</summary>
    public ReadOnlySpan<double> Span => Numbers.AsSpan(0, Count);
}

/// <summary>
/// The points of a run's metrics as columns, read on from where the file was read to before. What is handed out stays
/// as it is while more is read.
/// </summary>
sealed class RunCurves : IMetricSink
{
    readonly Dictionary<string, double[]> _columns = new(StringComparer.Ordinal);
    readonly Lock _lock = new();
    LinePosition _position;
    double[] _steps = [];
    int _count;

    /// <summary>About how many bytes it holds.</summary>
    public long Memory => 8L * _steps.Length * (_columns.Count + 1);

    /// <summary>Reads what is new.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Read(string path)
    {
        lock (_lock) _position = MetricLines.Read(path, _position, this);
    }

    /// <summary>The steps and the values of a metric, NaN where it was not measured; nothing where it never was.
    /// </summary>
    public (Column Steps, Column Values) Of(string metric)
    {
        lock (_lock)
            return _columns.TryGetValue(metric, out double[]? values) ? (new(_steps, _count), new(values, _count))
                : (new([], 0), new([], 0));
    }

    /// <summary>The steps and all metrics.</summary>
    public (Column Steps, IReadOnlyList<(string Name, Column Values)> Metrics) All()
    {
        lock (_lock)
            return (new(_steps, _count), [.. _columns.Select(one => (one.Key, new Column(one.Value, _count)))]);
    }

    void IMetricSink.Restart()
    {
        _columns.Clear();
        (_steps, _count) = ([], 0);
    }

    void IMetricSink.Damaged()
    {
    }

    void IMetricSink.Add(MetricLine line)
    {
        if (_count == _steps.Length)
        {
            int size = Math.Max(64, 2 * _count);
            Array.Resize(ref _steps, size);
            foreach (string name in _columns.Keys.ToArray())
            {
                double[] longer = _columns[name];
                Array.Resize(ref longer, size);
                longer.AsSpan(_count).Fill(double.NaN);
                _columns[name] = longer;
            }
        }
        for (int i = 0; i < line.Count; i++)
        {
            if (!_columns.TryGetValue(line.Names[i], out double[]? values))
            {
                values = new double[_steps.Length];
                values.AsSpan().Fill(double.NaN);
                _columns[line.Names[i]] = values;
            }
            values[_count] = line.Values[i];
        }
        _steps[_count++] = line.Step;
    }
}

/// <summary>The curves of the runs that were looked at last, as many as the memory allows.</summary>
sealed class CurveStore(RunIndex index, long mostBytes = 64L << 20)
{
    readonly LinkedList<(string Id, RunCurves Curves)> _recent = new();
    readonly Dictionary<string, LinkedListNode<(string Id, RunCurves Curves)>> _known = new(StringComparer.Ordinal);
    readonly Lock _lock = new();

    /// <summary>How many bytes the curves take.</summary>
    public long Memory
    {
        get
        {
            lock (_lock) return _recent.Sum(one => one.Curves.Memory);
        }
    }

    /// <summary>The curves of a run, with all that its file holds now.</summary>
    /// <exception cref="ArgumentException">There is no such run.</exception>
    public RunCurves Of(string id)
    {
        var run = index[id];
        RunCurves curves;
        lock (_lock)
        {
            if (_known.TryGetValue(id, out var node)) _recent.Remove(node);
            else node = _known[id] = new((id, new()));
            _recent.AddFirst(node);
            curves = node.Value.Curves;
        }
        try
        {
            // A broken folder is read no further, and neither is a link in it.
            if (run.Found.Metrics.Exists && run.Status != RunStatus.Broken)
                curves.Read(Path.Combine(index.PathOf(id), RunScan.MetricsFile));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            index.Refresh(id);
        }
        Trim();
        return curves;
    }

    void Trim()
    {
        lock (_lock)
        {
            long bytes = _recent.Sum(one => one.Curves.Memory);
            while (bytes > mostBytes && _recent.Count > 1)
            {
                var (id, curves) = _recent.Last!.Value;
                bytes -= curves.Memory;
                _known.Remove(id);
                _recent.RemoveLast();
            }
        }
    }
}
