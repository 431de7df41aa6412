using System.Runtime.InteropServices;
using ChainRule.Distributed;

namespace ChainRule.Tests.Distributed;

/// <summary>
/// What started a process is read from its environment, and a library that does not fit is a sentence.
/// </summary>
public sealed class MpiLibraryTest
{
    static readonly MpiLaunch s_openMpi = new("Open MPI's mpirun", MpiFamily.OpenMpi, 4),
        s_mpich = new("MPICH's mpirun", MpiFamily.Mpich, 4);

    [Theory]
    [InlineData("OMPI_COMM_WORLD_SIZE=4 PMIX_RANK=1", "Open MPI's mpirun", 4)]
    [InlineData("OMPI_UNIVERSE_SIZE=4", "Open MPI's mpirun", 0)]
    [InlineData("PMI_SIZE=3 PMI_RANK=0", "MPICH's mpirun", 3)]
    [InlineData("HYDI_CONTROL_FD=7", "MPICH's mpirun", 0)]
    [InlineData("PMIX_RANK=0 SLURM_STEP_NUM_TASKS=8", "a launcher that speaks PMIx", 8)]
    [InlineData("PMIX_RANK=0", "a launcher that speaks PMIx", 0)]
    public void What_started_a_process_stands_in_its_environment(string variables, string name, int workers)
    {
        var environment = variables.Split(' ').Select(one => one.Split('=')).ToDictionary(one => one[0], one => one[1]);
        var launch = MpiLaunch.Of(environment.GetValueOrDefault);
        Assert.NotNull(launch);
        Assert.Equal((name, workers), (launch.Name, launch.Workers));
    }

    [Fact]
    public void Without_an_mpirun_there_is_nothing_to_read() => Assert.Null(MpiLaunch.Of(_ => null));

    [Fact]
    public void The_library_of_what_started_it_comes_first_and_the_standard_one_next()
    {
        Assert.Equal(["libmpi.so.40", "libmpi.so.80", "libmpi_abi.so.0"], s_openMpi.Files);
        Assert.Equal(["libmpich.so.12", "libmpi.so.12", "libmpi_abi.so.0"], s_mpich.Files);
    }

    [Fact]
    public void A_missing_library_is_named_and_how_to_have_it() => Assert.Equal(
        "MPI: MPICH's mpirun started this process, and none of libmpich.so.12, libmpi.so.12, libmpi_abi.so.0 is here: "
            + "install the library (Debian: libmpich12), or say in LD_LIBRARY_PATH where it is",
        Assert.Throws<WorkerException>(() => MpiLibrary.Open(s_mpich, _ => 0)).Message);

    [Fact]
    public void A_library_of_the_other_kind_is_named_with_both_ways_out() => Assert.Equal(
        "MPI: Open MPI's mpirun started this process, and only the library of MPICH is here: start it with the mpirun "
            + "of MPICH, or install the library of Open MPI (Debian: libopenmpi3)",
        Assert.Throws<WorkerException>(
            () => MpiLibrary.Open(s_openMpi, file => file == "libmpich.so.12" ? 1 : 0)).Message);

    [Fact]
    public void A_library_that_does_not_say_what_it_is_is_refused()
    {
        // It is one, but none of MPI.
        nint other = NativeLibrary.GetMainProgramHandle();
        Assert.Equal("MPI: 'libmpi.so.40' is a library of a kind that is not known here (it does not say its version): "
            + "install Open MPI 4 or 5, MPICH 3.1 or later, or a library with the standard interface of MPI 5",
            Assert.Throws<WorkerException>(() => MpiLibrary.Open(s_openMpi, _ => other)).Message);
    }
}
