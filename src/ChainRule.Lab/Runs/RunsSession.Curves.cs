using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Runs;

public sealed partial class RunsSession
{
    const double MostSmoothing = 0.999;
    const int MostColumns = 10_000;

    byte[] Curves(CurvesRequest request)
    {
        const string Asked = "curves";
        if (request.Columns is < 1 or > MostColumns)
            throw new ArgumentException($"{Asked}: {request.Columns} columns: give 1 to {MostColumns:N0}");
        if (!(request.Smoothing is >= 0 and <= MostSmoothing))
            throw new ArgumentException($"{Asked}: smoothing {request.Smoothing}: give a number from 0 to "
                + $"{MostSmoothing}");
        var reply = new LabReply();
        List<CurveAnswer> curves = [];
        foreach (var run in Some(Asked, request.Runs))
        {
            var (x, y, points, last) = Points(run.Id, request.Metric, request.Axis);
            double[] smooth = CurveShape.Smoothed(y, request.Smoothing);
            int[] needed = CurveShape.Needed(x, y, request.Columns);
            curves.Add(new(run.Id, reply.Add(CurveShape.At(x, needed)), reply.Add(CurveShape.At(y, needed)),
                reply.Add(CurveShape.At(smooth, needed)), points, last));
        }
        return reply.ToBytes(new(request.Metric, request.Axis, curves), RunsJson.Default.CurvesAnswer);
    }

    byte[] Tail(TailRequest request)
    {
        var (x, y, points, last) = Points(Index[request.Run].Id, request.Metric, request.Axis);
        int from = request.From;
        if (from > 0)
        {
            var steps = _shared.Curves.Of(request.Run).Of(request.Metric).Steps;
            // The run was resumed from an earlier step, or is another: what one has is no longer its beginning.
            if (from > steps.Count || request.LastStep is { } step && !steps.Span[from - 1].Equals(step)) from = 0;
        }
        from = Math.Clamp(from, 0, x.Length);
        var reply = new LabReply();
        return reply.ToBytes(new(request.Run, from, reply.Add(x.AsSpan(from)), reply.Add(y.AsSpan(from)), points, last),
            RunsJson.Default.TailAnswer);
    }

    byte[] Bands(BandsRequest request)
    {
        var runs = Some("bands", request.Runs);
        string[] differing = [.. SeedBand.Differing(runs).Where(name => name != "seed")];
        var reply = new LabReply();
        List<BandAnswer> bands = [];
        foreach (var group in SeedBand.Groups(runs))
        {
            string title = string.Join(", ", differing.Select(name => $"{name} {group[0].Settings[name]}"));
            var band = SeedBand.Of(title, group.Select(run =>
            {
                var (x, y, _, _) = Points(run.Id, request.Metric, "step");
                return (run.Id, x, y);
            }));
            bands.Add(new(band.Title, band.Runs, reply.Add(band.Steps), reply.Add(band.Mean), reply.Add(band.Min),
                reply.Add(band.Max)));
        }
        return reply.ToBytes(new(request.Metric, bands), RunsJson.Default.BandsAnswer);
    }

    byte[] Differences(DifferencesRequest request)
    {
        var runs = Some("differences", request.Runs);
        var differing = SeedBand.Differing(runs);
        int all = runs.SelectMany(run => run.Settings.Names).Distinct().Count();
        return LabReply.Of(new DifferencesAnswer([.. runs.Select(run => run.Name)],
            [.. differing.Select(name => new SettingRow(name, [.. runs.Select(run => run.Settings[name])]))],
            all - differing.Count), RunsJson.Default.DifferencesAnswer);
    }

    /// <summary>All points of a curve, how many there are, and the step of the last.</summary>
    (double[] X, double[] Y, int Count, double? LastStep) Points(string id, string metric, string axis)
    {
        if (axis is not ("step" or "seconds"))
            throw new ArgumentException($"curves: axis '{Printable.Of(axis, 40)}': choose step or seconds");
        var curves = _shared.Curves.Of(id);
        var (steps, values) = curves.Of(metric ?? "");
        if (values.Count == 0) return ([], [], 0, null);
        var x = axis == "step" ? steps : curves.Of("seconds").Values;
        int count = Math.Min(x.Count, values.Count);
        return (x.Span[..count].ToArray(), values.Span[..count].ToArray(), count,
            count == 0 ? null : steps.Span[count - 1]);
    }
}
