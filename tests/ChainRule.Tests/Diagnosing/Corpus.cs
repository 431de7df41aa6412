namespace ChainRule.Tests.Diagnosing;

using System.Globalization;
using ChainRule.Diagnosing;

/// <summary>Sabotaged and healthy trainings, diagnosed: how many are found, and how many are false alarms.</summary>
sealed class Corpus
{
    readonly List<(Sabotage Sabotage, string Model, ulong Seed, IReadOnlyList<string> Found, string Text)> _sick = [];
    readonly List<(string Model, string Optimizer, int Steps, ulong Seed, IReadOnlyList<string> Found, string Text)>
        _healthy = [];

    /// <summary>Seeds that thresholds were chosen on, and seeds that they are reported on.</summary>
    public static ulong[] Tuned { get; } = [1, 101, 102, 103];

    public static ulong[] HeldOut { get; } = [201, 202, 203];

    public int Sick => _sick.Count;

    public int Healthy => _healthy.Count;

    public double Recall => _sick.Count(Named) / (double)_sick.Count;

    public double FalseAlarms => _healthy.Count(h => h.Found.Count > 0) / (double)_healthy.Count;

    public IEnumerable<string> Misses => [.. _sick.Where(s => !Named(s) || s.Found.Any(f => !Right(s.Sabotage, f)))
        .Select(s => $"{(Named(s) ? "extra" : "MISSED")} {s.Sabotage.Rule} ({s.Sabotage.Name}), {s.Model}, {s.Seed}: "
            + string.Join("; ", s.Found)),
        .. _healthy.Where(h => h.Found.Count > 0)
            .Select(h => $"ALARM healthy {h.Model}, {h.Optimizer}, {h.Steps} steps, {h.Seed}: {h.Text}")];

    public static Corpus Run(ulong[] seeds, ulong[] healthySeeds, Func<Sabotage, string, bool>? only = null)
    {
        var corpus = new Corpus();
        foreach (var sabotage in Sabotage.All)
            foreach (string model in sabotage.Models)
                foreach (ulong seed in seeds)
                    if (only?.Invoke(sabotage, model) != false) corpus.Spoil(sabotage, model, seed);
        foreach (string model in CorpusCase.Models)
            foreach (string optimizer in (string[])["Adam", "AdamW", "Sgd"])
                foreach (int steps in (int[])[0, 150])
                    foreach (ulong seed in healthySeeds) corpus.Leave(model, optimizer, steps, seed);
        return corpus;
    }

    /// <summary>A line for each rule, and one for all.</summary>
    public string Table()
    {
        List<string> lines = ["| rule | sabotaged | found | recall | named in all | rightly | precision |",
            "|---|--:|--:|--:|--:|--:|--:|"];
        string[] rules = [.. _sick.Select(s => s.Sabotage.Rule).Concat(_sick.SelectMany(s => s.Found))
            .Concat(_healthy.SelectMany(h => h.Found)).Distinct()];
        foreach (string rule in rules)
        {
            var own = _sick.Where(s => s.Sabotage.Rule == rule).ToArray();
            int found = own.Count(Named);
            var named = _sick.Where(s => s.Found.Contains(rule)).ToArray();
            int wrong = named.Count(s => !Right(s.Sabotage, rule)) + _healthy.Count(h => h.Found.Contains(rule));
            int all = named.Length + _healthy.Count(h => h.Found.Contains(rule));
            lines.Add($"| {rule} | {own.Length} | {found} | {Percent(found, own.Length)} | {all} | {all - wrong} | "
                + $"{Percent(all - wrong, all)} |");
        }
        int right = _sick.Sum(s => s.Found.Count(f => Right(s.Sabotage, f)));
        int total = _sick.Sum(s => s.Found.Count) + _healthy.Sum(h => h.Found.Count);
        lines.Add($"| all | {_sick.Count} | {_sick.Count(Named)} | {Percent(_sick.Count(Named), _sick.Count)} | "
            + $"{total} | "
            + $"{right} | {Percent(right, total)} |");
        int alarms = _healthy.Count(h => h.Found.Count > 0);
        lines.Add($"\nHealthy trainings: {_healthy.Count}, with a false alarm: {alarms}, "
            + $"{Percent(alarms, _healthy.Count)}.");
        return string.Join('\n', lines);
    }

    static bool Named((Sabotage Sabotage, string, ulong, IReadOnlyList<string> Found, string) s) =>
        s.Found.Contains(s.Sabotage.Rule);

    static bool Right(Sabotage sabotage, string rule) => sabotage.Rule == rule || sabotage.Also.Contains(rule);

    static string Percent(int part, int of) =>
        of == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / of:0.0} %");

    void Spoil(Sabotage sabotage, string model, ulong seed)
    {
        var one = new CorpusCase(model, seed);
        sabotage.Do(one);
        var diagnosis = Diagnose.Run(one.Trainer());
        _sick.Add((sabotage, model, seed, [.. diagnosis.Findings.Select(f => f.Rule)], diagnosis.ToString()));
    }

    void Leave(string model, string optimizer, int steps, ulong seed)
    {
        var one = new CorpusCase(model, seed + 1000) { Optimizer = optimizer, Steps = steps };
        if (optimizer == "Sgd") one.LearningRate = model is "sigmoid" ? 0.3 : model is "mlp" or "tanh" ? 0.1 : 0.03;
        if (optimizer == "AdamW") one.WeightDecay = 0.01;
        var diagnosis = Diagnose.Run(one.Trainer());
        _healthy.Add((model, optimizer, steps, seed, [.. diagnosis.Findings.Select(f => f.Rule)],
            diagnosis.ToString()));
    }
}
