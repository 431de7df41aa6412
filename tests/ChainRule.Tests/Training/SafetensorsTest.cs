using System.Buffers.Binary;
using System.Text;
using ChainRule.Randomness;
using ChainRule.Tests.Data;
using ChainRule.Training;
using FsCheck;
using FsCheck.Fluent;

namespace ChainRule.Tests.Training;

public sealed class SafetensorsTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    string Target => _folder.PathOf("model.safetensors");

    static KeyValuePair<string, Tensor>[] Two =>
        [new("w", Tensor.From([1, -2, 3, 0.5f, 0, 7], [2, 3])), new("b", Tensor.From(0.1,
        -0.2))];

    [Fact]
    public void What_is_written_is_read_again()
    {
        byte[] state = new TorchRandom(5).GetState();
        Safetensors.Write(Target, Two, new Dictionary<string, string> { ["step"] = "12", ["note"] = "é \"quoted\"\n" },
            [new("rng", state)]);
        var file = Safetensors.Read(Target);
        Assert.Equal(["w", "b", "rng"], file.Names);
        Assert.Equal("12", file.Metadata["step"]);
        Assert.Equal("é \"quoted\"\n", file.Metadata["note"]);
        Assert.Equal([1, -2, 3, 0.5f, 0, 7], file.Tensor("w").ToArray<float>());
        Assert.Equal([2, 3], file.Tensor("w").Shape.Span.ToArray());
        Assert.Equal([0.1, -0.2], file.Tensor("b").ToArray<double>());
        Assert.Equal(state, file.Bytes("rng"));
        Assert.Equal(("F32", "F64", "U8"), (file.DTypeOf("w"), file.DTypeOf("b"), file.DTypeOf("rng")));
        Assert.Equal([5056], file.ShapeOf("rng").Span.ToArray());
        Assert.True(file.Contains("b"));
        Assert.False(file.Contains("c"));
    }

    [Fact]
    public void A_stream_holds_what_a_file_does()
    {
        KeyValuePair<string, Tensor>[] tensors = [new("w", Tensor.From(1f, 2, 3)), new("b", Tensor.From(0.5))];
        Safetensors.Write(Target, tensors);
        using var stream = new MemoryStream();
        stream.WriteByte(7);
        Safetensors.Write(stream, tensors);
        Assert.Equal(File.ReadAllBytes(Target), stream.ToArray()[1..]);
        stream.Position = 1;
        Assert.Equal([1f, 2, 3], Safetensors.Read(stream).Tensor("w").ToArray<float>());
        stream.Position = 0;
        Assert.StartsWith("safetensors 'stream': ",
            Assert.Throws<InvalidDataException>(() => Safetensors.Read(stream)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_laid_out_as_the_format_says()
    {
        // By the format's description: length, JSON padded with spaces, numbers in little-endian order.
        const string header =
            """{"__metadata__":{"a":"1","b":"2"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"""
            + ""","n":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""";
        string padded = header.PadRight((header.Length + 7) / 8 * 8);
        Assert.NotEqual(header, padded);
        byte[] expected = [(byte)padded.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(padded), 0, 0, 0x80,
            0x3f, 0, 0, 0x20, 0xc0, 7, 8, 9];
        Safetensors.Write(Target, [new("x", Tensor.From(1f, -2.5f))],
            new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" }, [new("n", [7, 8,
            9])]);
        Assert.Equal(expected, File.ReadAllBytes(Target));
    }

    [Fact]
    public void The_same_content_makes_the_same_bytes()
    {
        Safetensors.Write(Target, Two, new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" });
        byte[] first = File.ReadAllBytes(Target);
        Safetensors.Write(Target, Two, new SortedDictionary<string, string> { ["a"] = "1", ["b"] = "2" });
        Assert.Equal(first, File.ReadAllBytes(Target));
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(first) % 8);
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Every_content_makes_the_way_there_and_back_bit_for_bit()
    {
        var sizes = Gen.Choose(0, 4).ArrayOf().Where(axes => axes.Length <= 5);
        var entry = ArbMap.Default.GeneratorFor<string>().Where(IsText)
            .SelectMany(_ => sizes, (name, shape) => (name, shape))
            .SelectMany(_ => ArbMap.Default.GeneratorFor<double>().ArrayOf(1024),
                (e, numbers) => (e.name, e.shape, numbers));
        var texts = ArbMap.Default.GeneratorFor<Dictionary<NonNull<string>, NonNull<string>>>()
            .Select(given => given.Where(one => IsText(one.Key.Get) && IsText(one.Value.Get))
                .ToDictionary(one => one.Key.Get, one => one.Value.Get));
        var content = entry.ArrayOf().SelectMany(_ => texts,
            (entries, metadata) => (entries: entries.DistinctBy(e => e.name).ToArray(), metadata));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(12),
            Prop.ForAll(content.ToArbitrary(), given =>
        {
            var tensors = given.entries.Select((e, i) => KeyValuePair.Create(e.name,
                Tensor.From<double>(e.numbers.AsSpan(0, ((Shape)e.shape).Elements),
                    e.shape).To(i % 2 == 0 ? DType.Float64 : DType.Float32))).ToArray();
            Safetensors.Write(Target, tensors, given.metadata);
            var file = Safetensors.Read(Target);
            Assert.Equal(given.metadata.OrderBy(one => one.Key, StringComparer.Ordinal), file.Metadata);
            Assert.Equal(tensors.Select(one => one.Key).Order(StringComparer.Ordinal),
                file.Names.Order(StringComparer.Ordinal));
            foreach (var (name, tensor) in tensors)
            {
                var back = file.Tensor(name);
                Assert.Equal((tensor.Shape, tensor.DType), (back.Shape, back.DType));
                if (back.DType == DType.Float64)
                    Assert.Equal(tensor.ToArray<double>().Select(BitConverter.DoubleToInt64Bits),
                    back.ToArray<double>().Select(BitConverter.DoubleToInt64Bits));
                else Assert.Equal(tensor.ToArray<float>().Select(BitConverter.SingleToInt32Bits),
                    back.ToArray<float>().Select(BitConverter.SingleToInt32Bits));
            }
        }));
    }

    static bool IsText(string? text) =>
        text is not null and not "__metadata__" && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    [Fact]
    public void Names_that_a_file_cannot_hold_are_refused_before_anything_is_written()
    {
        var x = Tensor.Zeros([1]);
        (KeyValuePair<string, Tensor>[] Tensors, Dictionary<string, string>? Metadata, string Message)[] wrong =
        [
            ([new("a", x), new("a", x)], null, "safetensors: two entries are named 'a': rename one of them"),
            ([new("__metadata__", x)], null,
                "safetensors: an entry is named '__metadata__', which the format keeps for itself: rename it"),
            ([new("a\ud800b", x)], null, "safetensors: the name of an entry holds half of a surrogate pair at place 1, "
                + "which UTF-8 cannot hold: leave it out"),
            ([], new() { ["k"] = "\udc00" },
                "safetensors: metadata 'k' holds half of a surrogate pair at place 0, which UTF-8 cannot hold: leave "
                    + "it out"),
        ];
        foreach (var (tensors, metadata, message) in wrong)
            Assert.Equal(message,
                Assert.ThrowsAny<ArgumentException>(() => Safetensors.Write(Target, tensors, metadata)).Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_tensor_that_is_gone_leaves_the_old_file()
    {
        Safetensors.Write(Target, Two);
        byte[] old = File.ReadAllBytes(Target);
        Tensor gone;
        using (Scope.Begin()) gone = Tensor.Zeros([3]);
        Assert.Throws<InvalidOperationException>(() => Safetensors.Write(Target, [.. Two, new("gone", gone)]));
        Assert.Equal(old, File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Trouble_with_files_is_one_sentence_that_names_the_path()
    {
        string gone = _folder.PathOf("gone/m.safetensors");
        Assert.Equal($"safetensors: '{gone}' cannot be written: there is no folder "
            + $"'{_folder.PathOf("gone")}': make it first",
            Assert.Throws<DirectoryNotFoundException>(() => Safetensors.Write(gone, Two)).Message);
        foreach (Action call in (Action[])[() => Safetensors.Read(_folder.Path),
            () => Safetensors.Write(_folder.Path, Two)])
            Assert.Equal($"safetensors: '{_folder.Path}' is a folder: give the path of a file",
                Assert.Throws<IOException>(call).Message);
        Assert.StartsWith($"safetensors: there is no file '{Target}'",
            Assert.Throws<FileNotFoundException>(() => Safetensors.Read(Target)).Message, StringComparison.Ordinal);
    }
}
