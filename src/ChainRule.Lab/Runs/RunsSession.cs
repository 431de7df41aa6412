using System.Runtime.CompilerServices;
using System.Text.Json;
using ChainRule.Data;
using ChainRule.Lab.Sessions;
using ChainRule.Zoo.Runs;

namespace ChainRule.Lab.Runs;

/// <summary>
/// The board of runs: what is asked for about the runs below a folder, and a word whenever one of them changes. All
/// sessions of a folder share one index of it.
/// </summary>
public sealed partial class RunsSession : LabSession
{
    const int MostRows = 1000, MostRuns = 200, MostEvents = 500;

    static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(30);

    readonly SharedIndex _shared;
    readonly Func<RunFolder, string> _resume;

    /// <summary>A session over the runs below a folder.</summary>
    /// <param name="root">The folder.</param>
    public RunsSession(string root) : this(root, null, ResumeProcess.Start)
    {
    }

    internal RunsSession(string root, string? cache, Func<RunFolder, string> resume) =>
        (_shared, _resume) = (SharedIndex.Open(root, cache), resume);

    /// <summary>The room of them.</summary>
    public static LabRoom Room { get; } = new("runs", "Runs", place => new RunsSession(place.Runs
        ?? throw new ArgumentException("runs: the lab was started without a folder of runs: give one by --runs")));

    internal RunIndex Index => _shared.Index;

    /// <inheritdoc/>
    public override byte[] Answer(ReadOnlySpan<byte> request) => Read(request, RunsJson.Default.RunsRequest) switch
    {
        ListRequest list => List(list),
        CurvesRequest curves => Curves(curves),
        TailRequest tail => Tail(tail),
        BandsRequest bands => Bands(bands),
        DifferencesRequest differences => Differences(differences),
        LayersRequest layers => Layers(layers),
        WeightsRequest weights => Weights(weights),
        SamplesRequest samples => Samples(samples),
        WorkersRequest workers => Workers(workers),
        MetricOriginRequest origin => LabReply.Of(new MetricOriginAnswer(MetricOrigin.Of(Index[origin.Run],
            origin.Metric, () => Folder(origin.Run))), RunsJson.Default.MetricOriginAnswer),
        DiagnoseRequest diagnose => Diagnosis(diagnose),
        StopRunRequest stop => Stop(stop),
        ResumeRunRequest resume => Resume(resume),
        ExportRequest export => Export(export),
        var other => throw new ArgumentException($"runs: there is no answer to {other.GetType().Name}"),
    };

    /// <summary>
    /// First how things stand, then what changes. Nothing is queued for a reader: one that is slow finds more changes
    /// in the next event, or is told to ask for all anew.
    /// </summary>
    public override async IAsyncEnumerable<string> Events([EnumeratorCancellation] CancellationToken stop)
    {
        long seen = Index.Version;
        bool wasComplete = Index.IsComplete;
        yield return Event(new(seen, [], [], IsWhole: true), wasComplete);
        while (!stop.IsCancellationRequested)
        {
            var changed = Index.ChangedSince(seen);
            await (wasComplete ? changed : Task.WhenAny(changed, Index.Ready)).WaitAsync(stop).ConfigureAwait(false);
            // What happens at the same moment is one event.
            await Task.Delay(s_gather, stop).ConfigureAwait(false);
            wasComplete = Index.IsComplete;
            var changes = Index.Since(seen);
            seen = changes.Version;
            yield return Event(changes, wasComplete);
        }
    }

    /// <inheritdoc/>
    protected override void End() => _shared.Dispose();

    string Event(RunChanges changes, bool isComplete)
    {
        bool isWhole = changes.IsWhole || changes.Changed.Count + changes.Removed.Count > MostEvents;
        return JsonSerializer.Serialize(new(changes.Version, Index.Count, isComplete, isWhole,
            isWhole ? [] : [.. changes.Changed.Select(run => new RunChange(run.Id, run.Status, run.Totals.Points,
                Known(run.Totals.Step)))], isWhole ? [] : changes.Removed), RunsJson.Default.RunsEvent);
    }

    static double? Known(double step) => double.IsNaN(step) ? null : step;

    byte[] List(ListRequest request)
    {
        if (request.From < 0 || request.Count is < 0 or > MostRows)
            throw new ArgumentException($"list: rows {request.From} and {request.Count} more: give a first row of 0 or "
                + $"more, and at most {MostRows:N0} rows");
        long version = Index.Version;
        var (runs, all) = Sorted(request.Filter, request.Sort, request.Descending);
        var columns = Shown(request.Columns, all);
        return LabReply.Of(new TableAnswer(Printable.Path(Index.Root), Index.Count, runs.Length, version,
            Index.IsComplete, columns, all, RunColumns.Metrics(Index.Runs), [.. runs.Skip(request.From)
                .Take(request.Count).Select(run => new RunRow(run.Id, run.Name, run.Status, run.Problem,
                    [.. columns.Select(column => run[column])]))]), RunsJson.Default.TableAnswer);
    }

    /// <summary>The runs that fit a filter, in order, and all columns there are.</summary>
    (RunEntry[] Runs, IReadOnlyList<string> Columns) Sorted(string? filter, string? sort, bool descending)
    {
        var columns = RunColumns.Of(Index.Runs);
        var fits = RunFilter.Parse(filter, columns);
        if (sort is not null && !columns.Contains(sort) && !RunColumns.Usual.Contains(sort))
            throw new ArgumentException($"list: sort '{Printable.Of(sort, 40)}': there is no such column: choose "
                + "one of " + Printable.List(columns, 40));
        (string by, bool down) = sort is null ? ("changed", true) : (sort, descending);
        var keyed = Index.Runs.Where(fits).Select(run => (Run: run, Key: run[by])).ToArray();
        Array.Sort(keyed, (a, b) => Cell.Compare(a.Key, b.Key, down) is not 0 and var order ? order
            : string.CompareOrdinal(a.Run.Id, b.Run.Id));
        return ([.. keyed.Select(one => one.Run)], columns);
    }

    static IReadOnlyList<string> Shown(IReadOnlyList<string>? asked, IReadOnlyList<string> all)
    {
        if (asked is null) return [.. RunColumns.Usual.Where(all.Contains)];
        string? unknown = asked.FirstOrDefault(one => !all.Contains(one) && !RunColumns.Usual.Contains(one));
        if (unknown is not null)
            throw new ArgumentException($"list: there is no column '{Printable.Of(unknown, 40)}': choose of "
                + Printable.List(all, 40));
        return asked;
    }

    RunEntry[] Some(string asked, IReadOnlyList<string>? ids)
    {
        if (ids is null || ids.Count is 0 or > MostRuns)
            throw new ArgumentException($"{asked}: {ids?.Count ?? 0} runs: give 1 to {MostRuns}");
        // One that was deleted meanwhile leaves the others as they are.
        string[] known = [.. ids.Where(Index.Knows)];
        return [.. (known.Length > 0 ? known : ids).Select(id => Index[id])];
    }

    RunFolder Folder(string id) => _shared.Folder(id);
}
