using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace ChainRule.Distributed;

/// <summary>
/// The functions of an MPI library that are used here, and the constants with which its header file names things. A
/// handle is a pointer in Open MPI and in the standard binary interface of MPI 5.0, and a number in MPICH; it is passed
/// in a register, whose upper half MPICH does not read.
/// </summary>
sealed unsafe partial class MpiLibrary
{
    /// <summary>The most bytes that a library writes a text in.</summary>
    public const int LongestSentence = 8192;

    public readonly delegate* unmanaged<int*, byte***, int, int*, int> InitThread;
    public readonly delegate* unmanaged<int*, int> Initialized;
    public readonly delegate* unmanaged<int> Finalize;
    public readonly delegate* unmanaged<nint, int, int> Abort;
    public readonly delegate* unmanaged<nint, int*, int> CommRank, CommSize;
    public readonly delegate* unmanaged<nint, nint, int> SetErrorHandler;
    public readonly delegate* unmanaged<byte*, int, nint, int, int, nint, nint*, int> Isend, Irecv;
    public readonly delegate* unmanaged<nint*, int*, byte*, int> Test;
    public readonly delegate* unmanaged<nint*, int> Cancel;
    public readonly delegate* unmanaged<int, int, nint, int*, byte*, int> Iprobe;
    public readonly delegate* unmanaged<byte*, nint, int*, int> GetCount;
    public readonly delegate* unmanaged<int, byte*, int*, int> ErrorString;

    /// <summary>What its header file calls so.</summary>
    public readonly nint World, Byte, ErrorsReturn;

    /// <summary>What its header file calls so.</summary>
    public readonly int AnySource, Funneled;

    // Where in a status the sender is, in bytes.
    readonly int _source;

    MpiLibrary(nint library, MpiFamily family, string name)
    {
        Name = name;
        (World, Byte, ErrorsReturn, AnySource, Funneled, _source) = family switch
        {
            MpiFamily.OpenMpi => (NativeLibrary.GetExport(library, "ompi_mpi_comm_world"),
                NativeLibrary.GetExport(library, "ompi_mpi_byte"),
                NativeLibrary.GetExport(library, "ompi_mpi_errors_return"), -1, 1, 0),
            MpiFamily.Mpich => (0x44000000, 0x4c00010d, 0x54000001, -2, 1, 8),
            _ => ((nint)0x101, (nint)0x247, (nint)0x142, -1, 1024, 0),
        };
        nint Of(string function) => NativeLibrary.GetExport(library, function);
        InitThread = (delegate* unmanaged<int*, byte***, int, int*, int>)Of("MPI_Init_thread");
        Initialized = (delegate* unmanaged<int*, int>)Of("MPI_Initialized");
        Finalize = (delegate* unmanaged<int>)Of("MPI_Finalize");
        Abort = (delegate* unmanaged<nint, int, int>)Of("MPI_Abort");
        CommRank = (delegate* unmanaged<nint, int*, int>)Of("MPI_Comm_rank");
        CommSize = (delegate* unmanaged<nint, int*, int>)Of("MPI_Comm_size");
        SetErrorHandler = (delegate* unmanaged<nint, nint, int>)Of("MPI_Comm_set_errhandler");
        Isend = (delegate* unmanaged<byte*, int, nint, int, int, nint, nint*, int>)Of("MPI_Isend");
        Irecv = (delegate* unmanaged<byte*, int, nint, int, int, nint, nint*, int>)Of("MPI_Irecv");
        Test = (delegate* unmanaged<nint*, int*, byte*, int>)Of("MPI_Test");
        Cancel = (delegate* unmanaged<nint*, int>)Of("MPI_Cancel");
        Iprobe = (delegate* unmanaged<int, int, nint, int*, byte*, int>)Of("MPI_Iprobe");
        GetCount = (delegate* unmanaged<byte*, nint, int*, int>)Of("MPI_Get_count");
        ErrorString = (delegate* unmanaged<int, byte*, int*, int>)Of("MPI_Error_string");
    }

    /// <summary>What it calls itself, without what follows the version: "Open MPI 4.1.4", "MPICH 4.0.2".</summary>
    public string Name { get; }

    /// <summary>How many bytes any library's status takes at most.</summary>
    public static int StatusBytes => 64;

    /// <summary>Opens the library that belongs to what started this process.</summary>
    /// <param name="launch">What started it.</param>
    /// <param name="load">Opens a library by its file name; 0 where there is none.</param>
    /// <exception cref="WorkerException">There is none, or it is one of another kind.</exception>
    public static MpiLibrary Open(MpiLaunch launch, Func<string, nint> load)
    {
        Prepare();
        foreach (string file in launch.Files.SelectMany(FileNames))
        {
            nint library = load(file);
            if (library == 0) continue;
            string? version = Version(library);
            var family = (version is null ? null : FamilyOf(library, file, version))
                ?? throw new WorkerException($"MPI: '{file}' is a library of a kind that is not known here "
                    + $"({(version is null ? "it does not say its version" : Printable.Of(version, 80))}): "
                    + "install Open MPI 4 or 5, MPICH 3.1 or later, or a library with the standard interface of MPI 5");
            return new(library, family, Brief(version!));
        }
        throw new WorkerException(Missing(launch, load));
    }

    /// <summary>Who sent the message that a status is of.</summary>
    public int Source(byte* status) => *(int*)(status + _source);

    /// <summary>What an error code means, in the library's words.</summary>
    public string Meaning(int code)
    {
        byte* text = stackalloc byte[LongestSentence];
        int length = 0;
        return ErrorString(code, text, &length) == 0 ? Encoding.UTF8.GetString(text, length) : $"error {code}";
    }

    // What libraries read when they are opened. UCX, which both may carry messages with, would take the signals by
    // which .NET finds null references, and Open MPI would wait without letting others run.
    static void Prepare()
    {
        if (OperatingSystem.IsWindows()) return;
        var set = (delegate* unmanaged<byte*, byte*, int, int>)NativeLibrary.GetExport(
            NativeLibrary.GetMainProgramHandle(), "setenv");
        Set("UCX_ERROR_SIGNALS\0"u8, "\0"u8);
        Set("OMPI_MCA_mpi_yield_when_idle\0"u8, "1\0"u8);

        void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            fixed (byte* n = name, v = value) _ = set(n, v, 0);
        }
    }

    static IEnumerable<string> FileNames(string file) =>
        OperatingSystem.IsMacOS() ? [MacName().Replace(file, static match => $".{match.Groups[1].Value}.dylib"), file]
            : [file];

    static string? Version(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "MPI_Get_library_version", out nint function)) return null;
        byte* text = stackalloc byte[LongestSentence];
        int length = 0;
        return ((delegate* unmanaged<byte*, int*, int>)function)(text, &length) == 0
            ? Encoding.UTF8.GetString(text, length) : null;
    }

    static MpiFamily? FamilyOf(nint library, string file, string version) =>
        file.Contains("mpi_abi", StringComparison.Ordinal) ? MpiFamily.Standard
        : NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out _) ? MpiFamily.OpenMpi
        : MpichKind().IsMatch(version) ? MpiFamily.Mpich : null;

    static string Brief(string version)
    {
        var match = NameAndVersion().Match(version);
        return match.Success ? $"{match.Groups[1].Value} {match.Groups[2].Value}"
            : Printable.Of(version.Split(['\n', ','])[0]);
    }

    static string Missing(MpiLaunch launch, Func<string, nint> load)
    {
        string others = launch.Family == MpiFamily.OpenMpi ? "MPICH" : "Open MPI";
        string own = launch.Family == MpiFamily.Mpich ? "MPICH" : "Open MPI";
        bool hasOther = launch.Family is { } family && MpiLaunch.FilesOf(family == MpiFamily.OpenMpi ? MpiFamily.Mpich
            : MpiFamily.OpenMpi).Any(file => load(file) != 0);
        string package = launch.Family == MpiFamily.Mpich ? "libmpich12" : "libopenmpi3";
        return hasOther
            ? $"MPI: {launch.Name} started this process, and only the library of {others} is here: start it with the "
                + $"mpirun of {others}, or install the library of {own} (Debian: {package})"
            : $"MPI: {launch.Name} started this process, and none of {string.Join(", ", launch.Files)} is here: "
                + $"install the library (Debian: {package}), or say in LD_LIBRARY_PATH where it is";
    }

    [GeneratedRegex(@"^MPICH\b|\bMPICH Version|^Intel\(R\) MPI|^MVAPICH|^CRAY MPICH", RegexOptions.IgnoreCase)]
    private static partial Regex MpichKind();

    [GeneratedRegex(@"^(Open MPI|MPICH|Intel\(R\) MPI Library|MVAPICH2?)\D*?(\d+(\.\d+)+)")]
    private static partial Regex NameAndVersion();

    [GeneratedRegex(@"\.so\.(\d+)$")]
    private static partial Regex MacName();
}
