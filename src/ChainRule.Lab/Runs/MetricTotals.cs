namespace ChainRule.Lab.Runs;

/// <summary>What a metric came to so far; what is NaN counts for the last value alone.</summary>
readonly record struct MetricTotal(double Last, double Min, double Max, bool IsMeasured = true);

/// <summary>
/// What the lines of a metrics.jsonl came to, and up to where it was read: so much is kept of every run, and the points
/// themselves only of those that are looked at.
/// </summary>
/// <param name="Names">The metrics, by name.</param>
/// <param name="Values">What each came to.</param>
/// <param name="Points">How many lines there are.</param>
/// <param name="Step">The step of the last.</param>
/// <param name="Damaged">How many lines could not be read.</param>
/// <param name="Position">Up to where the file was read.</param>
sealed record MetricTotals(string[] Names, MetricTotal[] Values, int Points, double Step, int Damaged,
    LinePosition Position)
{
    /// <summary>Nothing was read.</summary>
    public static MetricTotals None { get; } = new([], [], 0, double.NaN, 0, LinePosition.Start);

    /// <summary>A metric by its name; null where it was never measured.</summary>
    public MetricTotal? Find(string name) =>
        Array.IndexOf(Names, name) is >= 0 and var at && Values[at].IsMeasured ? Values[at] : null;

    /// <summary>Reads what was added to the file since, or all of it where it was replaced by another.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public MetricTotals Read(string path)
    {
        var adding = new Adding(this);
        var position = MetricLines.Read(path, Position, adding);
        return adding.Total(position);
    }

    sealed class Adding(MetricTotals before) : IMetricSink
    {
        readonly Dictionary<string, int> _at = [];
        string[] _names = before.Names;
        MetricTotal[] _values = [.. before.Values];
        int _count = before.Names.Length, _points = before.Points, _damaged = before.Damaged;
        double _step = before.Step;

        public void Restart()
        {
            _at.Clear();
            (_names, _values, _count, _points, _damaged, _step) = ([], [], 0, 0, 0, double.NaN);
        }

        public void Damaged() => _damaged++;

        public void Add(MetricLine line)
        {
            _points++;
            _step = line.Step;
            for (int i = 0; i < line.Count; i++)
            {
                double x = line.Values[i];
                int at = At(line.Names[i], i);
                ref var total = ref _values[at];
                // The first line has no training loss: that is no value, not NaN.
                if (line.IsNull[i]) continue;
                total = new(x, x < total.Min || double.IsNaN(total.Min) ? x : total.Min,
                    x > total.Max || double.IsNaN(total.Max) ? x : total.Max);
            }
        }

        public MetricTotals Total(LinePosition position) => new(
            before.Names.AsSpan().SequenceEqual(_names.AsSpan(0, _count)) ? before.Names
                : SharedSchema.Of(_names[.._count]),
            _values[.._count], _points, _step, _damaged, position);

        int At(string name, int guess)
        {
            // Lines have their metrics in one order.
            if (guess < _count && ReferenceEquals(_names[guess], name)) return guess;
            if (_at.TryGetValue(name, out int at)) return at;
            at = Array.IndexOf(_names, name, 0, _count);
            if (at < 0) at = New(name);
            return _at[name] = at;
        }

        int New(string name)
        {
            if (_count == _names.Length)
            {
                Array.Resize(ref _names, Math.Max(8, 2 * _count));
                Array.Resize(ref _values, _names.Length);
            }
            _names[_count] = name;
            _values[_count] = new(double.NaN, double.NaN, double.NaN, IsMeasured: false);
            return _count++;
        }
    }
}

/// <summary>Lists of names that many runs share are kept once.</summary>
static class SharedSchema
{
    const int Most = 1000;

    static readonly Dictionary<string, string[]> s_known = new(StringComparer.Ordinal);
    static readonly Lock s_lock = new();

    public static string[] Of(string[] names)
    {
        string key = string.Join('\n', names);
        lock (s_lock)
        {
            if (s_known.TryGetValue(key, out string[]? known)) return known;
            if (s_known.Count < Most) s_known[key] = names;
            return names;
        }
    }
}
