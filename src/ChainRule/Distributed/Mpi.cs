using System.Runtime.InteropServices;

namespace ChainRule.Distributed;

/// <summary>
/// Workers that <c>mpirun</c> started, on one machine or many. The library is the one that belongs to what started the
/// process: Open MPI 4 or 5, MPICH (and Intel MPI, MVAPICH), or one with the standard binary interface of MPI 5.0.
/// Nothing is built against it: it is opened where it is needed.
/// </summary>
/// <remarks>
/// Source: MPI: A Message-Passing Interface Standard, versions 3.1 and 5.0.
/// </remarks>
public static class Mpi
{
    /// <summary>Whether <c>mpirun</c> started this process.</summary>
    public static bool IsLaunched => MpiLaunch.Of(Environment.GetEnvironmentVariable) is not null;

    /// <summary>
    /// Takes this process's place among those that <c>mpirun</c> started: once, by the thread that sends.
    /// </summary>
    /// <exception cref="InvalidOperationException">No <c>mpirun</c> started this process, or it joined before.
    /// </exception>
    /// <exception cref="WorkerException">There is no library that fits, or it cannot begin.</exception>
    public static Transport Join()
    {
        var launch = MpiLaunch.Of(Environment.GetEnvironmentVariable)
            ?? throw new InvalidOperationException("MPI: no mpirun started this process: start it as "
                + "'mpirun -n 4 PROGRAM', or let the workers share memory");
        return MpiTransport.Begin(MpiLibrary.Open(launch, Load), launch);
    }

    static nint Load(string file) => NativeLibrary.TryLoad(file, out nint library) ? library : 0;
}
