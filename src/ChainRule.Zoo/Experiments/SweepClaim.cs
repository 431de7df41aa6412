using System.Text;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Experiments;

/// <summary>
/// The right to make one run of an experiment, among processes that share nothing but a folder. The n-th owner of a run
/// holds the file <c>claims/RUN.n</c>, which only one can create (O_EXCL), and lengthens it by a byte at every beat.
/// Whoever takes a run over creates <c>RUN.n+1</c>: of two, one wins. The owner works in <c>RUN.n.work</c>, which the
/// next renames to its own: from then on the paths of an owner that was only slow lead nowhere. A finished run is
/// published by one rename to its place, so it is published once, and never written to again.
/// </summary>
sealed class SweepClaim : IDisposable
{
    public const string Remedy = "delete it, and start again";

    public const byte LetGo = (byte)'x';

    public const long LongestFile = 1 << 26;

    readonly string _stem;
    readonly int _generation;
    readonly Timer _beat;
    readonly CancellationTokenSource _lost = new();
    readonly Lock _writing = new();
    bool _ended;

    SweepClaim(string stem, int generation, TimeSpan patience)
    {
        (_stem, _generation) = (stem, generation);
        var interval = patience / 6;
        _beat = new(_ => Beat(), null, interval, interval);
    }

    /// <summary>The folder of the run while it is made.</summary>
    public string Work => Path.Combine(WorkOf(_generation), "run");

    /// <summary>Which owner of the run this is, from 1.</summary>
    public int Generation => _generation;

    /// <summary>Cancelled when another has taken the run over.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether another has taken the run over.</summary>
    public bool IsLost => File.Exists(FileOf(_stem, _generation + 1));

    /// <summary>Claims a run that is free; null where another holds it, or was faster.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static SweepClaim? TryTake(string claims, string name, ClaimWatch watch)
    {
        string stem = Path.Combine(claims, name);
        int last = 0;
        while (File.Exists(FileOf(stem, last + 1))) last++;
        if (last > 0 && !watch.IsFree(FileOf(stem, last))) return null;
        string path = FileOf(stem, last + 1);
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
            file.Write(Encoding.UTF8.GetBytes(RunFile.Line(ClaimOwner.New()) + "\n"));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        return new(stem, last + 1, watch.Patience);
    }

    /// <summary>Takes over what earlier owners have begun, or what was begun without claims.</summary>
    /// <param name="place">Where the run is when it is finished.</param>
    public void TakeOver(string place)
    {
        string own = WorkOf(_generation);
        for (int earlier = _generation - 1; earlier > 0 && !Directory.Exists(own); earlier--)
            Move(WorkOf(earlier), own);
        Directory.CreateDirectory(own);
        if (!Directory.Exists(Work)) Move(place, Work);
        // A lock is the earlier owner's, who may be stopped in the middle of a step.
        if (Directory.Exists(Work)) File.Delete(Path.Combine(Work, RunLock.FileName));
    }

    /// <summary>Puts the finished run into its place; false where another has taken it over, or did it.</summary>
    public bool Publish(string place)
    {
        if (IsLost) return false;
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        bool isMoved = Move(Work, place);
        if (isMoved) Directory.Delete(WorkOf(_generation), recursive: true);
        return isMoved;
    }

    /// <summary>Lets go: the next may take the run at once.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            if (!_ended) Append(LetGo);
            _ended = true;
        }
        _beat.Dispose();
        _lost.Dispose();
    }

    void Beat()
    {
        lock (_writing)
        {
            if (_ended) return;
            if (IsLost) _lost.Cancel();
            else Append((byte)'.');
        }
    }

    /// <summary>A beat that cannot be written is as one that was not made: others will take over.</summary>
    void Append(byte one)
    {
        try
        {
            using var file = new FileStream(FileOf(_stem, _generation), FileMode.Append, FileAccess.Write,
                FileShare.ReadWrite);
            file.WriteByte(one);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    static bool Move(string from, string to)
    {
        if (!Directory.Exists(from)) return false;
        try
        {
            Directory.Move(from, to);
            return true;
        }
        catch (IOException) when (!Directory.Exists(from) || Directory.Exists(to))
        {
            return false;
        }
    }

    static string FileOf(string stem, int generation) => $"{stem}.{generation}";

    string WorkOf(int generation) => $"{FileOf(_stem, generation)}.work";
}
