using System.Globalization;
using System.Text;
using ChainRule.Data;
using ChainRule.Training;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Runs;

/// <summary>
/// Every reader is given files that were damaged at random, from a fixed seed: each ends in an answer, or in an
/// exception of a type that the reader names, with one line of fewer than 600 characters and without a character that
/// steers a terminal. CHAINRULE_FUZZ says how many files a reader gets; 400 by default.
/// </summary>
public sealed class FuzzTest : IDisposable
{
    static readonly int s_files = int.Parse(Environment.GetEnvironmentVariable("CHAINRULE_FUZZ") ?? "400",
        CultureInfo.InvariantCulture);

    // What parsers trip over: signs of JSON and CSV, numbers at the ends of their ranges, halves of characters, marks
    // of other kinds of files.
    static readonly byte[][] s_pieces =
    [
        .. ((string[])["\"", "\"\"", "{", "}", "[", "]", ",", ";", ":", "\t", "\r", "\r\n", "\n", "null", "true", "-1",
            "1e999", "-0", "NaN", "2147483648", "99999999999999999999",
            "\\ud800", "\\u0000", "\u001b[31m", "\u202e", "🦊",
            "/dev/zero", "../", "{\"a\":", "[[[[[[[[",
            "\"kind\":7,", "\"steps\":-1,", "\"options\":\"[]\",", "0.5"]).Select(Encoding.UTF8.GetBytes),
        [0], [0xff], [0xff, 0xfe], [0xef, 0xbb, 0xbf], [0xed, 0xa0, 0x80],
        [0x1f, 0x8b, 0x08], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], [.. "PK\u0003\u0004"u8], new byte[64],
    ];

    readonly SmallRun _small = new();

    public void Dispose() => _small.Dispose();

    [Fact]
    public void Tables() =>
        Fuzz("name,size,kind\n\"Zoë, the\"\"first\"\"\",1.5,a\nbob,?,b\n\"line\nend\",3e4,a\n", path =>
    {
        var table = Csv.Read(path, Csv.Sniff(path));
        Csv.Read(path);
        foreach (string column in table.Columns)
        {
            table.Labels(column, missing: "none");
            if (table.IsNumeric(column)) table.Tensor([column], Missing.Mean);
        }
        table.DropMissing();
    });

    [Fact]
    public void Numbers() =>
        Fuzz([0, 0, 0x0c, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4], path =>
    {
        var idx = Idx.Read(path);
        idx.Tensor(DType.Float64);
        idx.Ids();
    });

    [Fact]
    public void Lists_of_names() =>
        Fuzz(string.Join("\n", Names.Embedded().All.Take(30)), path => Names.FromFile(path).Examples(3));

    [Fact]
    public void Texts() =>
        Fuzz("To be, or not to be:\r\nthat is the question 🦊\n", path => PlainText.FromFile(path).Pairs());

    [Fact]
    public void Vocabularies() =>
        Fuzz(".abcdefghijklmnop🦊qrstuvwxyz", path => new Vocabulary(File.ReadAllText(path)).Encode("abc"));

    [Fact]
    public void Weights() => Fuzz(File.ReadAllBytes(Run("model.safetensors")), path =>
    {
        var file = Safetensors.Read(path);
        foreach (string name in file.Names) file.Tensor(name);
    });

    [Theory]
    [InlineData("run.json")]
    [InlineData("metrics.jsonl")]
    [InlineData("summary.json")]
    [InlineData("model.safetensors")]
    [InlineData("last.safetensors")]
    public void Files_of_a_run(string name)
    {
        string file = Run(name), folder = Path.GetDirectoryName(file)!;
        var others = Directory.GetFiles(folder).Where(other => other != file).ToDictionary(other => other,
            File.ReadAllBytes);
        Fuzz(File.ReadAllBytes(file), path =>
        {
            foreach (var (other, bytes) in others) File.WriteAllBytes(other, bytes);
            File.Copy(path, file, overwrite: true);
            var run = RunFolder.Open(folder);
            RunConfig.Of(run);
            run.ReadMetrics();
            run.ReadSummary();
            if (name != "last.safetensors") SavedModel.Load(folder);
            var resumed = TrainingRun.Resume(folder);
            using var stop = new CancellationTokenSource();
            stop.Cancel();
            resumed.Train(cancellationToken: stop.Token);
        });
    }

    string Run(string file) => Path.Combine(_small.Whole("run", model: "bigram"), file);

    void Fuzz(string sound, Action<string> read) => Fuzz(Encoding.UTF8.GetBytes(sound), read);

    void Fuzz(byte[] sound, Action<string> read)
    {
        var random = new Random(1);
        string path = _small.PathOf("damaged");
        int answers = 0;
        for (int i = 0; i < s_files; i++)
        {
            byte[] bytes = Damaged(sound, random);
            File.WriteAllBytes(path, bytes);
            try
            {
                read(path);
                answers++;
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException or InvalidOperationException
                or IOException)
            {
                Assert.True(e.GetType().Assembly != typeof(System.Text.Json.JsonException).Assembly, $"file {i}: {e}");
                Assert.True(e.Message.Length < 600 && !e.Message.Any(c => char.IsControl(c) || c == '\u202e'),
                    $"file {i}: {e.Message}");
                Assert.True(e.TargetSite?.DeclaringType?.Assembly != typeof(object).Assembly || e is IOException,
                    $"file {i}: {e}");
            }
            catch (Exception e)
            {
                Assert.Fail($"file {i}, {Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 2000)))}: {e}");
            }
        }
        Assert.InRange(answers, 0, s_files);
    }

    static byte[] Damaged(byte[] sound, Random random)
    {
        List<byte> bytes = [.. sound];
        // Headers and settings stand at the beginning, and most is decided there.
        int Place() =>
            bytes.Count == 0 ? 0 : random.Next(random.Next(3) == 0 ? bytes.Count : Math.Min(bytes.Count, 400));
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            int at = Place();
            switch (random.Next(7))
            {
                case 0 when bytes.Count > 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1 when bytes.Count > 0: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)); break;
                case 3: bytes.InsertRange(at, s_pieces[random.Next(s_pieces.Length)]); break;
                case 4: bytes.RemoveRange(at, bytes.Count - at); break;
                case 5: bytes.InsertRange(at, bytes[at..Math.Min(bytes.Count, at + random.Next(1, 60))]); break;
                default:
                    byte[] piece = s_pieces[random.Next(s_pieces.Length)];
                    for (int i = 0; i < piece.Length && at + i < bytes.Count; i++) bytes[at + i] = piece[i];
                    break;
            }
        }
        return [.. bytes];
    }
}
