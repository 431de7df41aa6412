using System.Reflection;
using System.Runtime.Intrinsics;
using System.Runtime.InteropServices;
using ChainRule.Distributed;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// What workers must have in common to train one model to the same bits: the run, where it stands, the version of the
/// program, and the vectors of the processor.
/// </summary>
static class Agreement
{
    /// <summary>Compares this worker with the first; all of them get the same sentence where one differs.</summary>
    /// <exception cref="WorkerException">One differs.</exception>
    public static void Check(Transport workers, RunSettings settings, int step)
    {
        // Where the data lies may differ; what is in it may not.
        string run = RunFile.Line(settings with { Data = "" });
        string version = typeof(Tensor).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion;
        string[] own = [run, $"{step}", version, Vectors, Environment.MachineName];
        string[][] all = Array.ConvertAll(workers.GatherTexts(string.Join('\0', own)), text => text.Split('\0'));
        for (int rank = 1; rank < all.Length; rank++)
        {
            string who = $"worker {rank} (on {Printable.Of(all[rank][^1])})";
            if (all[rank][2] != all[0][2])
                throw new WorkerException(rank, $"{who} is version {Printable.Of(all[rank][2])}, and worker 0 is "
                    + $"{Printable.Of(all[0][2])}: install one version everywhere", isGone: false);
            if (all[rank][0] != all[0][0])
                throw new WorkerException(rank, $"{who} has another run, or another seed or data, than worker 0: give "
                    + "all workers the same folder", isGone: false);
            if (all[rank][1] != all[0][1])
                throw new WorkerException(rank, $"{who} stands at step {all[rank][1]}, and worker 0 at step "
                    + $"{all[0][1]}: give all workers the same folder", isGone: false);
            if (all[rank][3] != all[0][3])
                throw new WorkerException(rank, $"{who} computes with {all[rank][3]}, and worker 0 with {all[0][3]}: "
                    + "the bits would depend on which of them computes a shard: set DOTNET_EnableAVX512=0, or "
                    + "DOTNET_EnableAVX2=0, on all, so that they are alike", isGone: false);
        }
    }

    // What the numbers of a sum depend on: how many are added at once, and whether products are rounded before.
    static string Vectors => $"{RuntimeInformation.ProcessArchitecture} vectors of "
        + $"{(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits"
        + $"{(System.Runtime.Intrinsics.X86.Fma.IsSupported ? " with fused products" : "")}";
}
