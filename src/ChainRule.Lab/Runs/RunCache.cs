using System.Security.Cryptography;
using System.Text;
using ChainRule.Data;
using ChainRule.Zoo.Datasets;

namespace ChainRule.Lab.Runs;

/// <summary>
/// What is known of all runs below a root, in a file: the next start reads only what changed. It stands in the
/// platform's cache (<c>~/.cache/chainrule/runs</c> on Linux, <c>~/Library/Caches</c> on macOS, LocalAppData on
/// Windows), never beside the runs. A damaged file, or that of another version, is as good as none.
/// </summary>
sealed class RunCache
{
    // To be raised with every change of what is written.
    const int Version = 2;
    const string Magic = "chainrule-runs";
    const int Most = 1_000_000;

    readonly string _root;

    /// <param name="root">The folder of runs, in full.</param>
    /// <param name="folder">Where caches are kept; null for the platform's.</param>
    public RunCache(string root, string? folder)
    {
        _root = root;
        folder ??= DataFolders.PlatformCache is { } cache ? Path.Combine(cache, "runs") : null;
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 12));
        File = folder is null ? null : Path.Combine(folder, $"{name}.bin");
    }

    /// <summary>The file; null where this machine has no place for caches.</summary>
    public string? File { get; }

    /// <summary>What was written last; nothing where there is no file, or a damaged one.</summary>
    public IReadOnlyList<RunEntry> Read()
    {
        try
        {
            if (File is null || !System.IO.File.Exists(File)) return [];
            byte[] bytes = System.IO.File.ReadAllBytes(File);
            int length = bytes.Length - SHA256.HashSizeInBytes;
            if (length < 0 || !SHA256.HashData(bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length)))
                return [];
            using var reader = new BinaryReader(new MemoryStream(bytes, 0, length), Encoding.UTF8);
            if (reader.ReadString() != Magic || reader.ReadInt32() != Version || reader.ReadString() != _root)
                return [];
            int count = reader.ReadInt32();
            if (count is < 0 or > Most) return [];
            var runs = new List<RunEntry>(count);
            for (int i = 0; i < count; i++) runs.Add(Entry(reader));
            return runs;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException
            or ArgumentException or OverflowException)
        {
            return [];
        }
    }

    /// <summary>Writes all; where nothing can be written, the next start reads the runs themselves.</summary>
    public void Write(IReadOnlyCollection<RunEntry> runs)
    {
        if (File is null) return;
        using var all = new MemoryStream();
        using (var writer = new BinaryWriter(all, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(Version);
            writer.Write(_root);
            writer.Write(runs.Count);
            foreach (var run in runs) Write(writer, run);
        }
        byte[] hash = SHA256.HashData(all.GetBuffer().AsSpan(0, (int)all.Length));
        all.Write(hash);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(File)!);
            AtomicFile.Write("runs", File, to => to.Write(all.GetBuffer().AsSpan(0, (int)all.Length)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache is a convenience.
        }
    }

    static void Write(BinaryWriter to, RunEntry run)
    {
        var found = run.Found;
        to.Write(found.Id);
        Write(to, found.Settings);
        Write(to, found.Metrics);
        Write(to, found.Summary);
        to.Write(found.HasLock);
        to.Write(found.Diverged);
        to.Write(found.Link ?? "");
        Write(to, run.Settings);
        Write(to, run.Final);
        to.Write((byte)run.Status);
        to.Write(run.Problem ?? "");
        var totals = run.Totals;
        to.Write(totals.Names.Length);
        for (int i = 0; i < totals.Names.Length; i++)
        {
            to.Write(totals.Names[i]);
            to.Write(totals.Values[i].Last);
            to.Write(totals.Values[i].Min);
            to.Write(totals.Values[i].Max);
            to.Write(totals.Values[i].IsMeasured);
        }
        to.Write(totals.Points);
        to.Write(totals.Step);
        to.Write(totals.Damaged);
        to.Write(totals.Position.Offset);
        to.Write(totals.Position.Tail);
    }

    static void Write(BinaryWriter to, FileStamp stamp)
    {
        to.Write(stamp.Length);
        to.Write(stamp.Ticks);
    }

    static void Write(BinaryWriter to, Cells cells)
    {
        to.Write(cells.Names.Length);
        for (int i = 0; i < cells.Names.Length; i++)
        {
            to.Write(cells.Names[i]);
            to.Write(cells.Values[i].Text is not null);
            if (cells.Values[i].Text is { } text) to.Write(text);
            else to.Write(cells.Values[i].Number);
        }
    }

    static RunEntry Entry(BinaryReader from)
    {
        var found = new FoundRun(from.ReadString(), Stamp(from), Stamp(from), Stamp(from), from.ReadBoolean(),
            from.ReadBoolean(), from.ReadString() is { Length: > 0 } link ? link : null);
        Cells settings = Values(from), final = Values(from);
        var status = (RunStatus)from.ReadByte();
        string problem = from.ReadString();
        string[] names = new string[from.ReadInt32()];
        var values = new MetricTotal[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = SharedNames.Of(from.ReadString());
            values[i] = new(from.ReadDouble(), from.ReadDouble(), from.ReadDouble(), from.ReadBoolean());
        }
        var totals = new MetricTotals(SharedSchema.Of(names), values, from.ReadInt32(), from.ReadDouble(),
            from.ReadInt32(), new(from.ReadInt64(), from.ReadUInt64()));
        return new(found, settings, totals, final, status, problem.Length == 0 ? null : problem);
    }

    static FileStamp Stamp(BinaryReader from) => new(from.ReadInt64(), from.ReadInt64());

    static Cells Values(BinaryReader from)
    {
        string[] names = new string[from.ReadInt32()];
        var values = new Cell[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = SharedNames.Of(from.ReadString());
            values[i] = from.ReadBoolean() ? Cell.Of(SharedNames.Of(from.ReadString())) : Cell.Of(from.ReadDouble());
        }
        return new(SharedSchema.Of(names), values);
    }
}
