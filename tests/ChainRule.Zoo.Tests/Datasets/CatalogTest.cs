using System.Reflection;
using ChainRule.Tests;
using ChainRule.Zoo.Datasets;
using Xunit.Sdk;

namespace ChainRule.Zoo.Tests.Datasets;

public sealed class CatalogTest
{
    [Fact]
    public void Names_are_unique_and_every_set_has_files()
    {
        Assert.Equal(Catalog.All.Count, Catalog.All.Select(set => set.Name).Distinct().Count());
        Assert.All(Catalog.All, set => Assert.NotEmpty(set.Files));
        PublishedFile[] files = [.. Catalog.All.SelectMany(set => set.Files)];
        Assert.Equal(files.Length, files.Select(file => file.Name).Distinct().Count());
        Assert.All(files, file => Assert.Equal("https", file.Url.Scheme));
        Assert.All(files, file => Assert.Matches("^[0-9a-f]{64}$", file.Sha256));
    }

    [Fact]
    public void A_set_is_found_by_its_name_and_a_file_by_its_own()
    {
        Assert.Equal("mnist", Catalog.Get("mnist").Name);
        Assert.Equal(4, Catalog.Get("mnist").Files.Count);
        Assert.Same(Catalog.Get("iris").Files[0], Catalog.FindFile("iris.csv"));
        Assert.Null(Catalog.Find("mnits"));
        Assert.Null(Catalog.FindFile("iris"));
    }

    [Fact]
    public void An_unknown_name_is_answered_with_those_there_are()
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => Catalog.Get("mnits"));
        Assert.Equal(
            "data mnits: no data set has this name: there are names, tinyshakespeare, mnist, optdigits, housing, "
                + "breast-cancer, iris", error.Message);
    }

    [Theory]
    [RealDataRow("names.txt")]
    [RealDataRow("tinyshakespeare.txt")]
    [RealDataRow("train-images-idx3-ubyte.gz")]
    [RealDataRow("train-labels-idx1-ubyte.gz")]
    [RealDataRow("t10k-images-idx3-ubyte.gz")]
    [RealDataRow("t10k-labels-idx1-ubyte.gz")]
    [RealDataRow("optdigits.tra.csv")]
    [RealDataRow("optdigits.tes.csv")]
    [RealDataRow("housing.csv")]
    [RealDataRow("breast_cancer.csv")]
    [RealDataRow("iris.csv")]
    public async Task The_real_file_has_the_hash_and_length_of_the_catalog(string name)
    {
        PublishedFile file = Catalog.FindFile(name)!;
        string path = RealData.PathOf(name);
        Assert.Equal(file.Sha256, await Fingerprint.Of(file, path, CancellationToken.None));
        Assert.Equal(file.Bytes, file.Hashed == HashOf.File ? new FileInfo(path).Length : Unzipped(path));
    }

    [Fact]
    public void Every_file_of_the_catalog_has_its_row_above()
    {
        MethodInfo theory = GetType().GetMethod(nameof(The_real_file_has_the_hash_and_length_of_the_catalog))!;
        Assert.Equal(
            Catalog.All.SelectMany(set => set.Files).Select(file => file.Name),
            theory.GetCustomAttributes<RealDataRowAttribute>().Select(row => row.File));
    }

    static long Unzipped(string path)
    {
        using var content = new System.IO.Compression.GZipStream(File.OpenRead(path),
            System.IO.Compression.CompressionMode.Decompress);
        long count = 0;
        byte[] buffer = new byte[1 << 16];
        while (content.Read(buffer) is var read and > 0) count += read;
        return count;
    }
}

/// <summary>A real data file as a theory's row; skipped, with the reason, where the file is not here.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RealDataRowAttribute : DataAttribute
{
    public RealDataRowAttribute(string file)
    {
        File = file;
        Skip = RealData.Missing(file);
    }

    public string File { get; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[File]];
}
