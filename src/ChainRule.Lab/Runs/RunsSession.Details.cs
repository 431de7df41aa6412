using ChainRule.Diagnosing;
using ChainRule.Lab.Sessions;
using ChainRule.Zoo.Runs;

namespace ChainRule.Lab.Runs;

public sealed partial class RunsSession
{
    const int MostBins = 500, MostSamples = 20, MostBranch = 5000, MostWorkers = 1024;

    byte[] Layers(LayersRequest request)
    {
        var lines = Folder(request.Run).ReadLayers();
        string[] names = [.. lines.SelectMany(line => line.Weights.Keys).Distinct()];
        var reply = new LabReply();
        NumberBlock Matrix(Func<LayerMetrics, IReadOnlyDictionary<string, double>> part) => reply.Add((double[])[
            .. names.SelectMany(name => lines.Select(line => part(line).TryGetValue(name, out double size) ? size
                : double.NaN))]);
        return reply.ToBytes(new([.. names.Select(name => Printable.Of(name, 200))],
            reply.Add((int[])[.. lines.Select(line => line.Step)]), Matrix(line => line.Weights),
            Matrix(line => line.Gradients), Matrix(line => line.Updates)), RunsJson.Default.LayersAnswer);
    }

    byte[] Weights(WeightsRequest request)
    {
        if (request.Bins is < 2 or > MostBins)
            throw new ArgumentException($"weights: {request.Bins} bins: give 2 to {MostBins}");
        string[] ids = request.Other is { } other ? [request.Run, other] : [request.Run];
        var folders = ids.Select(Folder).ToArray();
        var weights = folders.Select(folder => RunWeights.Of(folder, request.Step)).ToArray();
        var reply = new LabReply();
        List<WeightsHistogram> histograms = [];
        foreach (string name in weights.SelectMany(one => one.Keys).Distinct())
        {
            var of = ids.Zip(weights).Where(one => one.Second.ContainsKey(name))
                .Select(one => (Run: one.First, Numbers: one.Second[name])).ToArray();
            var (from, to) = RunWeights.Range(of.Select(one => one.Numbers));
            histograms.Add(new(Printable.Of(name, 200), from, to, [.. of.Select(one =>
            {
                var (counts, mean, deviation, notFinite) = RunWeights.Count(one.Numbers, from, to, request.Bins);
                return new WeightsCounts(one.Run, reply.Add(counts), mean, deviation, one.Numbers.Length, notFinite);
            })]));
        }
        return reply.ToBytes(new([.. folders.SelectMany(folder => folder.KeptSteps).Distinct().Order()], histograms),
            RunsJson.Default.WeightsAnswer);
    }

    byte[] Samples(SamplesRequest request)
    {
        if (request.Count is < 1 or > MostSamples)
            throw new ArgumentException($"samples: {request.Count}: give 1 to {MostSamples}");
        var folder = Folder(request.Run);
        return LabReply.Of(new SamplesAnswer([.. Zoo.Runs.Samples.Improving(folder, request.Count).Select(
            one => new SamplesAt(one.Step, [.. one.Samples.Select(Printable.Block)]))]),
            RunsJson.Default.SamplesAnswer);
    }

    byte[] Workers(WorkersRequest request)
    {
        var lines = Folder(request.Run).ReadWorkers();
        int most = lines.Count == 0 ? 0 : Math.Min(MostWorkers, lines.Max(line => line.Workers.Count));
        var reply = new LabReply();
        NumberBlock Matrix(Func<WorkerTime, double> of) => reply.Add((double[])[.. Enumerable.Range(0, most).SelectMany(
            rank => lines.Select(line => rank < line.Workers.Count ? of(line.Workers[rank]) : double.NaN))]);
        return reply.ToBytes(new(most, reply.Add((int[])[.. lines.Select(line => line.Step)]),
            Matrix(one => one.Computing), Matrix(one => one.Waiting), Matrix(one => one.Sent),
            most == 0 ? null : lines[^1].Straggler, most == 0 ? "" : lines[^1].ToString()),
            RunsJson.Default.WorkersAnswer);
    }

    byte[] Diagnosis(DiagnoseRequest request)
    {
        if (request.Steps is < 8 or > MostBranch)
            throw new ArgumentException($"diagnose: branches of {request.Steps} steps: give 8 to {MostBranch:N0}");
        var folder = Folder(request.Run);
        var options = new DiagnoseOptions { Steps = request.Steps };
        var diagnosis = request.Try ? Diagnose.Run(RunDiagnosis.Trainer(folder), options)
            : Diagnose.Run(RunDiagnosis.Recording(folder));
        return LabReply.Of(new DiagnosisAnswer(diagnosis.Looked, diagnosis.Rules, [.. diagnosis.Findings.Select(
            one => new FindingAnswer(one.Rule, one.Cause, one.Evidence, one.Cure, one.Tried?.ToString(),
                one.Tried?.Helped == true))]), RunsJson.Default.DiagnosisAnswer);
    }

    byte[] Stop(StopRunRequest request)
    {
        var folder = Folder(request.Run);
        folder.RequestStop();
        return Done($"{Index[request.Run].Name} is asked to stop: it saves after its step, and can be resumed");
    }

    byte[] Resume(ResumeRunRequest request)
    {
        var run = Index[request.Run];
        var folder = Folder(request.Run);
        if (folder.IsTraining)
            throw new InvalidOperationException($"resume {run.Name}: a process trains in this folder already: wait for "
                + "its end, or stop it first");
        if (run.Status == RunStatus.Finished)
            throw new InvalidOperationException($"resume {run.Name}: all of its steps are made: start a new run, or "
                + "branch one by 'chainrule rewind'");
        string said = _resume(folder);
        Index.Refresh(run.Id);
        return Done(said);
    }

    static byte[] Done(string sentence) =>
        LabReply.Of(new DoneAnswer(Printable.Message(sentence)), RunsJson.Default.DoneAnswer);
}
