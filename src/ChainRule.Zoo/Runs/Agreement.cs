using System.Reflection;
using System.Runtime.Intrinsics;
using System.Runtime.InteropServices;
using ChainRule.Distributed;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// What workers must have in common to train one model to the same bits: what they were asked for, the run, where it
/// stands, the version of the program, and the vectors of the processor.
/// </summary>
static class Agreement
{
    const string Same = "give all workers the same command";

    /// <summary>The version of this program.</summary>
    public static string Version => typeof(Tensor).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Compares what this worker was asked for with what the first was; all get the same sentence where one
    /// differs.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="asked">What it was asked for, by name.</param>
    /// <param name="refused">Why it cannot be done here; null where it can.</param>
    /// <param name="version">The version of the program.</param>
    /// <exception cref="WorkerException">One differs, or has refused.</exception>
    public static void Check(Transport workers, IReadOnlyList<KeyValuePair<string, string>> asked, string? refused,
        string version)
    {
        string[][] all = Gather(workers, [version, Vectors, refused ?? "",
            .. asked.SelectMany(one => (string[])[one.Key, one.Value])]);
        if (all[0][2].Length > 0 && Array.TrueForAll(all, one => one[2] == all[0][2]))
            throw new WorkerException(0, all[0][2], isGone: false);
        Compare(all, (rank, who) =>
        {
            if (all[rank][2].Length > 0) return $"{who}: {all[rank][2]}";
            var (own, first) = (Pairs(all[rank]), Pairs(all[0]));
            string? name = first.Keys.Union(own.Keys).FirstOrDefault(key => !Equals(first.GetValueOrDefault(key),
                own.GetValueOrDefault(key)));
            return name is null ? null : $"{who} was asked for {Said(name, own)}, and worker 0 for "
                + $"{Said(name, first)}: {Same}";
        });

        static string Said(string name, Dictionary<string, string> of) => of.TryGetValue(name, out string? value)
            ? $"{name} {Printable.Of(value)}" : $"no {name}";
    }

    /// <summary>Compares the run that this worker has opened with that of the first; all get the same sentence where
    /// one differs.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="run">The run; null where it could not be opened here.</param>
    /// <param name="step">Where it stands.</param>
    /// <param name="failure">Why it could not be opened.</param>
    /// <param name="version">The version of the program.</param>
    /// <exception cref="WorkerException">One differs, or has not opened it.</exception>
    public static void Check(Transport workers, RunSettings? run, int step, string? failure, string version)
    {
        // Where the data lies may differ; what is in it may not.
        string settings = run is null ? "" : RunFile.Line(run with { Data = "", DataSha256 = "" });
        string[][] all = Gather(workers,
            [version, Vectors, failure ?? "", settings, run is null ? "" : run.DataSha256, $"{step}"]);
        Compare(all, (rank, who) => (all[rank], all[0]) switch
        {
            ([_, _, { Length: > 0 } why, ..], _) => $"{who}: {why}",
            var (own, first) when own[3] != first[3] => $"{who} has another run, or another seed, than worker 0: give "
                + "all workers the same folder",
            var (own, first) when own[4] != first[4] => $"{who} has other data than worker 0: give all workers the "
                + "same data",
            var (own, first) when own[5] != first[5] => $"{who} stands at step {own[5]}, and worker 0 at step "
                + $"{first[5]}: give all workers the same folder",
            _ => null,
        });
    }

    // Version, vectors, what went wrong, what is compared, and the machine as the last.
    static string[][] Gather(Transport workers, IEnumerable<string> own) =>
        Array.ConvertAll(workers.GatherTexts(string.Join('\0', own.Append(Environment.MachineName))),
            static text => text.Split('\0'));

    static Dictionary<string, string> Pairs(string[] said) =>
        said[3..^1].Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);

    // The same on all workers, which have the same of all.
    static void Compare(string[][] all, Func<int, string, string?> differs)
    {
        for (int rank = 0; rank < all.Length; rank++)
        {
            string who = $"worker {rank} (on {Printable.Of(all[rank][^1])})";
            string? sentence = all[rank][0] != all[0][0] ? $"{who} is version {Printable.Of(all[rank][0])}, and "
                    + $"worker 0 is {Printable.Of(all[0][0])}: install one version everywhere"
                : all[rank][1] != all[0][1] ? $"{who} computes with {all[rank][1]}, and worker 0 with {all[0][1]}: the "
                    + "bits would depend on which of them computes a shard: set DOTNET_EnableAVX512=0, or "
                    + "DOTNET_EnableAVX2=0, on all, so that they are alike"
                : differs(rank, who);
            if (sentence is not null) throw new WorkerException(rank, sentence, isGone: false);
        }
    }

    // What the numbers of a sum depend on: how many are added at once, and whether products are rounded before.
    static string Vectors => $"{RuntimeInformation.ProcessArchitecture} vectors of "
        + $"{(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits"
        + $"{(System.Runtime.Intrinsics.X86.Fma.IsSupported ? " with fused products" : "")}";
}
