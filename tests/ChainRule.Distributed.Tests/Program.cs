using System.Globalization;

namespace ChainRule.Distributed.Tests;

/// <summary>What a worker process of these tests does: the first argument says which of them it is.</summary>
static class Program
{
    public static int Main(string[] args)
    {
        try
        {
            switch (args)
            {
                case ["talk", var path, var rank]:
                    Talk.Run(path, int.Parse(rank, CultureInfo.InvariantCulture));
                    return 0;
                case ["mpi", var what]:
                    return MpiWork.Run(what, Mpi.Join);
                case ["mpi", var what, var library]:
                    return MpiWork.Run(what, () => MpiWork.Standard(library));
                default:
                    Console.Error.WriteLine("this program has the tests of workers: run it by 'dotnet test'");
                    return 2;
            }
        }
        catch (Exception e) when (e is WorkerException or InvalidOperationException)
        {
            Say(e.Message);
            return 3;
        }
    }

    /// <summary>A line, at once: several processes write side by side.</summary>
    public static void Say(string line)
    {
        Console.Out.Write($"{line}\n");
        Console.Out.Flush();
    }
}
