using System.Globalization;

namespace ChainRule.Distributed;

/// <summary>The binary interfaces that MPI libraries have.</summary>
enum MpiFamily
{
    /// <summary>Handles are addresses of what the library exports.</summary>
    OpenMpi,

    /// <summary>Handles are numbers: MPICH and what is made from it.</summary>
    Mpich,

    /// <summary>That of MPI 5.0.</summary>
    Standard,
}

/// <summary>What started this process, as it says in environment variables.</summary>
/// <param name="Name">What a user calls it.</param>
/// <param name="Family">Whose it is; null where that is not said.</param>
/// <param name="Workers">How many processes it started; 0 where that is not said.</param>
sealed record MpiLaunch(string Name, MpiFamily? Family, int Workers)
{
    const string StandardFile = "libmpi_abi.so.0";

    /// <summary>The libraries to look for, the most fitting first.</summary>
    public IReadOnlyList<string> Files => Family is { } family ? [.. FilesOf(family), StandardFile]
        : [.. FilesOf(MpiFamily.OpenMpi), StandardFile, .. FilesOf(MpiFamily.Mpich)];

    /// <summary>What started this process; null where no mpirun did.</summary>
    /// <param name="variable">The value of an environment variable.</param>
    public static MpiLaunch? Of(Func<string, string?> variable)
    {
        if (variable("OMPI_COMM_WORLD_SIZE") is { } size)
            return new("Open MPI's mpirun", MpiFamily.OpenMpi, Number(size));
        if (variable("OMPI_UNIVERSE_SIZE") is not null) return new("Open MPI's mpirun", MpiFamily.OpenMpi, 0);
        if (variable("PMI_SIZE") is { } processes) return new("MPICH's mpirun", MpiFamily.Mpich, Number(processes));
        if (variable("PMI_RANK") is not null || variable("HYDI_CONTROL_FD") is not null)
            return new("MPICH's mpirun", MpiFamily.Mpich, 0);
        return variable("PMIX_RANK") is null ? null
            : new("a launcher that speaks PMIx", null, Number(variable("SLURM_STEP_NUM_TASKS")));
    }

    /// <summary>The names that a family's library has.</summary>
    public static IReadOnlyList<string> FilesOf(MpiFamily family) => family switch
    {
        MpiFamily.OpenMpi => ["libmpi.so.40", "libmpi.so.80"],
        MpiFamily.Mpich => ["libmpich.so.12", "libmpi.so.12"],
        _ => [StandardFile],
    };

    static int Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
