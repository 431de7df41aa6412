using System.IO.Compression;
using ChainRule.Lab.Server;
using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Tests.Browser;

/// <summary>What the lab adds to the tool's package, in which files are packed one by one.</summary>
public sealed class LabSizeTest
{
    const long MostBytes = 3_000_000;

    [SiteFact]
    public void The_lab_adds_3_MB_at_most_to_the_tool()
    {
        string[] files = [typeof(LabSessions).Assembly.Location, typeof(LabServer).Assembly.Location,
            .. Directory.GetFiles(StaticHost.Engine)];
        long bytes = files.Sum(Packed);
        Assert.InRange(bytes, 2_000_000, MostBytes);
    }

    static long Packed(string file)
    {
        using var packed = new MemoryStream();
        using (var to = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        using (var from = File.OpenRead(file))
            from.CopyTo(to);
        return packed.Length;
    }
}
