using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ChainRule.Data;
using ChainRule.Randomness;

namespace ChainRule.Tests.Data;

public sealed class NumpyTest : IDisposable
{
    static readonly JsonElement[] s_recorded =
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(Golden(), "numpy.json"))).RootElement.EnumerateArray()];

    readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. s_recorded.Select(one => one.GetProperty("name").GetString()!)];

    public void Dispose() => _folder.Dispose();

    static string Golden([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Golden");

    static string Recorded(string name) => Path.Combine(Golden(), "numpy", name);

    string PathOf(string name) => Path.Combine(_folder.Path, name);

    [Theory, MemberData(nameof(Names))]
    public void An_array_of_numpy_is_read(string name)
    {
        var recorded = s_recorded.First(one => one.GetProperty("name").GetString() == name);
        double[] expected = [.. recorded.GetProperty("data").EnumerateArray().Select(one => one.GetDouble())];
        var array = Numpy.Read(Recorded(name));
        Assert.Equal([.. recorded.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())],
            array.Shape.Span.ToArray());
        Assert.Equal(expected, array.Tensor().To(DType.Float64).ToArray<double>());
        if (array.Type[1] != 'f' && expected.All(x => Math.Abs(x) < 1e9))
            Assert.Equal(expected, array.Ids().Span.ToArray().Select(id => (double)id));
        using var stream = File.OpenRead(Recorded(name));
        Assert.Equal(array.Type, Numpy.Read(stream).Type);
    }

    [Fact]
    public void Arrays_by_name_are_read()
    {
        var plain = Numpy.ReadAll(Recorded("arrays.npz"));
        Assert.Equal(["bias", "weight"], plain.Keys.Order());
        Assert.Equal([0f, 1, 2, 3, 4], plain["bias"].Tensor().ToArray<float>());
        var compressed = Numpy.ReadAll(Recorded("compressed.npz"));
        Assert.Equal(Numpy.Read(Recorded("f8.npy")).Tensor().ToArray<double>(),
            compressed["weight"].Tensor().ToArray<double>());
        Assert.Equal("<i8", compressed["steps"].Type);
    }

    [Theory]
    [InlineData(DType.Float32, false)]
    [InlineData(DType.Float64, true)]
    public void What_is_written_is_read_back(DType dtype, bool compress)
    {
        var rng = new TorchRandom(1);
        foreach (Shape shape in (Shape[])[[], [5], [2, 3], [4, 0], [2, 3, 4, 5]])
        {
            var x = Tensor.Randn(shape, rng).To(dtype);
            Numpy.Write(PathOf("x.npy"), x);
            byte[] bytes = File.ReadAllBytes(PathOf("x.npy"));
            Assert.Equal(0, (bytes.Length - x.Count * (dtype == DType.Float32 ? 4 : 8)) % 64);
            var back = Numpy.Read(PathOf("x.npy")).Tensor();
            Assert.Equal(shape, back.Shape);
            Assert.Equal(dtype, back.DType);
            Assert.Equal(x.To(DType.Float64).ToArray<double>(), back.To(DType.Float64).ToArray<double>());
            Numpy.WriteAll(PathOf("all.npz"), [new("a.weight", x), new("b", x * 2)], compress);
            var all = Numpy.ReadAll(PathOf("all.npz"));
            Assert.Equal((x * 2).To(DType.Float64).ToArray<double>(),
                all["b"].Tensor().To(DType.Float64).ToArray<double>());
            byte[] first = File.ReadAllBytes(PathOf("all.npz"));
            Numpy.WriteAll(PathOf("all.npz"), [new("a.weight", x), new("b", x * 2)], compress);
            Assert.Equal(first, File.ReadAllBytes(PathOf("all.npz")));
        }
        Numpy.Write(PathOf("ids.npy"), Ids.From([1, -2, 3, 4], [2, 2]));
        Assert.Equal([1, -2, 3, 4], Numpy.Read(PathOf("ids.npy")).Ids().Span.ToArray());
    }

    [Theory]
    [InlineData("", "it does not begin as a file of NumPy does")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
        "its header asks for 8 bytes of numbers, and 0 are there")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
        "its shape is (4611686018427387904, 4), more numbers than can be held")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }",
        "its numbers are of no single type")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (0,), }",
        "its numbers are of type '<c8': f2, f4, f8, whole numbers and booleans are read: convert it with astype")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (0,), }",
        "its numbers are of type '|O': f2, f4, f8, whole numbers and booleans are read: convert it with astype")]
    [InlineData("{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (0,), }",
        "its numbers are of no single type")]
    [InlineData("{'descr': '<f4', 'shape': (0,), }", "it has no fortran_order")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0",
        "its header, '{'descr': '<f4', 'fortran_order': "
        + "False, 'shape': (0', is no header of NumPy")]
    public void A_file_that_is_damaged_or_lies_is_refused(string header, string says)
    {
        byte[] text = Encoding.ASCII.GetBytes(header);
        File.WriteAllBytes(PathOf("x.npy"), header.Length == 0 ? "no array at all"u8.ToArray()
            : [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. text]);
        string message = Assert.Throws<InvalidDataException>(() => Numpy.Read(PathOf("x.npy"))).Message;
        Assert.StartsWith($"npy 'x.npy': {says}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_file_that_is_damaged_or_lies_is_refused()
    {
        File.WriteAllText(PathOf("x.npz"), "no zip file");
        Assert.Equal("npz 'x.npz': it is no zip file, or a damaged one: save it again with numpy.savez",
            Assert.Throws<InvalidDataException>(() => Numpy.ReadAll(PathOf("x.npz"))).Message);

        // 60 MB of zeros, which compress to 60 kB: a thousandth, and their header asks for 12 bytes of numbers.
        using (var zip = ZipFile.Open(PathOf("bomb.npz"), ZipArchiveMode.Create))
        {
            using var content = zip.CreateEntry("x.npy").Open();
            byte[] zeros = new byte[1 << 20];
            using var header = new MemoryStream();
            Numpy.Write(header, Tensor.Zeros([3]));
            content.Write(header.ToArray());
            for (int i = 0; i < 60; i++) content.Write(zeros);
        }
        Assert.StartsWith("npz 'bomb.npz', array 'x': its header asks for 12 bytes of numbers, and 62,914,572 are "
            + "there",
            Assert.Throws<InvalidDataException>(() => Numpy.ReadAll(PathOf("bomb.npz"))).Message);

        Numpy.WriteAll(PathOf("sound.npz"), [new("x", Tensor.Zeros([3]))]);
        using (var zip = ZipFile.Open(PathOf("sound.npz"), ZipArchiveMode.Update))
        {
            using var content = zip.CreateEntry("x.npy").Open();
            Numpy.Write(content, Tensor.Zeros([3]));
        }
        Assert.Equal("npz 'sound.npz', array 'x': it is there twice: save it again with numpy.savez",
            Assert.Throws<InvalidDataException>(() => Numpy.ReadAll(PathOf("sound.npz"))).Message);
        Assert.StartsWith("npz: the name 'a' is empty or stands twice", Assert.ThrowsAny<ArgumentException>(() =>
            Numpy.WriteAll(PathOf("y.npz"), [new("a", Tensor.Zeros([1])), new("a", Tensor.Zeros([1]))])).Message);
    }

    [Fact]
    public void Mutated_files_are_read_or_refused()
    {
        int count = int.TryParse(Environment.GetEnvironmentVariable("CHAINRULE_FUZZ"), out int given) ? given : 5_000;
        var rng = new TorchRandom(2);
        byte[][] files = [.. Directory.GetFiles(Path.Combine(Golden(), "numpy")).Order().Select(File.ReadAllBytes)];
        string[] names = [.. Directory.GetFiles(Path.Combine(Golden(), "numpy")).Order()];
        int read = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = [.. files[i % files.Length]];
            for (int change = 0; change <= rng.NextDouble() * 3; change++)
            {
                int at = (int)(rng.NextDouble() * bytes.Length);
                if (rng.NextDouble() < 0.7) bytes[at] = (byte)(rng.NextDouble() * 256);
                else bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 7)..], 0];
            }
            try
            {
                if (names[i % names.Length].EndsWith(".npz", StringComparison.Ordinal))
                {
                    File.WriteAllBytes(PathOf("x.npz"), bytes);
                    foreach (var (_, array) in Numpy.ReadAll(PathOf("x.npz"))) array.Tensor();
                }
                else Numpy.Read(new MemoryStream(bytes)).Tensor();
                read++;
            }
            catch (InvalidDataException)
            {
                // Refused by a sentence.
            }
        }
        Assert.InRange(read, 1, count - 1);
    }
}
