using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ChainRule.Lab.Graph;
using ChainRule.Lab.Playground;
using ChainRule.Lab.Sessions;
using static System.FormattableString;

namespace ChainRule.Bench;

/// <summary>
/// How long a session of the lab takes from the bytes of a question to the bytes of a derivation: of numbers of the
/// graph room's examples, and of weights and neurons of the playground's network 2-8-8-1, after few steps and many.
/// </summary>
static class WhySpeed
{
    const int Questions = 40;

    // Nobody clicks a number at the moment at which it is drawn first.
    static readonly TimeSpan s_looking = TimeSpan.FromSeconds(2);

    public static void Run(int rounds, TextWriter output)
    {
        using var graph = new GraphSession();
        using var examples = Ask(graph, """{"type":"examples"}""");
        string[] texts = [.. examples.RootElement.GetProperty("examples").EnumerateArray()
            .Select(one => JsonEncodedText.Encode(one.GetProperty("text").GetString()!).ToString())];
        Thread.Sleep(s_looking);
        Report(output, "graph", rounds, graph, i =>
            $$"""{"type":"why","text":"{{texts[i % texts.Length]}}","nudges":[],"node":0,"gradient":true}""");
        foreach (int steps in (int[])[137, 5_000, 60_000])
        {
            using var playground = new PlaygroundSession();
            Ask(playground, Invariant($$"""{"type":"step","steps":{{steps}}}""")).Dispose();
            Ask(playground, """{"type":"describe"}""").Dispose();
            Thread.Sleep(s_looking);
            Report(output, Invariant($"playground, weight, step {steps:N0}"), rounds, playground, i =>
                Invariant($$"""{"type":"whyWeight","parameter":"0.weight","index":{{i % 16}}}"""));
            Report(output, Invariant($"playground, neuron, step {steps:N0}"), rounds, playground, i =>
                Invariant($$"""{"type":"whyNeuron","layer":{{i % 3}},"neuron":0,"point":{{i}}}"""));
        }
    }

    static void Report(TextWriter output, string what, int rounds, LabSession session, Func<int, string> question)
    {
        List<double> times = [];
        for (int i = 0; i < rounds * Questions; i++)
        {
            long began = Stopwatch.GetTimestamp();
            Ask(session, question(i % Questions)).Dispose();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        double first = times[0];
        times.Sort();
        output.WriteLine(Invariant($"{what}: median {times[times.Count / 2]:N1} ms, 95 % {times[(int)(times.Count
            * 0.95)]:N1} ms, worst {times[^1]:N1} ms, the first {first:N1} ms"));
    }

    static JsonDocument Ask(LabSession session, string request) =>
        JsonDocument.Parse(LabReply.Read(session.Answer(Encoding.UTF8.GetBytes(request))).Json);
}
