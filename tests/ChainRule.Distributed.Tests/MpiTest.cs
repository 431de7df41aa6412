using ChainRule.Tests;

namespace ChainRule.Distributed.Tests;

/// <summary>Processes that Open MPI's and MPICH's mpirun start.</summary>
public sealed class MpiTest
{
    const string OpenMpi = "mpirun.openmpi", Mpich = "mpirun.mpich";

    [MpirunTheory(OpenMpi), InlineData(1), InlineData(2), InlineData(4)]
    public Task Messages_arrive_over_Open_MPI(int workers) => Arrives(OpenMpi, "Open MPI", workers);

    [MpirunTheory(Mpich), InlineData(1), InlineData(2), InlineData(4)]
    public Task Messages_arrive_over_MPICH(int workers) => Arrives(Mpich, "MPICH", workers);

    [MpirunTheory(OpenMpi), InlineData(3)]
    public Task A_worker_that_fails_is_heard_over_Open_MPI(int workers) => Hears(OpenMpi, workers);

    [MpirunTheory(Mpich), InlineData(3)]
    public Task A_worker_that_fails_is_heard_over_MPICH(int workers) => Hears(Mpich, workers);

    [MpirunTheory(OpenMpi), InlineData(3)]
    public Task A_worker_that_ends_without_a_word_takes_all_along_over_Open_MPI(int workers) =>
        EndsAll(OpenMpi, workers);

    [MpirunTheory(Mpich), InlineData(3)]
    public Task A_worker_that_ends_without_a_word_takes_all_along_over_MPICH(int workers) => EndsAll(Mpich, workers);

    // No library of Debian 12 has that interface: one is made of MPICH's.
    [MpirunTheory(Mpich, "gcc"), InlineData("exchange", 0), InlineData("fail", 3)]
    public async Task A_library_with_the_standard_interface_is_called_by_its_own_constants(string what, int code)
    {
        using var folder = new TemporaryFolder();
        string library = folder.PathOf("libmpi_abi.so.0");
        using var compiler = new WorkerProcess("gcc", "-shared", "-fPIC", "-o", library,
            Path.Combine(AppContext.BaseDirectory, "standard_abi.c"), "-ldl");
        Assert.Equal(0, (await compiler.End()).Code);
        using var process = Start(Mpich, 3, what, [], library);
        var (lines, ended) = await process.End();
        Assert.True(code == 0 == (ended == 0), string.Join('\n', lines.Concat(process.Errors)));
        string[] own = [.. lines.Where(line => line.StartsWith("worker", StringComparison.Ordinal))];
        Assert.Equal(code == 0 ? 3 : 2, own.Length);
        Assert.All(own, line => Assert.Matches(code == 0 ? @"^worker \d of 3 over MPICH [0-9.]+: right, null is found$"
            : "^worker 1: the loss is NaN at step 7: lower the learning rate$", line));
    }

    [MpirunTheory(Mpich), InlineData(2)]
    public async Task A_library_of_another_mpirun_is_told_by_the_number_of_processes(int workers)
    {
        var (lines, code) = await Start(Mpich, workers, "exchange",
            ["env", $"OMPI_COMM_WORLD_SIZE={workers}"]).End();
        Assert.All(lines, line => Assert.Matches("^MPI: Open MPI's mpirun started 2 processes, and Open MPI [0-9.]+ in "
            + "this one knows of 1: it is the library of another mpirun: start the workers with the mpirun of Open MPI",
            line));
        Assert.NotEmpty(lines);
        Assert.NotEqual(0, code);
    }

    [MpirunTheory(OpenMpi), InlineData(1)]
    public async Task A_process_joins_once(int workers)
    {
        var (lines, code) = await Start(OpenMpi, workers, "twice").End();
        Assert.Equal(["MPI: this process has joined before: it can do so once, since a library of MPI cannot begin "
            + "again"], lines);
        Assert.NotEqual(0, code);
    }

    [Fact]
    public void A_process_that_no_mpirun_started_is_told_how_to_be()
    {
        Assert.False(Mpi.IsLaunched);
        Assert.Equal("MPI: no mpirun started this process: start it as 'mpirun -n 4 PROGRAM', or let the workers share "
            + "memory", Assert.Throws<InvalidOperationException>(Mpi.Join).Message);
    }

    static WorkerProcess Start(string mpirun, int workers, string what, string[]? before = null,
        params IEnumerable<string> after) =>
        new(mpirun, ["-n", $"{workers}", .. mpirun == OpenMpi ? (string[])["--oversubscribe"] : [], .. before ?? [],
            WorkerProcess.DotNet, .. WorkerProcess.Program, "mpi", what, .. after]);

    static async Task Arrives(string mpirun, string name, int workers)
    {
        using var process = Start(mpirun, workers, "exchange");
        var (lines, code) = await process.End();
        Assert.True(code == 0, string.Join('\n', lines.Concat(process.Errors)));
        Assert.Equal(workers, lines.Length);
        for (int i = 0; i < workers; i++)
            Assert.Matches($@"^worker {i} of {workers} over {name} \d+(\.\d+)+: right, null is found$", lines[i]);
    }

    static async Task Hears(string mpirun, int workers)
    {
        using var process = Start(mpirun, workers, "fail");
        var (lines, code) = await process.End();
        Assert.Equal(Enumerable.Repeat("worker 1: the loss is NaN at step 7: lower the learning rate", workers - 1),
            lines.Where(line => line.StartsWith("worker", StringComparison.Ordinal)));
        Assert.NotEqual(0, code);
    }

    static async Task EndsAll(string mpirun, int workers)
    {
        using var process = Start(mpirun, workers, "crash");
        Assert.NotEqual(0, (await process.End()).Code);
    }
}

/// <summary>Cases with programs of the system; skipped, with the reason, where one is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MpirunTheoryAttribute : TheoryAttribute
{
    public MpirunTheoryAttribute(params string[] programs)
    {
        Programs = programs;
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string? missing = Array.Find(programs,
            program => !Array.Exists(folders, folder => File.Exists(Path.Combine(folder, program))));
        if (missing is not null) Skip = $"no {missing} here: install openmpi-bin, mpich and gcc";
    }

    public IReadOnlyList<string> Programs { get; }
}
