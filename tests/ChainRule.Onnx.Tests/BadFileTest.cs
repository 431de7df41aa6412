using System.Globalization;
using ChainRule.Formats;
using ChainRule.Formats.Graph;
using ChainRule.Protobuf;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Models;

namespace ChainRule.Onnx.Tests;

/// <summary>Files that are damaged or lie: a sentence, and nothing made of what they say.</summary>
public class BadFileTest
{
    static readonly TorchRandom s_rng = new(3);

    static byte[] Sound { get; } = Formats.Onnx.Export(new Sequential(new Linear(4, 8, s_rng), new Relu(),
        new Linear(8, 2, s_rng)), Tensor.Randn([2, 4], s_rng)).ToBytes();

    static string Refused(byte[] bytes) => Assert.ThrowsAny<Exception>(() => Formats.Onnx.Import(bytes)) is var e
        && e is InvalidDataException or ArgumentException ? e.Message : throw e;

    static byte[] File(Action<OnnxGraph> change)
    {
        var graph = GraphReader.Read(Sound, "onnx", null);
        change(graph);
        return GraphWriter.Write(graph, "network", new Dictionary<string, long> { [""] = 17 }, []).ToArray();
    }

    [Fact]
    public void WhatIsNoModel_IsRefused()
    {
        Assert.Equal("onnx is no ONNX model: it has no graph, or no version of operators", Refused([]));
        Assert.Equal("onnx is damaged: a field has a kind that there is not",
            Refused("PK\x03\x04 a zip file"u8.ToArray()));
        Assert.Equal("onnx is damaged: 4,294,967,295 bytes are announced, and 0 are left",
            Refused([0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]));
        Assert.Equal("onnx is damaged: a number has no end", Refused([.. Enumerable.Repeat((byte)0xFF, 20)]));
    }

    [Fact]
    public void GraphsThatCannotBe_AreRefused()
    {
        Assert.Equal("onnx is damaged: node 'gemm' reads 'gemm_1', which nothing before it computes",
            Refused(File(graph =>
            graph.Nodes[0] = graph.Nodes[0] with { Inputs = ["gemm_1", .. graph.Nodes[0].Inputs.Skip(1)] })));
        Assert.Equal("onnx is damaged: 'gemm' is computed twice",
            Refused(File(graph => graph.Nodes.Insert(1, graph.Nodes[0]))));
        Assert.Equal("onnx is damaged: '0.weight' is there twice",
            Refused(File(graph => graph.Constants.Add(graph.Constants[0]))));
        Assert.Equal("onnx needs If ('relu'), com.other.Magic ('gemm_1'), which are not computed here",
            Refused(File(graph =>
        {
            graph.Nodes[1] = graph.Nodes[1] with { Operator = "If" };
            graph.Nodes[2] = graph.Nodes[2] with { Operator = "Magic", Domain = "com.other" };
        })));
        Assert.Equal("onnx is damaged: nothing computes its output 'elsewhere'",
            Refused(File(graph => graph.Outputs[0] = graph.Outputs[0] with { Name = "elsewhere" })));
    }

    [Fact]
    public void SizesThatLie_AreRefused()
    {
        Assert.Equal("onnx is damaged: tensor '0.weight': it holds 128 bytes, and its sizes ask for 8,589,934,588",
            Refused(File(graph => Sizes(graph, int.MaxValue))));
        Assert.Equal("onnx is damaged: tensor '0.weight': its sizes are [1152921504606846976]",
            Refused(File(graph => Sizes(graph, 1L << 60))));
        Assert.Equal("onnx is damaged: tensor '0.weight': its sizes are [2147483647, 2147483647]",
            Refused(File(graph => Sizes(graph, int.MaxValue, int.MaxValue))));
        Assert.Equal("onnx is damaged: tensor '0.weight': its sizes are [-8, 4]",
            Refused(File(graph => Sizes(graph, -8, 4))));

        static void Sizes(OnnxGraph graph, params long[] sizes)
        {
            int at = graph.Constants.FindIndex(one => one.Name == "0.weight");
            graph.Constants[at] = new() { Name = "0.weight", Element = OnnxElement.Float32, Sizes = sizes,
                Raw = graph.Constants[at].Raw };
        }
    }

    [Fact]
    public void SizesThatANodeAsksFor_AreBounded()
    {
        var network = Formats.Onnx.Import(File(graph =>
        {
            graph.Constants.Add(OnnxTensor.Of("huge", [2], 1L << 31, 1L << 30));
            graph.Nodes[1] = new("Expand", ["gemm", "huge"], ["relu"], []);
        }));
        Assert.Equal("onnx: node 'relu', Expand: sizes of [2147483648, 1073741824] are more than is computed here",
            Assert.ThrowsAny<ArgumentException>(() => network.Forward(Tensor.Zeros([1, 4]))).Message);
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("link.bin")]
    [InlineData("")]
    public void NumbersOutsideOfTheFolder_AreNotRead(string location)
    {
        using var folder = new TemporaryFolder();
        string home = Path.Combine(folder.Path, "model");
        Directory.CreateDirectory(home);
        System.IO.File.WriteAllBytes(Path.Combine(folder.Path, "secret.bin"), new byte[128]);
        System.IO.File.CreateSymbolicLink(Path.Combine(home, "link.bin"), Path.Combine(folder.Path, "secret.bin"));
        string path = Path.Combine(home, "model.onnx");
        System.IO.File.WriteAllBytes(path, WithOutside(location));
        Assert.Equal($"onnx 'model.onnx' is damaged: tensor 'w': its numbers are said to be in '{location}', which is "
            + "no file of the model's own folder", Assert.Throws<InvalidDataException>(() => Formats.Onnx.Import(path))
                .Message);
    }

    [Fact]
    public void NumbersBesideTheFile_AreRead()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.onnx");
        System.IO.File.WriteAllBytes(path, WithOutside("numbers.bin"));
        Assert.StartsWith("onnx 'model.onnx': the numbers of 'w' cannot be read from 'numbers.bin'",
            Assert.Throws<InvalidDataException>(() => Formats.Onnx.Import(path)).Message);
        System.IO.File.WriteAllBytes(Path.Combine(folder.Path, "numbers.bin"),
            [.. new float[] { 1, 2 }.SelectMany(BitConverter.GetBytes)]);
        Assert.Equal([4f, 6], Formats.Onnx.Import(path).Forward(Tensor.From([3f, 4], [2])).ToArray<float>());
    }

    // y = x + w, where w = [2] lies in another file.
    static byte[] WithOutside(string location)
    {
        var model = new ProtoWriter();
        model.Message(8, to => to.Number(2, 17));
        model.Message(7, graph =>
        {
            graph.Message(1, node =>
            {
                node.Text(1, "x");
                node.Text(1, "w");
                node.Text(2, "y");
                node.Text(4, "Add");
            });
            graph.Message(5, tensor =>
            {
                tensor.Number(1, 2);
                tensor.Number(2, 1);
                tensor.Text(8, "w");
                tensor.Message(13, entry =>
                {
                    entry.Text(1, "location");
                    entry.Text(2, location);
                });
                tensor.Number(14, 1);
            });
            graph.Message(11, port => Port(port, "x"));
            graph.Message(12, port => Port(port, "y"));
        });
        return model.Bytes.ToArray();

        static void Port(ProtoWriter port, string name)
        {
            port.Text(1, name);
            port.Message(2, type => type.Message(1, tensor => tensor.Number(1, 1)));
        }
    }

    /// <summary>Bytes changed, cut off, doubled: a file is read, or refused by a sentence. CHAINRULE_FUZZ says how
    /// many.
    /// </summary>
    [Fact]
    public void MutatedFiles_AreReadOrRefused()
    {
        int count = int.TryParse(Environment.GetEnvironmentVariable("CHAINRULE_FUZZ"), CultureInfo.InvariantCulture,
            out int given) ? given : 3_000;
        byte[][] files =
        [
            Sound,
            Formats.Onnx.Export(new Gpt(new(Context: 4, Width: 4, Layers: 1, Heads: 2), 5, s_rng),
                Ids.Random([2, 4], 0, 5,
                s_rng)).ToBytes(),
        ];
        int read = 0, refused = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = [.. files[i % files.Length]];
            for (int change = 0; change <= s_rng.NextDouble() * 3; change++)
            {
                int at = (int)(s_rng.NextDouble() * bytes.Length), length = (int)(s_rng.NextDouble() * 40);
                switch ((int)(s_rng.NextDouble() * 4))
                {
                    case 0: bytes[at] ^= (byte)(1 << (int)(s_rng.NextDouble() * 8)); break;
                    case 1: bytes[at] = (byte)(s_rng.NextDouble() * 256); break;
                    case 2: bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + length)..]]; break;
                    default: bytes = [.. bytes[..at], .. bytes[at..Math.Min(bytes.Length, at + length)],
                        .. bytes[at..]]; break;
                }
                if (bytes.Length == 0) bytes = [0];
            }
            try
            {
                var network = Formats.Onnx.Import(bytes);
                if (network.Inputs.Count == 1 && i % files.Length == 0) network.Forward(Tensor.Zeros([1, 4]));
                else if (network.Inputs.Count == 1) network.Forward(Ids.From([0, 1, 2, 3], [1, 4]));
                read++;
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                Assert.False(string.IsNullOrWhiteSpace(e.Message));
                refused++;
            }
        }
        Assert.Equal(count, read + refused);
        Assert.InRange(read, 1, count - 1);
    }
}
