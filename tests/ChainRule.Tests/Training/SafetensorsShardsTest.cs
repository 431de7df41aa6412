using System.Text.Json;
using ChainRule.Errors;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Training;

namespace ChainRule.Tests.Training;

/// <summary>A model in several files, written and read back.</summary>
public sealed class SafetensorsShardsTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 10 numbers of 4 bytes each, and one of 8 bytes.
    static KeyValuePair<string, Tensor>[] Tensors { get; } =
    [
        .. Enumerable.Range(0, 5).Select(i => KeyValuePair.Create($"layers.{4 - i}.weight",
            Tensor.Rand([2, 5], new TorchRandom((ulong)i)))),
        KeyValuePair.Create("scale", Tensor.From((double[])[1.5], [1])),
    ];

    string[] Names => [.. Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    static void Same(SafetensorsFile file)
    {
        Assert.Equal(Tensors.Select(one => one.Key).Order(), file.Names.Order());
        foreach (var (name, tensor) in Tensors)
            Assert.Equal(tensor.To(DType.Float64).ToArray<double>(),
                file.Tensor(name).To(DType.Float64).ToArray<double>());
    }

    [Theory]
    [InlineData(80, 3)]
    [InlineData(88, 3)]
    [InlineData(87, 3)]
    [InlineData(1, 6)]
    [InlineData(100, 3)]
    [InlineData(207, 2)]
    public void Files_are_no_larger_than_asked_for_and_are_read_as_one(long maxBytes, int files)
    {
        string list = Safetensors.WriteShards(_folder.Path, Tensors, maxBytes);

        Assert.Equal(_folder.PathOf("model.safetensors.index.json"), list);
        Assert.Equal([.. Enumerable.Range(1, files).Select(i => $"model-0000{i}-of-0000{files}.safetensors"),
            "model.safetensors.index.json"], Names);
        Same(Safetensors.Open(list));
        foreach (string file in Directory.GetFiles(_folder.Path, "*.safetensors"))
        {
            var names = Safetensors.Open(file).Names;
            Assert.True(names.Count == 1 || names.Sum(name => name == "scale" ? 8 : 40) <= maxBytes, file);
        }
        using var json = JsonDocument.Parse(File.ReadAllText(list));
        Assert.Equal(208, json.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64());
        string[] map = [.. json.RootElement.GetProperty("weight_map").EnumerateObject().Select(one => one.Name)];
        Assert.Equal(map.Order(StringComparer.Ordinal), map);
    }

    [Fact]
    public void What_fits_is_one_file_and_takes_the_place_of_several_and_back()
    {
        Safetensors.WriteShards(_folder.Path, Tensors, 80);
        string one = Safetensors.WriteShards(_folder.Path, Tensors, 208);

        Assert.Equal(_folder.PathOf("model.safetensors"), one);
        Assert.DoesNotContain("model.safetensors.index.json", Names);
        Same(Safetensors.Open(one));

        string list = Safetensors.WriteShards(_folder.Path, Tensors, 80);
        Assert.DoesNotContain("model.safetensors", Names);
        Same(Safetensors.Open(list));
    }

    [Fact]
    public void A_model_goes_through_several_files_with_its_texts()
    {
        static Sequential Model(ulong seed) => new(new Linear(3, 8, new TorchRandom(seed)),
            new Dropout(0.1, new TorchRandom(seed)), new Linear(8, 2, new TorchRandom(seed)));
        Sequential model = Model(1), other = Model(2);
        model.Eval();
        other.Eval();
        string list = Safetensors.WriteShards(_folder.PathOf("new/gpt"), model.StateDict(), 100,
            new Dictionary<string, string> { ["made by"] = "a test" }, "net");
        var file = Safetensors.Open(list);
        other.LoadStateDict(file.Tensors());

        Assert.EndsWith("net.safetensors.index.json", list, StringComparison.Ordinal);
        Assert.Equal("a test", file.Metadata["made by"]);
        var x = Tensor.Rand([4, 3], new TorchRandom(3));
        Assert.Equal(model.Forward(x).ToArray<float>(), other.Forward(x).ToArray<float>());
    }

    [Fact]
    public void A_write_that_fails_leaves_no_list_of_old_and_new_files()
    {
        string list = Safetensors.WriteShards(_folder.Path, Tensors, 80);
        // The second file cannot take its place.
        File.Delete(_folder.PathOf("model-00002-of-00003.safetensors"));
        Directory.CreateDirectory(_folder.PathOf("model-00002-of-00003.safetensors/full"));

        Assert.ThrowsAny<IOException>(() => Safetensors.WriteShards(_folder.Path, Tensors, 80));
        Assert.False(File.Exists(list));
    }

    [Fact]
    public void What_cannot_be_written_is_refused_before_anything_is()
    {
        Assert.StartsWith("safetensors: files of 0 bytes: give 1 or more", Assert.Throws<RefusedRangeException>(() =>
            Safetensors.WriteShards(_folder.Path, Tensors, 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("safetensors: '../x' is no name of files: give one such as model",
            Assert.Throws<RefusedArgumentException>(() => Safetensors.WriteShards(_folder.Path, Tensors, 80,
                name: "../x")).Message, StringComparison.Ordinal);
        Assert.StartsWith("safetensors: 'scale' stands twice: give each tensor a name of its own",
            Assert.Throws<RefusedArgumentException>(() => Safetensors.WriteShards(_folder.Path,
                [.. Tensors, Tensors[^1]], 80)).Message, StringComparison.Ordinal);
        Assert.StartsWith("safetensors: ' ' is no folder: give the path of one",
            Assert.Throws<RefusedArgumentException>(() => Safetensors.WriteShards(" ", Tensors, 80)).Message,
            StringComparison.Ordinal);
        Assert.Empty(Names);
    }
}
