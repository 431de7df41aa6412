using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Training;

namespace ChainRule.Tests.Training;

public sealed class PyTorchFileTest : IDisposable
{
    static readonly JsonElement[] s_recorded = [.. JsonDocument.Parse(
        File.ReadAllText(Path.Combine(Golden(), "pytorch_files.json"))).RootElement.EnumerateArray()];

    readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. s_recorded.Select(one => one.GetProperty("name").GetString()!)];

    public void Dispose() => _folder.Dispose();

    static string Golden([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Golden");

    static string Recorded(string name) => Path.Combine(Golden(), "pytorch", $"{name}.pt");

    [Theory, MemberData(nameof(Names))]
    public void The_tensors_of_a_file_are_read(string name)
    {
        var recorded = s_recorded.First(one => one.GetProperty("name").GetString() == name).GetProperty("tensors");
        var file = PyTorchFile.Read(Recorded(name));
        Assert.Equal([.. recorded.EnumerateArray().Select(one => one.GetProperty("name").GetString()!)], file.Names);
        foreach (var one in recorded.EnumerateArray())
        {
            var x = file.Tensor(one.GetProperty("name").GetString()!);
            Assert.Equal([.. one.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())],
                x.Shape.Span.ToArray());
            Assert.Equal([.. one.GetProperty("data").EnumerateArray().Select(number => number.GetDouble())],
                x.To(DType.Float64).ToArray<double>());
        }
    }

    [Fact]
    public void A_state_dict_of_pytorch_goes_into_a_network_of_the_same_layers()
    {
        var rng = new TorchRandom(1);
        var model = new Sequential(new Linear(4, 3, rng), new ChainRule.Layers.BatchNorm(3), new Linear(3, 2, rng));
        var file = PyTorchFile.Read(Recorded("state-dict"));
        Assert.True(model.LoadStateDict(file.Tensors(), strict: true).Complete);
        Assert.Equal(file.Tensor("2.weight").ToArray<float>(), model.StateDict()["2.weight"].ToArray<float>());
    }

    [Fact]
    public void What_is_no_state_dict_is_refused()
    {
        Assert.Equal("pytorch 'whole-model.pt': it asks for 'torch.nn.modules.container.Sequential', and tensors alone "
            + "are read: nothing of it was executed", Refused(Recorded("whole-model")));
        Assert.Equal("pytorch 'old-format.pt': it is no zip file, as torch.save writes since PyTorch 1.6, or a damaged "
            + "one: load it in PyTorch and save it again", Refused(Recorded("old-format")));
        Assert.Equal("pytorch 'x.pt': it holds no data.pkl, as a state dict does: save model.state_dict()",
            Refused(Zip(null)));
        Assert.Equal("pytorch 'x.pt': it holds no tensor by name: save model.state_dict()", Refused(Zip("}.")));
        Assert.StartsWith("pytorch 'state-dict.pt': there is no tensor 'nothing': it has 0.weight",
            Assert.ThrowsAny<ArgumentException>(() => PyTorchFile.Read(Recorded("state-dict")).Tensor("nothing"))
                .Message);
    }

    // Each would run something in Python.
    [Theory]
    [InlineData("cos\nsystem\n(S'touch hacked'\ntR.", "os.system")]
    [InlineData("cposix\nsystem\n(X\x0c\0\0\0touch hackedtR.", "posix.system")]
    [InlineData("cbuiltins\neval\n(X\x05\0\0\0exit()tR.", "builtins.eval")]
    [InlineData("c__builtin__\nexec\n(X\x05\0\0\0exit()tR.", "__builtin__.exec")]
    [InlineData("csubprocess\nPopen\n(X\x02\0\0\0lstR.", "subprocess.Popen")]
    [InlineData("X\x02\0\0\0osX\x06\0\0\0system\x93(X\x02\0\0\0lstR.", "os.system")]
    [InlineData("ctorch.hub\nload\n(X\x02\0\0\0lstR.", "torch.hub.load")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2.__globals__\n.", "torch._utils._rebuild_tensor_v2.__globals__")]
    [InlineData("cnumpy.core.multiarray\n_reconstruct\n.", "numpy.core.multiarray._reconstruct")]
    public void A_pickle_that_would_run_something_is_refused(string program, string name)
    {
        Assert.Equal($"pytorch 'x.pt': it asks for '{name}', and tensors alone are read: nothing of it was executed",
            Refused(Zip(program)));
        Assert.False(File.Exists("hacked"));
    }

    [Theory]
    [InlineData("", "it is cut off")]
    [InlineData("(", "it is cut off")]
    [InlineData("0.", "it uses more than it made")]
    [InlineData("t.", "it uses more than it made")]
    [InlineData("h\x05.", "it recalls what it did not keep")]
    [InlineData("X\xff\xff\xff\xffx", "it ends in the middle of a text")]
    [InlineData("\x8b\xff\xff\xff\x7f.", "a whole number is longer than any that is read")]
    [InlineData("Na.", "it uses more than it made")]
    [InlineData("NNa.", "it appends to what is no list")]
    [InlineData("N(NNu.", "it sets items of what is no dictionary")]
    [InlineData("NNR.", "it calls what is no function")]
    [InlineData("cos", "it ends in the middle of a name")]
    [InlineData("i", "it holds the opcode 0x69, which data do not need")]
    public void A_pickle_that_is_damaged_is_refused(string program, string says) =>
        Assert.Equal($"pytorch 'x.pt': {says}", Refused(Zip(program)));

    [Fact]
    public void Dictionaries_within_themselves_end()
    {
        // d = {}; d['x'] = d: without an end, were it followed.
        Assert.Equal("pytorch 'x.pt': dictionaries lie within one another, more than 16 deep",
            Refused(Zip("}q\0X\x01\0\0\0xh\0s.")));
    }

    [Theory]
    [InlineData("storage", "K\0K\x02\x85K\x01\x85", "tensor 'w' reaches beyond its storage: place 1 of 1")]
    [InlineData("another", "K\0K\x01\x85K\x01\x85", "tensor 'w' is not made as PyTorch makes tensors")]
    [InlineData("storage", "K\x05K\x01\x85K\x01\x85", "tensor 'w' reaches beyond its storage: place 5 of 1")]
    [InlineData("storage", "K\0J\xff\xff\xff\xff\x85K\x01\x85", "tensor 'w' has sizes or strides that no tensor has")]
    [InlineData("storage", "K\0J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86K\0K\0\x86",
        "tensor 'w' has more numbers than can be held")]
    public void Tensors_that_lie_are_refused(string outside, string sizes, string says)
    {
        string program = "}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0"
            + $"{outside}ctorch\nFloatStorage\n"
            + "X\x01\0\0\0" + "0X\x03\0\0\0cpuK\x01tQ" + $"{sizes}tRs.";
        Assert.Equal($"pytorch 'x.pt': {says}", Refused(Zip(program)));
    }

    [Fact]
    public void Mutated_files_are_read_or_refused()
    {
        int count = int.TryParse(Environment.GetEnvironmentVariable("CHAINRULE_FUZZ"), CultureInfo.InvariantCulture,
            out int given) ? given : 2_000;
        var rng = new TorchRandom(2);
        byte[][] programs = [.. s_recorded.Select(one => Program(Recorded(one.GetProperty("name").GetString()!)))];
        int read = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = [.. programs[i % programs.Length]];
            for (int change = 0; change <= rng.NextDouble() * 3; change++)
            {
                int at = (int)(rng.NextDouble() * bytes.Length);
                if (rng.NextDouble() < 0.7) bytes[at] = (byte)(rng.NextDouble() * 256);
                else bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length - 1, at + 5)..]];
            }
            try
            {
                PyTorchFile.Read(Zip(string.Concat(bytes.Select(one => (char)one)), bytes: 256));
                read++;
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("pytorch 'x.pt': ", e.Message, StringComparison.Ordinal);
            }
        }
        Assert.InRange(read, 1, count - 1);
    }

    static byte[] Program(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        using var content = zip.Entries.First(entry => entry.Name == "data.pkl").Open();
        using var whole = new MemoryStream();
        content.CopyTo(whole);
        return whole.ToArray();
    }

    static string Refused(string path) => Assert.Throws<InvalidDataException>(() => PyTorchFile.Read(path)).Message;

    /// <summary>A file whose program is that one, each character a byte, and storages of a number each.</summary>
    string Zip(string? program, int bytes = 4)
    {
        string path = Path.Combine(_folder.Path, "x.pt");
        File.Delete(path);
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        for (int i = 0; i < 12; i++) Write($"x/data/{i}", new byte[bytes]);
        if (program is not null) Write("x/data.pkl", [.. program.Select(c => (byte)c)]);
        return path;

        void Write(string name, byte[] content)
        {
            using var to = zip.CreateEntry(name).Open();
            to.Write(content);
        }
    }
}
